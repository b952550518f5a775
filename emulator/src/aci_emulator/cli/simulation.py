# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator within this process, without sockets, for playing recordings with any setting of the switches."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..core.settings import Settings
from ..emulator import Emulator, launch
from ..recording.comparison import Answer

_URL = "https://127.0.0.1:8443"


class Simulation:
    """Such an emulator, with its clock frozen. See `replay.Endpoint`."""

    is_emulator = True

    def __init__(self, app: Any, emulator: Emulator, loop: asyncio.AbstractEventLoop) -> None:
        self.subscriptions = tuple(each.id for each in emulator.directory.main_subscriptions)
        self._app = app
        self._emulator = emulator
        self._loop = loop
        self._bearer = f"Bearer {emulator.tokens.issue(emulator.directory.main, _URL).value}"

    def send(self, method: str, path: str, body: Any) -> Answer:
        """Sends a request."""
        return self._loop.run_until_complete(self._send(method, path, body))

    def wait(self, seconds: float) -> None:
        """Advances the clock."""
        self._loop.run_until_complete(self._advance(seconds))

    def rest(self, seconds: float) -> bool:
        """Does nothing: its containers are simulated."""
        return False

    async def _advance(self, seconds: float) -> None:
        await self._emulator.clock.step(seconds)

    async def _send(self, method: str, path: str, body: Any) -> Answer:
        parts = urlsplit(path)
        content = b"" if body is None else json.dumps(body).encode()
        headers = [(b"host", _URL.partition("//")[2].encode()), (b"authorization", self._bearer.encode())]
        if body is not None:
            headers += [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": parts.path,
            "raw_path": parts.path.encode("ascii", "replace"),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 8443),
        }
        status, received, parts_of_body = 0, {}, []

        async def receive() -> Mapping[str, Any]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def take(message: MutableMapping[str, Any]) -> None:
            nonlocal status, received
            if message["type"] == "http.response.start":
                status = message["status"]
                received = {name.decode().lower(): value.decode() for name, value in message["headers"]}
            elif message["type"] == "http.response.body":
                parts_of_body.append(message.get("body", b""))

        await self._app(scope, receive, take)
        text = b"".join(parts_of_body)
        return Answer(status, received, json.loads(text) if text else None)


@contextlib.contextmanager
def simulation(switches: Mapping[str, str]) -> Iterator[Simulation]:
    """Runs an emulator while the block runs."""
    with tempfile.TemporaryDirectory(prefix="aci_emulator_") as folder, asyncio.Runner() as runner:
        app, emulator = launch(
            Settings(state_dir=Path(folder), runtime="simulated", base_url=_URL, switches=dict(switches))
        )
        emulator.clock.freeze()
        lifespan: contextlib.AbstractAsyncContextManager[Any] = app.router.lifespan_context(app)
        runner.run(lifespan.__aenter__())
        try:
            yield Simulation(app, emulator, runner.get_loop())
        finally:
            runner.run(lifespan.__aexit__(None, None, None))
