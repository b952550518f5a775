# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why groups are not in their expected state."""

from __future__ import annotations

from ansible_collections.azure_containers.aci.plugins.module_utils._group.problems import (
    MOUNT_BLOCKER,
    PULL_BLOCKER,
    blocker,
    reasons,
)
from ansible_collections.azure_containers.aci.tests.unit.support.views import ended, group, looping, running


def test_a_container_without_an_exit_code_is_told_as_the_service_tells_it() -> None:
    broken = {"currentState": {"state": "Terminated", "detailStatus": "Infrastructure Error"}}
    stopped = {"currentState": {"state": "Terminated", "detailStatus": "Container stopped per client request"}}
    unheard = {"restartCount": 1, "currentState": {"state": "Hibernated", "detailStatus": "Asleep"}}
    bare = {"currentState": {"state": "Terminated"}}
    assert reasons(group("Unknown", ended(None), broken, stopped, unheard, bare)) == [
        "Container c0 is Terminated without an exit code (Error).",
        "Container c1 is Terminated without an exit code (Infrastructure Error).",
        "Container c2 is Terminated without an exit code (Container stopped per client request).",
        "Container c3 is Hibernated (Asleep) after 1 restarts.",
        "Container c4 is Terminated without an exit code.",
    ]


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
    assert reasons(wire) == [
        "Container c0 waits (CrashLoopBackOff: Back-off 10s restarting failed) after 2 restarts; "
        "its last run ended with exit code 3.",
        "Container c1 ended with exit code 7 (Error).",
        "Event BackOff of container c0: Back-off restarting.",
    ]


def test_a_pull_in_vain_is_seen_while_the_container_waits() -> None:
    view = {"currentState": {"state": "Waiting"}, "events": [{"message": 'Back-off pulling image "x"'}]}
    assert blocker(group("Pending", view)) is PULL_BLOCKER
    assert blocker(group("Running", {**view, **running()})) is None


def test_a_mount_that_fails_is_seen_in_the_groups_events() -> None:
    wire = group("Pending", None)
    wire["properties"]["instanceView"]["events"] = [
        {"name": "FailedMountAzureFileVolume", "message": "Failed to mount"}
    ]
    assert blocker(wire) is MOUNT_BLOCKER
    assert blocker(group("Pending", None)) is None
