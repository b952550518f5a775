# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Predicates on a container group's instance view (wire form), and the reasons for its state. Pure.

The documented states are: Pending, Running, Succeeded, Failed or Stopped for a group; Waiting, Running or Terminated
for a container. ``provisioningState`` is the state of the last operation, not of the containers. The service also
shows undocumented states (``Unknown``, while the platform repairs a group), so no list of states here is taken to be
complete: the predicates ask whether the desired state is reached, and any other state counts as not reached yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .._common.provisioning import is_final
from .wire import ArmJson, get_path

FINISHED_STATES = frozenset({"Stopped", "Succeeded", "Failed"})
"""Group states in which nothing runs and nothing is billed; a PUT or a start redeploys the group."""
UNDER_WAY_STATES = frozenset({"Pending", "Running"})
"""Group states in which the containers run, or will run without another request."""
PULL_FAILURES = ("failed to pull image", "back-off pulling image")


@dataclass(frozen=True)
class Verdict:
    """A predicate's verdict on a group: done, or failed with a reason, or neither yet."""

    done: bool = False
    failed: bool = False
    reason: str = ""
    code: str = ""


PENDING = Verdict()


def group_state(wire: Mapping[str, Any]) -> str | None:
    """The group's state, or None if there is no instance view."""
    state = get_path(wire, "properties.instanceView.state")
    return str(state) if state else None


def is_finished(wire: Mapping[str, Any]) -> bool:
    """Whether the group is stopped or has ended. In an unknown state it is assumed to run, and to be billed."""
    return group_state(wire) in FINISHED_STATES


def provisioning_state(wire: Mapping[str, Any]) -> str:
    """The state of the last operation in lower case; empty if there is none."""
    return str(get_path(wire, "properties.provisioningState") or "").lower()


def provisioning_ended(wire: Mapping[str, Any]) -> bool:
    """Whether no operation is under way. An unknown state counts as under way."""
    return is_final(provisioning_state(wire))


def provisioning_failed(wire: Mapping[str, Any]) -> bool:
    """Whether the last operation failed."""
    return provisioning_state(wire) in ("failed", "canceled")


def restart_policy(wire: Mapping[str, Any]) -> str:
    """The policy in force; the service's default is Always."""
    return str(get_path(wire, "properties.restartPolicy") or "Always")


def containers(wire: Mapping[str, Any], init: bool = False) -> list[ArmJson]:
    """The group's containers, or its init containers."""
    found = get_path(wire, "properties.initContainers" if init else "properties.containers")
    return [item for item in found or [] if isinstance(item, dict)]


def every_container(wire: Mapping[str, Any]) -> list[tuple[ArmJson, bool]]:
    """The containers in the order in which they run, each with whether it is an init container."""
    init = [(container, True) for container in containers(wire, init=True)]
    return [*init, *((container, False) for container in containers(wire))]


def last_start(container: Mapping[str, Any]) -> str | None:
    """The start time, as the service writes it, of the run that a container's log covers; None before its first run."""
    view = get_path(container, "properties.instanceView") or {}
    for state in (view.get("currentState") or {}, view.get("previousState") or {}):
        if state.get("startTime"):
            return str(state["startTime"])
    return None


def current_state(container: Mapping[str, Any]) -> ArmJson:
    """A container's current state; empty if it has none yet."""
    state = get_path(container, "properties.instanceView.currentState")
    return state if isinstance(state, dict) else {}


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


def restart_count(container: Mapping[str, Any]) -> int:
    """How often the service restarted the container by itself."""
    count = get_path(container, "properties.instanceView.restartCount")
    return int(count) if isinstance(count, int) else 0


def container_events(wire: Mapping[str, Any]) -> list[tuple[str, ArmJson]]:
    """All events of the group and its containers, each with the container's name ('' for the group), oldest first."""
    found = [("", event) for event in get_path(wire, "properties.instanceView.events") or []]
    for container in [*containers(wire, init=True), *containers(wire)]:
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
        for container in [*containers(wire, init=True), *containers(wire)]
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
    for container in [*containers(wire, init=True), *containers(wire)]:
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


def is_running(wire: Mapping[str, Any], max_restarts: int) -> Verdict:
    """Done once all containers run (all_run); failed once one keeps crashing, or the group is Failed."""
    loop = crash_loop(wire, max_restarts)
    if loop.failed:
        return loop
    if group_state(wire) == "Failed":
        return Verdict(failed=True, code="ContainerFailed", reason=_why(wire, "The group's state is Failed."))
    return Verdict(done=all_run(wire))


def all_run(wire: Mapping[str, Any]) -> bool:
    """Whether every container runs or, if the policy is not Always, has ended with exit code 0."""
    states = [current_state(container) for container in containers(wire)]
    may_end = restart_policy(wire) != "Always"
    return bool(states) and all(
        state.get("state") == "Running"
        or (may_end and state.get("state") == "Terminated" and state.get("exitCode") == 0)
        for state in states
    )


def is_completed(wire: Mapping[str, Any], max_restarts: int, allowed: Collection[int]) -> Verdict:
    """Done once the group has ended (Succeeded or Failed) with allowed exit codes only."""
    state = group_state(wire)
    if state in ("Succeeded", "Failed"):
        codes = exit_codes(wire)
        bad = {name: code for name, code in codes.items() if code is None or code not in allowed}
        if bad or (state == "Failed" and not codes):
            return Verdict(failed=True, code="ContainerFailed", reason=_why(wire, f"The group's state is {state}."))
        return Verdict(done=True)
    if state == "Stopped":
        return Verdict(failed=True, code="ContainerGroupStopped", reason="The group was stopped before it ended.")
    return crash_loop(wire, max_restarts)


def crash_loop(wire: Mapping[str, Any], max_restarts: int) -> Verdict:
    """Failed once a container that is not running has been restarted too often."""
    for container in [*containers(wire, init=True), *containers(wire)]:
        looping = "crashloopbackoff" in str(current_state(container).get("detailStatus") or "").lower()
        if looping and restart_count(container) >= max_restarts:
            head = f"Container {container.get('name')} keeps crashing."
            return Verdict(failed=True, code="CrashLoop", reason=_why(wire, head))
    return PENDING


def _why(wire: Mapping[str, Any], head: str) -> str:
    return " ".join([head, *reasons(wire)])
