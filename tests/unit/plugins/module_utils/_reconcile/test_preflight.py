# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks before a deletion: what they refuse, and what remains unverified."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.registry import Login, RegistryError
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    AzureError,
    ConnectionFailed,
    CredentialsError,
    Refused,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._group.plan import Plan, make_plan
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.preflight import GroupPreflight
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient
from ansible_collections.azure_containers.aci.tests.unit.support.tasks import group_task, live

RESOURCE_GROUP = "/subscriptions/s/resourceGroups/rg"
SUBNET = "/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/a"
DENY = {
    "policyInfo": {"policyAssignmentId": "/assignments/no-public"},
    "evaluationResult": "NonCompliant",
    "effectDetails": {"policyEffect": "Deny"},
}
BIGGER = [{"name": "web", "resources": {"requests": {"cpu": 4, "memory_in_gb": 4}}}]


def asked(client: FakeClient, *, warned: list[str] | None = None, tell: bool = False, **options: Any) -> Plan:
    given = {"restart_policy": "Never", **options}
    task = group_task(client, warned=warned, recreate="when_needed", **given)
    preflight = GroupPreflight(task)
    return (preflight.foretold if tell else preflight.asked)(make_plan(live(), task.wanted), live())


def refusal(client: FakeClient, **options: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        asked(client, **options)
    assert "Nothing was deleted." in caught.value.msg
    assert caught.value.result["changes"]
    return caught.value


def test_everything_is_asked_and_the_rest_is_named() -> None:
    client = FakeClient()
    plan = asked(client)
    assert client.calls == ["locks", "permissions", "policy"]
    assert [each.check for each in plan.unverified] == ["capacity", "image"]
    assert "nginx" in plan.unverified[1].reason
    assert plan.lost == ["the logs of its runs so far"]


def test_a_policy_that_denies_refuses() -> None:
    client = FakeClient()
    client.evaluations = [DENY]
    error = refusal(client)
    assert error.code == "RequestDisallowedByPolicy"
    assert "/assignments/no-public" in error.msg
    assert client.asked[0]["properties"]["restartPolicy"] == "Never"


def test_a_policy_that_could_not_be_evaluated_is_unverified() -> None:
    client = FakeClient()
    client.evaluations = [{**DENY, "evaluationResult": "Error"}]
    assert [each.check for each in asked(client).unverified] == ["policy", "capacity", "image"]


def test_a_lock_refuses() -> None:
    client = FakeClient()
    client.locks = [{"id": f"{RESOURCE_GROUP}/locks/keep", "properties": {"level": "CanNotDelete"}}]
    error = refusal(client)
    assert error.code == "ScopeLocked"
    assert "locks/keep (CanNotDelete)" in error.msg
    assert "policy" not in client.calls


@pytest.mark.parametrize("scope", [RESOURCE_GROUP, SUBNET])
def test_a_right_that_is_missing_refuses(scope: str) -> None:
    client = FakeClient()
    client.permissions = {scope: [{"actions": ["*/read"]}]}
    error = refusal(client, subnet_ids=[{"id": SUBNET}])
    assert error.code == "AuthorizationFailed"
    assert scope in error.msg


def test_a_quota_without_room_refuses() -> None:
    client = FakeClient()
    client.usages = [{"name": {"value": "StandardCores"}, "currentValue": 10, "limit": 10}]
    error = refusal(client, containers=BIGGER)
    assert error.code == "QuotaExceeded"
    assert error.result["unverified"] == []


@pytest.mark.parametrize(
    ("question", "check"),
    [("locks", "locks"), ("permissions", "permissions"), ("policy", "policy"), ("usage", "quota")],
)
@pytest.mark.parametrize(
    "failure",
    [
        AzureError("May not.", code="AuthorizationFailed", status=403),
        AzureError("Not there.", code="NotFound", status=404),
        AzureError("Not registered.", code="MissingSubscriptionRegistration", status=409),
        AzureError("Away.", code="ServiceUnavailable", status=503),
        ConnectionFailed("Unreachable."),
    ],
    ids=lambda failure: failure.code,
)
def test_what_cannot_be_asked_is_unverified(question: str, check: str, failure: AciError) -> None:
    client = FakeClient()
    client.on[question] = raising(failure)
    found = {each.check: each.reason for each in asked(client, containers=BIGGER).unverified}
    assert set(found) == {check, "capacity", "image"}
    assert failure.msg in found[check]


def test_a_sign_in_that_fails_is_no_answer() -> None:
    client = FakeClient()
    client.on["policy"] = raising(CredentialsError("No token."))
    with pytest.raises(CredentialsError):
        asked(client)


def test_what_may_come_to_a_recreation_is_only_warned_of() -> None:
    client = FakeClient()
    warned: list[str] = []
    client.evaluations = [DENY]
    plan = asked(client, warned=warned, tell=True)
    assert plan.lost
    assert "If the service does not make the change in place" in warned[0]
    assert "/assignments/no-public" in warned[0]


def raising(error: AciError) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


CREDENTIALS = [{"server": "registry.example.com", "username": "u", "password": "p"}]
WEB = [{"name": "web", "image": "registry.example.com/web:2"}]


def test_a_registry_that_the_definition_has_credentials_for_is_asked() -> None:
    client = FakeClient()
    client.images.tags["registry.example.com/web:2"] = f"sha256:{'a' * 64}"
    plan = asked(client, containers=WEB, image_registry_credentials=CREDENTIALS)
    assert [each.check for each in plan.unverified] == ["capacity"]
    assert client.images.asked == [("registry.example.com/web:2", Login("u", "p"))]


def test_an_image_that_does_not_exist_refuses() -> None:
    client = FakeClient()
    client.images.tags["registry.example.com/web:2"] = RegistryError("It has no image web:2.", status=404)
    error = refusal(client, containers=WEB, image_registry_credentials=CREDENTIALS)
    assert error.code == "ImageNotFound"
    assert "registry.example.com/web:2 does not exist" in error.msg


@pytest.mark.parametrize("status", [None, 401, 429, 500])
def test_a_registry_that_does_not_say_leaves_the_image_unverified(status: int | None) -> None:
    client = FakeClient()
    client.images.tags["registry.example.com/web:2"] = RegistryError("No.", status=status)
    plan = asked(client, containers=WEB, image_registry_credentials=CREDENTIALS)
    assert [each.check for each in plan.unverified] == ["capacity", "image"]
    assert "Could not check" in plan.unverified[1].reason
