# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recreation: what is saved, what is restored, and what is refused before the deletion."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.operation import OperationStatus
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    Ambiguous,
    AzureError,
    ConnectionFailed,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._group.plan import make_plan
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.recreation import GroupRecreation
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.task import GroupTask
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.waits import GroupWaits
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.writes import GroupWrites
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import SUCCEEDED, FakeClient
from ansible_collections.azure_containers.aci.tests.unit.support.tasks import group_task, live

NO_CAPACITY = AzureError("No capacity.", code="ServiceUnavailable", status=409)
DENIED = AzureError("A policy denies it.", code="RequestDisallowedByPolicy", status=403)
TOKEN = {"name": "TOKEN"}
GIVEN = [{"name": "web", "environment_variables": [{"name": "TOKEN", "secure_value": "canary"}]}]


def anew(error: AciError) -> AciError:
    """A new error each time, because handlers extend its message."""
    return type(error)(error.msg, code=error.code, status=error.status)


def refusing(error: AciError, times: int | None = None) -> Callable[[dict[str, Any]], None]:
    """Refuses the new definition, ``times`` times or always."""
    left = [times]

    def refuse(body: dict[str, Any]) -> None:
        if body["properties"].get("restartPolicy") != "Never" or left[0] == 0:
            return
        left[0] = None if left[0] is None else left[0] - 1
        raise anew(error)

    return refuse


def failed(task: GroupTask, group: dict[str, Any]) -> AciError:
    with pytest.raises(AciError) as caught:
        recreation(task).recreate(make_plan(group, task.wanted), group)
    return caught.value


def recreation(task: GroupTask) -> GroupRecreation:
    waits = GroupWaits(task)
    return GroupRecreation(task, waits, GroupWrites(task, waits))


def recreating(client: FakeClient, tmp_path: Path, **options: Any) -> GroupTask:
    return group_task(client, restart_policy="Never", recreate="when_needed", recovery_dir=str(tmp_path), **options)


def test_the_definition_is_kept_until_the_new_group_is_there(tmp_path: Path) -> None:
    client = FakeClient(group=live())
    task = recreating(client, tmp_path)
    kept: list[bool] = []
    client.on_put = lambda _body: kept.append(task.recovery_file().path.exists())
    done = recreation(task).recreate(make_plan(client.group, task.wanted), live())
    assert (done.action, kept) == ("recreated", [True])
    assert done.live["properties"]["restartPolicy"] == "Never"
    assert not task.recovery_file().path.exists()


def test_a_failed_create_restores_the_old_group(tmp_path: Path) -> None:
    client = FakeClient(group=live())

    client.on_put = refusing(DENIED)
    task = recreating(client, tmp_path)
    with pytest.raises(AzureError, match="its old definition was restored") as caught:
        recreation(task).recreate(make_plan(client.group, task.wanted), live())
    result = caught.value.result
    assert result["restored"] is True
    assert result["restore_reason"] in caught.value.msg
    assert result["definition"]["properties"]["restartPolicy"] == "Never"
    assert "restartPolicy" not in result["previous_definition"]["properties"]
    assert "recovery_file" not in result
    assert not any(tmp_path.iterdir())
    assert client.group is not None
    assert "restartPolicy" not in client.group["properties"]


def test_without_its_secrets_the_definition_is_kept_instead(tmp_path: Path) -> None:
    group = live(environmentVariables=[{"name": "TOKEN"}])
    client = FakeClient(group=group)

    def refuse(_body: dict[str, Any]) -> None:
        raise AzureError("No capacity.", code="ServiceUnavailable", status=409)

    client.on_put = refuse
    variables = [{"name": "TOKEN", "secure_value": "canary"}]
    task = recreating(client, tmp_path, containers=[{"name": "web", "environment_variables": variables}])
    with pytest.raises(AzureError, match="cannot be restored") as caught:
        recreation(task).recreate(make_plan(group, task.wanted), group)
    assert caught.value.result["restored"] is False
    assert Path(caught.value.result["recovery_file"]).exists()
    assert "canary" not in str(caught.value.result)


