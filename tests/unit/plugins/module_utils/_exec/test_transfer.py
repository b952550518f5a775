# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The transfer of files over a terminal."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError
from ansible_collections.azure_containers.aci.plugins.module_utils._exec import transfer
from ansible_collections.azure_containers.aci.plugins.module_utils._exec.transfer import (
    fetch_file,
    posix_cksum,
    put_file,
)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=3000))
def test_cksum(data: bytes) -> None:
    printed = subprocess.run(["cksum"], input=data, capture_output=True, check=True).stdout
    assert posix_cksum(data) == printed.split()[0].decode()


@pytest.mark.parametrize("name", ["dash", "bash", "busybox"])
@pytest.mark.parametrize("tools", [None, {"stty", "cksum"}], ids=["all tools", "few tools"])
@pytest.mark.parametrize("size", [0, 1, 65536, 150_001])
def test_there_and_back(opened: Any, tmp_path: Path, name: str, tools: set[str] | None, size: int) -> None:
    shell = opened(name)
    shell.tools = shell.tools if tools is None else frozenset(tools)
    data = os.urandom(size)
    path = tmp_path / 'a file\'s "name" $x\n'
    put_file(shell, io.BytesIO(data), os.fsencode(path))
    assert path.read_bytes() == data
    assert [item.name for item in tmp_path.iterdir()] == [path.name]
    back = io.BytesIO()
    fetch_file(shell, os.fsencode(path), back)
    assert back.getvalue() == data


def test_a_big_one(opened: Any, tmp_path: Path) -> None:
    shell = opened()
    data = os.urandom(5_000_000)
    put_file(shell, io.BytesIO(data), os.fsencode(tmp_path / "big"))
    back = io.BytesIO()
    fetch_file(shell, os.fsencode(tmp_path / "big"), back)
    assert (tmp_path / "big").read_bytes() == data == back.getvalue()


def test_a_chunk_that_is_damaged_is_sent_again(opened: Any, tmp_path: Path) -> None:
    shell = opened(limit=None)
    data = os.urandom(300_000)
    shell.run([b"true"], stdin=b"x" * 40_000, timeout=30)
    assert shell.frame == 4000
    shell.socket.limit = 3000  # from now on, long frames lose data
    put_file(shell, io.BytesIO(data), os.fsencode(tmp_path / "big"))
    assert (tmp_path / "big").read_bytes() == data
    assert shell.frame == 48


def test_damage_that_stays_is_an_error(opened: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "checksum_of", lambda _shell: (b"sha256sum", lambda data: "wrong"))
    with pytest.raises(AciError, match="was damaged in transit") as caught:
        put_file(opened(), io.BytesIO(b"data"), os.fsencode(tmp_path / "file"))
    assert caught.value.code == "TransferFailed"
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_there_and_what_cannot_be_written(opened: Any, tmp_path: Path) -> None:
    shell = opened()
    with pytest.raises(AciError) as caught:
        fetch_file(shell, os.fsencode(tmp_path / "nothing"), io.BytesIO())
    assert caught.value.code == "FileNotFound"
    with pytest.raises(AciError, match="refused a file") as caught:
        put_file(shell, io.BytesIO(b"x"), os.fsencode(tmp_path / "no" / "folder"))
    assert caught.value.code == "TransferFailed"


def test_without_a_checksum_nothing_is_sent(opened: Any) -> None:
    shell = opened()
    shell.tools = frozenset({"stty", "base64"})
    with pytest.raises(AciError, match="neither sha256sum nor cksum"):
        put_file(shell, io.BytesIO(b"x"), b"/nowhere")
