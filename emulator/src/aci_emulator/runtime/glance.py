# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What there is to say of a group in one line: its state, and what is wrong with it.

A state alone misleads. A group in a crash loop is Running between two crashes, and one whose image cannot be pulled is
Pending, as one is that starts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import state as states
from .backoff import RESET_AFTER
from .container import ContainerRun
from .timestamps import event_time

# A container that was restarted once may have had its one bad moment; kubelet waits from the second time on.
LOOP = 2
RESTARTING = "Restarting"
UNHEALTHY = "Unhealthy"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong. ``reason`` is a word as the service has it, ``text`` a sentence; ``container`` is empty if it is
    the group's own."""

    reason: str
    text: str
    container: str = ""


@dataclass(frozen=True, slots=True)
class Glance:
    """A group in one line. ``newest`` is the timestamp of its newest event, or empty.

    It holds until ``until``, or as long as nothing happens to the group.
    """

    state: str
    trouble: Trouble | None = None
    running: int = 0
    containers: int = 0
    restarts: int = 0
    newest: str = ""
    until: datetime | None = None


def trouble_of(run: ContainerRun, now: datetime) -> tuple[Trouble | None, datetime | None]:
    """Returns what is wrong with a container, and until when that can be said without looking again."""
    current, name = run.current, run.spec.name
    if current is None:
        return None, None
    reason, _, text = current.detail.partition(": ")
    if current.state == states.WAITING and reason.endswith("BackOff"):
        return Trouble(reason, _why(run, text), name), None
    if current.state == states.TERMINATED:
        if current.by_client or not current.exit_code:
            return None, None
        return Trouble(current.detail or states.ERROR_DETAIL, f"Ended with exit code {current.exit_code}.", name), None
    if current.state == states.RUNNING and not run.ready:
        failed = run.events.last(UNHEALTHY)
        began = current.started
        if failed is not None and began is not None and failed["lastTimestamp"] >= event_time(began):
            return Trouble(UNHEALTHY, str(failed["message"]), name), now  # a probe that succeeds reports nothing
        return None, now
    return _loop(run, current.started, now)


def first_trouble(runs: Iterable[ContainerRun], now: datetime) -> tuple[Trouble | None, datetime | None]:
    """Returns the first trouble of some containers, and until when that can be said."""
    until: datetime | None = None
    for run in runs:
        trouble, holds = trouble_of(run, now)
        until = holds if until is None or (holds is not None and holds < until) else until
        if trouble is not None:
            return trouble, until
    return None, until


def _loop(run: ContainerRun, started: datetime | None, now: datetime) -> tuple[Trouble | None, datetime | None]:
    """A container that runs, or is about to, and ended again and again before."""
    previous = run.previous
    if run.restart_count < LOOP or previous is None or previous.by_client:
        return None, None
    calm = started + timedelta(seconds=RESET_AFTER) if started is not None else None
    if calm is not None and now >= calm:
        return None, None
    text = f"Restarted {run.restart_count} times; the last run {_ended(previous.exit_code)}."
    return Trouble(RESTARTING, text, run.spec.name), calm


def _why(run: ContainerRun, text: str) -> str:
    """What has made a container wait: the registry's words, or how its last run ended."""
    if run.previous is None:
        failed = run.events.last("Failed")
        return str(failed["message"]) if failed is not None else text
    return f"{text}; restarted {run.restart_count} times, the last run {_ended(run.previous.exit_code)}."


def _ended(code: int | None) -> str:
    return "ended" if code is None else f"ended with exit code {code}"
