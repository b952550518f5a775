# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A group's usage of a region's quota, and whether the quota suffices for it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group.quota import (
    counted,
    needs_more,
    quota_needs,
    quota_shortage,
)


def group(*cores: Any, location: str = "westeurope", gpu: str | None = None, **properties: Any) -> dict[str, Any]:
    containers = [
        {"name": f"c{at}", "properties": {"resources": {"requests": {"cpu": n}}}} for at, n in enumerate(cores)
    ]
    if gpu:
        containers[0]["properties"]["resources"]["requests"]["gpu"] = {"count": 1, "sku": gpu}  # type: ignore[index]
    return {"location": location, "properties": {"containers": containers, **properties}}


def usage(name: str, current: Any, limit: Any) -> dict[str, Any]:
    return {"name": {"value": name}, "currentValue": current, "limit": limit}


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (group(1, 0.5), {"ContainerGroups": 1, "StandardCores": 1.5}),
        (group(), {"ContainerGroups": 1, "StandardCores": 0.0}),
        ({}, {"ContainerGroups": 1, "StandardCores": 0.0}),
        (group("2", None), {"ContainerGroups": 1, "StandardCores": 0.0}),
        (group(1, 2, gpu="K80"), {"ContainerGroups": 1, "StandardK80Cores": 3.0}),
        (group(1, priority="Spot"), {"ContainerGroups": 1, "StandardSpotCores": 1.0}),
        (group(1, priority="spot"), {"ContainerGroups": 1, "StandardSpotCores": 1.0}),
        (group(1, priority="Regular"), {"ContainerGroups": 1, "StandardCores": 1.0}),
        (group(1, sku="dedicated"), {"DedicatedContainerGroups": 1, "DedicatedCores": 1.0}),
        (group(4, sku="Confidential"), {"ConfidentialContainerGroups": 1, "ConfidentialCores": 4.0}),
    ],
)
def test_what_a_group_counts_for(wire: dict[str, Any], expected: dict[str, float]) -> None:
    assert counted(wire) == expected


def test_a_gpu_counts_before_spot() -> None:
    assert quota_needs("Standard", "Spot", "V100", 2.0) == {"ContainerGroups": 1, "StandardV100Cores": 2.0}


@pytest.mark.parametrize(
    ("old", "new", "more"),
    [
        (group(2), group(2), False),
        (group(2), group(1), False),
        (group(2), group(2.5), True),
        (group(2), group(1, priority="Spot"), True),
        (group(2), group(2, location="eastus"), True),
        (group(2, location="West Europe"), group(2), False),
        (group(2), group(1, sku="Dedicated"), True),
    ],
)
def test_what_the_old_group_does_not_free(old: dict[str, Any], new: dict[str, Any], more: bool) -> None:
    assert needs_more(old, new) is more


@pytest.mark.parametrize(
    ("usages", "old", "new", "lacks"),
    [
        ([usage("StandardCores", 8, 10)], None, group(2), ""),
        ([usage("StandardCores", 8, 10)], None, group(2.5), "StandardCores"),
        ([usage("StandardCores", 9, 10)], group(2), group(3), ""),
        ([usage("StandardCores", 9, 10)], group(2), group(3.5), "StandardCores"),
        ([usage("StandardCores", 9, 10)], group(2, location="eastus"), group(2), "StandardCores"),
        ([usage("StandardCores", 9, 10)], group(2, location="West Europe"), group(2), ""),
        ([usage("ContainerGroups", 100, 100)], None, group(1), "ContainerGroups"),
        ([usage("ContainerGroups", 100, 100)], group(1), group(1), ""),
        ([usage("StandardK80Cores", 0, 0)], None, group(1), ""),  # the quota of another type
        ([usage("StandardCores", None, 1), usage("StandardCores", 9, "1"), {}], None, group(4), ""),
        ([], None, group(1000), ""),
    ],
)
def test_a_shortage(usages: list[dict[str, Any]], old: dict[str, Any] | None, new: dict[str, Any], lacks: str) -> None:
    said = quota_shortage(usages, old, new)
    assert bool(said) == bool(lacks)
    assert lacks in said


def test_a_shortage_in_numbers() -> None:
    said = quota_shortage([usage("StandardCores", 8, 10)], None, group(2.5))
    assert "in westeurope" in said
    assert "limit is 10, 8 are in use and 2.5 are required" in said
