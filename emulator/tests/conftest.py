# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator in this process, used over HTTP, with a clock that only tests advance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from aci_emulator.core.control_key import KEY_HEADER
from aci_emulator.core.settings import Settings
from aci_emulator.emulator import Emulator, build, create_app
from aci_emulator.identity.directory import Principal

URL = "https://127.0.0.1:8443"


class Api:
    """A signed-in client of Resource Manager."""

    def __init__(self, client: TestClient, emulator: Emulator) -> None:
        self.client = client
        self.emulator = emulator
        self.directory = emulator.directory
        self.subscription = emulator.directory.main_subscriptions[0].id
        self.other_subscription = emulator.directory.main_subscriptions[1].id
        self.bearer = self.token(emulator.directory.main)

    def token(self, principal: Principal) -> str:
        """Returns an Authorization header."""
        return f"Bearer {self.emulator.tokens.issue(principal, URL).value}"

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        version: str | None = "2021-04-01",
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
        query: dict[str, str] | None = None,
    ) -> Any:
        """Sends a request. A path without a leading slash is below the first subscription, a URL is used as it is."""
        if not path.startswith(("/", "https://")):
            path = f"/subscriptions/{self.subscription}/{path}"
        parameters = dict(query or {})
        if version is not None and "api-version=" not in path:
            parameters["api-version"] = version
        return self.client.request(
            method,
            path,
            json=body,
            content=content,
            params=parameters or None,
            headers={"Authorization": self.bearer, **(headers or {})},
        )

    def group(self, name: str = "rg", location: str = "westus2", **more: Any) -> Any:
        """Creates a resource group."""
        response = self.call("PUT", f"resourceGroups/{name}", {"location": location, **more})
        assert response.status_code in (200, 201), response.text
        return response

    def advance(self, seconds: float) -> None:
        """Advances the emulator's clock."""
        response = self.client.post("/emulator/clock", json={"action": "advance", "seconds": seconds})
        assert response.status_code == 200, response.text


@pytest.fixture
def start_api(tmp_path: Path) -> Iterator[Callable[..., Api]]:
    """Returns a function that starts an emulator with settings. The clock is frozen."""
    with ExitStack() as stack:

        def start(*, frozen: bool = True, **settings: Any) -> Api:
            given = {"state_dir": tmp_path / "state", "runtime": "simulated", "base_url": URL, **settings}
            emulator = build(Settings(**given))
            if frozen:
                emulator.clock.freeze()
            client = TestClient(
                create_app(emulator),
                base_url=URL,
                client=("127.0.0.1", 50000),
                headers={KEY_HEADER: emulator.access.key},
            )
            return Api(stack.enter_context(client), emulator)

        yield start


@pytest.fixture
def api(start_api: Callable[..., Api]) -> Api:
    """An emulator with default settings."""
    return start_api()
