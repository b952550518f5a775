# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Local terminals with real shells, which replace WebSockets, and a fixture that opens them."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._exec.session import Shell, Target
from ansible_collections.azure_containers.aci.plugins.module_utils._exec.websocket import Closed

_CLAIM = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"

# The command that starts each shell, and the one that starts it without an interactive terminal.
SHELLS = {
    "dash": (["dash"], "dash"),
    "bash": (["bash"], "bash"),
    "bash-posix": (["bash", "--posix"], "bash"),
    "busybox": (["busybox", "sh"], "{folder}/sh"),
}


class LocalTerminal:
    """Has the interface of WebSocket. If ``limit`` is set, only that many bytes of each frame arrive."""

    def __init__(self, argv: list[str], folder: Path, limit: int | None, environment: dict[str, str]) -> None:
        self.limit = limit
        self.frames: list[int] = []
        self.typed = bytearray()
        self._outgoing = bytearray()
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _CLAIM, *argv],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
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
            self.typed += frame
            self._outgoing += frame[: self.limit]

    def exchange(self, timeout: float) -> list[bytes]:
        writers = [self._master] if self._outgoing else []
        readable, writable, _broken = select.select([self._master], writers, [], timeout)
        if writable:
            with contextlib.suppress(BlockingIOError):
                del self._outgoing[: os.write(self._master, self._outgoing[:1024])]
        if not readable:
            return []
        try:
            data = os.read(self._master, 65536)
        except OSError:
            data = b""
        if not data:
            raise Closed("The terminal ended.")
        return [data]

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):
            os.close(self._master)


Opener = Callable[..., Shell]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opener]:
    """Opens a shell by its name in SHELLS, or with ``argv`` and ``program``."""
    shells: list[Shell] = []

    def open_one(
        name: str = "dash",
        *,
        limit: int | None = 50,
        argv: list[str] | None = None,
        program: str | None = None,
        environment: dict[str, str] | None = None,
        **options: Any,
    ) -> Shell:
        folder = tmp_path_factory.mktemp("terminal")
        command, again = SHELLS[name]
        if argv is None and shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed")
        if name == "busybox":
            (folder / "sh").symlink_to(str(shutil.which("busybox")))
        terminal: Any = LocalTerminal(argv or command, folder, limit, environment or {})
        shell = Shell(terminal, Target("shop", "web", "main"), program or again.format(folder=folder), **options)
        shells.append(shell)
        shell.greet("password[[EOM]]", timeout=20)
        return shell

    yield open_one
    for shell in shells:
        shell.close()
