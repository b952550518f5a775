# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a recording keeps of a terminal: who sent how much, and nothing that a user typed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from aci_emulator.recording import terminals
from aci_emulator.recording.exchanges import Exchange
from aci_emulator.recording.recorder import Recorder
from aci_emulator.recording.terminals import CLIENT, SERVICE, Frames

PASSWORD, TYPED, PRINTED = "hush-password-of-the-session", "kanarie-typed", "kanarie-printed"
URL = "wss://kanarie.westeurope.atlas.cloudapp.azure.com:19390/execstream/sessionId/kanarie-session?api-version=1.0&rows=24&cols=80"


def session(*, keep: bool) -> Frames:
    frames = Frames(keep=keep)
    frames.add(CLIENT, PASSWORD)
    frames.add(CLIENT, f"export SECRET={TYPED}\n".encode())
    frames.add(SERVICE, PRINTED)
    frames.add(SERVICE, f"who echoes {PASSWORD} \u00e4".encode())
    frames.close(CLIENT, 1000)
    frames.close(SERVICE, 1006)
    return frames


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("keep_logs", [False, True])
def test_nothing_that_was_typed_is_kept(keep: bool, keep_logs: bool):
    """Neither by whoever notes the frames, nor by the recorder, if the other one keeps more than it should."""
    seen = Exchange("GET", URL, None, 101, {"x-canary": "kanarie"}, session(keep=keep).document())
    kept = Recorder(keep_logs=keep_logs).exchange(seen)
    text = json.dumps(kept.entry("x"))
    assert (PRINTED in text) == (keep and keep_logs)
    for canary in (PASSWORD, TYPED, "kanarie-session", "kanarie.westeurope", "x-canary"):
        assert canary not in text
    frames = kept.answer["frames"]
    assert [(each["from"], each["kind"]) for each in frames] == [
        (CLIENT, "text"),
        (CLIENT, "binary"),
        (SERVICE, "text"),
        (SERVICE, "binary"),
    ]
    assert frames[0]["size"] == len(PASSWORD)
    assert frames[3]["size"] == len(f"who echoes {PASSWORD} ") + 2
    assert kept.answer["closed"] == {"by": CLIENT, "code": 1000}
    assert kept.status == 101
    assert kept.url.partition("/execstream/sessionId/")[0].endswith(".westeurope.atlas.cloudapp.azure.com:19390")
    assert kept.url.endswith("?api-version=1.0&rows=24&cols=80")


def test_a_recorder_keeps_no_keys_of_frames_that_it_does_not_know():
    answer = {"frames": [{"from": CLIENT, "kind": "text", "size": 1, "kanarie": "kanarie"}], "closed": None}
    kept = Recorder(keep_logs=True).exchange(Exchange("GET", URL, None, 101, {}, answer))
    assert kept.answer == {"frames": [{"from": CLIENT, "kind": "text", "size": 1}], "closed": None}


def test_a_refusal_has_no_frames():
    kept = Recorder().exchange(Exchange("GET", URL, None, 403))
    assert (kept.status, kept.answer) == (403, None)


