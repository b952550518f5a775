# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The folder that holds everything an emulator keeps: who may enter it, and how files in it are written."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class StateDirInUse(Exception):
    """Another emulator serves this state directory."""


def prepare(path: Path) -> Path:
    """Makes the folder if it is missing, closes it to other users, and returns its absolute path.

    Raises OSError if that is not possible.
    """
    path = path.expanduser().absolute()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_mode & 0o077:
        path.chmod(0o700)
    return path


def write_file(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Writes a file at once: a reader sees the old content or the new, never a part, and never a wider mode."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def write_json(path: Path, document: Any, *, mode: int = 0o600) -> None:
    """Writes a document as indented JSON."""
    write_file(path, (json.dumps(document, indent=2) + "\n").encode(), mode=mode)


def read_json(path: Path) -> dict[str, Any] | None:
    """Returns the document in a file, or None if the file is missing."""
    try:
        document: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    return document


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Holds the folder for one process, until the block or the process ends. Raises StateDirInUse."""
    with (path / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateDirInUse(f"another aci-emulator serves {path}") from None
        yield


def is_served(path: Path) -> bool:
    """Returns True while an emulator serves the folder."""
    try:
        with lock(path):
            return False
    except StateDirInUse:
        return True
    except FileNotFoundError:
        return False
