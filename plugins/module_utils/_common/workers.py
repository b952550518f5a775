# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Sends many requests in parallel, but never more than the service accepts.

Azure Resource Manager counts requests per subscription, not per connection: a request to retry later, sent to one
worker, applies to all. So the workers share a throttle. A 429 stops all of them for as long as the service asks, and
halves the number of requests that may be under way at a time; each successful round raises that number by one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from .errors import AciError, InvalidArguments
from .retry import Outage, Retries

MOST_WORKERS = 64

T = TypeVar("T")
R = TypeVar("R")


class Stopped(Exception):
    """Another worker has failed, so the remaining work is abandoned."""


def checked_workers(value: int) -> int:
    """Checks the value of the option workers. Raises InvalidArguments."""
    if not 1 <= value <= MOST_WORKERS:
        raise InvalidArguments(f"workers must be from 1 to {MOST_WORKERS}, not {value}.")
    return value


class Workers:
    """Threads that work through a list, and the throttle that they share.

    Whatever they call must be thread-safe, as a Client is, and must not wait or retry by itself: ``without_retries``.
    """

    def __init__(self, number: int, retries: Retries | None = None) -> None:
        self._number = number
        self._retries = retries or Retries()
        self._changed = threading.Condition()
        self._limit = number  # how many requests may be under way
        self._under_way = 0
        self._good = 0  # successful requests since the limit last changed
        self._open_at = 0.0  # no request begins before this time.monotonic()
        self._refusals = 0  # number of bursts of 429s: all refusals of one burst count once
        self._answers = 0  # successful requests of all workers
        self._stopped = False

    def map(self, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """The results of ``work`` for each item, in order. The first exception stops all workers and is raised.

        Work begins while ``items`` still produces more.
        """
        self._stopped = False
        futures: list[Future[R]] = []
        pool = ThreadPoolExecutor(self._number, thread_name_prefix="aci")
        try:
            for item in items:
                futures.append(pool.submit(self._unless_stopped, work, item))
                if self._stopped:
                    break
            wait(futures, return_when=FIRST_EXCEPTION)
            if any(future.done() and future.exception() is not None for future in futures):
                self.stop()
                pool.shutdown(wait=True, cancel_futures=True)
                raise next(_failures(futures))
            return [future.result() for future in futures]
        finally:
            self.stop()
            pool.shutdown(wait=True, cancel_futures=True)

    def _unless_stopped(self, work: Callable[[T], R], item: T) -> R:
        """Do the work; if it fails, stop all other workers."""
        if self._stopped:
            raise Stopped
        try:
            return work(item)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop all workers: requests under way are finished, and no new ones begin."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def request(self, send: Callable[[], R]) -> R:
        """Send a request when the throttle permits it, and again after a 429 or a 5xx.

        The request must be repeatable. Raises its last error once the task's time is up, and Stopped.
        """
        outage = Outage(self._retries)
        while True:
            refusals, answers = self._begin()
            try:
                answer = send()
            except AciError as error:
                if error.status == 429 and answers != self._answers:
                    outage = Outage(self._retries)  # the service answers other workers, so this is not an outage
                pause = outage.pause(error)
                if error.status == 429:
                    self._refused(refusals, pause)
                    pause = 0.0
            else:
                self._went_well()
                return answer
            finally:
                self._end()
            self._rest(pause)

    def _begin(self) -> tuple[int, int]:
        with self._changed:
            while True:
                if self._stopped:
                    raise Stopped
                now = time.monotonic()
                if now < self._open_at:
                    self._changed.wait(self._open_at - now)
                elif self._under_way >= self._limit:
                    self._changed.wait()
                else:
                    self._under_way += 1
                    return self._refusals, self._answers

    def _end(self) -> None:
        with self._changed:
            self._under_way -= 1
            self._changed.notify_all()

    def _went_well(self) -> None:
        with self._changed:
            self._retries.has_answered = True
            self._answers += 1
            self._good += 1
            if self._limit < self._number and self._good >= self._limit:
                self._limit += 1
                self._good = 0

    def _refused(self, refusals: int, pause: float) -> None:
        """Slows down all workers. Raises Stopped."""
        with self._changed:
            if self._stopped:
                raise Stopped
            self._open_at = max(self._open_at, time.monotonic() + pause)
            if refusals == self._refusals:
                self._refusals += 1
                self._limit = max(1, self._limit // 2)
                self._good = 0

    def _rest(self, seconds: float) -> None:
        with self._changed:
            until = time.monotonic() + seconds
            while not self._stopped and time.monotonic() < until:
                self._changed.wait(until - time.monotonic())


def _failures(futures: Iterable[Future[R]]) -> Iterator[BaseException]:
    """The exceptions of failed work, without those of work that was only stopped because other work failed."""
    for future in futures:
        failure = None if future.cancelled() else future.exception()
        if failure is not None and not isinstance(failure, Stopped):
            yield failure
