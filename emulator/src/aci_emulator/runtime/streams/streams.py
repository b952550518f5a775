# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The WebSockets of exec and attach."""

from __future__ import annotations

import asyncio
import codecs
import contextlib

from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from ..base import ExecRefused, Terminal
from ..supervisor import Supervisor
from .sessions import Session, Sessions

EXEC_PATH = "/execstream/sessionId"
LOG_PATH = "/logstream/sessionId"
PASSWORD_TIMEOUT = 30.0  # real seconds

# Close codes (RFC 6455). Those of the service are unknown.
NORMAL = 1000
REFUSED = 1008
UNABLE = 1011


class Streams:
    """Serves the streams of ``Sessions``.

    exec: the first text frame is the password. Every later frame, text or binary, is input; if ``input_limit`` is set,
    the bytes of a frame beyond it are lost. Output is sent as binary frames. Close code 1000 means that the process has
    ended, 1008 a wrong password, and 1011 (after a sentence as text) that the container is not running or cannot run
    the command.
    attach: the password is the value of the header ``Authorization``. The log is sent as binary frames, first its
    present content, then what follows; 1000 is the end of the container's run.
    A session that does not exist or was already opened is refused with 404 before the handshake ends.
    """

    def __init__(self, sessions: Sessions, supervisor: Supervisor, *, input_limit: int | None = None) -> None:
        self._sessions = sessions
        self._supervisor = supervisor
        self._input_limit = input_limit

    def routes(self) -> list[BaseRoute]:
        """Both WebSocket routes."""
        return [
            WebSocketRoute(f"{EXEC_PATH}/{{session}}", self.exec),
            WebSocketRoute(f"{LOG_PATH}/{{session}}", self.attach),
        ]

    async def exec(self, socket: WebSocket) -> None:
        """Runs a command in a container until it ends or the client disconnects."""
        session = self._sessions.take(socket.path_params["session"])
        if session is None or not session.command:
            await _deny(socket, 404, "this session does not exist, or was opened before")
            return
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            if not await _password_given(socket, session):
                await socket.close(REFUSED, "the password is wrong")
                return
            await self._run(socket, session)

    async def attach(self, socket: WebSocket) -> None:
        """Sends the log of a container while it is running."""
        session = self._sessions.take(socket.path_params["session"])
        if session is None or session.command:
            await _deny(socket, 404, "this session does not exist, or was opened before")
            return
        if not session.accepts(socket.headers.get("authorization", "")):
            await _deny(socket, 401, "the password is wrong")
            return
        await socket.accept()
        log = self._supervisor.log_buffer(session.group_id, session.container)
        if log is None:
            await _give_up(socket, f"the container {session.container} has not started")
            return
        output: asyncio.Queue[bytes] = asyncio.Queue()
        text = log.text()
        unwatch = log.watch(output.put_nowait)
        gone = asyncio.create_task(_until_gone(socket))
        try:
            if text:
                await socket.send_bytes(text.encode())
            while not log.closed or not output.empty():
                following = asyncio.create_task(output.get())
                await asyncio.wait([following, gone], return_when=asyncio.FIRST_COMPLETED)
                if not following.done():
                    following.cancel()
                    return
                if data := following.result():
                    await socket.send_bytes(data)
            await socket.close(NORMAL)
        except WebSocketDisconnect:
            pass
        finally:
            unwatch()
            gone.cancel()

    async def _run(self, socket: WebSocket, session: Session) -> None:
        handle = None
        with contextlib.suppress(KeyError):
            handle = self._supervisor.handle(session.group_id, session.container)
        try:
            if handle is None:
                raise ExecRefused(f"the container {session.container} is not running")
            terminal = await handle.open([session.command], session.rows, session.cols)
        except ExecRefused as refused:
            await _give_up(socket, str(refused))
            return
        incoming = asyncio.create_task(self._feed(socket, terminal))
        outgoing = asyncio.create_task(_show(socket, terminal))
        try:
            await asyncio.wait([incoming, outgoing], return_when=asyncio.FIRST_COMPLETED)
            if outgoing.done():
                outgoing.result()
                await socket.close(NORMAL)
        finally:
            terminal.close()
            for task in (incoming, outgoing):
                task.cancel()
            await asyncio.gather(incoming, outgoing, return_exceptions=True)

    async def _feed(self, socket: WebSocket, terminal: Terminal) -> None:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            data = message.get("bytes")
            if data is None:
                data = (message.get("text") or "").encode()
            terminal.write(data if self._input_limit is None else data[: self._input_limit])


async def _show(socket: WebSocket, terminal: Terminal) -> None:
    """Sends output in frames that do not split characters, because clients decode each frame separately."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    while data := await terminal.read():
        if text := decoder.decode(data):
            await socket.send_bytes(text.encode("utf-8", "surrogateescape"))
    if rest := decoder.decode(b"", final=True):
        await socket.send_bytes(rest.encode("utf-8", "surrogateescape"))


async def _password_given(socket: WebSocket, session: Session) -> bool:
    try:
        async with asyncio.timeout(PASSWORD_TIMEOUT):
            message = await socket.receive()
    except TimeoutError:
        return False
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect
    text = message.get("text")
    return session.accepts(text if text is not None else (message.get("bytes") or b"").decode("utf-8", "replace"))


async def _until_gone(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


async def _give_up(socket: WebSocket, reason: str) -> None:
    with contextlib.suppress(WebSocketDisconnect):
        await socket.send_text(f"{reason}\r\n")
        await socket.close(UNABLE, reason[:100])


async def _deny(socket: WebSocket, status: int, text: str) -> None:
    if "websocket.http.response" in socket.scope.get("extensions", {}):
        await socket.send_denial_response(PlainTextResponse(f"{text}\n", status_code=status))
    else:
        await socket.close(REFUSED, text)
