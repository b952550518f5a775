# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""A group as a complete definition: ARM JSON, or the YAML that az container create --file takes. Pure.

It is the wire form with C(name), C(apiVersion), C(location), C(tags), C(identity), C(zones) and C(properties).
"""

from __future__ import annotations

import base64
import binascii
import copy
import typing as t
from collections.abc import Mapping

from ._errors import InvalidArguments
from ._masking import texts_of
from ._schema import GROUP, Kind, Property
from ._wire import (
    PLACEHOLDER,
    Wire,
    drop_path,
    element_key,
    element_label,
    finite_number,
    get_path,
    is_placeholder,
    read,
    secrets,
    set_path,
    without_server_fields,
)

TOP_LEVEL = frozenset({"location", "tags", "identity", "zones", "properties"})
NAMING = frozenset({"name", "apiVersion", "type", "id", "resourceGroup"})
RESOURCE_TYPE = "microsoft.containerinstance/containergroups"


def checked_definition(definition: t.Any, name: str) -> Wire:
    """The wire form of what the user gave as a definition, without what the server alone writes.

    Raises InvalidArguments when it is no definition of the group O(name).
    """
    definition = _respelled(definition)
    if not isinstance(definition, dict) or not isinstance(definition.get("properties"), dict):
        raise InvalidArguments("definition: a dictionary with properties is needed, in the form of ARM.")
    given_name = definition.get("name")
    if given_name is not None and str(given_name) != name:
        raise InvalidArguments(f"definition: it is of container group {given_name}, but name is {name}.")
    kind = definition.get("type")
    if kind is not None and str(kind).lower() != RESOURCE_TYPE:
        raise InvalidArguments(f"definition: its type is {kind}, not Microsoft.ContainerInstance/containerGroups.")
    unknown = sorted(set(definition) - TOP_LEVEL - NAMING - {"systemData"})
    if unknown:
        raise InvalidArguments(
            f"definition: {', '.join(unknown)} cannot stand beside properties; "
            "names are those of ARM (camelCase), not the module's options."
        )
    kept = {key: value for key, value in definition.items() if key in TOP_LEVEL and value is not None}
    kept = _without_nulls(kept)
    _respell(GROUP, kept)
    result = without_server_fields(kept, keep_ip=True)
    _check_shape(GROUP, result, "definition")
    return result


def _respelled(definition: t.Any) -> t.Any:
    """A definition with the names of its own level in the spelling of ARM, which takes them without case."""
    if not isinstance(definition, dict):
        return definition
    spelling = {name.lower(): name for name in TOP_LEVEL | NAMING}
    return {spelling.get(str(name).lower(), name): value for name, value in definition.items()}


def _respell(prop: Property, wire: Wire) -> None:
    """Gives every name that the table knows, in an object and below it, the table's spelling."""
    for child in prop.children:
        inner: t.Any = wire
        for name in child.wire.split("."):
            if not isinstance(inner, dict):
                break
            if name not in inner:
                found = next((key for key in inner if key.lower() == name.lower()), None)
                if found is None:
                    break
                inner[name] = inner.pop(found)
            inner = inner[name]
        value = get_path(wire, child.wire)
        if child.kind is Kind.OBJECT and isinstance(value, dict):
            _respell(child, value)
        elif child.kind is Kind.OBJECTS and isinstance(value, list):
            for element in value:
                if isinstance(element, dict):
                    _respell(child, element)


def _without_nulls(value: t.Any) -> t.Any:
    """A copy without keys whose value is null, which means "not there" in ARM."""
    if isinstance(value, Mapping):
        return {str(key): _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_without_nulls(item) for item in value]
    return value


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


def _check_shape(prop: Property, wire: Wire, path: str) -> None:
    for child in prop.children:
        value = get_path(wire, child.wire)
        if value is None:
            continue
        child_path = f"{path}.{child.wire}"
        shape = _SHAPES.get(child.kind)
        if shape is not None and not isinstance(value, shape[0]):
            raise InvalidArguments(f"{child_path} must be {shape[1]}.")
        if child.kind is Kind.OBJECT:
            _check_shape(child, value, child_path)
        elif child.kind is Kind.OBJECTS:
            for index, element in enumerate(value):
                if not isinstance(element, dict):
                    raise InvalidArguments(f"{child_path}[{index}] must be a dictionary.")
                _check_shape(child, element, f"{child_path}[{index}]")
        elif shape is None and isinstance(value, (dict, list)):
            raise InvalidArguments(f"{child_path} must be a single value.")
        elif child.kind is Kind.RAW_TEXT and not isinstance(value, str):
            raise InvalidArguments(f"{child_path} must be text: quote it.")
        elif child.kind is Kind.NUMBER:
            set_path(wire, child.wire, finite_number(value, child_path))
        elif child.kind is Kind.INTEGER and isinstance(value, str) and value.isdecimal():
            set_path(wire, child.wire, int(value))
        elif child.kind is Kind.INTEGER and not isinstance(value, int):
            raise InvalidArguments(f"{child_path} must be a whole number.")


