# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that only their owner can have written: what is trusted, and what is written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.own_files import (
    NotOurs,
    check_own_folder,
    read_own,
    write_own,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir(mode=0o700)
    return folder / "file.json"


def test_what_is_written_is_read(path: Path) -> None:
    write_own(path, b"one")
    write_own(path, b"two", modified=1_000_000.0)
    assert read_own(path) == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.stat().st_mtime == 1_000_000.0
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o777])
def test_the_mode_does_not_depend_on_the_umask(path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_own(path, b"x")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("mode", "ours"), [(0o600, True), (0o644, True), (0o620, False), (0o602, False)])
def test_a_file_that_others_can_write_to(path: Path, mode: int, ours: bool) -> None:
    write_own(path, b"x")
    path.chmod(mode)
    if ours:
        assert read_own(path) == b"x"
    else:
        with pytest.raises(NotOurs, match=f"mode {mode:04o}"):
            read_own(path)


@pytest.mark.parametrize(
    ("mode", "ours"), [(0o700, True), (0o755, True), (0o770, False), (0o707, False), (0o1777, True)]
)
def test_a_folder_that_others_can_write_to(path: Path, mode: int, ours: bool) -> None:
    write_own(path, b"x")
    path.parent.chmod(mode)
    if ours:
        assert read_own(path) == b"x"
        check_own_folder(path.parent)
        return
    for refused in (lambda: read_own(path), lambda: write_own(path, b"y"), lambda: check_own_folder(path.parent)):
        with pytest.raises(NotOurs, match="others can write to its folder"):
            refused()
    path.parent.chmod(0o700)
    assert read_own(path) == b"x"
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/etc/passwd")])
def test_what_is_no_regular_file(path: Path, make: Callable[[Path], None]) -> None:
    make(path)
    with pytest.raises(NotOurs, match=r"symbolic link|not a regular file"):
        read_own(path)


def test_what_is_missing(path: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_own(path)
    with pytest.raises(FileNotFoundError):
        write_own(tmp_path / "nowhere" / "x", b"")
    with pytest.raises(FileNotFoundError):
        check_own_folder(tmp_path / "nowhere")


def test_a_folder_of_somebody_else(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.chown(path.parent, 4711, -1) if os.geteuid() == 0 else monkeypatch.setattr(os, "geteuid", lambda: 4711)
    with pytest.raises(NotOurs, match="belongs to another user"):
        check_own_folder(path.parent)


def test_a_link_in_place_of_the_folder(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(path.parent)
    with pytest.raises(OSError, match="link"):
        check_own_folder(link)


def test_a_write_that_fails_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_own(path, b"old")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_own(path, b"new")
    assert read_own(path) == b"old"
    assert os.listdir(path.parent) == [path.name]
