# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults on demand: what fails, for which requests, and how often."""

from __future__ import annotations

import fnmatch
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ANSWER = "answer"  # answers with a status and an error, without processing the request
DELAY = "delay"  # waits before processing the request
DISCONNECT = "disconnect"  # closes the connection before or after processing, without an answer
FAIL_OPERATION = "fail-operation"  # the operation that the request starts ends as Failed
HANG_OPERATION = "hang-operation"  # the operation that the request starts never ends
LOSE_POLL = "lose-poll"  # a poll of an operation gets no answer
STALE_READ = "stale-read"  # for some time after a write, reads show the previous state
EVICT = "evict"  # the spot group in the request is evicted before the request is processed
REPAIR = "repair"  # the platform repairs the group in the request before the request is processed
NO_CAPACITY = "no-capacity"  # the region has no capacity for the group that the request would create
QUOTA_LAG = "quota-lag"  # for some time after the deletion of a group, quotas still count it
KINDS = (
    ANSWER,
    DELAY,
    DISCONNECT,
    FAIL_OPERATION,
    HANG_OPERATION,
    LOSE_POLL,
    STALE_READ,
    EVICT,
    REPAIR,
    NO_CAPACITY,
    QUOTA_LAG,
)

_WRITES = ("PUT", "PATCH", "POST", "DELETE")
_METHODS = {
    FAIL_OPERATION: ("PUT", "POST", "DELETE"),
    HANG_OPERATION: ("PUT", "POST", "DELETE"),
    LOSE_POLL: ("GET",),
    STALE_READ: _WRITES,
    NO_CAPACITY: ("PUT",),
    QUOTA_LAG: ("DELETE",),
}
_PATHS = {
    NO_CAPACITY: ("*/containergroups/*",),
    QUOTA_LAG: ("*/containergroups/*",),
    LOSE_POLL: ("*/operations/*", "*/operationresults/*"),
}


class BadFault(ValueError):
    """The description of a fault is not valid; the text says why."""


@dataclass
class Fault:
    """One fault.

    It applies to requests whose method is one of ``methods`` (all if empty), and whose path matches one of ``paths``
    (shell patterns, ignoring case). Of these the first ``after`` pass, then at most ``times`` are hit (all if None),
    each with ``probability``; the same ``seed`` hits the same requests.
    """

    id: int
    kind: str
    methods: tuple[str, ...] = ()
    paths: tuple[str, ...] = ("*",)
    after: int = 0
    times: int | None = None
    probability: float = 1.0
    seed: int = 0
    status: int = 503
    code: str = "ServiceUnavailable"
    message: str = "The service is unavailable."
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    when: str = "before"
    seen: int = 0
    hits: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - reproducible on purpose

    def strikes(self, method: str, path: str) -> bool:
        """Counts a request and returns whether the fault hits it."""
        if self.methods and method not in self.methods:
            return False
        if not any(fnmatch.fnmatchcase(path.lower(), pattern.lower()) for pattern in self.paths):
            return False
        self.seen += 1
        if self.seen <= self.after or (self.times is not None and self.hits >= self.times):
            return False
        if self.probability < 1 and self._random.random() >= self.probability:
            return False
        self.hits += 1
        return True

    def describe(self) -> dict[str, Any]:
        """Returns the fault in the form of the control endpoint."""
        shown: dict[str, Any] = {
            "id": self.id,
            "kind": self.kind,
            "methods": list(self.methods),
            "paths": list(self.paths),
            "after": self.after,
            "times": self.times,
            "probability": self.probability,
            "seed": self.seed,
        }
        shown |= {name: getattr(self, name) for name in _DETAILS[self.kind]}
        return {**shown, "seen": self.seen, "hits": self.hits}


_DETAILS: dict[str, tuple[str, ...]] = {
    ANSWER: ("status", "code", "message", "headers"),
    DELAY: ("seconds",),
    DISCONNECT: ("when",),
    FAIL_OPERATION: ("code", "message"),
    HANG_OPERATION: (),
    LOSE_POLL: (),
    STALE_READ: ("seconds",),
    EVICT: (),
    REPAIR: ("seconds",),
    NO_CAPACITY: (),
    QUOTA_LAG: ("seconds",),
}