def completed(prop: Property, live: Wire | None, definition: Wire) -> Wire:
    """The definition, with what the live group has and the table does not know carried over.

    What the table knows and the definition does not have is gone; what nobody here knows belongs to somebody else.
    """
    result = copy.deepcopy(definition)
    if not live:
        return result
    known = {child.wire for child in prop.children}
    for path in _paths(live):
        if (
            path not in known
            and get_path(result, path) is None
            and not any(wire.startswith(f"{path}.") for wire in known)
        ):
            set_path(result, path, copy.deepcopy(get_path(live, path)))
    for child in prop.children:
        theirs, ours = get_path(live, child.wire), get_path(result, child.wire)
        if child.kind is Kind.OBJECT and isinstance(theirs, dict) and isinstance(ours, dict):
            set_path(result, child.wire, completed(child, theirs, ours))
        elif child.kind is Kind.OBJECTS and isinstance(theirs, list) and isinstance(ours, list):
            found = {element_key(child, read(child, element)): element for element in theirs}
            set_path(
                result,
                child.wire,
                [completed(child, found.get(element_key(child, read(child, element))), element) for element in ours],
            )
    return result


def _paths(wire: Wire) -> t.Iterator[str]:
    for key, value in wire.items():
        if key == "properties" and isinstance(value, dict):
            yield from (f"properties.{name}" for name in value)
        else:
            yield key


def exported(live: Mapping[str, t.Any], api_version: str) -> Wire:
    """A live group as a definition that can be applied again, a named placeholder in place of each secret."""
    result = without_server_fields(live)
    for path in [path for path, _prop, _value in secrets(GROUP, result)]:
        _fill(GROUP, result, path)
    definition: Wire = {
        "name": live.get("name"),
        "apiVersion": api_version,
        "type": "Microsoft.ContainerInstance/containerGroups",
        "location": result.pop("location", None),
    }
    for key in ("tags", "identity", "zones", "properties"):
        if result.get(key) is not None:
            definition[key] = result[key]
    return definition


def _fill(prop: Property, wire: Wire, wanted: str, path: str = "") -> None:
    """Puts the placeholder of the secret at the option path O(wanted) where that secret belongs."""
    for child in prop.children:
        child_path = f"{path}.{child.option}" if path else child.option
        value = get_path(wire, child.wire)
        if child.secret and child_path == wanted:
            text = PLACEHOLDER.format(wanted)
            set_path(wire, child.wire, text if child.kind in (Kind.TEXT, Kind.RAW_TEXT) else {text: text})
        elif child.kind is Kind.OBJECT and isinstance(value, dict):
            _fill(child, value, wanted, child_path)
        elif child.kind is Kind.OBJECTS:
            for element in value or []:
                _fill(child, element, wanted, f"{child_path}[{element_label(child, read(child, element))}]")


def without_placeholders(definition: Mapping[str, t.Any]) -> Wire:
    """A copy in which each placeholder is taken out: what it stands for is missing then."""
    result = {key: copy.deepcopy(value) for key, value in definition.items() if key in TOP_LEVEL}
    _drop_placeholders(GROUP, result)
    return result


def _drop_placeholders(prop: Property, wire: t.Any) -> None:
    if not isinstance(wire, dict):
        return
    for child in prop.children:
        value = get_path(wire, child.wire)
        if child.secret and is_placeholder(value):
            if child.kind is Kind.MAP:
                set_path(wire, child.wire, {})
            else:
                drop_path(wire, child.wire)
        elif child.kind is Kind.OBJECT:
            _drop_placeholders(child, value)
        elif child.kind is Kind.OBJECTS:
            for element in value or []:
                _drop_placeholders(child, element)


def secret_texts(definition: t.Any) -> set[str]:
    """Every secret in a definition, in plain and in base64, for both doors to mask.

    That is whatever stands under a name that is a secret's in the table, wherever it stands and however it is spelled:
    the service drops what is misspelled, or refuses it, but a secret it is.
    """
    found: set[str] = set()
    for value in _named_as_secret(definition, {_plain(name) for name in _secret_names(GROUP)}):
        for text in texts_of(value):
            found |= {text, base64.b64encode(text.encode()).decode()}
            try:
                found.add(base64.b64decode(text, validate=True).decode())
            except (binascii.Error, ValueError):
                continue
    return {text for text in found if text.strip() and not is_placeholder(text)}


def _secret_names(prop: Property) -> t.Iterator[str]:
    for child in prop.children:
        if child.secret:
            yield child.wire.rpartition(".")[2]
        yield from _secret_names(child)


def _named_as_secret(value: t.Any, names: t.Collection[str]) -> t.Iterator[t.Any]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            if _plain(str(name)) in names:
                yield item
            else:
                yield from _named_as_secret(item, names)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _named_as_secret(item, names)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
