# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Container group profiles."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError

PROFILE = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroupProfiles/p"


def test_life(azure: Any) -> None:
    profile = {"name": "p", "location": "westeurope"}
    azure.error("GET", PROFILE, 404, "ResourceNotFound")
    azure.expect("PUT", PROFILE, 201, profile)
    azure.expect("GET", f"{PROFILE}/revisions", body={"value": [profile]})
    azure.expect("PATCH", PROFILE, 200, profile)
    azure.expect("DELETE", PROFILE, 204)
    profiles = azure.client().profiles
    assert profiles.get("shop", "p") is None
    assert profiles.put("shop", "p", profile) == profile
    assert profiles.revisions("shop", "p") == [profile]
    assert profiles.patch("shop", "p", {"tags": {}}) == profile
    profiles.delete("shop", "p")


def test_a_missing_resource_group_is_an_error(azure: Any) -> None:
    azure.error("GET", PROFILE, 404, "ResourceGroupNotFound")
    with pytest.raises(AzureError, match="Create it first"):
        azure.client().profiles.get("shop", "p")


@pytest.mark.parametrize(("chosen", "expected"), [(None, "2026-07-01"), ("2023-05-01", "2023-05-01")])
def test_the_version_that_a_task_chooses_is_kept(azure: Any, chosen: str | None, expected: str) -> None:
    client = azure.client()
    assert (client if chosen is None else client.of_version(chosen)).profiles.version == expected
