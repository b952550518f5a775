# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that the gateway refuses before they reach a route."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

URL = "https://127.0.0.1:8443"
CONTAINER_GROUPS = "providers/Microsoft.ContainerInstance/containerGroups"


def code(response: Any) -> str:
    return str(response.json()["error"]["code"])


def test_missing_api_version(api: Any) -> None:
    response = api.call("GET", "resourceGroups", version=None)
    assert response.status_code == 400
    assert response.json()["error"] == {
        "code": "MissingApiVersionParameter",
        "message": "The api-version query parameter (?api-version=) is required for all requests.",
    }


def test_unknown_versions(api: Any) -> None:
    own = api.call("GET", "resourceGroups", version="2001-01-01")
    assert (own.status_code, code(own)) == (400, "InvalidApiVersionParameter")
    api.group(location="eastus")
    provider = api.call("PUT", f"resourceGroups/rg/{CONTAINER_GROUPS}/g", {"location": "westus"}, version="2001-01-01")
    assert (provider.status_code, code(provider)) == (400, "NoRegisteredProviderFound")
    message = provider.json()["error"]["message"]
    assert message.startswith(
        "No registered resource provider found for location 'westus' and API version '2001-01-01' for type "
        "'containerGroups'. The supported api-versions are '2017-08-01-preview, "
    )
    got = api.call("GET", f"resourceGroups/rg/{CONTAINER_GROUPS}/g", version="2001-01-01")
    assert "for location 'eastus'" in got.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "status", "expected"),
    [
        ("providers/Microsoft.Nonsense/things", 404, "InvalidResourceNamespace"),
        ("providers/Microsoft.ContainerInstance/things", 404, "InvalidResourceType"),
        ("providers/Microsoft.Nonsense", 404, "InvalidResourceNamespace"),
        ("nonsense", 404, "NotFound"),
        ("/subscriptions/not-a-guid/resourceGroups", 400, "InvalidSubscriptionId"),
        ("/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups", 404, "SubscriptionNotFound"),
        (f"resourceGroups/nope/{CONTAINER_GROUPS}/g", 404, "ResourceGroupNotFound"),
        ("resourceGroups/a%2Fb", 400, "BadRequest"),
        ("resourceGroups/a%00b", 400, "BadRequest"),
        ("resourceGroups/%ff", 400, "BadRequest"),
    ],
)
def test_unknown_targets(api: Any, path: str, status: int, expected: str) -> None:
    version = "2023-05-01" if "ContainerInstance" in path or "things" in path else "2021-04-01"
    response = api.call("GET", path, version=version)
    assert (response.status_code, code(response)) == (status, expected)


def test_methods_that_nothing_serves(api: Any) -> None:
    response = api.call("POST", "resourceGroups", {})
    assert (response.status_code, code(response)) == (405, "HttpMethodNotAllowed")


def test_segments_compare_without_case_and_empty_ones_do_not_count(api: Any) -> None:
    api.group("RG")
    assert api.call("GET", f"{URL}//SUBSCRIPTIONS/{api.subscription}//ResourceGroups/rg/").json()["name"] == "RG"
    path = "RESOURCEGROUPS/rg/PROVIDERS/microsoft.containerinstance//CONTAINERGROUPS"
    assert api.call("GET", path, version="2023-05-01").json() == {"value": []}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'"x"', b"null", b'{"a": NaN}', b"\xff\xfe", b'{"a": "\\ud800"}', b"[" * 100000, b"{}{}",
     b"1" * 5000],
)  # fmt: skip
def test_malformed_bodies(api: Any, content: bytes) -> None:
    response = api.call("PUT", "resourceGroups/rg", content=content, headers={"Content-Type": "application/json"})
    assert (response.status_code, code(response)) == (400, "InvalidRequestContent")


def test_other_media_types_and_long_bodies(api: Any) -> None:
    response = api.call("PUT", "resourceGroups/rg", content=b"a=b", headers={"Content-Type": "text/plain"})
    assert (response.status_code, code(response)) == (415, "UnsupportedMediaType")
    response = api.call("PUT", "resourceGroups/rg", content=b" " * (4 * 1024 * 1024 + 1))
    assert (response.status_code, code(response)) == (413, "RequestContentTooLarge")


def test_missing_and_malformed_authorization(api: Any) -> None:
    missing = api.client.get(f"/subscriptions/{api.subscription}?api-version=2021-04-01")
    assert missing.status_code == 401
    assert missing.json()["error"] == {
        "code": "AuthenticationFailed",
        "message": "Authentication failed. The 'Authorization' header is missing.",
    }
    assert missing.headers["www-authenticate"].startswith(
        f'Bearer authorization_uri="https://127.0.0.1:8443/{api.directory.tenants[0].id}", error="invalid_token"'
    )
    basic = api.call("GET", "resourceGroups", headers={"Authorization": "Basic abc"})
    assert (basic.status_code, code(basic)) == (401, "AuthenticationFailedInvalidHeader")
    garbage = api.call("GET", "resourceGroups", headers={"Authorization": "Bearer abc"})
    assert (garbage.status_code, code(garbage)) == (401, "InvalidAuthenticationToken")


def test_expired_tokens(start_api: Callable[..., Any]) -> None:
    api = start_api(token_lifetime=3600)
    assert api.call("GET", "resourceGroups").status_code == 200
    api.advance(3000)  # with minutes to spare, even on a slow machine
    assert api.call("GET", "resourceGroups").status_code == 200
    api.advance(601)
    expired = api.call("GET", "resourceGroups")
    assert (expired.status_code, code(expired)) == (401, "ExpiredAuthenticationToken")
    assert "The access token expiry UTC time '" in expired.headers["www-authenticate"]


