# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A group's summary in one line: its state, and its problem if it has one.

The state alone is misleading. A group in a crash loop is Running between two crashes, and one whose image cannot be
pulled is Pending, like one that is starting.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..core.timestamps import event_time
from . import state as states
from .backoff import RESET_AFTER
from .container import ContainerRun

# A single restart may be an isolated failure; kubelet also waits only from the second on.
LOOP = 2
RESTARTING = "Restarting"
UNHEALTHY = "Unhealthy"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem. ``reason`` is one of the service's words, ``text`` a sentence; ``container`` is empty for a problem of
    the group."""

    reason: str
    text: str
    container: str = ""


@dataclass(frozen=True, slots=True)
class Glance:
    """A group's summary. ``newest`` is the timestamp of its newest event, or empty.

    It is valid until ``until``, or until something happens to the group.
    """

    state: str
    trouble: Trouble | None = None
    running: int = 0
    containers: int = 0
    restarts: int = 0
    newest: str = ""
    until: datetime | None = None


def trouble_of(run: ContainerRun, now: datetime) -> tuple[Trouble | None, datetime | None]:
    """Returns a container's problem, and until when this is valid without another look."""
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
            return Trouble(UNHEALTHY, str(failed["message"]), name), now  # a successful probe reports nothing
        return None, now
    return _loop(run, current.started, now)


def first_trouble(runs: Iterable[ContainerRun], now: datetime) -> tuple[Trouble | None, datetime | None]:
    """Returns the first problem of several containers, and until when this is valid."""
    until: datetime | None = None
    for run in runs:
        trouble, holds = trouble_of(run, now)
        until = holds if until is None or (holds is not None and holds < until) else until
        if trouble is not None:
            return trouble, until
    return None, until


def _loop(run: ContainerRun, started: datetime | None, now: datetime) -> tuple[Trouble | None, datetime | None]:
    """Detects a crash loop: a container that runs, or is about to, after it has ended repeatedly."""
    previous = run.previous
    if run.restart_count < LOOP or previous is None or previous.by_client:
        return None, None
    calm = started + timedelta(seconds=RESET_AFTER) if started is not None else None
    if calm is not None and now >= calm:
        return None, None
    text = f"Restarted {run.restart_count} times; the last run {_ended(previous.exit_code)}."
    return Trouble(RESTARTING, text, run.spec.name), calm


def _why(run: ContainerRun, text: str) -> str:
    """The reason for which a container is waiting: the registry's error, or how its last run ended."""
    if run.previous is None:
        failed = run.events.last("Failed")
        return str(failed["message"]) if failed is not None else text
    return f"{text}; restarted {run.restart_count} times, the last run {_ended(run.previous.exit_code)}."


def _ended(code: int | None) -> str:
    return "ended" if code is None else f"ended with exit code {code}"
