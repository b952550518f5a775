# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A forward proxy to the ports of container groups, by their names and addresses, that also intercepts Azure.

The names and addresses of groups do not exist in DNS or on any network, and their ports are different ports of this
machine. With ``http_proxy=http://127.0.0.1:PORT``, ``http://<fqdn or ip>[:<port>]/`` works nevertheless.

Tunnels (CONNECT) are for programs written for Azure. A tunnel to an Azure host ends at ``interception``, one to a
container leads to its port, and one to a host of ``--pass`` leads to that host. No other hosts are reached, above all
not Azure itself, which costs money. Tunnels require credentials, because they lead to other machines.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import hmac
import re
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult, urlsplit

from ..core.clouds import METADATA, is_management
from ..core.interception_files import USER
from .interception import Interception

HEAD_LIMIT = 65536
HEAD_TIMEOUT = 30.0
CONNECT_TIMEOUT = 5.0
ANSWER_TIMEOUT = 60.0
_CHUNK = 65536
_OWN_HEADERS = (b"connection", b"proxy-connection", b"proxy-authorization", b"proxy-authenticate", b"keep-alive", b"te")
_REASONS = {
    400: "Bad Request",
    403: "Forbidden",
    407: "Proxy Authentication Required",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}
_HOST = re.compile(r"[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)*\.?|[0-9A-Fa-f:.]+")
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


_NOT_LISTENING = "the container is still starting, listens on another port, or its image is only simulated"


