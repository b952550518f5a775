# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The waiting times between attempts, as in kubelet, in emulated seconds."""

from __future__ import annotations

INITIAL = 10.0
LIMIT = 300.0
RESET_AFTER = 600.0  # after a run of this length, the back-off starts again


class BackOff:
    """Waiting times that double: 10, 20, 40 ... 300 s."""

    def __init__(self, steps: int = 0, *, first_at_once: bool = False) -> None:
        """With ``first_at_once``, the first attempt after a failure does not wait, like kubelet's restarts."""
        self.steps = steps
        self._free = 1 if first_at_once else 0

    def next(self) -> float:
        """Returns the waiting time before the next attempt."""
        step = self.steps - self._free
        self.steps += 1
        return 0.0 if step < 0 else min(INITIAL * 2.0 ** min(step, 10), LIMIT)

    def ran(self, seconds: float) -> None:
        """Records how long the last run lasted: after ten minutes, the back-off starts again."""
        if seconds >= RESET_AFTER:
            self.steps = 0
