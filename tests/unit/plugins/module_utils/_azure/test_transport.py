# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections: the errors of those that fail, and the time at the other end."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

pytest.importorskip("azure.core")

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import transport
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    ConnectionFailed,
    MissingLibrary,
)


@pytest.mark.parametrize(("ahead", "kept"), [(0, False), (2, False), (-2, False), (3600, True), (-3600, True)])
def test_the_clock_of_the_service(ahead: int, kept: bool) -> None:
    clock = transport.ServiceClock()
    clock.look_at(format_datetime(datetime.now(UTC) + timedelta(seconds=ahead), usegmt=True))
    assert abs((clock.now() - datetime.now(UTC)).total_seconds() - (ahead if kept else 0)) < 5


@pytest.mark.parametrize("date", [None, "", "yesterday", "Thu, 99 Jan 2026 00:00:00 GMT"])
def test_a_date_that_is_none_changes_nothing(date: str | None) -> None:
    clock = transport.ServiceClock()
    clock.look_at(format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True))
    clock.look_at(date)
    assert clock.now() - datetime.now(UTC) > timedelta(minutes=59)


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("azure.mgmt.containerinstance", "azure-mgmt-containerinstance"),
        ("azure.identity", "azure-identity"),
        ("requests", "requests"),
        ("msal", "msal"),
    ],
)
def test_a_missing_library_is_named_as_pip_names_it(module: str, package: str) -> None:
    with pytest.raises(MissingLibrary, match=package), transport.importing():
        raise ImportError("none", name=module)


def test_headers_in_lower_case() -> None:
    assert transport.lowered({"Retry-After": "5", "x-ms": "1"}) == {"retry-after": "5", "x-ms": "1"}


@pytest.mark.parametrize("value", ["a\nb", "a\r\nb", " a", "a ", "é", "\x00"])
def test_headers_that_http_cannot_carry(value: str) -> None:
    with pytest.raises(ConnectionFailed, match="Authorization") as caught:
        transport._check_headers("https://arm.example", {"Authorization": value})
    assert caught.value.code == "InvalidHeader"
    assert repr(value) not in caught.value.msg


@pytest.mark.parametrize("value", ["", "Bearer a.b-c", "a\tb", "~!"])
def test_headers_that_it_can(value: str) -> None:
    transport._check_headers("https://arm.example", {"Authorization": value})


def test_loggers_are_kept_quiet() -> None:
    transport.quieten_loggers()
    assert all(logging.getLogger(name).level >= logging.WARNING for name in ("azure", "msal", "urllib3"))
