# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client, with the real SDK and a connection that answers from a list."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from azure.core.exceptions import ServiceRequestError
from azure.core.rest import HttpRequest
from urllib3.exceptions import NewConnectionError, ProtocolError

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.transport import new_transport, unreachable
from ansible_collections.azure_containers.aci.plugins.module_utils._common import api_versions
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    Ambiguous,
    AzureError,
    ConnectionFailed,
    CredentialsError,
    TimedOut,
)

GROUP = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups/web"
GROUPS = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups"
OPERATION = "https://arm.example/subscriptions/s/providers/Microsoft.ContainerInstance/locations/x/operations/1"
UNKNOWN_TO_MODELS = {"name": "web", "properties": {"osType": "Linux", "futureThing": {"a": [1, "two"]}}}
LOST = requests.exceptions.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError(104, "reset")))
REFUSED = requests.exceptions.ConnectionError(NewConnectionError(None, "refused"))  # type: ignore[arg-type]
SUBSCRIPTION = "33333333-3333-3333-3333-333333333333"
NOT_FOUND = "The Resource 'x' was not found."


def versions_of(azure: Any) -> list[str]:
    return [request.url.partition("api-version=")[2].partition("&")[0] for request in azure.requests]


class TestReading:
    def test_nothing_of_a_group_is_lost(self, azure: Any) -> None:
        azure.expect("GET", GROUP, body=UNKNOWN_TO_MODELS)
        assert azure.client().get_group("shop", "web") == UNKNOWN_TO_MODELS

    def test_one_request_and_one_sign_in(self, azure: Any) -> None:
        azure.expect("GET", GROUP, body=UNKNOWN_TO_MODELS)
        azure.expect("GET", GROUP, body=UNKNOWN_TO_MODELS)
        client = azure.client()
        client.get_group("shop", "web")
        client.get_group("shop", "web")
        assert len(azure.sign_ins) == 1

    def test_the_agent_is_named(self, azure: Any) -> None:
        azure.expect("GET", GROUP, body={})
        azure.client().get_group("shop", "web")
        assert "azure_containers.aci" in azure.requests[0].headers["User-Agent"]

    def test_a_missing_group_is_none(self, azure: Any) -> None:
        azure.error("GET", GROUP, 404, "ResourceNotFound", NOT_FOUND)
        assert azure.client().get_group("shop", "web") is None

    def test_a_missing_resource_group_is_an_error(self, azure: Any) -> None:
        azure.error("GET", GROUP, 404, "ResourceGroupNotFound", "Resource group 'shop' could not be found.")
        with pytest.raises(AzureError, match="Create it first") as caught:
            azure.client().get_group("shop", "web")
        assert (caught.value.code, caught.value.status) == ("ResourceGroupNotFound", 404)
        assert caught.value.request_id == "request-1"
        assert caught.value.message == "Resource group 'shop' could not be found."

    @pytest.mark.parametrize(
        ("code", "message", "advice"),
        [
            ("InvalidSubscriptionId", "The provided subscription identifier 'Shop' is malformed.", "takes the ID, not"),
            ("SubscriptionNotFound", "The subscription 'Shop' could not be found.", "takes the ID and not the name"),
            (
                "LocationNotAvailableForResourceGroup",
                "The provided location 'westerope' is not available for resource group. List of available regions is "
                "'eastus,westus,westeurope,northeurope'.",
                "Did you mean westeurope?",
            ),
            (
                "LocationNotAvailableForResourceType",
                "The provided location 'west eurpe' is not available for resource type 'Microsoft.X/y'. List of "
                "available regions for the resource type is 'eastus,westeurope'.",
                "Did you mean westeurope?",
            ),
        ],
    )
    def test_what_to_do_about_a_refusal(self, azure: Any, code: str, message: str, advice: str) -> None:
        azure.error("GET", GROUP, 400, code, message)
        with pytest.raises(AzureError) as caught:
            azure.client().get_group("shop", "web")
        assert advice in caught.value.msg

    def test_a_write_that_meets_trouble_says_what_to_do(self, azure: Any) -> None:
        azure.error("PUT", GROUP, 503, "ServiceUnavailable", "Busy.")
        with pytest.raises(AzureError, match=r"Busy \(ServiceUnavailable\)\. The service, .*run the task again later"):
            azure.client().put_group("shop", "web", {"location": "westeurope"})

    def test_a_location_like_no_other_has_no_advice(self, azure: Any) -> None:
        message = (
            "The provided location 'moon' is not available for resource group. List of available regions is 'a,b'."
        )
        azure.error("GET", GROUP, 400, "LocationNotAvailableForResourceGroup", message)
        with pytest.raises(AzureError) as caught:
            azure.client().get_group("shop", "web")
        assert "Did you mean" not in caught.value.msg

    def test_all_pages(self, azure: Any) -> None:
        more = "https://arm.example/subscriptions/s/more"
        azure.expect("GET", GROUPS, body={"value": [{"name": "a"}, UNKNOWN_TO_MODELS], "nextLink": more})
        azure.expect("GET", "/more", body={"value": [{"name": "c"}]})
        found = azure.client().list_groups("shop")
        assert [group["name"] for group in found] == ["a", "web", "c"]
        assert found[1] == UNKNOWN_TO_MODELS

    def test_every_page_is_asked_for_with_a_version(self, azure: Any) -> None:
        links = ["/a", "/b?$skiptoken=1", "/c?api-version=2021-10-01"]
        azure.expect("GET", GROUPS, body={"value": [], "nextLink": f"https://arm.example{links[0]}"})
        for here, following in zip(("/a", "/b", "/c"), [*links[1:], None], strict=True):
            azure.expect("GET", here, body={"value": [], "nextLink": following})
        azure.client().list_groups("shop")
        newest = api_versions.NEWEST
        assert versions_of(azure) == [newest, newest, newest, "2021-10-01"]

    def test_names_are_quoted(self, azure: Any) -> None:
        azure.expect("GET", "/resourceGroups/a%20%28b%29/providers/.*/containerGroups/w%2F%3F", body={})
        azure.client().get_group("a (b)", "w/?")

    def test_the_whole_subscription(self, azure: Any) -> None:
        azure.expect("GET", f"{SUBSCRIPTION}/providers/Microsoft.ContainerInstance/containerGroups", body={"value": []})
        assert azure.client().list_groups() == []

    def test_an_error_that_is_not_json(self, azure: Any) -> None:
        azure.expect("GET", GROUP, 403, b"<html>", headers={"Content-Type": "text/html"})
        with pytest.raises(AzureError) as caught:
            azure.client().get_group("shop", "web")
        assert (caught.value.code, caught.value.status) == ("HTTP403", 403)

    def test_reads_are_repeated(self, azure: Any) -> None:
        azure.expect("GET", GROUP, raises=LOST)
        azure.error("GET", GROUP, 503, "ServiceUnavailable")
        azure.expect("GET", GROUP, body={"name": "web"})
        assert azure.client().get_group("shop", "web") == {"name": "web"}

    @pytest.mark.parametrize("token", ["planted\n", " planted", "plant\u00e9d"])
    def test_a_header_that_http_cannot_carry(self, token: str) -> None:
        transport = new_transport(None)
        request = HttpRequest("GET", "https://arm.example/", headers={"Authorization": f"Bearer {token}"})
        request.headers["X-Identity-Header"] = token
        with pytest.raises(ConnectionFailed) as caught:
            transport.send(request)
        assert caught.value.code == "InvalidHeader"
        assert "plant" not in caught.value.msg

    def test_a_host_that_is_none(self) -> None:
        with pytest.raises(ConnectionFailed, match="is not an address"):
            new_transport(None).send(HttpRequest("GET", f"https://{'a' * 70}.example/"))

    def test_a_proxy_that_is_not_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTPS_PROXY", "http://user:planted@127.0.0.1:1")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        with pytest.raises(ServiceRequestError) as caught:
            new_transport(None).send(HttpRequest("GET", "https://arm.example/"))
        told = unreachable("Could not", caught.value, sent=False).msg
        assert "https://arm.example through the proxy http://127.0.0.1:1 could not be reached" in told
        assert "planted" not in told

    def test_an_endpoint_that_cannot_be_reached(self, azure: Any) -> None:
        for _number in range(4):
            azure.expect("GET", GROUP, raises=REFUSED)
        with pytest.raises(ConnectionFailed, match=r"https://arm\.example could not be reached \(.*refused\)"):
            azure.client().get_group("shop", "web")

    def test_no_permission(self, azure: Any) -> None:
        azure.error("GET", GROUP, 403, "AuthorizationFailed", "The client 'x' does not have authorization.")
        with pytest.raises(AzureError, match="role") as caught:
            azure.client().get_group("shop", "web")
        assert caught.value.status == 403

    @pytest.mark.parametrize(
        ("code", "message", "missing"),
        [
            (
                "AuthorizationFailed",
                "The client 'x' with object id 'y' does not have authorization to perform action 'A/read' over scope "
                "'/subscriptions/s' or the scope is invalid. If access was recently granted, please refresh.",
                [("A/read", "/subscriptions/s")],
            ),
            (
                "LinkedAuthorizationFailed",
                "The client 'x' with object id 'y' has permission to perform action 'A/write' on scope '/g'; however, "
                "it does not have permission to perform action(s) 'B/join/action,C/assign/action' on the linked "
                "scope(s) '/subnet,/identity' (respectively) or the linked scope(s) are invalid.",
                [("B/join/action", "/subnet"), ("C/assign/action", "/identity")],
            ),
            (
                "LinkedAuthorizationFailed",
                "The client has permission to perform action 'A/write' on scope '/g'; however, it does not have "
                "permission to perform action 'B/join/action' on the linked scope(s) '/subnet' or the linked scope(s) "
                "are invalid.",
                [("B/join/action", "/subnet")],
            ),
        ],
    )
    def test_the_actions_that_are_missing(
        self, azure: Any, code: str, message: str, missing: list[tuple[str, str]]
    ) -> None:
        azure.error("GET", GROUP, 403, code, message)
        with pytest.raises(AzureError) as caught:
            azure.client().get_group("shop", "web")
        wanted = [{"action": action, "scope": scope} for action, scope in missing]
        assert caught.value.as_failure()["missing_actions"] == wanted
        for action, scope in missing:
            assert f"{action} on {scope}" in caught.value.msg.partition("Give the identity a role that allows ")[2]

    def test_a_refusal_in_other_words(self, azure: Any) -> None:
        message = (
            "The client has permission to perform action 'A' on scope 'S', however the tenant 'T' is not authorized."
        )
        azure.error("GET", GROUP, 403, "LinkedAuthorizationFailed", message)
        with pytest.raises(AzureError) as caught:
            azure.client().get_group("shop", "web")
        assert "missing_actions" not in caught.value.as_failure()

    def test_a_token_that_the_service_does_not_take(self, azure: Any) -> None:
        azure.error("GET", GROUP, 401, "InvalidAuthenticationTokenTenant", "The access token is from the wrong issuer.")
        with pytest.raises(CredentialsError, match="tenant_id") as caught:
            azure.client().get_group("shop", "web")
        assert caught.value.code == "InvalidAuthenticationTokenTenant"

    @pytest.mark.parametrize("claims", ["gIA", "a", "\u00e9", "====", "e30"])
    def test_a_challenge_that_cannot_be_read(self, azure: Any, claims: str) -> None:
        challenge = {"WWW-Authenticate": f'Bearer error="insufficient_claims", claims="{claims}"'}
        azure.error("GET", GROUP, 401, "InvalidAuthenticationToken", "No.", headers=challenge)
        if claims == "e30":  # {}: a valid challenge, for which another token is requested
            azure.error("GET", GROUP, 401, "InvalidAuthenticationToken", "No.", headers=challenge)
        with pytest.raises(CredentialsError) as caught:
            azure.client().get_group("shop", "web")
        assert caught.value.code == "InvalidAuthenticationToken"


