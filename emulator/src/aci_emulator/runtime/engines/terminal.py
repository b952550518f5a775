# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A process on a pseudo-terminal."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path

from ..base import ExecRefused, Terminal
from .leftovers import Leftovers

_CHUNK = 65536
_END = 0.5
_MOST_UNREAD = 1024 * 1024


class PtyTerminal(Terminal):
    """Runs a command as the leader of a session with this terminal."""

    def __init__(
        self,
        program: str,
        command: Sequence[str],
        folder: Path,
        environment: dict[str, str],
        rows: int,
        cols: int,
        leftovers: Leftovers,
    ) -> None:
        """Starts the command. Requires a running event loop. Raises ExecRefused."""
        self._loop = asyncio.get_running_loop()
        self._leftovers = leftovers
        self._ready = asyncio.Event()
        self._output = bytearray()
        self._input = bytearray()
        self._finished = False
        self._paused = False
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        try:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", "-S", "-c", _CLAIM, program, *command],
                cwd=folder,
                env=environment,
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
            )
        except OSError as error:
            os.close(self._master)
            raise ExecRefused(f'exec: "{command[0]}": {error.strerror}') from error
        finally:
            os.close(slave)
        leftovers.add(self._process.pid)
        os.set_blocking(self._master, False)
        self._loop.add_reader(self._master, self._read)

    @property
    def ended(self) -> bool:
        """True once the process has ended and its output is complete."""
        return self._finished

    def write(self, data: bytes) -> None:
        """Sends ``data`` as typed input; data that the terminal cannot accept yet follows later."""
        if self._finished:
            return
        self._input += data
        self._write()

    async def read(self) -> bytes:
        """Returns the next output; empty at the end."""
        while not self._output:
            if self._finished:
                return b""
            self._ready.clear()
            await self._ready.wait()
        data = bytes(self._output)
        self._output.clear()
        if self._paused and not self._finished:
            self._paused = False
            self._loop.add_reader(self._master, self._read)
        return data

    def close(self) -> None:
        """Ends the process and its children."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_END)  # no process survives SIGKILL for long
        self._finish()

    def _read(self) -> None:
        try:
            data = os.read(self._master, _CHUNK)
        except BlockingIOError:
            return
        except OSError:  # EIO: no process has the other end open
            data = b""
        if data:
            self._output += data
            self._ready.set()
            if len(self._output) > _MOST_UNREAD:
                self._loop.remove_reader(self._master)
                self._paused = True
        else:
            self._finish()

    def _write(self) -> None:
        while self._input:
            try:
                written = os.write(self._master, self._input[:4096])
            except BlockingIOError:
                self._loop.add_writer(self._master, self._write)
                return
            except OSError:
                self._input.clear()
                break
            del self._input[:written]
        self._loop.remove_writer(self._master)

    def _finish(self) -> None:
        if self._finished:
            return
        self._finished = True
        self._loop.remove_reader(self._master)
        self._loop.remove_writer(self._master)
        os.close(self._master)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGHUP)
        self._leftovers.discard(self._process.pid)
        self._reap()
        self._ready.set()

    def _reap(self, attempts: int = 100) -> None:
        """Collects the exit status. A process that outlives its terminal is killed after two seconds."""
        if self._process.poll() is not None:
            return
        if attempts == 0:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._loop.call_later(0.02, self._reap, attempts - 1)


# Makes its input the controlling terminal of the new session, so that ^C works, and replaces itself with the command.
_CLAIM = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
try:
    os.execve(sys.argv[1], sys.argv[2:], os.environ)
except OSError as error:
    sys.stderr.write(f'exec: "{sys.argv[2]}": {error.strerror}\\n')
    sys.exit(127)
"""
