# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shapes of JSON values, which read requests and write responses.

A shape reads a value in a request (types, spelling of enumerations, defaults, unknown members), and writes a stored
value to a response (order of keys, without secrets). The shapes of a container group are in `models`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from ...arm.errors import ArmError
from .versions import at_least

Unknown = Literal["drop", "keep", "refuse"]


@dataclass(frozen=True)
class Reading:
    """The context for reading: the request's API version, how to treat unknown members, and the group's name."""

    version: str
    unknown: Unknown = "drop"
    group: str = ""


def malformed(reason: str) -> ArmError:
    """The refusal of a body that cannot be understood (400)."""
    return ArmError(
        400, "InvalidRequestContent", f"The request content was invalid and could not be deserialized: '{reason}'."
    )


def _unconvertible(value: Any, kind: str, path: str) -> ArmError:
    if isinstance(value, Mapping):
        return malformed(f"Unexpected character encountered while parsing value: {{. Path '{path}'")
    if isinstance(value, list):
        return malformed(f"Unexpected character encountered while parsing value: [. Path '{path}'")
    # The value itself is not quoted, because it may be a secret.
    return malformed(f"Error converting value to type '{kind}'. Path '{path}'")


class Shape:
    """A kind of JSON value."""

    def read(self, value: Any, path: str, reading: Reading) -> Any:
        """The canonical form of a value in a request. Raises ArmError 400."""
        raise NotImplementedError

    def write(self, value: Any) -> Any:
        """The value in the form of a response."""
        return value


@dataclass(frozen=True)
class Text(Shape):
    """A string; numbers and booleans are converted to strings, as by the service's parser."""

    def read(self, value: Any, path: str, reading: Reading) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return str(value)
        raise _unconvertible(value, "System.String", path)


# ISO 8601: either weeks, or years to seconds, each optional but not all missing; only seconds may have a fraction.
_DURATION = re.compile(
    r"P(?:\d+W|(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?)", re.ASCII
)


@dataclass(frozen=True)
class Duration(Shape):
    """An ISO 8601 duration such as PT1H, kept as it was sent."""

    def read(self, value: Any, path: str, reading: Reading) -> str:
        if not isinstance(value, str) or _DURATION.fullmatch(value) is None:
            raise _unconvertible(value, "System.TimeSpan", path)
        return value


@dataclass(frozen=True)
class Integer(Shape):
    """A 32-bit integer; also accepted as a string, as users of `az container create --file` write it."""

    def read(self, value: Any, path: str, reading: Reading) -> int:
        if isinstance(value, str):
            try:
                value = int(value.strip())
            except ValueError:
                raise _unconvertible(value, "System.Int32", path) from None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not -(2**31) <= value < 2**31:
            raise _unconvertible(value, "System.Int32", path)
        return value


@dataclass(frozen=True)
class Number(Shape):
    """A number that is written with a decimal (1.0), as recorded for cpu and memoryInGB."""

    def read(self, value: Any, path: str, reading: Reading) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise _unconvertible(value, "System.Double", path)
        try:
            number = float(value)
        except (ValueError, OverflowError):
            raise _unconvertible(value, "System.Double", path) from None
        if number != number or number in (float("inf"), float("-inf")):
            raise _unconvertible(value, "System.Double", path)
        return number


@dataclass(frozen=True)
class Boolean(Shape):
    """True or false; also accepted as a string, ignoring case."""

    def read(self, value: Any, path: str, reading: Reading) -> bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().lower() in ("true", "false"):
            return value.strip().lower() == "true"
        raise _unconvertible(value, "System.Boolean", path)


@dataclass(frozen=True)
class Choice(Shape):
    """One of several words, matched ignoring case and returned in the service's spelling.

    `code` is the error code for other words; the message has the form that is known for osType.
    """

    values: tuple[str, ...]
    code: str
    message: str = "The '{field}' for container group '{group}' is invalid. The value must be one of '{values}'."

    def read(self, value: Any, path: str, reading: Reading) -> str:
        if isinstance(value, str):
            for word in self.values:
                if word.lower() == value.lower():
                    return word
        elif not isinstance(value, int | float):
            raise _unconvertible(value, "System.String", path)
        raise ArmError(
            400,
            self.code,
            self.message.format(field=path.rpartition(".")[2], group=reading.group, values=",".join(self.values)),
        )


