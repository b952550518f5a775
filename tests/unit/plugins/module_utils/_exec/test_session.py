# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shells in containers: which can be used, how they are opened, and how they fail."""

from __future__ import annotations

import os
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    InvalidArguments,
    TimedOut,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._exec import session
from ansible_collections.azure_containers.aci.plugins.module_utils._exec.session import (
    Shell,
    Target,
    open_shell,
    resolve_target,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._exec.websocket import Closed
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient

RUNNING = {"state": "Running", "startTime": "2026-03-01T00:00:00Z"}


def group(state: str = "Running", os_type: str = "Linux", **containers: dict[str, Any]) -> dict[str, Any]:
    listed = [
        {"name": name, "properties": {"instanceView": {"currentState": current}}}
        for name, current in (containers or {"main": RUNNING}).items()
    ]
    return {"properties": {"osType": os_type, "containers": listed, "instanceView": {"state": state}}}


class Silent:
    """A connection that only receives scripted data, and then ends."""

    def __init__(self, *messages: bytes, end: Closed | None = None) -> None:
        self.messages = list(messages)
        self.end = end
        self.sent = bytearray()
        self.closed = False
        self.pending = 0

    def send_text(self, text: str) -> None:
        self.password = text

    def send_bytes(self, data: bytes, _frame_size: int) -> None:
        self.sent += data

    def exchange(self, _timeout: float) -> list[bytes]:
        if self.messages:
            return [self.messages.pop(0)]
        if self.end is not None:
            raise self.end
        return []

    def close(self) -> None:
        self.closed = True


def ended(code: int, reason: str = "") -> Closed:
    error = Closed("closed")
    error.close_code, error.reason = code, reason
    return error


class TestFound:
    def test_the_only_container(self) -> None:
        client: Any = FakeClient(group=group())
        assert resolve_target(client, Target("shop", "web")) == Target("shop", "web", "main")

    @pytest.mark.parametrize(
        ("live", "container", "code", "words"),
        [
            (None, None, "ResourceNotFound", "no container group web"),
            (group(a=RUNNING, b=RUNNING), None, "InvalidArguments", "a, b"),
            (group(), "other", "ContainerNotFound", "main"),
            (group(os_type="Windows"), None, "WindowsNotSupported", "POSIX"),
            (group(state="Stopped"), None, "ContainerGroupStopped", "Start the group"),
            (
                group(main={"state": "Waiting", "detailStatus": "CrashLoopBackOff"}),
                None,
                "ContainerNotRunning",
                "Crash",
            ),
            (group(main={"state": "Terminated", "exitCode": 3}), "main", "ContainerNotRunning", "exit code 3"),
            (group(main={}), None, "ContainerNotRunning", "not started yet"),
        ],
    )
    def test_what_cannot_be_used(
        self, live: dict[str, Any] | None, container: str | None, code: str, words: str
    ) -> None:
        client: Any = FakeClient(group=live)
        with pytest.raises(AciError, match=words) as caught:
            resolve_target(client, Target("shop", "web", container))
        assert caught.value.code == code


class TestOpening:
    def opened(self, connection: Silent, program: str = "/bin/sh") -> Shell:
        client: Any = FakeClient(group=group())
        connect: Any = lambda uri, ca_bundle: connection  # noqa: E731
        return open_shell(client, Target("shop", "web", "main"), program, connect=connect)

    @pytest.mark.parametrize(
        ("connection", "code", "words"),
        [
            (
                Silent(b'exec: "/bin/sh": No such file or directory\r\n', end=ended(1000)),
                "ShellNotFound",
                "No such file",
            ),
            (Silent(end=ended(1011, "executable file not found in $PATH")), "ShellNotFound", "no /bin/sh"),
            (Silent(b"\x1b[1mSegmentation fault\x1b[0m", end=ended(1000)), "ShellFailed", "Segmentation fault"),
            (Silent(end=ended(1008)), "SessionRefused", "did not accept"),
            (Silent(end=Closed("gone", code="ConnectionLost")), "ConnectionLost", "was lost"),
            (Silent(end=Closed("status 404", code="ConnectionRefused", status=404)), "ConnectionRefused", "404"),
        ],
    )
    def test_failures(self, connection: Silent, code: str, words: str) -> None:
        with pytest.raises(AciError, match=words.replace("$", r"\$")) as caught:
            self.opened(connection)
        assert caught.value.code == code
        assert "secret" not in str(caught.value)
        assert connection.closed

    def test_a_program_that_is_no_shell(self, monkeypatch: pytest.MonkeyPatch) -> None:
        times = iter(range(0, 1000, 10))
        shell = Shell(Silent(b">>> "), Target("shop", "web", "main"), "python3", monotonic=lambda: next(times))  # type: ignore[arg-type]
        with pytest.raises(AciError, match=">>>") as caught:
            shell.greet("secret")
        assert caught.value.code == "ShellFailed"

    @pytest.mark.parametrize("program", ["", "  ", "-c", "a\nb"])
    def test_names_that_are_no_program(self, program: str) -> None:
        with pytest.raises(InvalidArguments, match="shell"):
            self.opened(Silent(), program)

    def test_an_answer_without_an_address(self) -> None:
        client: Any = FakeClient(group=group())
        client.execute_command = lambda *_asked: {}
        with pytest.raises(AciError) as caught:
            open_shell(client, Target("shop", "web", "main"))
        assert caught.value.code == "InvalidAnswer"


class TestFrames:
    def test_small_ones_by_default(self, opened: Any) -> None:
        shell = opened()
        shell.run([b"cat"], stdin=b"x" * 10_000, timeout=20)
        assert max(shell.socket.frames) == session.SMALL_FRAME
        assert shell.socket.password == "password[[EOM]]"

    def test_long_ones_once_one_has_arrived_whole(self, opened: Any) -> None:
        shell = opened(limit=None)
        data = os.urandom(200_000)
        assert shell.run([b"cat"], stdin=data, timeout=30).output == data
        assert shell.frame == session.LONG_FRAME
        shell.distrust_long_frames()
        assert shell.frame == session.SMALL_FRAME

    def test_small_ones_when_none_has(self, opened: Any) -> None:
        shell = opened(limit=50)
        data = os.urandom(200_000)
        assert shell.run([b"cat"], stdin=data, timeout=30).output == data
        assert shell.frame == session.SMALL_FRAME
        assert shell.socket.frames.count(session.LONG_FRAME) == 1

    def test_as_the_task_says(self, opened: Any) -> None:
        shell = opened(frame_size=20)
        shell.run([b"cat"], stdin=b"x" * 50_000, timeout=30)
        assert max(shell.socket.frames) == 20


class TestRunning:
    def test_without_stty(self, opened: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
        folder = tmp_path_factory.mktemp("bin")
        for name in ("env", "printf", "echo"):
            (folder / name).symlink_to(f"/usr/bin/{name}")
        shell = opened(argv=["/bin/dash"], program="/bin/dash", environment={"PATH": str(folder)})
        assert "stty" not in shell.tools
        assert shell.run([b"printf", b"a\\nb\\n"], timeout=20).output == b"a\nb\n"
        with pytest.raises(AciError) as caught:
            shell.run([b"env"], stdin=b"x", timeout=20)
        assert caught.value.code == "ToolMissing"

    def test_what_takes_too_long(self, opened: Any) -> None:
        shell = opened()
        with pytest.raises(TimedOut) as caught:
            shell.run([b"sh", b"-c", b"echo begun; sleep 30"], timeout=1)
        assert caught.value.result["output"] == b"begun\n"
        shell.interrupt()

    def test_a_connection_that_ends(self, opened: Any) -> None:
        shell = opened()
        with pytest.raises(Closed, match="ended while a command was running") as caught:
            shell.run([b"sh", b"-c", b"echo begun; kill -9 $PPID"], timeout=20)
        assert caught.value.result["output"].startswith(b"begun\n")

    def test_a_line_editor_and_a_prompt(self, opened: Any) -> None:
        shell = opened("bash", environment={"PS1": "user@host:/$ ", "TERM": "xterm-256color"})
        assert shell.run([b"echo", b"hi"], timeout=20).output == b"hi\n"
