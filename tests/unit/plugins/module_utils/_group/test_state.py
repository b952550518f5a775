# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Predicates on instance views."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group import state as states


def running(start: str = "2025-11-18T10:00:00.000Z") -> dict[str, Any]:
    return {"restartCount": 0, "currentState": {"state": "Running", "startTime": start, "detailStatus": ""}}


def ended(code: int | None) -> dict[str, Any]:
    state = {"state": "Terminated", "detailStatus": "Completed" if code == 0 else "Error"}
    return {"restartCount": 0, "currentState": state if code is None else {**state, "exitCode": code}}


def looping(restarts: int) -> dict[str, Any]:
    return {
        "restartCount": restarts,
        "currentState": {"state": "Waiting", "detailStatus": "CrashLoopBackOff: Back-off 10s restarting failed"},
        "previousState": {"state": "Terminated", "exitCode": 3},
    }


def group(state: str, *views: dict[str, Any] | None, policy: str | None = None) -> dict[str, Any]:
    containers = [
        {"name": f"c{index}", "properties": {} if view is None else {"instanceView": view}}
        for index, view in enumerate(views)
    ]
    properties: dict[str, Any] = {
        "provisioningState": "Succeeded",
        "containers": containers,
        "instanceView": {"events": [], "state": state},
    }
    return {"properties": properties if policy is None else {**properties, "restartPolicy": policy}}


@pytest.mark.parametrize(
    ("wire", "done", "code"),
    [
        (group("Running", running(), running()), True, ""),
        (group("Running", running(), None), False, ""),
        (group("Pending", None), False, ""),
        (group("Running", running(), ended(0)), False, ""),
        (group("Running", running(), ended(0), policy="OnFailure"), True, ""),
        (group("Succeeded", ended(0), policy="Never"), True, ""),
        (group("Failed", ended(2), policy="Never"), False, "ContainerFailed"),
        (group("Running", running(), looping(4)), False, ""),
        (group("Running", running(), looping(5)), False, "CrashLoop"),
        (group("Running"), False, ""),
        ({"properties": {}}, False, ""),
        ({}, False, ""),
    ],
)
def test_running(wire: dict[str, Any], done: bool, code: str) -> None:
    verdict = states.is_running(wire, 5)
    assert (verdict.done, verdict.code, verdict.failed) == (done, code, bool(code))


@pytest.mark.parametrize(
    ("wire", "allowed", "done", "code"),
    [
        (group("Succeeded", ended(0), policy="Never"), [0], True, ""),
        (group("Failed", ended(2), policy="Never"), [0], False, "ContainerFailed"),
        (group("Failed", ended(2), policy="Never"), [0, 2], True, ""),
        (group("Failed", ended(2), ended(3), policy="Never"), [0, 2], False, "ContainerFailed"),
        (group("Failed", ended(None), policy="Never"), [0], False, "ContainerFailed"),
        (group("Stopped", ended(None), policy="Never"), [0], False, "ContainerGroupStopped"),
        (group("Running", running(), policy="Never"), [0], False, ""),
        (group("Running", looping(9), policy="OnFailure"), [0], False, "CrashLoop"),
    ],
)
def test_completed(wire: dict[str, Any], allowed: list[int], done: bool, code: str) -> None:
    verdict = states.is_completed(wire, 5, allowed)
    assert (verdict.done, verdict.code) == (done, code)


def test_a_run_is_fresh_once_every_container_began_anew() -> None:
    old = group("Running", running("1"), running("1"))
    before = states.start_times(old)
    assert before == {"c0": "1", "c1": "1"}
    assert not states.is_fresh(old, before)
    assert not states.is_fresh(group("Running", running("2"), running("1")), before)
    assert states.is_fresh(group("Running", running("2"), running("2")), before)
    assert states.is_fresh(old, {})


def test_a_container_without_an_exit_code_is_told_as_the_service_tells_it() -> None:
    broken = {"currentState": {"state": "Terminated", "detailStatus": "Infrastructure Error"}}
    stopped = {"currentState": {"state": "Terminated", "detailStatus": "Container stopped per client request"}}
    unheard = {"restartCount": 1, "currentState": {"state": "Hibernated", "detailStatus": "Asleep"}}
    bare = {"currentState": {"state": "Terminated"}}
    assert states.reasons(group("Unknown", ended(None), broken, stopped, unheard, bare)) == [
        "Container c0 is Terminated without an exit code (Error).",
        "Container c1 is Terminated without an exit code (Infrastructure Error).",
        "Container c2 is Terminated without an exit code (Container stopped per client request).",
        "Container c3 is Hibernated (Asleep) after 1 restarts.",
        "Container c4 is Terminated without an exit code.",
    ]


@pytest.mark.parametrize("state", ["Unknown", "Hibernated", "Unhealthy", "Pending", "Running", None])
def test_only_a_group_that_is_known_to_be_finished_is(state: str | None) -> None:
    wire = group(str(state), ended(None))
    if state is None:
        del wire["properties"]["instanceView"]
    assert not states.is_finished(wire)
    assert all(states.is_finished(group(each)) for each in ("Stopped", "Succeeded", "Failed"))


def test_reasons_tell_of_exit_codes_waiting_and_warnings() -> None:
    wire = group("Running", looping(2), ended(7), running())
    wire["properties"]["containers"][0]["properties"]["instanceView"]["events"] = [
        {"name": "Started", "message": "Started container", "type": "Normal", "lastTimestamp": "2025-01-01T00:00:01Z"},
        {
            "name": "BackOff",
            "message": "Back-off restarting",
            "type": "Warning",
            "lastTimestamp": "2025-01-01T00:00:02Z",
        },
    ]
    assert states.reasons(wire) == [
        "Container c0 waits (CrashLoopBackOff: Back-off 10s restarting failed) after 2 restarts; "
        "its last run ended with exit code 3.",
        "Container c1 ended with exit code 7 (Error).",
        "Event BackOff of container c0: Back-off restarting.",
    ]


def test_a_pull_in_vain_is_seen_while_the_container_waits() -> None:
    view = {"currentState": {"state": "Waiting"}, "events": [{"message": 'Back-off pulling image "x"'}]}
    assert states.blocker(group("Pending", view)) is states.PULL_BLOCKER
    assert states.blocker(group("Running", {**view, **running()})) is None


def test_a_mount_that_fails_is_seen_in_the_groups_events() -> None:
    wire = group("Pending", None)
    wire["properties"]["instanceView"]["events"] = [
        {"name": "FailedMountAzureFileVolume", "message": "Failed to mount"}
    ]
    assert states.blocker(wire) is states.MOUNT_BLOCKER
    assert states.blocker(group("Pending", None)) is None