class TestVersions:
    SUPPORTED = (
        "No registered resource provider found for location 'westus' and API version '2026-07-01' for type "
        "'containerGroups'. The supported api-versions are '2021-10-01, 2023-05-01'. The supported locations are 'x'."
    )
    PROVIDER = "/providers/Microsoft.ContainerInstance"
    PROFILE = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroupProfiles/p"

    def offering(self, *versions: str) -> str:
        return self.SUPPORTED.replace("2021-10-01, 2023-05-01", ", ".join(versions))

    def provider(self, *versions: str) -> dict[str, Any]:
        return {"resourceTypes": [{"resourceType": "containerGroups", "apiVersions": list(versions)}]}

    def test_the_newest_first(self, azure: Any) -> None:
        azure.expect("GET", GROUP, body={})
        client = azure.client()
        client.get_group("shop", "web")
        assert versions_of(azure) == ["2026-07-01"]
        assert client.api_version == "2026-07-01"

    def test_an_older_endpoint_is_remembered(self, azure: Any) -> None:
        azure.error("GET", GROUP, 400, "NoRegisteredProviderFound", self.SUPPORTED)
        azure.expect("GET", GROUP, body={"name": "web"})
        azure.expect("PUT", GROUP, 201, {})
        client = azure.client()
        assert client.get_group("shop", "web") == {"name": "web"}
        client.put_group("shop", "web", {})
        assert versions_of(azure) == ["2026-07-01", "2023-05-01", "2023-05-01"]
        assert len(azure.sign_ins) == 1

    @pytest.mark.parametrize(
        ("offered", "chosen"),
        [
            (("2027-01-01", "2026-08-01-preview"), "2026-08-01-preview"),
            (("2025-09-01", "2026-08-01-preview"), "2025-09-01"),
        ],
    )
    def test_a_newer_one_is_taken_where_there_is_no_stable_one(
        self, azure: Any, offered: tuple[str, ...], chosen: str
    ) -> None:
        azure.error("GET", GROUP, 400, "NoRegisteredProviderFound", self.offering(*offered))
        azure.expect("GET", GROUP, body={})
        azure.client().get_group("shop", "web")
        assert versions_of(azure) == ["2026-07-01", chosen]

    def test_upwards_again(self, azure: Any) -> None:
        azure.error("GET", GROUP, 400, "NoRegisteredProviderFound", self.SUPPORTED)
        azure.expect("GET", GROUP, body={})
        azure.error("GET", GROUP, 400, "NoRegisteredProviderFound", self.offering("2025-09-01"))
        azure.expect("GET", GROUP, body={})
        client = azure.client()
        client.get_group("shop", "web")
        client.get_group("shop", "web")
        assert versions_of(azure) == ["2026-07-01", "2023-05-01", "2023-05-01", "2025-09-01"]

    def test_the_provider_is_asked_where_the_refusal_names_none(self, azure: Any) -> None:
        azure.error("GET", GROUP, 400, "InvalidApiVersionParameter", "The api-version '2026-07-01' is invalid.")
        azure.expect("GET", self.PROVIDER, body=self.provider("2021-10-01", "2025-09-01"))
        azure.expect("GET", GROUP, body={})
        azure.client().get_group("shop", "web")
        assert versions_of(azure)[::2] == ["2026-07-01", "2025-09-01"]

    def test_without_the_right_to_ask_older_ones_are_tried(self, azure: Any) -> None:
        for _version in ("2026-07-01", "2025-09-01"):
            azure.error("GET", GROUP, 400, "InvalidApiVersionParameter", "It is invalid.")
            azure.error("GET", self.PROVIDER, 403, "AuthorizationFailed")
        azure.expect("GET", GROUP, body={})
        client = azure.client()
        client.get_group("shop", "web")
        assert versions_of(azure)[::2] == ["2026-07-01", "2025-09-01", "2023-05-01"]
        assert client.api_version == "2023-05-01"

    def test_none_is_left_to_try(self, azure: Any) -> None:
        for _version in range(3):
            azure.error("GET", GROUP, 400, "InvalidApiVersionParameter", "It is invalid.")
            azure.error("GET", self.PROVIDER, 403, "AuthorizationFailed")
        with pytest.raises(AzureError) as caught:
            azure.client().get_group("shop", "web")
        assert caught.value.code == "InvalidApiVersionParameter"

    def test_profiles_do_the_same(self, azure: Any) -> None:
        azure.expect("GET", self.PROFILE, body={})
        azure.error("GET", self.PROFILE, 400, "NoRegisteredProviderFound", self.offering("2023-05-01", "2025-09-01"))
        azure.expect("GET", self.PROFILE, body={})
        azure.error("GET", self.PROFILE, 400, "NoRegisteredProviderFound", self.offering("2026-07-01"))
        azure.expect("GET", self.PROFILE, body={})
        client = azure.client()
        for _read in range(3):
            client.get_profile("shop", "p")
        assert versions_of(azure) == ["2026-07-01", "2026-07-01", "2025-09-01", "2025-09-01", "2026-07-01"]

    def test_profiles_need_a_version_that_has_them(self, azure: Any) -> None:
        azure.error("GET", self.PROFILE, 400, "NoRegisteredProviderFound", self.SUPPORTED)
        with pytest.raises(AzureError, match="2023-05-01"):
            azure.client().get_profile("shop", "p")

    def test_an_endpoint_that_is_too_old(self, azure: Any) -> None:
        azure.error("GET", GROUP, 400, "NoRegisteredProviderFound", self.SUPPORTED.replace(", 2023-05-01", ""))
        with pytest.raises(AzureError, match="2021-10-01"):
            azure.client().get_group("shop", "web")

    def test_a_location_without_containers_is_no_reason(self, azure: Any) -> None:
        azure.error("PUT", GROUP, 400, "NoRegisteredProviderFound", self.offering("2023-05-01", "2026-07-01"))
        with pytest.raises(AzureError):
            azure.client().put_group("shop", "web", {})