class _Problem(Exception):
    """An error response of the proxy itself."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class PassedHosts:
    """The external hosts that clients can reach through the proxy: names, or ``*.DOMAIN`` for those below a domain.

    Raises ValueError for an invalid host, and for a host of Azure's management or sign-in.
    """

    def __init__(self, patterns: Sequence[str] = ()) -> None:
        self._names: set[str] = set()
        self._domains: list[str] = []
        for pattern in patterns:
            name = pattern.lower().rstrip(".")
            domain = name.removeprefix("*")
            if not name or set(name.removeprefix("*.")) & set("*/@[] :,") or domain == ".":
                raise ValueError(f"--pass must be the name of a host, or *.DOMAIN, without a port, not {pattern!r}")
            if is_management(domain.lstrip(".")):
                raise ValueError(
                    f"--pass {pattern}: Azure is managed or signed in to there, and no client of the emulator may "
                    "reach that"
                )
            if domain == name:
                self._names.add(name)
            else:
                self._domains.append(domain)

    def __contains__(self, host: str) -> bool:
        host = host.lower().rstrip(".")
        # A domain may contain hosts of the management.
        return not is_management(host) and (host in self._names or host.endswith(tuple(self._domains)))


class Proxy:
    """Plain HTTP with absolute URLs (RFC 9112, 3.2.2), one request per connection, and tunnels (RFC 9110, 9.3.6).

    ``resolve`` returns the group with a name or an address, ``endpoint`` the actual address of a group's port. Tunnels
    require ``password``, and are disabled without one. ``interception`` is set before the first tunnel. Errors of the
    proxy itself are 400 (invalid request), 403 (a host that must not be reached), 407 (no credentials), 502 (no such
    group, nothing listens, the connection was lost) and 504 (no answer in time), each with a sentence as plain text.
    """

    def __init__(
        self,
        resolve: Callable[[str], str | None],
        endpoint: Callable[[str, int], tuple[str, int] | None],
        *,
        password: str | None = None,
        passed: PassedHosts | None = None,
    ) -> None:
        self._resolve = resolve
        self._endpoint = endpoint
        self._password = password
        self._passed = passed or PassedHosts()
        self.interception: Interception | None = None
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port on which it listens, after the start."""
        if self._server is None:
            raise RuntimeError("the proxy was not started")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Starts to listen. Raises OSError if the port is taken."""
        self._server = await asyncio.start_server(self._accept, host, port, limit=HEAD_LIMIT)

    async def close(self) -> None:
        """Stops listening and ends the connections."""
        if self._server is None:
            return
        self._server.close()
        if self.interception is not None:
            await self.interception.close()
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
            pass  # the client has disconnected, or the emulator is ending
        finally:
            self._connections.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, target, version, headers = await _read_head(reader)
        if method == "CONNECT":
            self._authorize(headers)
            await self._tunnel(*_authority(target), reader, writer)
            return
        address = _address(target)
        host, port = address.hostname or "", address.port or 80
        azure = self.interception.find(host, port) if self.interception is not None else None
        if azure is not None and azure.role == METADATA and self.interception is not None:
            self._authorize(headers)
            head = _head(method, _path(address), version, headers, address.netloc)
            await self.interception.take_plain(azure, _transport(writer), head)
            return
        backend = self._backend(host, port, lambda: self._authorize(headers))
        backend_reader, backend_writer = await _connect(host, port, backend)
        try:
            backend_writer.write(_head(method, _path(address), version, headers, address.netloc))
            upstream = asyncio.create_task(_pump(reader, backend_writer))
            try:
                await self._return_answer(backend_reader, writer, host, port)
            finally:
                upstream.cancel()
                with contextlib.suppress(asyncio.CancelledError, OSError):
                    await upstream
        finally:
            backend_writer.close()

    async def _tunnel(self, host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connects a client to the application that replaces Azure, to a container, or to an external host."""
        azure = self.interception.find(host, port) if self.interception is not None else None
        if azure is not None and self.interception is not None:
            writer.write(_ESTABLISHED)
            if azure.role == METADATA:  # which speaks plain HTTP
                await self.interception.take_plain(azure, _transport(writer), b"")
            else:
                await self.interception.take_tls(azure, _transport(writer))
            return
        backend_reader, backend_writer = await _connect(host, port, self._backend(host, port, lambda: None))
        try:
            writer.write(_ESTABLISHED)
            ways = [
                asyncio.create_task(_pump(reader, backend_writer, ends=True)),
                asyncio.create_task(_pump(backend_reader, writer, ends=True)),
            ]
            try:
                await asyncio.gather(*ways)
            finally:
                for way in ways:
                    way.cancel()
        finally:
            backend_writer.close()

    def _authorize(self, headers: list[bytes]) -> None:
        """Raises _Problem if the client does not have the credentials of this proxy."""
        if self._password is None:
            raise _Problem(403, "this proxy has no tunnels: it reaches the plain ports of containers")
        for line in headers:
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"proxy-authorization":
                scheme, _, encoded = value.strip().partition(b" ")
                try:
                    given = base64.b64decode(encoded.strip(), validate=True) if scheme.lower() == b"basic" else b""
                except binascii.Error:
                    given = b""
                if hmac.compare_digest(given, f"{USER}:{self._password}".encode()):
                    return
        raise _Problem(
            407,
            "this needs the credentials of the proxy: use HTTPS_PROXY as printed by aci-emulator env --intercept, or "
            "run the program with aci-emulator exec --intercept -- COMMAND",
        )

    def _backend(self, host: str, port: int, authorize: Callable[[], None]) -> tuple[str, int]:
        """Returns the actual address of a host's port, on this machine for a container. ``authorize`` checks others."""
        if is_management(host):
            raise _Problem(
                403,
                f"{host}:{port} belongs to Azure, and the emulator does not replace it: nothing was sent there",
            )
        group = self._resolve(host)
        if group is None:
            if host in self._passed:
                authorize()
                return host, port
            if self._password is not None and not _may_be_container(host):
                raise _Problem(
                    403,
                    f"{host} is neither Azure nor a container, and nothing was sent there: aci-emulator serve --pass "
                    f"{host} lets clients reach it",
                )
            raise _Problem(502, f"no container group has the name or address {host}")
        backend = self._endpoint(group, port)
        if backend is None:
            name = group.rpartition("/")[2]
            raise _Problem(
                502,
                f"nothing listens on port {port} of container group {name}: the group is not running, does not expose "
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
            raise _Problem(504, f"{host}:{port} did not respond within {ANSWER_TIMEOUT:.0f} s") from None
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
        raise _Problem(400, "this is not an HTTP/1 request")
    return parts[0], parts[1], parts[2], lines


def _address(target: str) -> SplitResult:
    """Returns the absolute URL of a request."""
    try:
        address = urlsplit(target)
        valid = address.scheme.lower() == "http" and bool(address.hostname) and address.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise _Problem(400, "this is a proxy: request http://<name or address of a container group>[:<port>]/")
    return address


def _authority(target: str) -> tuple[str, int]:
    """Returns the host and port of a tunnel."""
    try:
        parts = urlsplit(f"//{target}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not port or parts.netloc != target or "@" in target or not _HOST.fullmatch(host):
        raise _Problem(400, "CONNECT must name a host and a port, for example management.azure.com:443")
    return host, port


def _transport(writer: asyncio.StreamWriter) -> asyncio.Transport:
    transport = writer.transport
    assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a socket's, which is read and written
    return transport


def _path(address: SplitResult) -> str:
    path = address._replace(scheme="", netloc="", fragment="").geturl() or "/"
    return path if path.startswith(("/", "*")) else f"/{path}"


def _may_be_container(host: str) -> bool:
    """Whether a host could be that of a container group: a deleted group is reported as missing, not refused."""
    return host.endswith(".azurecontainer.io") or host.replace(".", "").isdigit() or ":" in host


async def _connect(host: str, port: int, backend: tuple[str, int]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT):
            return await asyncio.open_connection(*backend)
    except TimeoutError:
        raise _Problem(504, f"{host}:{port} did not accept a connection within {CONNECT_TIMEOUT:.0f} s") from None
    except OSError as error:
        reason = (
            f"{host}:{port} could not be reached"
            if backend == (host, port)
            else f"nothing listens on port {port} of {host}: {_NOT_LISTENING}"
        )
        raise _Problem(502, reason) from error


def _head(method: str, path: str, version: str, headers: list[bytes], netloc: str) -> bytes:
    """Returns the head of the request to the container: with its path, and without headers for the proxy."""
    kept = [line for line in headers if line.partition(b":")[0].strip().lower() not in (*_OWN_HEADERS, b"host")]
    lines = [
        f"{method} {path} {version}".encode("latin-1"),
        b"Host: " + netloc.rpartition("@")[2].encode("latin-1", "replace"),
        *kept,
        b"Connection: close",
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n"


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, ends: bool = False) -> None:
    """Forwards data, and with ``ends`` also its end."""
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
    if ends and writer.can_write_eof():
        writer.write_eof()


async def _answer(writer: asyncio.StreamWriter, problem: _Problem) -> None:
    body = f"aci-emulator: {problem.text}\n".encode()
    challenge = f'Proxy-Authenticate: Basic realm="{USER}"\r\n' if problem.status == 407 else ""
    head = (
        f"HTTP/1.1 {problem.status} {_REASONS[problem.status]}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"{challenge}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with contextlib.suppress(OSError):
        writer.write(head.encode() + body)
        await writer.drain()
