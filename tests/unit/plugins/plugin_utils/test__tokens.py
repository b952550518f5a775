# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens that live as long as a run."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from ansible_collections.azure_containers.aci.plugins.plugin_utils._tokens import FOLDER, FileTokens

LATER = int(time.time()) + 3600
KEY = ("parameters", "client 1", "https://login", "tenant", "secret planted-secret", "scope")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "ansible-local-1"
    folder.mkdir(mode=0o700)
    return folder


def test_a_token_is_kept(run: Path) -> None:
    FileTokens(str(run)).save(KEY, "a-token", LATER)
    assert FileTokens(str(run)).load(KEY) == ("a-token", LATER)


def test_nobody_else_reads_it(run: Path) -> None:
    FileTokens(str(run)).save(KEY, "a-token", LATER)
    (path,) = (run / FOLDER).iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert (run / FOLDER).stat().st_mode & 0o777 == 0o700
    assert "planted" not in path.name + path.read_text()


@pytest.mark.parametrize("position", range(len(KEY)))
def test_every_part_of_the_key_counts(run: Path, position: int) -> None:
    tokens = FileTokens(str(run))
    tokens.save(KEY, "a-token", LATER)
    other = tuple("other" if index == position else part for index, part in enumerate(KEY))
    assert tokens.load(other) is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"token": "t"}', b'{"token": "t", "expires_on": "x"}', b"\xff"]
)
def test_a_damaged_file_is_no_token(run: Path, content: bytes) -> None:
    tokens = FileTokens(str(run))
    tokens.save(KEY, "a-token", LATER)
    next((run / FOLDER).iterdir()).write_bytes(content)
    assert tokens.load(KEY) is None


def test_without_a_place_nothing_is_kept(tmp_path: Path) -> None:
    tokens = FileTokens(str(tmp_path / "nowhere"))
    tokens.save(KEY, "a-token", LATER)
    assert tokens.load(KEY) is None


def test_stale_tokens_of_killed_runs_are_swept(tmp_path: Path, run: Path) -> None:
    stale = tmp_path / "ansible-local-2" / FOLDER / "digest"
    stale.parent.mkdir(parents=True)
    stale.write_text("stale")
    os.utime(stale, (1, 1))
    fresh = stale.with_name("fresh")
    fresh.write_text("fresh")
    os.utime(fresh, (LATER, LATER))
    other = tmp_path / "ansible-local-2" / "of-somebody-else"
    other.write_text("")
    os.utime(other, (1, 1))
    FileTokens(str(run)).save(KEY, "a-token", LATER)
    assert (stale.exists(), fresh.exists(), other.exists()) == (False, True, True)


def test_a_token_of_somebody_else_does_not_count(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = FileTokens(str(run))
    tokens.save(KEY, "a-token", LATER)
    owner = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: owner + 1)
    assert tokens.load(KEY) is None


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_token_that_others_can_write_does_not_count(run: Path, what: str) -> None:
    tokens = FileTokens(str(run))
    tokens.save(KEY, "a-token", LATER)
    (path,) = (run / FOLDER).iterdir()
    (path if what == "file" else path.parent).chmod(0o777)
    assert tokens.load(KEY) is None


def test_a_full_disk_leaves_nothing_behind(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    FileTokens(str(run)).save(KEY, "a-token", LATER)
    assert list((run / FOLDER).iterdir()) == []


@pytest.mark.parametrize("which", ["run directory", "folder"])
def test_nothing_is_swept_behind_a_link(tmp_path: Path, run: Path, which: str) -> None:
    precious = tmp_path / "home" / FOLDER / "precious"
    precious.parent.mkdir(parents=True)
    precious.write_text("precious")
    os.utime(precious, (1, 1))
    planted = tmp_path / "ansible-local-2"
    if which == "folder":
        planted.mkdir()
        planted = planted / FOLDER
    planted.symlink_to(precious.parent if which == "folder" else tmp_path / "home")
    FileTokens(str(run)).save(KEY, "a-token", LATER)
    assert precious.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_nothing_of_somebody_else_is_swept(tmp_path: Path, run: Path) -> None:
    stale = tmp_path / "ansible-local-2" / FOLDER / "digest"
    stale.parent.mkdir(parents=True)
    stale.write_text("stale")
    os.utime(stale, (1, 1))
    os.chown(stale.parent.parent, 65534, 65534)
    FileTokens(str(run)).save(KEY, "a-token", LATER)
    assert stale.exists()