def test_tokens_of_another_audience_tenant_or_emulator(api: Any) -> None:
    main, stranger = api.directory.main, api.directory.principals[-1]
    graph = api.emulator.tokens.issue(main, "https://graph.microsoft.com").value
    response = api.call("GET", "resourceGroups", headers={"Authorization": f"Bearer {graph}"})
    assert (response.status_code, code(response)) == (401, "InvalidAuthenticationTokenAudience")
    for audience in ("https://management.azure.com/", "https://localhost:8443", "https://management.core.windows.net/"):
        token = api.emulator.tokens.issue(main, audience).value
        assert api.call("GET", "resourceGroups", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    response = api.call("GET", "resourceGroups", headers={"Authorization": api.token(stranger)})
    assert (response.status_code, code(response)) == (401, "InvalidAuthenticationTokenTenant")


def test_a_reader_may_read_and_nothing_else(api: Any) -> None:
    reader = next(each for each in api.directory.principals if each.name == "emulator-reader")
    headers = {"Authorization": api.token(reader)}
    api.group()
    assert api.call("GET", "resourceGroups/rg", headers=headers).status_code == 200
    refused = api.call("PUT", "resourceGroups/rg", {"location": "westus2"}, headers=headers)
    assert refused.status_code == 403
    assert refused.json()["error"] == {
        "code": "AuthorizationFailed",
        "message": f"The client '{reader.client_id}' with object id '{reader.object_id}' does not have authorization "
        "to perform action 'Microsoft.Resources/subscriptions/resourceGroups/write' over scope "
        f"'/subscriptions/{api.subscription}/resourceGroups/rg' or the scope is invalid. If access was recently "
        "granted, please refresh your credentials.",
    }
    path = f"resourcegroups/rg/{CONTAINER_GROUPS}/g"
    refused = api.call("POST", f"{path}/restart", headers=headers, version="2023-05-01")
    assert "perform action 'Microsoft.ContainerInstance/containerGroups/restart/action'" in refused.text
    assert f"/resourceGroups/rg/{CONTAINER_GROUPS}/g' or the scope" in refused.text


def test_registration_of_a_provider(start_api: Callable[..., Any]) -> None:
    api = start_api(unregistered_providers=("Microsoft.ContainerInstance",))
    api.group()
    path = f"resourceGroups/rg/{CONTAINER_GROUPS}/g"
    refused = api.call("PUT", path, {"location": "westus2"}, version="2023-05-01")
    assert (refused.status_code, code(refused)) == (409, "MissingSubscriptionRegistration")
    assert refused.json()["error"]["details"][0]["target"] == "Microsoft.ContainerInstance"
    provider = "providers/microsoft.containerinstance"
    assert api.call("GET", provider).json()["registrationState"] == "NotRegistered"
    assert api.call("POST", f"{provider}/register").json()["registrationState"] == "Registering"
    api.advance(5)
    assert api.call("GET", provider).json()["registrationState"] == "Registered"
    refused = api.call("PUT", path, {"location": "westus2"}, version="2023-05-01")
    assert code(refused) != "MissingSubscriptionRegistration"
    assert api.call("POST", f"{provider}/unregister").json()["registrationState"] == "Unregistered"


def test_token_buckets(start_api: Callable[..., Any]) -> None:
    api = start_api(throttle={"reads": "2:0.5"})
    assert api.call("GET", "resourceGroups").headers["x-ms-ratelimit-remaining-subscription-global-reads"] == "1"
    assert api.call("GET", "resourceGroups").status_code == 200
    refused = api.call("GET", "resourceGroups")
    assert (refused.status_code, code(refused)) == (429, "SubscriptionRequestsThrottled")
    assert refused.headers["retry-after"] == "2"
    assert api.call("PUT", "resourceGroups/rg", {"location": "westus2"}).status_code == 201
    api.advance(2)
    assert api.call("GET", "resourceGroups").status_code == 200


def test_control_endpoints_answer_no_web_page(api: Any) -> None:
    assert api.client.get("/emulator/health").json()["status"] == "ok"
    page = api.client.post("/emulator/reset", headers={"Origin": "https://example.org"})
    assert page.status_code == 403


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{", b'{"action": "x"}', b'{"action": "advance"}', b'{"action": "advance", "seconds": -1}',
     b'{"action": "advance", "seconds": true}', b'{"action": "set", "now": "soon"}', b'{"action": "set"}'],
)  # fmt: skip
def test_refused_control_requests(api: Any, body: bytes) -> None:
    response = api.client.post("/emulator/clock", content=body)
    assert (response.status_code, code(response)) == (400, "InvalidControlRequest")


def test_clock_over_http(api: Any) -> None:
    frozen = api.client.get("/emulator/clock").json()
    assert frozen["frozen"] is True
    answer = api.client.post("/emulator/clock", json={"action": "set", "now": "2040-01-01T00:00:00Z"}).json()
    assert answer["now"].startswith("2040-01-01T00:00:00")
    answer = api.client.post("/emulator/clock", json={"action": "set", "now": "2030-01-01T00:00:00Z"}).json()
    assert answer["now"].startswith("2030-01-01T00:00:00")
    assert api.client.post("/emulator/clock", json={"action": "resume"}).json()["frozen"] is False


def test_internal_errors_are_arm_errors(api: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(api.emulator.resource_manager, "resources", fail)
    response = api.call("GET", "resources")
    assert (response.status_code, code(response)) == (500, "InternalServerError")
    assert "boom" not in json.dumps(response.json())
