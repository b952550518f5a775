# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads that lag behind writes: answers from before a write, given again for some time."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Scope, Send

from ..core.clock import Clock


@dataclass
class Snapshot:
    """An answer, kept to be given again."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def take(self, message: Message) -> None:
        """Takes a part of the answer, in place of a server's ``send``."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    async def send(self, send: Send) -> None:
        """Gives the answer."""
        await send({"type": "http.response.start", "status": self.status, "headers": list(self.headers)})
        await send({"type": "http.response.body", "body": self.body})

    def document(self) -> dict[str, Any]:
        """Returns the JSON object in the answer, ``{}`` if it is something else or an error."""
        if self.status >= 400 or not self.body:
            return {}
        document = json.loads(self.body)
        return document if isinstance(document, dict) else {}


class StaleReads:
    """Snapshots by path, each until a moment of emulated time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, Snapshot]] = {}

    def keep(self, path: str, snapshot: Snapshot, seconds: float) -> None:
        """Gives a snapshot in answer to reads of a path, for some emulated seconds. An older one that still counts
        stays: what reads lag behind is the first of several writes."""
        if self.get(path) is None:
            self._kept[path.lower()] = (self._clock.time() + seconds, snapshot)

    def get(self, path: str) -> Snapshot | None:
        """Returns the snapshot that counts for a path."""
        until, snapshot = self._kept.get(path.lower(), (0.0, None))
        if snapshot is not None and self._clock.time() >= until:
            del self._kept[path.lower()]
            return None
        return snapshot


async def read_snapshot(app: ASGIApp, scope: Scope, path: str) -> Snapshot:
    """Returns how ``app`` answers a GET of ``path`` to who sent the request ``scope``."""
    snapshot = Snapshot()
    inner = {**scope, "method": "GET", "path": path, "raw_path": quote(path).encode(), "state": dict(scope["state"])}

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    await app(inner, nothing, snapshot.take)
    return snapshot
