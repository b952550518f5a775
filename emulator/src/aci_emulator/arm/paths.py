# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The path of a request to Resource Manager: its segments, and what they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from .errors import ArmError


@dataclass
class ArmPath:
    """A parsed path. Names keep the caller's case; literal segments have the service's."""

    segments: list[str]
    subscription: str | None = None
    resource_group: str | None = None
    namespace: str | None = None
    types: list[str] = field(default_factory=list)  # containerGroups, containers, ...
    names: list[str] = field(default_factory=list)  # one per type; one fewer if the path ends in a collection or action

    @property
    def path(self) -> str:
        """The decoded path, with canonical literals and without empty segments."""
        return "/" + "/".join(self.segments)

    @property
    def raw_path(self) -> bytes:
        """The same, percent-encoded."""
        return ("/" + "/".join(quote(each, safe="") for each in self.segments)).encode()

    @property
    def resource(self) -> str:
        """The path of the requested resource, without the action at the end of a POST."""
        return self.path if len(self.types) == len(self.names) else self.path.rpartition("/")[0]

    @property
    def kind(self) -> str:
        """The type with its namespace: ``Microsoft.ContainerInstance/containerGroups``."""
        return f"{self.namespace}/{self.type_name}"

    @property
    def type_name(self) -> str:
        """The full type without the namespace: ``containerGroups/containers``."""
        return "/".join(self.types)


def split(raw_path: bytes) -> list[str]:
    """Returns the decoded segments of a raw path, without empty ones.

    Raises ArmError 400 for what no name may contain: a slash, a control character, bytes that are not UTF-8.
    """
    segments = []
    for raw in raw_path.decode("ascii", errors="replace").split("/"):
        if not raw:
            continue
        try:
            segment = unquote(raw, errors="strict")
        except UnicodeDecodeError:
            segment = "\0"
        if "/" in segment or any(ord(character) < 32 or ord(character) == 127 for character in segment):
            raise ArmError(
                400, "BadRequest", "The request URI contains characters that are not allowed in it.", gateway=True
            )
        segments.append(segment)
    return segments


def parse(segments: list[str], literals: Mapping[str, str]) -> ArmPath:
    """Parses segments. ``literals`` maps literal segments in lower case to their canonical form."""
    segments = list(segments)
    result = ArmPath(segments)
    position = 0
    if segments and segments[0].lower() == "subscriptions":
        segments[0] = "subscriptions"
        if len(segments) > 1:
            result.subscription = segments[1]
        position = 2
        if len(segments) > 2 and segments[2].lower() == "resourcegroups":
            segments[2] = "resourceGroups"
            if len(segments) > 3:
                result.resource_group = segments[3]
            position = 4
    for index in range(position, len(segments), 2):
        segments[index] = literals.get(segments[index].lower(), segments[index])
        if segments[index] == "providers" and index + 1 < len(segments):
            # The last namespace counts: the path of an extension resource begins with that of its parent.
            result.namespace = segments[index + 1] = literals.get(segments[index + 1].lower(), segments[index + 1])
            return _parse_types(result, index + 2, literals)
    return result


def literals_of(paths: Iterable[str]) -> dict[str, str]:
    """Returns the literal segments of route paths, by their form in lower case."""
    return {
        segment.lower(): segment
        for path in paths
        for segment in path.split("/")
        if segment and not segment.startswith("{")
    }


def _parse_types(result: ArmPath, position: int, literals: Mapping[str, str]) -> ArmPath:
    segments = result.segments
    result.types, result.names = [], []
    for index in range(position, len(segments)):
        if (index - position) % 2:
            result.names.append(segments[index])
            continue
        segments[index] = literals.get(segments[index].lower(), segments[index])
        if segments[index] == "providers" and index + 1 < len(segments):
            result.namespace = segments[index + 1] = literals.get(segments[index + 1].lower(), segments[index + 1])
            return _parse_types(result, index + 2, literals)
        result.types.append(segments[index])
    return result
