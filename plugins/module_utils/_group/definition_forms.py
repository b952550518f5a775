# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Normalises the various forms of a container group's definition to the one of Azure Resource Manager. Pure.

``az container show`` flattens ``properties``; Python's spelling (``user_assigned_identities``) occurs in exports;
people quote numbers and booleans, leave strings unquoted, and misspell names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .._common.errors import InvalidArguments
from .._common.similar import most_similar
from .._common.telling_names import FREE_MAPS
from .schema import GROUP, SERVER_OWNED, Kind, Property, walk
from .wire import finite_number, get_path, set_path

NAMING = frozenset({"name", "apiVersion", "type", "id", "resourceGroup"})
"""Top-level names that identify the group, as opposed to describing it."""

TOP_LEVEL = frozenset({prop.wire.partition(".")[0] for prop in GROUP.children} | {"tags"})
"""Top-level names that describe the group."""

IGNORED = frozenset(
    {
        # added by the service, and by tools that read from it
        *("systemdata", "etag", "subscriptionid", "changedtime", "createdtime", "provisioningstate"),
        # how a template deploys the resource
        *("dependson", "comments", "condition", "metadata", "scope", "apiprofile"),
    }
)
"""Names at the level of ``properties`` that do not describe the group, as ``plain`` writes them."""

EMPTY = frozenset(
    {"extendedlocation", "kind", "managedby", "plan", "sku", "scale", "additionalproperties", "resources"}
)
"""Names that resources may have there, but which are empty for a container group, as ``plain`` writes them."""

NETWORK_PROFILE = "networkProfile"
_PROPERTIES = "properties."
_KNOWN_PROPERTIES = frozenset(
    {path.removeprefix(_PROPERTIES) for path in SERVER_OWNED if path.startswith(_PROPERTIES)}
    | {NETWORK_PROFILE, "orchestratorId"}
)
"""Properties of a group in some API version that are not options of the module."""


def plain(name: Any) -> str:
    """A name in lower case and without separators: ``api-version``, ``api_version`` and ``apiVersion`` are the same."""
    return re.sub(r"[_-]", "", str(name)).lower()


def respelled(definition: Mapping[str, Any]) -> dict[str, Any]:
    """A definition whose top-level names have ARM's spelling; ARM itself ignores their case."""
    spelling = {plain(name): name for name in TOP_LEVEL | NAMING}
    return {spelling.get(plain(name), name): value for name, value in definition.items()}


def nested(definition: Mapping[str, Any]) -> dict[str, Any]:
    """A respelled definition in which everything that ``az container show`` flattened is below ``properties`` again."""
    result = dict(definition)
    if "properties" not in result and _is_flat(result):
        beside = {name for name in result if _is_beside(name) and name != "sku"}
        result = {
            **{name: value for name, value in result.items() if name in beside},
            "properties": {name: value for name, value in result.items() if name not in beside},
        }
    if isinstance(result.get("properties"), dict):
        for child in GROUP.children:
            if child.kind is Kind.OBJECTS and any(inner.wire.startswith(_PROPERTIES) for inner in child.children):
                _nest_elements(result["properties"], child.wire.removeprefix(_PROPERTIES))
    return result


def _is_beside(name: str) -> bool:
    """Whether a name belongs at the level of ``properties``, not below it."""
    return name in TOP_LEVEL | NAMING or plain(name) in IGNORED | EMPTY


_OPTIONS = frozenset(path.rpartition(".")[2] for path, _prop in walk() if "_" in path.rpartition(".")[2])
"""Names that only the module uses, not ARM."""


def misplaced_options(definition: Mapping[str, Any]) -> list[str]:
    """The names of module options that a respelled definition uses instead of ARM's names.

    At the level of ``properties``, any option's name counts. If there are no ``properties``, only names that cannot be
    ARM's count, at any depth: a flat definition may consist of options by mistake.
    """
    if "properties" not in definition:
        return sorted(set(_options_in({name: item for name, item in definition.items() if name != "identity"})))
    found = {prop.option for prop in GROUP.children} - TOP_LEVEL
    return sorted(name for name in found if name in definition and (definition[name] or plain(name) not in EMPTY))


def _options_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            if name in _OPTIONS:
                yield name
            elif plain(name) not in FREE_MAPS:
                yield from _options_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _options_in(item)


def _is_flat(definition: Mapping[str, Any]) -> bool:
    """Whether a group's properties are at the top level instead of below ``properties``."""
    return any(plain(name) in ("containers", "containergroupprofile", "ostype") for name in definition)


