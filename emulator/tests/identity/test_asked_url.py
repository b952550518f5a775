# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""URLs in responses have the host of the request."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.requests import Request

from aci_emulator.core.settings import Settings
from aci_emulator.identity.asked_url import asked_url

BASE = "https://127.0.0.1:8443"
SETTINGS = Settings(state_dir=Path("state"), base_url=BASE)


def request(host: str | None) -> Request:
    headers = [] if host is None else [(b"host", host.encode())]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": headers})


@pytest.mark.parametrize("host", ["127.0.0.1:8443", "localhost:8443", "[::1]:8443"])
def test_names_of_loopback(host: str) -> None:
    assert asked_url(request(host), SETTINGS) == f"https://{host}"


@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example:8443",
        "localhost",
        "localhost:1",
        "x@localhost:8443",
        "localhost:8443/x",
        "[",
        "localhost:p",
    ],
)
def test_other_names_are_not_repeated(host: str | None) -> None:
    assert asked_url(request(host), SETTINGS) == BASE


def test_the_scheme_stays() -> None:
    plain = Settings(state_dir=Path("state"), base_url="http://127.0.0.1:8443")
    assert asked_url(request("localhost:8443"), plain) == "http://localhost:8443"