class TestWriting:
    @pytest.mark.parametrize(
        ("method", "verb", "status"), [("stop_group", "stop", 200), ("restart_group", "restart", 202)]
    )
    def test_a_status_that_the_request_never_gets(self, azure: Any, method: str, verb: str, status: int) -> None:
        azure.expect("POST", f"{GROUP}/{verb}", status)
        with pytest.raises(Ambiguous) as caught:
            getattr(azure.client(), method)("shop", "web")
        assert caught.value.code == "InvalidAnswer"

    def test_bodies_arrive_as_they_are(self, azure: Any) -> None:
        azure.expect("PUT", GROUP, 201, UNKNOWN_TO_MODELS)
        operation = azure.client().put_group("shop", "web", UNKNOWN_TO_MODELS)
        assert azure.sent() == UNKNOWN_TO_MODELS
        assert azure.requests[0].headers["Content-Type"] == "application/json"
        assert operation.initial == UNKNOWN_TO_MODELS

    def test_an_operation_is_asked_for(self, azure: Any) -> None:
        azure.expect("PUT", GROUP, 201, {}, headers={"Azure-AsyncOperation": f"{OPERATION}?t=1"})
        running = {"status": "Pending", "properties": {"events": [{"name": "Pulling"}]}}
        azure.expect("GET", "/operations/1", body=running, headers={"x-ms-retry-after-ms": "50"})
        azure.expect("GET", "/operations/1", body={"status": "Succeeded"})
        operation = azure.client().put_group("shop", "web", {})
        first, second = operation.poll(), operation.poll()
        assert (first.status, first.done, first.retry_after) == ("Pending", False, 0.05)
        assert first.events == [{"name": "Pulling"}]
        assert (second.done, second.succeeded, second.retry_after) == (True, True, None)
        assert azure.requests[1].url.endswith("?t=1")

    def test_an_operation_that_fails(self, azure: Any) -> None:
        azure.expect("POST", f"{GROUP}/restart", 204, headers={"Azure-AsyncOperation": OPERATION})
        azure.expect("GET", "/operations/1", body={"status": "Failed", "error": {"code": "Bad", "message": "no"}})
        status = azure.client().restart_group("shop", "web").poll()
        assert (status.done, status.succeeded, status.error) == (True, False, {"code": "Bad", "message": "no"})

    def test_without_an_operation_it_is_done(self, azure: Any) -> None:
        azure.expect("POST", f"{GROUP}/start", 204)
        status = azure.client().start_group("shop", "web").poll()
        assert (status.done, status.succeeded) == (True, True)

    def test_stop(self, azure: Any) -> None:
        azure.expect("POST", f"{GROUP}/stop", 204)
        azure.client().stop_group("shop", "web")

    def test_tags(self, azure: Any) -> None:
        azure.expect("PATCH", GROUP, body={"tags": {"a": "b"}})
        assert azure.client().patch_group("shop", "web", {"tags": {"a": "b"}}) == {"tags": {"a": "b"}}
        assert azure.sent() == {"tags": {"a": "b"}}

    @pytest.mark.parametrize(("status", "body", "last"), [(200, {"name": "web"}, {"name": "web"}), (204, None, None)])
    def test_delete(self, azure: Any, status: int, body: Any, last: Any) -> None:
        azure.expect("DELETE", GROUP, status, body)
        assert azure.client().delete_group("shop", "web") == last

    @pytest.mark.parametrize("fault", [{"raises": LOST}, {"status": 500, "body": {"error": {"code": "x"}}}])
    def test_a_write_is_sent_once(self, azure: Any, fault: Any) -> None:
        azure.expect("PUT", GROUP, **fault)
        with pytest.raises(Ambiguous):
            azure.client().put_group("shop", "web", {})
        azure.expect("POST", f"{GROUP}/restart", **fault)
        with pytest.raises(Ambiguous):
            azure.client().restart_group("shop", "web")

    def test_a_write_that_could_not_be_sent_is_not_ambiguous(self, azure: Any) -> None:
        azure.expect("PUT", GROUP, raises=REFUSED)
        with pytest.raises(ConnectionFailed):
            azure.client().put_group("shop", "web", {})

    def test_a_delete_is_repeated(self, azure: Any) -> None:
        azure.expect("DELETE", GROUP, raises=LOST)
        azure.expect("DELETE", GROUP, 204)
        assert azure.client().delete_group("shop", "web") is None

    def test_a_refusal_is_final(self, azure: Any) -> None:
        azure.error("PUT", GROUP, 400, "InvalidContainerGroupUpdate", "The updates are invalid.")
        with pytest.raises(AzureError, match="The updates are invalid") as caught:
            azure.client().put_group("shop", "web", {})
        assert caught.value.code == "InvalidContainerGroupUpdate"

    def test_throttling_is_waited_out(self, azure: Any) -> None:
        azure.error("PUT", GROUP, 429, "TooManyRequests", headers={"Retry-After": "7"})
        azure.expect("PUT", GROUP, 201, {})
        azure.client().put_group("shop", "web", {})
        assert azure.clock.sleeps == [7.0]

    def test_throttling_beyond_the_deadline(self, azure: Any) -> None:
        azure.error("PUT", GROUP, 429, "TooManyRequests", headers={"Retry-After": "70"})
        with pytest.raises(AzureError) as caught:
            azure.client().put_group("shop", "web", {}, deadline=azure.clock.now + 60)
        assert caught.value.status == 429
        assert azure.clock.sleeps == []

    def test_a_group_in_transition_is_waited_for(self, azure: Any) -> None:
        for _number in range(3):
            azure.error("POST", f"{GROUP}/stop", 409, "ContainerGroupTransitioning")
        azure.expect("POST", f"{GROUP}/stop", 204)
        azure.client().stop_group("shop", "web")
        assert azure.clock.sleeps == [0.5, 1.0, 2.0]

    @pytest.mark.parametrize("method", ["PUT", "DELETE"])
    def test_what_is_counted_is_sent_again_only_after_the_transition(self, azure: Any, method: str) -> None:
        azure.error(method, GROUP, 409, "ContainerGroupTransitioning")
        for state in ("Creating", "Pending", "Repairing", "Succeeded"):
            azure.expect("GET", GROUP, body={"properties": {"provisioningState": state}})
        azure.expect(method, GROUP, 200, {"name": "web"})
        client = azure.client()
        if method == "PUT":
            assert client.put_group("shop", "web", {}).initial == {"name": "web"}
        else:
            assert client.delete_group("shop", "web") == {"name": "web"}
        assert azure.clock.sleeps == [0.5, 1.0, 2.0, 4.0]

    def test_a_write_that_is_refused_again_after_the_transition(self, azure: Any) -> None:
        for state in ("Succeeded", "Unhealthy"):
            azure.error("PUT", GROUP, 409, "ContainerGroupTransitioning")
            azure.expect("GET", GROUP, body={"properties": {"provisioningState": state}})
        azure.expect("PUT", GROUP, 201, {})
        azure.client().put_group("shop", "web", {})
        assert azure.clock.sleeps == [0.5, 1.0]

    @pytest.mark.parametrize("status", [403, 404])
    def test_a_transition_that_cannot_be_read(self, azure: Any, status: int) -> None:
        azure.error("PUT", GROUP, 409, "ContainerGroupTransitioning")
        azure.error("GET", GROUP, status, {403: "AuthorizationFailed", 404: "ResourceNotFound"}[status])
        azure.expect("PUT", GROUP, 201, {})
        azure.client().put_group("shop", "web", {})
        assert azure.clock.sleeps == [0.5]

    def test_a_group_in_transition_until_the_deadline(self, azure: Any) -> None:
        azure.error("DELETE", GROUP, 409, "ContainerGroupTransitioning")
        for _number in range(3):
            azure.expect("GET", GROUP, body={"properties": {"provisioningState": "Creating"}})
        with pytest.raises(AzureError, match="ContainerGroupTransitioning"):
            azure.client().delete_group("shop", "web", deadline=azure.clock.now + 5)
        assert azure.clock.sleeps == [0.5, 1.0, 2.0]


