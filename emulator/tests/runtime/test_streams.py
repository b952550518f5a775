# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""exec and attach over real WebSockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from aci_emulator.runtime.streams.sessions import Session, Sessions
from aci_emulator.runtime.streams.streams import Streams
from aci_emulator.runtime.supervisor import Supervisor

from .conftest import GROUP, container
from .test_process import deploy, run, shell, supervising, until


class Side:
    """A supervisor with a server, and its address."""

    def __init__(self, supervisor: Supervisor, sessions: Sessions, address: str) -> None:
        self.supervisor = supervisor
        self.sessions = sessions
        self.address = address

    def promise(self, command: str = "sh", name: str = "web") -> Session:
        return self.sessions.add(Session(GROUP, name, command, 30, 100))

    def exec(self, session: Session) -> connect:
        return connect(f"{self.address}/execstream/sessionId/{session.id}?api-version=1.0&rows=30&cols=100")

    def attach(self, session: Session, password: str | None = None) -> connect:
        return connect(
            f"{self.address}/logstream/sessionId/{session.id}?api-version=1.0",
            additional_headers={"Authorization": session.password if password is None else password},
        )


@asynccontextmanager
async def serving(path: Path, *, input_limit: int | None = None) -> AsyncIterator[Side]:
    async with supervising(path) as supervisor:
        sessions = Sessions()
        app = Starlette(routes=Streams(sessions, supervisor, input_limit=input_limit).routes())
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
        server.install_signal_handlers = lambda: None  # type: ignore[method-assign]
        task = asyncio.create_task(server.serve())
        await until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield Side(supervisor, sessions, f"ws://127.0.0.1:{port}")
        finally:
            server.should_exit = True
            await task


async def everything(socket: object) -> tuple[bytes, int]:
    """Returns all data, and the code with which the connection is closed."""
    said = b""
    try:
        while True:
            frame = await socket.recv()  # type: ignore[attr-defined]
            said += frame.encode() if isinstance(frame, str) else frame
    except ConnectionClosed as closed:
        return said, closed.rcvd.code if closed.rcvd is not None else 0


async def started(side: Side) -> None:
    await until(lambda: side.supervisor.handle(GROUP, "web"))


def test_a_shell_takes_input_and_gives_output(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path) as side:
            deploy(side.supervisor, shell("sleep 1000", environmentVariables=[{"name": "WHO", "value": "grün"}]))
            await started(side)
            session = side.promise()
            assert session.password.endswith("[[EOM]]")
            async with side.exec(session) as socket:
                await socket.send(session.password)
                await socket.send(b"stty -echo; echo $WHO; stty size; tty\n")
                await socket.send("exit 3\n")
                said, code = await everything(socket)
            assert "grün\r\n30 100\r\n/dev/pts/" in said.decode()
            assert code == 1000

    run(test())


def test_large_input_and_output_arrive_complete(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path) as side:
            deploy(side.supervisor, shell("sleep 1000"))
            await started(side)
            session = side.promise()
            async with side.exec(session) as socket:
                await socket.send(session.password)
                await socket.send(b"stty -echo raw; echo ready; head -c 300000 | tr x y; exit\n")
                await until_said(socket, b"ready\n")
                for _ in range(300):
                    await socket.send(b"x" * 1000)
                assert await everything(socket) == (b"y" * 300000, 1000)

    run(test())


async def until_said(socket: object, text: bytes) -> bytes:
    said = b""
    while text not in said:
        frame = await socket.recv()  # type: ignore[attr-defined]
        said += frame.encode() if isinstance(frame, str) else frame
    return said


def test_one_process_without_arguments(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path) as side:
            deploy(side.supervisor, shell("sleep 1000"))
            await started(side)
            for command, text in (("ls -l", 'exec: "ls -l": No such file or directory'), ("pwd", str(tmp_path))):
                session = side.promise(command)
                async with side.exec(session) as socket:
                    await socket.send(session.password)
                    said, code = await everything(socket)
                assert text in said.decode()
                assert code == 1000

    run(test())


def test_wrong_password_second_use_and_finished_container(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path) as side:
            deploy(side.supervisor, shell("true", name="done"), shell("sleep 1000"), container(name="plain"))
            await started(side)
            session = side.promise()
            async with side.exec(session) as socket:
                await socket.send("guess[[EOM]]")
                assert await everything(socket) == (b"", 1008)
            with pytest.raises(InvalidStatus) as refused:
                async with side.exec(session):
                    pass
            assert refused.value.response.status_code == 404
            await until(lambda: side.supervisor.view(GROUP).containers["done"]["currentState"]["state"] == "Terminated")
            for name, text in (("done", b"is not running"), ("plain", b"no processes")):
                session = side.promise(name=name)
                async with side.exec(session) as socket:
                    await socket.send(session.password)
                    said, code = await everything(socket)
                assert text in said
                assert code == 1011

    run(test())


def test_the_end_of_the_container_ends_the_terminal(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path) as side:
            deploy(side.supervisor, shell("sleep 1000"))
            await started(side)
            session = side.promise()
            async with side.exec(session) as socket:
                await socket.send(session.password)
                await socket.send(b"echo here\n")
                await until_said(socket, b"here")
                side.supervisor.stop(GROUP)
                assert (await everything(socket))[1] == 1000

    run(test())


def test_a_closed_connection_ends_the_process(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path) as side:
            deploy(side.supervisor, shell("sleep 1000"))
            await started(side)
            session = side.promise()
            async with side.exec(session) as socket:
                await socket.send(session.password)
                await socket.send(b"echo pid $$ pid\n")
                await until_said(socket, b"pid ")
            await until(lambda: len(list((tmp_path / "processes").iterdir())) == 1)

    run(test())


def test_input_beyond_the_limit_of_a_frame_is_lost(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path, input_limit=50) as side:
            deploy(side.supervisor, shell("sleep 1000"))
            await started(side)
            session = side.promise("cat")
            async with side.exec(session) as socket:
                await socket.send(session.password)
                await socket.send(b"a" * 60 + b"\n")
                await socket.send(b"\n\x04")
                said, _ = await everything(socket)
            assert said.startswith(b"a" * 50 + b"\r\n")
            assert b"a" * 51 not in said

    run(test())


def test_attach_gives_the_log_as_it_comes(tmp_path: Path) -> None:
    async def test() -> None:
        async with serving(tmp_path) as side:
            deploy(side.supervisor, shell("echo one; while ! test -e go; do sleep 0.02; done; echo two"))
            await until(lambda: side.supervisor.logs(GROUP, "web"))
            session = side.sessions.add(Session(GROUP, "web"))
            async with side.attach(session) as socket:
                assert await socket.recv() == b"one\n"
                (tmp_path / "go").touch()
                next((tmp_path / "containers").glob("*/*/roots/web")).joinpath("go").touch()
                assert await everything(socket) == (b"two\n", 1000)
            session = side.sessions.add(Session(GROUP, "web"))
            with pytest.raises(InvalidStatus) as refused:
                async with side.attach(session, "guess"):
                    pass
            assert refused.value.response.status_code == 401

    run(test())
