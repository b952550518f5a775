# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The checks before a group is recreated, and how to interpret their results. Pure."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .._common.display_text import display_text
from .state import every_container
from .subnets import subnet_ids
from .wire import ArmJson, get_path
from .wire_secrets import without_secrets

GROUP_TYPE = "Microsoft.ContainerInstance/containerGroups"


@dataclass(frozen=True)
class Unverified:
    """A possible failure after the delete that could not be ruled out before it."""

    check: str
    """policy, locks, permissions, quota, capacity or image."""
    reason: str

    def as_result(self) -> dict[str, str]:
        """The entry in the form of a task's result."""
        return {"check": self.check, "reason": self.reason}


class Right(NamedTuple):
    """An action that creating the group requires on the resource with the ID ``scope``."""

    action: str
    scope: str


def needed_rights(body: Mapping[str, Any], resource_group_id: str) -> Iterator[Right]:
    """The permissions that the caller needs to create a group with this body (wire form).

    For the group itself, the scope is its resource group: role assignments on the old group are deleted with it.
    """
    yield Right(f"{GROUP_TYPE}/write", resource_group_id)
    for subnet_id in subnet_ids(body):
        yield Right("Microsoft.Network/virtualNetworks/subnets/join/action", subnet_id)
    for identity in get_path(body, "identity.userAssignedIdentities") or {}:
        yield Right("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", str(identity))


def is_allowed(permissions: Iterable[Mapping[str, Any]], action: str) -> bool:
    """Whether listed ``Microsoft.Authorization/permissions`` allow an action: any role suffices; case is ignored."""
    return any(
        _has(permission.get("actions"), action) and not _has(permission.get("notActions"), action)
        for permission in permissions
    )


def _has(patterns: Any, action: str) -> bool:
    return any(fnmatch.fnmatchcase(action.lower(), str(pattern).lower()) for pattern in patterns or [])


def policy_content(body: Mapping[str, Any], name: str) -> ArmJson:
    """A body in the form that policies evaluate: a resource with type and name, and with all secrets masked."""
    return {**without_secrets(body), "type": GROUP_TYPE, "name": name}


def denying_policies(answer: Mapping[str, Any]) -> list[str]:
    """The IDs of the policy assignments that deny the resource, from the answer of ``checkPolicyRestrictions``."""
    return [
        str(get_path(each, "policyInfo.policyAssignmentId") or get_path(each, "policyInfo.policyDefinitionId"))
        for each in _evaluations(answer)
        if _is_non_compliant(each) and str(get_path(each, "effectDetails.policyEffect") or "deny").lower() == "deny"
    ]


def undecided_policies(answer: Mapping[str, Any]) -> list[str]:
    """The assignments of policies that could not be evaluated, each with the result returned instead."""
    return [
        f"{get_path(each, 'policyInfo.policyAssignmentId')} ({each.get('evaluationResult')})"
        for each in _evaluations(answer)
        if not _is_non_compliant(each) and str(each.get("evaluationResult")).lower() != "compliant"
    ]


def _evaluations(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return get_path(answer, "contentEvaluationResult.policyEvaluations") or []


def _is_non_compliant(evaluation: Mapping[str, Any]) -> bool:
    return str(evaluation.get("evaluationResult")).lower() == "noncompliant"


def locks_in_words(locks: Iterable[Mapping[str, Any]]) -> list[str]:
    """The locks on a group or its parents. Each prevents the delete; read-only ones prevent the create as well."""
    return [
        f"{display_text(str(lock.get('id') or lock.get('name')))} ({get_path(lock, 'properties.level')})"
        for lock in locks
        if str(get_path(lock, "properties.level")).lower() in ("cannotdelete", "readonly")
    ]


def images_of(body: Mapping[str, Any]) -> list[str]:
    """The images in a body, without duplicates."""
    found = (get_path(container, "properties.image") for container, _init in every_container(body))
    return list(dict.fromkeys(str(image) for image in found if image))
