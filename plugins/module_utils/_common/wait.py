# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""How long a task may wait: a clock, and deadlines on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Clock(Protocol):
    """What waiting needs from a module's context. All times are in seconds."""

    @property
    def sleep(self) -> Callable[[float], None]:
        """Lets time pass."""

    @property
    def monotonic(self) -> Callable[[], float]:
        """A clock that only goes forward."""


class Deadline:
    """The point in time by which something must be done."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.clock = clock
        self.seconds = seconds
        self.begin = clock.monotonic()
        self.at = self.begin + seconds

    @property
    def elapsed(self) -> float:
        """Seconds since the deadline was set."""
        return self.clock.monotonic() - self.begin

    @property
    def left(self) -> float:
        """Remaining seconds, never below zero."""
        return max(0.0, self.at - self.clock.monotonic())
