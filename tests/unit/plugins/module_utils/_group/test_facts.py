# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which names count as secret, and which as free, follows from the table."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common import masking
from ansible_collections.azure_containers.aci.plugins.module_utils._group.facts import snake_cased
from ansible_collections.azure_containers.aci.plugins.module_utils._group.schema import Kind, Property, walk

LEAVES = [(path, prop) for path, prop in walk() if not prop.children]
FREE = [(path, prop) for path, prop in LEAVES if prop.kind in (Kind.MAP, Kind.FREE) and not prop.secret]


def last_name(prop: Property) -> str:
    return prop.wire.rpartition(".")[2]


def value_of(prop: Property) -> Any:
    return {"camelCase": "planted"} if prop.kind in (Kind.MAP, Kind.FREE) else "planted"


@pytest.mark.parametrize(("path", "prop"), [(path, prop) for path, prop in LEAVES if prop.secret])
def test_a_secret_of_the_table_is_in_no_facts(path: str, prop: Property) -> None:
    facts = snake_cased({last_name(prop): value_of(prop), "image": "web"})
    assert facts["image"] == "web"
    assert facts.get(path.rpartition(".")[2], {}) == {}  # an empty map tells that there is one


@pytest.mark.parametrize(("path", "prop"), FREE)
def test_keys_that_users_choose_stay_as_they_are(path: str, prop: Property) -> None:
    assert snake_cased({last_name(prop): {"camelCase": "kept"}}) == {path.rpartition(".")[2]: {"camelCase": "kept"}}


def test_masking_knows_the_same_free_maps() -> None:
    """It stands below the table, so it has a list of its own."""
    assert {masking.plain_name(last_name(prop)) for _path, prop in FREE} | {"tags"} == masking.FREE_MAPS
