# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group.last_change import (
    change_by_log,
    change_by_system_data,
    last_change,
)

WRITE = "Microsoft.ContainerInstance/containerGroups/write"


def event(
    at: str, status: str = "Succeeded", operation: str = WRITE, request: str = "1", **more: Any
) -> dict[str, Any]:
    return {
        "caller": f"caller {request}",
        "correlationId": f"correlation {request}",
        "operationId": f"operation {request}",
        "eventTimestamp": f"2026-03-01T{at}:00.0000000Z",
        "operationName": {"value": operation},
        "status": {"value": status},
        **more,
    }


def caller(*events: dict[str, Any]) -> str | None:
    found = change_by_log(events)
    return None if found is None else found["by"]


def test_the_request_that_was_sent_last_counts_from_its_first_event() -> None:
    events = [
        event("10:00", "Started", request="1"),
        event("10:05", "Succeeded", request="1"),
        event("10:03", "Started", request="2"),
        event("10:04", "Accepted", request="2"),
    ]
    for some in (events, events[::-1]):
        assert change_by_log(some) == {
            "by": "caller 2",
            "by_type": None,
            "at": "2026-03-01T10:03:00.0000000Z",
            "operation": WRITE,
            "correlation_id": "correlation 2",
            "source": "activity_log",
        }


def test_what_was_refused_changed_nothing() -> None:
    earlier = event("09:00", request="1")
    assert caller(earlier, event("10:00", "Started", request="2"), event("10:00", "Failed", request="2")) == "caller 1"
    assert caller(earlier, event("10:00", "Canceled", request="2")) == "caller 1"
    assert caller(event("10:00", "Failed")) is None


def test_what_failed_after_it_was_accepted_changed_the_group() -> None:
    later = [event("10:00", "Accepted", request="2"), event("10:30", "Failed", request="2")]
    assert caller(event("09:00", request="1"), *later) == "caller 2"


def test_a_request_whose_end_is_not_logged_yet_counts() -> None:
    assert caller(event("09:00", request="1"), event("10:00", "Started", request="2")) == "caller 2"


@pytest.mark.parametrize(
    "operation",
    [
        "Microsoft.ContainerInstance/containerGroups/restart/action",
        "Microsoft.ContainerInstance/containerGroups/stop/action",
        "Microsoft.Authorization/policies/audit/action",
        "Microsoft.Authorization/locks/write",
        "",
    ],
)
def test_what_changes_no_definition_does_not_count(operation: str) -> None:
    assert caller(event("10:00", operation=operation)) is None


def test_a_delete_counts_and_case_does_not() -> None:
    gone = event("10:00", operation="MICROSOFT.CONTAINERINSTANCE/CONTAINERGROUPS/DELETE", request="2")
    assert caller(event("09:00", request="1"), gone) == "caller 2"


def test_events_without_an_operation_stand_alone() -> None:
    nothing = {"operationId": None, "correlationId": None}
    events = [event("10:00", "Failed", request="2", **nothing), event("09:00", "Succeeded", request="1", **nothing)]
    assert caller(*events) == "caller 1"


@pytest.mark.parametrize("at", [None, "", "yesterday", 7])
def test_an_event_without_a_time_says_nothing(at: Any) -> None:
    assert caller({**event("10:00"), "eventTimestamp": at}) is None


def test_credentials_are_not_shown() -> None:
    found = change_by_log([event("10:00", caller="https://ann:hunter2hunter2@example.com")])
    assert found is not None
    assert "hunter2" not in found["by"]


def system(at: str, by: str = "ann@example.com") -> dict[str, Any]:
    data = {"lastModifiedBy": by, "lastModifiedByType": "User", "lastModifiedAt": f"2026-03-01T{at}:00Z"}
    found = change_by_system_data({"systemData": data})
    assert found is not None
    return found


@pytest.mark.parametrize("wire", [None, {}, {"systemData": None}, {"systemData": {"createdBy": "ann"}}])
def test_a_group_that_does_not_say(wire: dict[str, Any] | None) -> None:
    assert change_by_system_data(wire) is None


def test_what_one_source_says_counts_where_the_other_says_nothing() -> None:
    logged = change_by_log([event("10:00")])
    assert last_change(None, None) is None
    assert last_change(system("10:00"), None) == system("10:00")
    assert last_change(None, logged) == logged


@pytest.mark.parametrize(
    ("read", "logged", "source"),
    [
        ("10:00", "10:00", "activity_log"),
        ("10:01", "10:00", "activity_log"),
        ("10:02", "10:00", "system_data"),
        ("09:00", "10:00", "activity_log"),
    ],
)
def test_of_the_same_change_the_log_knows_more_but_it_is_late(read: str, logged: str, source: str) -> None:
    found = last_change(system(read), change_by_log([event(logged)]))
    assert found is not None
    assert found["source"] == source


def test_the_type_is_that_of_the_same_identity_only() -> None:
    logged = change_by_log([event("10:00", caller="ann@example.com")])
    assert (last_change(system("10:00"), logged) or {})["by_type"] == "User"
    assert (last_change(system("10:00", "bob@example.com"), logged) or {})["by_type"] is None
