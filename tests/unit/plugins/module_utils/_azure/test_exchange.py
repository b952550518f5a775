# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers: their bodies, and the pauses that they ask for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.exchange import Answer, Request, retry_after


def test_a_url_has_the_version_and_the_query_in_quotes() -> None:
    request = Request("GET", "/subscriptions/s/a%20b", "2025-09-01", {"$filter": "x eq 'y'"})
    assert request.url("https://arm.example") == (
        "https://arm.example/subscriptions/s/a%20b?api-version=2025-09-01&$filter=x%20eq%20%27y%27"
    )


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "5"}, 5.0),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"}, 0.0),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"x-ms-retry-after-ms": "250", "retry-after-ms": "1500"}, 0.25),
        ({"x-ms-retry-after-ms": "x", "retry-after": "9"}, 9.0),
    ],
)
def test_pauses(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_pause_until_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=600), usegmt=True)
    found = retry_after({"retry-after": later})
    assert found is not None
    assert 500 < found <= 600


@pytest.mark.parametrize(
    ("text", "kind", "fault"),
    [
        ("{}", "application/json", None),
        ("", "", "an empty body"),
        (" \n", "", "an empty body"),
        ("[]", "application/json", "instead of a JSON object"),
        ("<html>", "text/html", "a web page or XML (text/html)"),
        ("<html>", "", "no content type"),
        ('{"a":', "application/json", "damaged or cut off"),
        ('{"a": NaN}', "application/json", "damaged or cut off"),
        ("hello", "text/plain", "something other than JSON (text/plain)"),
        ("[" * 100_000, "application/json", "nested too deeply"),
    ],
)
def test_bodies(text: str, kind: str, fault: str | None) -> None:
    found = Answer(200, {"content-type": kind}, text)
    assert found.body() == {}
    said = found.fault()
    assert said is None if fault is None else fault in str(said)
    assert found.fault(empty=True) == (None if not text.strip() else said)
