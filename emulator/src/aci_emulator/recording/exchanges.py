# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The format of recordings: JSON lists of exchanges, in files of one folder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class RecordingError(Exception):
    """A folder or file that is no recording, or cannot be written; the text names it."""


@dataclass(frozen=True)
class Exchange:
    """A request and its answer. Bodies are JSON values, None for an empty one; names of headers are in lower case."""

    method: str
    url: str
    body: Any
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    answer: Any = None

    def entry(self, source: str) -> dict[str, Any]:
        """Returns the exchange as a recording has it. ``source`` says where it comes from."""
        return {
            "source": source,
            "request": {"method": self.method, "url": self.url, "body": self.body},
            "response": {"status": self.status, "headers": dict(self.headers), "body": self.answer},
        }


def exchange_of(entry: Any) -> Exchange | None:
    """Returns an entry's exchange, or None for one without a status, as quotations of messages are.

    Raises ValueError if it is no exchange.
    """
    try:
        request, response = entry["request"], entry["response"]
        status, headers = response["status"], response.get("headers") or {}
        if status is None:
            return None
        found = Exchange(
            str(request["method"]).upper(),
            str(request["url"]),
            request.get("body"),
            int(status),
            {str(name).lower(): str(value) for name, value in headers.items()},
            response.get("body"),
        )
    except (KeyError, TypeError, AttributeError, ValueError):
        raise ValueError("an entry is not a request with its response") from None
    return found


def read_recordings(folder: Path) -> dict[str, list[Exchange]]:
    """Returns the exchanges of every recording in a folder by the name of its file. Raises RecordingError."""
    if not folder.is_dir():
        raise RecordingError(f"{folder} is not a folder with recordings")
    found = {path.name: read_recording(path) for path in sorted(folder.glob("*.json"))}
    if not found:
        raise RecordingError(f"{folder} holds no recording: no file in it ends in .json")
    return found


def read_recording(path: Path) -> list[Exchange]:
    """Returns the exchanges of one file. Raises RecordingError."""
    try:
        entries = json.loads(path.read_bytes())
        if not isinstance(entries, list):
            raise ValueError("it is not a JSON list")
        exchanges = [exchange_of(each) for each in entries]
    except OSError as error:
        raise RecordingError(f"cannot read {path}: {error.strerror}") from None
    except ValueError as error:
        raise RecordingError(f"{path} is not a recording: {error}") from None
    return [each for each in exchanges if each is not None]


class RecordingFile:
    """A new file of a folder. It is a whole JSON list after every exchange."""

    def __init__(self, folder: Path) -> None:
        """Creates the folder, and the first file of recording-1.json, recording-2.json, ... that is not there."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            number = 1
            while (folder / f"recording-{number}.json").exists():
                number += 1
            self.path = folder / f"recording-{number}.json"
            # Nobody else may read it before it was reviewed.
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(descriptor, "r+b")
            self._file.write(b"[]\n")
            self._file.flush()
        except OSError as error:
            raise RecordingError(f"cannot write to {folder}: {error.strerror}") from None
        self.count = 0

    def add(self, entry: Mapping[str, Any]) -> None:
        """Writes one exchange. Raises RecordingError."""
        text = json.dumps(entry, indent=1).encode()
        try:
            # Over the end of the list.
            self._file.seek(-3 if self.count else -2, os.SEEK_END)
            self._file.write((b"," if self.count else b"") + b"\n" + text + b"\n]\n")
            self._file.flush()
        except OSError as error:
            raise RecordingError(f"cannot write {self.path}: {error.strerror}") from None
        self.count += 1

    def close(self) -> None:
        """Ends the recording."""
        self._file.close()
