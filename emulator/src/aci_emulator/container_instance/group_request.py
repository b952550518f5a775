# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who asks for what: the part of a request that container groups need, and what becomes of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from .definition.registration import NAMESPACE


@dataclass(frozen=True)
class GroupRequest:
    """Where a request points to, its API version and its ids."""

    subscription: str
    resource_group: str = ""
    name: str = ""
    version: str = ""
    activity: str = field(default_factory=lambda: str(uuid.uuid4()))
    correlation: str = field(default_factory=lambda: str(uuid.uuid4()))

    def resource_id(self, resource_group: str) -> str:
        """The group's id: `resourceGroups` with a capital whatever the request had (recorded)."""
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{resource_group}/providers/{NAMESPACE}"
            f"/containerGroups/{self.name}"
        )

    @property
    def key(self) -> str:
        """Under what the group is stored: its id in lower case."""
        return self.resource_id(self.resource_group).lower()

    @property
    def prefix(self) -> str:
        """What the keys begin with of all groups in the resource group, or without one in the subscription."""
        return scope(self.subscription, self.resource_group or None)


def scope(subscription: str, resource_group: str | None) -> str:
    """What the keys of groups begin with in a subscription, or in a resource group of it."""
    inner = "" if resource_group is None else f"resourcegroups/{resource_group}/"
    return f"/subscriptions/{subscription}/{inner}".lower()


@dataclass(frozen=True)
class Answer:
    """What became of a request: status, body and headers of the answer; the operation that began."""

    status: int
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    operation: dict[str, Any] | None = None
