# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long many workers take when nothing but the service and our own pace holds them: simulated, event by event.

No thread runs and no time passes, so that the result says nothing of the machine.
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
from ansible_collections.azure_containers.aci.plugins.module_utils._common.wait import STEADY_PAUSE

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
    clock, service = SimulatedClock(), Service()
    pace = Pace(clock)
    events: list[tuple[float, int, Callable[[], None]]] = []
    order = itertools.count()
    waiting = deque(jobs)

    def at(moment: float, what: Callable[[], None]) -> None:
        heapq.heappush(events, (moment, next(order), what))

    def attempt(send: Callable[[], None], done: Callable[[], None]) -> None:
        try:
            send()
        except Asleep as asleep:
            at(clock.now + asleep.seconds, lambda: attempt(send, done))
        else:
            done()

    def begin() -> None:
        if waiting:
            job = waiting.popleft()
            if "PUT" in job:
                attempt(lambda: pace.reserve(CREATIONS), lambda: go_on(iter(job)))
            else:
                go_on(iter(job))

    def go_on(rest: Iterator[str]) -> None:
        method = next(rest, None)
        if method is None:
            begin()
        elif method == PROVISION:
            poll(clock.now + provisioning, rest)
        else:
            send(method, lambda: go_on(rest))

    def poll(until: float, rest: Iterator[str]) -> None:
        def answered() -> None:
            if clock.now >= until:
                go_on(rest)
            else:
                at(clock.now + STEADY_PAUSE, lambda: poll(until, rest))

        send("GET", answered)

    def send(method: str, done: Callable[[], None]) -> None:
        attempt(lambda: pace.enter(method, GROUP), lambda: at(clock.now + latency / 2, lambda: arrive(method, done)))

    def arrive(method: str, done: Callable[[], None]) -> None:
        status, headers, retry_after = service.answer(method, clock.now)

        def answered() -> None:
            pace.leave(method, GROUP, status, headers, retry_after)
            if status == 429:
                send(method, done)
            else:
                done()

        at(clock.now + latency / 2, answered)

    for _worker in range(workers):
        at(0.0, begin)
    while events:
        clock.now, _order, what = heapq.heappop(events)
        what()
    return Schedule(clock.now, service.refused)
