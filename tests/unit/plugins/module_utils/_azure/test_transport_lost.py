# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""If a TLS connection cannot be established, nothing was sent; if it is lost later, the outcome is unknown."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("azure.core")
pytest.importorskip("cryptography")

from azure.core.exceptions import ServiceResponseError
from azure.core.rest import HttpRequest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.sdk import _translating
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.transport import new_transport
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import Ambiguous, ConnectionFailed
from ansible_collections.azure_containers.aci.tests.unit.support.tls import (
    read_headers,
    server_context,
    serving_once,
    write_certificate,
)

TOO_LARGE = b'HTTP/1.1 413 Content Too Large\r\nContent-Length: 13\r\nConnection: close\r\n\r\n{"error": {}}'
LARGE = b"x" * 8_000_000


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_certificate(tmp_path_factory.mktemp("tls") / "both.pem")


def put(url: str, certificate: Path, content: bytes = LARGE, write: bool = True) -> Any:
    transport = new_transport(str(certificate))
    request = HttpRequest("PUT", url, headers={"Content-Type": "application/json"}, content=content)
    try:
        with _translating("Could not write", write):
            return transport.send(request)
    finally:
        transport.close()


def hang_up(peer: socket.socket) -> None:
    """Reset the connection, as a load balancer does."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def never_answer(peer: socket.socket) -> None:
    read_headers(peer)


def break_off(peer: socket.socket) -> None:
    read_headers(peer)
    hang_up(peer)


def answer_a_part(peer: socket.socket) -> None:
    read_headers(peer)
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")


def answer_a_chunk(peer: socket.socket) -> None:
    read_headers(peer)
    peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")


@pytest.mark.parametrize(
    ("handle", "content"),
    [
        (never_answer, LARGE),
        (break_off, LARGE),
        (never_answer, b"{}"),
        (break_off, b"{}"),
        (answer_a_part, b"{}"),
        (answer_a_chunk, b"{}"),
    ],
)
def test_what_a_lost_write_did_is_not_known(
    certificate: Path, handle: Callable[[socket.socket], None], content: bytes
) -> None:
    with (
        serving_once(handle, server_context(certificate)) as origin,
        pytest.raises(Ambiguous, match=rf"the connection to {origin} was lost .* not known") as caught,
    ):
        put(origin, certificate, content)
    assert "TLS connection" not in caught.value.msg


def test_a_lost_read_is_repeated(certificate: Path) -> None:
    with (
        serving_once(answer_a_part, server_context(certificate)) as origin,
        pytest.raises(ConnectionFailed, match="was lost") as caught,
    ):
        put(origin, certificate, b"{}", write=False)
    assert caught.value.transient


@pytest.mark.parametrize("end", [lambda peer: None, hang_up], ids=["closed", "reset"])
def test_a_handshake_that_is_broken_off_sent_nothing(certificate: Path, end: Callable[[socket.socket], None]) -> None:
    with (
        serving_once(end) as origin,
        pytest.raises(ConnectionFailed, match=rf"{origin}") as caught,
    ):
        put(origin, certificate)
    assert not isinstance(caught.value, Ambiguous)


def test_a_server_without_tls(certificate: Path) -> None:
    with (
        serving_once(lambda peer: peer.sendall(TOO_LARGE)) as origin,
        pytest.raises(ConnectionFailed, match="Could not set up a TLS connection"),
    ):
        put(origin, certificate)


def test_what_a_proxy_is_told_is_not_the_request(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def tunnel_to_nowhere(peer: socket.socket) -> None:
        assert read_headers(peer).startswith(b"CONNECT arm.example:443 ")
        peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        peer.recv(4096)
        peer.sendall(b"no TLS at all")

    with serving_once(tunnel_to_nowhere) as origin:
        monkeypatch.setenv("HTTPS_PROXY", origin.replace("https", "http"))
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(ConnectionFailed, match=r"Could not set up a TLS connection to https://arm\.example"):
            put("https://arm.example", certificate)


@pytest.mark.parametrize("error", [ssl.SSLEOFError(8, "EOF occurred"), ssl.SSLZeroReturnError(6, "closed")])
def test_a_refusal_is_read_though_nobody_reads_on(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, error: ssl.SSLError
) -> None:
    def refuse(peer: socket.socket) -> None:
        read_headers(peer)
        peer.sendall(TOO_LARGE)

    whole = ssl.SSLSocket.sendall

    def sendall(self: ssl.SSLSocket, data: Any, flags: int = 0) -> None:
        if len(data) == len(LARGE) and not self.server_side:
            raise error
        whole(self, data, flags)

    monkeypatch.setattr(ssl.SSLSocket, "sendall", sendall)
    with serving_once(refuse, server_context(certificate)) as origin:
        assert put(origin, certificate).status_code == 413


def test_a_connection_is_used_again(certificate: Path) -> None:
    """An earlier request over a connection says nothing about a later one."""

    def twice(peer: socket.socket) -> None:
        read_headers(peer)
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        read_headers(peer)

    with serving_once(twice, server_context(certificate)) as origin:
        transport = new_transport(str(certificate))
        assert transport.send(HttpRequest("GET", origin)).status_code == 200
        with pytest.raises(ServiceResponseError):
            transport.send(HttpRequest("GET", origin))
        with pytest.raises(ConnectionFailed, match=r"Could not set up|could not be reached"), _translating("No", True):
            transport.send(HttpRequest("GET", "https://127.0.0.1:1"))