@pytest.mark.parametrize(
    "refusal",
    [
        NO_CAPACITY,
        AzureError("Still counted.", code="ContainerGroupQuotaReached", status=400),
        AzureError("Taken.", code="DnsNameLabelAlreadyTaken", status=409),
        AzureError("Slow down.", code="TooManyRequests", status=429),
        Ambiguous("Internal error.", code="InternalServerError", status=500),
        Ambiguous("The connection was lost."),
        ConnectionFailed("Nobody listens.", status=503),
    ],
    ids=lambda error: error.code,
)
def test_a_refusal_that_may_pass_is_waited_out(tmp_path: Path, refusal: AciError) -> None:
    client = FakeClient(group=live())
    client.on_put = refusing(refusal, times=5)
    told: list[str] = []
    task = recreating(client, tmp_path)
    task = task._replace(context=replace(task.context, progress=told.append))
    done = recreation(task).recreate(make_plan(client.group, task.wanted), live())
    assert done.live["properties"]["restartPolicy"] == "Never"
    assert any(refusal.msg in line and "Trying again in" in line for line in told)


def test_a_refusal_that_stays_is_waited_out_until_the_deadline_and_then_restored(tmp_path: Path) -> None:
    client = FakeClient(group=live())
    client.on_put = refusing(NO_CAPACITY)
    task = recreating(client, tmp_path)
    error = failed(task, live())
    assert error.result["restored"] is True
    assert "within 60 s (wait_timeout)" in error.msg
    assert client.calls.count("put") > 4


def test_a_refusal_for_good_is_not_waited_for(tmp_path: Path) -> None:
    client = FakeClient(group=live())
    client.on_put = refusing(DENIED)
    error = failed(recreating(client, tmp_path), live())
    assert error.result["restored"] is True
    assert client.calls.count("put") == 2


def test_a_restore_is_waited_for_as_well_and_has_its_own_time(tmp_path: Path) -> None:
    client = FakeClient(group=live())
    puts: list[float] = []
    task = recreating(client, tmp_path)
    task = task._replace(context=replace(task.context, params={**task.params, "wait_timeout": 60}))
    clock = task.deadline.clock

    def refuse(_body: dict[str, Any]) -> None:
        puts.append(clock.monotonic())
        if clock.monotonic() < 100:
            raise anew(NO_CAPACITY)

    client.on_put = refuse
    error = failed(task, live())
    assert error.result["restored"] is True
    assert client.group is not None
    assert "restartPolicy" not in client.group["properties"]
    assert max(puts) >= 100


def test_a_restore_that_fails_too_keeps_both_definitions(tmp_path: Path) -> None:
    client = FakeClient(group=live())

    def refuse(_body: dict[str, Any]) -> None:
        raise anew(DENIED)

    client.on_put = refuse
    error = failed(recreating(client, tmp_path), live())
    assert error.result["restored"] is False
    assert "is gone; restoring it failed too: A policy denies it." in error.msg
    kept = json.loads(Path(error.result["recovery_file"]).read_text())
    assert kept["definition"]["properties"]["restartPolicy"] == "Never"
    assert "restartPolicy" not in kept["previous_definition"]["properties"]


def view_of(*, image_pulls: bool = True) -> Callable[[int], dict[str, Any]]:
    """The second run, that of the new group, never gets its image."""
    running = {"restartCount": 0, "currentState": {"state": "Running", "startTime": "2"}}
    stuck = {
        "restartCount": 0,
        "currentState": {"state": "Waiting", "detailStatus": "ImagePullBackOff"},
        "events": [{"name": "Failed", "message": "Failed to pull image", "count": 3}],
    }
    return lambda run: stuck if run == 1 and not image_pulls else running


def test_a_new_group_that_does_not_come_up_is_rolled_back(tmp_path: Path) -> None:
    client = FakeClient(group=live())
    client.view = view_of(image_pulls=False)
    task = recreating(client, tmp_path, image_pull_timeout=20)
    error = failed(task, live())
    assert error.code == "ImagePullFailed"
    assert error.result["restored"] is True
    assert error.result["failed_group"]["restart_policy"] == "Never"
    assert error.result["container_group"].get("restart_policy") != "Never"
    assert client.group is not None
    assert "restartPolicy" not in client.group["properties"]
    assert client.calls.count("delete") == 2


