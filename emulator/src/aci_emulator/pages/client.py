# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client with which the pages change something: their requests pass through the same layers as any others.

So locks, policies, faults and throttling affect a button just like a playbook, and the request log contains it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message

from ..core.control_key import KEY_HEADER
from ..identity.directory import OWNER, Principal
from ..serving.connections import ConnectionCut
from ..serving.controls import Controls

ANSWER_SECONDS = 30.0  # real ones
STREAM_SECONDS = 10.0
STREAM_BYTES = 64 * 1024
_END_OF_INPUT = b"\x04\x04"  # one for the command, if it reads its input, and one for the shell
_FIRST_OUTPUT_SECONDS = 1.0


@dataclass(frozen=True)
class Reply:
    """The outcome of a request. ``status`` is None if there was no answer; ``problem`` says why the request failed."""

    status: int | None
    document: Any = None
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Whether the request was carried out."""
        return self.status is not None and self.status < 400


@dataclass(frozen=True)
class Transcript:
    """The output of a command, and ``problem`` if the command did not end by itself."""

    output: bytes
    problem: str = ""


class Client:
    """Sends requests to the emulator that it is a part of."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls

    async def resource_manager(
        self, app: ASGIApp, method: str, path: str, version: str, body: Mapping[str, Any] | None = None
    ) -> Reply:
        """Sends a request to Resource Manager as the owner of the subscription in its path."""
        principal = self._owner(path)
        token = self._controls.tokens.issue(principal, self._controls.settings.base_url).value
        return await self._send(app, method, path, f"api-version={version}", ("Authorization", f"Bearer {token}"), body)

    async def control(self, app: ASGIApp, method: str, path: str, body: Mapping[str, Any] | None = None) -> Reply:
        """Sends a request to a control endpoint."""
        return await self._send(app, method, path, "", (KEY_HEADER, self._controls.access.key), body)

    async def type_into(self, app: ASGIApp, url: str, password: str, text: str) -> Transcript:
        """Opens the WebSocket of a terminal, types a line and the end of input, and reads until the command ends: at
        most 64 KB, for at most ten seconds."""
        parts = urlsplit(url)
        scope = {
            **self._scope(parts.path, parts.query),
            "type": "websocket",
            "scheme": "wss",
            "subprotocols": [],
        }
        incoming: asyncio.Queue[Message] = asyncio.Queue()
        outgoing: asyncio.Queue[Message] = asyncio.Queue()
        incoming.put_nowait({"type": "websocket.connect"})
        incoming.put_nowait({"type": "websocket.receive", "text": password})

        async def send(message: Message) -> None:
            outgoing.put_nowait(message)

        task = asyncio.ensure_future(app(scope, incoming.get, send))
        try:
            return await _converse(incoming, outgoing, f"{text}\n".encode() + _END_OF_INPUT)
        finally:
            incoming.put_nowait({"type": "websocket.disconnect", "code": 1000})
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ANSWER_SECONDS):
                    await asyncio.gather(task, return_exceptions=True)

    async def _send(
        self,
        app: ASGIApp,
        method: str,
        path: str,
        query: str,
        header: tuple[str, str],
        body: Mapping[str, Any] | None,
    ) -> Reply:
        scope = self._scope(path, query)
        scope["headers"] += [
            (header[0].lower().encode(), header[1].encode()),
            (b"content-type", b"application/json"),
        ]
        scope |= {"type": "http", "method": method, "scheme": "https"}
        content = b"" if body is None else json.dumps(body).encode()
        requests: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]
        messages: list[Message] = []

        async def receive() -> Message:
            if requests:
                return requests.pop()
            await asyncio.get_running_loop().create_future()  # never completes: the client stays connected
            raise AssertionError

        async def send(message: Message) -> None:
            messages.append(message)

        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await app(scope, receive, send)
        except ConnectionCut:
            return Reply(None, problem="A fault cut the connection, so there is no answer.")
        except TimeoutError:
            return Reply(None, problem=f"There was no answer within {ANSWER_SECONDS:g} s.")
        return _reply(messages)

    def _scope(self, path: str, query: str) -> dict[str, Any]:
        host = urlsplit(self._controls.settings.base_url).netloc
        return {
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"host", host.encode())],
            "client": None,  # no connection that a fault could cut
            "server": None,
            "state": {},
        }

    def _owner(self, path: str) -> Principal:
        subscription = path.split("/")[2].lower()
        owners = (each for each in self._controls.directory.principals if each.roles.get(subscription) == OWNER)
        return next(owners, self._controls.directory.main)


async def _converse(incoming: asyncio.Queue[Message], outgoing: asyncio.Queue[Message], text: bytes) -> Transcript:
    output = bytearray()
    typed = False
    problem = ""

    def type_it() -> None:
        nonlocal typed
        if not typed:
            typed = True
            incoming.put_nowait({"type": "websocket.receive", "bytes": text})

    # Input that arrives before the shell's prompt is echoed before it. Not every program has a prompt, so the wait for
    # it is short.
    timer = asyncio.get_running_loop().call_later(_FIRST_OUTPUT_SECONDS, type_it)
    try:
        async with asyncio.timeout(STREAM_SECONDS):
            while len(output) < STREAM_BYTES:
                message = await outgoing.get()
                if message["type"] == "websocket.close":
                    problem = (
                        "" if message.get("code", 1000) == 1000 else str(message.get("reason") or "It was refused.")
                    )
                    break
                if message["type"] != "websocket.send":
                    continue
                if message.get("bytes") is not None:
                    output += message["bytes"]
                    type_it()
            else:
                problem = f"It wrote more than {STREAM_BYTES // 1024} KB and was ended."
    except TimeoutError:
        problem = f"It ran for more than {STREAM_SECONDS:g} s and was ended."
    finally:
        timer.cancel()
    return Transcript(bytes(output[:STREAM_BYTES]), problem)


def _reply(messages: list[Message]) -> Reply:
    status = next((int(each["status"]) for each in messages if each["type"] == "http.response.start"), None)
    body = b"".join(each.get("body", b"") for each in messages if each["type"] == "http.response.body")
    try:
        document = json.loads(body) if body.strip() else None
    except ValueError:
        document = None
    if status is None or status < 400:
        return Reply(status, document)
    error = document.get("error") if isinstance(document, dict) else None
    if not isinstance(error, dict):
        return Reply(status, document, f"HTTP {status}")
    return Reply(status, document, f"{error.get('code')}: {error.get('message')}")
