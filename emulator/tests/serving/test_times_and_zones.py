# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The age of groups, and the zones of regions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

BODY = {
    "location": "westus2",
    "properties": {
        "osType": "Linux",
        "containers": [
            {"name": "a", "properties": {"image": "nginx", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}}}
        ],
    },
}
GROUP = "resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/a"


def created(api: Any) -> str:
    found = api.call("GET", "resources", query={"$expand": "createdTime"}).json()["value"]
    return str(next(each for each in found if each["name"] == "a")["createdTime"])


def test_the_time_of_creation_stays(api: Any) -> None:
    api.group()
    assert api.call("PUT", GROUP, BODY, version="2023-05-01").status_code == 201
    first = created(api)
    assert datetime.fromisoformat(first[:26] + "Z").tzinfo is not None
    api.advance(100)
    assert api.call("PUT", GROUP, {**BODY, "tags": {"a": "b"}}, version="2023-05-01").status_code in (200, 201)
    assert created(api) == first
    plain = api.call("GET", "resources").json()["value"]
    assert not any("createdTime" in each for each in plain)


def test_zones_of_regions(api: Any) -> None:
    types = api.call("GET", "providers/Microsoft.ContainerInstance").json()["resourceTypes"]
    kind = next(each for each in types if each["resourceType"] == "containerGroups")
    zones = {each["location"]: each["zones"] for each in kind["zoneMappings"]}
    assert sorted(zones["West Europe"]) == ["1", "2", "3"]
    assert "West US" not in zones
