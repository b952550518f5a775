# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Whether a region can run a container group. Pure.

Usages and capabilities are those that the service returns for a region (recorded 2024); zones come from Resource
Manager's description of the resource type. No request returns the size limits of some kinds of groups: these are from
the quota page of 2025-11.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .names import place
from .quota import quota_needs

LARGEST = {"Confidential": (31.0, 180.0), "Spot": (4.0, 16.0)}
"""CPU cores and GB of memory of the largest possible group, by kind."""

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Needs:
    """What a group needs in a region. None and empty strings mean "any"."""

    cpu: float | None = None
    memory_in_gb: float | None = None
    gpu_sku: str = ""
    gpu_count: int = 0
    sku: str = "Standard"
    priority: str = "Regular"
    os_type: str = ""
    ip_address_type: str = ""
    zone: str = ""
    groups: int = 1
    """The number of groups of this size."""


def zones_of(kind: Entry, location: str) -> list[str] | None:
    """The availability zones of a region, or None if Resource Manager reports no zones for any region."""
    mappings = kind.get("zoneMappings")
    if not isinstance(mappings, list):
        return None
    found = [each for each in mappings if place(each.get("location")) == place(location)]
    return sorted({str(zone) for each in found for zone in each.get("zones") or []})


def offered(kind: Entry, location: str) -> bool:
    """Whether a region offers container groups. If the type lists no regions, all are taken to offer them."""
    locations = kind.get("locations") or []
    return not locations or place(location) in {place(each) for each in locations}


def shortcomings(
    needs: Needs, usages: Iterable[Entry], capabilities: Iterable[Entry], zones: Sequence[str] | None
) -> list[str]:
    """The reasons why a region cannot run the groups, one sentence each; empty if it can."""
    found = [*_capability(needs, list(capabilities)), *_kind(needs), *_quota(needs, list(usages))]
    if needs.zone and zones is None:
        found.append("Resource Manager does not report its availability zones.")
    elif needs.zone and needs.zone not in (zones or ()):
        known = f"its zones are {', '.join(zones)}" if zones else "it has no availability zones"
        found.append(f"There is no zone {needs.zone}: {known}.")
    return found


def _capability(needs: Needs, capabilities: list[Entry]) -> Iterator[str]:
    """Where the needs exceed the region's largest group for this OS, kind of IP address and GPU."""
    fitting = [each for each in capabilities if _fits(needs, each)]
    if not fitting:
        gpu = f" with GPU {needs.gpu_sku}" if needs.gpu_sku else ""
        words = [word for word in (needs.os_type, needs.ip_address_type) if word]
        yield f"There are no {' '.join([*words, 'container groups'])}{gpu}."
        return
    sizes = [each.get("capabilities") or {} for each in fitting]
    for wanted, key, what in (
        (needs.cpu, "maxCpu", "CPU cores"),
        (needs.memory_in_gb, "maxMemoryInGB", "GB of memory"),
        (float(needs.gpu_count) if needs.gpu_sku else None, "maxGpuCount", "GPUs"),
    ):
        largest = max(float(size.get(key) or 0) for size in sizes)
        if wanted is not None and wanted > largest:
            yield f"A group can have at most {largest:g} {what}, but {wanted:g} are requested."


def _fits(needs: Needs, capability: Entry) -> bool:
    system = str(capability.get("osType") or "NotSpecified").lower()
    address = str(capability.get("ipAddressType") or "").lower()
    gpu = str(capability.get("gpu") or "None").lower()
    return (
        (not needs.os_type or system in ("notspecified", needs.os_type.lower()))
        and (not needs.ip_address_type or address == needs.ip_address_type.lower())
        and gpu == (needs.gpu_sku.lower() or "none")
    )


def _kind(needs: Needs) -> Iterator[str]:
    """What a group of this kind cannot have in any region."""
    if needs.priority == "Spot":
        for wanted, what in (
            (needs.sku != "Standard", f"have sku {needs.sku}"),
            (needs.ip_address_type, "have an address"),
            (needs.zone, "be in a zone"),
            (needs.gpu_sku, "have GPUs"),
        ):
            if wanted:
                yield f"A Spot group cannot {what}."
    kind = "Spot" if needs.priority == "Spot" else needs.sku
    if kind not in LARGEST:
        return
    cpu, memory = LARGEST[kind]
    if (needs.cpu or 0) > cpu or (needs.memory_in_gb or 0) > memory:
        yield f"A {kind} group can have {cpu:g} CPU cores and {memory:g} GB of memory at most."


def _quota(needs: Needs, usages: list[Entry]) -> Iterator[str]:
    """Where the subscription's quota is insufficient."""
    by_name = {str((usage.get("name") or {}).get("value")).lower(): usage for usage in usages}
    for name, amount in quota_needs(needs.sku, needs.priority, needs.gpu_sku or None, needs.cpu or 0.0).items():
        wanted = amount * needs.groups
        usage = by_name.get(name.lower())
        if usage is None:
            if wanted:
                yield f"The service reports no quota named {name}."
            continue
        limit, current = float(usage.get("limit") or 0), float(usage.get("currentValue") or 0)
        if current + wanted > limit or (wanted == 0 and limit == 0):
            needed = f"{wanted:g} are required" if wanted else "more are required"
            yield f"The quota of {name} is insufficient: the limit is {limit:g}, {current:g} are in use and {needed}."
