# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resource groups, subscriptions and lists over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def code(response: Any) -> str:
    return str(response.json()["error"]["code"])


def test_create_answers_201_then_200(api: Any) -> None:
    created = api.call("PUT", "resourcegroups/rg", {"location": "West US 2", "tags": {"a": "1"}})
    assert created.status_code == 201
    assert created.json() == {
        "id": f"/subscriptions/{api.subscription}/resourceGroups/rg",
        "name": "rg",
        "type": "Microsoft.Resources/resourceGroups",
        "location": "westus2",
        "tags": {"a": "1"},
        "properties": {"provisioningState": "Succeeded"},
    }
    again = api.call("PUT", "resourceGroups/RG", {"location": "westus2"})
    assert again.status_code == 200
    assert "tags" not in again.json()
    assert again.json()["name"] == "rg"


def test_headers_are_those_of_the_service(api: Any) -> None:
    headers = api.call("PUT", "resourceGroups/rg", {"location": "westus2"}).headers
    assert headers["x-ms-ratelimit-remaining-subscription-global-writes"] == "11999"
    assert headers["cache-control"] == "no-cache"
    assert headers["expires"] == "-1"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-ms-request-id"]
    assert headers["x-ms-correlation-request-id"] in headers["x-ms-routing-request-id"]
    assert headers["content-type"] == "application/json; charset=utf-8"
    read = api.call("GET", "resourceGroups/rg").headers
    assert read["x-ms-ratelimit-remaining-subscription-global-reads"] == "16499"


def test_correlation_and_client_ids_come_back(api: Any) -> None:
    given = "11111111-2222-3333-4444-555555555555"
    headers = {
        "x-ms-correlation-request-id": given,
        "x-ms-client-request-id": "mine",
        "x-ms-return-client-request-id": "true",
    }
    answer = api.call("GET", "resourceGroups", headers=headers).headers
    assert answer["x-ms-correlation-request-id"] == given
    assert answer["x-ms-client-request-id"] == "mine"


def test_head_says_whether_a_group_exists(api: Any) -> None:
    api.group()
    assert api.call("HEAD", "resourcegroups/RG").status_code == 204
    missing = api.call("HEAD", "resourcegroups/other")
    assert missing.status_code == 404
    assert missing.content == b""


def test_get_of_a_missing_group(api: Any) -> None:
    missing = api.call("GET", "resourceGroups/Nope")
    assert missing.status_code == 404
    assert missing.json() == {
        "error": {"code": "ResourceGroupNotFound", "message": "Resource group 'Nope' could not be found."}
    }
    assert missing.headers["x-ms-failure-cause"] == "gateway"


def test_patch_replaces_the_whole_map_of_tags(api: Any) -> None:
    api.group(tags={"a": "1", "b": "2"})
    assert api.call("PATCH", "resourceGroups/rg", {"tags": {"c": "3"}}).json()["tags"] == {"c": "3"}
    assert api.call("PATCH", "resourceGroups/rg", {}).json()["tags"] == {"c": "3"}
    assert api.call("PATCH", "resourceGroups/other", {"tags": {}}).status_code == 404


@pytest.mark.parametrize(
    ("name", "body", "status", "expected"),
    [
        ("rg", {}, 400, "LocationRequired"),
        ("rg", {"location": 3}, 400, "LocationRequired"),
        ("rg", {"location": "moon"}, 400, "LocationNotAvailableForResourceGroup"),
        ("a*b", {"location": "westus2"}, 400, "InvalidResourceGroup"),
        ("a.", {"location": "westus2"}, 400, "InvalidResourceGroup"),
        ("a" * 91, {"location": "westus2"}, 400, "InvalidResourceGroup"),
        ("rg", {"location": "westus2", "tags": {"a": 1}}, 400, "InvalidRequestContent"),
        ("rg", {"location": "westus2", "tags": {"a/b": "1"}}, 400, "InvalidTagNameCharacters"),
        ("rg", {"location": "westus2", "tags": {"a": "1" * 257}}, 400, "InvalidTagValueLength"),
        ("rg", {"location": "westus2", "tags": {str(i): "" for i in range(51)}}, 400, "TooManyTags"),
    ],
)
def test_refused_groups(api: Any, name: str, body: Any, status: int, expected: str) -> None:
    response = api.call("PUT", f"resourceGroups/{name}", body)
    assert (response.status_code, code(response)) == (status, expected)
    assert api.call("GET", "resourceGroups").json()["value"] == []


def test_location_of_a_group_cannot_change(api: Any) -> None:
    api.group(location="eastus")
    response = api.call("PUT", "resourceGroups/rg", {"location": "westus"})
    assert response.status_code == 409
    assert response.json()["error"] == {
        "code": "InvalidResourceGroupLocation",
        "message": "Invalid resource group location 'westus'. The Resource group already exists in location 'eastus'.",
    }


def test_delete_takes_a_while_and_can_be_followed(api: Any) -> None:
    api.group()
    accepted = api.call("DELETE", "resourceGroups/rg")
    assert accepted.status_code == 202
    assert accepted.content == b""
    location = accepted.headers["location"]
    assert f"/subscriptions/{api.subscription}/operationresults/" in location
    assert accepted.headers["retry-after"] == "3"
    assert api.call("GET", "resourceGroups/rg").json()["properties"]["provisioningState"] == "Deleting"
    refused = api.call("PUT", "resourceGroups/rg", {"location": "westus2"})
    assert (refused.status_code, code(refused)) == (409, "ResourceGroupBeingDeleted")
    pending = api.call("GET", location)
    assert (pending.status_code, pending.headers["location"]) == (202, location)
    assert pending.headers["x-ms-retry-after-ms"] == "3000"
    api.advance(10)
    done = api.call("GET", location)
    assert (done.status_code, done.content) == (200, b"")
    assert api.call("GET", "resourceGroups/rg").status_code == 404
    assert api.call("DELETE", "resourceGroups/rg").status_code == 404


