# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of resource_group_info: the resource groups that it returns."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._engines.resource_group_info import SPEC
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context


def run(azure: Any, **options: Any) -> list[str]:
    context = Context({"name": None, "tags": None, **options}, False, False, azure.client(), **azure.time)
    result = SPEC.run(context)
    assert result["changed"] is False
    return [group["name"] for group in result["resource_groups"]]


def group(name: str, **tags: str) -> dict[str, Any]:
    return {"id": f"/subscriptions/s/resourceGroups/{name}", "name": name, "location": "westeurope", "tags": tags}


@pytest.mark.parametrize(
    ("tags", "names"),
    [(None, ["a", "b"]), ({"stage": "test"}, ["a"]), (["stage"], ["a", "b"]), (["STAGE:prod"], ["b"]), (["other"], [])],
)
def test_all_with_tags(azure: Any, tags: Any, names: list[str]) -> None:
    azure.expect("GET", "/resourcegroups", body={"value": [group("a", stage="test"), group("b", stage="prod")]})
    assert run(azure, tags=tags) == names


def test_one(azure: Any) -> None:
    azure.expect("GET", "/resourcegroups/a", body=group("a"))
    assert run(azure, name="a") == ["a"]


def test_one_that_does_not_have_the_tags(azure: Any) -> None:
    azure.expect("GET", "/resourcegroups/a", body=group("a"))
    assert run(azure, name="a", tags=["stage"]) == []


def test_one_that_is_missing(azure: Any) -> None:
    azure.error("GET", "/resourcegroups/a", 404, "ResourceGroupNotFound")
    assert run(azure, name="a") == []
