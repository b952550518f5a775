# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The asynchronous operations of container groups.

Recorded from 2018 to 2025: the URL has api-version 2018-06-01, whatever the request had; the body is
`{"id", "status", "startTime", "properties": {"events"}}`; the status is first Pending, then Creating (create, start),
Creating (update) or Updating (restart), then Succeeded or Failed. The operation of a group from a standby pool has no
properties.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from ...core.clock import Clock
from ...core.store import Store
from ...core.timestamps import long_time
from ..definition.registration import NAMESPACE

API_VERSION = "2018-06-01"
PENDING = "Pending"
CREATING = "Creating"
UPDATING = "Updating"
SUCCEEDED = "Succeeded"
FAILED = "Failed"
REPAIRING = "Repairing"  # the state of a group while the platform repairs it; operations never have this status

_KIND = "container_operations"
_KEPT = 10


class Operations:
    """Operations by ID; the last ten of each group are kept."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def begin(self, subscription: str, region: str, group_id: str, status: str) -> dict[str, Any]:
        """Starts an operation on the group with this ID: `{"name", "subscription", "region", "id", "status", ...}`."""
        name = str(uuid.uuid4())
        operation: dict[str, Any] = {
            "name": name,
            "subscription": subscription,
            "region": region,
            "id": group_id,
            "status": status,
            "startTime": long_time(self._clock.now()),
            "events": [],
        }
        self._store.put(_KIND, name, operation)
        return operation

    def advance(self, name: str, status: str, events: list[dict[str, Any]]) -> None:
        """Updates the progress of an operation, unless it has ended."""
        operation = self._store.get(_KIND, name)
        if operation is not None and not ended(operation):
            self._store.put(_KIND, name, {**operation, "status": status, "events": events})

    def finish(
        self,
        name: str,
        status: str,
        events: list[dict[str, Any]] | None,
        error: Mapping[str, Any] | None = None,
    ) -> None:
        """Ends an operation, unless it has ended. It has no properties if `events` is None."""
        operation = self._store.get(_KIND, name)
        if operation is None or ended(operation):
            return
        operation["status"] = status
        operation["events"] = events
        if error is not None:
            operation["error"] = dict(error)
        self._store.put(_KIND, name, operation)

    def get(self, name: str) -> dict[str, Any] | None:
        """The operation with this ID, or None."""
        return self._store.get(_KIND, name.lower())

    def forget(self, names: list[str]) -> list[str]:
        """Removes all but the last operations of a group. Returns the names of those that are kept."""
        for name in names[:-_KEPT]:
            self._store.delete(_KIND, name)
        return names[-_KEPT:]


def path(operation: Mapping[str, Any], kind: str = "operations") -> str:
    """The path and query of the operation resource, or of its result with the kind `operationresults`."""
    return (
        f"/subscriptions/{operation['subscription']}/providers/{NAMESPACE}/locations/{operation['region']}"
        f"/{kind}/{operation['name']}?api-version={API_VERSION}"
    )


def ended(operation: Mapping[str, Any]) -> bool:
    """Whether an operation has ended, successfully or not."""
    return operation["status"] in (SUCCEEDED, FAILED)


def body(operation: Mapping[str, Any]) -> dict[str, Any]:
    """The operation in the form of a response."""
    answer = {"id": operation["id"], "status": operation["status"], "startTime": operation["startTime"]}
    if operation["events"] is not None:
        answer["properties"] = {"events": operation["events"]}
    if "error" in operation:
        answer["error"] = operation["error"]
    return answer
