# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Durations, points in time, and the tag that says when a group expires. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from .errors import InvalidArguments

EXPIRES_AT = "expires_at"
"""The tag that says when a group expires, as a point in time in ISO 8601."""

PROTECT_TAG = "keep"
"""The tag that keeps an expired group from being removed, whatever its value."""

LONGEST = timedelta(days=36500)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(?:(\d+)([smhdw]))+")
_PART = re.compile(r"(\d+)([smhdw])")


def duration(text: str, option: str) -> timedelta:
    """Parses a duration such as ``2h``, ``1d12h``, ``90m`` or ``30s``. Raises InvalidArguments, naming the option."""
    plain = text.strip().lower()
    if not _DURATION.fullmatch(plain) or len(plain) > 40:
        raise InvalidArguments(
            f"{option}: {text!r} is not a valid duration. Use numbers with s, m, h, d or w, such as 90m, 2h or 1d12h."
        )
    seconds = sum(int(number) * _UNITS[unit] for number, unit in _PART.findall(plain))
    if not 0 < seconds <= LONGEST.total_seconds():
        raise InvalidArguments(f"{option}: {text!r} must be greater than zero and at most {LONGEST.days} days.")
    return timedelta(seconds=seconds)


def stamp(when: datetime) -> str:
    """A point in time as the tag has it: 2026-05-04T09:31:11Z."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str | None) -> datetime | None:
    """Parses a point in time; None if the text is not one. Without a time zone it is taken as UTC."""
    if not text:
        return None
    # The service writes fractions of a second with seven digits; Python parses up to six.
    plain = re.sub(r"(\.\d{6})\d+", r"\1", text.strip())
    try:
        found = datetime.fromisoformat(plain)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def has_expired(tags: dict[str, str] | None, now: datetime) -> bool:
    """Whether the group has expired, by its tag."""
    when = moment(expiry(tags))
    return when is not None and when <= now


def is_kept(tags: dict[str, str] | None, protect_tag: str = PROTECT_TAG) -> bool:
    """Whether a group has the protecting tag. Its value does not matter, nor does the case of its name."""
    return any(name.lower() == protect_tag.lower() for name in tags or {})


def expiry(tags: dict[str, str] | None) -> str | None:
    """The value of the tag that says when a group expires, whatever the case of its name."""
    return next((value for name, value in (tags or {}).items() if name.lower() == EXPIRES_AT), None)
