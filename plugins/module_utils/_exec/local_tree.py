# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Files and folders on the host that runs the task, for copying into and out of a container."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .._common.errors import AciError, InvalidArguments

PERMISSIONS = 0o777
"""The part of a mode that is copied: without setuid, setgid and the sticky bit."""


@dataclass(frozen=True)
class LocalEntry:
    """A file or folder below the source; ``parts`` is its path relative to the source, empty for the source itself."""

    parts: tuple[bytes, ...]
    path: Path
    is_folder: bool
    mode: int
    size: int


def local_entries(source: Path, follow: bool, most: int) -> list[LocalEntry]:
    """Everything to copy from a file or folder, with each folder before its content.

    Raises InvalidArguments for what cannot be copied: links (unless ``follow`` is set), devices, sockets, and too many
    files.
    """
    found: list[LocalEntry] = []
    for entry in _entries((), source, follow=True, follow_below=follow, above=()):
        found.append(entry)
        if len(found) > most + 1:
            raise InvalidArguments(f"src: {source} has more than {most} files and folders; copy an archive instead.")
    return found


def _entries(
    parts: tuple[bytes, ...], path: Path, *, follow: bool, follow_below: bool, above: tuple[tuple[int, int], ...]
) -> Iterator[LocalEntry]:
    try:
        found = path.stat() if follow else path.lstat()
        is_folder = stat.S_ISDIR(found.st_mode)
        if not is_folder and not stat.S_ISREG(found.st_mode):
            if stat.S_ISLNK(found.st_mode):
                raise InvalidArguments(
                    f"src: {path} is a symbolic link; follow it with local_follow: true, or remove it."
                )
            raise InvalidArguments(
                f"src: {path} is not a regular file and cannot be copied; remove it, or copy others."
            )
        identity = (found.st_dev, found.st_ino)
        if identity in above:
            raise InvalidArguments(f"src: {path} leads back to a folder that contains it.")
        yield LocalEntry(parts, path, is_folder, stat.S_IMODE(found.st_mode) & PERMISSIONS, found.st_size)
        names = sorted(os.listdir(path)) if is_folder else []
    except OSError as error:
        raise InvalidArguments(f"src: {path} cannot be read: {error.strerror}.") from None
    for name in names:
        yield from _entries(
            (*parts, os.fsencode(name)),
            path / name,
            follow=follow_below,
            follow_below=follow_below,
            above=(*above, identity),
        )


@dataclass(frozen=True)
class LocalState:
    """What a path is: ``f`` a file, ``d`` a folder, ``l`` a link, ``o`` anything else, ``-`` nothing."""

    kind: str
    mode: int = 0
    size: int = 0


def local_state(path: Path) -> LocalState:
    """Examines a path without following links. Raises AciError if that is impossible."""
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return LocalState("-")
    except OSError as error:
        raise _failed("read", path, error) from None
    checks = (("l", stat.S_ISLNK), ("d", stat.S_ISDIR), ("f", stat.S_ISREG))
    kind = next((kind for kind, holds in checks if holds(found.st_mode)), "o")
    return LocalState(kind, stat.S_IMODE(found.st_mode), found.st_size)


def is_local_folder(path: Path) -> bool:
    """Whether a path is a folder, or a link to one. Raises AciError if that cannot be determined."""
    try:
        return path.is_dir()
    except OSError as error:
        raise _failed("read", path, error) from None


def write_local(path: Path, fill: Callable[[IO[bytes]], None], mode: int) -> None:
    """Writes a file with ``fill`` and moves it into place when complete. Raises AciError, leaving nothing behind."""
    name = ""
    try:
        handle, name = tempfile.mkstemp(prefix=".aci-", dir=path.parent)  # mkstemp makes it unreadable for others
        with os.fdopen(handle, "wb") as stream:
            fill(stream)
            stream.flush()
            os.fchmod(handle, mode)
            os.fsync(handle)
        os.replace(name, path)
    except BaseException as error:
        if name:
            with contextlib.suppress(OSError):
                os.unlink(name)
        if isinstance(error, OSError):
            raise _failed("written", path, error) from None
        raise


def make_local_folder(path: Path, mode: int, *, parents: bool = False) -> None:
    """Creates a folder. Raises AciError."""
    try:
        path.mkdir(parents=parents, exist_ok=True)
        path.chmod(mode)
    except OSError as error:
        raise _failed("created", path, error) from None


def change_local_mode(path: Path, mode: int) -> None:
    """Changes the permissions of a file. Raises AciError."""
    try:
        path.chmod(mode, follow_symlinks=False) if os.chmod in os.supports_follow_symlinks else path.chmod(mode)
    except OSError as error:
        raise _failed("changed", path, error) from None


def usual_mode(mode: int) -> int:
    """A mode reduced by the process's umask, as for a new file."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mode & ~mask


def _failed(what: str, path: Path, error: OSError) -> AciError:
    return AciError(f"{path} cannot be {what}: {error.strerror}.", code="LocalFileFailed")
