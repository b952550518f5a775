# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens and prices that are kept for a run."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.plugin_utils import _run_files
from ansible_collections.azure_containers.aci.plugins.plugin_utils._run_files import FOLDER, RunFiles

LATER = int(time.time()) + 3600
KEY = ("parameters", "client 1", "https://login", "tenant", "secret planted-secret", "scope")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "ansible-local-1"
    folder.mkdir(mode=0o700)
    return folder


def test_a_token_is_kept(run: Path) -> None:
    RunFiles(str(run)).save(KEY, "a-token", LATER)
    assert RunFiles(str(run)).load(KEY) == ("a-token", LATER)


def test_nobody_else_reads_it(run: Path) -> None:
    RunFiles(str(run)).save(KEY, "a-token", LATER)
    (path,) = (run / FOLDER).iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert (run / FOLDER).stat().st_mode & 0o777 == 0o700
    assert "planted" not in path.name + path.read_text()


@pytest.mark.parametrize("position", range(len(KEY)))
def test_every_part_of_the_key_counts(run: Path, position: int) -> None:
    tokens = RunFiles(str(run))
    tokens.save(KEY, "a-token", LATER)
    other = tuple("other" if index == position else part for index, part in enumerate(KEY))
    assert tokens.load(other) is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"value": "t"}', b'{"value": "t", "expires_on": "x"}', b"\xff"]
)
def test_a_damaged_file_is_no_token(run: Path, content: bytes) -> None:
    tokens = RunFiles(str(run))
    tokens.save(KEY, "a-token", LATER)
    next((run / FOLDER).iterdir()).write_bytes(content)
    assert tokens.load(KEY) is None


def test_without_a_place_nothing_is_kept(tmp_path: Path) -> None:
    tokens = RunFiles(str(tmp_path / "nowhere"))
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
    RunFiles(str(run)).save(KEY, "a-token", LATER)
    assert (stale.exists(), fresh.exists(), other.exists()) == (False, True, True)


def test_a_token_of_somebody_else_does_not_count(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = RunFiles(str(run))
    tokens.save(KEY, "a-token", LATER)
    owner = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: owner + 1)
    assert tokens.load(KEY) is None


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_token_that_others_can_write_does_not_count(run: Path, what: str) -> None:
    tokens = RunFiles(str(run))
    tokens.save(KEY, "a-token", LATER)
    (path,) = (run / FOLDER).iterdir()
    (path if what == "file" else path.parent).chmod(0o777)
    assert tokens.load(KEY) is None


def test_a_full_disk_leaves_nothing_behind(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    RunFiles(str(run)).save(KEY, "a-token", LATER)
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
    RunFiles(str(run)).save(KEY, "a-token", LATER)
    assert precious.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_nothing_of_somebody_else_is_swept(tmp_path: Path, run: Path) -> None:
    stale = tmp_path / "ansible-local-2" / FOLDER / "digest"
    stale.parent.mkdir(parents=True)
    stale.write_text("stale")
    os.utime(stale, (1, 1))
    os.chown(stale.parent.parent, 65534, 65534)
    RunFiles(str(run)).save(KEY, "a-token", LATER)
    assert stale.exists()


def in_a_worker(work: Callable[[], Any]) -> Any:
    """The result of ``work`` in a process that was forked like Ansible's workers."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    worker = context.Process(target=lambda: sender.send(work()))
    worker.start()
    try:
        assert receiver.poll(20)
        return receiver.recv()
    finally:
        worker.join(20)


def test_workers_share_tokens_though_each_loads_the_file_itself(run: Path) -> None:
    def loaded_anew() -> Any:
        import importlib

        return importlib.reload(_run_files).RunFiles(str(run))

    in_a_worker(lambda: loaded_anew().save(KEY, "a-token", LATER))
    assert in_a_worker(lambda: loaded_anew().load(KEY)) == ("a-token", LATER)


def test_another_run_cannot_tell_which_secret_a_file_stands_for(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = RunFiles(str(run))
    tokens.save(KEY, "a-token", LATER)
    monkeypatch.setattr(multiprocessing.current_process(), "authkey", b"of another run")
    assert tokens.load(KEY) is None


def test_workers_take_turns(run: Path) -> None:
    def is_taken() -> bool:
        (lock,) = (run / FOLDER).glob("*.lock")
        with lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False

    with RunFiles(str(run)).turn(KEY):
        assert in_a_worker(is_taken)
    assert not in_a_worker(is_taken)
    (lock,) = (run / FOLDER).glob("*.lock")
    assert lock.stat().st_mode & 0o777 == 0o600
    assert lock.read_bytes() == b""


def test_a_turn_that_does_not_come_is_not_waited_for(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(100))
    pauses: list[float] = []
    monkeypatch.setattr(_run_files.time, "monotonic", lambda: float(next(clock)))
    monkeypatch.setattr(_run_files.time, "sleep", pauses.append)
    with RunFiles(str(run)).turn(KEY), RunFiles(str(run)).turn(KEY):
        pass
    assert len(pauses) == _run_files.TURN_SECONDS


def test_another_identity_does_not_wait(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def waits(_seconds: float) -> None:
        raise AssertionError("it waits")

    monkeypatch.setattr(_run_files.time, "sleep", waits)
    with RunFiles(str(run)).turn(KEY), RunFiles(str(run)).turn((*KEY[:-1], "another scope")):
        pass


def test_a_lock_outlives_the_sweep_of_its_run(run: Path) -> None:
    tokens = RunFiles(str(run))
    with tokens.turn(KEY):
        tokens.save(KEY, "a-token", LATER)
        assert len(list((run / FOLDER).glob("*.lock"))) == 1


def test_the_lock_of_a_killed_run_is_swept(tmp_path: Path, run: Path) -> None:
    other = tmp_path / "ansible-local-2"
    other.mkdir(mode=0o700)
    with RunFiles(str(other)).turn(KEY):
        pass
    (lock,) = (other / FOLDER).iterdir()
    os.utime(lock, (1, 1))
    RunFiles(str(run)).save(KEY, "a-token", LATER)
    assert not lock.exists()


@pytest.mark.parametrize("what", ["no place", "a link", "no locks"])
def test_without_a_lock_the_work_is_done_all_the_same(
    tmp_path: Path, run: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    tokens = RunFiles(str(tmp_path / "nowhere" if what == "no place" else run))
    if what == "a link":
        with tokens.turn(KEY):
            (lock,) = (run / FOLDER).iterdir()
        lock.unlink()
        lock.symlink_to(precious)
        os.utime(precious, (1, 1))
    if what == "no locks":

        def refused(_handle: int, _how: int) -> None:
            raise OSError(37, "No locks available")

        monkeypatch.setattr("fcntl.flock", refused)
    done = False
    with tokens.turn(KEY):
        done = True
    assert done
    assert what != "a link" or precious.stat().st_mtime == 1


def test_an_error_in_a_turn_is_not_swallowed(run: Path) -> None:
    with pytest.raises(OSError, match="of the block"), RunFiles(str(run)).turn(KEY):
        raise OSError("of the block")