def test_an_operation_that_fails_is_rolled_back(tmp_path: Path) -> None:
    client = FakeClient(group=live())
    ended = OperationStatus("Failed", True, False, error={"message": "No room."})
    client.on_put = lambda body: setattr(
        client, "statuses", [ended if body["properties"].get("restartPolicy") else SUCCEEDED]
    )
    error = failed(recreating(client, tmp_path), live())
    assert error.code == "OperationFailed"
    assert error.result["restored"] is True


@pytest.mark.parametrize("mode", ["leave", None])
def test_what_does_not_come_up_is_left_on_request_or_without_the_old_secrets(tmp_path: Path, mode: str | None) -> None:
    group = live(environmentVariables=[TOKEN]) if mode is None else live()
    client = FakeClient(group=group)
    client.view = view_of(image_pulls=False)
    task = recreating(client, tmp_path, image_pull_timeout=20, on_failed_recreate=mode, containers=GIVEN)
    error = failed(task, group)
    assert error.result["restored"] is False
    assert "The new group is left as it is." in error.result["restore_reason"]
    assert error.result["previous_definition"]
    assert client.calls.count("delete") == 1
    assert client.group is not None
    assert "recovery_file" not in error.result


def test_with_leave_nothing_is_restored(tmp_path: Path) -> None:
    client = FakeClient(group=live())
    client.on_put = refusing(DENIED)
    error = failed(recreating(client, tmp_path, on_failed_recreate="leave"), live())
    assert error.result["restored"] is False
    assert Path(error.result["recovery_file"]).exists()
    assert client.group is None


def test_on_request_the_old_group_gets_the_secrets_of_the_task(tmp_path: Path) -> None:
    group = live(environmentVariables=[TOKEN])
    client = FakeClient(group=group)
    client.on_put = refusing(DENIED)
    error = failed(recreating(client, tmp_path, on_failed_recreate="restore", containers=GIVEN), group)
    assert error.result["restored"] is True
    assert client.bodies[-1]["properties"]["containers"][0]["properties"]["environmentVariables"] == [
        {"name": "TOKEN", "secureValue": "canary"}
    ]
    assert "restartPolicy" not in client.bodies[-1]["properties"]
    assert "canary" not in str(error.as_failure())


def test_a_job_that_ran_is_not_replaced_by_an_older_one(tmp_path: Path) -> None:
    client = FakeClient(group=live("Terminated"))
    ended = {"state": "Terminated", "exitCode": 3, "startTime": "9", "finishTime": "10"}
    client.view = lambda _run: {"restartCount": 0, "currentState": ended}
    client.state = "Failed"
    task = recreating(client, tmp_path, wait_for="completed")
    error = failed(task, live("Terminated"))
    assert error.code == "ContainerFailed"
    assert client.calls.count("put") == 1
    assert "restored" not in error.result


def test_a_group_that_was_stopped_is_stopped_again(tmp_path: Path) -> None:
    client = FakeClient(group=live("Stopped"))
    client.on_put = refusing(DENIED)
    error = failed(recreating(client, tmp_path), live("Stopped"))
    assert error.result["restored"] is True
    assert "stop" in client.calls


def test_a_delete_that_is_refused_changes_nothing(tmp_path: Path) -> None:
    client = FakeClient(group=live())

    def locked() -> None:
        raise AzureError("Locked.", code="ScopeLocked", status=409)

    client.on["delete"] = locked
    error = failed(recreating(client, tmp_path), live())
    assert error.code == "ScopeLocked"
    assert client.group is not None
    assert "put" not in client.calls
    assert "restored" not in error.result
    assert not any(tmp_path.iterdir())


def test_a_group_that_goes_on_being_deleted_keeps_its_file(tmp_path: Path) -> None:
    client = FakeClient(group=live())
    client.delete_group = lambda *_given, **_rest: None  # type: ignore[method-assign]
    error = failed(recreating(client, tmp_path), live())
    assert error.code == "TimedOut"
    assert "is still being deleted" in error.msg
    assert Path(error.result["recovery_file"]).exists()
