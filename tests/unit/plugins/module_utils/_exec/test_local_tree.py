# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of the host: which can be copied, and how copies are written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError, InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._exec.local_tree import (
    LocalState,
    change_local_mode,
    is_local_folder,
    local_entries,
    local_state,
    make_local_folder,
    usual_mode,
    write_local,
)


def test_a_folder_comes_before_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "c").write_bytes(b"123")
    found = local_entries(tmp_path, follow=False, most=9)
    assert [entry.parts for entry in found] == [(), (b"a",), (b"a", b"b"), (b"a", b"c")]
    assert (found[-1].size, found[-1].is_folder) == (3, False)


def test_the_source_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert local_entries(tmp_path / "link", follow=False, most=9)[0].is_folder
    with pytest.raises(InvalidArguments, match="symbolic link"):
        local_entries(tmp_path, follow=False, most=9)


def test_states(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12")
    (tmp_path / "file").chmod(0o600)
    (tmp_path / "link").symlink_to("file")
    os.mkfifo(tmp_path / "pipe")
    assert local_state(tmp_path / "file") == LocalState("f", 0o600, 2)
    kinds = [local_state(tmp_path / name).kind for name in ("link", "pipe", ".", "nothing", "file/below")]
    assert kinds == ["l", "o", "d", "-", "-"]


def test_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    assert is_local_folder(tmp_path / "link")
    assert not is_local_folder(tmp_path / "nothing")

    def refuse(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", refuse)
    with pytest.raises(AciError, match="cannot be read: Permission denied"):
        is_local_folder(tmp_path)


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    def fill(stream: IO[bytes]) -> None:
        stream.write(b"half")
        stream.flush()
        (part,) = tmp_path.iterdir()
        assert part.stat().st_mode & 0o777 == 0o600
        stream.write(b" whole")

    write_local(tmp_path / "file", fill, 0o644)
    assert (tmp_path / "file").read_bytes() == b"half whole"
    assert (tmp_path / "file").stat().st_mode & 0o7777 == 0o644
    with pytest.raises(AciError, match="cannot be written: No such file"):
        write_local(tmp_path / "nowhere" / "file", fill, 0o644)


def test_modes(tmp_path: Path) -> None:
    make_local_folder(tmp_path / "a" / "b", 0o700, parents=True)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o7777 == 0o700
    change_local_mode(tmp_path / "a" / "b", 0o755)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o7777 == 0o755
    for act in (make_local_folder, change_local_mode):
        with pytest.raises(AciError) as caught:
            act(tmp_path / "x" / "y", 0o755)
        assert caught.value.code == "LocalFileFailed"
    before = os.umask(0o027)
    try:
        assert usual_mode(0o777) == 0o750
        assert os.umask(0o027) == 0o027
    finally:
        os.umask(before)
