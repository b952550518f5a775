# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reads of a task on one group, before anything is written."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    AzureError,
    InvalidArguments,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._common.wait import Deadline
from ansible_collections.azure_containers.aci.plugins.module_utils._group.plan import Wanted, make_plan
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.task import GroupTask
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient, FakeClock

RUNNING = {"state": "Running", "startTime": "1"}
ENDED = {"state": "Terminated", "exitCode": 0, "detailStatus": "Completed", "startTime": "1"}
STOPPED = {"state": "Terminated", "detailStatus": "Container stopped per client request"}
FAILED = {"state": "Terminated", "exitCode": 3, "detailStatus": "Error", "startTime": "1"}


def live(state: str, current: dict[str, Any], provisioning: str = "Succeeded", policy: str = "Never") -> dict[str, Any]:
    container = {"name": "web", "properties": {"image": "nginx", "instanceView": {"currentState": current}}}
    view = {"state": state, "events": []}
    properties = {"provisioningState": provisioning, "restartPolicy": policy, "instanceView": view}
    return {"name": "web", "properties": {**properties, "containers": [container]}}


def task(client: FakeClient | None = None, *, check: bool = False, diff: bool = False, **options: Any) -> GroupTask:
    params = {
        "resource_group": "shop",
        "name": "web",
        "state": "present",
        "wait": True,
        "wait_for": "running",
        "repull": False,
        "max_restarts": 5,
        "failure_log_lines": 20,
        "allowed_exit_codes": [0],
        "recovery_dir": "/own",
        **options,
    }
    clock, fake = FakeClock(), client or FakeClient()
    context = Context(params, check, diff, fake, sleep=clock.sleep, monotonic=clock.monotonic)  # type: ignore[arg-type]
    return GroupTask(context, Wanted({}), Deadline(clock, 60))


@pytest.mark.parametrize(
    ("state", "check", "code", "raises"),
    [
        ("absent", False, "ResourceGroupNotFound", False),
        ("present", True, "ResourceGroupNotFound", False),
        ("present", False, "ResourceGroupNotFound", True),
        ("absent", False, "AuthorizationFailed", True),
        ("present", True, "AuthorizationFailed", True),
    ],
)
def test_a_resource_group_that_is_missing(state: str, check: bool, code: str, raises: bool) -> None:
    client = FakeClient()

    def refuse() -> None:
        raise AzureError("no", code=code)

    client.on["get"] = refuse
    found = task(client, check=check, state=state)
    if raises:
        with pytest.raises(AzureError):
            found.find()
    else:
        assert found.find() is None


@pytest.mark.parametrize(
    ("wanted", "group", "action"),
    [
        ("present", live("Running", RUNNING), None),
        ("present", live("Stopped", ENDED), None),
        ("started", live("Running", RUNNING), None),
        ("started", live("Stopped", STOPPED), "started"),
        ("started", live("Succeeded", ENDED), None),
        ("stopped", live("Running", RUNNING), "stopped"),
        ("stopped", live("Stopped", ENDED), None),
        ("stopped", live("Succeeded", ENDED), None),
        ("stopped", live("Hibernated", RUNNING), "stopped"),
        ("restarted", live("Running", RUNNING), "restarted"),
        ("restarted", live("Stopped", ENDED), "started"),
    ],
)
def test_transitions(wanted: str, group: dict[str, Any], action: str | None) -> None:
    found = task(state=wanted).transition(group, make_plan(group, Wanted({})))
    assert (found and found[0]) == action
    if found:
        assert found[1].property == "state"


def test_pulling_again_is_asked_for() -> None:
    group = live("Running", RUNNING)
    found = task(repull=True).transition(group, make_plan(group, Wanted({})))
    assert found is not None
    assert found[0] == "repulled"
    assert task(repull=True, state="stopped").transition(live("Stopped", ENDED), make_plan(group, Wanted({}))) is None


@pytest.mark.parametrize(
    ("options", "group", "settled"),
    [
        ({"wait": False}, live("Pending", {}, "Pending"), True),
        ({}, live("Running", RUNNING), True),
        ({}, live("Pending", {}, "Updating"), False),
        ({}, live("Pending", {}), False),
        ({"wait_for": "provisioned"}, live("Pending", {}), True),
        ({"wait_for": "completed"}, live("Succeeded", ENDED), True),
        ({"wait_for": "completed"}, live("Running", RUNNING), False),
        ({"state": "stopped"}, live("Stopped", ENDED), True),
        ({}, live("Stopped", ENDED), True),
    ],
)
def test_what_is_settled(options: dict[str, Any], group: dict[str, Any], settled: bool) -> None:
    assert task(**options).is_settled(group) is settled


def test_check_mode_does_not_wait() -> None:
    assert task(check=True).is_settled(live("Pending", {}, "Updating"))


@pytest.mark.parametrize(
    ("options", "group", "code"),
    [
        ({}, live("Failed", {}, "Failed"), "ProvisioningFailed"),
        ({"wait_for": "completed"}, live("Failed", FAILED), "ContainerFailed"),
        ({"wait_for": "completed"}, live("Running", RUNNING, policy="Always"), "InvalidArguments"),
    ],
)
def test_what_never_will_be(options: dict[str, Any], group: dict[str, Any], code: str) -> None:
    with pytest.raises((AciError, InvalidArguments)) as caught:
        task(**options).is_settled(group)
    assert caught.value.code == code


def test_an_exit_code_may_be_allowed() -> None:
    assert task(wait_for="completed", allowed_exit_codes=[0, 3]).is_settled(live("Failed", FAILED))


def test_a_failure_shows_the_last_state() -> None:
    with pytest.raises(AciError) as caught:
        task().fail(live("Failed", FAILED), "Broken", "Reason.")
    assert caught.value.code == "Broken"
    assert caught.value.result["exit_codes"] == {"web": 3}
    assert caught.value.result["container_group"]["state"] == "Failed"


def test_results() -> None:
    nothing = task().result("none", [], None)
    assert (nothing["changed"], nothing["container_group"], nothing["changes"]) == (False, None, [])
    assert "diff" not in nothing
    found = task(diff=True).result("created", [], live("Running", RUNNING))
    assert found["changed"] is True
    assert found["container_group"]["name"] == "web"
    assert "diff" in found
