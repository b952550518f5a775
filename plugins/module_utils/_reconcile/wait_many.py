# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Waits for many container groups at once: each poll lists them all, and reads those that are not ready yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._common.errors import AciError, TimedOut
from .._common.polling import Poll, wait_until
from .._common.wait import Deadline
from .._group import state
from .._group.facts import resource_group_of
from .._group.failures import last_exit_codes
from .._group.problems import blocker, reasons
from .._group.verdicts import PENDING, Verdict, is_completed, is_running
from .._group.wire import ArmJson
from .blockers import BlockerTimer
from .probe_failures import ProbeFailures

LOOK_AGAIN = 15.0
"""Interval at which to read a group whose operation is under way, because lists do not show failing pulls."""

Groups = dict[str, ArmJson]
"""Container groups in wire form, by resource ID in lower case."""


@dataclass(frozen=True)
class Goal:
    """What to wait for; the fields are the options of the same names."""

    wait_for: str
    """provisioned, running or completed."""
    image_pull_timeout: float = 120.0
    max_restarts: int = 5
    allowed_exit_codes: Collection[int] = (0,)


@dataclass
class Watched:
    """A group that the task waits for, as it was last seen."""

    wire: ArmJson
    verdict: Verdict = PENDING
    looked_at: float = 0.0
    blocker_timer: BlockerTimer | None = None

    @property
    def ended(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.verdict.done or self.verdict.failed


@dataclass
class Together:
    """The groups that the task waits for.

    ``listing`` sends the list requests of one poll, and returns the selected groups. ``views`` reads groups one by one,
    in parallel; its result omits groups that no longer exist.
    """

    deadline: Deadline
    goal: Goal
    listing: Callable[[], Groups]
    views: Callable[[Sequence[ArmJson]], Groups]
    progress: Callable[[str], None] = lambda _text: None
    watched: dict[str, Watched] = field(default_factory=dict)
    shown: int = -1
    probe_failures: dict[str, ProbeFailures] = field(default_factory=dict)

    def wait(self, selected: Groups) -> list[Watched]:
        """Wait until each group is ready, has failed or is out of time. Its verdict says which."""
        now = self.deadline.clock.monotonic()
        self.watched = {key: Watched(wire, looked_at=now) for key, wire in selected.items()}
        listed: Groups | None = selected  # it is recent, so the first poll needs no request

        def probe() -> Poll[None]:
            nonlocal listed
            began = self.deadline.clock.monotonic()
            self.poll(self.listing() if listed is None else listed)
            listed = None
            # Polling many groups may take long; leave at least half of the time to other clients.
            took = self.deadline.clock.monotonic() - began
            return Poll(None, not self.open(), took if took > 1.0 else None)

        try:
            wait_until(self.deadline, probe, lambda _value: TimedOut("Too late."))
        except TimedOut:
            self.give_up()
        except AciError as error:
            if not error.transient:
                raise
            self.lose(error)
        return list(self.watched.values())

    def open(self) -> Groups:
        """The groups that are not ready or failed yet."""
        return {key: each.wire for key, each in self.watched.items() if not each.ended}

    def poll(self, listed: Groups) -> None:
        """Judge every open group by the list, and read those about which the list does not say enough."""
        now = self.deadline.clock.monotonic()
        looking = []
        for key in self.open():
            each = self.watched[key]
            wire = listed.get(key)
            if wire is None:
                looking.append(key)  # a list may be outdated, unlike the group itself
                continue
            each.wire = wire
            ended = state.provisioning_ended(wire)
            if ended and self.goal.wait_for == "provisioned" and not state.provisioning_failed(wire):
                each.verdict = Verdict(done=True)
            elif ended or now - each.looked_at >= LOOK_AGAIN:
                looking.append(key)
        if looking:
            seen = self.views([self.watched[key].wire for key in looking])
            for key in looking:
                self.watched[key].looked_at = now
                self.judge(key, seen.get(key))
        self.tell()

    def judge(self, key: str, view: ArmJson | None) -> None:
        """Set the verdict on a group by its instance view; ``view`` is None if the group is gone."""
        each = self.watched[key]
        if view is None:
            each.verdict = Verdict(
                failed=True, code="ContainerGroupNotFound", reason="It no longer exists: another client deleted it."
            )
            return
        each.wire = view
        if key not in self.probe_failures:
            self.probe_failures[key] = ProbeFailures(self.deadline.clock, self.progress)
        self.probe_failures[key].tell(str(view.get("name")), view)
        each.verdict = verdict_of(view, self.goal)
        if each.ended:
            return
        if each.blocker_timer is None:
            each.blocker_timer = BlockerTimer(self.deadline.clock, self.goal.image_pull_timeout)
        if each.blocker_timer.is_over(blocker(view)) and each.blocker_timer.blocker is not None:
            each.verdict = Verdict(
                failed=True, code=each.blocker_timer.blocker.code, reason=each.blocker_timer.sentence(view)
            )

    def give_up(self) -> None:
        """Time is up: read the open groups once more to find out the reason."""
        remaining = self.open()
        try:
            seen = self.views(list(remaining.values()))
        except AciError as error:
            if not error.transient:
                raise
            self.lose(error)
            return
        for key in remaining:
            self.judge(key, seen.get(key))
            each = self.watched[key]
            if not each.ended:
                head = f"Timed out after {self.deadline.seconds:g} s (wait_timeout)."
                each.verdict = failure("TimedOut", each.wire, head)

    def lose(self, error: AciError) -> None:
        """The service did not answer before time was up: report open groups as last seen."""
        for key in self.open():
            each = self.watched[key]
            each.verdict = failure("TimedOut", each.wire, error.msg)

    def tell(self) -> None:
        """Shows the number of groups that are ready, if it has changed."""
        there = len(self.watched) - len(self.open())
        if there != self.shown:
            self.shown = there
            self.progress(f"{there} of {len(self.watched)} container groups are {self.goal.wait_for} or have failed")


def verdict_of(view: ArmJson, goal: Goal) -> Verdict:
    """The verdict on a group with its instance view, with respect to the goal."""
    if not state.provisioning_ended(view):
        return PENDING
    if state.provisioning_failed(view):
        return failure("ProvisioningFailed", view, "Its provisioning failed.")
    if goal.wait_for == "provisioned":
        return Verdict(done=True)
    if state.group_state(view) == "Stopped":
        return Verdict(failed=True, code="ContainerGroupStopped", reason="It is stopped.")
    if goal.wait_for == "running":
        return is_running(view, goal.max_restarts)
    if state.restart_policy(view).lower() == "always":
        text = "Its restart_policy is Always, so it never completes."
        return Verdict(failed=True, code="NeverCompletes", reason=text)
    return is_completed(view, goal.max_restarts, goal.allowed_exit_codes)


def failure(code: str, view: ArmJson, head: str) -> Verdict:
    """A failure with everything that the group reports about its reasons."""
    return Verdict(failed=True, code=code, reason=" ".join([head, *reasons(view)]))


def by_id(groups: Iterable[ArmJson]) -> Groups:
    """Groups by resource ID in lower case."""
    return {str(group.get("id")).lower(): group for group in groups}


def not_ready(watched: Iterable[Watched]) -> list[dict[str, Any]]:
    """The groups that failed and their reasons, in the form of a module's result."""
    return [
        {
            "name": each.wire.get("name"),
            "resource_group": resource_group_of(str(each.wire.get("id"))),
            "id": each.wire.get("id"),
            "state": state.group_state(each.wire),
            "provisioning_state": (each.wire.get("properties") or {}).get("provisioningState"),
            "code": each.verdict.code,
            "reason": each.verdict.reason,
            "exit_codes": last_exit_codes(each.wire),
        }
        for each in watched
        if each.verdict.failed
    ]
