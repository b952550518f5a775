# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""An asynchronous operation of Azure Resource Manager: no threads, no hidden sleeps, one request per poll."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .._common.errors import AzureError
from .exchange import Answer, retry_after
from .shapes import kind_of

SUCCEEDED = "succeeded"
ENDED = frozenset({SUCCEEDED, "failed", "canceled"})


@dataclass(frozen=True)
class OperationStatus:
    """The result of one poll. ``retry_after`` is in seconds, None if the service does not ask for a pause."""

    status: str
    done: bool
    succeeded: bool
    error: dict[str, Any] | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    retry_after: float | None = None


class Operation:
    """The operation that a write has started. If its answer names no status address, it is already complete."""

    def __init__(self, answer: Answer, get: Callable[[str], Answer]) -> None:
        self.initial: dict[str, Any] | None = answer.body() or None
        self.url: str | None = answer.headers.get("azure-asyncoperation")
        self._location = False
        if self.url is None and answer.status in (201, 202):
            self.url = answer.headers.get("location")
            self._location = self.url is not None
        self.retry_after = retry_after(answer.headers)
        self._get = get

    def poll(self) -> OperationStatus:
        """Ask once for the operation's status. Raises AzureError or ConnectionFailed."""
        if self.url is None:
            return OperationStatus("Succeeded", done=True, succeeded=True)
        answer = self._get(self.url)
        if self._location:
            self.url = answer.headers.get("location", self.url)
            return _status_of_location(answer)
        return _status_of_operation(answer)


def _status_of_operation(answer: Answer) -> OperationStatus:
    """An ``Azure-AsyncOperation`` resource reports its status in the body."""
    body = answer.body()
    if not isinstance(body.get("status") or "", str):
        reason = f"JSON in which status is {kind_of(body['status'])} instead of a string"
        raise AzureError(f"Could not follow the operation: {answer.misfit(reason)}", code="InvalidAnswer")
    status = str(body.get("status") or "InProgress")
    properties = body.get("properties")
    events = properties.get("events") if isinstance(properties, dict) else None
    return OperationStatus(
        status,
        done=status.lower() in ENDED,
        succeeded=status.lower() == SUCCEEDED,
        error=body.get("error") if isinstance(body.get("error"), dict) else None,
        events=[event for event in events if isinstance(event, dict)] if isinstance(events, list) else [],
        retry_after=retry_after(answer.headers),
    )


def _status_of_location(answer: Answer) -> OperationStatus:
    """A ``Location`` address reports the status by its HTTP status: 202 means not done yet."""
    done = answer.status != 202
    return OperationStatus("Succeeded" if done else "InProgress", done, done, retry_after=retry_after(answer.headers))
