# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A terminal of this machine in the place of the WebSocket, with a program on it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
from pathlib import Path

from ansible_collections.azure_containers.aci.plugins.module_utils._websocket import Closed

_CLAIM = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"


class LocalTerminal:
    """Has the interface of WebSocket. Of each frame only ``limit`` bytes arrive, if that is given."""

    def __init__(
        self, argv: list[str], *, limit: int | None = None, environment: dict[str, str] | None = None, folder: Path
    ) -> None:
        self._limit = limit
        self._outgoing = bytearray()
        self.frames: list[int] = []
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            ["python3", "-I", "-S", "-c", _CLAIM, *argv],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), **(environment or {})},
        )
        os.close(slave)
        os.set_blocking(self._master, False)

    @property
    def pending(self) -> int:
        return len(self._outgoing)

    def send_text(self, text: str) -> None:
        self.password = text

    def send_bytes(self, data: bytes, frame_size: int) -> None:
        for start in range(0, len(data), frame_size):
            frame = data[start : start + frame_size]
            self.frames.append(len(frame))
            self._outgoing += frame if self._limit is None else frame[: self._limit]

    def exchange(self, timeout: float) -> list[bytes]:
        waiting = bool(self._outgoing)
        writers = [self._master] if waiting else []
        readable, writable, _ = select.select([self._master], writers, [], timeout)
        if writable:
            try:
                del self._outgoing[: os.write(self._master, self._outgoing[:1024])]
            except BlockingIOError:
                pass
        if readable:
            try:
                data = os.read(self._master, 65536)
            except OSError:
                data = b""
            if not data:
                raise Closed("The terminal ended.")
            return [data]
        return []

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)
