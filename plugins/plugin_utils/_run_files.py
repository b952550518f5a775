# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Keeps tokens and prices for the duration of a run of Ansible, shared by the worker processes that it forks."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import json
import multiprocessing
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..module_utils._common.own_files import NotOurs, read_own, write_own
from ..module_utils._common.run_cache import TURN_SECONDS

FOLDER = "azure_containers.aci"

_LOCK_SECONDS = 86400  # then a later run removes a lock left by a killed run
_PAUSE = 0.02


class RunFiles:
    """A cache below the private temporary directory of a run, which Ansible removes at the end."""

    def __init__(self, run_directory: str) -> None:
        self._folder = Path(run_directory) / FOLDER

    def load(self, key: tuple[str, ...]) -> tuple[Any, int] | None:
        """The value of that key and when it expires (seconds since the epoch), or None."""
        try:
            content = json.loads(read_own(self._path(key)))
            return content["value"], int(content["expires_on"])
        except (OSError, NotOurs, ValueError, KeyError, TypeError, RecursionError):
            return None

    def save(self, key: tuple[str, ...], value: Any, expires_on: int) -> None:
        """Keep a value. If that is impossible, the next task fetches it again."""
        with contextlib.suppress(OSError, NotOurs):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            content = json.dumps({"value": value, "expires_on": expires_on}).encode()
            # By the file's time, later runs know when it is stale.
            write_own(self._path(key), content, modified=expires_on)
            self._sweep()

    @contextlib.contextmanager
    def turn(self, key: tuple[str, ...]) -> Iterator[None]:
        """While the block runs, other processes of the run wait for the value of that key, but not forever.

        If the lock cannot be created or is not acquired in time, the block runs anyway.
        """
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError):
                self._folder.mkdir(mode=0o700, exist_ok=True)
                folder = stack.enter_context(_own_folder(self._folder))
                flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
                handle = os.open(f"{self._path(key).name}.lock", flags, 0o600, dir_fd=folder)
                stack.callback(os.close, handle)  # releases the lock, as does the end of the process
                now = time.time()
                os.utime(handle, (now, now + _LOCK_SECONDS))
                _wait_for(handle)
            yield

    def _path(self, key: tuple[str, ...]) -> Path:
        # A keyed digest, so that a file's name reveals nothing about its secret. Workers inherit this random key from
        # the main process, even if they load this file themselves.
        run_key = bytes(multiprocessing.current_process().authkey)
        digest = hmac.new(run_key, json.dumps([FOLDER, *key]).encode(), hashlib.sha256).hexdigest()
        return self._folder / digest

    def _sweep(self) -> None:
        """Remove expired files, including those left by killed runs."""
        now = time.time()
        for run_directory in self._folder.parent.parent.glob("ansible-local-*"):
            with contextlib.suppress(OSError), _own_folder(run_directory) as run, _own_folder(FOLDER, run) as folder:
                for name in os.listdir(folder):
                    found = os.stat(name, dir_fd=folder, follow_symlinks=False)
                    if stat.S_ISREG(found.st_mode) and found.st_mtime < now:
                        os.unlink(name, dir_fd=folder)


def _wait_for(handle: int) -> None:
    """Locks a file, unless another process holds it for too long. Raises OSError if files cannot be locked."""
    until = time.monotonic() + TURN_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > until:
                return
        time.sleep(_PAUSE)


@contextlib.contextmanager
def _own_folder(path: Path | str, parent: int | None = None) -> Iterator[int]:
    """Opens a folder of this user. Through another user's link, the wrong files could be removed."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    try:
        if os.fstat(handle).st_uid != os.geteuid():
            raise PermissionError(f"{path} belongs to another user")
        yield handle
    finally:
        os.close(handle)
