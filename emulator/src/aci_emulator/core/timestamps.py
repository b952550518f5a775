# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Timestamps in the formats of the service (recorded 2019-2025), which has several precisions."""

from __future__ import annotations

from datetime import UTC, datetime


def event_time(when: datetime) -> str:
    """Whole seconds, as in events: ``2024-10-31T04:52:33Z``."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def state_time(when: datetime) -> str:
    """Milliseconds, as in container states: ``2024-10-31T04:52:46.771Z``."""
    return _fraction(when, 3)


def long_time(when: datetime) -> str:
    """Seven digits, as in the start of operations and the finish time of stopped containers.

    For example, ``2024-10-31T05:12:10.7524476Z``.
    """
    return _fraction(when, 7)


def log_time(when: datetime) -> str:
    """RFC 3339 with nanoseconds, as in the lines of a log: ``2024-10-31T05:12:10.752447600Z``."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"


def parse(text: str) -> datetime:
    """Parses the result of ``event_time``, ``state_time`` or ``long_time``."""
    base, _, fraction = text.removesuffix("Z").partition(".")
    when = datetime.fromisoformat(base).replace(tzinfo=UTC)
    return when.replace(microsecond=int(fraction[:6].ljust(6, "0"))) if fraction else when


def moment(text: str) -> datetime:
    """Parses a point in time in any form of ISO 8601, in UTC if it names no zone. Raises ValueError."""
    when = datetime.fromisoformat(text)
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _fraction(when: datetime, digits: int) -> str:
    utc = when.astimezone(UTC)
    fraction = f"{utc.microsecond:06d}0"[:digits]
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{fraction}Z"
