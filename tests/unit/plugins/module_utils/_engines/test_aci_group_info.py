# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of aci_group_info: which groups are read and selected."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    InvalidArguments,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_group_info
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context

GROUPS = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups"


def group(name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"/subscriptions/s{GROUPS}/{name}", "name": name, "location": "westus2", **more}


def run(engine: Any, azure: Any, warnings: list[str] | None = None, **options: Any) -> dict[str, Any]:
    params = {**{name: option.get("default") for name, option in engine.SPEC.arguments.items()}, **options}
    warn = (warnings if warnings is not None else []).append
    client = azure.client()
    return engine.run(Context(params, False, False, client, warn, **azure.time))


class TestInfo:
    def test_one(self, azure: Any) -> None:
        azure.expect("GET", f"{GROUPS}/web", body=group("web"))
        found = run(aci_group_info, azure, resource_group="shop", name="web")
        assert found["changed"] is False
        assert [(item["name"], item["resource_group"]) for item in found["container_groups"]] == [("web", "shop")]

    def test_one_that_is_missing(self, azure: Any) -> None:
        azure.error("GET", f"{GROUPS}/web", 404, "ResourceNotFound")
        assert run(aci_group_info, azure, resource_group="shop", name="web")["container_groups"] == []

    def test_a_missing_resource_group_is_told(self, azure: Any) -> None:
        warnings: list[str] = []
        azure.error("GET", GROUPS, 404, "ResourceGroupNotFound")
        assert run(aci_group_info, azure, warnings, resource_group="shop")["container_groups"] == []
        assert "shop" in warnings[0]

    def test_views_on_request(self, azure: Any) -> None:
        azure.expect("GET", GROUPS, body={"value": [group("a"), group("b"), group("c", tags={"x": "1"})]})
        azure.expect("GET", f"{GROUPS}/a", body=group("a", properties={"instanceView": {"state": "Running"}}))
        azure.error("GET", f"{GROUPS}/b", 404, "ResourceNotFound")
        azure.error("GET", f"{GROUPS}/c", 404, "ResourceGroupNotFound")
        found = run(aci_group_info, azure, resource_group="shop", instance_view=True, workers=1)["container_groups"]
        assert [(item["name"], item["state"]) for item in found] == [("a", "Running")]

    @pytest.mark.parametrize(
        ("tags", "names"),
        [
            (None, ["a", "b", "c"]),
            ({"stage": "test"}, ["a"]),
            ({"STAGE": "test"}, ["a"]),
            ({"stage": "Test"}, []),
            ({"stage": None}, ["a", "b"]),
            (["stage"], ["a", "b"]),
            (["stage:prod"], ["b"]),
            (["stage:prod", "owner"], []),
            ("stage:test", ["a"]),
            (["hidden-link:/app"], ["c"]),
            (["hidden-link:/app:Resource"], ["c"]),
            (["hidden-link:/app:resource"], []),
        ],
    )
    def test_tags(self, azure: Any, tags: Any, names: list[str]) -> None:
        groups = [
            group("a", tags={"stage": "test", "owner": "web"}),
            group("b", tags={"Stage": "prod"}),
            group("c", tags={"hidden-link:/app": "Resource"}),
        ]
        azure.expect("GET", GROUPS, body={"value": groups})
        found = run(aci_group_info, azure, resource_group="shop", tags=tags)["container_groups"]
        assert [item["name"] for item in found] == names

    @pytest.mark.parametrize("tags", [5, [{"a": "b"}], {"a": 1.5}])
    def test_tags_that_are_none(self, azure: Any, tags: Any) -> None:
        with pytest.raises(InvalidArguments, match="tags"):
            run(aci_group_info, azure, resource_group="shop", tags=tags)