REGISTER = "/providers/Microsoft.ContainerInstance/register"
UNREGISTERED = "The subscription is not registered to use namespace 'Microsoft.ContainerInstance'."


class TestRegistration:
    def test_a_provider_is_registered(self, azure: Any) -> None:
        azure.error("PUT", GROUP, 409, "MissingSubscriptionRegistration", UNREGISTERED)
        azure.expect("POST", REGISTER, body={})
        azure.expect("GET", "/Microsoft.ContainerInstance", body={"registrationState": "Registered"})
        azure.expect("PUT", GROUP, 201, UNKNOWN_TO_MODELS)
        assert azure.client().put_group("shop", "web", {}).initial == UNKNOWN_TO_MODELS

    def test_a_registration_under_way_is_waited_for(self, azure: Any) -> None:
        azure.error("PUT", GROUP, 409, "MissingSubscriptionRegistration", UNREGISTERED)
        azure.expect("POST", REGISTER, body={})
        for state in ("Registering", "Registering", "Registered"):
            azure.expect("GET", "/Microsoft.ContainerInstance", body={"registrationState": state})
        azure.expect("PUT", GROUP, 201, UNKNOWN_TO_MODELS)
        azure.client().put_group("shop", "web", {})
        assert len(azure.clock.sleeps) == 2

    def test_a_registration_that_never_ends(self, azure: Any) -> None:
        azure.error("PUT", GROUP, 409, "MissingSubscriptionRegistration", UNREGISTERED)
        azure.expect("POST", REGISTER, body={})
        azure.expect("GET", "/Microsoft.ContainerInstance", body={"registrationState": "Registering"}, forever=True)
        with pytest.raises(TimedOut, match=r"state is Registering.*az provider show"):
            azure.client().put_group("shop", "web", {})
        assert sum(azure.clock.sleeps) == pytest.approx(300, abs=1)

    def test_a_registration_that_is_refused(self, azure: Any) -> None:
        azure.error("PUT", GROUP, 409, "MissingSubscriptionRegistration", UNREGISTERED)
        azure.error("POST", REGISTER, 403, "AuthorizationFailed")
        with pytest.raises(AzureError, match="az provider register") as caught:
            azure.client().put_group("shop", "web", {})
        assert caught.value.code == "MissingSubscriptionRegistration"

    @pytest.mark.parametrize("body", [b"<html>", b"\xff", b"[" * 100_000, [], {}, "text", None])
    def test_a_registration_that_nobody_reports_on(self, azure: Any, body: Any) -> None:
        azure.error("PUT", GROUP, 409, "MissingSubscriptionRegistration", UNREGISTERED)
        azure.expect("POST", REGISTER, body={})
        azure.expect("GET", "/Microsoft.ContainerInstance", body=body)
        with pytest.raises(AzureError, match="az provider register") as caught:
            azure.client().put_group("shop", "web", {})
        assert caught.value.code == "InvalidAnswer"


