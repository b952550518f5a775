# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resource groups, and lists of resources."""

from __future__ import annotations

from typing import Any


class TestResourceGroups:
    PATH = "/resource[gG]roups/shop"

    def test_life(self, azure: Any) -> None:
        group = {"name": "shop", "location": "westus", "unknown": 1}
        location = {"Location": "https://arm.example/operationresults/1", "Retry-After": "15"}
        azure.error("GET", self.PATH, 404, "ResourceGroupNotFound")
        azure.expect("PUT", self.PATH, 201, group)
        azure.expect("GET", self.PATH, body=group)
        azure.expect("PATCH", self.PATH, body=group)
        azure.expect("DELETE", self.PATH, 202, headers=location)
        azure.expect("GET", "/operationresults/1", 202, headers=location)
        azure.expect("GET", "/operationresults/1", 200)
        client = azure.client()
        assert client.get_resource_group("shop") is None
        assert client.resource_groups.put("shop", {"location": "westus", "unknown": 1}) == group
        assert azure.sent() == {"location": "westus", "unknown": 1}
        assert client.get_resource_group("shop") == group
        assert client.resource_groups.patch("shop", {"tags": {}}) == group
        operation = client.resource_groups.delete("shop")
        assert operation.poll().done is False
        assert operation.poll().succeeded is True

    def test_resources(self, azure: Any) -> None:
        more = "https://arm.example/subscriptions/s/more"
        azure.expect("GET", f"{self.PATH}/resources", body={"value": [{"name": "a"}], "nextLink": more})
        azure.expect("GET", "/more", body={"value": [{"name": "b"}, {"name": "c"}], "nextLink": more})
        assert azure.client().resource_groups.resources("shop", top=2) == [{"name": "a"}, {"name": "b"}]
        assert "top=2" in azure.requests[0].url


def test_times_of_creation(azure: Any) -> None:
    found = [{"id": "/Groups/Web", "createdTime": "2026-03-01T09:00:00Z"}, {"id": "/groups/old"}]
    azure.expect("GET", "/resources", body={"value": found})
    assert azure.client().created_times() == {"/groups/web": "2026-03-01T09:00:00Z"}
    assert "createdTime" in azure.requests[0].url
