# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a provider stands on: everything of an emulator that is there whichever providers it has."""

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
    """What providers take. They know nothing of one another but what they are given, and nothing of who made this."""

    settings: Settings
    store: Store
    clock: Clock
    directory: Directory
    resource_manager: ResourceManager
    supervisor: FaultySupervisor

    def save_clock(self) -> None:
        """Writes down what time it is, so that time does not go back when the emulator starts again."""
        self.store.put(*_CLOCK, {"now": self.clock.now().isoformat()})


def saved_time(store: Store) -> datetime | None:
    """Returns the time to begin with, None in a new state directory."""
    saved = store.get(*_CLOCK)
    return None if saved is None else max(datetime.fromisoformat(saved["now"]), datetime.now(UTC))
