# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The waiting times between attempts: kubelet's, in emulated seconds."""

from __future__ import annotations

INITIAL = 10.0
LIMIT = 300.0
RESET_AFTER = 600.0  # a container that ran this long starts afresh


class BackOff:
    """Waiting times that double: 10, 20, 40 ... 300 s."""

    def __init__(self, steps: int = 0, *, first_at_once: bool = False) -> None:
        """With ``first_at_once`` the first attempt after a failure does not wait, as kubelet restarts a container."""
        self.steps = steps
        self._free = 1 if first_at_once else 0

    def next(self) -> float:
        """Returns how long to wait before the next attempt."""
        step = self.steps - self._free
        self.steps += 1
        return 0.0 if step < 0 else min(INITIAL * 2.0 ** min(step, 10), LIMIT)

    def ran(self, seconds: float) -> None:
        """Notes how long the last attempt held: after ten minutes it is forgotten that there were failures."""
        if seconds >= RESET_AFTER:
            self.steps = 0
