# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Whether a group has reached what a task waits for, or never will, by its instance view (wire form). Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from .state import containers, current_state, every_container, group_state, restart_count, restart_policy


class Verdict(NamedTuple):
    """A predicate's verdict on a group: done, or failed with a reason, or neither yet."""

    done: bool = False
    failed: bool = False
    reason: str = ""
    code: str = ""


PENDING = Verdict()


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
        from .runs import exit_codes  # a module is compiled for every task, and few tasks need this import

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
    for container, _init in every_container(wire):
        looping = "crashloopbackoff" in str(current_state(container).get("detailStatus") or "").lower()
        if looping and restart_count(container) >= max_restarts:
            head = f"Container {container.get('name')} keeps crashing."
            return Verdict(failed=True, code="CrashLoop", reason=_why(wire, head))
    return PENDING


def _why(wire: Mapping[str, Any], head: str) -> str:
    from .problems import reasons  # a module is compiled for every task, and few tasks need this import

    return " ".join([head, *reasons(wire)])
