# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An Azure that answers from a list: each test says which requests it expects, in order, and what they get."""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

requests = pytest.importorskip("requests")
urllib3 = pytest.importorskip("urllib3")
pytest.importorskip("azure.mgmt.containerinstance")

from requests.adapters import HTTPAdapter  # noqa: E402
from urllib3.exceptions import ProtocolError  # noqa: E402

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import ambient, sdk, transport  # noqa: E402
from ansible_collections.azure_containers.aci.plugins.module_utils._azure import client as clients  # noqa: E402
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClock  # noqa: E402

TENANT = "11111111-1111-1111-1111-111111111111"
CLIENT = "22222222-2222-2222-2222-222222222222"
SECRET = "planted-client-secret"
SUBSCRIPTION = "33333333-3333-3333-3333-333333333333"
ARM = "https://arm.example"
LOGIN = "https://login.example"

PARAMS: dict[str, Any] = {
    "tenant_id": TENANT,
    "client_id": CLIENT,
    "client_secret": SECRET,
    "subscription_id": SUBSCRIPTION,
    "resource_manager_endpoint": ARM,
    "authority_host": LOGIN,
}


@dataclass
class Expected:
    method: str
    path: str
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raises: Exception | None = None
    forever: bool = False
    """Whether the same request may come again and again; nothing is expected after it."""


class Script(HTTPAdapter):  # type: ignore[misc]
    """Answers sign-ins by itself, and everything else from the list. A request that is not next fails the test."""

    params = PARAMS

    def __init__(self) -> None:
        super().__init__()
        self.expected: list[Expected] = []
        self.requests: list[Any] = []
        self.sign_ins: list[Any] = []
        self.unexpected: list[str] = []
        self.token: tuple[int, Any] = (200, {"token_type": "Bearer", "expires_in": 3599, "access_token": "a-token"})
        self.token_headers: dict[str, str] = {}
        self.clock = FakeClock(1000.0)

    def expect(self, method: str, path: str, status: int = 200, body: Any = None, **more: Any) -> None:
        """The next request: its method, how its path ends (a regular expression), and the answer."""
        self.expected.append(Expected(method, path, status, body, **more))

    def error(self, method: str, path: str, status: int, code: str, message: str = "", **more: Any) -> None:
        """The next request, answered with an error as Azure Resource Manager words it."""
        self.expect(method, path, status, {"error": {"code": code, "message": message or code}}, **more)

    def send(self, request: Any, **_options: Any) -> Any:
        url = str(request.url)
        if url.startswith(LOGIN):
            return self._sign_in(request, url)
        self.requests.append(request)
        said = f"{request.method} {url}"
        if not self.expected:
            self.unexpected.append(said)
            raise AssertionError(f"not expected: {said}")
        step = self.expected[0] if self.expected[0].forever else self.expected.pop(0)
        path = url.partition("?")[0]
        if step.method != request.method or not re.search(f"{step.path}$", path):
            self.unexpected.append(said)
            raise AssertionError(f"expected {step.method} {step.path}, but got {said}")
        if step.raises:
            # A connection that breaks has been made before, and the request was sent.
            transport._sending.begun = isinstance(next(iter(step.raises.args), None), ProtocolError)
            raise step.raises
        return self._answer(request, step.status, step.body, step.headers)

    def _sign_in(self, request: Any, url: str) -> Any:
        if url.endswith("/openid-configuration"):
            base = url.partition("/v2.0")[0]
            found = {"token_endpoint": f"{base}/token", "authorization_endpoint": f"{base}/authorize", "issuer": base}
            return self._answer(request, 200, found, {})
        self.sign_ins.append(request)
        return self._answer(request, *self.token, self.token_headers)

    def _answer(self, request: Any, status: int, body: Any, headers: dict[str, str]) -> Any:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = {} if body is None else {"Content-Type": "application/json; charset=utf-8"}
        raw = urllib3.HTTPResponse(
            io.BytesIO(content),
            headers={**kind, "x-ms-request-id": "request-1", **headers},
            status=status,
            preload_content=False,
        )
        return self.build_response(request, raw)

    @property
    def time(self) -> dict[str, Callable[..., Any]]:
        """How a client or a context takes the clock."""
        return {"sleep": self.clock.sleep, "monotonic": self.clock.monotonic}

    def client(self, **options: Any) -> clients.Client:
        """A client that talks to this script, and whose time passes when it sleeps."""
        return clients.Client(
            sdk.Session({**PARAMS, **options}), sleep=self.clock.sleep, monotonic=self.clock.monotonic
        )

    def sent(self, index: int = -1) -> Any:
        """The body of a request."""
        return json.loads(self.requests[index].body)


@pytest.fixture
def azure(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in list(os.environ):
        if name.startswith(("AZURE_", "REQUESTS_CA", "SSL_CERT", "CURL_CA", "ANSIBLE_AZURE", "IDENTITY_", "MSI_")):
            monkeypatch.delenv(name)
    script = Script()
    monkeypatch.setattr(requests.Session, "get_adapter", lambda _self, url: script)
    # What the SDK's own retries wait for is not what is tested.
    monkeypatch.setattr("time.sleep", script.clock.sleep)
    yield script
    assert script.unexpected == []
    assert [f"{step.method} {step.path}" for step in script.expected if not step.forever] == [], (
        "expected requests that were not made"
    )


@pytest.fixture
def without_sources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hides what this machine offers: the files of a user, Azure CLI, and a managed identity."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(ambient.shutil, "which", lambda _name: None)
    monkeypatch.setattr(ambient, "has_managed_identity", lambda _environ: False)
