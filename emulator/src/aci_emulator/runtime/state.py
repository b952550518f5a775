# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The states of containers and groups, and their JSON. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..core.timestamps import long_time, parse, state_time
from .definition import NEVER, ON_FAILURE

WAITING = "Waiting"
RUNNING = "Running"
TERMINATED = "Terminated"

PENDING = "Pending"
SUCCEEDED = "Succeeded"
FAILED = "Failed"
STOPPED = "Stopped"

COMPLETED_DETAIL = "Completed"
ERROR_DETAIL = "Error"
CREATING_DETAIL = "ContainerCreating"
STOPPED_DETAIL = "Container stopped per client request"


@dataclass(frozen=True)
class ContainerState:
    """A container's current or previous state."""

    state: str
    detail: str = ""
    started: datetime | None = None
    finished: datetime | None = None
    exit_code: int | None = None

    @property
    def by_client(self) -> bool:
        """True if the container was ended by stopping its group."""
        return self.detail == STOPPED_DETAIL

    def wire(self) -> dict[str, Any]:
        """Returns the state's JSON in the recorded order of keys, without those that do not apply."""
        wire: dict[str, Any] = {"state": self.state}
        if self.started is not None:
            wire["startTime"] = state_time(self.started)
        if self.exit_code is not None:
            wire["exitCode"] = self.exit_code
        if self.finished is not None:
            wire["finishTime"] = long_time(self.finished) if self.by_client else state_time(self.finished)
        wire["detailStatus"] = self.detail
        return wire

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any]) -> ContainerState:
        """Reads the result of ``wire``."""
        started, finished = wire.get("startTime"), wire.get("finishTime")
        return cls(
            state=wire["state"],
            detail=wire.get("detailStatus", ""),
            started=parse(started) if started else None,
            finished=parse(finished) if finished else None,
            exit_code=wire.get("exitCode"),
        )


def group_state(policy: str, exit_codes: Iterable[int | None]) -> str:
    """Returns the state of a group whose containers have all been started.

    ``exit_codes`` has None for each container that is running or will run again. Succeeded exists for OnFailure and
    Never, Failed only for Never (documentation of container states, 2026).
    """
    codes = list(exit_codes)
    if policy not in (NEVER, ON_FAILURE) or any(code is None for code in codes):
        return RUNNING
    return SUCCEEDED if all(code == 0 for code in codes) else FAILED
