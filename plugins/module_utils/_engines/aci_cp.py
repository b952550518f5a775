# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_cp module: copies files and folders into and out of a running container."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from .._common.errors import AciError, AzureError, InvalidArguments
from .._exec.container_tree import ContainerTree, Entry
from .._exec.local_tree import (
    PERMISSIONS,
    LocalEntry,
    LocalState,
    change_local_mode,
    is_local_folder,
    local_entries,
    local_state,
    make_local_folder,
    usual_mode,
    write_local,
)
from .._exec.session import Shell, Target, open_shell, resolve_target, texts
from .._exec.transfer import Runner, checksum_of, fetch_file, put_file
from .._group.shared_arguments import CONTAINER_GROUP, SHELL
from .._module import Context, ModuleSpec

MOST_ENTRIES = 5000
"""The maximum number of files and folders to copy."""

MEBIBYTE = 1024 * 1024

_OCTAL = re.compile(r"0[0-7]{3}")

Opener = Callable[..., Shell]


class _Wanted(NamedTuple):
    """A file or folder at the destination, with its desired and its present state."""

    shown: str
    change: str
    """created, updated, mode, or unchanged."""
    mode: int
    before: Entry | LocalState
    size: int
    act: Callable[[], object]


@dataclass(frozen=True)
class _Modes:
    """The options mode and directory_mode."""

    file: int | None
    folder: int | None
    preserve: bool

    def of_file(self, source: int, before: int | None, new: Callable[[int], int]) -> int:
        """The permissions for a file, given those of its source and of the existing file."""
        if self.file is not None:
            return self.file
        if self.preserve:
            return source
        return new(source) if before is None else before


def _modes(params: dict[str, Any]) -> _Modes:
    found: dict[str, int | None] = {}
    for option in ("mode", "directory_mode"):
        text = params[option]
        if text is None or (option == "mode" and text == "preserve"):
            found[option] = None
        elif _OCTAL.fullmatch(text):
            found[option] = int(text, 8)
        else:
            more = ", or preserve" if option == "mode" else ""
            raise InvalidArguments(
                f'{option}: {text!r} is not a valid mode. Use four quoted octal digits starting with 0: "0644"{more}.'
            )
    return _Modes(found["mode"], found["directory_mode"], params["mode"] == "preserve")


def run(context: Context, opener: Opener = open_shell) -> dict[str, Any]:
    """Copies the files that differ.

    Returns ``changed``, ``files``, ``unchanged``, ``src``, ``dest`` and ``container``, and ``diff`` in diff mode.
    Raises AciError; in that case the files already copied remain, but none is incomplete.
    """
    return _Copy(context, opener).run()


