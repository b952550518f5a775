# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resource Manager's own throttling: token buckets for reads and writes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ..arm.errors import ArmError
from ..core.clock import Clock

READS = "reads"
WRITES = "writes"


@dataclass(frozen=True)
class Rate:
    """A bucket of ``size`` requests that is refilled by ``refill`` per second (of emulated time)."""

    size: int
    refill: float

    @classmethod
    def parse(cls, text: str) -> Rate:
        """Reads ``SIZE:REFILL``, "250:25". Raises ValueError."""
        size, _, refill = text.partition(":")
        rate = cls(int(size), float(refill) if refill else int(size) / 10)
        if rate.size < 0 or not 0 < rate.refill < float("inf"):
            raise ValueError(f"{text} is not SIZE:REFILL, for example 250:25")
        return rate


# Sizes as recorded in 2025 (after the first request, 16499 reads and 11999 writes are left).
DEFAULT_RATES = {READS: Rate(16500, 1650), WRITES: Rate(12000, 1200)}


@dataclass
class _Bucket:
    level: float
    filled_at: float


class Throttle:
    """Counts requests per subscription and principal."""

    def __init__(self, clock: Clock, rates: dict[str, Rate] | None = None) -> None:
        self._clock = clock
        self._own = {**DEFAULT_RATES, **(rates or {})}
        self.rates = dict(self._own)
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}

    def take(self, kind: str, subscription: str, principal: str) -> dict[str, str]:
        """Counts one request and returns the headers with the number of remaining ones.

        Raises ArmError 429 with ``Retry-After`` (real seconds) if none is left.
        """
        rate = self.rates[kind]
        now = self._clock.time()
        bucket = self._buckets.setdefault((kind, subscription, principal), _Bucket(rate.size, now))
        bucket.level = min(rate.size, bucket.level + (now - bucket.filled_at) * rate.refill)
        bucket.filled_at = now
        if bucket.level < 1:
            wait = (1 - bucket.level) / rate.refill / self._clock.speed
            seconds = max(1, math.ceil(wait))
            word = "read" if kind == READS else "write"
            raise ArmError(
                429,
                "SubscriptionRequestsThrottled",
                f"Number of '{word}' requests for subscription '{subscription}' actor '{principal}' exceeded. Please "
                f"try again after '{seconds}' seconds after additional tokens are available. Refer to "
                "https://aka.ms/arm-throttling for additional information.",
                headers={"Retry-After": str(seconds), _header(kind): "0"},
                gateway=True,
            )
        bucket.level -= 1
        return {_header(kind): str(int(bucket.level))}

    def replace(self, rates: Mapping[str, Rate] | None) -> None:
        """Changes the sizes of buckets, and fills all of them; None restores the original sizes."""
        self.rates = dict(self._own) if rates is None else {**self.rates, **rates}
        self._buckets.clear()

    def describe(self) -> dict[str, str]:
        """Returns the rates of the buckets as ``SIZE:REFILL``, for ``Rate.parse``."""
        return {kind: f"{rate.size}:{rate.refill:g}" for kind, rate in self.rates.items()}

    def reset(self) -> None:
        """Fills all buckets."""
        self._buckets.clear()


def _header(kind: str) -> str:
    return f"x-ms-ratelimit-remaining-subscription-global-{kind}"
