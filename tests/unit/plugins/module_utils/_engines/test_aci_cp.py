# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of aci_cp, with a real shell on a terminal: this machine is both host and container."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    AzureError,
    InvalidArguments,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_cp
from ansible_collections.azure_containers.aci.plugins.module_utils._exec.session import Finished
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient
from ansible_collections.azure_containers.aci.tests.unit.support.terminals import opened

__all__ = ["opened"]

STATE = {"currentState": {"state": "Running"}}
LIVE = {
    "properties": {
        "containers": [{"name": "main", "properties": {"instanceView": STATE}}],
        "instanceView": {"state": "Running"},
    }
}

Copy = Callable[..., dict[str, Any]]


class Kept:
    """A shell that remains open between copies."""

    def __init__(self, shell: Any) -> None:
        self.shell = shell

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shell, name)

    def close(self) -> None:
        """Does nothing, because the fixture closes it."""


@pytest.fixture
def copy(opened: Any) -> Copy:
    kept = Kept(opened("dash", limit=None))
    return lambda **options: play(kept, **options)


def play(shell: Any, *, check: bool = False, client: Any = None, **options: Any) -> dict[str, Any]:
    params = {name: option.get("default") for name, option in aci_cp.SPEC.arguments.items()}
    params |= {"resource_group": "shop", "name": "web"}
    params |= {name: str(value) if isinstance(value, Path) else value for name, value in options.items()}
    context = Context(params, check, True, client or FakeClient(group=LIVE))
    return aci_cp.run(context, lambda *_asked, **_more: shell)


def changes(result: dict[str, Any]) -> dict[str, str]:
    return {Path(each["path"]).name: each["change"] for each in result["files"]}


def mode(path: Path) -> int:
    return path.lstat().st_mode & 0o7777


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    (source / "inner" / "empty").mkdir(parents=True)
    (source / "one.txt").write_bytes(b"one")
    (source / "inner" / ".two words\n*").write_bytes(os.urandom(70_000))
    (source / "run.sh").write_bytes(b"#!/bin/sh")
    (source / "run.sh").chmod(0o4755)
    (source / "one.txt").chmod(0o640)
    return source


def tree(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): None if path.is_dir() else path.read_bytes() for path in folder.rglob("*")}


@pytest.mark.parametrize("direction", ["to_container", "from_container"])
class TestBothWays:
    def test_a_folder(self, copy: Copy, folder: Path, tmp_path: Path, direction: str) -> None:
        target = tmp_path / "target"
        options = {"src": f"{folder}/", "dest": target, "direction": direction}
        predicted = copy(check=True, **options)
        assert not target.exists()
        result = copy(**options)
        assert {**predicted, "files": result["files"]} == result
        assert changes(predicted) == changes(result)
        assert tree(target) == tree(folder)
        assert result["changed"] is True
        assert mode(target / "run.sh") == 0o755  # without setuid
        assert mode(target / "one.txt") == 0o640
        again = copy(**options)
        assert (again["changed"], again["files"], again["unchanged"]) == (False, [], len(tree(folder)) + 1)

    def test_what_differs(self, copy: Copy, folder: Path, tmp_path: Path, direction: str) -> None:
        target = tmp_path / "target"
        options = {"src": f"{folder}/", "dest": target, "direction": direction}
        copy(**options)
        (target / "one.txt").write_bytes(b"two")  # with the same size
        (target / "one.txt").chmod(0o600)
        (target / "run.sh").unlink()
        (target / "own").write_bytes(b"stays")
        result = copy(**options)
        assert changes(result) == {"one.txt": "updated", "run.sh": "created"}
        assert mode(target / "one.txt") == 0o600  # an existing file keeps its mode
        assert (target / "own").exists()
        assert "one.txt 0600 3 bytes\n" in result["diff"]["before"]
        assert "one.txt 0600 3 bytes, other content\n" in result["diff"]["after"]
        assert changes(copy(**options, mode="preserve")) == {"one.txt": "mode"}
        assert mode(target / "one.txt") == 0o640
        assert set(changes(copy(**options, mode="0400")).values()) == {"mode"}
        assert mode(target / "run.sh") == 0o400

    def test_where_a_file_goes(self, copy: Copy, folder: Path, tmp_path: Path, direction: str) -> None:
        one = {"src": folder / "one.txt", "direction": direction}
        (tmp_path / "there").mkdir()
        assert copy(**one, dest=tmp_path / "there")["dest"] == str(tmp_path / "there" / "one.txt")
        assert copy(**one, dest=tmp_path / "new" / "name")["dest"] == str(tmp_path / "new" / "name")
        assert copy(**one, dest=f"{tmp_path}/other/")["dest"] == str(tmp_path / "other" / "one.txt")
        assert (tmp_path / "new" / "name").read_bytes() == b"one"
        assert copy(**{**one, "src": folder}, dest=tmp_path / "there")["dest"] == str(tmp_path / "there" / "source")

    def test_something_in_the_way(self, copy: Copy, folder: Path, tmp_path: Path, direction: str) -> None:
        target = tmp_path / "target"
        (target / "one.txt").mkdir(parents=True)
        with pytest.raises(AciError, match=r"one\.txt should be a file") as caught:
            copy(src=f"{folder}/", dest=target, direction=direction)
        assert caught.value.code == "InTheWay"
        assert not (target / "inner").exists()  # nothing was started

    def test_too_much(self, copy: Copy, tmp_path: Path, direction: str, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "big").write_bytes(b"x" * (1024 * 1024 + 1))
        with pytest.raises(InvalidArguments, match="max_size"):
            copy(src=tmp_path / "big", dest=tmp_path / "copy", direction=direction, max_size=1)
        monkeypatch.setattr(aci_cp, "MOST_ENTRIES", 2)
        (tmp_path / "many").mkdir()
        for number in range(3):
            (tmp_path / "many" / str(number)).touch()
        with pytest.raises(AciError, match="more than 2 files"):
            copy(src=tmp_path / "many", dest=tmp_path / "copies", direction=direction)

    def test_contents_are_in_no_result(self, copy: Copy, tmp_path: Path, direction: str) -> None:
        (tmp_path / "key").write_bytes(b"canary-1")
        (tmp_path / "old").write_bytes(b"canary-2")
        result = copy(src=tmp_path / "key", dest=tmp_path / "old", direction=direction)
        assert result["changed"]
        assert "canary" not in str(result)


