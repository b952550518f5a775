# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups that a region has accepted, but has no capacity for.

Quoted in Azure-Landing-Zones #472 (2025): about half a minute after the PUT the operation fails, with the event
"InsufficientCapacity." whose message is that of ServiceUnavailable. Documented: the group stays, and the service keeps
trying.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.clock import Clock
from ...core.timestamps import long_time
from ...runtime.glance import Glance, Trouble
from ...runtime.supervisor import FAILED, PENDING, GroupView
from ..definition.validation import unavailable

EVENT = "InsufficientCapacity."


def shortage(properties: Mapping[str, Any], location: str, clock: Clock) -> dict[str, Any]:
    """The part of a group's record while there is no capacity for it: the event that will report it."""
    error = unavailable(properties, properties.get("containers") or [], location)
    stamp = long_time(clock.now())
    return {
        "failed": False,
        "event": {
            "count": 1,
            "firstTimestamp": stamp,
            "lastTimestamp": stamp,
            "name": EVENT,
            "message": error.message,
            "type": "Warning",
        },
    }


def view(record: Mapping[str, Any]) -> GroupView:
    """The instance view of a group without capacity: pending, without containers."""
    kept = record["shortage"]
    names = [
        [each["name"] for each in record["properties"].get(kind) or []] for kind in ("containers", "initContainers")
    ]
    return GroupView(
        phase=FAILED if kept["failed"] else PENDING,
        state="Pending",
        code=EVENT if kept["failed"] else "",
        message=kept["event"]["message"] if kept["failed"] else "",
        events=[kept["event"]] if kept["failed"] else [],
        containers=dict.fromkeys(names[0]),
        init_containers=dict.fromkeys(names[1]),
    )


def glance(record: Mapping[str, Any]) -> Glance:
    """The summary of a group without capacity, which shows the problem before its operation fails."""
    event = record["shortage"]["event"]
    return Glance(
        state="Pending",
        trouble=Trouble(event["name"].rstrip("."), event["message"]),
        containers=len(record["properties"].get("containers") or []),
        newest=event["lastTimestamp"] if record["shortage"]["failed"] else "",
    )
