# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps track of open connections, so that they can be cut without an answer."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

_open: dict[tuple[str, int], asyncio.BaseTransport] = {}


class ConnectionCut(Exception):
    """The connection should be cut, but the client is in the same process and has none; it gets this exception."""


class DelegatingTransport(asyncio.Transport):
    """A transport that delegates everything to another one."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self._transport = transport

    def write(self, data: Any) -> None:
        """Sends data."""
        self._transport.write(data)

    def close(self) -> None:
        """Closes the connection when all is sent."""
        self._transport.close()

    def abort(self) -> None:
        """Closes the connection at once."""
        self._transport.abort()

    def is_closing(self) -> bool:
        """Whether the connection is closed or closing."""
        return self._transport.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Returns information about the connection, such as its addresses."""
        return self._transport.get_extra_info(name, default)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hands the connection to another protocol, for example WebSocket."""
        self._transport.set_protocol(protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        """Returns the protocol that reads the connection."""
        return self._transport.get_protocol()

    def pause_reading(self) -> None:
        """Stops reading temporarily."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Continues reading."""
        self._transport.resume_reading()


class _Gathered(DelegatingTransport):
    """A transport that collects the writes of one iteration of the event loop and sends them together.

    Thus, the head of a response and its short body are in one TLS record, like those of a service.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__(transport)
        self._pieces: list[bytes] = []

    def write(self, data: Any) -> None:
        """Sends data soon."""
        if not self._pieces:
            asyncio.get_running_loop().call_soon(self._flush)
        self._pieces.append(bytes(data))

    def _flush(self) -> None:
        if self._pieces and not self._transport.is_closing():
            self._transport.write(b"".join(self._pieces))
        self._pieces.clear()

    def close(self) -> None:
        """Closes the connection when all is sent."""
        self._flush()
        super().close()

    def abort(self) -> None:
        """Closes the connection at once."""
        self._pieces.clear()
        super().abort()


class TrackedProtocol(H11Protocol):
    """HTTP/1.1, with connections that ``cut`` finds by the client's address."""

    def connection_made(self, transport: Any) -> None:
        """Adds a connection."""
        super().connection_made(_Gathered(transport))
        if self.client is not None:
            _open[self.client] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Removes a connection."""
        if self.client is not None:
            _open.pop(self.client, None)
        super().connection_lost(exc)


def cut_all() -> None:
    """Closes all connections immediately."""
    for transport in list(_open.values()):
        if isinstance(transport, asyncio.Transport):
            transport.abort()


async def cut(client: Any) -> None:
    """Closes a client's connection immediately, and returns when it is closed. Raises ConnectionCut."""
    transport = _open.get(tuple(client)) if client else None
    if not isinstance(transport, asyncio.Transport):
        raise ConnectionCut
    transport.abort()
    while tuple(client) in _open:
        await asyncio.sleep(0.001)
