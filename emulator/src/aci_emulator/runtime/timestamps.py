# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Timestamps as the instance view prints them (recorded 2019-2025): three precisions for three kinds of moments."""

from __future__ import annotations

from datetime import UTC, datetime


def event_time(when: datetime) -> str:
    """Returns whole seconds, as events have them: ``2024-10-31T04:52:33Z``."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def state_time(when: datetime) -> str:
    """Returns milliseconds, as container states have them: ``2024-10-31T04:52:46.771Z``."""
    return _fraction(when, 3)


def stop_time(when: datetime) -> str:
    """Returns seven digits, as the end of a stopped container has them: ``2024-10-31T05:12:10.7524476Z``."""
    return _fraction(when, 7)


def log_time(when: datetime) -> str:
    """Returns RFC 3339 with nanoseconds, as lines of a log have them: ``2024-10-31T05:12:10.752447600Z``."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"


def parse(text: str) -> datetime:
    """Reads what ``event_time``, ``state_time`` or ``stop_time`` wrote."""
    base, _, fraction = text.removesuffix("Z").partition(".")
    when = datetime.fromisoformat(base).replace(tzinfo=UTC)
    return when.replace(microsecond=int(fraction[:6].ljust(6, "0"))) if fraction else when


def _fraction(when: datetime, digits: int) -> str:
    utc = when.astimezone(UTC)
    fraction = f"{utc.microsecond:06d}0"[:digits]
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{fraction}Z"
