# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""An asynchronous operation of Azure Resource Manager: no threads, no hidden sleeps, one request per poll."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cached_property
from math import isfinite
from typing import Any

from .._common.errors import AzureError
from .shapes import kind_of

SUCCEEDED = "succeeded"
ENDED = frozenset({SUCCEEDED, "failed", "canceled"})


@dataclass(frozen=True)
class Answer:
    """An HTTP response. ``headers`` have lower-case names; ``text`` is the body, ``garbled`` if it was not UTF-8."""

    status: int
    headers: Mapping[str, str]
    text: str = ""
    origin: str = "the endpoint"
    garbled: bool = False

    def json(self) -> Any:
        """The parsed body, or None if it is empty or not JSON."""
        return self._parsed[0]

    @cached_property
    def _parsed(self) -> tuple[Any, str | None]:
        """The body's JSON, and what is wrong with it."""
        if not self.text.strip():
            return None, "an empty body"
        kind = "".join(char for char in self.headers.get("content-type", "")[:100] if char.isprintable())
        if self.garbled:
            return None, "a body that is not UTF-8"
        try:
            return json.loads(self.text, parse_float=_finite, parse_constant=_finite), None
        except RecursionError:
            return None, "JSON that is nested too deeply"
        except ValueError:
            pass
        if self.text.lstrip().startswith("<"):
            return None, f"a web page or XML ({kind or 'no content type'})"
        if "json" in kind:
            return None, "JSON that is damaged or cut off"
        return None, f"something other than JSON ({kind or 'no content type'})"

    def body(self) -> dict[str, Any]:
        """The JSON object in the body, or an empty one if there is none."""
        found = self.json()
        return found if isinstance(found, dict) else {}

    def fault(self, empty: bool = False) -> str | None:
        """What the body is instead of a JSON object, or None if it is one. ``empty`` accepts an empty body too."""
        found, fault = self._parsed
        if fault is None:
            return None if isinstance(found, dict) else f"{kind_of(found)} instead of a JSON object"
        return None if empty and not self.text.strip() else fault

    def misfit(self, reason: str) -> str:
        """Two sentences: what is wrong with a response that cannot be Azure's, and the likely reason."""
        return (
            f"{self.origin} answered with status {self.status} and {reason}. Something other than Azure may have "
            "answered, such as a proxy or the sign-in page of a network: check the configured endpoints and the proxy."
        )


def _finite(text: str) -> float:
    """A number that is valid in JSON and HTTP: neither NaN nor infinite. Raises ValueError."""
    found = float(text)
    if not isfinite(found):
        raise ValueError(text)
    return found


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


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the service asks to wait, which it may give in milliseconds, in seconds or as a date."""
    for name in ("x-ms-retry-after-ms", "retry-after-ms"):
        if name in headers:
            try:
                return max(0.0, _finite(headers[name]) / 1000)
            except ValueError:
                continue
    value = headers.get("retry-after")
    if value is None:
        return None
    try:
        return max(0.0, _finite(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
