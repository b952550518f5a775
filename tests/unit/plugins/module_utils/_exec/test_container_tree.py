# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files below a path, as found by each shell with few tools."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError
from ansible_collections.azure_containers.aci.plugins.module_utils._exec.container_tree import ContainerTree
from ansible_collections.azure_containers.aci.plugins.module_utils._exec.transfer import posix_cksum

NAMES = (
    "plain",
    ".hidden",
    "..odd",
    "with space",
    "a'b\"c$d",
    "line\nend",
    "-rf",
    "*",
    b"\xff".decode("utf-8", "surrogateescape"),
)


@pytest.mark.parametrize("name", ["dash", "bash", "busybox"])
@pytest.mark.parametrize("tools", [None, {"stty", "cksum"}], ids=["all tools", "few tools"])
def test_all_kinds(opened: Any, tmp_path: Path, name: str, tools: set[str] | None) -> None:
    shell = opened(name, limit=None)
    shell.tools = shell.tools if tools is None else frozenset(tools)
    (tmp_path / "inner").mkdir(mode=0o750)
    for number, each in enumerate(NAMES):
        (tmp_path / "inner" / each).write_bytes(bytes([number]) * number)
    (tmp_path / "link").symlink_to(tmp_path / "inner" / "plain")
    (tmp_path / "up").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "inner" / "plain").chmod(0o4711)
    inside = ContainerTree(shell, 1000)
    found = {
        os.fsdecode(entry.path).removeprefix(f"{tmp_path}/"): entry for entry in inside.below(os.fsencode(tmp_path), 99)
    }
    kinds = {path: entry.kind for path, entry in found.items()}
    files = {f"inner/{each}": "f" for each in NAMES}
    assert kinds == {"inner": "d", "link": "l", "up": "L", "pipe": "o", **files}
    digest = (lambda data: hashlib.sha256(data).hexdigest()) if tools is None else posix_cksum
    for number, each in enumerate(NAMES):
        entry = found[f"inner/{each}"]
        assert (entry.size, entry.digest) == (number, digest(bytes([number]) * number))
    assert (found["inner"].mode, found["inner/plain"].mode) == (0o750, 0o711)
    paths = [entry.path for entry in found.values()] + [os.fsencode(tmp_path / "nothing")]
    asked = inside.entries(paths)
    assert asked[:-1] == list(found.values())
    assert asked[-1].kind == "-"


def test_a_folder_comes_before_what_is_in_it(opened: Any, tmp_path: Path) -> None:
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    (tmp_path / "a" / "z").touch()
    found = [entry.path for entry in ContainerTree(opened(), 1).below(os.fsencode(tmp_path), 9)]
    assert found == [os.fsencode(tmp_path / name) for name in ("a", "a/b", "a/b/c", "a/z")]


def test_limits(opened: Any, tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"12345")
    (tmp_path / "small").write_bytes(b"1234")
    inside = ContainerTree(opened(), 4)
    big, small = inside.below(os.fsencode(tmp_path), 2)
    assert (big.size, big.digest) == (5, "")
    assert small.digest
    with pytest.raises(AciError, match="more than 1 files") as caught:
        inside.below(os.fsencode(tmp_path), 1)
    assert caught.value.code == "TooMuch"


def test_nothing_below(opened: Any, tmp_path: Path) -> None:
    inside = ContainerTree(opened(), 4)
    assert inside.below(os.fsencode(tmp_path), 9) == []
    assert inside.entries([]) == []
