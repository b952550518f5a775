# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of a request that Groups needs, and the answer to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from .definition.registration import NAMESPACE


@dataclass(frozen=True)
class GroupRequest:
    """The target of a request, its API version and its IDs."""

    subscription: str
    resource_group: str = ""
    name: str = ""
    version: str = ""
    activity: str = field(default_factory=lambda: str(uuid.uuid4()))
    correlation: str = field(default_factory=lambda: str(uuid.uuid4()))

    def resource_id(self, resource_group: str) -> str:
        """The group's ID, with `resourceGroups` in this spelling whatever the request had (recorded)."""
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{resource_group}/providers/{NAMESPACE}"
            f"/containerGroups/{self.name}"
        )

    @property
    def key(self) -> str:
        """The key under which the group is stored: its ID in lower case."""
        return self.resource_id(self.resource_group).lower()

    @property
    def prefix(self) -> str:
        """The common prefix of the keys of all groups in the resource group or, without one, in the subscription."""
        return scope(self.subscription, self.resource_group or None)


def scope(subscription: str, resource_group: str | None) -> str:
    """The common prefix of the keys of groups in a subscription, or in one of its resource groups."""
    inner = "" if resource_group is None else f"resourcegroups/{resource_group}/"
    return f"/subscriptions/{subscription}/{inner}".lower()


@dataclass(frozen=True)
class Answer:
    """The answer to a request: status, body, headers, and the operation that it started, if any."""

    status: int
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    operation: dict[str, Any] | None = None