class TestAskingBeforehand:
    GROUP_ID = f"/subscriptions/{SUBSCRIPTION}{GROUP}"
    POLICY = "/resourceGroups/shop/providers/Microsoft.PolicyInsights/checkPolicyRestrictions"
    ANSWER = {"contentEvaluationResult": {"policyEvaluations": [{"evaluationResult": "NonCompliant"}]}}

    def test_locks_on_a_group_and_above(self, azure: Any) -> None:
        lock = {"id": "/locks/l", "properties": {"level": "ReadOnly"}}
        azure.expect("GET", f"{GROUP}/providers/Microsoft.Authorization/locks", body={"value": [lock]})
        assert azure.client().list_locks(self.GROUP_ID) == [lock]
        assert "$filter=atScope%28%29" in azure.requests[0].url
        assert versions_of(azure) == ["2020-05-01"]

    def test_permissions(self, azure: Any) -> None:
        entry = {"actions": ["*/read"], "notActions": []}
        azure.expect("GET", f"{GROUP}/providers/Microsoft.Authorization/permissions", body={"value": [entry]})
        assert azure.client().list_permissions(self.GROUP_ID) == [entry]
        assert versions_of(azure) == ["2022-04-01"]

    LOG = "/providers/Microsoft.Insights/eventtypes/management/values"

    def test_the_activity_log_is_asked_about_one_resource(self, azure: Any) -> None:
        event = {
            "caller": "ann@example.com",
            "correlationId": "c",
            "eventTimestamp": "2026-02-28T10:00:00.1234567Z",
            "operationId": "o",
            "operationName": {"value": "Microsoft.ContainerInstance/containerGroups/write"},
            "resourceId": self.GROUP_ID,
            "status": {"value": "Succeeded"},
        }
        # What the log keeps of the request is nobody's business here.
        kept = {"claims": {"ipaddr": "203.0.113.7"}, "properties": {"requestbody": '{"secureValue": "hunter2hunter2"}'}}
        azure.expect("GET", self.LOG, body={"value": [{**event, **kept}], "nextLink": f"{self.LOG}?$skipToken=2"})
        azure.expect("GET", self.LOG, body={"value": [event]})
        since = datetime(2026, 2, 1, 12, tzinfo=UTC)
        assert azure.client().list_activity(f"{self.GROUP_ID}/o'hara", since) == [event, event]
        asked = parse_qs(urlsplit(azure.requests[0].url).query)
        wanted = f"eventTimestamp ge '2026-02-01T12:00:00Z' and resourceUri eq '{self.GROUP_ID}/o''hara'"
        assert asked == {"api-version": ["2015-04-01"], "$filter": [wanted]}

    def test_an_error_of_the_activity_log_has_its_text_at_the_top(self, azure: Any) -> None:
        said = {"code": "BadRequest", "message": "The start time cannot be more than 90 days in the past."}
        azure.expect("GET", self.LOG, status=400, body=said)
        with pytest.raises(AzureError, match="more than 90 days in the past") as caught:
            azure.client().list_activity(self.GROUP_ID, datetime(2026, 2, 1, tzinfo=UTC))
        assert (caught.value.code, caught.value.status) == ("BadRequest", 400)

    def test_policies(self, azure: Any) -> None:
        azure.error("POST", self.POLICY, 503, "ServiceUnavailable")
        azure.expect("POST", self.POLICY, body=self.ANSWER)
        content = {"type": "t", "name": "web"}
        # A POST that only reads may be repeated.
        assert azure.client().check_policy_restrictions("shop", content) == self.ANSWER
        assert json.loads(azure.requests[-1].body) == {
            "resourceDetails": {"resourceContent": content, "apiVersion": api_versions.NEWEST}
        }
        assert versions_of(azure) == ["2023-03-01", "2023-03-01"]

    def test_a_question_registers_nothing(self, azure: Any) -> None:
        azure.error("POST", self.POLICY, 409, "MissingSubscriptionRegistration", UNREGISTERED)
        with pytest.raises(AzureError) as caught:
            azure.client().check_policy_restrictions("shop", {})
        assert caught.value.code == "MissingSubscriptionRegistration"
        assert len(azure.requests) == 1

    @pytest.mark.parametrize("body", [[], {"contentEvaluationResult": []}])
    def test_an_answer_that_makes_no_sense(self, azure: Any, body: Any) -> None:
        azure.expect("POST", self.POLICY, body=body)
        with pytest.raises(AzureError) as caught:
            azure.client().check_policy_restrictions("shop", {})
        assert caught.value.code == "InvalidAnswer"

    def test_a_part_of_a_task_has_less_time(self, azure: Any) -> None:
        client = azure.client()
        azure.expect("GET", GROUP, body={})
        client.get_group("shop", "web")
        for _try in range(9):
            azure.error("GET", GROUP, 503, "ServiceUnavailable", headers={"Retry-After": "5"})
        before = azure.clock.now
        with pytest.raises(AzureError):
            client.within(30).get_group("shop", "web")
        assert 30 <= azure.clock.now - before < 40
        azure.expected.clear()


