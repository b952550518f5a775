# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A forward proxy that reaches the ports of container groups by their names and addresses.

The names and addresses that groups get exist in no DNS and on no network, and their ports are other ones of this
machine. ``http_proxy=http://127.0.0.1:PORT`` makes ``http://<fqdn or ip>[:<port>]/`` work nevertheless.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

HEAD_LIMIT = 65536
HEAD_TIMEOUT = 30.0
CONNECT_TIMEOUT = 5.0
ANSWER_TIMEOUT = 60.0
_CHUNK = 65536
_OWN_HEADERS = (b"connection", b"proxy-connection", b"proxy-authorization", b"proxy-authenticate", b"keep-alive", b"te")
_REASONS = {400: "Bad Request", 501: "Not Implemented", 502: "Bad Gateway", 504: "Gateway Timeout"}


_NOT_LISTENING = "the container is still starting, listens on another port, or its image is only simulated"


class _Problem(Exception):
    """What the proxy answers itself."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class Proxy:
    """Plain HTTP with absolute addresses (RFC 9112, 3.2.2), one request a connection; no tunnels.

    ``resolve`` says which group has a name or an address, ``endpoint`` where a port of a group listens here. Errors of
    the proxy itself are 400 and 501 (not a request it understands), 502 (no such group, nothing listens, the connection
    broke) and 504 (no answer in time), each with a sentence as plain text.
    """

    def __init__(
        self,
        resolve: Callable[[str], str | None],
        endpoint: Callable[[str, int], tuple[str, int] | None],
    ) -> None:
        self._resolve = resolve
        self._endpoint = endpoint
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port that it listens on, once started."""
        if self._server is None:
            raise RuntimeError("the proxy was not started")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Begins to listen. Raises OSError if the port is taken."""
        self._server = await asyncio.start_server(self._accept, host, port, limit=HEAD_LIMIT)

    async def close(self) -> None:
        """Stops listening and ends the connections."""
        if self._server is None:
            return
        self._server.close()
        for connection in list(self._connections):
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        self._connections.add(task)
        try:
            await self._serve(reader, writer)
        except _Problem as problem:
            await _answer(writer, problem)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client has gone, or the emulator ends
        finally:
            self._connections.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, target, version, headers = await _read_head(reader)
        address = _address(method, target)
        host, port = address.hostname or "", address.port or 80
        backend = self._backend(host, port)
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT):
                backend_reader, backend_writer = await asyncio.open_connection(*backend)
        except TimeoutError:
            raise _Problem(504, f"{host}:{port} did not accept a connection within {CONNECT_TIMEOUT:.0f} s") from None
        except OSError:
            raise _Problem(502, f"nothing listens on port {port} of {host}: {_NOT_LISTENING}") from None
        try:
            path = address._replace(scheme="", netloc="", fragment="").geturl() or "/"
            path = path if path.startswith(("/", "*")) else f"/{path}"
            backend_writer.write(_head(method, path, version, headers, address.netloc))
            upstream = asyncio.create_task(_pump(reader, backend_writer))
            try:
                await self._return_answer(backend_reader, writer, host, port)
            finally:
                upstream.cancel()
                with contextlib.suppress(asyncio.CancelledError, OSError):
                    await upstream
        finally:
            backend_writer.close()

    def _backend(self, host: str, port: int) -> tuple[str, int]:
        group = self._resolve(host)
        if group is None:
            raise _Problem(502, f"no container group has the name or address {host}")
        backend = self._endpoint(group, port)
        if backend is None:
            name = group.rpartition("/")[2]
            raise _Problem(
                502,
                f"nothing listens on port {port} of container group {name}: the group does not run, does not expose "
                "that port, or its image is only simulated",
            )
        return backend

    async def _return_answer(
        self, backend: asyncio.StreamReader, client: asyncio.StreamWriter, host: str, port: int
    ) -> None:
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT):
                first = await backend.read(_CHUNK)
        except TimeoutError:
            raise _Problem(504, f"{host}:{port} did not answer within {ANSWER_TIMEOUT:.0f} s") from None
        except OSError:
            first = b""
        if not first:
            raise _Problem(502, f"{host}:{port} closed the connection without an answer")
        client.write(first)
        await client.drain()
        while data := await backend.read(_CHUNK):
            client.write(data)
            await client.drain()


async def _read_head(reader: asyncio.StreamReader) -> tuple[str, str, str, list[bytes]]:
    """Returns method, target, version and the lines of the headers."""
    try:
        async with asyncio.timeout(HEAD_TIMEOUT):
            head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError:
        raise _Problem(400, "the request's headers are too long") from None
    except TimeoutError:
        raise _Problem(400, "the request did not arrive in time") from None
    first, *lines = head[:-4].split(b"\r\n")
    parts = first.decode("latin-1").split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise _Problem(400, "this is not a HTTP/1 request")
    return parts[0], parts[1], parts[2], lines


def _address(method: str, target: str) -> SplitResult:
    """Returns the absolute address that a request is for."""
    if method == "CONNECT":
        raise _Problem(501, "this proxy has no tunnels: use http, not https")
    try:
        address = urlsplit(target)
        valid = address.scheme.lower() == "http" and bool(address.hostname) and address.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise _Problem(400, "this is a proxy: ask it for http://<name or address of a container group>[:<port>]/")
    return address


def _head(method: str, path: str, version: str, headers: list[bytes], netloc: str) -> bytes:
    """Returns the head of the request for the container: its own path, no headers that were meant for the proxy."""
    kept = [line for line in headers if line.partition(b":")[0].strip().lower() not in (*_OWN_HEADERS, b"host")]
    lines = [
        f"{method} {path} {version}".encode("latin-1"),
        b"Host: " + netloc.rpartition("@")[2].encode("latin-1", "replace"),
        *kept,
        b"Connection: close",
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n"


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()


async def _answer(writer: asyncio.StreamWriter, problem: _Problem) -> None:
    body = f"aci-emulator: {problem.text}\n".encode()
    head = (
        f"HTTP/1.1 {problem.status} {_REASONS[problem.status]}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with contextlib.suppress(OSError):
        writer.write(head.encode() + body)
        await writer.drain()
