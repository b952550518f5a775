# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The activity log: what it keeps of requests, and how it is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aci_emulator.core.statedir import StateError
from aci_emulator.identity.directory import Role
from aci_emulator.insights.activity_log import PAGE_SIZE

LOG = "providers/microsoft.insights/eventtypes/management/values"
GROUP = "resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups"
BODY = {
    "location": "westus2",
    "properties": {
        "osType": "Linux",
        "containers": [
            {
                "name": "web",
                "properties": {"image": "nginx", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}},
            }
        ],
    },
}


def ask(api: Any, filter_text: str | None = None, **query: str) -> Any:
    start = f"eventTimestamp ge '{api.emulator.clock.now():%Y-%m-%d}'"
    text = start if filter_text is None else filter_text.replace("START", start)
    return api.call("GET", LOG, version="2015-04-01", query={"$filter": text, **query})


def told(answer: Any) -> list[tuple[str, str, str]]:
    return [
        (each["operationName"]["value"].rpartition("/")[2], each["status"]["value"], each["subStatus"]["value"])
        for each in answer.json()["value"]
    ]


def put(api: Any, name: str = "web", body: Any = None) -> Any:
    return api.call("PUT", f"{GROUP}/{name}", body or BODY, version="2023-05-01")


@pytest.fixture
def used(api: Any) -> Any:
    api.group()
    assert put(api).status_code == 201
    return api


def test_each_change_has_two_events_with_its_caller(used: Any) -> None:
    used.advance(60)
    used.call("PATCH", f"{GROUP}/web", {"tags": {"a": "b"}}, version="2023-05-01")
    answer = ask(used, f"START and resourceUri eq '/subscriptions/{used.subscription}/{GROUP.upper()}/WEB'")
    assert told(answer) == [
        ("write", "Succeeded", "OK"),
        ("write", "Started", ""),
        ("write", "Accepted", "Created"),
        ("write", "Started", ""),
    ]
    event = answer.json()["value"][0]
    main = used.directory.main
    assert event["caller"] == main.object_id
    assert event["claims"]["appid"] == main.client_id
    assert event["operationName"]["value"] == "Microsoft.ContainerInstance/containerGroups/write"
    assert event["resourceType"]["value"] == "Microsoft.ContainerInstance/containerGroups"
    assert event["resourceId"] == f"/subscriptions/{used.subscription}/{GROUP}/web"
    assert event["authorization"] == {"action": event["operationName"]["value"], "scope": event["resourceId"]}
    assert event["resourceGroupName"] == "rg"
    assert event["eventTimestamp"].endswith("Z")
    assert len({each["eventDataId"] for each in answer.json()["value"]}) == 4


def test_reads_are_not_logged(used: Any) -> None:
    before = told(ask(used))
    used.call("GET", f"{GROUP}/web", version="2023-05-01")
    used.call("POST", "providers/Microsoft.PolicyInsights/checkPolicyRestrictions", {}, version="2023-03-01")
    assert told(ask(used)) == before


def test_actions_and_deletes_are_logged_of_their_resource(used: Any) -> None:
    used.advance(600)
    assert used.call("POST", f"{GROUP}/web/restart", version="2023-05-01").status_code == 204
    used.advance(60)
    assert used.call("DELETE", f"{GROUP}/web", version="2023-05-01").status_code == 200
    events = ask(used, f"START and resourceUri eq '/subscriptions/{used.subscription}/{GROUP}/web'").json()["value"]
    names = list(dict.fromkeys(each["operationName"]["value"].partition("containerGroups/")[2] for each in events))
    assert names == ["delete", "restart/action", "write"]
    assert {each["resourceType"]["value"] for each in events} == {"Microsoft.ContainerInstance/containerGroups"}


def test_what_is_refused_has_failed(used: Any) -> None:
    put(used, "bad", {**BODY, "properties": {}})
    assert told(ask(used, f"START and resourceUri eq '/subscriptions/{used.subscription}/{GROUP}/bad'")) == [
        ("write", "Failed", "BadRequest"),
        ("write", "Started", ""),
    ]


@pytest.mark.parametrize(
    ("filter_text", "number"),
    [
        ("START", 4),
        ("START and resourceGroupName eq 'RG'", 4),
        ("START and resourceGroupName eq 'other'", 0),
        ("START and eventChannels eq 'Admin, Operation' and resourceProvider eq 'Microsoft.ContainerInstance'", 2),
        ("eventTimestamp ge 'NOW' and eventTimestamp le 'NOW'", 4),
    ],
)
def test_the_documented_filters(used: Any, filter_text: str, number: int) -> None:
    now = f"{used.emulator.clock.now():%Y-%m-%dT%H:%M:%S.%f}7Z"
    assert len(ask(used, filter_text.replace("NOW", now)).json()["value"]) == number


