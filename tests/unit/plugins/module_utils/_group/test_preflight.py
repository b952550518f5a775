# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks before a recreation, and the meaning of their responses."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group import preflight

SUBNET = "/subscriptions/s/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v/subnets/a"
IDENTITY = "/subscriptions/s/resourceGroups/id/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
JOIN = "Microsoft.Network/virtualNetworks/subnets/join/action"


def evaluation(result: str = "NonCompliant", effect: str | None = "Deny", name: str = "a") -> dict[str, Any]:
    details = {} if effect is None else {"effectDetails": {"policyEffect": effect}}
    return {"policyInfo": {"policyAssignmentId": f"/assignments/{name}"}, "evaluationResult": result, **details}


def answer(*evaluations: dict[str, Any]) -> dict[str, Any]:
    return {"fieldRestrictions": [], "contentEvaluationResult": {"policyEvaluations": list(evaluations)}}


def test_what_a_group_takes_needs_a_right_each() -> None:
    body = {
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
        "properties": {"subnetIds": [{"id": SUBNET}]},
    }
    assert list(preflight.needed_rights(body, "/subscriptions/s/resourceGroups/rg")) == [
        ("Microsoft.ContainerInstance/containerGroups/write", "/subscriptions/s/resourceGroups/rg"),
        (JOIN, SUBNET),
        ("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", IDENTITY),
    ]
    assert len(list(preflight.needed_rights({"properties": {}}, "/rg"))) == 1


@pytest.mark.parametrize(
    ("permissions", "allowed"),
    [
        ([{"actions": ["*"], "notActions": []}], True),
        ([{"actions": ["microsoft.network/VirtualNetworks/subnets/*/action"]}], True),
        ([{"actions": ["*/read"], "notActions": []}], False),
        ([{"actions": ["*"], "notActions": ["Microsoft.Network/*"]}], False),
        # A permission that one role excludes can be granted by another.
        ([{"actions": ["*"], "notActions": ["Microsoft.Network/*"]}, {"actions": [JOIN]}], True),
        ([{"actions": None, "notActions": None}], False),
        ([], False),
    ],
)
def test_what_roles_allow(permissions: list[dict[str, Any]], allowed: bool) -> None:
    assert preflight.is_allowed(permissions, JOIN) is allowed


def test_policies_that_deny() -> None:
    found = answer(evaluation(), evaluation(effect="Audit", name="b"), evaluation(effect=None, name="c"))
    assert preflight.denying_policies(found) == ["/assignments/a", "/assignments/c"]
    assert preflight.undecided_policies(found) == []
    unsure = answer(evaluation("Error", name="d"), evaluation("Compliant", name="e"))
    assert preflight.denying_policies(unsure) == []
    assert preflight.undecided_policies(unsure) == ["/assignments/d (Error)"]
    assert preflight.denying_policies({}) == preflight.undecided_policies({"contentEvaluationResult": None}) == []


def test_policies_are_asked_without_secrets() -> None:
    container = {"name": "web", "properties": {"environmentVariables": [{"name": "T", "secureValue": "canary"}]}}
    body = {"location": "eastus", "tags": {"a": "1"}, "properties": {"containers": [container]}}
    content = preflight.policy_content(body, "web")
    assert (content["type"], content["name"]) == ("Microsoft.ContainerInstance/containerGroups", "web")
    assert content["tags"] == {"a": "1"}
    # A policy that requires a secret value must find one.
    assert content["properties"]["containers"][0]["properties"]["environmentVariables"][0]["secureValue"]
    assert "canary" not in str(content)


def test_locks() -> None:
    locks = [
        {"id": "/x/locks/keep", "properties": {"level": "CanNotDelete"}},
        {"name": "frozen\x1b[2J", "properties": {"level": "ReadOnly"}},
        {"id": "/x/locks/none", "properties": {"level": "NotSpecified"}},
    ]
    assert preflight.locks_in_words(locks) == ["/x/locks/keep (CanNotDelete)", "frozen\\x1b[2J (ReadOnly)"]


def test_images_once_each() -> None:
    def named(*images: str | None) -> list[dict[str, Any]]:
        return [{"properties": {"image": image}} for image in images]

    body = {"properties": {"containers": named("a:1", "b", None), "initContainers": named("b", "c")}}
    assert preflight.images_of(body) == ["b", "c", "a:1"]
    assert preflight.images_of({}) == []
