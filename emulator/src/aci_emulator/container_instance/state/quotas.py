# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The quotas of a region, and their usage by groups.

The ten names, their IDs and their odd display names are as recorded in 2024. Unless they are set, limits are the
documented defaults of a subscription (100 groups and 100 cores), and the recorded ones for GPUs and dedicated groups.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..definition.refusals import refuse
from ..definition.registration import NAMESPACE
from ..definition.validation import gpus, total


@dataclass(frozen=True)
class Quota:
    """A quota: its name, the end of its ID, its display name and its default limit."""

    name: str
    id: str
    display: str
    limit: int


QUOTAS: tuple[Quota, ...] = (
    Quota("ContainerGroups", "ContainerGroups", "Container Groups", 100),
    Quota("StandardCores", "standardCores", "Standard Cores", 100),
    Quota("StandardSpotCores", "standardSpotCores", "Standard Spot Cores", 100),
    Quota("StandardK80Cores", "standardK80Cores", "Standard K80 Cores", 100),
    Quota("StandardP100Cores", "standardP100Cores", "Standard P100 Cores", 100),
    Quota("StandardV100Cores", "standardV100Cores", "Standard V100 Cores", 100),
    Quota("DedicatedContainerGroups", "DedicatedContainerGroups", "Dedicated Container Groups", 0),
    Quota("DedicatedCores", "dedicatedCores", "Dedicated Cores", 0),
    Quota("ConfidentialContainerGroups", "ConfidentialContainerGroups", "Dedicated Container Groups", 100),
    Quota("ConfidentialCores", "confidentialCores", "Dedicated Cores", 100),
)
_BY_NAME = {quota.name: quota for quota in QUOTAS}


def needs(properties: Mapping[str, Any], *, running: bool = True) -> dict[str, int]:
    """What a definition uses, by quota; a group that does not run (stopped, finished) uses no cores."""
    containers = properties.get("containers") or []
    sku = properties.get("sku", "Standard")
    groups = {"Dedicated": "DedicatedContainerGroups", "Confidential": "ConfidentialContainerGroups"}
    used = {groups.get(sku, "ContainerGroups"): 1}
    if not running:
        return used
    cores = math.ceil(total(containers, "cpu") - 1e-9)
    if properties.get("priority") == "Spot":
        used["StandardSpotCores"] = cores
    elif sku in ("Dedicated", "Confidential"):
        used[f"{sku}Cores"] = cores
    elif gpus(containers):
        used[f"Standard{_gpu(containers)}Cores"] = gpus(containers)
    else:
        used["StandardCores"] = cores
    return used


def cores(used: Mapping[str, int]) -> int:
    """The total of all kinds of cores."""
    return sum(amount for name, amount in used.items() if name.endswith("Cores"))


def _gpu(containers: list[dict[str, Any]]) -> str:
    for container in containers:
        gpu = ((container["properties"].get("resources") or {}).get("requests") or {}).get("gpu")
        if gpu:
            return str(gpu.get("sku", "V100"))
    return "V100"


@dataclass
class Usage:
    """Usage by group, subscription and region. Kept in memory, and rebuilt when the emulator starts."""

    limits: Mapping[str, int]
    code: str = "ContainerGroupQuotaReached"
    _groups: dict[str, tuple[tuple[str, str], dict[str, int]]] = field(default_factory=dict)
    _totals: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def limit(self, name: str) -> int:
        """The limit of a quota."""
        return self.limits.get(name, _BY_NAME[name].limit)

    def record(self, group: str, subscription: str, region: str, used: dict[str, int]) -> None:
        """Records what a group uses now."""
        self.forget(group)
        place = (subscription.lower(), region)
        self._groups[group] = (place, used)
        totals = self._totals.setdefault(place, {})
        for name, amount in used.items():
            totals[name] = totals.get(name, 0) + amount

    def forget(self, group: str) -> None:
        """Removes a group."""
        place, used = self._groups.pop(group, (("", ""), {}))
        for name, amount in used.items():
            self._totals[place][name] -= amount

    def linger(self, group: str) -> str:
        """Continues to count a removed group. Returns the name under which to forget it later."""
        ghost = f"{group} (removed)"
        self.forget(ghost)
        if group in self._groups:
            self._groups[ghost] = self._groups.pop(group)
        return ghost

    def check(self, group: str, subscription: str, region: str, wanted: dict[str, int]) -> None:
        """Raises ArmError 400 if what a group wants would exceed a limit, together with what others use."""
        totals = self._totals.get((subscription.lower(), region), {})
        own = self._groups.get(group, (("", ""), {}))[1]
        for name, amount in wanted.items():
            used = totals.get(name, 0)
            additional = amount - own.get(name, 0)
            if additional > 0 and used + additional > self.limit(name):
                error = refuse(
                    "quota",
                    quota=name,
                    location=region,
                    limit=self.limit(name),
                    usage=used,
                    requested=additional,
                )
                error.code = self.code
                raise error

    def short(self, group: str, region: str, wanted: dict[str, int]) -> bool:
        """Whether a region lacks capacity for the cores that a group wants (limit RegionCores; without it, never)."""
        room = self.limits.get("RegionCores")
        additional = cores(wanted) - cores(self._groups.get(group, (("", ""), {}))[1])
        if room is None or additional <= 0:
            return False
        used = sum(cores(totals) for (_, each), totals in self._totals.items() if each == region)
        return used + additional > room

    def list(self, subscription: str, region: str) -> list[dict[str, Any]]:
        """The usages of a region, in the form of a response."""
        totals = self._totals.get((subscription.lower(), region), {})
        base = f"/subscriptions/{subscription}/providers/{NAMESPACE}/locations/{region}/usages/"
        return [
            {
                "id": base + quota.id,
                "unit": "Count",
                "currentValue": totals.get(quota.name, 0),
                "limit": self.limit(quota.name),
                "name": {"value": quota.name, "localizedValue": quota.display},
            }
            for quota in QUOTAS
        ]
