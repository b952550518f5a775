# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recovery files: written completely or not at all, and trusted only if nobody else can have written them."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.recovery import (
    RecoveryFile,
    recovery_file,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.recovery_content import (
    read_recovery,
    write_recovery,
)

BODY: dict[str, Any] = {
    "location": "westeurope",
    "properties": {"containers": [{"name": "web", "properties": {"image": "nginx", "command": ["a"]}}]},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "recovery"
    found.mkdir(mode=0o700)
    return found


@pytest.fixture
def recovery(folder: Path) -> RecoveryFile:
    return recovery_file(str(folder), "s", "shop", "web")


@pytest.fixture
def written(recovery: RecoveryFile) -> RecoveryFile:
    write_recovery(recovery, BODY, "2025-09-01", BODY)
    return recovery


def refusal(call: Callable[[], Any]) -> AciError:
    with pytest.raises(AciError) as caught:
        call()
    assert "\n" not in caught.value.msg
    return caught.value


def test_what_is_written_is_read(written: RecoveryFile) -> None:
    found = read_recovery(written)
    assert found is not None
    assert found["properties"]["containers"][0]["properties"]["command"] == ["a"]
    assert os.stat(written.path).st_mode & 0o777 == 0o600
    written.remove()
    assert read_recovery(written) is None


@pytest.mark.parametrize("mask", [0o777, 0o000])
def test_the_mode_does_not_depend_on_the_umask(recovery: RecoveryFile, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_recovery(recovery, BODY, "2025-09-01", BODY)
    finally:
        os.umask(before)
    assert os.stat(recovery.path).st_mode & 0o777 == 0o600
    assert read_recovery(recovery) is not None


def test_folders_are_made(tmp_path: Path) -> None:
    recovery = recovery_file(str(tmp_path / "a" / "b"), "s", "shop", "web")
    assert read_recovery(recovery) is None
    recovery.remove()
    write_recovery(recovery, BODY, "2025-09-01", BODY)
    assert os.stat(tmp_path / "a" / "b").st_mode & 0o777 == 0o700
    assert read_recovery(recovery) is not None


class TestTrust:
    @pytest.mark.parametrize("mode", [0o620, 0o602, 0o666, 0o646])
    def test_a_file_that_others_can_write_to(self, written: RecoveryFile, mode: int) -> None:
        written.path.chmod(mode)
        error = refusal(lambda: read_recovery(written))
        assert error.code == "RecoveryFileRefused"
        assert f"{written.path} is not trusted: others can write to it (mode {mode:04o})." in error.msg

    @pytest.mark.parametrize("mode", [0o400, 0o600, 0o644])
    def test_a_file_that_only_its_owner_can_write_to(self, written: RecoveryFile, mode: int) -> None:
        written.path.chmod(mode)
        assert read_recovery(written) is not None

    def test_a_file_of_somebody_else(self, written: RecoveryFile, monkeypatch: pytest.MonkeyPatch) -> None:
        written.path.parent.chmod(0o1777)
        owner = os.geteuid()
        monkeypatch.setattr("os.geteuid", lambda: owner + 1)
        error = refusal(lambda: read_recovery(written))
        assert error.code == "RecoveryFileRefused"
        assert f"it belongs to another user (uid {owner})" in error.msg

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
    @pytest.mark.parametrize("whose", ["file", "folder"])
    def test_what_was_given_away(self, written: RecoveryFile, whose: str) -> None:
        os.chown(written.path if whose == "file" else written.path.parent, 65534, 65534)
        error = refusal(lambda: read_recovery(written))
        assert error.code == "RecoveryFileRefused"
        assert "belongs to another user (uid 65534)" in error.msg

    @pytest.mark.parametrize("mode", [0o720, 0o702, 0o777, 0o770])
    def test_a_folder_that_others_can_write_to(self, written: RecoveryFile, mode: int) -> None:
        written.path.parent.chmod(mode)
        error = refusal(lambda: read_recovery(written))
        assert error.code == "RecoveryFileRefused"
        assert f"others can write to its folder {written.path.parent} (mode {mode:04o})" in error.msg

    def test_a_file_is_not_written_where_it_would_not_be_trusted(self, recovery: RecoveryFile) -> None:
        recovery.path.parent.chmod(0o777)
        error = refusal(lambda: write_recovery(recovery, BODY, "2025-09-01", BODY))
        assert error.code == "RecoveryFileUnwritable"
        assert "Nothing was deleted" in error.msg
        assert os.listdir(recovery.path.parent) == []

    def test_a_sticky_folder_will_do(self, recovery: RecoveryFile) -> None:
        recovery.path.parent.chmod(0o1777)
        write_recovery(recovery, BODY, "2025-09-01", BODY)
        assert read_recovery(recovery) is not None

    def test_a_link_to_the_folder_will_do(self, written: RecoveryFile, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(written.path.parent)
        assert read_recovery(recovery_file(str(tmp_path / "link"), "s", "shop", "web")) is not None

    @pytest.mark.parametrize("dangling", [True, False])
    def test_a_link(self, written: RecoveryFile, tmp_path: Path, dangling: bool) -> None:
        target = tmp_path / "target.json"
        written.path.rename(target)
        if dangling:
            target.unlink()
        written.path.symlink_to(target)
        error = refusal(lambda: read_recovery(written))
        assert error.code == "RecoveryFileRefused"
        assert "symbolic link" in error.msg

    @pytest.mark.parametrize("make", [os.mkdir, os.mkfifo])
    def test_what_is_no_file(self, recovery: RecoveryFile, make: Callable[[Path], None]) -> None:
        make(recovery.path)
        error = refusal(lambda: read_recovery(recovery))
        assert error.code == "RecoveryFileRefused"
        assert "not a regular file" in error.msg


class TestBlockers:
    @pytest.mark.parametrize("call", ["write", "fsync", "replace", "fchmod"])
    @pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
    def test_nothing_is_left_behind(
        self, recovery: RecoveryFile, monkeypatch: pytest.MonkeyPatch, call: str, failure: BaseException
    ) -> None:
        def fail(*_args: Any, **_options: Any) -> None:
            raise failure

        if call == "write":
            opened = os.fdopen

            def full(handle: int, mode: str) -> Any:
                class Full:
                    def __enter__(self) -> Any:
                        self.stream = opened(handle, mode)
                        return self

                    def __exit__(self, *_: Any) -> None:
                        self.stream.close()

                    write = fail

                return Full()

            monkeypatch.setattr("os.fdopen", full)
        else:
            monkeypatch.setattr(f"os.{call}", fail)
        if isinstance(failure, OSError):
            error = refusal(lambda: write_recovery(recovery, BODY, "2025-09-01", BODY))
            assert error.code == "RecoveryFileUnwritable"
            assert "No space left on device" in error.msg
        else:
            with pytest.raises(KeyboardInterrupt):
                write_recovery(recovery, BODY, "2025-09-01", BODY)
        assert os.listdir(recovery.path.parent) == []

    def test_a_failed_write_keeps_what_was_there(self, written: RecoveryFile, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_args: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        refusal(lambda: write_recovery(written, {**BODY, "location": "northeurope"}, "2025-09-01", BODY))
        found = read_recovery(written)
        assert found is not None
        assert found["location"] == "westeurope"

    @pytest.mark.parametrize("below", [True, False])
    @pytest.mark.parametrize("call", ["read", "write", "remove"])
    def test_a_recovery_dir_that_is_a_file(self, tmp_path: Path, call: str, below: bool) -> None:
        (tmp_path / "file").touch()
        recovery = recovery_file(str(tmp_path / "file" / "below" if below else tmp_path / "file"), "s", "shop", "web")
        calls = {
            "read": lambda: read_recovery(recovery),
            "write": lambda: write_recovery(recovery, BODY, "2025-09-01", BODY),
            "remove": recovery.remove,
        }
        assert "recovery_dir must be a folder" in refusal(calls[call]).msg

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"<html>",
            b"\xff\xfe",
            b"[]",
            b"null",
            b'{"id": "x"}',
            b'{"definition": []}',
            b"[" * 100_000,
        ],
    )
    def test_a_damaged_file_is_not_an_absent_one(self, written: RecoveryFile, content: bytes) -> None:
        written.path.write_bytes(content)
        assert refusal(lambda: read_recovery(written)).code == "RecoveryFileUnreadable"

    def test_the_file_of_another_group(self, written: RecoveryFile) -> None:
        content = json.loads(written.path.read_bytes())
        written.path.write_text(json.dumps({**content, "id": "/of/another"}))
        assert read_recovery(written) is None
