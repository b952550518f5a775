# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checkout's files, and copies of them at a path that Ansible's tools accept."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMESPACE = "azure_containers"
NAME = "aci"

_NOT_IN_COLLECTION = ("emulator/", "bench/", "scripts/", ".ci/", ".github/")
_NOT_INSTALLED = (*_NOT_IN_COLLECTION, "tests/")


def files() -> list[Path]:
    """All files that are tracked, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return [path for path in paths if path.is_file()]


def collection_files(*, with_tests: bool = False) -> list[Path]:
    """The files of the collection itself, without the emulator and the developers' tools."""
    excluded = _NOT_IN_COLLECTION if with_tests else _NOT_INSTALLED
    return [path for path in files() if not str(path.relative_to(ROOT)).startswith(excluded)]


def copy(paths: Iterable[Path], parent: Path) -> Path:
    """Copy the files below parent, as ansible_collections/NAMESPACE/NAME; return that folder."""
    target = parent / "ansible_collections" / NAMESPACE / NAME
    if target.exists():
        shutil.rmtree(target)
    _copy_to(paths, target)
    return target


def copy_emulator(parent: Path) -> Path:
    """Copy the emulator's package, and the license, below parent; return the package's folder."""
    _copy_to((path for path in files() if path.is_relative_to(ROOT / "emulator")), parent)
    shutil.copy2(ROOT / "LICENSE", parent / "emulator")
    return parent / "emulator"


def _copy_to(paths: Iterable[Path], target: Path) -> None:
    for path in paths:
        destination = target / path.relative_to(ROOT)
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, destination)


@contextmanager
def temporary_copy(paths: Iterable[Path]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="azure_containers_aci_") as parent:
        yield copy(paths, Path(parent))
