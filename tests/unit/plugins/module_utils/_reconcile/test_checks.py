# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AzureError,
    InvalidArguments,
    Refused,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._group.plan import make_plan
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.checks import GroupChecks, planned_result
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient
from ansible_collections.azure_containers.aci.tests.unit.support.tasks import group_task, live


def containers(**web: Any) -> list[dict[str, Any]]:
    return [{"name": "web", "image": "nginx", **web}]


def test_a_new_group_is_checked_and_doubted() -> None:
    warned: list[str] = []
    task = group_task(FakeClient(), warned=warned, name="Web", location="westeurope", containers=containers())
    plan = GroupChecks(task).checked(make_plan(None, task.wanted), None)
    assert [doubt.rule for doubt in plan.doubts] == ["name"]
    assert len(warned) == 1
    assert planned_result(plan)["doubts"] == [plan.doubts[0].as_result()]
    # The name of an existing group can no longer be chosen.
    assert GroupChecks(task).checked(make_plan(live(), task.wanted), live()).doubts == []


def test_a_group_that_never_completes() -> None:
    task = group_task(FakeClient(), location="westeurope", wait_for="completed", containers=containers())
    with pytest.raises(InvalidArguments, match=r"^restart_policy: with Always a group never completes"):
        GroupChecks(task).checked(make_plan(None, task.wanted), None)


def test_secrets_that_a_put_would_drop() -> None:
    group = live(environmentVariables=[{"name": "TOKEN"}])
    task = group_task(FakeClient(), containers=containers(image="nginx:2"))
    with pytest.raises(Refused) as caught:
        GroupChecks(task).check_secrets(make_plan(group, task.wanted))
    assert caught.value.code == "SecretsMissing"
    assert caught.value.result["secrets_missing"] == ["containers[web].environment_variables[TOKEN].secure_value"]


@pytest.mark.parametrize(
    ("identity", "options", "code"),
    [
        (None, {}, "RecreateNeeded"),
        (None, {"recreate": "when_needed"}, None),
        ("SystemAssigned", {"recreate": "when_needed"}, "RecreateNeeded"),
        ("SystemAssigned", {"recreate": "when_needed", "recreate_identity": True}, None),
        (None, {"recreate_identity": True}, "RecreateNeeded"),
    ],
)
def test_a_recreation_needs_consent(identity: str | None, options: dict[str, Any], code: str | None) -> None:
    group = live() | ({"identity": {"type": identity, "principalId": "p"}} if identity else {})
    task = group_task(FakeClient(), restart_policy="Never", **options)
    plan = make_plan(group, task.wanted)
    if code is None:
        GroupChecks(task).check_recreate(plan, group)
        return
    with pytest.raises(Refused, match=r"restart_policy from .* to 'Never'") as caught:
        GroupChecks(task).check_recreate(plan, group)
    assert caught.value.code == code


@pytest.mark.parametrize(("state", "refused"), [("Running", True), ("Unknown", True), ("Stopped", False)])
def test_late_doubts_spare_what_runs(state: str, refused: bool) -> None:
    task = group_task(FakeClient(), containers=containers(ports=[{"port": 22}]))
    plan = GroupChecks(task).checked(make_plan(live(state), task.wanted), live(state))
    assert [doubt.rule for doubt in plan.doubts] == ["reserved_ports"]
    if not refused:
        GroupChecks(task).check_doubts(plan, live(state))
        return
    with pytest.raises(Refused) as caught:
        GroupChecks(task).check_doubts(plan, live(state))
    assert caught.value.code == "Doubtful"


def test_the_owner_of_a_group_is_named_before_a_change() -> None:
    warned: list[str] = []
    checks = GroupChecks(group_task(FakeClient(), warned=warned))
    owned = live()
    owned["properties"]["orchestratorId"] = "/ngroups/fleet"
    checks.warn_of_owner(owned, "none")
    checks.warn_of_owner(live(), "deleted")
    assert warned == []
    checks.warn_of_owner(owned, "deleted")
    assert "/ngroups/fleet" in warned[0]


SUBNET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/apps"


def test_a_new_group_in_a_subnet_without_a_nat_gateway_is_doubted() -> None:
    client = FakeClient()
    client.subnets = {SUBNET: {"name": "apps", "properties": {"addressPrefix": "10.0.0.0/24"}}}
    options = {"location": "westeurope", "containers": containers(), "subnet_ids": [{"id": SUBNET}]}
    task = group_task(client, **options)
    plan = GroupChecks(task).checked(make_plan(None, task.wanted), None)
    assert [(doubt.rule, doubt.path) for doubt in plan.doubts] == [("nat_gateway", "subnet_ids[apps]")]
    task = group_task(client, **options, validation="strict")
    with pytest.raises(InvalidArguments, match="NAT gateway"):
        GroupChecks(task).checked(make_plan(None, task.wanted), None)


@pytest.mark.parametrize("way_out", ["natGateway", "routeTable"])
def test_a_subnet_with_a_way_out_is_not_doubted(way_out: str) -> None:
    client = FakeClient()
    client.subnets = {SUBNET: {"name": "apps", "properties": {way_out: {"id": "/x"}}}}
    task = group_task(client, location="westeurope", containers=containers(), subnet_ids=[{"id": SUBNET}])
    assert GroupChecks(task).checked(make_plan(None, task.wanted), None).doubts == []


def test_a_subnet_that_cannot_be_read_is_not_doubted() -> None:
    def denied() -> None:
        raise AzureError("Could not read the subnet.", code="AuthorizationFailed", status=403)

    client = FakeClient()
    task = group_task(client, location="westeurope", containers=containers(), subnet_ids=[{"id": SUBNET}])
    assert GroupChecks(task).checked(make_plan(None, task.wanted), None).doubts == []  # the group does not exist
    client.on["get subnet"] = denied
    assert GroupChecks(task).checked(make_plan(None, task.wanted), None).doubts == []


def test_a_subnet_is_not_asked_about_where_nobody_chooses_it() -> None:
    client = FakeClient()
    group = live()
    group["properties"]["subnetIds"] = [{"id": SUBNET.upper()}]
    options = {"containers": containers(image="nginx:2"), "subnet_ids": [{"id": SUBNET}]}
    task = group_task(client, **options)
    GroupChecks(task).checked(make_plan(group, task.wanted), group)
    task = group_task(client, location="westeurope", validation="off", **options)
    GroupChecks(task).checked(make_plan(None, task.wanted), None)
    assert "get subnet" not in client.calls


@pytest.mark.parametrize(("mode", "refused"), [("restore", True), ("leave", False), (None, False)])
def test_a_recreation_that_must_be_undone_needs_the_old_secrets(mode: str | None, refused: bool) -> None:
    group = live(environmentVariables=[{"name": "TOKEN"}])
    options = {"recreate": "when_needed", "restart_policy": "Never", "on_failed_recreate": mode}
    task = group_task(FakeClient(), containers=containers(environment_variables=[]), **options)
    plan = make_plan(group, task.wanted)
    if not refused:
        GroupChecks(task).check_recreate(plan, group)
        return
    with pytest.raises(Refused, match=r"environment_variables\[TOKEN\]") as caught:
        GroupChecks(task).check_recreate(plan, group)
    assert caught.value.code == "NotRestorable"
