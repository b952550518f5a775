# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passes the WebSockets of exec and attach on to the hosts that they were for, and notes the frames that pass."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import threading
from collections.abc import Callable
from typing import Any

from starlette.types import Receive, Scope, Send
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection
from websockets.uri import parse_uri

from .exchanges import Exchange

CLIENT, SERVICE = "client", "service"
MOST_FRAMES = 10_000
_HANDSHAKE_SECONDS = 30.0
_NO_CODE, _NO_CLOSE = 1005, 1006  # which say that there was no code, or no closing frame, and are never sent


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


async def pass_on(
    scope: Scope,
    receive: Receive,
    send: Send,
    *,
    url: str,
    headers: list[tuple[str, str]],
    connect: Callable[[], http.client.HTTPConnection],
    observe: Callable[[Exchange], None],
    keep: bool,
) -> None:
    """Serves a WebSocket by the host at ``url`` (wss), which ``connect`` leads to, and shows it when it has ended.

    ``headers`` are those of the client that are passed on.
    """
    await receive()
    try:
        upstream = await asyncio.to_thread(_open, url, headers, scope["subprotocols"], connect)
    except InvalidStatus as error:
        status = error.response.status_code
        observe(Exchange("GET", url, None, status))
        await _refuse(scope, send, status)
        return
    except (OSError, http.client.HTTPException, WebSocketException):
        await _refuse(scope, send, 502)
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
        observe(Exchange("GET", url, None, 101, {}, frames.document()))
        threading.Thread(target=upstream.close, daemon=True).start()  # which waits for the answer of the other side
        await asyncio.gather(*ways, return_exceptions=True)


def _open(
    url: str, headers: list[tuple[str, str]], subprotocols: list[Any], connect: Callable[[], http.client.HTTPConnection]
) -> ClientConnection:
    """Opens a WebSocket on a connection that has its TLS already. Raises InvalidStatus for a refusal."""
    connection = connect()
    connection.connect()
    sock = connection.sock
    try:
        sock.settimeout(None)
        upstream = ClientConnection(sock, ClientProtocol(parse_uri(url), subprotocols=subprotocols or None))
        upstream.handshake(headers, None, _HANDSHAKE_SECONDS)
    except BaseException:
        sock.close()
        raise
    return upstream


async def _from_service(upstream: ClientConnection, send: Send, frames: Frames) -> None:
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | bytes | None] = asyncio.Queue(16)

    def read() -> None:
        # Of the loop's own threads there are few, and this one waits for as long as the session lasts.
        with contextlib.suppress(ConnectionClosed, RuntimeError, asyncio.CancelledError):
            try:
                for message in upstream:
                    asyncio.run_coroutine_threadsafe(queue.put(message), loop).result()
            finally:
                asyncio.run_coroutine_threadsafe(queue.put(None), loop)

    threading.Thread(target=read, daemon=True).start()
    while (message := await queue.get()) is not None:
        frames.add(SERVICE, message)
        await send({"type": "websocket.send", "text" if isinstance(message, str) else "bytes": message})
    code = upstream.protocol.close_code or _NO_CLOSE
    frames.close(SERVICE, code)
    await send({"type": "websocket.close", "code": {_NO_CODE: 1000, _NO_CLOSE: 1011}.get(code, code)})


async def _from_client(upstream: ClientConnection, receive: Receive, frames: Frames) -> None:
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            frames.close(CLIENT, event.get("code") or _NO_CODE)
            return
        message = event.get("text")
        if message is None:
            message = event.get("bytes") or b""
        frames.add(CLIENT, message)
        with contextlib.suppress(ConnectionClosed):  # the other way says how it ended
            await asyncio.to_thread(upstream.send, message)


async def _refuse(scope: Scope, send: Send, status: int) -> None:
    """Answers a WebSocket as the service did; servers that cannot do that answer 403."""
    if "websocket.http.response" in scope.get("extensions", {}):
        await send({"type": "websocket.http.response.start", "status": status, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b""})
    else:
        await send({"type": "websocket.close", "code": 1011})
