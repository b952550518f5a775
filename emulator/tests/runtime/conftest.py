# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A supervisor with a clock that only tests advance."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aci_emulator.core.clock import Clock
from aci_emulator.runtime.engines.simulated import SimulatedRuntime
from aci_emulator.runtime.supervisor import Supervisor

GROUP = "/subscriptions/s/resourcegroups/r/providers/microsoft.containerinstance/containergroups/g"


def group(*containers: dict[str, Any], init: list[dict[str, Any]] | None = None, **properties: Any) -> dict[str, Any]:
    """Returns the JSON of a container group."""
    return {"properties": {"containers": list(containers), "initContainers": init or [], **properties}}


def container(image: str = "nginx", name: str = "web", **properties: Any) -> dict[str, Any]:
    """Returns the JSON of a container."""
    return {"name": name, "properties": {"image": image, **properties}}


class Bench:
    """A supervisor and its notifications."""

    def __init__(self, clock: Clock, supervisor: Supervisor) -> None:
        self.clock = clock
        self.supervisor = supervisor
        self.told: list[str] = []

    def deploy(self, definition: dict[str, Any], **options: Any) -> None:
        self.supervisor.deploy(GROUP, definition, on_event=self.told.append, **options)

    def view(self) -> Any:
        return self.supervisor.view(GROUP)

    def web(self, name: str = "web") -> dict[str, Any]:
        view = self.view().containers[name]
        assert view is not None
        return dict(view)

    def events(self, name: str = "web") -> list[tuple[str, int]]:
        return [(event["name"], event["count"]) for event in self.web(name)["events"]]


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.freeze()
    clock.set(datetime(2025, 11, 18, 9, 0, 0, 771000, UTC))
    return clock


@pytest.fixture
def bench(clock: Clock, tmp_path: Path) -> Bench:
    return Bench(clock, Supervisor(clock, tmp_path, SimulatedRuntime(clock), unreachable_registries=["docker.io"]))
