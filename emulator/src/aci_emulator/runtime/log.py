# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The output of a container, within the service's limits."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime

from ..core.timestamps import log_time, parse

RUNNING_BYTES = 4 * 1024 * 1024
STOPPED_BYTES = 16 * 1024
STOPPED_LINES = 1000


class LogBuffer:
    """The output of one run of a container: lines with the times when they ended. Drops the oldest if it is full."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lines: deque[tuple[datetime, bytes]] = deque()
        self._size = 0
        self._partial = b""
        self._watchers: list[Callable[[bytes], None]] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        """Appends output."""
        if not data:
            return
        now = self._now()
        *complete, self._partial = (self._partial + data).split(b"\n")
        for line in complete:
            self._append(now, line + b"\n")
        while len(self._partial) > RUNNING_BYTES // 4:  # limits the length of a line
            self._append(now, self._partial[: RUNNING_BYTES // 4])
            self._partial = self._partial[RUNNING_BYTES // 4 :]
        for watcher in list(self._watchers):
            watcher(data)

    def close(self) -> None:
        """Marks the end of the output, for which watchers get empty data."""
        self.closed = True
        for watcher in list(self._watchers):
            watcher(b"")

    def text(self, *, timestamps: bool = False, running: bool = True) -> str:
        """Returns the end of the log: up to 4 MB for a running container, 16 KB or 1000 lines for a stopped one."""
        lines = list(self._lines)
        if self._partial:
            lines.append((self._now(), self._partial))
        if not running:
            lines = _newest(lines)
        if timestamps:
            return "".join(f"{log_time(when)} {_decode(line)}" for when, line in lines)
        return "".join(_decode(line) for _, line in lines)

    def watch(self, watcher: Callable[[bytes], None]) -> Callable[[], None]:
        """Calls ``watcher`` with all further output. Returns a function that ends this."""
        self._watchers.append(watcher)

        def unwatch() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return unwatch

    def snapshot(self) -> list[list[str]]:
        """Returns the log of a stopped container in JSON types: pairs of timestamp and line."""
        lines = list(self._lines)
        if self._partial:
            lines.append((self._now(), self._partial))
        return [[log_time(when), _decode(line)] for when, line in _newest(lines)]

    def restore(self, lines: list[list[str]]) -> None:
        """Restores the result of ``snapshot``."""
        for when, line in lines:
            self._append(parse(when), line.encode())

    def _append(self, when: datetime, line: bytes) -> None:
        self._lines.append((when, line))
        self._size += len(line)
        while self._size > RUNNING_BYTES:
            self._size -= len(self._lines.popleft()[1])


def _newest(lines: list[tuple[datetime, bytes]]) -> list[tuple[datetime, bytes]]:
    kept: deque[tuple[datetime, bytes]] = deque()
    size = 0
    for when, line in reversed(lines):
        if len(kept) == STOPPED_LINES or size >= STOPPED_BYTES:
            break
        line = line[-(STOPPED_BYTES - size) :]
        size += len(line)
        kept.appendleft((when, line))
    return list(kept)


def _decode(line: bytes) -> str:
    return line.decode("utf-8", "replace")