class _Copy:
    """One copy."""

    def __init__(self, context: Context, opener: Opener) -> None:
        self.context = context
        self.params = context.params
        self.opener = opener
        self.modes = _modes(self.params)
        self.inside = self.params["direction"] == "to_container"
        if self.params["max_size"] < 1:
            raise InvalidArguments("max_size must be a number of MiB greater than 0.")
        if self.params["frame_size"] < 0:
            raise InvalidArguments("frame_size must be a number of bytes, or 0.")
        self.largest = self.params["max_size"] * MEBIBYTE
        self.budget = _Budget(self.largest)
        local, remote = ("src", "dest") if self.inside else ("dest", "src")
        self.dest = str(self.params["dest"])
        self.local = self._local(local)
        self.remote = self._remote(remote)

    def _local(self, option: str) -> str:
        path = os.path.expanduser(str(self.params[option]))
        if "\0" in path or not os.path.isabs(path):
            raise InvalidArguments(
                f"{option}: {self.params[option]!r} must be an absolute path on the host that the task runs on, "
                "such as {{ playbook_dir }}/files."
            )
        return path

    def _remote(self, option: str) -> bytes:
        path = texts([self.params[option]])[0]
        if b"\0" in path or not path.startswith(b"/"):
            raise InvalidArguments(f"{option}: {self.params[option]!r} must be an absolute path in the container.")
        return path

    def run(self) -> dict[str, Any]:
        """The result."""
        # Report local mistakes before sending any request.
        sources = self._local_sources() if self.inside else []
        try:
            group = Target(self.params["resource_group"], self.params["name"], self.params["container"])
            target = resolve_target(self.context.client, group)
        except AzureError as error:
            if error.status != 404 or not self.context.check_mode:
                raise
            # In check mode, an earlier task may be the one that would create the group.
            return self._result([], None, changed=True)
        shell = self.opener(
            self.context.client, target, str(self.params["shell"]), frame_size=self.params["frame_size"] or None
        )
        try:
            tree = ContainerTree(shell, self.largest)
            wanted = self._into(shell, tree, sources) if self.inside else self._out_of(shell, tree)
            todo = [each for each in wanted if each.change != "unchanged"]
            if not self.context.check_mode:
                for number, each in enumerate(todo, 1):
                    self.context.progress(f"{number} of {len(todo)}: {each.shown}")
                    each.act()
        finally:
            shell.close()
        return self._result(wanted, target.container, changed=bool(todo))

    # -- into the container ------------------------------------------------------------------------------------------

    def _local_sources(self) -> list[LocalEntry]:
        sources = local_entries(Path(self.local), self.params["local_follow"], MOST_ENTRIES)
        self._check_size(sum(entry.size for entry in sources if not entry.is_folder), "src")
        return sources

    def _into(self, shell: Shell, tree: ContainerTree, sources: Sequence[LocalEntry]) -> list[_Wanted]:
        root = sources[0]
        base = self.remote
        if not (root.is_folder and self.local.endswith("/")):
            name = os.fsencode(Path(self.local).name)
            (there,) = tree.entries([base.rstrip(b"/") or b"/"])
            if root.is_folder or base.endswith(b"/") or there.is_folder:
                base = posixpath.join(base, name)
        self.dest = base.decode("utf-8", "replace")
        paths = [posixpath.join(base.rstrip(b"/") or b"/", *entry.parts) for entry in sources]
        _program, expected = checksum_of(shell)
        run = Runner(shell)
        wanted = []
        for source, before in zip(sources, tree.entries(paths), strict=True):
            wanted.append(self._one_into(shell, run, expected, source, before))
        return wanted

    def _one_into(
        self, shell: Shell, run: Runner, expected: Callable[[bytes], str], source: LocalEntry, before: Entry
    ) -> _Wanted:
        shown = before.path.decode("utf-8", "replace")
        if source.is_folder:
            if before.kind not in ("-", "d", "L"):
                raise self._in_the_way(shown, "a folder")
            # The folder must be writable to copy files into it.
            mode = source.mode | 0o700 if self.modes.folder is None else self.modes.folder
            make = f'mkdir -p "$0"&&chmod {mode:04o} "$0"'.encode()
            change = "unchanged" if before.is_folder else "created"
            return _Wanted(shown, change, mode, before, 0, lambda: run.script(make, before.path))
        if before.is_folder or before.kind == "o":
            raise self._in_the_way(shown, "a file")
        mode = self.modes.of_file(source.mode, before.mode if before.kind == "f" else None, lambda mode: mode)
        is_same = False
        if before.kind == "f" and before.size == source.size:
            is_same = before.digest == expected(_content(source.path))
        if is_same:
            change = "unchanged" if before.mode == mode else "mode"
            command = f'chmod {mode:04o} "$0"'.encode()
            return _Wanted(shown, change, mode, before, source.size, lambda: run.script(command, before.path))

        def act() -> None:
            parent = posixpath.dirname(before.path)
            if not source.parts:  # the parent of a single file, which no other entry creates
                run.script(b'[ -d "$0" ]||mkdir -p "$0"', parent)
            try:
                with source.path.open("rb") as stream:
                    put_file(shell, stream, before.path, mode)
            except OSError as error:
                raise AciError(f"{source.path} cannot be read: {error.strerror}.", code="LocalFileFailed") from None

        return _Wanted(shown, "created" if before.kind == "-" else "updated", mode, before, source.size, act)

    # -- out of the container ----------------------------------------------------------------------------------------

    def _out_of(self, shell: Shell, tree: ContainerTree) -> list[_Wanted]:
        source = self.remote.rstrip(b"/") or b"/"
        (root,) = tree.entries([source])
        if root.kind == "-":
            raise AciError(f"src: there is no {_text(source)} in the {shell.target.what}.", code="FileNotFound")
        if root.kind not in ("f", "d"):
            raise self._refused(root, "it is a link" if root.kind in ("l", "L") else "it is not a regular file")
        below = tree.below(source, MOST_ENTRIES) if root.kind == "d" else []
        self._check_size(sum(entry.size for entry in (root, *below) if entry.kind == "f"), "src")
        base = Path(self.local)
        if not (root.kind == "d" and self.remote.endswith(b"/")):
            name = posixpath.basename(source)
            if root.kind == "d" or self.local.endswith("/") or is_local_folder(base):
                base = base / self._checked_name(name, root)
        if is_local_folder(base):
            base = base.resolve()  # a link given by the user is followed, unlike those below it
        self.dest = str(base)
        _program, expected = checksum_of(shell)
        wanted = [self._one_out(shell, expected, root, base, is_root=True)]
        folder = source.rstrip(b"/") + b"/"
        folders = {base}
        for entry in below:
            if not entry.path.startswith(folder):
                raise self._refused(entry, "it is not below src")
            path = base.joinpath(*(self._checked_name(name, entry) for name in entry.path[len(folder) :].split(b"/")))
            # A local link in place of a folder is only detected when the folder itself is checked.
            if path.parent not in folders:
                raise self._refused(entry, "its folder was not listed")
            if entry.kind == "d":
                folders.add(path)
            wanted.append(self._one_out(shell, expected, entry, path, is_root=False))
        return wanted

    def _one_out(
        self, shell: Shell, expected: Callable[[bytes], str], entry: Entry, path: Path, *, is_root: bool
    ) -> _Wanted:
        if entry.kind not in ("f", "d"):
            raise self._refused(entry, "it is a link" if entry.kind in ("l", "L") else "it is not a regular file")
        before = local_state(path)
        shown = str(path)
        if entry.kind == "d":
            if before.kind not in ("-", "d"):
                raise self._in_the_way(shown, "a folder")
            mode = usual_mode(entry.mode) | 0o700 if self.modes.folder is None else self.modes.folder
            change = "unchanged" if before.kind == "d" else "created"
            return _Wanted(shown, change, mode, before, 0, lambda: make_local_folder(path, mode, parents=is_root))
        if before.kind in ("d", "o"):
            raise self._in_the_way(shown, "a file")
        mode = self.modes.of_file(entry.mode, before.mode if before.kind == "f" else None, usual_mode)
        if before.kind == "f" and before.size == entry.size and entry.digest == expected(_content(path)):
            change = "unchanged" if before.mode == mode else "mode"
            return _Wanted(shown, change, mode, before, entry.size, lambda: change_local_mode(path, mode))

        def act() -> None:
            if is_root:
                make_parents(path)
            write_local(path, lambda stream: fetch_file(shell, entry.path, _Limited(stream, self.budget)), new)

        # A file from a container is never setuid or setgid, even if the local file was.
        new = mode & PERMISSIONS
        return _Wanted(shown, "created" if before.kind == "-" else "updated", new, before, entry.size, act)

    def _checked_name(self, name: bytes, entry: Entry) -> str:
        """A file name from the container for use on this host. Raises AciError if it leads elsewhere."""
        if name in (b"", b".", b"..") or b"/" in name:
            raise self._refused(entry, "its name leads outside the folder")
        return os.fsdecode(name)

    # -- errors ------------------------------------------------------------------------------------------------------

    def _check_size(self, size: int, option: str) -> None:
        if size > self.largest:
            raise InvalidArguments(
                f"{option}: {size / MEBIBYTE:.1f} MiB exceed max_size ({self.params['max_size']} MiB). "
                "Files are copied over a terminal, which is slow: use a volume, or raise max_size."
            )

    def _in_the_way(self, shown: str, wanted: str) -> AciError:
        return AciError(f"dest: {shown} should be {wanted}, but is something else. Remove it first.", code="InTheWay")

    def _refused(self, entry: Entry, why: str) -> AciError:
        return AciError(
            f"src: {_text(entry.path)} is not copied out of the container: {why}. "
            "Name the other files with src, or remove it there.",
            code="FileRefused",
        )

    # -- the result --------------------------------------------------------------------------------------------------

    def _result(self, wanted: Sequence[_Wanted], container: str | None, *, changed: bool) -> dict[str, Any]:
        todo = [each for each in wanted if each.change != "unchanged"]
        result: dict[str, Any] = {
            "changed": changed,
            "src": self.params["src"],
            "dest": self.dest,
            "container": container,
            "files": [
                {"path": each.shown, "change": each.change, "mode": f"{each.mode:04o}", "size": each.size}
                for each in todo
            ],
            "unchanged": len(wanted) - len(todo),
        }
        if self.context.diff_mode:
            result["diff"] = {
                "before_header": f"{result['dest']} (before)",
                "after_header": f"{result['dest']} (after)",
                "before": "".join(
                    _line(each.shown, each.before.mode, each.before.size) for each in todo if each.change != "created"
                ),
                "after": "".join(_line(each.shown, each.mode, each.size, each.change == "updated") for each in todo),
            }
        return result


