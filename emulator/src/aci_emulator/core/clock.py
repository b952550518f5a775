# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Emulated time, which can be faster than real time, and can be controlled by tests."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_log = logging.getLogger(__name__)


class Timer:
    """A callback that is due at a point in emulated time."""

    def __init__(self, due: float, callback: Callable[[], None]) -> None:
        self.due = due
        self._callback: Callable[[], None] | None = callback

    @property
    def cancelled(self) -> bool:
        """True once the timer was cancelled or has run."""
        return self._callback is None

    def cancel(self) -> None:
        """Makes sure that the callback will not be called from now on."""
        self._callback = None

    def run(self) -> None:
        """Calls the callback once. Exceptions are logged: one broken timer must not stop time for the others."""
        callback, self._callback = self._callback, None
        if callback is None:
            return
        try:
            callback()
        except Exception:  # noqa: BLE001 - whatever it raises must not stop the clock
            _log.exception("a timer failed")


class Clock:
    """Emulated time. ``speed`` is in emulated seconds per real second.

    Timers run in the event loop in which the clock is first used. A frozen clock moves only by ``advance`` and ``set``.
    Moving forward runs every timer that becomes due, in order, each at its own time.
    """

    def __init__(self, speed: float = 1.0, start: datetime | None = None) -> None:
        if not speed > 0:
            raise ValueError("the speed of a clock must be greater than 0")
        self._speed = speed
        self._frozen = False
        self._elapsed = 0.0  # emulated seconds up to _anchor
        self._anchor = time.monotonic()
        self._start = start or datetime.now(UTC)
        self._stepped = 0.0
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._handle: asyncio.TimerHandle | None = None

    @property
    def speed(self) -> float:
        """Emulated seconds per real second."""
        return self._speed

    @property
    def frozen(self) -> bool:
        """True while the clock moves only by ``advance`` and ``set``."""
        return self._frozen

    @property
    def stepped(self) -> float:
        """Seconds that ``advance`` and ``set`` have added so far, which passed without real time passing."""
        return self._stepped

    def time(self) -> float:
        """Returns the emulated seconds since the clock was created. It never goes backwards."""
        if self._frozen:
            return self._elapsed
        return self._elapsed + (time.monotonic() - self._anchor) * self._speed

    def now(self) -> datetime:
        """Returns the emulated date and time, in UTC."""
        return self._start + timedelta(seconds=self.time())

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Calls ``callback`` once, ``delay`` emulated seconds from now."""
        timer = Timer(self.time() + max(0.0, delay), callback)
        heapq.heappush(self._timers, (timer.due, next(self._order), timer))
        self._arm()
        return timer

    async def sleep(self, delay: float) -> None:
        """Returns ``delay`` emulated seconds from now."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def wake() -> None:
            if not future.done():
                future.set_result(None)

        timer = self.call_later(delay, wake)
        try:
            await future
        finally:
            timer.cancel()

    def freeze(self) -> None:
        """Stops time. Timers then run only through ``advance`` and ``set``."""
        self._rebase()
        self._frozen = True
        self._arm()

    def resume(self) -> None:
        """Lets time continue from where it stopped."""
        self._rebase()
        self._frozen = False
        self._arm()

    def advance(self, seconds: float) -> None:
        """Moves time forward by ``seconds``, running due timers in order. Raises ValueError if negative."""
        target = self._target(seconds)
        while (timer := self._pop_due(target)) is not None:
            self._move_to(timer.due)
            timer.run()
        self._move_to(target)
        self._arm()

    async def step(self, seconds: float) -> None:
        """Like ``advance``, but lets tasks woken by a timer run before the next timer."""
        target = self._target(seconds)
        while (timer := self._pop_due(target)) is not None:
            self._move_to(timer.due)
            timer.run()
            for _ in range(5):  # a woken task may await a few times before it sets its own next timer
                await asyncio.sleep(0)
        self._move_to(target)
        self._arm()

    def set(self, when: datetime) -> None:
        """Sets the date. Forward is the same as ``advance``; backward changes ``now``, but does not delay timers."""
        seconds = (when - self.now()).total_seconds()
        if seconds >= 0:
            self.advance(seconds)
        else:
            self._start += timedelta(seconds=seconds)

    def _target(self, seconds: float) -> float:
        if not 0 <= seconds < float("inf"):
            raise ValueError("time can be advanced by 0 seconds or more")
        self._stepped += seconds
        return self.time() + seconds

    def _rebase(self) -> None:
        self._elapsed = self.time()
        self._anchor = time.monotonic()

    def _move_to(self, moment: float) -> None:
        self._elapsed = max(moment, self.time())
        self._anchor = time.monotonic()

    def _pop_due(self, moment: float) -> Timer | None:
        while self._timers and self._timers[0][0] <= moment:
            timer = heapq.heappop(self._timers)[2]
            if not timer.cancelled:
                return timer
        return None

    def _arm(self) -> None:
        """Schedules a call in the event loop for when the next timer is due."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        while self._timers and self._timers[0][2].cancelled:
            heapq.heappop(self._timers)
        if self._frozen or not self._timers:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # outside a loop only advance() runs timers
        wait = max(0.0, (self._timers[0][0] - self.time()) / self._speed)
        self._handle = loop.call_later(wait, self._run_due)

    def _run_due(self) -> None:
        self._handle = None
        # Only timers that are due now: one that sets another with delay 0 must not block the loop.
        moment = self.time()
        due = []
        while (timer := self._pop_due(moment)) is not None:
            due.append(timer)
        for timer in due:
            try:
                timer.run()
            except Exception as error:  # noqa: BLE001 - a broken timer must not stop the others, and time itself
                context = {"message": "a due timer failed", "exception": error}
                asyncio.get_running_loop().call_exception_handler(context)
        self._arm()
