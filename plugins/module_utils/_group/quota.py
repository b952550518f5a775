# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""How much of a region's quota a container group uses. Pure.

The names are those of the service's usages (recorded 2024): ContainerGroups and StandardCores, StandardSpotCores,
StandardK80Cores, DedicatedCores, ConfidentialCores and so on. The cores are those that the containers request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .names import place
from .wire import get_path


def counted(group: Mapping[str, Any]) -> dict[str, float]:
    """The quota that a group (wire form) uses, by usage name."""
    cores = 0.0
    gpu = None
    for container in get_path(group, "properties.containers") or []:
        request = get_path(container, "properties.resources.requests.cpu")
        cores += float(request) if isinstance(request, (int, float)) else 0.0
        gpu = gpu or get_path(container, "properties.resources.requests.gpu.sku")
    sku = str(get_path(group, "properties.sku") or "Standard").capitalize()
    return quota_needs(sku, str(get_path(group, "properties.priority") or ""), gpu, cores)


def quota_needs(sku: str, priority: str, gpu: str | None, cores: float) -> dict[str, float]:
    """The quota that a group of this kind, with this many cores, uses, by usage name."""
    if sku == "Standard" and gpu:
        return {"ContainerGroups": 1, f"Standard{gpu}Cores": cores}
    if sku == "Standard" and priority.lower() == "spot":
        return {"ContainerGroups": 1, "StandardSpotCores": cores}
    groups = "ContainerGroups" if sku == "Standard" else f"{sku}ContainerGroups"
    return {groups: 1, f"{sku}Cores": cores}


def needs_more(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the new group needs quota that the old one does not free."""
    if place(old.get("location")) != place(new.get("location")):
        return True
    freed = counted(old)
    return any(amount > freed.get(name, 0.0) for name, amount in counted(new).items())


def quota_shortage(usages: Iterable[Mapping[str, Any]], old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> str:
    """Says where the quota in the new group's region is insufficient; empty if it suffices.

    ``old`` is a group that is deleted first, which frees its quota if it is in the same region.
    """
    same_region = old is not None and place(old.get("location")) == place(new.get("location"))
    freed = counted(old) if old is not None and same_region else {}
    needed = counted(new)
    for usage in usages:
        name = str(get_path(usage, "name.value"))
        limit, current = usage.get("limit"), usage.get("currentValue")
        if name not in needed or not isinstance(limit, (int, float)) or not isinstance(current, (int, float)):
            continue
        if current - freed.get(name, 0.0) + needed[name] > limit:
            return (
                f"the quota of {name} in {new.get('location')} is insufficient: the limit is {limit:g}, "
                f"{current:g} are in use and {needed[name]:g} are required"
            )
    return ""
