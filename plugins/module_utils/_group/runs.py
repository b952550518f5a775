# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The runs of a group's containers in its instance view (wire form): when they began, and how they ended. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .state import containers, current_state, every_container, restart_count
from .wire import get_path


def last_start(container: Mapping[str, Any]) -> str | None:
    """The start time, as the service writes it, of the run that a container's log covers; None before its first run."""
    view = get_path(container, "properties.instanceView") or {}
    for state in (view.get("currentState") or {}, view.get("previousState") or {}):
        if state.get("startTime"):
            return str(state["startTime"])
    return None


def start_times(wire: Mapping[str, Any]) -> dict[str, str]:
    """The start time of each container's current run, as the service writes it, without those that never ran."""
    times = {}
    for container in containers(wire):
        start = current_state(container).get("startTime")
        if start:
            times[str(container.get("name"))] = str(start)
    return times


def exit_codes(wire: Mapping[str, Any]) -> dict[str, int | None]:
    """The exit code of each container that has ended, by name; None if the service reports none.

    It reports none after a stop, after an infrastructure error, and for some containers that it killed.
    """
    return {
        str(container.get("name")): current_state(container).get("exitCode")
        for container in containers(wire)
        if current_state(container).get("state") == "Terminated"
    }


def has_started(wire: Mapping[str, Any]) -> bool:
    """Whether any container of the group, including init containers, has ever started."""
    for container, _init in every_container(wire):
        events = get_path(container, "properties.instanceView.events") or []
        if last_start(container) or restart_count(container) or any(event.get("name") == "Started" for event in events):
            return True
        if current_state(container).get("state") in ("Running", "Terminated"):
            return True
    return False


def is_fresh(wire: Mapping[str, Any], before: Mapping[str, str]) -> bool:
    """Whether every container has begun a new run since ``before`` (its start times).

    Just after a restart, the service still reports Running for the run that is about to end.
    """
    now = start_times(wire)
    return all(now.get(name) != start for name, start in before.items())
