# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Runs commands in a running container, over the terminal that the service's exec provides.

The protocol is in _exec/protocol.py, the connection in _exec/websocket.py. This file finds the container, opens a shell
in it, and runs one command after another there.
"""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from .._azure.client import Client
from .._common.errors import AciError, AzureError, InvalidArguments, TimedOut
from .._group import state as states
from .._group.problems import reasons
from .protocol import Framing, Mark, Nonce, abandoned_stdin, call, encoded_stdin, greeting, setup
from .websocket import SEND_AHEAD, Closed, WebSocket

SMALL_FRAME = 48
"""Size, in bytes, of a frame that certainly arrives. Longer input was reported to be lost (Azure/azure-cli issues)."""

LONG_FRAME = 4000
"""Size, in bytes, of the frames to try if there is much to send; a terminal accepts lines of up to 4095."""

BULK_INPUT = 32 * 1024
"""With at least this many bytes of input, longer frames are tried."""

SHELL_TIMEOUT = 30.0
"""Seconds to wait for a shell to answer."""

_BATCH = 64  # lines sent together

_TERMINAL = {"rows": 24, "cols": 80}
_NOT_FOUND = re.compile(r"no such file|not found|cannot find|does not exist", re.IGNORECASE)
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Target:
    """A container; without a name, the only one in its group."""

    resource_group: str
    group: str
    container: str | None = None

    @property
    def what(self) -> str:
        """The container, in words."""
        named = f"container {self.container} of " if self.container else ""
        return f"{named}container group {self.group} in resource group {self.resource_group}"


@dataclass(frozen=True)
class Finished:
    """The result of a command: its exit status and output. ``errors`` is empty unless it was requested separately."""

    status: int
    output: bytes
    errors: bytes = b""


def resolve_target(client: Client, target: Target) -> Target:
    """The target with the name of its container, after checking that it is running.

    Raises AzureError if the group does not exist, and AciError if the container does not exist, or cannot run commands:
    codes ``ContainerNotFound``, ``ContainerGroupStopped``, ``ContainerNotRunning``, ``WindowsNotSupported``.
    """
    group = client.get_group(target.resource_group, target.group)
    if group is None:
        raise AzureError(f"There is no {target.what}.", code="ResourceNotFound", status=404)
    containers = {str(item.get("name")): item for item in states.containers(group)}
    if target.container is None and len(containers) != 1:
        raise InvalidArguments(
            f"The {target.what} has several containers: set container to one of {', '.join(containers)}."
        )
    name = target.container or next(iter(containers))
    if name not in containers:
        raise InvalidArguments(
            f"The container group {target.group} has no container {name}. It has: {', '.join(containers)}.",
            code="ContainerNotFound",
        )
    known = Target(target.resource_group, target.group, name)
    if str((group.get("properties") or {}).get("osType") or "Linux").lower() == "windows":
        raise AciError(
            f"The {known.what} runs Windows. Commands require a POSIX shell, and thus a Linux container.",
            code="WindowsNotSupported",
        )
    if states.group_state(group) == "Stopped":
        raise AciError(
            f"The {known.what} is stopped. Start the group first: azure_containers.aci.aci_group with state: started.",
            code="ContainerGroupStopped",
        )
    state = states.current_state(containers[name])
    if state.get("state") != "Running":
        now = " ".join(str(state[key]) for key in ("state", "detailStatus") if state.get(key)) or "not started yet"
        raise AciError(
            f"The {known.what} is not running; it is {now}. {' '.join(reasons(group))}".strip(),
            code="ContainerNotRunning",
        )
    return known


class _PendingCommand:
    """A running command: the input that remains to be typed, and its output so far."""

    def __init__(self, number: int, lines: Iterator[bytes], has_stdin: bool, separate: bool) -> None:
        self.status: int | None = None
        self.output = bytearray()
        self.errors = bytearray()
        self.typed = not has_stdin
        self.done = False
        self._number = str(number)
        self._lines = lines
        self._last = "d" if has_stdin else "f" if separate else "e"
        self._target: bytearray | None = None

    def take(self, event: bytes | Mark) -> None:
        """Processes what the terminal shows."""
        if isinstance(event, bytes):
            if self._target is not None:
                self._target += event
            return
        number, _colon, text = event.text.partition(":")
        if number != self._number:
            return
        self._target = {"b": self.output, "s": self.errors}.get(event.kind)
        if event.kind == "e":
            self.status = int(text)
        self.done = self.done or event.kind == self._last

    def more(self) -> bytes:
        """What to type next. Once the command has ended, the rest of its input is skipped."""
        if self.status is not None:
            self.typed = True
            return abandoned_stdin()
        batch = b"".join(islice(self._lines, _BATCH))
        self.typed = not batch
        return batch


@dataclass
class Shell:
    """A shell in a container that runs commands, one at a time.

    It raises AciError with the codes ``ShellNotFound``, ``ShellFailed``, ``ConnectionLost`` and ``ConnectionClosed``,
    and TimedOut, whose ``result`` has the ``output`` so far, as bytes. After any of them, the shell cannot be used
    again.
    """

    socket: WebSocket
    target: Target
    program: str
    nonce: Nonce = field(default_factory=Nonce)
    frame_size: int | None = None
    """Size of frames in bytes; with None, longer frames are tried if there is much to send."""
    monotonic: Callable[[], float] = time.monotonic
    tools: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._framing = Framing(self.nonce)
        self._events: deque[bytes | Mark] = deque()
        self._carriage_returns = False
        self._number = 0
        self._proven = self.frame_size or SMALL_FRAME
        self._tried = self.frame_size is not None

    @property
    def frame(self) -> int:
        """The frame size in use, in bytes."""
        return self._proven

    def greet(self, password: str, timeout: float = SHELL_TIMEOUT) -> None:
        """Opens the session, and turns the shell into the agent."""
        until = self.monotonic() + timeout
        said = bytearray()
        try:
            self.socket.send_text(password)
            self._send(greeting(self.program, self.nonce))
            ready = self._await("r", until, said)
            self._carriage_returns = "\r" in ready
            self._send(setup())
            self.tools = frozenset(self._await("t", until, said).split())
        except Closed as error:
            raise self._no_shell(error, said) from None
        except TimedOut:
            raise AciError(
                f"{self.program} in the {self.target.what} did not respond as a shell within {timeout:.0f} s. "
                f"{_said(said)}".strip(),
                code="ShellFailed",
            ) from None

    def run(
        self,
        argv: Sequence[bytes],
        *,
        stdin: bytes | None = None,
        timeout: float | None = None,
        separate: bool = False,
    ) -> Finished:
        """Runs a program, with ``stdin`` as its input if given, and returns its result.

        With ``separate``, the error output is returned in ``errors`` instead of being mixed with the output.
        Raises InvalidArguments if ``argv`` cannot be started, TimedOut if it takes longer than ``timeout`` seconds.
        """
        if stdin and "stty" not in self.tools:
            raise AciError(
                f"The {self.target.what} has no stty, which is required to pass input to a command.",
                code="ToolMissing",
            )
        until = None if timeout is None else self.monotonic() + timeout
        self._number += 1
        has_base64 = "base64" in self.tools
        request = call(self._number, argv, stdin=bool(stdin), has_base64=has_base64, separate=separate)
        if len(request) + len(stdin or b"") >= BULK_INPUT:
            self._try_long_frames()
        command = _PendingCommand(
            self._number, encoded_stdin(stdin, has_base64) if stdin else iter(()), bool(stdin), separate
        )
        try:
            self._exchange(request, command, until)
        except AciError as error:
            if isinstance(error, Closed):
                error.msg = f"The connection to the {self.target.what} ended while a command was running: {error.msg}"
            error.result = {**error.result, "output": self._as_written(command.output)}
            raise
        return Finished(command.status or 0, self._as_written(command.output), self._as_written(command.errors))

    def _as_written(self, output: bytearray) -> bytes:
        """Output without the carriage returns of a terminal whose output processing could not be switched off."""
        return bytes(output.replace(b"\r\n", b"\n") if self._carriage_returns else output)

    def interrupt(self) -> None:
        """Interrupts the running command with Ctrl+C, if the connection still works."""
        self._send(b"\x03")
        self.socket.exchange(0.2)

    def close(self) -> None:
        """Ends the session, and with it the shell."""
        self.socket.close()

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _send(self, data: bytes) -> None:
        self.socket.send_bytes(data, self._proven)

    def _exchange(self, request: bytes, command: _PendingCommand, until: float | None) -> None:
        """Types a request and its input, and reads until its last mark."""
        self._send(request)
        while not command.done:
            for event in self._read(until):
                command.take(event)
            while not command.typed and self.socket.pending < SEND_AHEAD:
                self._send(command.more())

    def _read(self, until: float | None) -> list[bytes | Mark]:
        """What has arrived, after waiting a moment for it. Raises TimedOut once the deadline has passed."""
        left = 1.0 if until is None else until - self.monotonic()
        if left <= 0:
            raise TimedOut(f"A command in the {self.target.what} took too long.")
        events: list[bytes | Mark] = []
        for data in self.socket.exchange(min(left, 1.0)):
            events += self._framing.feed(data)
        return events

    def _await(self, kind: str, until: float, said: bytearray) -> str:
        """The text of the next mark of a kind; output before it is appended to ``said``."""
        while True:
            while self._events:
                event = self._events.popleft()
                if isinstance(event, bytes):
                    said += event
                elif event.kind == kind:
                    return event.text
            self._events.extend(self._read(until))

    def _try_long_frames(self) -> None:
        """Tests, once, whether a long frame arrives completely: the agent counts the bytes that it reads."""
        if self._tried:
            return
        self._tried = True
        counting = b'IFS= read -r _l;printf %s "${_n}l${#_l};"\n'
        self._send(counting)
        self.socket.send_bytes(b"x" * LONG_FRAME, LONG_FRAME)
        self._send(b"\n")
        arrived = self._await("l", self.monotonic() + SHELL_TIMEOUT, bytearray())
        if arrived == str(LONG_FRAME):
            self._proven = LONG_FRAME

    def distrust_long_frames(self) -> None:
        """Returns to small frames, because something did not arrive completely."""
        self._tried = True
        self._proven = min(self._proven, SMALL_FRAME)

    def _no_shell(self, error: Closed, said: bytearray) -> AciError:
        """The error for a shell that could not be opened, as far as the reason is known."""
        typed = greeting(self.program, self.nonce).rstrip()
        text = _said((said + self._framing.flush()).replace(typed, b""))
        if error.code == "ConnectionRefused":
            return error
        if error.close_code == 1008:
            return AciError(f"The {self.target.what} did not accept the session. {error.msg}", code="SessionRefused")
        if _NOT_FOUND.search(f"{text} {error.reason}"):
            return AciError(
                f"The {self.target.what} has no {self.program}: set shell to one that the image has. "
                f"Commands cannot run in an image without a shell. {text}".strip(),
                code="ShellNotFound",
            )
        if error.code == "ConnectionLost":
            return AciError(f"The connection to the {self.target.what} was lost. {text}".strip(), code="ConnectionLost")
        return AciError(
            f"{self.program} in the {self.target.what} ended before it ran a command. {text}".strip(),
            code="ShellFailed",
        )


def _said(data: bytes | bytearray) -> str:
    """The end of a terminal's output, on one line."""
    text = _ESCAPES.sub("", bytes(data[-1000:]).decode("utf-8", "replace"))
    words = "".join(char if char.isprintable() else " " for char in text).split()
    return f"It said: {' '.join(words)[-300:]}" if words else ""


def open_shell(
    client: Client,
    target: Target,
    program: str = "/bin/sh",
    *,
    frame_size: int | None = None,
    connect: Callable[..., WebSocket] = WebSocket,
) -> Shell:
    """Opens a shell in a running container. Raises AciError."""
    if not program.strip() or not program.isprintable() or program.startswith("-"):
        raise InvalidArguments("shell must be the name of a program, such as /bin/sh.")
    container = str(target.container)
    body = {"command": program, "terminalSize": _TERMINAL}
    answer: dict[str, Any] = client.execute_command(target.resource_group, target.group, container, body)
    uri, password = answer.get("webSocketUri"), answer.get("password")
    if not isinstance(uri, str) or not isinstance(password, str):
        raise AzureError(f"The service returned no address for a command in the {target.what}.", code="InvalidAnswer")
    shell = Shell(connect(uri, client.ca_bundle), target, program, frame_size=frame_size)
    try:
        shell.greet(password)
    except BaseException:
        shell.close()
        raise
    return shell


def texts(values: Iterable[Any]) -> list[bytes]:
    """Strings as the bytes to send to a container: UTF-8, with surrogate escapes restored to the original bytes."""
    return [str(value).encode("utf-8", "surrogateescape") for value in values]
