# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The state directory, which contains all of an emulator's data: access to it, and how its files are written."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shlex
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_WRITING = (errno.EROFS, errno.EACCES, errno.EPERM)


class StateError(Exception):
    """A file in the state directory cannot be used; the text names it and says what to do."""


class StateDirInUse(StateError):
    """Another emulator serves this state directory."""


def prepare(path: Path) -> Path:
    """Creates the folder if necessary, makes it private, and returns its absolute path.

    Raises StateError if that is not possible, or if another user could interfere with its content.
    """
    path = path.expanduser().absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_owner(path)
        if path.stat().st_mode & 0o077:
            path.chmod(0o700)
    except OSError as error:
        raise StateError(f"cannot use {path} as state directory: {_reason(error)}") from error
    return path


def _check_owner(path: Path) -> None:
    """Refuses a folder, or a link to one, that belongs to another user, and a folder shared by all users."""
    for found in (path.lstat(), path.stat()):
        if found.st_uid != os.geteuid():
            raise StateError(
                f"{path} belongs to another user, who could read and replace everything in it: choose another "
                "--state-dir, or make the directory yours"
            )
    if path.stat().st_mode & stat.S_ISVTX:
        raise StateError(f"{path} is shared between users: choose a directory below it as --state-dir")


def write_file(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Writes a file atomically: readers see either the old or the new content, and never a more permissive mode.

    Raises StateError.
    """
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException as error:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        if isinstance(error, OSError):
            raise StateError(f"cannot write {path}: {_reason(error)}") from error
        raise


def write_json(path: Path, document: Any, *, mode: int = 0o600) -> None:
    """Writes a document as indented JSON."""
    write_file(path, (json.dumps(document, indent=2) + "\n").encode(), mode=mode)


def read_file(path: Path) -> bytes | None:
    """Returns the content of a file, or None if it is missing. Raises StateError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateError(f"cannot read {path}: {_reason(error)}") from error


def parse_json(path: Path, content: bytes) -> Any:
    """Parses the content of a file. Raises StateError if it is not JSON."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise StateError(f"{path} is not JSON: {error}") from error


def read_json(path: Path, remedy: str) -> dict[str, Any] | None:
    """Returns the JSON object in a file, or None if the file is missing.

    Raises StateError; if the file contains something else, its text ends with the remedy.
    """
    content = read_file(path)
    if content is None:
        return None
    try:
        document = parse_json(path, content)
    except StateError as error:
        raise StateError(f"{error}. {remedy}") from error
    if not isinstance(document, dict):
        raise StateError(f"{path} does not contain a JSON object. {remedy}")
    return document


def no_room(error: OSError) -> bool:
    """Returns True if an error means that nothing can be written: a full or read-only disk, or an exceeded quota."""
    return error.errno in (*_NO_ROOM, errno.EROFS)


def _reason(error: OSError) -> str:
    """What happened, and what to do."""
    text = error.strerror or str(error)
    if error.errno in _NO_ROOM:
        return f"{text}. Free some space there, or choose another --state-dir"
    if error.errno in _NO_WRITING:
        return f"{text}. Make it writable for you, or choose another --state-dir"
    return text


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Locks the folder for this process until the block or the process ends. Raises StateDirInUse, StateError."""
    try:
        file = (path / "lock").open("a")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StateError(f"cannot write {path / 'lock'}: {_reason(error)}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateDirInUse(in_use(path)) from None
        yield


def in_use(path: Path) -> str:
    """Returns the error message if another emulator serves the folder."""
    command = f"aci-emulator stop --state-dir {shlex.quote(str(path))}"
    return f"another aci-emulator serves {path}: stop it with {command}, or choose another --state-dir"


def is_served(path: Path) -> bool:
    """Returns True while an emulator serves the folder."""
    try:
        with lock(path):
            return False
    except StateDirInUse:
        return True
    except FileNotFoundError:
        return False
