# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The documented request limits of the service, and the minimum time that many requests take under them. Pure.

Azure Resource Manager: https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
Container Instances: https://learn.microsoft.com/azure/container-instances/container-instances-resource-and-quota-limits
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Bucket:
    """A token bucket: ``size`` requests at once, and ``refill`` more each second."""

    size: int
    refill: float

    def seconds_of(self, requests: int) -> float:
        """The minimum number of seconds for this many requests, starting with a full bucket."""
        return max(0.0, (requests - self.size) / self.refill)


@dataclass(frozen=True)
class Window:
    """A time window, named as in the service's headers, and the number of requests allowed in it."""

    name: str
    seconds: float
    limit: int

    def seconds_of(self, requests: int) -> float:
        """The minimum number of seconds for this many requests, starting with an unused window."""
        return max(0, -(-requests // self.limit) - 1) * self.seconds


BUCKETS: Final = {"reads": Bucket(250, 25.0), "writes": Bucket(200, 10.0), "deletes": Bucket(200, 10.0)}

CREATIONS: Final = "creations"
DELETIONS: Final = "deletions"
WINDOWS: Final = (Window("pt5m", 300.0, 100), Window("pt1h", 3600.0, 300))


def least_seconds(reads: int = 0, creations: int = 0, deletions: int = 0, other_writes: int = 0) -> float:
    """The minimum number of seconds for these requests under the limits, if no other client sends any."""
    return max(
        BUCKETS["reads"].seconds_of(reads),
        BUCKETS["writes"].seconds_of(creations + other_writes),
        BUCKETS["deletes"].seconds_of(deletions),
        *(window.seconds_of(number) for window in WINDOWS for number in (creations, deletions)),
    )
