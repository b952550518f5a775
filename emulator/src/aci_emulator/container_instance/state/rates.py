# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Counts creates and deletes per five minutes and per hour.

Recorded headers count down from 99 and 299, separately for PUT and DELETE. The text of the refusal is quoted for the
action ContainerGroupCreation.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from ...arm.errors import ArmError
from ...core.clock import Clock
from ..definition.refusals import refuse

_PREFIX = "x-ms-ratelimit-remaining-subscription-resource-requests-"


@dataclass(frozen=True)
class Window:
    """A time window (in seconds), and the number of requests allowed in it."""

    name: str
    seconds: float
    interval: str
    limit: int


CREATION = "ContainerGroupCreation"
DELETION = "ContainerGroupDeletion"
WINDOWS = (Window("pt5m", 300.0, "00:05:00", 100), Window("pt1h", 3600.0, "01:00:00", 300))


class RequestCounters:
    """Counts per subscription and action, in emulated time; they are reset when the emulator restarts."""

    def __init__(self, clock: Clock, *, enforce: bool, limits: dict[str, int] | None = None) -> None:
        self._clock = clock
        self._enforce = enforce
        self._limits = limits or {}
        self._moments: dict[tuple[str, str], list[float]] = {}

    def limit(self, action: str, window: Window) -> int:
        """How many requests for an action fit into a window; set by a limit named like ContainerGroupCreation-pt5m."""
        return self._limits.get(f"{action}-{window.name}", window.limit)

    def count(self, subscription: str, action: str) -> dict[str, str]:
        """Counts one request and gives the headers of its answer. Raises ArmError 429 when a window is full."""
        now = self._clock.time()
        moments = self._moments.setdefault((subscription, action), [])
        del moments[: bisect_right(moments, now - WINDOWS[-1].seconds)]
        used = {window.name: len(moments) - bisect_right(moments, now - window.seconds) for window in WINDOWS}
        if self._enforce:
            for window in WINDOWS:
                if used[window.name] >= self.limit(action, window):
                    raise self._refusal(action, window, moments, now)
        moments.append(now)
        return {
            _PREFIX + window.name: str(max(0, self.limit(action, window) - used[window.name] - 1))
            for window in reversed(WINDOWS)
        }

    def reset(self) -> None:
        """Resets the counts."""
        self._moments.clear()

    def _refusal(self, action: str, window: Window, moments: list[float], now: float) -> ArmError:
        inside = moments[bisect_right(moments, now - window.seconds) :]
        wait = (inside[0] + window.seconds - now) if inside else window.seconds
        error = refuse(
            "too_many_requests",
            action=action,
            limit=self.limit(action, window),
            interval=window.interval,
            minutes=f"{wait / 60:.4g}",
        )
        # Real seconds, which is what clients wait.
        error.headers["Retry-After"] = str(max(1, round(wait / self._clock.speed)))
        return error
