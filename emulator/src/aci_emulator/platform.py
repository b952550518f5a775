# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The parts of an emulator that do not depend on its providers, and that providers are built on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from .core.clock import Clock
from .core.settings import Settings
from .core.store import Store
from .identity.directory import Directory
from .resources.resource_groups import ResourceManager
from .runtime.faulty import FaultySupervisor

_CLOCK = ("emulator", "clock")


@dataclass(kw_only=True)
class Platform:
    """What providers are given. Apart from this, they know neither each other nor who created it."""

    settings: Settings
    store: Store
    clock: Clock
    directory: Directory
    resource_manager: ResourceManager
    supervisor: FaultySupervisor

    def save_clock(self) -> None:
        """Stores the current time, so that time does not go backwards when the emulator is restarted."""
        self.store.put(*_CLOCK, {"now": self.clock.now().isoformat()})


def saved_time(store: Store) -> datetime | None:
    """Returns the time at which the clock starts, None for a new state directory."""
    saved = store.get(*_CLOCK)
    return None if saved is None else max(datetime.fromisoformat(saved["now"]), datetime.now(UTC))
