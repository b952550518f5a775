# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The conditions of waits, and how waits end."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.operation import OperationStatus
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError, AzureError, TimedOut
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.waits import GroupWaits
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import (
    PENDING,
    SUCCEEDED,
    FakeClient,
    FakeOperation,
)
from ansible_collections.azure_containers.aci.tests.unit.support.tasks import group_task, live


def test_an_operation_is_polled_to_its_end() -> None:
    task = group_task(FakeClient(group=live()))
    operation: Any = FakeOperation([PENDING, PENDING, SUCCEEDED])
    GroupWaits(task).wait_for_end(operation)
    assert operation.statuses == [SUCCEEDED]


def test_an_operation_that_fails_has_a_message_without_a_code() -> None:
    failed = OperationStatus("Failed", True, False, error={"message": "Failed to mount the volume."})
    operation: Any = FakeOperation([PENDING, failed])
    with pytest.raises(AzureError, match="Failed to mount the volume") as caught:
        GroupWaits(group_task(FakeClient(group=live()))).wait_for_end(operation)
    assert caught.value.code == "OperationFailed"
    assert caught.value.result["container_group"]["state"] == "Running"


def test_a_run_from_before_the_write_does_not_count() -> None:
    client = FakeClient(group=live())
    task = group_task(client)
    reads = iter([live(), live(), live(), {**live()}])

    def read() -> None:
        client.group = next(reads, None) or fresh

    fresh = live()
    fresh["properties"]["containers"][0]["properties"]["instanceView"]["currentState"]["startTime"] = "2"
    client.on["get"] = read
    assert GroupWaits(task).wait_for_condition({"web": "1"}) == fresh


def test_a_wait_ends_with_the_last_state_seen() -> None:
    task = group_task(FakeClient(group=live("Pending")), wait_timeout=60)
    with pytest.raises(TimedOut) as caught:
        GroupWaits(task).wait_until_finished()
    assert caught.value.result["container_group"]["state"] == "Pending"
    assert task.deadline.left == 0


def test_a_group_that_vanishes_is_no_end() -> None:
    with pytest.raises(AzureError) as caught:
        GroupWaits(group_task(FakeClient())).reread()
    assert caught.value.code == "ResourceNotFound"
    assert GroupWaits(group_task(FakeClient())).read_or_none() is None
    GroupWaits(group_task(FakeClient())).wait_until_gone()


def test_provisioning_that_failed_fails_the_wait() -> None:
    group = live()
    group["properties"]["provisioningState"] = "Failed"
    with pytest.raises(AciError) as caught:
        GroupWaits(group_task(FakeClient(group=group))).wait_for_condition({})
    assert caught.value.code == "ProvisioningFailed"
