# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Reads and writes files that are trusted because only their owner can have written them.

The checks are those of sshd's StrictModes: the file that was opened, not whatever is at the path by then, must be a
regular file owned by the user that runs the task, and neither it nor its folder may be writable by others. There are
two differences. A sticky folder such as /tmp is accepted, because nobody can replace another user's file in it. And the
folders above are not checked: whoever can replace them decides which file is found, but not what a file of this user
contains; besides, group-writable home folders are common in containers.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_FILE_FLAGS = os.O_NOFOLLOW | os.O_CLOEXEC


class NotOurs(Exception):
    """Another user may have written the file; the text gives the reason, to follow a colon."""


def read_own(path: Path) -> bytes:
    """The content of a file that nobody else can have written. Raises NotOurs, FileNotFoundError and other OSErrors."""
    with _opened_folder(path.parent) as folder:
        if stat.S_ISLNK(os.stat(path.name, dir_fd=folder, follow_symlinks=False).st_mode):
            raise NotOurs("it is a symbolic link")
        # Without O_NONBLOCK, opening a named pipe that has no writer would block.
        handle = os.open(path.name, os.O_RDONLY | os.O_NONBLOCK | _FILE_FLAGS, dir_fd=folder)
        try:
            _check_file(os.fstat(handle))
            _check_folder(path.parent, os.fstat(folder))
            with open(handle, "rb", closefd=False) as stream:
                return stream.read()
        finally:
            os.close(handle)


def write_own(path: Path, content: bytes, modified: float | None = None, *, replace: bool = True) -> None:
    """Write a file atomically, with mode 0600, so that ``read_own`` accepts it. Its folder must exist.

    ``modified`` is its modification time in seconds since the epoch; the default is now. Without ``replace``, an
    existing file or link of that name raises FileExistsError. Raises NotOurs if the file could not be trusted
    afterwards, and OSError; either way, nothing is left behind.
    """
    with _opened_folder(path.parent) as folder:
        _check_folder(path.parent, os.fstat(folder))
        # Not all file systems can rename without replacing, but all support exclusive creation.
        name = f".{secrets.token_hex(8)}{path.suffix}" if replace else path.name
        handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FILE_FLAGS, 0o600, dir_fd=folder)
        try:
            with os.fdopen(handle, "wb") as stream:
                os.fchmod(handle, 0o600)  # whatever the umask is
                _check_file(os.fstat(handle))
                stream.write(content)
                stream.flush()
                os.fsync(handle)
                if modified is not None:
                    os.utime(handle, (modified, modified))
            if replace:
                os.replace(name, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name, dir_fd=folder)
            raise


def check_own_folder(path: Path) -> None:
    """Checks that nobody else owns a folder or can put files into it. Raises NotOurs and OSError."""
    with _opened_folder(path, os.O_NOFOLLOW) as folder:
        _check_folder(path, os.fstat(folder))


@contextlib.contextmanager
def _opened_folder(path: Path, more: int = 0) -> Iterator[int]:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | more)
    try:
        yield handle
    finally:
        os.close(handle)


def _check_file(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise NotOurs("it is not a regular file")
    if found.st_uid != os.geteuid():
        raise NotOurs(f"it belongs to another user (uid {found.st_uid})")
    if found.st_mode & _WRITABLE_BY_OTHERS:
        raise NotOurs(f"others can write to it (mode {stat.S_IMODE(found.st_mode):04o})")


def _check_folder(path: Path, found: os.stat_result) -> None:
    if found.st_uid not in (os.geteuid(), 0):
        raise NotOurs(f"its folder {path} belongs to another user (uid {found.st_uid})")
    if found.st_mode & _WRITABLE_BY_OTHERS and not found.st_mode & stat.S_ISVTX:
        raise NotOurs(f"others can write to its folder {path} (mode {stat.S_IMODE(found.st_mode):04o})")
