# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""A WebSocket over TLS that sends many small frames at once.

It uses the protocol implementation of the websockets library, but not its threads: terminal input is sent in frames of
48 bytes, and a hundred thousand of them must fit into a few packets while output is being read.
"""

from __future__ import annotations

import os
import select
import socket
import ssl
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from .._azure.origin import origin_of, shown
from .._common.errors import AciError, ConnectionFailed, MissingLibrary
from .._common.interpreter import missing_libraries

if TYPE_CHECKING:
    from websockets.client import ClientProtocol

CONNECT_TIMEOUT = 30.0
SEND_AHEAD = 256 * 1024
"""Callers add more data while fewer than this many bytes are waiting to be sent."""

_READ = 256 * 1024
_MOST_READS = 16


class Closed(AciError):
    """The other side closed the connection, or it broke. ``close_code`` is the WebSocket's, or None."""

    default_code = "ConnectionClosed"
    close_code: int | None = None
    reason: str = ""


@contextmanager
def _importing() -> Iterator[None]:
    try:
        yield
    except ImportError:
        raise MissingLibrary(missing_libraries("to run commands in containers", "websockets")) from None


class WebSocket:
    """One connection. Messages are bytes; incoming text is encoded as UTF-8."""

    def __init__(self, uri: str, ca_bundle: str | None = None, timeout: float = CONNECT_TIMEOUT) -> None:
        """Connects. Raises MissingLibrary, ConnectionFailed, and Closed if the other side refuses."""
        with _importing():
            from websockets.client import ClientProtocol
            from websockets.uri import parse_uri

        self.where = _checked(uri)
        self._protocol: ClientProtocol = ClientProtocol(parse_uri(uri), max_size=None)
        self._outgoing = bytearray()
        self._incoming: list[bytes] = []
        self._ended = False
        self._socket = _connected(uri, ca_bundle, timeout)
        try:
            self._shake_hands(time.monotonic() + timeout)
        except BaseException:
            self._socket.close()
            raise

    @property
    def pending(self) -> int:
        """The number of bytes that are waiting to be sent."""
        return len(self._outgoing)

    def send_text(self, text: str) -> None:
        """Queues a text message."""
        self._protocol.send_text(text.encode())
        self._collect()

    def send_bytes(self, data: bytes, frame_size: int) -> None:
        """Queues bytes, in messages of at most ``frame_size`` bytes."""
        send = self._protocol.send_binary
        for start in range(0, len(data), frame_size):
            send(data[start : start + frame_size])
        self._collect()

    def exchange(self, timeout: float) -> list[bytes]:
        """Sends and receives for at most ``timeout`` seconds; returns once something has arrived, or all was sent.

        Raises Closed once the connection has ended and everything received was returned.
        """
        until = time.monotonic() + timeout
        while True:
            waiting = self._outgoing
            self._receive()
            if self._incoming:
                messages, self._incoming = self._incoming, []
                return messages
            if self._ended:
                raise self._closed()
            if waiting:
                self._flush()
                if not self._outgoing:
                    return []
            left = until - time.monotonic()
            if left <= 0:
                return []
            select.select([self._socket], [self._socket] if self._outgoing else [], [], left)

    def close(self) -> None:
        """Ends the connection, with a close frame if that can be sent at once."""
        try:
            if not self._ended:
                self._protocol.send_close(1000)
                self._collect()
                self._flush()
        except Exception:  # noqa: BLE001, S110 - the connection is over in any case
            pass
        self._ended = True
        self._socket.close()

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _shake_hands(self, until: float) -> None:
        protocol = self._protocol
        protocol.send_request(protocol.connect())
        self._collect()
        while True:
            self._flush()
            self._receive()
            if protocol.handshake_exc is not None:
                raise self._refused(protocol.handshake_exc)
            if protocol.state.name != "CONNECTING":
                return  # open, or already closed again: what has arrived is reported first
            left = until - time.monotonic()
            if self._ended or left <= 0:
                raise ConnectionFailed(f"{self.where} did not answer as a WebSocket.")
            select.select([self._socket], [self._socket] if self._outgoing else [], [], left)

    def _refused(self, error: Exception) -> Closed:
        status = getattr(getattr(error, "response", None), "status_code", None)
        answered = f"it answered with status {status}" if status else "it did not answer as a WebSocket"
        return Closed(f"{self.where} refused the connection: {answered}.", code="ConnectionRefused", status=status)

    def _collect(self) -> None:
        for data in self._protocol.data_to_send():
            self._outgoing += data

    def _flush(self) -> None:
        """Sends as much as the connection accepts without blocking."""
        while self._outgoing:
            try:
                sent = self._socket.send(bytes(self._outgoing[:65536]))
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError):
                return
            except OSError:
                self._ended = True
                return
            del self._outgoing[:sent]

    def _receive(self) -> None:
        """Receives what is available, up to a limit."""
        for _turn in range(_MOST_READS):
            if self._ended:
                return
            try:
                data = self._socket.recv(_READ)
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError):
                return
            except OSError:
                data = b""
            if data:
                self._protocol.receive_data(data)
            else:
                self._protocol.receive_eof()
                self._ended = True
            self._collect()
            for event in self._protocol.events_received():
                # Data frames, including continuations; the protocol itself handles all others.
                if getattr(getattr(event, "opcode", None), "name", "") in ("TEXT", "BINARY", "CONT"):
                    self._incoming.append(bytes(event.data))  # type: ignore[union-attr]
            if self._protocol.close_expected():
                self._flush()
                self._ended = True

    def _closed(self) -> Closed:
        received = self._protocol.close_rcvd
        if received is None:
            return Closed(f"The connection to {self.where} was lost.", code="ConnectionLost")
        error = Closed(f"{self.where} closed the connection ({received.code} {received.reason}).".replace(" )", ")"))
        error.close_code, error.reason = int(received.code), str(received.reason)
        return error


