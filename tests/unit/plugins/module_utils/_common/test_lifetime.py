# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._common.lifetime import (
    duration,
    expiry,
    moment,
    stamp,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("90m", 5400), ("2h", 7200), ("1d12h", 129600), ("1w", 604800), (" 2H ", 7200), ("1h1h", 7200)],
)
def test_durations(text: str, seconds: int) -> None:
    assert duration(text, "ttl") == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "2", "h", "2 h", "-2h", "2x", "0s", "1.5h", "99999999w", "1h" * 30])
def test_durations_that_are_none(text: str) -> None:
    with pytest.raises(InvalidArguments, match=r"^ttl: "):
        duration(text, "ttl")


def test_moments() -> None:
    when = datetime(2026, 5, 4, 9, 31, 11, tzinfo=UTC)
    assert stamp(when.astimezone(timezone(timedelta(hours=5)))) == "2026-05-04T09:31:11Z"
    assert moment("2026-05-04T09:31:11Z") == when
    assert moment("2026-05-04T11:31:11+02:00") == when
    assert moment("2026-05-04T09:31:11") == when
    assert moment("2026-05-04") == datetime(2026, 5, 4, tzinfo=UTC)
    # The service writes seven digits for fractions of a second.
    assert moment("2026-05-04T09:31:11.7714321Z") == when.replace(microsecond=771432)


@pytest.mark.parametrize("text", [None, "", "tomorrow", "2026-13-01", "never"])
def test_what_is_no_moment(text: str | None) -> None:
    assert moment(text) is None


def test_the_tag_in_any_case() -> None:
    assert expiry({"a": "1", "Expires_At": "x"}) == "x"
    assert expiry({"a": "1"}) is None
    assert expiry(None) is None
