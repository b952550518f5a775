# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Waiting out a service that does not answer, answers with 5xx, or asks to come again later.

This is the collection's only way to repeat a request: the SDK's own retries know no deadline, and are switched off.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from .errors import AciError
from .wait import Deadline

TRIES = 4
"""How often a request is made while the service has not answered this task at all: the endpoint may be a wrong one."""

OUTAGE_SECONDS = 300.0
"""How long one interruption is waited out where no wait_timeout says it, and so the longest pause there."""

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
SHORTEST_PAUSE = 0.05

QUIET_SECONDS = 5.0
"""Seconds between two messages about what is wrong."""

R = TypeVar("R")


class Retries:
    """What the requests of one task share: the time they have, and whether the service has ever answered.

    ``seconds`` is the task's wait_timeout, None where the module has none.
    """

    def __init__(
        self,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        progress: Callable[[str], None] = lambda _text: None,
        seconds: float | None = None,
    ) -> None:
        self.sleep = sleep
        self.monotonic = monotonic
        self.progress = progress
        self.deadline = None if seconds is None else Deadline(self, seconds)
        self.limit = f"{OUTAGE_SECONDS:g} s" if seconds is None else f"{seconds:g} s (wait_timeout)"
        self.has_answered = False
        self._told_at: float | None = None

    def until(self, deadline: Deadline) -> None:
        """Another deadline than that of the whole task, for a part of it that has its own time."""
        self.deadline = deadline
        self.limit = f"{deadline.seconds:g} s"

    def within(self, seconds: float) -> Retries:
        """Retries of a part of the task that may take so long at most, and no longer than the task itself."""
        other = Retries(self.sleep, self.monotonic, self.progress)
        other.until(Deadline(other, seconds if self.deadline is None else min(seconds, self.deadline.left)))
        other.has_answered = self.has_answered
        return other

    def elsewhere(self) -> Retries:
        """Retries of requests to another service, in the same time: that the first one answers proves nothing there."""
        other = Retries(self.sleep, self.monotonic, self.progress)
        other.deadline, other.limit = self.deadline, self.limit
        return other

    def tell(self, text: str) -> None:
        """Reports what is wrong, unless that was just reported: many requests may fail at a time."""
        now = self.monotonic()
        if self._told_at is None or now - self._told_at >= QUIET_SECONDS:
            self._told_at = now
            self.progress(text)

    def run(self, send: Callable[[], R], *, proves: bool = True) -> R:
        """Make a request that may be repeated, again until it is answered. Raises what it raises when time is up.

        ``proves`` says that an answer shows that the service is there.
        """
        outage = Outage(self)
        while True:
            try:
                answer = send()
            except AciError as error:
                pause = outage.pause(error)
            else:
                self.has_answered = self.has_answered or proves
                return answer
            self.sleep(pause)


class Outage:
    """One request that is not answered: how often it was made, and since when it fails."""

    def __init__(self, retries: Retries) -> None:
        self._retries = retries
        self._tries = 0
        self._since = 0.0

    def pause(self, error: AciError) -> float:
        """Seconds after which to make the request again, never beyond the deadline.

        Raises ``error`` where that would be useless: it is final, the time is over, or nothing says that the endpoint
        is the right one.
        """
        retries = self._retries
        if not error.transient:
            if error.status is not None and error.status != 401:
                retries.has_answered = True  # a refusal is an answer
            raise error
        now = retries.monotonic()
        if not self._tries:
            self._since = now
        self._tries += 1
        # A service that counts requests is there.
        if self._tries >= TRIES and not retries.has_answered and error.status != 429:
            raise told(error, advice(error.status))
        left = OUTAGE_SECONDS - (now - self._since) if retries.deadline is None else retries.deadline.left
        if left <= 0:
            raise told(error, self._given_up(now), advice(error.status))
        wanted = error.retry_after
        if wanted is None:
            wanted = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(self._tries - 1, 10))
        pause = min(max(wanted, SHORTEST_PAUSE), left)
        retries.tell(f"{error.msg} Trying again in {pause:.0f} s, for up to {left:.0f} s")
        return pause

    def _given_up(self, now: float) -> str:
        return f"Gave up after {self._tries} attempts in {now - self._since:.0f} s; the limit is {self._retries.limit}."


def advice(status: int | None) -> str:
    """What to do about a service that answers nothing but its own trouble; empty for any other status."""
    if status is None or status < 500:
        return ""
    return (
        "The service, or a proxy in front of it, has problems: see https://azure.status.microsoft, and run the task "
        "again later; it continues from what exists then."
    )


def told(error: AciError, *sentences: str) -> AciError:
    """An error that also says why the request is not made again, and which pause the service asked for."""
    asked = "" if error.retry_after is None else f"The service asked to wait {error.retry_after:g} s."
    error.msg = " ".join(part for part in (error.msg, *sentences, asked) if part)
    return error
