# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide on permissions and the ready roles say what the rows say that tests/roles plays."""

from __future__ import annotations

from types import ModuleType

import pytest

from ansible_collections.azure_containers.aci.tests.unit.support.programs import ROOT, loaded


@pytest.fixture
def page() -> ModuleType:
    module: ModuleType = loaded(ROOT / "scripts/permissions_page.py")
    return module


def test_the_guide_is_up_to_date(page: ModuleType) -> None:
    assert page.GUIDE.read_text(encoding="utf-8") == page.guide(), "run scripts/permissions_page.py: the rows changed"


def test_the_ready_roles_are_up_to_date(page: ModuleType) -> None:
    written = {path.stem: path.read_text(encoding="utf-8") for path in page.ROLES.glob("*.json")}
    assert written == {name: page.definition(name) for name in page.READY}


def test_every_row_is_in_a_ready_role(page: ModuleType) -> None:
    known = {name for role in page.READY.values() for name in role.rows}
    assert all(row["roles"] and set(row["roles"]) <= known for row in page.rows())


def test_no_ready_role_allows_more_than_its_rows(page: ModuleType) -> None:
    assert not any("*" in action for name in page.READY for action in page.actions(name))
    assert not any("exec" in action for action in page.actions("deployer"))
    assert all(action.endswith("/read") for action in page.actions("reader"))
