# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What regions offer."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("method", "kind", "item"),
    [
        ("usage", "usages", {"name": {"value": "ContainerGroups"}, "currentValue": 1, "limit": 100}),
        ("capabilities", "capabilities", {"osType": "Linux", "capabilities": {"maxCpu": 4}}),
        ("cached_images", "cachedImages", {"osType": "Linux", "image": "ubuntu"}),
    ],
)
def test_lists_of_a_region(azure: Any, method: str, kind: str, item: dict[str, Any]) -> None:
    azure.expect("GET", f"/providers/Microsoft.ContainerInstance/locations/westeurope/{kind}", body={"value": [item]})
    assert getattr(azure.client().locations, method)("westeurope") == [item]


def test_the_type_of_container_groups(azure: Any) -> None:
    wanted = {"resourceType": "containerGroups", "locations": ["West Europe"]}
    types = [{"resourceType": "locations"}, wanted]
    azure.expect("GET", "/providers/Microsoft.ContainerInstance", body={"resourceTypes": types})
    azure.expect("GET", "/providers/Microsoft.ContainerInstance", body={})
    client = azure.client()
    assert client.locations.container_group_type() == wanted
    assert client.locations.container_group_type() == {}
