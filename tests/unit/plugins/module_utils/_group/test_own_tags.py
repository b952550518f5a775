# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection's own tags."""

from __future__ import annotations

from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_run
from ansible_collections.azure_containers.aci.plugins.module_utils._group import names, own_tags


def test_users_tags_and_the_collections() -> None:
    tags = {"owner": "shop", "Expires_At": "2030-01-01T00:00:00Z", "run_id": "r", names.FINGERPRINT_TAG: "v1:a:b"}
    users, own = own_tags.split_tags(tags)
    assert users == {"owner": "shop"}
    assert own == {name: value for name, value in tags.items() if name != "owner"}


def test_the_tags_that_aci_run_writes_are_its_own() -> None:
    assert {aci_run.RUN_TAG, aci_run.EXPIRES_AT} <= set(own_tags.COLLECTION_TAGS)
