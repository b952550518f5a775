# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forward proxy, over real connections."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from aci_emulator.serving.proxy import PassedHosts, Proxy

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
    **options: Any,
) -> AsyncIterator[Callable[[bytes], Awaitable[str]]]:
    backend = await asyncio.start_server(serve, "127.0.0.1", 0)
    address: tuple[str, int] = backend.sockets[0].getsockname()
    closed = await asyncio.start_server(serve, "127.0.0.1", 0)
    nowhere: tuple[str, int] = closed.sockets[0].getsockname()
    closed.close()
    proxy = Proxy(
        lambda host: "/x/demo" if host in (NAME, "198.18.0.9") else None,
        lambda group, port: {80: address, 81: nowhere}.get(port),
        **options,
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


def ask(
    request: str,
    serve: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]] = echo,
    **options: Any,
) -> str:
    async def test() -> str:
        async with asyncio.timeout(10), proxying(serve, **options) as send:
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
        (f"CONNECT {NAME}:443 HTTP/1.1", 403, "this proxy has no tunnels"),
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


def credentials(user: str = "emulator", password: str = "right") -> str:
    return "Proxy-Authorization: Basic " + base64.b64encode(f"{user}:{password}".encode()).decode() + "\r\n"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts, except for loopback, that the proxy resolves. None of them exists."""
    names: list[str] = []
    real = asyncio.open_connection

    async def open_connection(host: str, *arguments: Any, **options: Any) -> Any:
        if host != "127.0.0.1":
            names.append(host)
            raise OSError("the test resolver knows no other host")
        return await real(host, *arguments, **options)

    monkeypatch.setattr("aci_emulator.serving.proxy.asyncio.open_connection", open_connection)
    return names


@pytest.mark.parametrize(
    "given",
    [
        "",
        credentials(password="wrong"),
        credentials(user="x"),
        "Proxy-Authorization: Basic %\r\n",
        "Proxy-Authorization: Bearer right\r\n",
    ],
)
def test_a_tunnel_asks_for_credentials(given: str, asked: list[str]) -> None:
    answer = ask(f"CONNECT {NAME}:80 HTTP/1.1\r\nHost: x\r\n{given}\r\n", password="right")
    assert answer.startswith("HTTP/1.1 407 ")
    assert 'Proxy-Authenticate: Basic realm="emulator"\r\n' in answer
    assert "aci-emulator exec --intercept" in answer
    assert "right" not in answer


def test_a_tunnel_leads_to_a_container_as_it_is() -> None:
    answer = ask(
        f"CONNECT {NAME}:80 HTTP/1.1\r\n{credentials()}\r\nGET / HTTP/1.1\r\nHost: {NAME}\r\n\r\n", password="right"
    )
    assert answer.startswith("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\n")
    assert "Authorization" not in answer  # headers for the proxy are not forwarded


@pytest.mark.parametrize(
    ("target", "status", "text"),
    [
        ("graph.microsoft.com:443", 403, "belongs to Azure"),
        ("management.azure.com:8443", 403, "belongs to Azure"),
        ("LOGIN.MICROSOFTONLINE.COM.:444", 403, "belongs to Azure"),
        ("example.com:443", 403, "aci-emulator serve --pass example.com"),
        ("localhost:22", 403, "aci-emulator serve --pass localhost"),
        ("gone.westeurope.azurecontainer.io:443", 502, "no container group has the name"),
        ("127.0.0.1:22", 502, "no container group has the name or address"),
        (f"{NAME}:443", 502, "nothing listens on port 443 of container group demo"),
        ("management.azure.com", 400, "a host and a port"),
        ("x@management.azure.com:443", 400, "a host and a port"),
        ("https://management.azure.com:443/", 400, "a host and a port"),
        ("[:443", 400, "a host and a port"),
        ("a..management.azure.com:443", 400, "a host and a port"),
        (".management.azure.com:443", 400, "a host and a port"),
        ("b\u00fc.management.azure.com:443", 400, "a host and a port"),
    ],
)
def test_no_other_host_is_reached(target: str, status: int, text: str, asked: list[str]) -> None:
    answer = ask(f"CONNECT {target} HTTP/1.1\r\n{credentials()}\r\n", password="right")
    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert text in answer
    assert asked == []


def test_azure_is_not_reached_over_plain_http_either(asked: list[str]) -> None:
    for host in ("management.azure.com", "169.254.169.254", "example.com"):
        answer = ask(f"GET http://{host}/ HTTP/1.1\r\n{credentials()}\r\n", password="right")
        assert answer.startswith("HTTP/1.1 403 "), answer
    assert asked == []


@pytest.mark.parametrize("form", ["CONNECT {}:8080 HTTP/1.1", "GET http://{}:8080/ HTTP/1.1"])
def test_what_is_passed_is_reached_with_credentials(form: str, asked: list[str]) -> None:
    options: dict[str, Any] = {"password": "right", "passed": PassedHosts(["Registry.example", "*.mine.example"])}
    for host in ("registry.example", "a.b.mine.example"):
        assert "407" in ask(f"{form.format(host)}\r\n\r\n", **options)
        assert asked == []
        answer = ask(f"{form.format(host)}\r\n{credentials()}\r\n", **options)
        assert f"{host}:8080 could not be reached" in answer
        assert asked == [host]
        asked.clear()
    assert "403" in ask(f"{form.format('mine.example')}\r\n{credentials()}\r\n", **options)
    assert asked == []


@pytest.mark.parametrize("pattern", ["", "*", "*.", "a:443", "https://a", "a b", "*x", "a.*.b"])
def test_what_is_no_host_to_pass(pattern: str) -> None:
    with pytest.raises(ValueError, match="must be the name of a host"):
        PassedHosts([pattern])


@pytest.mark.parametrize(
    "pattern",
    ["management.azure.com", "*.management.azure.com", "Login.Microsoftonline.com.", "graph.microsoft.com"],
)
def test_azures_management_is_never_passed(pattern: str) -> None:
    with pytest.raises(ValueError, match="no client of the emulator may reach that"):
        PassedHosts([pattern])


def test_a_domain_that_is_passed_does_not_open_the_management_below_it() -> None:
    passed = PassedHosts(["*.azure.com", "*.windows.net"])
    assert "shop.blob.core.windows.net" in passed
    assert "management.azure.com" not in passed
    assert "login.windows.net" not in passed
    assert "x.management.core.windows.net" not in passed
