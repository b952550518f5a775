# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forward proxy, over real connections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from aci_emulator.serving.proxy import Proxy

NAME = "demo.westeurope.azurecontainer.io"


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    body = b""
    if b"content-length: 5" in head.lower():
        body = await reader.readexactly(5)
    answer = head + body
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
    await writer.drain()
    writer.close()


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


@asynccontextmanager
async def proxying(
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]] = echo,
) -> AsyncIterator[Callable[[bytes], Awaitable[str]]]:
    backend = await asyncio.start_server(serve, "127.0.0.1", 0)
    address: tuple[str, int] = backend.sockets[0].getsockname()
    closed = await asyncio.start_server(serve, "127.0.0.1", 0)
    nowhere: tuple[str, int] = closed.sockets[0].getsockname()
    closed.close()
    proxy = Proxy(
        lambda host: "/x/demo" if host in (NAME, "198.18.0.9") else None,
        lambda group, port: {80: address, 81: nowhere}.get(port),
    )
    await proxy.start()

    async def ask(request: bytes) -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(request)
        answer = (await reader.read()).decode()
        writer.close()
        return answer

    try:
        yield ask
    finally:
        await proxy.close()
        backend.close()


def ask(request: str, serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]] = echo) -> str:
    async def test() -> str:
        async with asyncio.timeout(10), proxying(serve) as send:
            return await send(request.encode())

    return asyncio.run(test())


@pytest.mark.parametrize("host", [NAME, NAME.upper(), f"{NAME}:80", "198.18.0.9"])
def test_a_request_reaches_the_container(host: str) -> None:
    answer = ask(
        f"POST http://{host}/a?b=c HTTP/1.1\r\nHost: {host}\r\nProxy-Connection: keep-alive\r\n"
        "Proxy-Authorization: Basic eA==\r\nX-Mine: 1\r\nContent-Length: 5\r\n\r\nhello"
    )
    assert answer.startswith("HTTP/1.1 200 OK\r\n")
    assert "POST /a?b=c HTTP/1.1\r\n" in answer
    assert "X-Mine: 1\r\n" in answer
    assert "Proxy" not in answer
    assert answer.endswith("hello")


@pytest.mark.parametrize(
    ("request_line", "status", "text"),
    [
        ("GET http://other.westeurope.azurecontainer.io/ HTTP/1.1", 502, "no container group has the name"),
        (f"GET http://{NAME}:82/ HTTP/1.1", 502, "nothing listens on port 82 of container group demo"),
        (f"GET http://{NAME}:81/ HTTP/1.1", 502, "nothing listens on port 81"),
        ("GET / HTTP/1.1", 400, "this is a proxy"),
        ("GET http://[/ HTTP/1.1", 400, "this is a proxy"),
        (f"GET http://{NAME}:99999/ HTTP/1.1", 400, "this is a proxy"),
        (f"CONNECT {NAME}:443 HTTP/1.1", 501, "use http, not https"),
        ("hello", 400, "not an HTTP/1 request"),
    ],
)
def test_what_cannot_be_forwarded_is_said_in_a_sentence(request_line: str, status: int, text: str) -> None:
    answer = ask(f"{request_line}\r\nHost: x\r\n\r\n")
    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert text in answer


def test_a_container_that_hangs_up_is_a_502() -> None:
    answer = ask(f"GET http://{NAME}/ HTTP/1.1\r\n\r\n", hang_up)
    assert answer.startswith("HTTP/1.1 502 ")
    assert "without an answer" in answer