def _checked(uri: str) -> str:
    """The host and port of the address that the service returned. Raises ConnectionFailed if it is not valid.

    A session has its own address and password, so any host is acceptable; the token of other requests is never sent
    there. The password and what is typed are, however, so TLS is required.
    """
    scheme, separator, rest = uri.partition("://")
    if scheme.lower() != "wss":
        raise ConnectionFailed(
            f"The service named {shown(uri)}, which does not use TLS; the command was not sent there.",
            code="InvalidAnswer",
        )
    origin = origin_of(f"https{separator}{rest}")
    if origin is None:
        raise ConnectionFailed(
            f"For the command, the service named {shown(uri)}, which is not a valid address; nothing was sent there.",
            code="InvalidAnswer",
        )
    return origin.removeprefix("https://")


def _connected(uri: str, ca_bundle: str | None, timeout: float) -> socket.socket:
    """A connection with a verified certificate, through the proxy in the environment, if any."""
    parts = urlsplit(uri)
    host, port = parts.hostname or "", parts.port or 443
    where = f"{host}:{port}"
    try:
        plain = _tunnel(host, port, timeout)
    except (OSError, HTTPException, ValueError) as error:
        raise ConnectionFailed(
            f"{where} could not be reached ({_words(error)}). Check the network and its proxy."
        ) from None
    _keep_alive(plain)
    try:
        secured = tls_context(ca_bundle).wrap_socket(plain, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        plain.close()
        raise ConnectionFailed(
            f"The certificate of {where} is not trusted ({error.verify_message}). Set ca_bundle or AZURE_CA_BUNDLE "
            "to a file with the certificate of the authority that signed it.",
            code="CertificateNotTrusted",
        ) from None
    except OSError as error:
        plain.close()
        raise ConnectionFailed(f"Could not set up a TLS connection to {where}: {_words(error)}.") from None
    secured.setblocking(False)
    return secured


def _keep_alive(connection: socket.socket) -> None:
    """Detects within two minutes that the other side is gone, although a command may be silent for hours."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 6)):
        if hasattr(socket, name):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def tls_context(ca_bundle: str | None) -> ssl.SSLContext:
    """The same trust as for all other requests: ``ca_bundle``, a file or folder, or the SDK's default CAs."""
    trusted = ca_bundle
    if trusted is None:
        try:
            import certifi
        except ImportError:
            return ssl.create_default_context()
        trusted = certifi.where()
    if os.path.isdir(trusted):
        return ssl.create_default_context(capath=trusted)
    return ssl.create_default_context(cafile=trusted)


def _tunnel(host: str, port: int, timeout: float) -> socket.socket:
    """A TCP connection to a host, through the https proxy in the environment, if any."""
    proxies = urllib.request.getproxies()
    proxy = proxies.get("https") or proxies.get("all")
    if not proxy or urllib.request.proxy_bypass(f"{host}:{port}"):
        return socket.create_connection((host, port), timeout)
    parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    if parts.scheme not in ("", "http"):
        raise ValueError(f"a {parts.scheme} proxy cannot be used for WebSockets")
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=timeout)
    headers = {}
    if parts.username is not None:
        from base64 import b64encode

        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Proxy-Authorization"] = f"Basic {b64encode(login.encode()).decode()}"
    connection.set_tunnel(host, port, headers)
    connection.connect()
    return connection.sock


def _words(error: BaseException) -> str:
    return str(getattr(error, "strerror", None) or error or type(error).__name__).rstrip(".")