@dataclass(frozen=True)
class Anything(Shape):
    """Any JSON value, kept unchanged."""

    def read(self, value: Any, path: str, reading: Reading) -> Any:
        return value


@dataclass(frozen=True)
class Object(Shape):
    """A JSON object with any members, kept unchanged."""

    def read(self, value: Any, path: str, reading: Reading) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise malformed(f"Error converting value to an object. Path '{path}'")
        return dict(value)


@dataclass(frozen=True)
class ListOf(Shape):
    """A JSON array whose items have one shape."""

    item: Shape

    def read(self, value: Any, path: str, reading: Reading) -> list[Any]:
        if not isinstance(value, list):
            raise malformed(f"Cannot deserialize the current JSON value into an array. Path '{path}'")
        items = []
        for index, item in enumerate(value):
            if item is None:
                raise malformed(f"An array element is null. Path '{path}[{index}]'")
            items.append(self.item.read(item, f"{path}[{index}]", reading))
        return items

    def write(self, value: Any) -> Any:
        return [self.item.write(item) for item in value]


@dataclass(frozen=True)
class MapOf(Shape):
    """A JSON object whose members have one shape; nulls are omitted."""

    item: Shape

    def read(self, value: Any, path: str, reading: Reading) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise malformed(f"Cannot deserialize the current JSON value into a dictionary. Path '{path}'")
        return {key: self.item.read(item, f"{path}.{key}", reading) for key, item in value.items() if item is not None}

    def write(self, value: Any) -> Any:
        return {key: self.item.write(item) for key, item in value.items()}


@dataclass(frozen=True)
class SecretMap(MapOf):
    """A map whose content is secret: a response shows `{}` (recorded for secret volumes)."""

    item: Shape = field(default_factory=Text)

    def write(self, value: Any) -> Any:
        return {}


@dataclass(frozen=True)
class Field:
    """One member of an object.

    `secret`: read and stored, but never written. `read_only`: written, but ignored if sent. `since`: the API version
    that introduced it, if known; older requests do not define it. `until`: the version that removed it. `absent`: later
    versions that do not define it. `default`: filled in if not sent.
    """

    name: str
    shape: Shape
    secret: bool = False
    read_only: bool = False
    since: str = ""
    until: str = ""
    absent: tuple[str, ...] = ()
    default: Any = None

    def defined(self, version: str) -> bool:
        """Whether an API version defines the member."""
        if version in self.absent or (self.until and at_least(version, self.until)):
            return False
        return not self.since or at_least(version, self.since)


@dataclass(frozen=True)
class Record(Shape):
    """A JSON object with the declared members, in the order of responses."""

    fields: Sequence[Field]

    def read(self, value: Any, path: str, reading: Reading) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise malformed(f"Cannot deserialize the current JSON value into an object. Path '{path}'")
        sent = {key.lower(): item for key, item in value.items()}
        prefix = f"{path}." if path else ""
        result: dict[str, Any] = {}
        known = set()
        for declared in self.fields:
            known.add(declared.name.lower())
            if declared.read_only:
                continue
            item = sent.get(declared.name.lower())
            if item is not None and not declared.defined(reading.version):
                if reading.unknown == "refuse":
                    raise malformed(f"Could not find member '{declared.name}' in API version '{reading.version}'")
                item = None
            if item is None:
                item = declared.default
            if item is not None:
                result[declared.name] = declared.shape.read(item, prefix + declared.name, reading)
        for key, item in value.items():
            if key.lower() in known or item is None:
                continue
            if reading.unknown == "refuse":
                raise malformed(f"Could not find member '{key}' on object. Path '{prefix}{key}'")
            if reading.unknown == "keep":
                result[key] = item
        return result

    def write(self, value: Any) -> Any:
        result: dict[str, Any] = {}
        for name, write in self._written:
            item = value.get(name)
            if item is not None:
                result[name] = item if write is None else write(item)
        if len(result) < len(value):
            result.update({key: item for key, item in value.items() if key not in self._known})
        return result

    # A list writes thousands of records, so what they all need is computed once.

    @cached_property
    def _written(self) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
        """The names of the members to write, with their functions; None for members that are written unchanged."""
        as_it_is = Shape.write
        return tuple(
            (declared.name, None if type(declared.shape).write is as_it_is else declared.shape.write)
            for declared in self.fields
            if not declared.secret
        )

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(declared.name for declared in self.fields)
