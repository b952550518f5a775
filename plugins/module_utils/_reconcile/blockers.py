# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Gives up a wait when the service keeps retrying something that will not resolve on its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.wait import Clock
from .._group.problems import Blocker, reasons

LOOK_SECONDS = 10.0
"""Interval at which the group itself is read during an operation, which does not report failed mounts."""


class BlockerTimer:
    """Measures how long a blocker has lasted; ``seconds`` is the value of ``image_pull_timeout``."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.seconds = seconds
        self.blocker: Blocker | None = None
        self._clock = clock
        self._since: float | None = None
        self._looked = clock.monotonic()

    def is_time_to_look(self) -> bool:
        """Whether it is time to read the group again. If so, it counts as read."""
        now = self._clock.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return False
        self._looked = now
        return True

    def is_over(self, found: Blocker | None, looked: bool = True) -> bool:
        """Whether a blocker has lasted too long. It ends when the group is read (``looked``) and has none."""
        now = self._clock.monotonic()
        if found is not None:
            self.blocker = found
            self._since = now if self._since is None else self._since
        elif looked:
            self.blocker = self._since = None
        return self._since is not None and now - self._since >= self.seconds

    def sentence(self, live: Mapping[str, Any]) -> str:
        """What blocks the group, what the group says about it, and what to check."""
        if self.blocker is None:
            return ""
        head = f"{self.blocker.what} for {self.seconds:g} s (image_pull_timeout)."
        return " ".join([head, *reasons(live), self.blocker.hint])
