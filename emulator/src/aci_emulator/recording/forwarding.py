# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Passes intercepted requests on to the hosts that they were for, and shows what passed to somebody."""

from __future__ import annotations

import asyncio
import base64
import gzip
import http.client
import json
import ssl
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from starlette.types import Receive, Scope, Send

from ..core.clouds import RESOURCE_MANAGER, AzureHost, azure_host
from .exchanges import Exchange
from .terminals import pass_on

_TIMEOUT = 120.0
_MOST_BYTES = 64 * 1024 * 1024
# Headers of one connection, which mean nothing on the next (RFC 9110, 7.6.1).
_OF_A_CONNECTION = frozenset(
    [
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "host",
        "content-length",
    ]
)


@dataclass(frozen=True)
class Upstream:
    """How the real hosts are reached.

    ``resource_manager`` is the address that stands for that of every cloud, None for the one that was asked.
    ``context`` verifies whoever answers. ``proxy`` is the address of a proxy with what it asks for, if there is one.
    """

    context: ssl.SSLContext
    resource_manager: str | None = None
    proxy: str | None = None

    def target(self, host: AzureHost) -> tuple[str, int, bool]:
        """Returns name, port and whether to speak TLS."""
        if host.role == RESOURCE_MANAGER and self.resource_manager is not None:
            address = urlsplit(self.resource_manager)
            secure = address.scheme == "https"
            return address.hostname or "", address.port or (443 if secure else 80), secure
        return host.name, host.port, host.port != 80

    def connect(self, host: AzureHost) -> http.client.HTTPConnection:
        """Returns a connection that has yet to be opened."""
        name, port, secure = self.target(host)
        where = self._first(name, port, secure=secure)
        if secure:
            return self._through(
                http.client.HTTPSConnection(*where, timeout=_TIMEOUT, context=self.context), name, port
            )
        return http.client.HTTPConnection(*where, timeout=_TIMEOUT)

    async def open(self, host: AzureHost) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Opens a connection for something else than requests. Raises OSError or HTTPException."""
        name, port, secure = self.target(host)
        connection = http.client.HTTPConnection(*self._first(name, port, secure=secure), timeout=_TIMEOUT)
        if secure:
            connection = self._through(connection, name, port)
        await asyncio.to_thread(connection.connect)
        if not secure:
            return await asyncio.open_connection(sock=connection.sock)
        return await asyncio.open_connection(sock=connection.sock, ssl=self.context, server_hostname=name)

    def _first(self, name: str, port: int, *, secure: bool) -> tuple[str, int]:
        """Where a connection leads at first: to the proxy, if there is one for it."""
        if self.proxy is None or not secure:
            return name, port
        proxy = urlsplit(self.proxy)
        return proxy.hostname or "", proxy.port or 80

    def _through(self, connection: http.client.HTTPConnection, name: str, port: int) -> http.client.HTTPConnection:
        """The connection, led through the proxy if there is one."""
        if self.proxy is None:
            return connection
        proxy = urlsplit(self.proxy)
        headers = {}
        if proxy.username:
            pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}".encode()
            headers["Proxy-Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        connection.set_tunnel(name, port, headers)
        return connection


class Forwarder:
    """An ASGI application that asks the host that a request was for, and gives its answer.

    Headers and bodies pass as they are, credentials too. What resource managers were asked and answered goes to
    ``observe``, without headers of the request; what sign-in and other hosts are asked is not shown to anybody. Of
    WebSockets it is shown the frames' kinds and sizes, and with ``keep_output`` what the service has sent in them.
    """

    def __init__(self, upstream: Upstream, observe: Callable[[Exchange], None], *, keep_output: bool = False) -> None:
        self._upstream = upstream
        self._observe = observe
        self._keep_output = keep_output

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = azure_host(scope)
        if scope["type"] not in ("http", "websocket") or host is None:
            return
        path = scope["raw_path"].decode("ascii", "replace")
        query = scope["query_string"].decode("ascii", "replace")
        target = f"{path}?{query}" if query else path
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        if scope["type"] == "websocket":
            await self._terminal(host, target, headers, scope, receive, send)
            return
        body = await _body(receive)
        try:
            status, answered, content = await asyncio.to_thread(self._ask, host, scope["method"], target, headers, body)
        except (OSError, http.client.HTTPException) as error:
            await _refuse(send, f"{host.name} cannot be reached: {error}")
            return
        if host.role == RESOURCE_MANAGER:
            self._observe(_exchange(scope["method"], f"https://{host.name}{target}", body, status, answered, content))
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answered]
        raw.append((b"content-length", str(len(content)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else content})

    async def _terminal(
        self,
        host: AzureHost,
        target: str,
        headers: list[tuple[str, str]],
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        name, port, _ = self._upstream.target(host)
        address = name if port == 443 else f"{name}:{port}"
        passed = [
            each
            for each in headers
            if each[0].lower() not in _OF_A_CONNECTION and not each[0].lower().startswith("sec-websocket-")
        ]
        await pass_on(
            scope,
            receive,
            send,
            url=f"wss://{address}{target}",
            headers=passed,
            connect=lambda: self._upstream.open(host),
            observe=self._observe,
            keep=self._keep_output,
        )

    def _ask(
        self, host: AzureHost, method: str, target: str, headers: list[tuple[str, str]], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = self._upstream.connect(host)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            name, port, secure = self._upstream.target(host)
            standard = port == (443 if secure else 80)
            connection.putheader("Host", name if standard else f"{name}:{port}")
            for header, value in headers:
                if header.lower() not in _OF_A_CONNECTION:
                    connection.putheader(header, value)
            if body or method in ("PUT", "POST", "PATCH"):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            response = connection.getresponse()
            answered = [each for each in response.getheaders() if each[0].lower() not in _OF_A_CONNECTION]
            return response.status, answered, response.read(_MOST_BYTES)
        finally:
            connection.close()


async def _body(receive: Receive) -> bytes:
    content: bytes = b""
    while True:
        message = await receive()
        content += message.get("body", b"")
        if not message.get("more_body") or message["type"] == "http.disconnect":
            return content


def _exchange(
    method: str, url: str, body: bytes, status: int, headers: list[tuple[str, str]], content: bytes
) -> Exchange:
    by_name = {name.lower(): value for name, value in headers}
    return Exchange(method, url, _json(body, {}), status, by_name, _json(content, by_name))


def _json(content: bytes, headers: Mapping[str, str]) -> Any:
    """A body as JSON; None for an empty one and for one that is anything else."""
    try:
        encoding = headers.get("content-encoding", "").lower()
        if encoding == "gzip":
            content = gzip.decompress(content)
        elif encoding == "deflate":
            content = zlib.decompress(content)
        return json.loads(content) if content else None
    except (ValueError, OSError, zlib.error, EOFError):
        return None


async def _refuse(send: Send, text: str) -> None:
    content = json.dumps({"error": {"code": "UpstreamUnreachable", "message": f"aci-emulator record: {text}"}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": 502, "headers": headers})
    await send({"type": "http.response.body", "body": content})