class TestLogs:
    PATH = f"{GROUP}/containers/main/logs"

    def test_content(self, azure: Any) -> None:
        azure.expect("GET", self.PATH, body={"content": "one\ntwo\n"})
        assert azure.client().logs("shop", "web", "main", 2, True) == "one\ntwo\n"
        assert "tail=2" in azure.requests[0].url
        assert "timestamps=true" in azure.requests[0].url

    def test_nothing_written(self, azure: Any) -> None:
        azure.expect("GET", self.PATH, body={"content": None})
        assert azure.client().logs("shop", "web", "main") == ""
        assert "tail" not in azure.requests[0].url

    def test_not_available(self, azure: Any) -> None:
        azure.error("GET", self.PATH, 404, "ContainerLogNotAvailable")
        assert azure.client().logs("shop", "web", "main") is None


class TestResourceGroups:
    PATH = "/resource[gG]roups/shop"

    def test_life(self, azure: Any) -> None:
        group = {"name": "shop", "location": "westus", "unknown": 1}
        location = {"Location": "https://arm.example/operationresults/1", "Retry-After": "15"}
        azure.error("GET", self.PATH, 404, "ResourceGroupNotFound")
        azure.expect("PUT", self.PATH, 201, group)
        azure.expect("GET", self.PATH, body=group)
        azure.expect("PATCH", self.PATH, body=group)
        azure.expect("DELETE", self.PATH, 202, headers=location)
        azure.expect("GET", "/operationresults/1", 202, headers=location)
        azure.expect("GET", "/operationresults/1", 200)
        client = azure.client()
        assert client.get_resource_group("shop") is None
        assert client.put_resource_group("shop", {"location": "westus", "unknown": 1}) == group
        assert azure.sent() == {"location": "westus", "unknown": 1}
        assert client.get_resource_group("shop") == group
        assert client.patch_resource_group("shop", {"tags": {}}) == group
        operation = client.delete_resource_group("shop")
        assert operation.poll().done is False
        assert operation.poll().succeeded is True

    def test_resources(self, azure: Any) -> None:
        more = "https://arm.example/subscriptions/s/more"
        azure.expect("GET", f"{self.PATH}/resources", body={"value": [{"name": "a"}], "nextLink": more})
        azure.expect("GET", "/more", body={"value": [{"name": "b"}, {"name": "c"}], "nextLink": more})
        assert azure.client().list_resources("shop", top=2) == [{"name": "a"}, {"name": "b"}]
        assert "top=2" in azure.requests[0].url


def test_no_error_shows_the_secret(azure: Any) -> None:
    azure.token = (401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret."})
    with pytest.raises(CredentialsError, match="the client secret is wrong") as caught:
        azure.client().get_group("shop", "web")
    assert "planted" not in str(caught.value.as_failure())
    assert caught.value.code == "AADSTS7000215"
