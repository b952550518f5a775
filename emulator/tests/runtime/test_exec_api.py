# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""exec and attach, from the request to the stream, in the whole application."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.websockets import WebSocketDisconnect

VERSION = "2023-05-01"
GROUP = "resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g"


def created(start_api: Callable[..., Any], command: list[str] | None, **settings: Any) -> Any:
    """Returns an emulator with a group that has one running container, main."""
    api = start_api(frozen=False, runtime="process", speed=50.0, **settings)
    api.group()
    properties: dict[str, Any] = {
        "image": "emulator.local/sh" if command else "nginx",
        "resources": {"requests": {"cpu": 1, "memoryInGB": 1}},
    }
    if command:
        properties["command"] = command
    body = {"properties": {"osType": "Linux", "containers": [{"name": "main", "properties": properties}]}}
    answer = api.call("PUT", GROUP, {"location": "westus2", **body}, version=VERSION)
    assert answer.status_code == 201, answer.text
    deadline = time.monotonic() + 10
    while api.call("GET", GROUP, version=VERSION).json()["properties"]["provisioningState"] != "Succeeded":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return api


def promised(api: Any, action: str, body: Any = None, container: str = "main") -> Any:
    return api.call("POST", f"{GROUP}/containers/{container}/{action}", body, version=VERSION)


def path(answer: Any) -> str:
    parts = urlsplit(answer.json()["webSocketUri"])
    assert (parts.scheme, parts.netloc) == ("wss", "127.0.0.1:8443")
    return f"{parts.path}?{parts.query}"


def everything(socket: Any) -> tuple[bytes, int]:
    """Returns all data, and the code with which the connection is closed."""
    said = b""
    try:
        while True:
            said += socket.receive_bytes()
    except WebSocketDisconnect as end:
        return said, end.code


def test_exec_as_recorded(start_api: Callable[..., Any]) -> None:
    api = created(start_api, ["sleep", "1000"])
    answer = promised(api, "exec", {"command": "sh", "terminalSize": {"rows": 24, "cols": 80}})
    assert answer.status_code == 200
    assert list(answer.json()) == ["webSocketUri", "password"]
    assert re.fullmatch(r"/execstream/sessionId/[0-9a-f-]{36}\?api-version=1\.0&rows=24&cols=80", path(answer))
    assert re.fullmatch(r".{22}\[\[EOM\]\]", answer.json()["password"])
    with api.client.websocket_connect(answer.json()["webSocketUri"]) as socket:
        socket.send_text(answer.json()["password"])
        socket.send_bytes(b"stty -echo; echo in''side; exit\n")
        said, code = everything(socket)
    assert b"inside\r\n" in said
    assert code == 1000


def test_attach_as_recorded(start_api: Callable[..., Any]) -> None:
    api = created(start_api, ["sh", "-c", "echo hello; sleep 1000"])
    answer = promised(api, "attach")
    assert re.fullmatch(r"/logstream/sessionId/[0-9a-f-]{36}\?api-version=1\.0", path(answer))
    with api.client.websocket_connect(
        answer.json()["webSocketUri"], headers={"Authorization": answer.json()["password"]}
    ) as socket:
        assert socket.receive_bytes() == b"hello\n"


def test_a_simulated_container_says_that_nothing_can_run_inside(start_api: Callable[..., Any]) -> None:
    api = created(start_api, None)
    answer = promised(api, "exec", {"command": "sh"})
    with api.client.websocket_connect(answer.json()["webSocketUri"]) as socket:
        socket.send_text(answer.json()["password"])
        assert "no processes" in socket.receive_text()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"command": ""},
        {"command": ["ls"]},
        {"command": "sh", "terminalSize": 5},
        {"command": "sh", "terminalSize": {"rows": "many"}},
        {"command": "sh", "terminalSize": {"cols": -1}},
        [],
    ],
)
def test_bodies_that_make_no_sense(start_api: Callable[..., Any], body: Any) -> None:
    api = created(start_api, None)
    answer = promised(api, "exec", body)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"]


def test_a_container_that_the_group_does_not_have(start_api: Callable[..., Any]) -> None:
    api = created(start_api, None)
    assert promised(api, "exec", {"command": "sh"}, container="other").status_code == 404
    assert promised(api, "attach", container="other").status_code == 404
