# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Simulates, event by event, how long many workers take if only the service and the collection's own pace delay them.

No thread runs and no time passes, so the result does not depend on the machine.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.pace import Pace
from ansible_collections.azure_containers.aci.plugins.module_utils._common.limits import (
    BUCKETS,
    CREATIONS,
    DELETIONS,
    WINDOWS,
    Bucket,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._common.polling import STEADY_PAUSE

GROUP = "https://h/subscriptions/s/resourceGroups/r/providers/Microsoft.ContainerInstance/containerGroups/web?api=1"
_LEFT = "x-ms-ratelimit-remaining-subscription-"

PROVISION = "provision"
"""In place of a request: what was written is asked about, once a second, until it is provisioned."""


class Asleep(Exception):
    """A worker has to wait for so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class SimulatedClock:
    """Time that the simulation sets; who would sleep is told to come again."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        raise Asleep(seconds)


class Service:
    """The limits as the service counts them, when requests arrive."""

    def __init__(self) -> None:
        self._buckets = {kind: (bucket, [float(bucket.size), 0.0]) for kind, bucket in BUCKETS.items()}
        self._sent: dict[str, deque[float]] = {CREATIONS: deque(), DELETIONS: deque()}
        self.refused = 0

    def answer(self, method: str, now: float) -> tuple[int, dict[str, str], float | None]:
        """Status, headers and Retry-After."""
        kind = {"GET": "reads", "DELETE": "deletes"}.get(method, "writes")
        bucket, state = self._buckets[kind]
        left, wait = _taken(bucket, state, now)
        headers = {f"{_LEFT}global-{kind}": str(left)}
        action = {"PUT": CREATIONS, "DELETE": DELETIONS}.get(method)
        if wait is None and action is not None:
            sent = self._sent[action]
            for window in WINDOWS:
                counted = [moment for moment in sent if moment > now - window.seconds]
                headers[f"{_LEFT}resource-requests-{window.name}"] = str(max(0, window.limit - len(counted) - 1))
                if len(counted) >= window.limit:
                    wait = max(wait or 0.0, counted[0] + window.seconds - now)
        if wait is not None:
            self.refused += 1
            return 429, headers, float(max(1, math.ceil(wait)))
        if action is not None:
            self._sent[action].append(now)
        return 200, headers, None


def _taken(bucket: Bucket, state: list[float], now: float) -> tuple[int, float | None]:
    level = min(bucket.size, state[0] + (now - state[1]) * bucket.refill)
    state[1] = now
    if level < 1:
        state[0] = level
        return 0, (1 - level) / bucket.refill
    state[0] = level - 1
    return int(state[0]), None


@dataclass(frozen=True)
class Schedule:
    """How a simulation ended."""

    seconds: float
    refused: int


def simulated(jobs: Sequence[Sequence[str]], workers: int, latency: float, provisioning: float = 0.0) -> Schedule:
    """Have workers go through jobs, each of them the methods of the requests that it sends one after another.

    A job with a PUT waits for its turn before it begins, as the groups do that are created.
    """
    return _Simulation(jobs, latency, provisioning).run(workers)


class _Simulation:
    def __init__(self, jobs: Sequence[Sequence[str]], latency: float, provisioning: float) -> None:
        self.waiting = deque(jobs)
        self.latency = latency
        self.provisioning = provisioning
        self.clock = SimulatedClock()
        self.service = Service()
        self.pace = Pace(self.clock)
        self.events: list[tuple[float, int, Callable[[], None]]] = []
        self.order = itertools.count()

    def run(self, workers: int) -> Schedule:
        for _worker in range(workers):
            self.later(0.0, self.begin)
        while self.events:
            self.clock.now, _order, what = heapq.heappop(self.events)
            what()
        return Schedule(self.clock.now, self.service.refused)

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        heapq.heappush(self.events, (self.clock.now + seconds, next(self.order), what))

    def attempt(self, send: Callable[[], None], done: Callable[[], None]) -> None:
        """Send what may have to wait."""
        try:
            send()
        except Asleep as asleep:
            self.later(asleep.seconds, lambda: self.attempt(send, done))
        else:
            done()

    def begin(self) -> None:
        """A worker takes the next job."""
        if self.waiting:
            job = self.waiting.popleft()
            if "PUT" in job:
                self.attempt(lambda: self.pace.reserve(CREATIONS), lambda: self.go_on(iter(job)))
            else:
                self.go_on(iter(job))

    def go_on(self, rest: Iterator[str]) -> None:
        method = next(rest, None)
        if method is None:
            self.begin()
        elif method == PROVISION:
            self.poll(self.clock.now + self.provisioning, rest)
        else:
            self.send(method, lambda: self.go_on(rest))

    def poll(self, until: float, rest: Iterator[str]) -> None:
        def answered() -> None:
            if self.clock.now >= until:
                self.go_on(rest)
            else:
                self.later(STEADY_PAUSE, lambda: self.poll(until, rest))

        self.send("GET", answered)

    def send(self, method: str, done: Callable[[], None]) -> None:
        self.attempt(
            lambda: self.pace.enter(method, GROUP),
            lambda: self.later(self.latency / 2, lambda: self.arrive(method, done)),
        )

    def arrive(self, method: str, done: Callable[[], None]) -> None:
        """The service counts a request when it arrives; its answer takes as long again."""
        status, headers, retry_after = self.service.answer(method, self.clock.now)

        def answered() -> None:
            self.pace.leave(method, GROUP, status, headers, retry_after)
            if status == 429:
                self.send(method, done)
            else:
                done()

        self.later(self.latency / 2, answered)