def test_events_of_one_correlation(used: Any) -> None:
    correlation = "5b5c5e4e-0000-4000-8000-000000000001"
    headers = {"x-ms-correlation-request-id": correlation}
    used.call("DELETE", f"{GROUP}/web", version="2023-05-01", headers=headers)
    assert [name for name, *_rest in told(ask(used, f"START and correlationId eq '{correlation}'"))] == ["delete"] * 2


@pytest.mark.parametrize(
    "filter_text",
    [
        "",
        "resourceGroupName eq 'rg'",
        "eventTimestamp ge 'yesterday'",
        "START or resourceGroupName eq 'rg'",
        "START and caller eq 'somebody'",
        "START and resourceGroupName eq 'rg' and resourceUri eq '/x'",
    ],
)
def test_other_filters_are_refused(used: Any, filter_text: str) -> None:
    answer = ask(used, filter_text)
    assert answer.status_code == 400
    assert answer.json()["code"] == "BadRequest"


def test_only_ninety_days(used: Any) -> None:
    long_ago = f"eventTimestamp ge '{used.emulator.clock.now():%Y-%m-%d}'"
    used.advance(91 * 86400)
    used.bearer = used.token(used.directory.main)
    answer = ask(used, long_ago)
    assert answer.status_code == 400
    assert answer.json() == {
        "code": "BadRequest",
        "message": "The start time cannot be more than 90 days in the past.",
    }
    assert told(ask(used)) == []
    assert used.emulator.store.count("activity_log") == 0


def test_pages_and_chosen_properties(used: Any) -> None:
    for number in range(PAGE_SIZE // 2):
        used.call("PATCH", f"{GROUP}/web", {"tags": {"number": str(number)}}, version="2023-05-01")
    first = ask(used, **{"$select": "eventTimestamp, operationName"}).json()
    assert len(first["value"]) == PAGE_SIZE
    assert {tuple(each) for each in first["value"]} == {("eventTimestamp", "operationName")}
    second = used.call("GET", first["nextLink"]).json()
    assert len(second["value"]) == 4
    assert "nextLink" not in second


def test_who_may_not_read_it(used: Any, start_api: Callable[..., Any]) -> None:
    role = Role("groups", ["Microsoft.ContainerInstance/*"])
    principal = used.directory.give_role("watcher", role)
    answer = used.call("GET", LOG, version="2015-04-01", headers={"Authorization": used.token(principal)})
    assert answer.status_code == 403
    error = answer.json()["error"]
    assert error["code"] == "AuthorizationFailed"
    scope = f"/subscriptions/{used.subscription}/providers/Microsoft.Insights/eventtypes/management"
    assert f"action 'Microsoft.Insights/eventtypes/values/read' over scope '{scope}'" in error["message"]
    # What the same identity tried to change and was not allowed to is in the log of who may read it.
    tried = used.call(
        "PUT", "resourceGroups/theirs", {"location": "westus2"}, headers={"Authorization": used.token(principal)}
    )
    assert tried.status_code == 403
    found = ask(used, "START and resourceGroupName eq 'theirs'").json()["value"]
    assert [(each["caller"], each["status"]["value"]) for each in found] == [
        (principal.object_id, "Failed"),
        (principal.object_id, "Started"),
    ]


def test_another_subscription_has_a_log_of_its_own(used: Any) -> None:
    path = f"/subscriptions/{used.other_subscription}/{LOG}"
    start = f"eventTimestamp ge '{used.emulator.clock.now():%Y-%m-%d}'"
    assert used.call("GET", path, version="2015-04-01", query={"$filter": start}).json() == {"value": []}


def test_the_log_outlives_the_emulator(used: Any, start_api: Callable[..., Any]) -> None:
    events = told(ask(used))
    used.client.__exit__()
    assert told(ask(start_api())) == events


def test_a_change_that_cannot_be_logged_is_made(used: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = used.emulator.store.put

    def full(kind: str, key: str, value: Any) -> None:
        if kind == "activity_log":
            raise StateError("disk full")
        stored(kind, key, value)

    monkeypatch.setattr(used.emulator.store, "put", full)
    assert put(used, "second").status_code == 201
    assert used.call("GET", f"{GROUP}/second", version="2023-05-01").status_code == 200


def test_a_reset_empties_it(used: Any) -> None:
    assert used.client.post("/emulator/reset").status_code in (200, 204)
    assert told(ask(used)) == []


def test_a_resource_is_told_apart_from_one_whose_name_begins_alike(used: Any) -> None:
    put(used, "web2")
    for name, events in (("web", 2), ("web2", 2), ("we", 0)):
        uri = f"/subscriptions/{used.subscription}/{GROUP}/{name}"
        found = ask(used, f"START and resourceUri eq '{uri}'").json()["value"]
        assert [each["resourceId"] for each in found] == [uri] * events


def test_a_resource_of_another_subscription_has_no_events_here(used: Any) -> None:
    uri = f"/subscriptions/{'0' * 8}-0000-4000-8000-{'0' * 12}/{GROUP}/web"
    assert ask(used, f"START and resourceUri eq '{uri}'").json()["value"] == []
