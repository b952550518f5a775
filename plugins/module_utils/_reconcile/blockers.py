# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""How long the service may keep trying what will not end well by itself, before a wait is given up."""

from __future__ import annotations

import typing as t

from .._common.wait import Clock
from .._group.state import Trouble, reasons

LOOK_SECONDS = 10.0
"""How often, while an operation goes on, the group itself is read as well: the operation does not tell of mounts."""


class Patience:
    """Counts for how long trouble has lasted; seconds are those of O(image_pull_timeout)."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.seconds = seconds
        self.trouble: Trouble | None = None
        self._clock = clock
        self._since: float | None = None
        self._looked = clock.monotonic()

    def is_time_to_look(self) -> bool:
        """Whether the last look is long enough ago; counts as a look if so."""
        now = self._clock.monotonic()
        if now - self._looked < LOOK_SECONDS:
            return False
        self._looked = now
        return True

    def is_over(self, found: Trouble | None, looked: bool = True) -> bool:
        """Whether trouble has lasted for too long. A look that finds none ends it."""
        now = self._clock.monotonic()
        if found is not None:
            self.trouble = found
            self._since = now if self._since is None else self._since
        elif looked:
            self.trouble = self._since = None
        return self._since is not None and now - self._since >= self.seconds

    def sentence(self, live: t.Mapping[str, t.Any]) -> str:
        """What the trouble is, what the group tells of it, and what to check."""
        if self.trouble is None:
            return ""
        head = f"{self.trouble.what} for {self.seconds:g} s (image_pull_timeout)."
        return " ".join([head, *reasons(live), self.trouble.hint])