class _Budget:
    """The number of bytes that may still be written."""

    def __init__(self, left: int) -> None:
        self.left = left


class _Limited:
    """A stream limited by a budget, because a container may send more than it announced."""

    def __init__(self, stream: IO[bytes], budget: _Budget) -> None:
        self._stream = stream
        self._budget = budget

    def write(self, data: bytes) -> int:
        """Writes a part of a file. Raises AciError."""
        self._budget.left -= len(data)
        if self._budget.left < 0:
            raise AciError("The files grew beyond max_size while they were copied.", code="FileRefused")
        return self._stream.write(data)


def make_parents(path: Path) -> None:
    """Creates the parent folder of a file."""
    if not is_local_folder(path.parent):
        make_local_folder(path.parent, usual_mode(PERMISSIONS), parents=True)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AciError(f"{path} cannot be read: {error.strerror}.", code="LocalFileFailed") from None


def _line(path: str, mode: int, size: int, is_new: bool = False) -> str:
    return f"{path} {mode:04o} {size} bytes{', other content' if is_new else ''}\n"


def _text(path: bytes) -> str:
    return path.decode("utf-8", "replace")


SPEC = ModuleSpec(
    name="aci_cp",
    arguments={
        **CONTAINER_GROUP,
        **SHELL,
        "src": {"type": "str", "required": True},
        "dest": {"type": "str", "required": True},
        "direction": {"type": "str", "default": "to_container", "choices": ["to_container", "from_container"]},
        "mode": {"type": "str"},
        "directory_mode": {"type": "str"},
        "local_follow": {"type": "bool", "default": False},
        "max_size": {"type": "int", "default": 100},
    },
    run=run,
)
