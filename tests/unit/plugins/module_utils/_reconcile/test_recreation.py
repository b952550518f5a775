# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way over a delete: what is kept, what is restored, and what is refused before it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError, Refused
from ansible_collections.azure_containers.aci.plugins.module_utils._group.plan import make_plan
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.recreation import GroupRecreation
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.task import GroupTask
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.waits import GroupWaits
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.writes import GroupWrites
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient
from ansible_collections.azure_containers.aci.tests.unit.support.tasks import group_task, live


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

    def refuse(body: dict[str, Any]) -> None:
        if body["properties"].get("restartPolicy") == "Never":
            raise AzureError("No capacity.", code="ServiceUnavailable", status=409)

    client.on_put = refuse
    task = recreating(client, tmp_path)
    with pytest.raises(AzureError, match="its old definition was restored") as caught:
        recreation(task).recreate(make_plan(client.group, task.wanted), live())
    assert caught.value.result["restored"] is True
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


def test_a_quota_without_room_refuses_before_the_delete(tmp_path: Path) -> None:
    client = FakeClient(group=live())
    client.usages = [{"name": {"value": "StandardCores"}, "currentValue": 10, "limit": 10}]
    requests = {"requests": {"cpu": 4, "memory_in_gb": 4}}
    task = recreating(client, tmp_path, containers=[{"name": "web", "resources": requests}])
    with pytest.raises(Refused) as caught:
        recreation(task).recreate(make_plan(client.group, task.wanted), live())
    assert caught.value.code == "QuotaExceeded"
    assert "delete" not in client.calls
