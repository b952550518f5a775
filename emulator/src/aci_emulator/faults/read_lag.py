# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads that lag behind writes: for some time after a write, the previous responses are returned."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Scope, Send

from ..core.clock import Clock


@dataclass
class Snapshot:
    """A response, kept to be sent again."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def take(self, message: Message) -> None:
        """Receives a part of the response, in place of a server's ``send``."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def send(self, send: Send) -> None:
        """Sends the response."""
        await send({"type": "http.response.start", "status": self.status, "headers": list(self.headers)})
        await send({"type": "http.response.body", "body": self.body})

    def document(self) -> dict[str, Any]:
        """Returns the JSON object in the response, ``{}`` if it is an error or something else."""
        if self.status >= 400 or not self.body:
            return {}
        document = json.loads(self.body)
        return document if isinstance(document, dict) else {}


class StaleReads:
    """Snapshots by path, each until a point in emulated time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, Snapshot]] = {}

    def keep(self, path: str, snapshot: Snapshot, seconds: float) -> None:
        """Answers reads of a path with a snapshot for ``seconds``. An older one that is still valid takes precedence:
        after several writes, reads lag behind the first one."""
        if self.get(path) is None:
            self._kept[path.lower()] = (self._clock.time() + seconds, snapshot)

    def get(self, path: str) -> Snapshot | None:
        """Returns the snapshot that is valid for a path, or None."""
        until, snapshot = self._kept.get(path.lower(), (0.0, None))
        if snapshot is not None and self._clock.time() >= until:
            del self._kept[path.lower()]
            return None
        return snapshot


async def read_snapshot(app: ASGIApp, scope: Scope, path: str) -> Snapshot:
    """Returns the response of ``app`` to a GET of ``path`` by the client that sent the request ``scope``."""
    snapshot = Snapshot()
    inner = {**scope, "method": "GET", "path": path, "raw_path": quote(path).encode(), "state": dict(scope["state"])}

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    await app(inner, nothing, snapshot.take)
    return snapshot