def test_retry_after_follows_the_speed(start_api: Callable[..., Any]) -> None:
    api = start_api(speed=30)
    api.group()
    headers = api.call("DELETE", "resourceGroups/rg").headers
    assert "retry-after" not in headers
    assert headers["x-ms-retry-after-ms"] == "100"


def test_a_deletion_goes_on_after_a_restart(start_api: Callable[..., Any]) -> None:
    first = start_api()
    first.group()
    location = first.call("DELETE", "resourceGroups/rg").headers["location"]
    first.client.__exit__(None, None, None)
    second = start_api()
    assert second.call("GET", location).status_code == 202
    second.advance(10)
    assert second.call("GET", location).status_code == 200
    assert second.call("HEAD", "resourceGroups/rg").status_code == 404


def test_groups_survive_a_restart_with_ids_and_secrets(start_api: Callable[..., Any]) -> None:
    first = start_api()
    first.group(tags={"a": "1"})
    shown = first.call("GET", "resourceGroups/rg").json()
    bearer = first.bearer
    first.client.__exit__(None, None, None)
    second = start_api()
    assert second.subscription == first.subscription
    assert second.call("GET", "resourceGroups/rg", headers={"Authorization": bearer}).json() == shown


def test_list_pages_and_filters(start_api: Callable[..., Any]) -> None:
    api = start_api(page_size=2)
    for number in range(5):
        api.group(f"rg{number}", tags={"Even": str(number % 2 == 0), "o'k": "y"})
    api.call("PUT", f"/subscriptions/{api.other_subscription}/resourceGroups/elsewhere", {"location": "westus2"})
    names = []
    answer = api.call("GET", "resourceGroups").json()
    while True:
        assert len(answer["value"]) <= 2
        names += [group["name"] for group in answer["value"]]
        if "nextLink" not in answer:
            break
        answer = api.call("GET", answer["nextLink"]).json()
    assert names == [f"rg{number}" for number in range(5)]
    top = api.call("GET", "resourceGroups", query={"$top": "1"}).json()
    assert [group["name"] for group in top["value"]] == ["rg0"]
    chosen, answer = (
        [],
        api.call("GET", "resourceGroups", query={"$filter": "tagName eq 'even' and tagValue eq 'True'"}),
    )
    while True:
        chosen += [group["name"] for group in answer.json()["value"]]
        if "nextLink" not in answer.json():
            break
        answer = api.call("GET", answer.json()["nextLink"])
    assert chosen == ["rg0", "rg2", "rg4"]
    assert len(api.call("GET", "resourceGroups", query={"$filter": "tagName eq 'o''k'"}).json()["value"]) == 2


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"$filter": "startswith(tagName, 'x')"}, "InvalidFilterInQueryString"),
        ({"$top": "0"}, "InvalidTopInQueryString"),
        ({"$top": "x"}, "InvalidTopInQueryString"),
        ({"$skiptoken": "%"}, "InvalidSkipToken"),
    ],
)
def test_bad_queries(api: Any, query: dict[str, str], expected: str) -> None:
    response = api.call("GET", "resourceGroups", query=query)
    assert (response.status_code, code(response)) == (400, expected)


def test_two_subscriptions_are_visible(api: Any) -> None:
    value = api.call("GET", "/subscriptions", version="2022-12-01").json()["value"]
    assert [each["subscriptionId"] for each in value] == [api.subscription, api.other_subscription]
    one = api.call("GET", f"/subscriptions/{api.subscription.upper()}").json()
    assert one == value[0]
    assert one["state"] == "Enabled"
    tenants = api.call("GET", "/tenants").json()["value"]
    assert [each["tenantId"] for each in tenants] == [one["tenantId"]]
    locations = api.call("GET", "locations").json()["value"]
    assert {"name": "westus2", "displayName": "West US 2"}.items() <= next(
        each for each in locations if each["name"] == "westus2"
    ).items()


def test_reset_leaves_nothing_but_who_may_sign_in(api: Any) -> None:
    api.group()
    assert api.client.post("/emulator/reset").status_code == 204
    assert api.call("GET", "resourceGroups").json() == {"value": []}


def test_names_of_other_alphabets(start_api: Callable[..., Any]) -> None:
    api = start_api(page_size=1)
    name = "gr\u00fc\u00dfe-\u65e5\u672c"
    assert api.group(name).json()["name"] == name
    assert api.call("GET", f"resourceGroups/{name.upper()}").status_code in (200, 404)
    lock = f"resourceGroups/{name}/providers/Microsoft.Authorization/locks/l"
    created = api.call("PUT", lock, {"properties": {"level": "CanNotDelete"}}, version="2020-05-01").json()
    assert created["id"] == f"/subscriptions/{api.subscription}/{lock}"
    for number in range(2):
        definition = {
            "location": "westus2",
            "properties": {
                "osType": "Linux",
                "containers": [
                    {
                        "name": "c",
                        "properties": {"image": "nginx", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}},
                    }
                ],
            },
        }
        path = f"resourceGroups/{name}/providers/Microsoft.ContainerInstance/containerGroups/g{number}"
        assert api.call("PUT", path, definition, version="2023-05-01").status_code == 201
    first = api.call("GET", f"resourceGroups/{name}/resources").json()
    second = api.call("GET", first["nextLink"]).json()
    assert [each["name"] for each in first["value"] + second["value"]] == ["g0", "g1"]
    api.call("DELETE", lock, version="2020-05-01")
    location = api.call("DELETE", f"resourceGroups/{name}").headers["location"]
    api.advance(30)
    assert api.call("GET", location).status_code == 200
