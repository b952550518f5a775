# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Checks the definition of a container group before it is sent. Pure.

The service decides what it accepts. A ``rule`` refuses before sending: the definition contradicts itself, or the real
service is recorded to refuse it, without evidence to the contrary. Exceeding a limit that is only documented is a
``doubt``: the definition is sent with a warning, and if the service refuses it, the doubt is given as the likely
reason. Both apply to what a task gives or changes, never to what the live group already has. Every check names its
evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .wire import get_path

Body = Mapping[str, Any]
"""The body of a PUT, in wire form."""

Problems = Iterator[tuple[str, str]]
"""Pairs of an option's path and a sentence about it."""


@dataclass(frozen=True)
class Check:
    """One rule or doubt."""

    name: str
    """A stable name for programs: ``volume_name``."""
    says: str
    """The requirement, in one sentence."""
    evidence: str
    """The source of the requirement, and its date."""
    find: Callable[[Body], Problems]
    late: bool = False
    """Whether the service may accept the request and fail later, when the old containers are already gone."""


@dataclass(frozen=True)
class Finding:
    """One problem that a check found."""

    rule: str
    path: str
    message: str
    evidence: str
    late: bool = False

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"

    def as_result(self) -> dict[str, str]:
        """The finding in the form of a task's result."""
        return {"rule": self.rule, "path": self.path, "message": self.message, "evidence": self.evidence}


def findings(checks: Iterable[Check], body: Body, live: Body | None = None) -> list[Finding]:
    """What the checks find in a body but not in the live group, in the order of the checks."""
    known = set() if live is None else set(_found(checks, live))
    return [finding for finding in _found(checks, body) if finding not in known]


def _found(checks: Iterable[Check], body: Body) -> list[Finding]:
    found = [
        Finding(check.name, path, message, check.evidence, check.late)
        for check in checks
        for path, message in check.find(body)
    ]
    return list(dict.fromkeys(found))


# -- helpers of the checks ---------------------------------------------------------------------------------------------


def properties_of(body: Body) -> Body:
    """``properties`` of a body; empty if there are none."""
    found = body.get("properties")
    return found if isinstance(found, Mapping) else {}


def objects(body: Body, path: str) -> list[dict[str, Any]]:
    """The dictionaries of the list at a path."""
    found = get_path(body, path)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def all_containers(body: Body) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each container and init container, with its option path."""
    for option, wire in (("containers", "containers"), ("init_containers", "initContainers")):
        for container in objects(properties_of(body), wire):
            yield f"{option}[{container.get('name')}]", container


def has_profile(body: Body) -> bool:
    """Whether a profile supplies what is missing in the body."""
    return get_path(body, "properties.containerGroupProfile") is not None


def number(value: Any) -> float:
    """A number as a float, 0 for anything else."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


def lower(value: Any, default: str = "") -> str:
    """The value of an enumeration in a form that can be compared."""
    return str(value or default).lower()
