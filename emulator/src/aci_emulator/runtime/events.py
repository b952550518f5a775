# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The events of a container or a group, counted like those of the service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..core.timestamps import event_time

NORMAL = "Normal"
WARNING = "Warning"
# The service does not keep events forever; its limit is unknown. This one bounds the memory of a long crash loop.
LIMIT = 100


class EventLog:
    """Events in the order of their first occurrence. A repeated event increases its count and last timestamp.

    They survive restarts, stops and starts of the group (recorded in 2024: one Started with count 2 after a restart),
    but not an update of its definition (recorded in 2019).
    """

    def __init__(self, events: list[dict[str, Any]] | None = None) -> None:
        self._events: list[dict[str, Any]] = [dict(event) for event in events or []]

    def record(self, when: datetime, name: str, message: str, kind: str = NORMAL) -> None:
        """Adds an occurrence of the event ``name`` with ``message``; ``kind`` is Normal or Warning."""
        stamp = event_time(when)
        for event in self._events:
            if event["name"] == name and event["message"] == message:
                event["count"] += 1
                event["lastTimestamp"] = stamp
                return
        self._events.append(
            {
                "count": 1,
                "firstTimestamp": stamp,
                "lastTimestamp": stamp,
                "name": name,
                "message": message,
                "type": kind,
            }
        )
        del self._events[:-LIMIT]

    def clear(self) -> None:
        """Removes all events."""
        self._events.clear()

    @property
    def newest(self) -> str:
        """The timestamp of the newest event; empty if there is none."""
        return max((str(event["lastTimestamp"]) for event in self._events), default="")

    def last(self, name: str = "") -> dict[str, Any] | None:
        """Returns the newest event, or the newest with a name; None if there is none. It must not be changed."""
        found = [event for event in self._events if name in ("", event["name"])]
        return max(reversed(found), key=lambda event: str(event["lastTimestamp"]), default=None)

    def wire(self) -> list[dict[str, Any]]:
        """Returns copies of the events in the form of the instance view."""
        return [dict(event) for event in self._events]

    def __bool__(self) -> bool:
        return bool(self._events)
