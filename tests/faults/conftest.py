# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator for the session, the engines against it, and faults in between."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from aci_emulator.cli.control_client import call
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.client import connect
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import (
    aci_compose,
    aci_group,
    aci_groups,
    aci_logs,
    aci_prune,
    aci_run,
    resource_group,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._engines.aci_group_info import SPEC as INFO
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context, ModuleSpec
from emulator import RunningEmulator, emulator

SPECS: dict[str, ModuleSpec] = {
    "aci_compose": aci_compose.SPEC,
    "aci_group": aci_group.SPEC,
    "aci_group_info": INFO,
    "aci_groups": aci_groups.SPEC,
    "aci_logs": aci_logs.SPEC,
    "aci_prune": aci_prune.SPEC,
    "aci_run": aci_run.SPEC,
    "resource_group": resource_group.SPEC,
}
_BLINK = 0.05
_SPEED = 100  # the emulator's seconds per second
_SECONDS = 5
"""What a module may wait; an operation that never ends is given up after it."""


@dataclass
class Outcome:
    """How a module ended: its result, or the error that it would fail with."""

    result: dict[str, Any]
    error: AciError | None = None

    @property
    def failed(self) -> bool:
        """Whether it failed."""
        return self.error is not None


@dataclass
class Bench:
    """A running emulator, with what tests need of it."""

    azure: RunningEmulator
    recovery_dir: Path
    names: Iterator[int] = field(default_factory=itertools.count)
    told: list[str] = field(default_factory=list)
    """The progress lines of the last run."""
    skipped: float = 0.0
    """Seconds of pauses that the last run did not wait for."""

    def name(self, kind: str) -> str:
        """A name that nothing else has."""
        return f"{kind}-{next(self.names)}"

    def run(self, module: str, check: bool = False, skipping: bool = False, **options: Any) -> Outcome:
        """Runs a module's engine with the real SDK over TLS. Anything but an AciError is a test's failure.

        Pauses are not waited for: the module's clock and the emulator's are moved instead, as far as a pause would have
        let them come. ``skipping`` lets long pauses take no time but by the module's own clock.
        """
        spec = SPECS[module]
        params = {name: entry.get("default") for name, entry in spec.argument_spec().items()}
        params |= self.azure.connection()
        if "wait_timeout" in spec.arguments:
            params["wait_timeout"] = _SECONDS
        if "recovery_dir" in spec.arguments:
            params["recovery_dir"] = str(self.recovery_dir)
        params |= options
        client = connect(params)
        self.told, self.skipped = [], 0.0
        context = Context(
            params,
            check,
            True,
            client,
            progress=self.told.append,
            sleep=self.skip if skipping else self.move_on,
            monotonic=lambda: time.monotonic() + self.skipped,
        )
        try:
            return Outcome(spec.perform(context))
        except AciError as error:
            return Outcome(error.as_failure(), error)
        finally:
            client.close()

    def skip(self, seconds: float) -> None:
        """Sleeps, but not for long."""
        time.sleep(min(seconds, _BLINK))
        self.skipped += max(0.0, seconds - _BLINK)

    def move_on(self, seconds: float) -> None:
        """Moves both clocks."""
        self.control("POST", "clock", {"action": "advance", "seconds": seconds * _SPEED})
        self.skipped += seconds

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """A request to the emulator's control endpoints."""
        return call(self.azure.state_dir, method, f"/emulator/{path}", body)

    def requests(self) -> list[dict[str, Any]]:
        """The requests to Resource Manager since the last clear_requests, oldest first."""
        found = self.control("GET", "requests")["value"]
        return [entry for entry in found if entry["path"].lower().startswith("/subscriptions")]


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with emulator(runtime="simulated", speed=_SPEED) as azure:
        found = Bench(azure, tmp_path_factory.mktemp("recovery"))
        found.run("resource_group", name="faults", location="eastus")
        yield found
