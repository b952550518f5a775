# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group.availability import (
    Needs,
    offered,
    shortcomings,
    zones_of,
)

# As recorded in 2024, without what is irrelevant here.
USAGES = [
    {"name": {"value": "ContainerGroups"}, "currentValue": 90, "limit": 100},
    {"name": {"value": "StandardCores"}, "currentValue": 95, "limit": 100},
    {"name": {"value": "StandardV100Cores"}, "currentValue": 0, "limit": 0},
    {"name": {"value": "ConfidentialContainerGroups"}, "currentValue": 0, "limit": 10},
    {"name": {"value": "ConfidentialCores"}, "currentValue": 0, "limit": 100},
    {"name": {"value": "StandardSpotCores"}, "currentValue": 0, "limit": 100},
]
CAPABILITIES = [
    {
        "osType": os_type,
        "ipAddressType": address,
        "gpu": gpu,
        "capabilities": {"maxMemoryInGB": memory, "maxCpu": cpu, "maxGpuCount": count},
    }
    for os_type, address, gpu, memory, cpu, count in (
        ("NotSpecified", "Public", "None", 256.0, 32.0, 0),
        ("NotSpecified", "Private", "None", 128.0, 16.0, 0),
        ("Linux", "Public", "V100", 448.0, 24.0, 4),
    )
]


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        ({}, []),
        ({"cpu": 5, "memory_in_gb": 256}, []),
        ({"cpu": 6}, ["StandardCores", "limit is 100", "95 are in use and 6 are required"]),
        ({"cpu": 1, "groups": 5}, []),
        ({"cpu": 1, "groups": 6}, ["StandardCores"]),
        ({"cpu": 0.1, "groups": 11}, ["ContainerGroups"]),
        ({"memory_in_gb": 200}, []),
        ({"memory_in_gb": 200, "ip_address_type": "Private"}, ["at most 128 GB of memory, but 200 are requested"]),
        ({"os_type": "Windows"}, []),
        ({"gpu_sku": "V100", "gpu_count": 4}, ["StandardV100Cores"]),
        ({"gpu_sku": "V100", "gpu_count": 5}, ["at most 4 GPUs", "StandardV100Cores"]),
        ({"gpu_sku": "V100", "gpu_count": 1, "os_type": "Windows"}, ["no Windows container groups with GPU V100"]),
        (
            {"gpu_sku": "H100", "gpu_count": 1, "cpu": 1},
            ["no container groups with GPU H100", "no quota named StandardH100"],
        ),
        ({"priority": "Spot", "cpu": 1}, []),
        ({"priority": "Spot", "cpu": 1, "zone": "1"}, ["A Spot group cannot be in a zone.", "zone"]),
        ({"priority": "Spot", "cpu": 1, "ip_address_type": "Public"}, ["A Spot group cannot have an address."]),
        ({"sku": "Confidential", "cpu": 31, "memory_in_gb": 180}, []),
        ({"sku": "Confidential", "cpu": 32}, ["A Confidential group can have 31"]),
        ({"sku": "Dedicated", "cpu": 1}, ["no quota named DedicatedContainerGroups", "named DedicatedCores"]),
        ({"priority": "Spot", "cpu": 4, "memory_in_gb": 17}, ["A Spot group can have 4"]),
        ({"zone": "2"}, []),
        ({"zone": "3"}, ["no zone 3: its zones are 1, 2"]),
    ],
)
def test_shortcomings(needs: dict[str, Any], words: list[str]) -> None:
    found = shortcomings(Needs(**needs), USAGES, CAPABILITIES, ["1", "2"])
    assert all(word in " ".join(found) for word in words), found
    assert bool(found) == bool(words), found


@pytest.mark.parametrize(
    ("zones", "words"), [(None, "does not report"), ([], "it has no availability zones"), (["1"], "")]
)
def test_zones_that_nobody_knows(zones: list[str] | None, words: str) -> None:
    found = " ".join(shortcomings(Needs(zone="1"), USAGES, CAPABILITIES, zones))
    assert words in found
    assert bool(words) == bool(found)


def test_regions_by_any_spelling() -> None:
    kind = {
        "locations": ["West Europe", "East US"],
        "zoneMappings": [{"location": "West Europe", "zones": ["2", "1"]}],
    }
    assert offered(kind, "westeurope")
    assert offered(kind, "east US")
    assert not offered(kind, "northeurope")
    assert offered({}, "northeurope")
    assert zones_of(kind, "westeurope") == ["1", "2"]
    assert zones_of(kind, "eastus") == []
    assert zones_of({}, "eastus") is None