def test_a_session_without_an_end_is_not_kept_whole(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(terminals, "MOST_FRAMES", 2)
    document = session(keep=False).document()
    assert len(document["frames"]) == 2
    assert document["more"] == 2


# -- passing on


@contextlib.contextmanager
def host(handler: Callable[[ServerConnection], None]) -> Iterator[int]:
    """A host that speaks WebSocket, without TLS; its port. It refuses ``/no`` with 403."""

    def refuse(connection: ServerConnection, request: Any) -> Any:
        return connection.respond(403, "no") if request.path == "/no" else None

    with serve(handler, "127.0.0.1", 0, process_request=refuse) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.socket.getsockname()[1]
        finally:
            server.shutdown()
            thread.join()


def passed(port: int, path: str, *typed: dict[str, Any], extension: bool = True) -> tuple[list[Any], list[Exchange]]:
    """What a client gets that sends this, and what is shown of it."""
    got: list[Any] = []
    seen: list[Exchange] = []

    async def play() -> None:
        events = asyncio.Queue[Any]()
        for each in ({"type": "websocket.connect"}, *typed):
            events.put_nowait(each)

        async def send(message: Any) -> None:
            got.append(message)

        scope = {
            "type": "websocket",
            "subprotocols": ["terminal"],
            "extensions": {"websocket.http.response": {}} if extension else {},
        }
        await terminals.pass_on(
            scope,
            events.get,
            send,
            url=f"wss://127.0.0.1{path}",
            headers=[("authorization", "hush-header")],
            connect=lambda: asyncio.open_connection("127.0.0.1", port),
            observe=seen.append,
            keep=True,
        )

    asyncio.run(play())
    return got, seen


def test_frames_pass_as_they_are_and_the_service_decides_how_it_ends():
    def talk(socket: ServerConnection) -> None:
        assert socket.request is not None
        socket.send(socket.request.headers["Authorization"][:4])
        first, second = socket.recv(), socket.recv()
        socket.send(["in ", "two ", "parts"])
        socket.send(bytes(reversed(second)) if isinstance(second, bytes) else first)
        socket.close(4001)

    with host(talk) as port:
        typed = {"type": "websocket.receive", "text": "first"}, {"type": "websocket.receive", "bytes": b"\x01\x02"}
        got, seen = passed(port, "/yes?rows=24", *typed)
    assert got == [
        {"type": "websocket.accept", "subprotocol": None},
        {"type": "websocket.send", "text": "hush"},
        {"type": "websocket.send", "text": "in two parts"},
        {"type": "websocket.send", "bytes": b"\x02\x01"},
        {"type": "websocket.close", "code": 4001},
    ]
    (session,) = seen
    assert (session.method, session.url, session.status) == ("GET", "wss://127.0.0.1/yes?rows=24", 101)
    frames = session.answer["frames"]
    assert sorted((each["from"], each["kind"], each["size"]) for each in frames) == [
        ("client", "binary", 2),
        ("client", "text", 5),
        ("service", "binary", 2),
        ("service", "text", 4),
        ("service", "text", 12),
    ]
    assert session.answer["closed"] == {"by": "service", "code": 4001}


def test_a_client_that_goes_ends_the_session_of_the_service():
    codes = []

    def wait(socket: ServerConnection) -> None:
        try:
            socket.recv()
        except ConnectionClosed as closed:
            codes.append(closed.rcvd and closed.rcvd.code)

    with host(wait) as port:
        got, seen = passed(port, "/yes", {"type": "websocket.disconnect", "code": 1001})
    assert [each["type"] for each in got] == ["websocket.accept"]
    assert codes == [1001]
    assert seen[0].answer == {"frames": [], "closed": {"by": "client", "code": 1001}}


def test_a_service_that_goes_without_a_word():
    def drop(socket: ServerConnection) -> None:
        socket.socket.shutdown(2)

    with host(drop) as port:
        got, seen = passed(port, "/yes")
    assert got[-1] == {"type": "websocket.close", "code": 1011}
    assert seen[0].answer == {"frames": [], "closed": {"by": "service", "code": 1006}}


def test_a_refusal_is_passed_on_with_its_status():
    with host(lambda _: None) as port:
        got, seen = passed(port, "/no")
        plain, _ = passed(port, "/no", extension=False)
    assert got[0] == {"type": "websocket.http.response.start", "status": 403, "headers": []}
    assert [(each.status, each.answer) for each in seen] == [(403, None)]
    assert plain == [{"type": "websocket.close", "code": 1011}]


@pytest.mark.parametrize("answer", [b"", b"not HTTP\r\n\r\n"])
def test_what_is_no_answer_is_a_bad_gateway(answer: bytes):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve_once() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve_once)
        thread.start()
        got, seen = passed(server.getsockname()[1], "/yes")
        thread.join()
    assert got[0] == {"type": "websocket.http.response.start", "status": 502, "headers": []}
    assert seen == []


def test_nobody_there_is_a_bad_gateway():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    got, seen = passed(port, "/yes")
    assert got[0]["status"] == 502
    assert seen == []
