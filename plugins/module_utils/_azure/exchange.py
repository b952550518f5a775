# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Pure: a request to Azure Resource Manager, and the answer to it."""

from __future__ import annotations

import json
import time
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cached_property
from math import isfinite
from typing import Any
from urllib.parse import quote, urlencode

from .shapes import kind_of

NAMESPACE = "Microsoft.ContainerInstance"
POLICY_NAMESPACE = "Microsoft.PolicyInsights"

RESOURCES_API_VERSION = "2022-09-01"
"""The API version for Azure Resource Manager's own resources: resource groups, lists of resources, providers."""


@dataclass(frozen=True)
class Request:
    """A request to Azure Resource Manager.

    ``path`` begins with a slash and is URL-quoted, ``query`` is not. ``expected`` contains the statuses that mean
    success: something that answers in Azure's place, such as a proxy, must not be mistaken for Azure.
    """

    method: str
    path: str
    api_version: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    expected: Container[int] = range(200, 300)

    def url(self, endpoint: str) -> str:
        """The absolute URL, below that of the resource manager."""
        query = urlencode({"api-version": self.api_version, **self.query}, quote_via=quote, safe="$")
        return f"{endpoint}{self.path}?{query}"


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
