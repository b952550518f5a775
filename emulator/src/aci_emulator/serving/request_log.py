# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The newest requests, so that tests can count them. Secrets are masked before requests are logged."""

from __future__ import annotations

import time as clock
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import parse_qsl

MASK = "********"
_KEPT = 10_000
# Names, in lower case, whose values are always secret.
SECRET_NAMES = {
    "securevalue",
    "password",
    "storageaccountkey",
    "workspacekey",
    "protectedsettings",
    "client_secret",
    "client_assertion",
    "clientsecret",
    "access_token",
    "accesstoken",
    "secret",  # a secret volume: all its values
    "sig",
}


@dataclass
class LoggedRequest:
    """A request and its outcome. ``status`` is None if it got no answer; ``milliseconds`` are real time."""

    number: int
    time: str
    method: str
    path: str
    query: dict[str, str]
    principal: str | None = None
    body: Any = None
    status: int | None = None
    milliseconds: float | None = None
    faults: list[int] = field(default_factory=list)
    moment: float = field(default_factory=clock.monotonic)  # real seconds, because emulated time can be set

    def show(self) -> dict[str, Any]:
        """Returns the entry in the format of the control endpoint."""
        shown = asdict(self)
        del shown["moment"]
        return shown


class RequestLog:
    """The last ten thousand requests, without those to /emulator."""

    def __init__(self) -> None:
        self._entries: deque[LoggedRequest] = deque(maxlen=_KEPT)
        self._count = 0
        self._actions: dict[str, dict[str, None]] = {}

    def begin(self, time: str, method: str, path: str, query_string: bytes) -> LoggedRequest:
        """Adds a request; the caller fills in the rest of the entry later, with bodies through ``masked``."""
        self._count += 1
        pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)
        query = {name: MASK if name.lower() in SECRET_NAMES else value for name, value in pairs}
        entry = LoggedRequest(self._count, time, method, path, query)
        self._entries.append(entry)
        return entry

    def newest(self, *, after: int = 0) -> list[LoggedRequest]:
        """Returns the entries with numbers greater than ``after``, oldest first."""
        return [entry for entry in self._entries if entry.number > after]

    def note_actions(self, principal: str, actions: Iterable[str]) -> None:
        """Records the actions that a principal needed and was allowed by its role."""
        self._actions.setdefault(principal, {}).update(dict.fromkeys(actions))

    def actions(self, principal: str | None = None) -> list[str]:
        """Returns the distinct actions that a principal, or all, needed since the emulator's start."""
        return [*{action: None for name, each in self._actions.items() if principal in (None, name) for action in each}]

    def clear(self) -> None:
        """Removes the entries. Numbers continue, and the actions are kept."""
        self._entries.clear()


def masked(value: Any, *, depth: int = 0) -> Any:
    """Returns a copy of a JSON value with asterisks for secrets, without values that are nested too deeply."""
    if depth > 30:
        return None
    if isinstance(value, Mapping):
        return {
            name: _mask(each) if name.lower() in SECRET_NAMES else masked(each, depth=depth + 1)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [masked(each, depth=depth + 1) for each in value]
    return value


def _mask(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict.fromkeys(value, MASK)
    return None if value is None else MASK
