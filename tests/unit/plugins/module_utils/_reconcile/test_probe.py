# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Probing a definition before the old group is deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    AzureError,
    InvalidArguments,
    Refused,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._group.plan import make_plan
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.checks import GroupChecks
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.preflight import GroupPreflight
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.task import GroupTask
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.work import GroupReconciler
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient, FakeOperation
from ansible_collections.azure_containers.aci.tests.unit.support.tasks import group_task, live

STUCK = {
    "restartCount": 0,
    "currentState": {"state": "Waiting", "detailStatus": "ImagePullBackOff"},
    "events": [{"name": "Failed", "message": "Failed to pull image", "count": 3}],
}


class TwoGroups(FakeClient):
    """Keeps the probe group beside the old one, in a separate client."""

    def __init__(self) -> None:
        super().__init__(group=live())
        self.probe = FakeClient()

    def get_group(self, rg: str, name: str) -> dict[str, Any] | None:
        return self.probe.get_group(rg, "x") if name == "web-probe" else super().get_group(rg, name)

    def put_group(self, rg: str, name: str, body: dict[str, Any], *, deadline: float) -> FakeOperation:
        if name == "web-probe":
            assert self.group is not None, "the old group is gone"
            return self.probe.put_group(rg, name, body, deadline=deadline)
        assert self.probe.group is None, "the trial was not removed"
        return super().put_group(rg, name, body, deadline=deadline)

    def delete_group(self, rg: str, name: str, *, deadline: float) -> dict[str, Any] | None:
        if name == "web-probe":
            return self.probe.delete_group(rg, name, deadline=deadline)
        return super().delete_group(rg, name, deadline=deadline)


def probing(client: FakeClient, tmp_path: Path, **options: Any) -> GroupTask:
    given = {"restart_policy": "Never", "image_pull_timeout": 20, **options}
    return group_task(client, recreate="probed", recovery_dir=str(tmp_path), **given)


def recreate(task: GroupTask) -> Any:
    plan = GroupPreflight(task).asked(make_plan(live(), task.wanted), live())
    return GroupReconciler(task).recreate(plan, live())


def failed(task: GroupTask) -> AciError:
    with pytest.raises(AciError) as caught:
        recreate(task)
    return caught.value


def test_the_definition_is_tried_and_then_made(tmp_path: Path) -> None:
    client = TwoGroups()
    done = recreate(probing(client, tmp_path))
    assert done.action == "recreated"
    (tried,) = client.probe.bodies
    assert tried["properties"]["restartPolicy"] == "Never"
    assert tried["tags"] == {"probe_of": "web", "expires_at": "2026-03-01T10:10:00Z"}
    assert client.probe.group is None
    assert client.group is not None
    assert client.group["properties"]["restartPolicy"] == "Never"
    assert "tags" not in client.bodies[0]


@pytest.mark.parametrize("fault", ["refused", "stuck"])
def test_a_definition_that_fails_leaves_the_old_group_alone(tmp_path: Path, fault: str) -> None:
    client = TwoGroups()

    def refuse(_body: dict[str, Any]) -> None:
        raise AzureError("No room.", code="ServiceUnavailable", status=409)

    if fault == "refused":
        client.probe.on_put = refuse
    else:
        client.probe.view = lambda _run: STUCK
    error = failed(probing(client, tmp_path))
    assert "was tried as web-probe and failed, so nothing was changed" in error.msg
    assert client.probe.group is None
    assert "delete" not in client.calls
    assert "put" not in client.calls
    if fault != "refused":
        assert error.code == "ImagePullFailed"
        assert error.result["failed_group"]["containers"]
    assert not any(tmp_path.iterdir())


def test_what_a_killed_run_left_is_removed_first(tmp_path: Path) -> None:
    client = TwoGroups()
    client.probe.group = {**live(), "tags": {"probe_of": "web"}}
    recreate(probing(client, tmp_path))
    assert client.probe.calls.count("delete") == 2


def test_another_group_of_that_name_is_left_alone(tmp_path: Path) -> None:
    client = TwoGroups()
    client.probe.group = live()
    error = failed(probing(client, tmp_path))
    assert error.code == "ProbeNameTaken"
    assert client.probe.group is not None
    assert "delete" not in client.calls


def test_a_trial_that_cannot_be_removed_stops_before_the_old_group(tmp_path: Path) -> None:
    client = TwoGroups()

    def locked() -> None:
        raise AzureError("Locked.", code="ScopeLocked", status=409)

    client.probe.on["delete"] = locked
    assert failed(probing(client, tmp_path)).code == "ScopeLocked"
    assert "delete" not in client.calls
    client.probe.group = None
    client.probe.view = lambda _run: STUCK
    error = failed(probing(client, tmp_path))
    assert error.code == "ImagePullFailed"
    assert "could not be removed: Locked." in error.msg


def test_the_plan_says_what_it_takes_and_the_quota_must_have_room_for_both() -> None:
    client = FakeClient(group=live())
    task = group_task(client, recreate="probed", restart_policy="Never")
    plan = make_plan(live(), task.wanted)
    found = GroupPreflight(task).asked(plan, live())
    assert found.probe is not None
    assert found.probe["name"] == "web-probe"
    assert "usage" in client.calls
    client.usages = [{"name": {"value": "ContainerGroups"}, "currentValue": 5, "limit": 5}]
    with pytest.raises(Refused, match="cannot be tried beside it") as caught:
        GroupPreflight(task).asked(plan, live())
    assert caught.value.code == "QuotaExceeded"
    # Without a probe, the old group frees its quota.
    task = group_task(client, recreate="when_needed", restart_policy="Never")
    assert GroupPreflight(task).asked(plan, live()).probe is None


def test_a_trial_that_nobody_waits_for_is_none() -> None:
    task = group_task(FakeClient(), recreate="probed", restart_policy="Never", wait=False)
    with pytest.raises(InvalidArguments, match="probed"):
        GroupChecks(task).check_recreate(make_plan(live(), task.wanted), live())