def _nest_elements(properties: dict[str, Any], name: str) -> None:
    """Moves the properties of containers, init containers and extensions below ``properties`` if that is missing."""
    for key, elements in list(properties.items()):
        if key.lower() == name.lower() and isinstance(elements, list):
            properties[key] = [_nested_element(each) if isinstance(each, dict) else each for each in elements]


def _nested_element(element: dict[str, Any]) -> dict[str, Any]:
    if any(name.lower() == "properties" for name in element):
        return element
    lifted = {name: value for name, value in element.items() if name.lower() != "name"}
    named = {name: value for name, value in element.items() if name not in lifted}
    return {**named, "properties": lifted} if lifted else named


def respell(prop: Property, wire: dict[str, Any]) -> None:
    """Changes every name that the table knows, in an object and below it, to the table's spelling."""
    for child in prop.children:
        inner: Any = wire
        for name in child.wire.split("."):
            if not isinstance(inner, dict):
                break
            if name not in inner:
                # In exports of az, only the identity has Python's spelling.
                key_of = plain if prop.option == "identity" else str.lower
                found = next((key for key in inner if key_of(key) == name.lower()), None)
                if found is None:
                    break
                inner[name] = inner.pop(found)
            inner = inner[name]
        value = get_path(wire, child.wire)
        if child.kind is Kind.OBJECT and isinstance(value, dict):
            respell(child, value)
        elif child.kind is Kind.OBJECTS and isinstance(value, list):
            for element in value:
                if isinstance(element, dict):
                    respell(child, element)


# -- nulls -------------------------------------------------------------------------------------------------------------

_VOLUME_KINDS = {child.wire for child in GROUP.child("volumes").children if child.alternatives == "kind"}