def details_of(kind: str) -> tuple[str, ...]:
    """Returns the fields that are specific to this kind."""
    return _DETAILS[kind]


class Faults:
    """The faults that are set. They last until the process ends, or until they are cleared."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._next = 1

    def add(self, description: Mapping[str, Any]) -> Fault:
        """Sets a fault as described by the control endpoint's JSON. Raises BadFault."""
        fault = read_fault(self._next, description)
        self._next += 1
        self._faults.append(fault)
        return fault

    def all(self) -> list[Fault]:
        """Returns the faults in the order in which they were set."""
        return list(self._faults)

    def remove(self, number: int) -> bool:
        """Removes one fault. Returns False if no fault has that number."""
        before = len(self._faults)
        self._faults = [fault for fault in self._faults if fault.id != number]
        return len(self._faults) < before

    def clear(self) -> None:
        """Removes all faults."""
        self._faults = []

    def striking(self, method: str, path: str) -> list[Fault]:
        """Counts a request, and returns the faults that hit it in the order in which they were set."""
        return [fault for fault in self._faults if fault.strikes(method, path)]


def read_fault(number: int, description: Mapping[str, Any]) -> Fault:
    """Returns the fault that JSON describes. Raises BadFault."""
    kind = description.get("kind")
    if kind not in KINDS:
        raise BadFault(f"kind must be one of {', '.join(KINDS)}")
    details = _DETAILS[kind]
    known = {"kind", "methods", "paths", "after", "times", "probability", "seed", *details}
    unknown = sorted(set(description) - known)
    if unknown:
        raise BadFault(f"{unknown[0]} is not valid for {kind}; valid are {', '.join(sorted(known))}")
    defaults: dict[str, Any] = {
        "methods": _METHODS.get(kind, ()),
        "paths": _PATHS.get(kind, ("*",)),
        "after": 0,
        "times": None,
        "probability": 1.0,
        "seed": 0,
    }
    if kind == FAIL_OPERATION:
        defaults |= {"code": "InternalServerError", "message": "The operation failed."}
    given = {**defaults, **{name: description[name] for name in description if description[name] is not None}}
    values: dict[str, Any] = {name: _READERS[name](name, value) for name, value in given.items() if name != "kind"}
    if kind in (DELAY, STALE_READ, QUOTA_LAG) and "seconds" not in values:
        raise BadFault(f"{kind} requires seconds")
    return Fault(id=number, kind=kind, **values)


def _texts(name: str, value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not all(isinstance(each, str) and each for each in values):
        raise BadFault(f"{name} must be a list of strings")
    return tuple(values)


def _methods(name: str, value: Any) -> tuple[str, ...]:
    return tuple(each.upper() for each in _texts(name, value))


def _count(name: str, value: Any) -> int | None:
    if value is None:
        return None
    if type(value) is not int or value < 0:
        raise BadFault(f"{name} must be a whole number, 0 or more")
    return value


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1e9:
        raise BadFault(f"{name} must be a number, 0 or more")
    return float(value)


def _probability(name: str, value: Any) -> float:
    number = _number(name, value)
    if number > 1:
        raise BadFault(f"{name} must be from 0 to 1")
    return number


def _status(name: str, value: Any) -> int:
    if type(value) is not int or not 200 <= value <= 599:
        raise BadFault(f"{name} must be an HTTP status from 200 to 599")
    return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadFault(f"{name} must be a string")
    return value


def _headers(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(_is_header(key, each) for key, each in value.items()):
        raise BadFault(f"{name} must be an object of strings in ASCII")
    return dict(value)


def _is_header(name: str, value: Any) -> bool:
    clean = isinstance(value, str) and value.isascii() and value.isprintable()
    return clean and bool(name) and name.isascii() and name.replace("-", "").isalnum()


def _when(name: str, value: Any) -> str:
    if value not in ("before", "after"):
        raise BadFault(f"{name} must be before or after")
    return str(value)


_READERS = {
    "methods": _methods,
    "paths": _texts,
    "after": _count,
    "times": _count,
    "probability": _probability,
    "seed": _count,
    "status": _status,
    "code": _text,
    "message": _text,
    "headers": _headers,
    "seconds": _number,
    "when": _when,
}
