# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module has an entry point in the controller."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from ansible_collections.azure_containers.aci.plugins.plugin_utils._in_process import InProcessAction

PLUGINS = Path(__file__).resolve().parents[4] / "plugins"
MODULES = sorted(path.stem for path in (PLUGINS / "modules").glob("*.py"))


@pytest.mark.parametrize("name", MODULES)
def test_the_door_leads_to_the_engine_of_the_module(name: str) -> None:
    package = "ansible_collections.azure_containers.aci.plugins"
    door = importlib.import_module(f"{package}.action.{name}").ActionModule
    engine = importlib.import_module(f"{package}.module_utils._engines.{name}")
    assert issubclass(door, InProcessAction)
    assert door.SPEC is engine.SPEC
    assert door.SPEC.name == name
