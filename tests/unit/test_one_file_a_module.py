# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unit tests are in folders with the same names as the tested code, one file per module."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests/unit/plugins"
TREES = ("module_utils", "plugin_utils")
ELSEWHERE = {
    "module_utils/_azure/sdk.py": "has no use of its own: test_client.py and test_sign_in.py go through it",
    "module_utils/_reconcile/work.py": "has no use of its own: test_aci_group.py and test_aci_run.py go through it",
}

MODULES = sorted(
    str(path.relative_to(ROOT / "plugins"))
    for tree in TREES
    for path in (ROOT / "plugins" / tree).rglob("*.py")
    if path.name != "__init__.py"
)
FILES = sorted(str(path.relative_to(TESTS)) for tree in TREES for path in (TESTS / tree).rglob("test_*.py"))


def file_of(module: str) -> str:
    path = Path(module)
    return str(path.with_name(f"test_{path.name}"))


@pytest.mark.parametrize("module", [module for module in MODULES if module not in ELSEWHERE])
def test_every_module_has_its_file(module: str) -> None:
    assert file_of(module) in FILES, f"plugins/{module} has no unit tests: they belong in {file_of(module)}"


@pytest.mark.parametrize("name", FILES)
def test_every_file_has_its_module(name: str) -> None:
    """A separate file may test one aspect of a module; its name starts with the module's."""
    path = Path(name)
    stems = [Path(module).stem for module in MODULES if Path(module).parent == path.parent]
    found = path.stem.removeprefix("test_")
    assert any(found == stem or found.startswith(f"{stem}_") for stem in stems), (
        f"tests/unit/plugins/{name} tests no module of plugins/{path.parent}: name it test_MODULE.py or "
        "test_MODULE_ASPECT.py, in the folder of that module"
    )


def test_what_is_tested_elsewhere_exists_and_has_no_file() -> None:
    for module in ELSEWHERE:
        assert module in MODULES
        assert file_of(module) not in FILES
