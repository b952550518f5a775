# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide on desired state matches the property table."""

from __future__ import annotations

from ansible_collections.azure_containers.aci.tests.unit.support.programs import ROOT, loaded


def test_the_guide_has_the_table_of_the_module() -> None:
    property_table = loaded(ROOT / "scripts/property_table.py")

    assert property_table.GUIDE.read_text(encoding="utf-8") == property_table.guide(), (
        "run scripts/property_table.py: the property table has changed"
    )


def test_every_cost_has_words() -> None:
    property_table = loaded(ROOT / "scripts/property_table.py")

    assert {prop.effect for _path, prop in property_table.options()} <= set(property_table.COSTS)
