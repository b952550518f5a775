# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's metadata is consistent with its content."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

import tree

ROOT = Path(__file__).resolve().parents[2]
# The files of the artifact, by their first folder or their name.
SHIPPED = {
    ".ansible-lint",  # without it, Galaxy warns about playbooks that need a collection that it does not have
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "changelogs",
    "docs",
    "galaxy.yml",
    "meta",
    "playbooks",
    "plugins",
    "requirements.txt",
    "tests",  # only the settings of ansible-test
}
MODULES = sorted(path.stem for path in (ROOT / "plugins/modules").glob("*.py"))


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text())


RULES = load("galaxy.yml")["build_ignore"]


def test_every_module_is_in_the_action_group() -> None:
    assert sorted(load("meta/runtime.yml")["action_groups"]["all"]) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_every_module_is_in_the_readme(module: str) -> None:
    assert f"`azure_containers.aci.{module}`" in (ROOT / "README.md").read_text()


def test_execution_environments_install_the_requirements() -> None:
    names = load("meta/execution-environment.yml")["dependencies"]
    wanted = {line for line in (ROOT / "requirements.txt").read_text().splitlines() if not line.startswith("#")}
    given = {line for line in (ROOT / names["python"]).read_text().splitlines() if not line.startswith("#")}
    assert given == wanted


def test_the_artifact_has_what_execution_environments_need() -> None:
    named = [f"meta/{Path(name).name}" for name in load("meta/execution-environment.yml")["dependencies"].values()]
    assert named
    assert all((ROOT / name).is_file() for name in named)
    assert not [(name, rule) for name in named for rule in RULES if fnmatch(name, rule)]


def held_back(name: str) -> bool:
    """Whether galaxy.yml excludes a file, or one of its parent folders, from the artifact."""
    parts = [name, *map(str, Path(name).parents)]
    return any(fnmatch(part, rule) for part in parts for rule in RULES)


def test_the_artifact_has_no_tests_and_none_of_the_developers_files() -> None:
    """Each has a rule, so that a new folder of tests is not shipped by accident."""
    names = [str(path.relative_to(ROOT)) for path in tree.files()]
    shipped = {name for name in names if not held_back(name)}
    assert {name for name in shipped if name.startswith("tests/")} == {"tests/config.yml"}
    assert {name.partition("/")[0] for name in shipped} == SHIPPED


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("extensions/molecule/default/molecule.yml", True),
        ("extensions/audit/event_query.yml", False),
        ("extensions/eda/rulebooks/stopped.yml", False),
    ],
)
def test_of_extensions_only_the_scenario_for_developers_is_held_back(name: str, expected: bool) -> None:
    assert held_back(name) is expected


def test_requirements_have_lower_bounds_only() -> None:
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert lines
    assert all(re.fullmatch(r"[a-z-]+>=[0-9.]+", line) for line in lines)


def test_readme_has_full_addresses_only() -> None:
    links = re.findall(r"\]\(([^)]+)\)", (ROOT / "README.md").read_text())
    assert links
    assert all(link.startswith("https://") for link in links)


def test_no_sanity_test_is_ignored() -> None:
    assert not list((ROOT / "tests").glob("sanity/ignore*"))
