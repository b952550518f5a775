# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Finds the containers because of which a group did not start, and explains their exit codes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from . import state as states
from .wire import ArmJson, get_path

UNHEALTHY = "Unhealthy"
"""The name of the event that reports a failed probe."""


@dataclass(frozen=True)
class FailedContainer:
    """A container whose log may explain why its group did not reach ``wait_for``."""

    wire: ArmJson
    init: bool
    restart_policy: str = "Always"

    @property
    def name(self) -> str:
        """The container's name."""
        return str(self.wire.get("name"))

    @property
    def exit_code(self) -> int | None:
        """The exit code of the last run that has ended, or None."""
        code = last_ended_run(self.wire).get("exitCode")
        return code if isinstance(code, int) else None

    @property
    def has_ended(self) -> bool:
        """Whether any run has ended, so that there is or will be a log."""
        return bool(last_ended_run(self.wire))

    @property
    def events(self) -> list[ArmJson]:
        """The container's own events, in the service's order."""
        return own_events(self.wire)

    def hint(self, lines: Collection[str] = ()) -> str | None:
        """Advice based on the exit code, the events and the last lines of the log; None if nothing stands out."""
        code = self.exit_code
        if any("exec format error" in line.lower() for line in lines):
            return "The image was built for another CPU architecture: build it for linux/amd64."
        detail = str(states.current_state(self.wire).get("detailStatus") or "").lower()
        ended = str(last_ended_run(self.wire).get("detailStatus") or "").lower()
        if "oomkilled" in detail or "oomkilled" in ended:
            return "It ran out of memory: raise resources.requests.memory_in_gb."
        if any(str(event.get("name")) == UNHEALTHY for event in self.events):
            return (
                "Its probe failed: check the probe's path, port or command, and give it a longer initial_delay_seconds."
            )
        if code == 137:
            return (
                "It was killed (SIGKILL), usually because it ran out of memory: raise resources.requests.memory_in_gb."
            )
        if code == 126:
            return "Its command cannot be executed: check command, and the file's mode in the image."
        if code == 127:
            return "Its command was not found: check command, and the contents of the image."
        if code == 139:
            return "It crashed (SIGSEGV): check that the image matches the platform."
        if code == 0 and self.restart_policy.lower() == "always":
            return (
                "Its process ends by itself, and restart_policy Always starts it again: give it a command that keeps "
                "running, or use restart_policy OnFailure or Never."
            )
        return None


def own_events(container: Mapping[str, Any]) -> list[ArmJson]:
    """The events of one container."""
    events = get_path(container, "properties.instanceView.events") or []
    return [event for event in events if isinstance(event, dict)]


def last_ended_run(container: Mapping[str, Any]) -> ArmJson:
    """The state of a container's last run that has ended; empty if none has."""
    current = states.current_state(container)
    if current.get("state") == "Terminated":
        return current
    previous = get_path(container, "properties.instanceView.previousState")
    return previous if isinstance(previous, dict) and previous.get("state") == "Terminated" else {}


def failed_containers(
    wire: Mapping[str, Any], allowed: Collection[int] = (0,), *, overdue: bool = False, to_the_end: bool = False
) -> list[FailedContainer]:
    """The containers that failed, in the order in which they run.

    A container has failed if it ended with an exit code that is not ``allowed`` (or without one), if it keeps crashing,
    or if its probe fails. If none has failed, but the wait is ``overdue``, these are the containers that it is still
    waiting for: running init containers, and with ``to_the_end`` all running containers.
    """
    policy = states.restart_policy(wire)
    everyone = [FailedContainer(container, True, policy) for container in states.containers(wire, init=True)]
    everyone += [FailedContainer(container, False, policy) for container in states.containers(wire)]
    failed = [each for each in everyone if _has_failed(each, (0,) if each.init else allowed)]
    if failed or not overdue:
        return failed
    return [
        each
        for each in everyone
        if states.current_state(each.wire).get("state") == "Running" and (each.init or to_the_end)
    ]


def _has_failed(container: FailedContainer, allowed: Collection[int]) -> bool:
    current = states.current_state(container.wire)
    if "crashloopbackoff" in str(current.get("detailStatus") or "").lower():
        return True
    if current.get("state") == "Running":
        unhealthy = any(str(event.get("name")) == UNHEALTHY for event in container.events)
        return unhealthy or states.restart_count(container.wire) > 0
    return container.has_ended and (container.exit_code is None or container.exit_code not in allowed)


def last_exit_codes(wire: Mapping[str, Any]) -> dict[str, int | None]:
    """The exit code of the last run of each container that has ended at least once, by name; None if it has none.

    Init containers are included only if they failed.
    """
    codes = {
        each.name: each.exit_code
        for each in (FailedContainer(container, True) for container in states.containers(wire, init=True))
        if each.has_ended and each.exit_code != 0
    }
    for container in states.containers(wire):
        each = FailedContainer(container, False)
        if each.has_ended:
            codes[each.name] = each.exit_code
    return codes
