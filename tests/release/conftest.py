# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of `make build`, built once, and copies of the checkout to prepare a release in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import build
import release as script
import tree
from tree import ROOT


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with only the files of a release."""
    folder = tmp_path_factory.mktemp("release")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "BUILD", folder)
        assert build.main() == 0
    return folder


@pytest.fixture(scope="session")
def python() -> str:
    """The base interpreter of .venv, for environments without the project's packages."""
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return str(base) if base.exists() else str(shutil.which("python3") or ROOT / ".venv/bin/python")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the checkout, under git, with at least one changelog fragment."""
    root = tmp_path / "checkout"
    for path in tree.files():
        target = root / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    (root / "changelogs/fragments").mkdir(exist_ok=True)
    (root / "changelogs/fragments/rehearsal.yml").write_text("bugfixes:\n  - aci_group - mend the rehearsed.\n")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    return root


@pytest.fixture
def next_version(checkout: Path) -> str:
    major, minor, _patch = script.current(checkout).split(".")
    return f"{major}.{int(minor) + 1}.0"


@pytest.fixture
def play() -> Callable[..., subprocess.CompletedProcess[str]]:
    """What runs the command of a workflow's step in a folder, as GitHub does where no shell is named."""

    def run(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
        path = f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=folder,
            env=environment | {"PATH": path} | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )

    return run
