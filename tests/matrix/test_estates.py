# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every property in the table in a list of groups: aci_groups detects, reports and applies the same as aci_group.

A list contains less than the group itself, so each property must also be detected in the list.
"""

from __future__ import annotations

import pytest
from matrix_cases import CARRIERS, VALUES, case
from matrix_doors import Group, Result
from test_matrix import CONSENT


def assert_left_alone(result: Result) -> None:
    assert (result["action"], result["changed"], result["changes"]) == ("none", False, [])
    assert result["health"] == "not_checked"  # the group did not have to be read


@pytest.mark.parametrize("path", sorted(set(VALUES) - CARRIERS))
def test_life_in_an_estate(path: str, group: Group) -> None:
    life = case(path)
    assert group.estate(life.first)["action"] == "created"
    assert_left_alone(group.estate(life.first))
    if life.prop.secret:
        unseen = group.estate(life.second)
        assert_left_alone(unseen)
        assert next(iter(life.changes)) in unseen["secrets_not_compared"]
        return
    if life.changes:
        options = {**life.second, **CONSENT}
        alone, together = group.run(options, check=True), group.estate(options, check=True)
        assert together["changes"] == alone["changes"]
        assert together["action"] == alone["action"]
        assert group.estate(options)["changed"]
    assert_left_alone(group.estate(life.without))
    assert_left_alone(group.estate(life.second))
