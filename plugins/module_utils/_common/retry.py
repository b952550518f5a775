# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Retries requests while the service does not answer, answers with 5xx, or asks to retry later.

All of the collection's retries are here: those of the SDK know no deadline, and are switched off.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from .errors import AciError
from .wait import Deadline

TRIES = 4
"""Attempts at a request while the service has not answered this task at all: the endpoint may be wrong."""

OUTAGE_SECONDS = 300.0
"""How long to retry during one outage without a wait_timeout, which also limits a single pause."""

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0
SHORTEST_PAUSE = 0.05

QUIET_SECONDS = 5.0
"""Minimum number of seconds between two progress messages about failures."""

R = TypeVar("R")


class Retries:
    """Shared by the requests of one task: their deadline, and whether the service has ever answered.

    ``seconds`` is the task's wait_timeout, None if the module has none.
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
        """Set a deadline other than the task's, for a part of the task that has its own timeout."""
        self.deadline = deadline
        self.limit = f"{deadline.seconds:g} s"

    def within(self, seconds: float) -> Retries:
        """Retries for a part of the task, limited to ``seconds`` and to the task's own deadline."""
        other = Retries(self.sleep, self.monotonic, self.progress)
        other.until(Deadline(other, seconds if self.deadline is None else min(seconds, self.deadline.left)))
        other.has_answered = self.has_answered
        return other

    def elsewhere(self) -> Retries:
        """Retries for another service, with the same deadline: an answer of the first one proves nothing about it."""
        other = Retries(self.sleep, self.monotonic, self.progress)
        other.deadline, other.limit = self.deadline, self.limit
        return other

    def tell(self, text: str) -> None:
        """Shows what is wrong, unless a message was shown just before: many requests may fail at the same time."""
        now = self.monotonic()
        if self._told_at is None or now - self._told_at >= QUIET_SECONDS:
            self._told_at = now
            self.progress(text)

    def run(self, send: Callable[[], R], *, proves: bool = True) -> R:
        """Send a repeatable request until it is answered. Once time is up, raises the last attempt's error.

        ``proves``: whether an answer proves that the service can be reached.
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
    """One request that keeps failing: how often it was sent, and when it first failed."""

    def __init__(self, retries: Retries) -> None:
        self._retries = retries
        self._tries = 0
        self._since = 0.0

    def pause(self, error: AciError) -> float:
        """Seconds to wait before the next attempt, never beyond the deadline.

        Raises ``error`` if another attempt would be pointless: the error is final, time is up, or there is no sign that
        the endpoint is the right one.
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
        # A 429 comes from a real service: it counts requests.
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
    """What to do about a 5xx status; empty for any other."""
    if status is None or status < 500:
        return ""
    return (
        "The service, or a proxy in front of it, has problems: see https://azure.status.microsoft, and run the task "
        "again later; it continues from what exists then."
    )


def told(error: AciError, *sentences: str) -> AciError:
    """Adds to an error why the request is not sent again, and the pause that the service asked for."""
    asked = "" if error.retry_after is None else f"The service asked to wait {error.retry_after:g} s."
    error.msg = " ".join(part for part in (error.msg, *sentences, asked) if part)
    return error
