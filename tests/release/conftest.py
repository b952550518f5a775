# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `make build` makes, built once."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

import build
from tree import ROOT


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of a release, and nothing else."""
    folder = tmp_path_factory.mktemp("release")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "BUILD", folder)
        assert build.main() == 0
    return folder


@pytest.fixture(scope="session")
def python() -> str:
    """The interpreter that .venv was made with, for environments without the project's packages."""
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return str(base) if base.exists() else str(shutil.which("python3") or ROOT / ".venv/bin/python")