def without_nulls(prop: Property, wire: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a respelled object without nulls, which in ARM mean that a property is not set.

    Where the key alone has a meaning, its null becomes an empty object: an identity's ID, and a volume's only kind.
    """
    result: dict[str, Any] = _without_nulls(wire)
    for child in prop.children:
        value = get_path(wire, child.wire)
        if child.kind is Kind.KEYS and isinstance(value, Mapping):
            set_path(result, child.wire, {key: item or {} for key, item in value.items()})
        elif child.kind is Kind.OBJECT and isinstance(value, Mapping):
            set_path(result, child.wire, without_nulls(child, value))
        elif child.kind is Kind.OBJECTS and isinstance(value, list):
            elements = [without_nulls(child, each) if isinstance(each, Mapping) else each for each in value]
            set_path(result, child.wire, elements)
            if child.option == "volumes":
                for before, after in zip(value, elements, strict=True):
                    if isinstance(before, Mapping):
                        _keep_kind(before, after)
    return result


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


def _keep_kind(before: Mapping[str, Any], after: dict[str, Any]) -> None:
    """Keeps the kind of a volume: the only one given, or ``secret``, whose content the service never returns."""
    named = _VOLUME_KINDS & set(before)
    if named and not named & set(after):
        kind = "secret" if "secret" in named else next(iter(named))
        if kind == "secret" or named == {"emptyDir"}:
            after[kind] = {}


# -- values ------------------------------------------------------------------------------------------------------------

_SHAPES: dict[Kind, tuple[type, str]] = {
    Kind.OBJECT: (dict, "a dictionary"),
    Kind.MARKER: (dict, "a dictionary"),
    Kind.MAP: (dict, "a dictionary"),
    Kind.FREE: (dict, "a dictionary"),
    Kind.KEYS: (dict, "a dictionary"),
    Kind.OBJECTS: (list, "a list"),
    Kind.TEXTS: (list, "a list"),
    Kind.RAW_TEXTS: (list, "a list"),
}
_BOOLEANS = {"true": True, "false": False}


def check_values(prop: Property, wire: dict[str, Any], path: str) -> None:
    """Converts every value that the table knows to its type. Raises InvalidArguments if that is impossible.

    A quoted number or boolean is converted. An unquoted one where a string belongs is sent as its JSON text, as with
    ``az container create --file``.
    """
    for child in prop.children:
        value = get_path(wire, child.wire)
        if value is None:
            continue
        child_path = f"{path}.{child.wire}"
        shape = _SHAPES.get(child.kind)
        if shape is not None and not isinstance(value, shape[0]):
            raise InvalidArguments(f"{child_path} must be {shape[1]}.")
        if child.kind is Kind.OBJECT:
            check_values(child, value, child_path)
        elif child.kind is Kind.OBJECTS:
            for index, element in enumerate(value):
                if not isinstance(element, dict):
                    raise InvalidArguments(f"{child_path}[{index}] must be a dictionary.")
                check_values(child, element, f"{child_path}[{index}]")
        elif child.kind in (Kind.TEXTS, Kind.RAW_TEXTS):
            set_path(wire, child.wire, [text_of(item, f"{child_path}[{n}]") for n, item in enumerate(value)])
        elif child.kind is Kind.MAP:
            set_path(wire, child.wire, {key: text_of(item, f"{child_path}.{key}") for key, item in value.items()})
        elif shape is None:
            set_path(wire, child.wire, _typed(child, value, child_path))


def _typed(prop: Property, value: Any, path: str) -> Any:
    """A scalar, converted to the type of its property."""
    if isinstance(value, (dict, list)):
        raise InvalidArguments(f"{path} must be a single value.")
    if prop.kind is Kind.FLAG:
        found = value if isinstance(value, bool) else _BOOLEANS.get(str(value).strip().lower())
        if found is None:
            raise InvalidArguments(f"{path} must be true or false.")
        return found
    if prop.kind is Kind.NUMBER:
        return finite_number(None if isinstance(value, bool) else value, path)
    if prop.kind is Kind.INTEGER:
        return _whole_number(value, path)
    return text_of(value, path)


def _whole_number(value: Any, path: str) -> int:
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?\d+\s*", value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidArguments(f"{path} must be a whole number.")
    return value


def text_of(value: Any, path: str) -> str:
    """A string, or a number or boolean as its JSON text. Raises InvalidArguments for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    raise InvalidArguments(f"{path} must be a string.")


# -- unknown names -----------------------------------------------------------------------------------------------------

_SHOWN_NAME = re.compile(r"[A-Za-z$][A-Za-z0-9_.-]{0,63}")


def drop_unknown(definition: dict[str, Any]) -> list[str]:
    """Removes from a respelled definition what no known API version has; returns a sentence for each."""
    found = []
    for name in [name for name in definition if name not in TOP_LEVEL | NAMING]:
        value = definition.pop(name)
        if not (plain(name) in IGNORED or (plain(name) in EMPTY and not value)):
            found.append(_unknown("definition", name, TOP_LEVEL | NAMING))
    return [*found, *_drop_unknown(GROUP, definition, "definition")]


def _drop_unknown(prop: Property, wire: dict[str, Any], path: str) -> Iterator[str]:
    known = {child.wire for child in prop.children}
    yield from _drop_names(prop, wire, path, {name for name in known if "." not in name})
    if isinstance(wire.get("properties"), dict):
        inner = {name.removeprefix(_PROPERTIES) for name in known if name.startswith(_PROPERTIES)}
        yield from _drop_names(prop, wire["properties"], f"{path}.properties", inner)
    for child in prop.children:
        value = get_path(wire, child.wire)
        if child.kind is Kind.OBJECT and isinstance(value, dict):
            yield from _drop_unknown(child, value, f"{path}.{child.wire}")
        elif child.kind is Kind.OBJECTS and isinstance(value, list):
            for index, element in enumerate(value):
                if isinstance(element, dict):
                    yield from _drop_unknown(child, element, f"{path}.{child.wire}[{index}]")


def _drop_names(prop: Property, wire: dict[str, Any], path: str, known: set[str]) -> Iterator[str]:
    """Removes the unknown names of one dictionary. The top level is left out, because it has its own rules."""
    if path == "definition":
        return
    if "id" in known:
        wire.pop("resourceGroup", None)  # az adds it beside every id
    of_service: set[str] = set()
    if any(child.wire.startswith(_PROPERTIES) for child in prop.children):
        of_service |= {"instanceView", "properties"}
    if prop is GROUP:
        of_service |= {name.partition(".")[0] for name in _KNOWN_PROPERTIES}
    else:
        of_service |= {name.rpartition(".")[2] for name in SERVER_OWNED if name.startswith(f"{prop.wire}.")}
    for name in [name for name in wire if name not in known | of_service]:
        del wire[name]
        yield _unknown(path, name, known)


def _unknown(path: str, name: str, known: Any) -> str:
    plains = {plain(each): each for each in known}
    nearest = most_similar(plain(name), plains, cutoff=0.7)
    meant = "." if nearest is None else f"; did you mean {plains[nearest]}?"
    shown = f"{path}.{name}" if _SHOWN_NAME.fullmatch(name) else f"A name in {path}"
    return (
        f"{shown} is not a property of any API version that this collection knows, so it is ignored{meant} "
        "Use extra_properties for newer ones."
    )
