# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Interception: terminates connections to Azure's own hosts, and lets an application answer their requests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.server import ServerState

from ..core.clouds import AzureHost, find_host, mark
from .connections import DelegatingTransport, TrackedProtocol
from .interception_ca import InterceptionAuthority

HANDSHAKE_TIMEOUT = 30.0
_GRACE_SECONDS = 1.0


class Interception:
    """Serves an ASGI application on connections that a proxy has accepted for Azure's hosts.

    A request reaches the application as if it were that host: HTTP/1.1 and WebSockets, with the client's headers, and
    the host in ``scope["state"]``, where ``clouds.azure_host(scope)`` finds it. ``find`` selects the hosts. The
    application can be the emulator, or one that forwards requests to another server.
    """

    def __init__(
        self,
        authority: InterceptionAuthority,
        app: ASGIApp,
        find: Callable[[str, int], AzureHost | None] = find_host,
    ) -> None:
        self.find = find
        self._authority = authority
        self._config = uvicorn.Config(
            app,
            http=TrackedProtocol,
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
        )
        self._config.load()
        self._state = ServerState()

    async def take_tls(self, host: AzureHost, transport: asyncio.Transport) -> None:
        """Terminates TLS as a host, and serves until the connection ends. Raises OSError if the handshake fails."""
        context = self._authority.context(host.name)
        switch = _Switch()
        secure = await asyncio.get_running_loop().start_tls(
            transport, switch, context, server_side=True, ssl_handshake_timeout=HANDSHAKE_TIMEOUT
        )
        if secure is None:
            raise ConnectionResetError("the client disconnected")
        await self._serve(host, switch, secure)

    async def take_plain(self, host: AzureHost, transport: asyncio.Transport, head: bytes) -> None:
        """Serves without TLS until the connection ends. ``head`` is the part of the first request that was read."""
        switch = _Switch()
        transport.set_protocol(switch)
        switch.data_received(head)
        await self._serve(host, switch, transport)

    async def close(self) -> None:
        """Ends the connections; those with a request in progress get a moment to finish."""
        for connection in list(self._state.connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GRACE_SECONDS):
                await asyncio.gather(*self._state.tasks, return_exceptions=True)

    async def _serve(self, host: AzureHost, switch: _Switch, transport: asyncio.Transport) -> None:
        protocol = TrackedProtocol(self._config, self._state, mark(host))
        switch.begin(protocol, transport)
        try:
            await switch.ended
        finally:
            transport.abort()


class _Switch(asyncio.Protocol):
    """Connects a connection to its current protocol: buffers data that arrives too early, changes the protocol when the
    connection becomes a WebSocket, and signals its end."""

    def __init__(self) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._target: asyncio.BaseProtocol | None = None
        self._early: list[Callable[[asyncio.Protocol], Any]] = []

    def begin(self, protocol: asyncio.Protocol, transport: asyncio.Transport) -> None:
        """Hands the connection to a protocol, with the data that has arrived."""
        self._target = protocol
        protocol.connection_made(_Switched(transport, self.switch))
        for each in self._early:
            each(protocol)
        self._early.clear()

    def switch(self, protocol: asyncio.BaseProtocol) -> None:
        """Hands the connection to another protocol."""
        self._target = protocol

    def data_received(self, data: bytes) -> None:
        """Forwards data."""
        self._pass(lambda protocol: protocol.data_received(data))

    def eof_received(self) -> bool | None:
        """Forwards the end of the client's data."""
        self._pass(lambda protocol: protocol.eof_received())
        return None

    def pause_writing(self) -> None:
        """Forwards that the client reads slowly."""
        self._pass(lambda protocol: protocol.pause_writing())

    def resume_writing(self) -> None:
        """Forwards that the client has caught up."""
        self._pass(lambda protocol: protocol.resume_writing())

    def connection_lost(self, exc: Exception | None) -> None:
        """Forwards the end of the connection."""
        self._pass(lambda protocol: protocol.connection_lost(exc))
        if not self.ended.done():
            self.ended.set_result(None)

    def _pass(self, tell: Callable[[Any], Any]) -> None:
        if self._target is None:
            self._early.append(tell)
        else:
            tell(self._target)


class _Switched(DelegatingTransport):
    """A transport whose protocol is changed through the switch."""

    def __init__(self, transport: asyncio.Transport, switch: Callable[[asyncio.BaseProtocol], None]) -> None:
        super().__init__(transport)
        self._switch = switch

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hands the connection over."""
        self._switch(protocol)
