# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator that serves plain HTTP on loopback in a thread, with a clock that only tests advance."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import uvicorn

from aci_emulator.core.control_key import KEY_HEADER
from aci_emulator.core.settings import Settings
from aci_emulator.emulator import Emulator, build, create_app

VERSION = "2023-05-01"


@dataclass
class Answer:
    """Status, headers (lower case) and JSON body of a response."""

    status: int
    headers: dict[str, str]
    body: Any
    text: str

    @property
    def code(self) -> str:
        """The error code; empty if the response is not an error."""
        return self.body["error"]["code"] if isinstance(self.body, dict) and "error" in self.body else ""


@dataclass
class Server:
    """A running emulator with a client."""

    emulator: Emulator
    port: int
    stop: Callable[[], None]
    token: str = ""
    group: str = "rg1"
    _paths: dict[str, str] = field(default_factory=dict)

    @property
    def subscription(self) -> str:
        """The first subscription."""
        return self.emulator.directory.main_subscriptions[0].id

    def send(self, method: str, url: str, body: Any = None, *, token: str | None = None) -> Answer:
        """Sends a request to a path, or to a URL of the emulator."""
        url = url.removeprefix(self.emulator.settings.base_url)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Authorization": f"Bearer {self.token if token is None else token}",
            KEY_HEADER: self.emulator.access.key,
        }
        content = None
        if body is not None:
            content = (json.dumps(body) if not isinstance(body, str) else body).encode()
            headers["Content-Type"] = "application/json"
        connection.request(method, url, content, headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return Answer(
            response.status,
            {name.lower(): value for name, value in response.getheaders()},
            json.loads(text) if text else None,
            text,
        )

    def path(
        self, name: str = "", *, group: str | None = None, end: str = "", version: str = VERSION, **query: Any
    ) -> str:
        """The path of a container group with its query."""
        query = {"api-version": version, **query}
        base = f"/subscriptions/{self.subscription}/resourceGroups/{group or self.group}"
        last = f"/{name}" if name else ""
        return f"{base}/providers/Microsoft.ContainerInstance/containerGroups{last}{end}?{urlencode(query)}"

    def put(self, name: str, body: Any, **options: Any) -> Answer:
        """PUT of a container group."""
        return self.send("PUT", self.path(name, **options), body)

    def get(self, name: str, **options: Any) -> Answer:
        """GET of a container group."""
        return self.send("GET", self.path(name, **options))

    def post(self, name: str, action: str) -> Answer:
        """An action on a container group."""
        return self.send("POST", self.path(name, end=f"/{action}"))

    def delete(self, name: str) -> Answer:
        """DELETE of a container group."""
        return self.send("DELETE", self.path(name))

    def advance(self, seconds: float) -> None:
        """Advances emulated time."""
        answer = self.send("POST", "/emulator/clock", {"action": "advance", "seconds": seconds})
        assert answer.status == 200, answer.text

    def finish(self, answer: Answer) -> Answer:
        """Waits for a response's operation, which must take less than a minute; returns the last response about it."""
        url = answer.headers["azure-asyncoperation"]
        for _ in range(60):
            found = self.send("GET", url)
            if found.body["status"] in ("Succeeded", "Failed"):
                return found
            self.advance(1)
        raise AssertionError(found.text)

    def create(self, name: str, body: Any, **options: Any) -> Answer:
        """Sends a PUT and waits for the operation; returns the response to the PUT."""
        answer = self.put(name, body, **options)
        assert answer.status in (200, 201), answer.text
        self.finish(answer)
        return answer


def start(state_dir: Path, **settings: Any) -> Server:
    """Starts an emulator with a state directory; its clock is frozen unless `speed` is set."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    settings.setdefault("runtime", "simulated")
    settings.setdefault("token_lifetime", 1_000_000)
    frozen = "speed" not in settings
    emulator = build(Settings(state_dir=state_dir, base_url=f"http://127.0.0.1:{port}", **settings))
    if frozen:
        emulator.clock.freeze()
    config = uvicorn.Config(create_app(emulator), http="h11", lifespan="on", log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.005)

    def stop() -> None:
        server.should_exit = True
        thread.join(10)

    served = Server(emulator, port, stop)
    served.token = _sign_in(served)
    return served


def _sign_in(server: Server) -> str:
    main = server.emulator.directory.main
    form = {
        "grant_type": "client_credentials",
        "client_id": main.client_id,
        "client_secret": main.secrets[0],
        "scope": "https://management.azure.com/.default",
    }
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(
        "POST",
        f"/{main.tenant_id}/oauth2/v2.0/token",
        urlencode(form),
        {"Content-Type": "application/x-www-form-urlencoded"},
    )
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return str(answer["access_token"])


def make_group(server: Server, name: str = "rg1", location: str = "westus2") -> None:
    """Creates a resource group."""
    path = f"/subscriptions/{server.subscription}/resourceGroups/{name}?api-version=2021-04-01"
    assert server.send("PUT", path, {"location": location}).status in (200, 201)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts emulators with other settings, all with one state directory, and stops them at the end."""
    running: list[Server] = []

    def begin(**settings: Any) -> Server:
        server = start(tmp_path / "state", **settings)
        running.append(server)
        make_group(server)
        return server

    yield begin
    for server in running:
        server.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An emulator with default settings for the tests of a module, and a resource group rg1."""
    served = start(
        tmp_path_factory.mktemp("emulator") / "state", limits={"ContainerGroups": 1000, "StandardCores": 1000}
    )
    make_group(served)
    yield served
    served.stop()


def definition(**changes: Any) -> dict[str, Any]:
    """The body of a group with one container; keyword arguments replace properties."""
    return {
        "location": "westus2",
        "properties": {
            "osType": "Linux",
            "restartPolicy": "Always",
            "containers": [container()],
            **changes,
        },
    }


def container(name: str = "web", **changes: Any) -> dict[str, Any]:
    """One container; keyword arguments replace its properties."""
    return {
        "name": name,
        "properties": {
            "image": "nginx:1.27",
            "ports": [{"port": 80, "protocol": "TCP"}],
            "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}},
            **changes,
        },
    }
