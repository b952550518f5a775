# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of `make test-matrix`: the collection with other versions of Ansible, Python and the Azure packages.

Each combination has an environment of its own, and a name that is the beginning of its steps' names. Where there is no
such interpreter, the combination is skipped by that name.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tree
from environments import UNAVAILABLE, EnvironmentFailed, Offline, environment
from steps import BIN, Outcome, Run, Step, Tools, integration, judged, pytest, sanity

# What the unit tests import besides the collection's own requirements.
TEST_PACKAGES = ("cryptography", "hypothesis>=6.120.0", "pytest>=8.3.0", "pytest-timeout>=2.3.0", "PyYAML", "requests")

SDK = "azure-mgmt-containerinstance"

# One target of writing, one of reading, one of a plugin, one of a terminal: each works through other parts.
TARGETS = (
    ("aci_group", "by-module"),
    ("aci_group_containers", "in-process"),
    ("credentials", "by-module"),
    ("inventory_aci", "in-process"),
    ("aci_exec", "in-process"),
)


@dataclass(frozen=True)
class Combination:
    core: str  # "2.18", or "newest"
    python: str
    azure: str  # "lowest": what requirements.txt names, or "newest"
    sanity: bool  # sanity does not depend on the Azure packages: once for each core and Python

    @property
    def name(self) -> str:
        return f"core-{self.core}:python-{self.python}:azure-{self.azure}"

    def packages(self) -> list[str]:
        core = "ansible-core>=2.20" if self.core == "newest" else f"ansible-core=={self.core}.*"
        required = re.findall(r"^([a-z-]+)>=([0-9.]+)$", (tree.ROOT / "requirements.txt").read_text(), re.MULTILINE)
        return [core, *(self._azure(name, version) for name, version in required), *TEST_PACKAGES]

    def _azure(self, name: str, version: str) -> str:
        if self.azure == "lowest":
            return f"{name}=={version}"
        # pip takes previews of what is asked for by one: the SDK's next default version comes in a preview first.
        return f"{name}>={version}.dev0" if name == SDK else f"{name}>={version}"


COMBINATIONS = (
    Combination("2.18", "3.11", "lowest", sanity=True),
    Combination("2.18", "3.11", "newest", sanity=False),
    Combination("2.19", "3.11", "lowest", sanity=False),
    Combination("2.19", "3.11", "newest", sanity=True),
    Combination("newest", "3.12", "lowest", sanity=True),
    Combination("newest", "3.13", "newest", sanity=True),
)


def version_steps() -> list[Step]:
    """Every step of every combination, and those of the tools that have environments of their own."""
    combinations = [step for combination in COMBINATIONS for step in _steps(combination)]
    scripts = [Step(name, _script(f"scripts/{name}.py")) for name in ("docs", "importer", "molecule", "reuse")]
    return [*combinations, *scripts]


def _steps(combination: Combination) -> Iterator[Step]:
    python = interpreter(combination.python)
    if python is None:
        missing = Outcome(skipped=[f"there is no Python {combination.python} here"])
        yield Step(combination.name, lambda _run: missing)
        return
    if combination.sanity:
        yield Step(f"{combination.name}:sanity", _with(combination, python, sanity))
    for target, door in TARGETS:
        action = _integration(target, door)
        yield Step(f"{combination.name}:integration:{target}:{door}", _with(combination, python, action))
    yield Step(f"{combination.name}:samples", _with(combination, python, lambda tools: pytest("tests/samples", tools)))
    yield Step(f"{combination.name}:units", _with(combination, python, lambda tools: pytest("tests/unit", tools)))
    if combination.azure == "lowest":  # what is a template depends on the core alone: once for each
        yield Step(f"{combination.name}:trust", _with(combination, python, lambda tools: pytest("tests/trust", tools)))


def _integration(target: str, door: str) -> Callable[[Tools], Callable[[Run], Outcome]]:
    return lambda tools: integration(target, tools, aci_in_process=door == "in-process")


def _with(
    combination: Combination, python: str, make: Callable[[Tools], Callable[[Run], Outcome]]
) -> Callable[[Run], Outcome]:
    """The action with the combination's own environment, which is made when the first step needs it."""

    def action(run: Run) -> Outcome:
        try:
            folder = environment(combination.name.replace(":", "-"), combination.packages(), python)
        except Offline:
            return Outcome(skipped=["the package index does not respond"])
        except EnvironmentFailed as error:
            return Outcome(failed=1, output=str(error))
        return make(Tools(folder, combination.python))(run)

    return action


def _script(path: str) -> Callable[[Run], Outcome]:
    def action(run: Run) -> Outcome:
        code, output = run.program([str(BIN / "python"), path])
        if code == UNAVAILABLE:
            return Outcome(skipped=["the package index does not respond"])
        return judged(code, output)

    return action


@cache
def interpreter(version: str) -> str | None:
    """The path of an interpreter of this version that works: from PATH, or one that pyenv keeps without showing it."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [f"python{version}", *(str(path) for path in sorted(kept.glob(f"{version}.*/bin/python{version}")))]
    # A name on PATH may be a shim without an interpreter behind it, so each is run.
    program = (
        f"import sys, ensurepip, venv; assert '%d.%d' % sys.version_info[:2] == '{version}'; print(sys.executable)"
    )
    for candidate in candidates:
        try:
            done = subprocess.run([candidate, "-c", program], capture_output=True, text=True, check=False)
        except OSError:
            continue
        if done.returncode == 0:
            return done.stdout.strip()
    return None