class TestInto:
    def test_links(self, copy: Copy, folder: Path, tmp_path: Path) -> None:
        (folder / "link").symlink_to(tmp_path / "source" / "one.txt")
        options = {"src": f"{folder}/", "dest": tmp_path / "target"}
        with pytest.raises(InvalidArguments, match=r"link is a symbolic link; .*local_follow: true"):
            copy(**options)
        copy(**options, local_follow=True)
        assert not (tmp_path / "target" / "link").is_symlink()
        assert (tmp_path / "target" / "link").read_bytes() == b"one"
        (folder / "loop").symlink_to(folder)
        with pytest.raises(InvalidArguments, match="leads back"):
            copy(**options, local_follow=True)

    def test_what_is_no_file(self, copy: Copy, folder: Path, tmp_path: Path) -> None:
        os.mkfifo(folder / "pipe")
        with pytest.raises(InvalidArguments, match="pipe is not a regular file"):
            copy(src=f"{folder}/", dest=tmp_path / "target")
        with pytest.raises(InvalidArguments, match="nothing cannot be read: No such file"):
            copy(src=tmp_path / "nothing", dest=tmp_path / "target")

    def test_a_link_in_the_container_is_replaced(self, copy: Copy, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").write_bytes(b"stays")
        (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
        assert changes(copy(src=folder / "one.txt", dest=tmp_path / "link")) == {"link": "updated"}
        assert (tmp_path / "elsewhere").read_bytes() == b"stays"
        assert not (tmp_path / "link").is_symlink()

    def test_a_group_that_is_not_there_yet(self, copy: Copy, folder: Path, tmp_path: Path) -> None:
        options: dict[str, Any] = {"src": folder, "dest": tmp_path / "target", "client": FakeClient()}
        assert copy(check=True, **options)["changed"] is True
        with pytest.raises(AzureError, match="no container group web"):
            copy(**options)


class Lying:
    """A shell whose container reports arbitrary files."""

    def __init__(self, shell: Any, *records: bytes) -> None:
        self.shell = shell
        self.records = records

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shell, name)

    def run(self, argv: list[bytes], **options: Any) -> Finished:
        if b'_w "$1"' in argv[2]:
            return Finished(0, base64.encodebytes(b"".join(record + b"\0" for record in self.records)))
        finished: Finished = self.shell.run(argv, **options)
        return finished

    def close(self) -> None:
        """Does nothing, because the fixture closes it."""


class TestOutOf:
    SRC = "/tmp"

    def play(self, opened: Any, tmp_path: Path, *records: bytes) -> dict[str, Any]:
        (tmp_path / "from").mkdir()
        inside = os.fsencode(tmp_path / "from")
        shell = Lying(opened(limit=None), *(record.replace(b"SRC", inside) for record in records))
        return play(shell, src=f"{tmp_path}/from/", dest=tmp_path / "to", direction="from_container")

    @pytest.mark.parametrize(
        "record",
        [
            b"f -rw-r--r-- 1 0 SRC/../../etc/cron.d/x",
            b"f -rw-r--r-- 1 0 /etc/passwd",
            b"f -rw-r--r-- 1 0 SRC//x",
            b"f -rw-r--r-- 1 0 SRC/.",
            b"f -rw-r--r-- 1 0 SRC/..",
            b"f -rw-r--r-- 1 0 SRC/unlisted/x",
            b"l lrwxrwxrwx 1 - SRC/link",
            b"L lrwxrwxrwx 1 - SRC/link",
            b"o crw-rw-rw- 0 - SRC/null",
        ],
    )
    def test_what_is_refused(self, opened: Any, tmp_path: Path, record: bytes) -> None:
        with pytest.raises(AciError, match="is not copied out of the container") as caught:
            self.play(opened, tmp_path, b"f -rw-r--r-- 1 0 SRC/good", record)
        assert caught.value.code == "FileRefused"
        assert not (tmp_path / "to").exists()

    @pytest.mark.parametrize(
        "record", [b"", b"x", b"f rw 1 0 SRC/a", b"f -rw-r--r-- big 0 SRC/a", b"f -rw-r--r-- -1 0 a"]
    )
    def test_what_makes_no_sense(self, opened: Any, tmp_path: Path, record: bytes) -> None:
        with pytest.raises(AciError, match="returned an invalid answer"):
            self.play(opened, tmp_path, record)

    def test_a_file_that_cannot_be_read(self, opened: Any, tmp_path: Path) -> None:
        with pytest.raises(AciError, match=r"/secret cannot be read"):
            self.play(opened, tmp_path, b"! - 0 - SRC/secret")

    def test_links_of_this_host_are_not_followed(self, copy: Copy, folder: Path, tmp_path: Path) -> None:
        target, outside = tmp_path / "target", tmp_path / "outside"
        target.mkdir()
        outside.mkdir()
        (target / "inner").symlink_to(outside)
        with pytest.raises(AciError, match="inner should be a folder"):
            copy(src=f"{folder}/", dest=target, direction="from_container")
        assert list(outside.iterdir()) == []
        (target / "inner").unlink()
        (target / "one.txt").symlink_to(outside / "new")
        copy(src=f"{folder}/", dest=target, direction="from_container")
        assert list(outside.iterdir()) == []
        assert (target / "one.txt").read_bytes() == b"one"

    @pytest.mark.parametrize("kind", ["link", "pipe"])
    def test_a_source_that_is_no_file(self, copy: Copy, tmp_path: Path, kind: str) -> None:
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "link").symlink_to("/etc")
        with pytest.raises(AciError, match="is not copied out of the container"):
            copy(src=tmp_path / kind, dest=tmp_path / "to", direction="from_container")

    def test_a_source_that_is_not_there(self, copy: Copy, tmp_path: Path) -> None:
        with pytest.raises(AciError, match="there is no") as caught:
            copy(src=tmp_path / "nothing", dest=tmp_path / "to", direction="from_container")
        assert caught.value.code == "FileNotFound"

    def test_a_copy_that_breaks_leaves_nothing_half(
        self, copy: Copy, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_shell: Any, _source: bytes, target: Any) -> None:
            target.write(b"half")
            raise AciError("The connection was lost.")

        target = tmp_path / "target"
        target.mkdir()
        (target / "one.txt").write_bytes(b"old")
        monkeypatch.setattr(aci_cp, "fetch_file", broken)
        with pytest.raises(AciError, match="lost"):
            copy(src=folder / "one.txt", dest=target, direction="from_container")
        assert tree(target) == {"one.txt": b"old"}

    def test_a_file_that_grows(self, copy: Copy, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def endless(_shell: Any, _source: bytes, target: Any) -> None:
            while True:
                target.write(b"x" * 100_000)

        monkeypatch.setattr(aci_cp, "fetch_file", endless)
        with pytest.raises(AciError, match="grew beyond max_size"):
            copy(src=folder / "one.txt", dest=tmp_path / "to", direction="from_container", max_size=1)
        assert not (tmp_path / "to").exists()

    def test_files_that_grow_together(
        self, copy: Copy, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(aci_cp, "fetch_file", lambda _shell, _source, target: target.write(b"x" * 600_000))
        with pytest.raises(AciError, match="grew beyond max_size"):
            copy(src=f"{folder}/", dest=tmp_path / "to", direction="from_container", max_size=1)

    def test_a_file_that_is_replaced_loses_setuid(self, copy: Copy, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "tool").write_bytes(b"old")
        (tmp_path / "tool").chmod(0o4755)
        one: dict[str, Any] = {"src": folder / "one.txt", "dest": tmp_path / "tool", "direction": "from_container"}
        assert copy(**one)["files"][0]["mode"] == "0755"
        assert mode(tmp_path / "tool") == 0o755


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"src": "files"}, "src: 'files' must be an absolute path on the host"),
        ({"dest": "etc/x"}, "dest: 'etc/x' must be an absolute path in the container"),
        ({"src": "files", "direction": "from_container"}, "src: 'files' must be an absolute path in the container"),
        ({"dest": "files", "direction": "from_container"}, "dest: 'files' must be an absolute path on the host"),
        ({"mode": "420"}, "mode: '420' is not a valid mode"),
        ({"mode": "u+x"}, "mode: 'u"),
        ({"mode": "04755"}, "mode: '04755'"),
        ({"directory_mode": "preserve"}, "directory_mode: 'preserve'"),
        ({"max_size": 0}, "max_size"),
        ({"frame_size": -1}, "frame_size"),
        ({"dest": "/a\0b"}, "dest"),
    ],
)
def test_options_that_cannot_be(options: dict[str, Any], match: str) -> None:
    with pytest.raises(InvalidArguments) as caught:
        play(None, **{"src": "/etc/hostname", "dest": "/tmp/x", **options})
    assert match in str(caught.value)
