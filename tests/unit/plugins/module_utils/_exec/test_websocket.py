# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The WebSocket, with a local TLS server of the same library."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("websockets")
pytest.importorskip("cryptography")

from websockets.sync.server import serve

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import ConnectionFailed
from ansible_collections.azure_containers.aci.plugins.module_utils._exec.websocket import Closed, WebSocket
from ansible_collections.azure_containers.aci.tests.unit.support.tls import server_context, write_certificate


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key and a self-signed certificate for 127.0.0.1."""
    return write_certificate(tmp_path_factory.mktemp("tls") / "both.pem")


@contextmanager
def serving(certificate: Path, handler: Any, **options: Any) -> Iterator[str]:
    with serve(handler, "127.0.0.1", 0, ssl=server_context(certificate), **options) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"wss://127.0.0.1:{server.socket.getsockname()[1]}/exec?a=b"
        finally:
            server.shutdown()
            thread.join()


def received(client: WebSocket, size: int) -> bytes:
    data = b""
    until = time.monotonic() + 20
    while len(data) < size and time.monotonic() < until:
        data += b"".join(client.exchange(1.0))
    return data


def test_there_and_back(certificate: Path) -> None:
    frames: list[int] = []

    def echo(peer: Any) -> None:
        assert peer.recv() == "password"
        for message in peer:
            frames.append(len(message))
            peer.send(message)

    data = bytes(range(256)) * 2000
    with serving(certificate, echo) as uri:
        client = WebSocket(uri, str(certificate))
        client.send_text("password")
        client.send_bytes(data, 48)
        assert client.pending
        assert received(client, len(data)) == data
        assert client.exchange(0.01) == []
        client.close()
    assert max(frames) == 48


def test_text_and_pings(certificate: Path) -> None:
    def talk(peer: Any) -> None:
        peer.ping().wait(10)
        peer.send("grüße")

    with serving(certificate, talk) as uri:
        client = WebSocket(uri, str(certificate))
        assert received(client, 7) == "grüße".encode()
        with pytest.raises(Closed) as caught:
            received(client, 1)
        assert caught.value.close_code == 1000
        client.close()


def test_what_came_before_the_end_is_given_first(certificate: Path) -> None:
    def leave(peer: Any) -> None:
        peer.send(b"last words")
        peer.close(1011, "no shell")

    with serving(certificate, leave) as uri:
        client = WebSocket(uri, str(certificate))
        time.sleep(0.2)
        assert received(client, 10) == b"last words"
        with pytest.raises(Closed, match="no shell") as caught:
            received(client, 1)
        assert (caught.value.close_code, caught.value.reason) == (1011, "no shell")
        client.close()


def test_a_connection_that_breaks(certificate: Path) -> None:
    def vanish(peer: Any) -> None:
        peer.socket.shutdown(socket.SHUT_RDWR)

    with serving(certificate, vanish) as uri:
        client = WebSocket(uri, str(certificate))
        with pytest.raises(Closed, match="was lost") as caught:
            received(client, 1)
        assert caught.value.code == "ConnectionLost"
        client.close()


def test_a_refusal(certificate: Path) -> None:
    def refuse(peer: Any, _request: Any) -> Any:
        return peer.respond(404, "no such session\n")

    with serving(certificate, lambda _peer: None, process_request=refuse) as uri:
        with pytest.raises(Closed, match="404") as caught:
            WebSocket(uri, str(certificate))
        assert (caught.value.code, caught.value.status) == ("ConnectionRefused", 404)


def test_a_certificate_that_is_not_trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(certificate, lambda _peer: None) as uri:
        with pytest.raises(ConnectionFailed, match="ca_bundle") as caught:
            WebSocket(uri)
        assert caught.value.code == "CertificateNotTrusted"


def test_nobody_listens() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectionFailed, match="could not be reached"):
            WebSocket(f"wss://127.0.0.1:{reserved.getsockname()[1]}/exec")


def test_without_tls_nothing_is_sent() -> None:
    with pytest.raises(ConnectionFailed, match="does not use TLS"):
        WebSocket("ws://127.0.0.1:1/exec")


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:1/exec",
        "https://127.0.0.1:1/exec",
        "127.0.0.1:1/exec",
        "//127.0.0.1:1/exec",
        "wss:///exec",
        "wss://",
        "",
        "wss://user:planted@127.0.0.1:1/exec",
        "wss://good.example@127.0.0.1:1/exec",
        "wss://127.0.0.1:port/exec",
        "wss://127.0.0.1:99999/exec",
        "wss://[::1/exec",
        "wss://127.0.0.1:1/exec\r\nAuthorization: planted",
        "wss://127.0.0.1:1\\@good.example/exec",
        "\x1b]0;planted\x07",
    ],
)
def test_addresses_that_are_not_used(uri: str) -> None:
    with pytest.raises(ConnectionFailed, match=r"[Tt]he service named") as caught:
        WebSocket(uri)
    assert caught.value.code == "InvalidAnswer"
    assert "planted" not in caught.value.msg
    assert "\x1b" not in caught.value.msg


def test_redirects_are_not_followed(certificate: Path) -> None:
    arrived: list[Any] = []
    with serving(certificate, arrived.append) as elsewhere:

        def redirect(connection: Any, _request: Any) -> Any:
            response = connection.respond(307, "")
            response.headers["Location"] = elsewhere
            return response

        with (
            serving(certificate, lambda _peer: None, process_request=redirect) as uri,
            pytest.raises(Closed, match="status 307") as caught,
        ):
            WebSocket(uri, str(certificate))
    assert caught.value.code == "ConnectionRefused"
    assert arrived == []


def test_no_token_is_sent(certificate: Path) -> None:
    headers: list[Any] = []
    with serving(certificate, lambda peer: headers.append(peer.request.headers) or peer.send(b"hello")) as uri:
        client = WebSocket(uri, str(certificate))
        assert received(client, 5) == b"hello"
        client.close()
    assert "Authorization" not in headers[0]


def test_through_a_proxy(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []
    with serving(certificate, lambda peer: peer.send(b"hello")) as uri, socket.create_server(("127.0.0.1", 0)) as proxy:
        target = int(uri.rpartition(":")[2].partition("/")[0])

        def relay() -> None:
            near, _address = proxy.accept()
            asked.append(near.recv(4096))
            far = socket.create_connection(("127.0.0.1", target))
            near.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")

            def copy(source: socket.socket, sink: socket.socket) -> None:
                while data := source.recv(65536):
                    sink.sendall(data)
                # The peer may have received everything and closed the connection.
                with contextlib.suppress(OSError):
                    sink.shutdown(socket.SHUT_WR)

            back = threading.Thread(target=copy, args=(far, near))
            back.start()
            copy(near, far)
            back.join()
            near.close()
            far.close()

        thread = threading.Thread(target=relay)
        thread.start()
        for name in ("https_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://user:pa%3Ass@127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.setenv("NO_PROXY", "")
        client = WebSocket(uri, str(certificate))
        assert received(client, 5) == b"hello"
        client.close()
        thread.join(10)
    assert asked[0].startswith(f"CONNECT 127.0.0.1:{target} ".encode())
    assert b"Basic dXNlcjpwYTpzcw==" in asked[0]
