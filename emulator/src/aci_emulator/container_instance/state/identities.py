# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The managed identities of a container group, in the form of responses."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

_NAMESPACE = uuid.UUID("5c9d3f0e-6d7b-4b0e-9b0f-0f3f7a0c9a51")

NONE = "None"


def assign(
    requested: Mapping[str, Any] | None, previous: Mapping[str, Any] | None, tenant: str
) -> dict[str, Any] | None:
    """The identity block of a group with its IDs, in the recorded order of keys; None if none was sent.

    A system-assigned identity keeps its principal until it is removed; if it is added again, it has another one.
    The keys of user-assigned identities keep the caller's case (recorded in 2018).
    """
    if requested is None or requested.get("type") is None:
        return None
    kind = requested["type"]
    if kind == NONE:
        return {"type": NONE}  # echoed, as recorded in 2019
    identity: dict[str, Any] = {}
    if "UserAssigned" in kind:
        identity["userAssignedIdentities"] = {
            key: {"principalId": _stable("principal", key), "clientId": _stable("client", key)}
            for key in requested.get("userAssignedIdentities") or {}
        }
    if "SystemAssigned" in kind:
        identity["principalId"] = (previous or {}).get("principalId") or str(uuid.uuid4())
    identity["tenantId"] = tenant
    identity["type"] = kind
    return identity


def has_any(identity: Mapping[str, Any] | None) -> bool:
    """Whether an identity block contains an identity."""
    return identity is not None and identity["type"] != NONE


def _stable(kind: str, resource_id: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{kind}/{resource_id.lower()}"))
