# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of aci_location_info: what it reads about a region, and its verdict."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._engines.aci_location_info import SPEC
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClock


class Regions(SimpleNamespace):
    """Answers for regions, and records the requests."""

    cores = {"name": {"value": "StandardCores"}, "currentValue": 9, "limit": 10, "unit": "Count"}
    size = {"maxCpu": 4, "maxMemoryInGB": 16, "maxGpuCount": 0}

    def __init__(self) -> None:
        super().__init__(asked=[])

    @property
    def locations(self) -> Regions:
        return self

    def without_retries(self) -> Regions:
        return self

    def container_group_type(self) -> dict[str, Any]:
        return {"locations": ["West Europe", "East US"], "zoneMappings": []}

    def usage(self, name: str) -> list[dict[str, Any]]:
        self.asked.append(f"usage {name}")
        return [self.cores, {"name": {"value": "ContainerGroups"}, "currentValue": 0, "limit": 100, "unit": "Count"}]

    def capabilities(self, name: str) -> list[dict[str, Any]]:
        self.asked.append(f"capabilities {name}")
        return [{"osType": "Linux", "ipAddressType": "Public", "gpu": "None", "capabilities": self.size}]

    def cached_images(self, name: str) -> list[dict[str, Any]]:
        self.asked.append(f"images {name}")
        return [{"osType": "Linux", "image": "ubuntu"}]


def run(regions: Regions, **options: Any) -> dict[str, Any]:
    params = {name: spec.get("default") for name, spec in SPEC.arguments.items()} | {"workers": 1, **options}
    clock, fake = FakeClock(), regions
    context = Context(params, False, False, fake, sleep=clock.sleep, monotonic=clock.monotonic)  # type: ignore[arg-type]
    return SPEC.run(context)


def test_without_names_it_is_every_region() -> None:
    found = run(Regions())
    assert [each["name"] for each in found["locations"]] == ["eastus", "westeurope"]
    assert found["available_locations"] == ["eastus", "westeurope"]
    assert found["changed"] is False


def test_a_region_is_read_once_however_it_is_spelled() -> None:
    regions = Regions()
    (found,) = run(regions, locations=["West Europe", "westeurope"])["locations"]
    assert sorted(regions.asked) == ["capabilities westeurope", "images westeurope", "usage westeurope"]
    assert found["usages"][:1] == [{"name": "StandardCores", "current": 9, "limit": 10, "left": 1, "unit": "Count"}]
    assert found["capabilities"][0]["max_cpu"] == 4
    assert found["cached_images"] == [{"os_type": "Linux", "image": "ubuntu"}]


def test_what_is_not_gathered_is_not_returned() -> None:
    regions = Regions()
    (found,) = run(regions, locations=["eastus"], gather=[])["locations"]
    assert not {"usages", "capabilities", "cached_images"} & set(found)
    assert "images eastus" not in regions.asked
    assert found["available"] is True


def test_a_region_without_container_groups_is_not_asked() -> None:
    regions = Regions()
    found = run(regions, locations=["nowhere"])
    assert found["available_locations"] == []
    assert found["locations"][0]["reasons"] == ["There are no container groups in this region."]
    assert regions.asked == []


def test_a_region_with_a_typo() -> None:
    found = run(Regions(), locations=["westeurop"])
    assert found["locations"][0]["reasons"] == [
        "There are no container groups in this region. Did you mean westeurope?"
    ]


@pytest.mark.parametrize(("options", "available"), [({"cpu": 1.0}, True), ({"cpu": 2.0}, False), ({"cpu": 5.0}, False)])
def test_the_verdict(options: dict[str, Any], available: bool) -> None:
    (found,) = run(Regions(), locations=["eastus"], **options)["locations"]
    assert found["available"] is available
    assert bool(found["reasons"]) is not available


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"cpu": 0.0}, "cpu must be"),
        ({"cpu": float("inf")}, "cpu must be"),
        ({"memory_in_gb": -1.0}, "memory_in_gb must be"),
        ({"memory_in_gb": float("nan")}, "memory_in_gb must be"),
        ({"groups": 0}, "groups must be"),
        ({"gpu": {"sku": "K80", "count": 0}}, "count must be"),
    ],
)
def test_needs_that_cannot_be(options: dict[str, Any], says: str) -> None:
    with pytest.raises(InvalidArguments, match=says):
        run(Regions(), **options)
