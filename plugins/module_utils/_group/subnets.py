# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The subnets of container groups. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .validation import objects

_SUBNET_ID = re.compile(
    r"/subscriptions/[^/\s]+/resourceGroups/(?P<group>[^/\s]+)/providers/Microsoft\.Network"
    r"/virtualNetworks/(?P<network>[^/\s]+)/subnets/(?P<subnet>[^/\s]+)/?",
    re.IGNORECASE,
)


def subnet_parts(subnet_id: str) -> tuple[str, str, str] | None:
    """Resource group, network and subnet in a subnet's resource ID; None if it is not one."""
    match = _SUBNET_ID.fullmatch(subnet_id)
    return None if match is None else (match["group"], match["network"], match["subnet"])


def subnet_ids(group: Mapping[str, Any]) -> list[str]:
    """The resource IDs of the subnets of a group (wire form)."""
    return [str(subnet.get("id")) for subnet in objects(group, "properties.subnetIds")]


def groups_in_subnet(groups: Iterable[Mapping[str, Any]], subnet_id: str) -> list[str]:
    """The names of the groups (wire form) that are in a subnet."""
    wanted = subnet_id.lower().rstrip("/")
    return [
        str(group.get("name"))
        for group in groups
        if any(found.lower().rstrip("/") == wanted for found in subnet_ids(group))
    ]
