# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The pace that the service allows, kept from the first request on.

Azure Resource Manager has a bucket of reads, of writes and of deletes for a subscription and identity, which fills up
by a tenth of its size each second. Container Instances counts the creates and deletes of groups besides, within five
minutes and within an hour. What is left stands in the headers of the answers; until the first one says so, the
documented numbers count. A task that runs into these limits is refused, and then waits longer than it had to.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from .._common.limits import BUCKETS, CREATIONS, DELETIONS, WINDOWS, Bucket, Window
from .._common.wait import Clock

SHORTEST = 0.005
"""Seconds: no pause is shorter, whatever rounding leaves."""

UNDER_WAY = 1.0
"""Seconds after which it is looked again whether requests under way have been answered, if all that counts is such."""

ASK_AGAIN = 15.0
"""Seconds after which one request finds out whether others still use what the service allows."""

_LEFT = re.compile(r"x-ms-ratelimit-remaining-subscription-(?:global-)?(?P<kind>reads|writes|deletes)")
_WINDOW_LEFT = "x-ms-ratelimit-remaining-subscription-resource-requests-"
_GROUP = re.compile(r"/providers/microsoft\.containerinstance/containergroups/[^/?]+(?:\?|$)", re.IGNORECASE)


@dataclass
class _Level:
    """What a bucket holds."""

    bucket: Bucket
    tokens: float
    filled_at: float
    under_way: int = 0
    open_at: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until a request may begin."""
        self.tokens = min(self.bucket.size, self.tokens + (now - self.filled_at) * self.bucket.refill)
        self.filled_at = now
        missing = 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.bucket.refill
        return max(missing, self.open_at - now)


@dataclass
class _Sent:
    """A request that counts in a window: when its turn came, and when it was answered.

    In between, the service counted it, perhaps much later than its turn came: it may have waited for another limit.
    """

    began: float
    ended: float | None = None


@dataclass
class _Count:
    """What was sent within a window."""

    window: Window
    limit: int
    sent: list[_Sent] = field(default_factory=list)
    last: float = 0.0
    open_at: float = 0.0

    def begin(self, now: float) -> None:
        """Count a request that is about to be sent, or a turn for it."""
        self.sent.append(_Sent(now))
        self.last = now

    def end(self, now: float, counted: bool) -> None:
        """Count the oldest request under way as answered now; not at all if it was not sent, or refused."""
        found = self._under_way()
        if found is None:
            return
        if counted:
            found.ended = now
        else:
            self.sent.remove(found)

    def learn(self, left: int, now: float) -> None:
        """Take over what an answer says is left: others may have used a part, or the limit may be another one.

        The service counts what was answered for as long as it was sent within the window. What is under way may not be
        counted yet.
        """
        edge = now - self.window.seconds
        self.limit = left + sum(each.ended is not None and each.began > edge for each in self.sent)

    def wait(self, now: float) -> float:
        """Seconds until a request may begin."""
        if now < self.open_at:
            return self.open_at - now
        edge = now - self.window.seconds
        self.sent = [each for each in self.sent if each.ended is None or each.ended > edge]
        if len(self.sent) < self.limit:
            return 0.0
        if not self.sent:
            return 0.0  # none of our requests is in the way, so only an answer shows what is left
        # Of more than the limit, so many have to become old first.
        wait = sorted(self._left(each, now) for each in self.sent)[max(0, len(self.sent) - max(1, self.limit))]
        if self.limit < self.window.limit:
            # Others use a part, and when theirs become old is not known: one request asks now and then.
            wait = min(wait, self.last + ASK_AGAIN - now)
        return wait

    def _left(self, each: _Sent, now: float) -> float:
        """Seconds for which a request still counts; at least, if it is under way."""
        if each.ended is not None:
            return each.ended + self.window.seconds - now
        return max(UNDER_WAY, each.began + self.window.seconds - now)

    def _under_way(self) -> _Sent | None:
        return next((each for each in self.sent if each.ended is None), None)


class Pace:
    """The pace of one task. All of its requests pass here, from whichever thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        now = clock.monotonic()
        self._levels = {kind: _Level(bucket, bucket.size, now) for kind, bucket in BUCKETS.items()}
        self._counts = {
            action: [_Count(window, window.limit) for window in WINDOWS] for action in (CREATIONS, DELETIONS)
        }
        self._reserved: defaultdict[tuple[int, str], int] = defaultdict(int)
        self._queues: defaultdict[tuple[str | None, str | None], threading.Lock] = defaultdict(threading.Lock)

    def reserve(self, action: str) -> None:
        """Wait for the turn to create or delete a group, so that the time that this takes is not the group's own.

        The next such request of this thread has the turn; ``release`` gives back one that was not used.
        """
        self._pass(None, action)
        with self._lock:
            self._reserved[threading.get_ident(), action] += 1

    def release(self) -> None:
        """Give back the turns that this thread has not used."""
        with self._lock:
            for action, counts in self._counts.items():
                for _turn in range(self._reserved.pop((threading.get_ident(), action), 0)):
                    for count in counts:
                        count.end(self._clock.monotonic(), counted=False)

    def enter(self, method: str, url: str) -> None:
        """Wait until a request may be sent."""
        action = _action(method, url)
        if action is not None:
            with self._lock:
                key = (threading.get_ident(), action)
                if self._reserved[key]:
                    self._reserved[key] -= 1
                    action = None
        self._pass(_kind(method), action)

    def leave(
        self, method: str, url: str, status: int | None, headers: Mapping[str, str], retry_after: float | None
    ) -> None:
        """Learn from an answer what is left; None where there was no answer."""
        kind, action = _kind(method), _action(method, url)
        with self._lock:
            now = self._clock.monotonic()
            level = self._levels[kind]
            level.under_way -= 1
            counts = [] if action is None else self._counts[action]
            for count in counts:
                count.end(now, counted=status != 429)
                if status == 429:
                    count.open_at = max(count.open_at, now + (retry_after or 0.0))
            for name, value in headers.items():
                self._learn(name.lower(), value, kind, action)
            if status == 429 and retry_after is not None and action is None:
                level.open_at = max(level.open_at, now + retry_after)

    def _learn(self, name: str, value: str, kind: str, action: str | None) -> None:
        if not value.isdecimal():
            return
        found = _LEFT.fullmatch(name)
        if found is not None and found["kind"] == kind:
            level = self._levels[kind]
            # What is under way may not be counted yet.
            level.tokens = min(level.tokens, int(value) - level.under_way)
            if int(value) > level.bucket.size:
                level.bucket = Bucket(int(value) + 1, (int(value) + 1) / 10)
                level.tokens = int(value) - level.under_way
        elif name.startswith(_WINDOW_LEFT) and action is not None:
            for count in self._counts[action]:
                if name == _WINDOW_LEFT + count.window.name:
                    count.learn(int(value), self._clock.monotonic())

    def _pass(self, kind: str | None, action: str | None) -> None:
        with self._lock:
            queue = self._queues[kind, action]
        # Only the first of those that wait watches the clock. Otherwise each token would wake them all, for one to get
        # it: with many workers that costs more processor time than the requests do.
        with queue:
            while (wait := self._begin(kind, action)) > 0:
                self._clock.sleep(max(SHORTEST, wait))

    def _begin(self, kind: str | None, action: str | None) -> float:
        """Count a request as begun where it may begin now; otherwise, seconds until it may."""
        with self._lock:
            now = self._clock.monotonic()
            counts = [] if action is None else self._counts[action]
            waits = [count.wait(now) for count in counts]
            if kind is not None:
                waits.append(self._levels[kind].wait(now))
            wait = max(waits, default=0.0)
            if wait <= 0:
                for count in counts:
                    count.begin(now)
                if kind is not None:
                    self._levels[kind].tokens -= 1
                    self._levels[kind].under_way += 1
            return wait


def _kind(method: str) -> str:
    return {"GET": "reads", "HEAD": "reads", "DELETE": "deletes"}.get(method, "writes")


def _action(method: str, url: str) -> str | None:
    """What Container Instances counts a request as; None for one that it does not count."""
    if method not in ("PUT", "DELETE") or not _GROUP.search(url):
        return None
    return CREATIONS if method == "PUT" else DELETIONS
