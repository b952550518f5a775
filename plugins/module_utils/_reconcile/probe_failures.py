# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Reports failing probes while waiting for a group: nothing else shows that a container is not ready."""

from __future__ import annotations

from collections.abc import Callable

from .._common.wait import Clock
from .._group.failures import UNHEALTHY
from .._group.problems import container_events
from .._group.wire import ArmJson

QUIET_SECONDS = 15.0
"""Minimum number of seconds between two messages about the same container's probes."""


class ProbeFailures:
    """Shows a line for each new failure of a probe."""

    def __init__(self, clock: Clock, progress: Callable[[str], None]) -> None:
        self._clock = clock
        self._progress = progress
        self._seen: dict[tuple[str, str], int] = {}
        self._told_at: dict[str, float] = {}

    def tell(self, group: str, live: ArmJson) -> None:
        """Shows what has failed since the last call."""
        for name, event in container_events(live):
            if str(event.get("name")) != UNHEALTHY:
                continue
            message = str(event.get("message") or "").rstrip()
            count = event["count"] if isinstance(event.get("count"), int) else 1
            if count <= self._seen.get((name, message), 0):
                continue
            now = self._clock.monotonic()
            if now - self._told_at.get(name, -QUIET_SECONDS) < QUIET_SECONDS:
                continue
            self._seen[name, message] = count
            self._told_at[name] = now
            times = f" ({count} times)" if count > 1 else ""
            self._progress(f"{group}: container {name} is unhealthy: {message}{times}")
