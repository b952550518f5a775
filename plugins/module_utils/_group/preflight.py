# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The checks before a group is recreated, and what their answers mean. Pure."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from .._common.display_text import display_text
from .state import every_container
from .subnets import subnet_ids
from .wire import ArmJson, get_path, without_secrets

GROUP_TYPE = "Microsoft.ContainerInstance/containerGroups"


@dataclass(frozen=True)
class Unverified:
    """Something that could go wrong after the delete, and that could not be asked before it."""

    check: str
    """policy, locks, permissions, quota, capacity or image."""
    reason: str

    def as_result(self) -> dict[str, str]:
        """The entry as it stands in a task's result."""
        return {"check": self.check, "reason": self.reason}


class Right(NamedTuple):
    """An action that the new group takes, on the resource with the id ``scope``."""

    action: str
    scope: str


def needed_rights(body: Mapping[str, Any], resource_group_id: str) -> Iterator[Right]:
    """What the caller must be allowed to do to create a group with this body (wire form).

    The group itself is asked for at its resource group: a role that was assigned to the group goes with it.
    """
    yield Right(f"{GROUP_TYPE}/write", resource_group_id)
    for subnet_id in subnet_ids(body):
        yield Right("Microsoft.Network/virtualNetworks/subnets/join/action", subnet_id)
    for identity in get_path(body, "identity.userAssignedIdentities") or {}:
        yield Right("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", str(identity))


def is_allowed(permissions: Iterable[Mapping[str, Any]], action: str) -> bool:
    """Whether what ``Microsoft.Authorization/permissions`` lists has an action. Roles add up; case does not matter."""
    return any(
        _has(permission.get("actions"), action) and not _has(permission.get("notActions"), action)
        for permission in permissions
    )


def _has(patterns: Any, action: str) -> bool:
    return any(fnmatch.fnmatchcase(action.lower(), str(pattern).lower()) for pattern in patterns or [])


def policy_content(body: Mapping[str, Any], name: str) -> ArmJson:
    """A body as policies are asked about it: a resource with type and name, and a fixed word for each secret."""
    return {**without_secrets(body), "type": GROUP_TYPE, "name": name}


def denying_policies(answer: Mapping[str, Any]) -> list[str]:
    """The assignments (their ids) that deny the content that ``checkPolicyRestrictions`` was asked about."""
    return [
        str(get_path(each, "policyInfo.policyAssignmentId") or get_path(each, "policyInfo.policyDefinitionId"))
        for each in _evaluations(answer)
        if _is_non_compliant(each) and str(get_path(each, "effectDetails.policyEffect") or "deny").lower() == "deny"
    ]


def undecided_policies(answer: Mapping[str, Any]) -> list[str]:
    """The assignments of policies that could not be evaluated, each with what was answered instead."""
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
    """Locks on a group or above it. Each forbids the delete, and those that are read-only the create too."""
    return [
        f"{display_text(str(lock.get('id') or lock.get('name')))} ({get_path(lock, 'properties.level')})"
        for lock in locks
        if str(get_path(lock, "properties.level")).lower() in ("cannotdelete", "readonly")
    ]


def images_of(body: Mapping[str, Any]) -> list[str]:
    """The images of a body, each once."""
    found = (get_path(container, "properties.image") for container, _init in every_container(body))
    return list(dict.fromkeys(str(image) for image in found if image))
