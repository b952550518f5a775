# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""What keeps a group from its expected state, according to its instance view (wire form), and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .state import current_state, every_container, restart_count
from .wire import ArmJson, get_path

PULL_FAILURES = ("failed to pull image", "back-off pulling image")


def container_events(wire: Mapping[str, Any]) -> list[tuple[str, ArmJson]]:
    """All events of the group and its containers, each with the container's name ('' for the group), oldest first."""
    found = [("", event) for event in get_path(wire, "properties.instanceView.events") or []]
    for container, _init in every_container(wire):
        events = get_path(container, "properties.instanceView.events") or []
        found += [(str(container.get("name")), event) for event in events]
    return sorted(
        [(name, event) for name, event in found if isinstance(event, dict)],
        key=lambda item: str(item[1].get("lastTimestamp") or ""),
    )


@dataclass(frozen=True)
class Blocker:
    """A condition that the service keeps retrying and that will not resolve on its own."""

    code: str
    what: str
    hint: str


PULL_BLOCKER = Blocker(
    "ImagePullFailed",
    "An image could not be pulled",
    "Check the image's name and tag, and image_registry_credentials.",
)

MOUNT_BLOCKER = Blocker(
    "MountFailed",
    "A volume could not be mounted",
    "Check the storage account, its key and the share.",
)


def blocker_in_events(events: Iterable[Mapping[str, Any]]) -> Blocker | None:
    """The blocker that the events show, or None."""
    for event in events:
        if str(event.get("message") or "").lower().startswith(PULL_FAILURES):
            return PULL_BLOCKER
        if str(event.get("name") or "").startswith("FailedMount"):
            return MOUNT_BLOCKER
    return None


def blocker(wire: Mapping[str, Any]) -> Blocker | None:
    """The image or volume problem that keeps a waiting container, and so the group, from running; or None."""
    waiting = [
        container
        for container, _init in every_container(wire)
        if current_state(container).get("state") in (None, "Waiting")
    ]
    if not waiting:
        return None
    events = [event for event in get_path(wire, "properties.instanceView.events") or [] if isinstance(event, dict)]
    for container in waiting:
        own = get_path(container, "properties.instanceView.events") or []
        events += [event for event in own if isinstance(event, dict)]
    return blocker_in_events(events)


def reasons(wire: Mapping[str, Any], events: int = 3) -> list[str]:
    """Why a group is not in its expected state: a sentence per container with a problem, then the last warnings."""
    sentences = []
    for container, _init in every_container(wire):
        state = current_state(container)
        name = container.get("name")
        detail = f" ({state['detailStatus']})" if state.get("detailStatus") else ""
        restarts = f" after {restart_count(container)} restarts" if restart_count(container) else ""
        if state.get("state") == "Terminated" and state.get("exitCode") != 0:
            code = state.get("exitCode")
            how = "is Terminated without an exit code" if code is None else f"ended with exit code {code}"
            sentences.append(f"Container {name} {how}{detail}{restarts}.")
        elif state.get("state") not in (None, "Running", "Terminated"):
            previous = get_path(container, "properties.instanceView.previousState.exitCode")
            ended = "" if previous is None else f"; its last run ended with exit code {previous}"
            how = "waits" if state["state"] == "Waiting" else f"is {state['state']}"
            sentences.append(f"Container {name} {how}{detail}{restarts}{ended}.")
    warnings = [(name, event) for name, event in container_events(wire) if str(event.get("type")) == "Warning"]
    for name, event in warnings[-events:]:
        where = f" of container {name}" if name else ""
        sentences.append(f"Event {event.get('name')}{where}: {str(event.get('message')).rstrip('.')}.")
    return sentences
