# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Open connections, so that one can be cut without an answer."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

_open: dict[tuple[str, int], asyncio.BaseTransport] = {}


class ConnectionCut(Exception):
    """The connection is to be cut, and this server has no hold of it: a client in the same process sees this."""


class TrackedProtocol(H11Protocol):
    """HTTP/1.1 whose connections ``cut`` knows by the client's address."""

    def connection_made(self, transport: Any) -> None:
        """Notes a connection."""
        super().connection_made(transport)
        if self.client is not None:
            _open[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets a connection."""
        if self.client is not None:
            _open.pop(self.client, None)
        super().connection_lost(exc)


def cut_all() -> None:
    """Closes all connections at once."""
    for transport in list(_open.values()):
        if isinstance(transport, asyncio.Transport):
            transport.abort()


async def cut(client: Any) -> None:
    """Closes the connection of a client at once, and returns when it is closed. Raises ConnectionCut."""
    transport = _open.get(tuple(client)) if client else None
    if not isinstance(transport, asyncio.Transport):
        raise ConnectionCut
    transport.abort()
    while tuple(client) in _open:
        await asyncio.sleep(0.001)
