# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passes the WebSockets of exec and attach on to the hosts that they were for, and notes the frames that pass."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from http.client import HTTPException
from typing import Any

from starlette.types import Receive, Scope, Send
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidState, ProtocolError
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.uri import parse_uri

from .exchanges import Exchange

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]

CLIENT, SERVICE = "client", "service"
MOST_FRAMES = 10_000
_HANDSHAKE_SECONDS = 30.0
_NO_CODE, _NO_CLOSE = 1005, 1006  # which say that there was no code, or no closing frame, and are never sent
_CHUNK = 65536


class Refused(Exception):
    """The host did not accept a WebSocket, but answered with a status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the answer is {status}")
        self.status = status


class Frames:
    """The frames of one session, in their order: who sent each, its kind, and its size in bytes.

    With ``keep``, what the service has sent is kept, too. What a client sends never is: its first frame is the password
    of the session, and the others are what somebody typed. Should the service send the password back, it is left out.
    """

    def __init__(self, *, keep: bool = False) -> None:
        self._keep = keep
        self._password = ""
        self._frames: list[dict[str, Any]] = []
        self._more = 0
        self._closed: dict[str, Any] | None = None

    def add(self, sender: str, message: str | bytes) -> None:
        """Notes a frame."""
        kind = "text" if isinstance(message, str) else "binary"
        content = message.encode() if isinstance(message, str) else message
        if sender == CLIENT and not self._password:
            self._password = content.decode(errors="replace")
        if len(self._frames) == MOST_FRAMES:
            self._more += 1
            return
        frame: dict[str, Any] = {"from": sender, "kind": kind, "size": len(content)}
        if self._keep and sender == SERVICE:
            text = content.decode(errors="replace")
            frame["content"] = text.replace(self._password, "(left out)") if self._password else text
        self._frames.append(frame)

    def close(self, sender: str, code: int) -> None:
        """Notes who ended the session, the first time that somebody does."""
        if self._closed is None:
            self._closed = {"by": sender, "code": code}

    def document(self) -> dict[str, Any]:
        """Returns the frames as a recording has them; ``more`` is how many are not in it."""
        more = {"more": self._more} if self._more else {}
        return {"frames": self._frames, **more, "closed": self._closed}


class _Upstream:
    """The WebSocket of a host, on a connection that has its TLS already."""

    def __init__(
        self, url: str, headers: list[tuple[str, str]], subprotocols: list[Any], connection: Connection
    ) -> None:
        self._protocol = ClientProtocol(parse_uri(url), subprotocols=subprotocols or None, max_size=None)
        self._headers = headers
        self._reader, self._writer = connection
        self._text = False
        self._parts: list[bytes] = []
        self._events: list[Any] = []

    @property
    def subprotocol(self) -> Any:
        """The one that the host has chosen, None without one."""
        return self._protocol.subprotocol

    @property
    def close_code(self) -> int:
        """The code that the host has ended the session with."""
        closing = self._protocol.close_rcvd
        return _NO_CLOSE if closing is None else closing.code

    async def open(self) -> None:
        """Asks for the WebSocket. Raises Refused, OSError, or InvalidHandshake for what is no answer to that."""
        request = self._protocol.connect()
        for name, value in self._headers:
            request.headers[name] = value
        self._protocol.send_request(request)
        await self._flush()
        while not self._events:
            await self._read()
        response = self._events.pop(0)
        if isinstance(response, Response) and response.status_code != 101:
            raise Refused(response.status_code)
        if self._protocol.handshake_exc is not None:
            raise self._protocol.handshake_exc

    async def messages(self) -> AsyncIterator[str | bytes]:
        """What the host sends, until one side ends it."""
        while True:
            while self._events:
                event = self._events.pop(0)
                if isinstance(event, Frame) and event.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                    if event.opcode is not Opcode.CONT:
                        self._text = event.opcode is Opcode.TEXT
                    self._parts.append(bytes(event.data))
                    if event.fin:
                        whole = b"".join(self._parts)
                        self._parts.clear()
                        yield whole.decode(errors="replace") if self._text else whole
            if self._protocol.close_expected() or self._reader.at_eof():
                return
            await self._read()

    async def send(self, message: str | bytes) -> None:
        """Sends a frame; nothing if the host has ended the session, which ``messages`` tells."""
        with contextlib.suppress(InvalidState, ConnectionClosed):
            if isinstance(message, str):
                self._protocol.send_text(message.encode())
            else:
                self._protocol.send_binary(message)
        await self._flush()

    async def close(self, code: int) -> None:
        """Tells the host that the client has gone, and ends the connection."""
        with contextlib.suppress(InvalidState, ConnectionClosed, ProtocolError, OSError):
            self._protocol.send_close(None if code in (_NO_CODE, _NO_CLOSE) else code)
            await self._flush()
        self._writer.close()

    async def _read(self) -> None:
        if data := await self._reader.read(_CHUNK):
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
        self._events += self._protocol.events_received()
        if not data and not self._events and self._protocol.handshake_exc is not None:
            raise self._protocol.handshake_exc
        await self._flush()

    async def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:  # an empty one ends what is sent, which closing does
                self._writer.write(data)
        await self._writer.drain()


async def pass_on(
    scope: Scope,
    receive: Receive,
    send: Send,
    *,
    url: str,
    headers: list[tuple[str, str]],
    connect: Callable[[], Awaitable[Connection]],
    observe: Callable[[Exchange], None],
    keep: bool,
) -> None:
    """Serves a WebSocket by the host at ``url`` (wss), which ``connect`` leads to, and shows it when it has ended.

    ``headers`` are those of the client that are passed on.
    """
    await receive()
    connection: Connection | None = None
    try:
        async with asyncio.timeout(_HANDSHAKE_SECONDS):
            connection = await connect()
            upstream = _Upstream(url, headers, scope["subprotocols"], connection)
            await upstream.open()
    except (Refused, OSError, EOFError, InvalidHandshake, HTTPException) as error:  # a timeout is an OSError
        if connection is not None:
            connection[1].close()
        if isinstance(error, Refused):
            observe(Exchange("GET", url, None, error.status))
        await _refuse(scope, send, error.status if isinstance(error, Refused) else 502)
        return
    await send({"type": "websocket.accept", "subprotocol": upstream.subprotocol})
    frames = Frames(keep=keep)
    ways = [
        asyncio.create_task(_from_service(upstream, send, frames)),
        asyncio.create_task(_from_client(upstream, receive, frames)),
    ]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        document = frames.document()
        observe(Exchange("GET", url, None, 101, {}, document))
        await asyncio.gather(*ways, return_exceptions=True)
        await upstream.close((document["closed"] or {}).get("code", _NO_CODE))


async def _from_service(upstream: _Upstream, send: Send, frames: Frames) -> None:
    with contextlib.suppress(OSError):
        async for message in upstream.messages():
            frames.add(SERVICE, message)
            await send({"type": "websocket.send", "text" if isinstance(message, str) else "bytes": message})
    code = upstream.close_code
    frames.close(SERVICE, code)
    await send({"type": "websocket.close", "code": {_NO_CODE: 1000, _NO_CLOSE: 1011}.get(code, code)})


async def _from_client(upstream: _Upstream, receive: Receive, frames: Frames) -> None:
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            frames.close(CLIENT, event.get("code") or _NO_CODE)
            return
        message = event.get("text")
        if message is None:
            message = event.get("bytes") or b""
        frames.add(CLIENT, message)
        await upstream.send(message)


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    """Answers a WebSocket as the service did; servers that cannot do that answer 403."""
    if "websocket.http.response" in scope.get("extensions", {}):
        await send({"type": "websocket.http.response.start", "status": status, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b""})
    else:
        await send({"type": "websocket.close", "code": 1011})
