# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide on desired state matches the property table."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[3]


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_guide_has_the_table_of_the_module() -> None:
    property_table = load(ROOT / "scripts/property_table.py")

    assert property_table.GUIDE.read_text(encoding="utf-8") == property_table.guide(), (
        "run scripts/property_table.py: the property table has changed"
    )


def test_every_cost_has_words() -> None:
    property_table = load(ROOT / "scripts/property_table.py")

    assert {prop.effect for _path, prop in property_table.options()} <= set(property_table.COSTS)
