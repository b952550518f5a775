# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Polls until a condition holds or a deadline passes: often at first, less often later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from .errors import AciError
from .wait import Deadline

FIRST_PAUSE = 0.1
STEADY_PAUSE = 1.0
STEADY_UNTIL = 60.0
LONGEST_PAUSE = 15.0

T = TypeVar("T")


@dataclass(frozen=True)
class Poll(Generic[T]):
    """The result of one poll."""

    value: T
    done: bool
    """Whether there is nothing more to wait for."""
    retry_after: float | None = None
    """Seconds that the service asks to wait before the next poll, or None."""


def pause(elapsed: float, polls: int) -> float:
    """Seconds until the next poll: 0.1, growing to 1, in the first minute; then a 60th of the elapsed time, up to 15.

    This notices the end of short work within about a second, while long work costs only a few requests a minute.
    """
    if elapsed <= STEADY_UNTIL:
        return min(STEADY_PAUSE, FIRST_PAUSE * 2.0 ** min(polls, 10))
    return min(LONGEST_PAUSE, elapsed / STEADY_UNTIL)


def wait_until(
    deadline: Deadline,
    probe: Callable[[], Poll[T]],
    timed_out: Callable[[T], AciError],
) -> T:
    """Calls ``probe`` until its result is ``done``, and returns that result's value.

    Once the deadline has passed, raises the error that ``timed_out`` returns for the last value.
    """
    polls = 0
    while True:
        poll = probe()
        if poll.done:
            return poll.value
        wait = pause(deadline.elapsed, polls) if poll.retry_after is None else max(poll.retry_after, 0.02)
        if deadline.left <= 0:
            raise timed_out(poll.value)
        deadline.clock.sleep(min(wait, deadline.left))
        polls += 1
