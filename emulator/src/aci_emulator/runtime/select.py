# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which runtime runs containers."""

from __future__ import annotations

from pathlib import Path

from ..clock import Clock
from .base import Runtime
from .process import ProcessRuntime
from .simulated import SimulatedRuntime

NAMES = ("auto", "simulated", "process")


def make_runtime(name: str, clock: Clock, state_dir: Path) -> Runtime:
    """Returns the runtime of that name; ``auto`` takes the truest one that works here.

    ``name`` and ``describe()`` of the result say which was taken. Raises ValueError for an unknown name.
    """
    if name == "simulated":
        return SimulatedRuntime(clock)
    if name in ("auto", "process"):
        return ProcessRuntime(clock, state_dir)
    raise ValueError(f"unknown runtime {name!r}, known are {', '.join(NAMES)}")
