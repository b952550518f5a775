# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Role-based access: who may do what."""

from __future__ import annotations

from collections.abc import Container

from ..arm.errors import ArmError
from ..arm.paths import ArmPath
from .directory import OWNER, READER, Principal

_VERBS = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}


def check_access(principal: Principal, method: str, path: ArmPath, reads: Container[str] = ()) -> None:
    """Raises ArmError 403 unless a role of the principal allows the request. A Reader may read, and nothing else.

    ``reads`` are the actions (``Microsoft.PolicyInsights/checkPolicyRestrictions``) that only ask, though by POST.
    """
    role = principal.roles.get((path.subscription or "").lower())
    if role == OWNER:
        return
    action = action_of(method, path, reads)
    if role == READER and action.endswith("/read"):
        return
    scope = path.path
    if method == "POST" and path.types:
        scope = scope.rpartition("/")[0]  # the last segment is what to do, not what to do it to
    raise ArmError(
        403,
        "AuthorizationFailed",
        f"The client '{principal.client_id}' with object id '{principal.object_id}' does not have authorization to "
        f"perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, "
        "please refresh your credentials.",
        gateway=True,
    )


def action_of(method: str, path: ArmPath, reads: Container[str] = ()) -> str:
    """Returns the action as roles name it: ``Microsoft.ContainerInstance/containerGroups/write``."""
    if path.namespace is not None and path.types:
        kind = f"{path.namespace}/{path.type_name}"
    elif path.resource_group is not None:
        kind = "/".join(["Microsoft.Resources/subscriptions/resourceGroups", *path.segments[4:]])
    else:
        kind = "/".join(["Microsoft.Resources/subscriptions", *path.segments[2:]])
    verb = "read" if method == "POST" and kind in reads else _VERBS.get(method, "action")
    return f"{kind}/{verb}"
