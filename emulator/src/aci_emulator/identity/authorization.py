# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Role-based access control.

A request requires an action on the resource in its path. A container group that refers to other resources requires an
action on each of them as well. The service has no complete list of these: the ones here are mentioned in its
documentation and its errors.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

from ..arm.errors import ArmError
from ..arm.paths import ArmPath
from .directory import Directory, Principal

SUBNET_JOIN = "Microsoft.Network/virtualNetworks/subnets/join/action"
IDENTITY_ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"
PROFILE_READ = "Microsoft.ContainerInstance/containerGroupProfiles/read"
_GROUPS = ("Microsoft.ContainerInstance/containerGroups", "Microsoft.ContainerInstance/containerGroupProfiles")
_VERBS = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}


def check_access(directory: Directory, principal: Principal, action: str, method: str, path: ArmPath) -> None:
    """Raises ArmError 403 unless the principal's role allows the action that the request requires."""
    role = directory.role_of(principal, path.subscription or "")
    if role is not None and role.allows(action):
        return
    scope = path.path
    if method == "POST" and path.types:
        scope = scope.rpartition("/")[0]  # the last segment is the action, not the resource
    elif path.namespace == "Microsoft.Insights":
        scope = path.resource  # as refusals of the activity log were reported
    raise ArmError(
        403,
        "AuthorizationFailed",
        f"The client '{principal.client_id}' with object id '{principal.object_id}' does not have authorization to "
        f"perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, "
        "please refresh your credentials.",
        gateway=True,
    )


def check_linked_access(
    directory: Directory, principal: Principal, method: str, path: ArmPath, body: Mapping[str, Any]
) -> list[str]:
    """Returns the actions that the request requires on the resources to which its body refers.

    Raises ArmError 403 unless the principal's roles allow them. Malformed bodies are left to the provider to refuse.
    """
    needed = list(_linked_actions(path, body)) if method == "PUT" else []
    for action, scope in needed:
        segments = scope.strip("/").split("/")
        if directory.subscription(segments[1]) is None:
            continue  # the provider handles unknown subscriptions
        role = directory.role_of(principal, segments[1])
        if role is None or not role.allows(action):
            raise ArmError(
                403,
                "LinkedAuthorizationFailed",
                f"The client '{principal.client_id}' with object id '{principal.object_id}' has permission to perform "
                f"action '{action_of(method, path)}' on scope '{path.path}'; however, it does not have permission to "
                f"perform action(s) '{action}' on the linked scope(s) '{scope}' (respectively) or the linked scope(s) "
                "are invalid.",
                gateway=True,
            )
    return [action for action, _ in needed]


def _linked_actions(path: ArmPath, body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The actions that a container group or a profile requires on other resources, each with the resource's ID."""
    if path.kind not in _GROUPS:
        return
    properties = body.get("properties")
    if isinstance(properties, Mapping):
        subnets = properties.get("subnetIds")
        for each in subnets if isinstance(subnets, list) else []:
            yield from _linked(SUBNET_JOIN, each.get("id") if isinstance(each, Mapping) else None)
        reference = properties.get("containerGroupProfile")
        yield from _linked(PROFILE_READ, reference.get("id") if isinstance(reference, Mapping) else None)
    identity = body.get("identity")
    users = identity.get("userAssignedIdentities") if isinstance(identity, Mapping) else None
    for each in users if isinstance(users, Mapping) else []:
        yield from _linked(IDENTITY_ASSIGN, each)


def _linked(action: str, resource_id: Any) -> Iterator[tuple[str, str]]:
    if isinstance(resource_id, str) and resource_id.lower().startswith("/subscriptions/"):
        yield action, resource_id


def action_of(method: str, path: ArmPath, reads: Container[str] = ()) -> str:
    """Returns the action in the form used in roles: ``Microsoft.ContainerInstance/containerGroups/write``.

    ``reads`` are POST actions that only read, such as ``Microsoft.PolicyInsights/checkPolicyRestrictions``.
    """
    if path.namespace is not None and path.types:
        kind = f"{path.namespace}/{path.type_name}"
    elif path.namespace is not None:
        kind = "Microsoft.Resources/subscriptions/providers"
    elif path.resource_group is not None:
        kind = "/".join(["Microsoft.Resources/subscriptions/resourceGroups", *path.segments[4::2]])
    else:
        kind = "/".join(["Microsoft.Resources/subscriptions", *path.segments[2::2]])
    verb = "read" if method == "POST" and kind in reads else _VERBS.get(method, "action")
    return f"{kind}/{verb}"
