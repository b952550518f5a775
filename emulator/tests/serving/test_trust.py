# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Acknowledged writes survive kills under load with many clients; and the emulator starts fast."""

from __future__ import annotations

import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

COMMAND = [sys.executable, "-m", "aci_emulator"]
CLIENTS = 200
LIMITS = ["--limit", "ContainerGroups=100000", "--limit", "StandardCores=100000"]
DEFINITION = {
    "location": "westus2",
    "properties": {
        "osType": "Linux",
        "containers": [
            {
                "name": "c",
                "properties": {"image": "nginx", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}},
            }
        ],
    },
}


class Server:
    """An emulator in a separate process."""

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir
        # The limit of creations would refuse the requests of these tests.
        arguments = ["--state-dir", str(state_dir), "--runtime", "simulated", "--request-limits", "count", *LIMITS]
        self.process = subprocess.Popen(
            [*COMMAND, "serve", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("ready "), self.process.communicate()
        self.address = urlsplit(line.split()[1])
        self.subscription = json.loads((state_dir / "env.json").read_text())["subscription_id"]
        self.context = ssl.create_default_context(cafile=state_dir / "ca.pem")

    def connect(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(
            self.address.hostname or "", self.address.port, context=self.context, timeout=60
        )

    def bearer(self) -> str:
        credentials = json.loads((self.state_dir / "credentials.json").read_text())
        form = {
            "client_id": credentials["clientId"],
            "client_secret": credentials["clientSecret"],
            "grant_type": "client_credentials",
            "scope": "https://management.azure.com/.default",
        }
        connection = self.connect()
        connection.request("POST", f"/{credentials['tenantId']}/oauth2/v2.0/token", urlencode(form))
        return f"Bearer {json.load(connection.getresponse())['access_token']}"

    def group_path(self, name: str) -> str:
        return f"resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/{name}"

    def call(
        self, connection: http.client.HTTPSConnection, bearer: str, method: str, path: str, body: Any = None
    ) -> tuple[int, Any]:
        version = "2023-05-01" if "/providers/" in path else "2021-04-01"
        connection.request(
            method,
            f"/subscriptions/{self.subscription}/{path}?api-version={version}",
            None if body is None else json.dumps(body),
            {"Authorization": bearer, "Content-Type": "application/json"},
        )
        response = connection.getresponse()
        text = response.read()
        return response.status, json.loads(text) if text else None

    def names(self, connection: http.client.HTTPSConnection, bearer: str) -> set[str]:
        status, page = self.call(connection, bearer, "GET", self.group_path("").rstrip("/"))
        assert status == 200, page
        names = {each["name"] for each in page["value"]}
        while "nextLink" in page:
            link = urlsplit(page["nextLink"])
            connection.request("GET", f"{link.path}?{link.query}", headers={"Authorization": bearer})
            page = json.load(connection.getresponse())
            names |= {each["name"] for each in page["value"]}
        return names

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[Server]]:
    running: list[Server] = []
    yield running
    for server in running:
        server.kill()


def test_killed_under_load_it_comes_back_with_all_it_had_answered_for(servers: list[Server], tmp_path: Path) -> None:
    servers.append(Server(tmp_path / "state"))
    bearer = servers[-1].bearer()
    server = servers[-1]
    server.call(server.connect(), bearer, "PUT", "resourceGroups/rg", {"location": "westus2"})
    answered: set[str] = set()
    deleted: set[str] = set()
    lost: set[str] = set()  # a deletion without a response may or may not have happened

    def work(server: Server, worker: str) -> None:
        connection = server.connect()
        number = 0
        try:
            while True:
                name = f"g-{worker}-{number}"
                status, body = server.call(connection, bearer, "PUT", server.group_path(name), DEFINITION)
                assert status == 201, body
                answered.add(name)
                if number % 4 == 3:
                    lost.add(name)
                    # Requests for a transitioning group are refused, which is a response as well.
                    if server.call(connection, bearer, "DELETE", server.group_path(name))[0] == 200:
                        deleted.add(name)
                    lost.discard(name)
                number += 1
        except (OSError, http.client.HTTPException, ValueError):
            return  # killed

    for round_number in range(2):
        server = servers[-1]
        threads = [threading.Thread(target=work, args=(server, f"{round_number}-{each}")) for each in range(8)]
        for thread in threads:
            thread.start()
        # Killed in the middle of its work, even on a slow machine.
        wanted = 12 * (round_number + 1)
        deadline = time.monotonic() + 60
        while len(answered) < wanted and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(answered) >= wanted, "the server hardly answers"
        server.process.send_signal(signal.SIGKILL)
        for thread in threads:
            thread.join(60)
        server.process.communicate()
        servers.append(Server(tmp_path / "state"))
        found = servers[-1].names(servers[-1].connect(), bearer)
        assert answered - deleted - lost <= found
        assert not found & deleted
    status, _ = servers[-1].call(
        servers[-1].connect(), bearer, "GET", servers[-1].group_path(next(iter(answered - deleted - lost)))
    )
    assert status == 200


def test_many_clients_at_once_lose_nothing(servers: list[Server], tmp_path: Path) -> None:
    servers.append(Server(tmp_path / "state"))
    server = servers[-1]
    bearer = server.bearer()
    server.call(server.connect(), bearer, "PUT", "resourceGroups/rg", {"location": "westus2"})
    start = threading.Barrier(CLIENTS)

    def work(number: int) -> list[int]:
        connection = server.connect()
        start.wait(60)
        path = server.group_path(f"g{number}")
        created, body = server.call(connection, bearer, "PUT", path, DEFINITION)
        assert created == 201, body
        patched, body = server.call(connection, bearer, "PATCH", path, {"tags": {"n": str(number)}})
        read, body = server.call(connection, bearer, "GET", path)
        assert body["tags"] == {"n": str(number)}
        connection.close()
        return [created, patched, read]

    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = list(pool.map(work, range(CLIENTS)))
    assert statuses == [[201, 200, 200]] * CLIENTS
    assert server.names(server.connect(), bearer) == {f"g{number}" for number in range(CLIENTS)}


def test_starts_in_less_than_a_second_of_work(tmp_path: Path) -> None:
    Server(tmp_path / "state").kill()  # the first start creates keys and certificates
    process = subprocess.Popen(
        [*COMMAND, "serve", "--state-dir", str(tmp_path / "state")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("ready ")
    process.kill()
    # CPU time, because the machine may be busy.
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    process.stdout.close()
    assert usage.ru_utime + usage.ru_stime < 1.0
