# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Converts between options and the wire form of a container group. Pure.

A group has two forms: the wire form, which is plain ARM JSON as a dict, and the option form, with the option names of
the table in _group/schema.py. ``None`` in the option form means "not given" or "not set".
"""

from __future__ import annotations

import copy
import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from .._common.errors import InvalidArguments
from .._common.masking import MASK, has_no_credentials_left
from .._common.mistakes import kind_of
from .._common.telling_names import says_secret
from .names import place
from .schema import GROUP, SERVER_OWNED, Compare, Kind, Property

PLACEHOLDER = "<secret: {}>"
"""The placeholder for a secret in an export; the secret's path is inserted."""

ArmJson = dict[str, Any]


_parts = functools.lru_cache(maxsize=1024)(str.split)


def copied(value: Any) -> Any:
    """A copy of dictionaries and lists, with keys that are text. It takes a fifth of the time of ``copy.deepcopy``."""
    if isinstance(value, (dict, Mapping)):
        return {str(key): copied(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [copied(item) for item in value]
    return value


def get_path(obj: Mapping[str, Any] | None, path: str) -> Any:
    """The value at a dotted path, or None if any part is missing or not a dictionary."""
    value: Any = obj
    for part in _parts(path, "."):
        # None is what is found most often, and a dictionary what else there is: asking for a Mapping takes long.
        if value is None or not isinstance(value, (dict, Mapping)):
            return None
        value = value.get(part)
    return value


def set_path(obj: ArmJson, path: str, value: Any) -> None:
    """Sets the value at a dotted path, creating dictionaries as necessary."""
    *parents, last = _parts(path, ".")
    for part in parents:
        child = obj.get(part)
        if not isinstance(child, dict):
            child = obj[part] = {}
        obj = child
    obj[last] = value


def drop_path(obj: ArmJson, path: str) -> None:
    """Removes the value at a dotted path, if there is one."""
    *parents, last = _parts(path, ".")
    value: Any = obj
    for part in parents:
        if not isinstance(value, dict):
            return
        value = value.get(part)
    if isinstance(value, dict):
        value.pop(last, None)


def is_unset(value: Any) -> bool:
    """Whether a dictionary of suboptions gives no suboption at all. An empty dictionary below it counts as given."""
    if isinstance(value, Mapping):
        return all(item is None for item in value.values())
    return value is None


def _only_empties(value: Any) -> bool:
    """Whether a dictionary of suboptions gives nothing but empty dictionaries."""
    return all(item is None or (isinstance(item, Mapping) and _only_empties(item)) for item in value.values())


def comparable(prop: Property, value: Any) -> str:
    """A string normalised so that strings are equal if the service, or the container's OS, treats them as equal."""
    text = str(value)
    if prop.compare is Compare.LOCATION:
        return place(text)
    return text.lower() if prop.compare is Compare.NO_CASE else text


def element_key(prop: Property, element: Mapping[str, Any]) -> tuple[str, ...]:
    """The identity of an element (in option form) of a list of objects, in a form that can be compared."""
    parts = []
    for option in prop.key:
        value = element.get(option)
        if value is None:
            value = prop.child(option).default
        parts.append(comparable(prop.child(option), value))
    return tuple(parts)


def element_label(prop: Property, element: Mapping[str, Any]) -> str:
    """An element's name in the path of a change: ``web``, ``80/TCP``, ``/data``."""
    return "/".join(
        str(prop.child(option).default if element.get(option) is None else element[option]) for option in prop.key
    )


def key_options(prop: Property, wire: Mapping[str, Any]) -> dict[str, Any]:
    """Of an element of a list on the wire, the options that identify it."""
    return {child.option: get_path(wire, child.wire) for child in prop.key_children}


def raw_text(value: Any, path: str) -> str:
    """The value of a RAW_TEXT option as a string.

    Raises InvalidArguments for a bool, a float or anything structured: what was written (``true``, ``1.10``) cannot be
    recovered from what YAML parsed it as.
    """
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None:
        advice = "null was given; write '' for an empty one, or leave it out."
    elif isinstance(value, (bool, float)):
        advice = f"YAML parsed it as {kind_of(value)}; quote it."
    else:
        advice = f"{kind_of(value)} was given; write one string, for example with the filter to_json."
    raise InvalidArguments(f"{path} must be a string, but {advice}")


def finite_number(value: Any, path: str) -> float:
    """A number as a float. Raises InvalidArguments for anything else, and for what JSON cannot represent (nan, inf)."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise InvalidArguments(f"{path} must be a number.")
    return number


def _text_map(prop: Property, value: Any, path: str) -> dict[str, str | None]:
    if not isinstance(value, Mapping):
        raise InvalidArguments(f"{path} must be a dictionary of strings.")
    seen: dict[Any, str] = {}
    for key in map(str, value):
        _refuse_twice(seen, comparable(prop, key), key, path)
    return {str(key): None if item is None else raw_text(item, f"{path}[{key}]") for key, item in value.items()}


def _refuse_twice(seen: dict[Any, str], key: Any, name: str, path: str) -> None:
    """Records a key and the name it was given as. Raises InvalidArguments if the key was given before."""
    if key not in seen:
        seen[key] = name
        return
    before = seen[key]
    if before == name:
        raise InvalidArguments(f"{path}: {name} is given twice; give it once, or rename one of them.")
    raise InvalidArguments(
        f"{path}: {before} and {name} are the same name, because case is ignored; give only one of them."
    )


def merged(live: Any, given: Any) -> Any:
    """``given`` merged over ``live``: dictionaries are merged by key at every depth, anything else is replaced."""
    if isinstance(live, Mapping) and isinstance(given, Mapping):
        return {**live, **{key: merged(live.get(key), value) for key, value in given.items()}}
    return copy.deepcopy(given)


class _Removed:
    """The result of an overlay that removes the property."""


_REMOVED: Final = _Removed()


def overlay(prop: Property, live: ArmJson | None, given: Mapping[str, Any], path: str = "") -> ArmJson:
    """The wire object ``live`` with the options ``given`` laid over it.

    Omitted options keep their values; an empty list, dictionary or string removes one. A list is complete, as is a map
    of secrets; other dictionaries are merged by key. Giving one alternative removes the others. List elements keep what
    their entry omits. For a new group or container, the values that the service requires are filled in.
    Raises InvalidArguments for values of the wrong kind.
    """
    result = copy.deepcopy(live) if live else {}
    for child in prop.children:
        value = given.get(child.option)
        if value is None:
            continue
        child_path = f"{path}.{child.option}" if path else child.option
        new = _overlay_value(child, get_path(result, child.wire), value, child_path)
        if isinstance(new, _Removed):
            drop_path(result, child.wire)
            continue
        if child.alternatives:
            others = [
                other
                for other in prop.children
                if other.alternatives == child.alternatives and other.option not in (child.option, *child.beside)
            ]
            rivals = [other.option for other in others if given.get(other.option) is not None]
            if rivals:
                names = " and ".join([child.option, *rivals])
                raise InvalidArguments(f"{path or prop.option}: {names} exclude each other; give one of them.")
            for other in others:
                drop_path(result, other.wire)
        set_path(result, child.wire, new)
    if live is None:
        _fill_new(prop, result)
    return result


def _overlay_value(prop: Property, live: Any, value: Any, path: str) -> Any:
    kind = prop.kind
    if kind is Kind.OBJECT:
        if is_unset(value):
            # What the service requires cannot be removed: a new object gets it, so an existing one keeps it.
            return copy.deepcopy(live) if _holds_required(prop) and isinstance(live, dict) else _REMOVED
        new = overlay(prop, live if isinstance(live, dict) else None, value, path)
        # If empty dictionaries below an object have left nothing in it, the whole object is removed.
        return _REMOVED if not new and _only_empties(value) else new
    if kind is Kind.OBJECTS:
        return _overlay_elements(prop, live, value, path) if value else _REMOVED
    if kind is Kind.MARKER:
        return copy.deepcopy(live) if isinstance(live, dict) else {}
    if kind is Kind.KEYS:
        if not value:
            return _REMOVED
        known = {comparable(prop, key): (key, item) for key, item in (live or {}).items()}
        wanted = {comparable(prop, item): str(item) for item in value}
        return dict(known.get(key, (name, {})) for key, name in wanted.items())
    if kind is Kind.MAP:
        texts = _text_map(prop, value, path)
        if prop.secret:
            return texts
        if not texts:
            return _REMOVED
        spelling = {comparable(prop, key): key for key in live or {}}
        both = {**(live or {}), **{spelling.get(comparable(prop, key), key): item for key, item in texts.items()}}
        return {key: item for key, item in both.items() if item is not None}
    if kind is Kind.FREE:
        if prop.secret:
            return copy.deepcopy(value)
        return merged(live, value) if value else _REMOVED
    if kind is Kind.TEXTS:
        return [str(item) for item in value] if value else _REMOVED
    if kind is Kind.RAW_TEXTS:
        return [raw_text(item, f"{path}[{index}]") for index, item in enumerate(value)] if value else _REMOVED
    if kind is Kind.RAW_TEXT:
        return raw_text(value, path)
    if kind is Kind.TEXT:
        return _REMOVED if value == "" and not prop.secret else str(value)
    if kind is Kind.NUMBER:
        return finite_number(value, path)
    return value


def _overlay_elements(prop: Property, live: Any, given: Sequence[Any], path: str) -> list[ArmJson]:
    known: dict[tuple[str, ...], ArmJson] = {}
    for element in live or []:
        if isinstance(element, dict):
            known[element_key(prop, key_options(prop, element))] = element
    result = []
    seen: dict[Any, str] = {}
    for entry in given:
        label = element_label(prop, entry)
        key = element_key(prop, entry)
        _refuse_twice(seen, key, label, path)
        result.append(overlay(prop, known.get(key), entry, f"{path}[{label}]"))
    return result


def _fill_new(prop: Property, obj: ArmJson) -> None:
    if get_path(obj, "properties.containerGroupProfile"):
        return  # the profile supplies what is not given
    for child in prop.children:
        if child.on_create is not None:
            if get_path(obj, child.wire) is None:
                set_path(obj, child.wire, child.on_create)
        elif child.kind is Kind.OBJECT and _holds_required(child):
            nested = get_path(obj, child.wire)
            nested = nested if isinstance(nested, dict) else {}
            _fill_new(child, nested)
            set_path(obj, child.wire, nested)


def _holds_required(prop: Property) -> bool:
    """Whether the service requires anything below an object, apart from lists, and the module has a value for it."""
    return any(
        child.on_create is not None or (child.kind is Kind.OBJECT and _holds_required(child)) for child in prop.children
    )


def read(prop: Property, wire: Mapping[str, Any] | None) -> dict[str, Any]:
    """The option form of a wire object: every option of ``prop`` that has a value there, including secrets."""
    result: dict[str, Any] = {}
    for child in prop.children:
        value = get_path(wire, child.wire)
        if value is None:
            continue
        result[child.option] = _read_value(child, value)
    return result


def _read_value(prop: Property, value: Any) -> Any:
    if prop.kind is Kind.OBJECT:
        return read(prop, value if isinstance(value, Mapping) else {})
    if prop.kind is Kind.OBJECTS:
        return [read(prop, element) for element in value if isinstance(element, Mapping)]
    if prop.kind is Kind.KEYS:
        return list(value)
    return copy.deepcopy(value)


def secret_fields(
    prop: Property, wire: Mapping[str, Any] | None, path: str = ""
) -> Iterator[tuple[str, Property, Any]]:
    """Every place in a wire object that has, or must have, a secret: (path, property, value).

    The value is None if the object must have a secret, but it is missing (the service never returns secrets). An empty
    string or dictionary explicitly means "no secret"; only for a secret volume, the service returns an empty map.
    """
    if not isinstance(wire, Mapping):
        return
    for child in prop.children:
        if not (child.secret or child.holds_secret):
            continue
        child_path = f"{path}.{child.option}" if path else child.option
        value = get_path(wire, child.wire)
        if child.secret:
            if child.kind is Kind.MAP and not value:
                value = None
            if value is not None or is_demanded(child, wire):
                yield child_path, child, value
        elif child.kind is Kind.OBJECT:
            yield from secret_fields(child, value, child_path)
        elif child.kind is Kind.OBJECTS:
            for element in value if isinstance(value, list) else []:
                label = element_label(child, key_options(child, element))
                yield from secret_fields(child, element, f"{child_path}[{label}]")


def is_demanded(prop: Property, wire: Mapping[str, Any]) -> bool:
    """Whether a wire object must have this secret, judging by its other properties."""
    return all(get_path(wire, name) is not None for name in prop.secret_when) and not any(
        get_path(wire, name) is not None for name in prop.secret_unless
    )


def missing_secrets(body: Mapping[str, Any], new: bool = False) -> list[str]:
    """Paths of the secrets that a PUT of this body would remove, or that a ``new`` group requires."""
    return [
        path for path, prop, value in secret_fields(GROUP, body) if value is None and not (new and prop.secret_optional)
    ]


def carried_secrets(body: Mapping[str, Any]) -> list[str]:
    """Paths of the secrets in this body."""
    return [
        path for path, _prop, value in secret_fields(GROUP, body) if value is not None and value != "" and value != {}
    ]


def placeholders(body: Mapping[str, Any]) -> list[str]:
    """Paths of the values that are still an export's placeholder, or a result's mask."""
    found = [path for path, _prop, value in secret_fields(GROUP, body) if is_placeholder(value)]
    return found + [path for path, text in _open_texts(GROUP, body) if has_no_credentials_left(text)]


def _open_texts(prop: Property, wire: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string in a wire object, except the table's secrets, with the path of its property."""
    if not isinstance(wire, Mapping):
        return
    for name in unknown_paths(prop, wire):
        if name in SERVER_OWNED or name.endswith("instanceView"):
            continue
        yield from _texts_below(get_path(wire, name), f"{path}.{name}" if path else name, says_secret(name))
    for child in prop.children:
        child_path = f"{path}.{child.option}" if path else child.option
        value = get_path(wire, child.wire)
        if value is None or child.secret:
            continue
        if child.kind is Kind.OBJECT:
            yield from _open_texts(child, value, child_path)
        elif child.kind is Kind.OBJECTS:
            for element in value if isinstance(value, list) else []:
                yield from _open_texts(
                    child, element, f"{child_path}[{element_label(child, key_options(child, element))}]"
                )
        else:
            yield from _texts_below(value, child_path, False)


def _texts_below(value: Any, path: str, is_secret: bool) -> Iterator[tuple[str, str]]:
    """The strings in a value. A placeholder for a whole secret is yielded as a URL with masked credentials."""
    if isinstance(value, str):
        yield path, f"://{MASK}@" if is_secret and (value == MASK or is_placeholder(value)) else value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _texts_below(item, path, is_secret or says_secret(str(name)))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts_below(item, path, is_secret)


def unknown_paths(prop: Property, wire: Mapping[str, Any]) -> Iterator[str]:
    """Paths in a wire object that are not in the table."""
    for key, value in wire.items():
        paths = [f"{key}.{name}" for name in value] if key == "properties" and isinstance(value, Mapping) else [key]
        yield from (path for path in paths if path not in prop.wires)


def is_placeholder(value: Any) -> bool:
    """Whether a value, or anything in it, is an export's placeholder."""
    if isinstance(value, Mapping):
        return any(is_placeholder(key) or is_placeholder(item) for key, item in value.items())
    begin, _path, end = PLACEHOLDER.partition("{}")
    return isinstance(value, str) and value.startswith(begin) and value.endswith(end)


def without_server_fields(live: Mapping[str, Any], keep_ip: bool = False) -> ArmJson:
    """A copy of a live group without what only the server writes; ``keep_ip`` keeps the IP address."""
    result: ArmJson = copied(live)
    for path in SERVER_OWNED:
        if not (keep_ip and path == "properties.ipAddress.ip"):
            drop_path(result, path)
    for kind in ("containers", "initContainers"):
        for container in get_path(result, f"properties.{kind}") or []:
            drop_path(container, "properties.instanceView")
    identities = get_path(result, "identity.userAssignedIdentities")
    if isinstance(identities, dict):
        result["identity"]["userAssignedIdentities"] = {key: {} for key in identities}
    return result


def put_body(body: Mapping[str, Any], keep_ip: bool) -> ArmJson:
    """The body of a PUT: without what only the server writes, and without empty values that mean "no secret"."""
    result = without_server_fields(body, keep_ip)
    _drop_empty_secrets(GROUP, result)
    return result


def _drop_empty_secrets(prop: Property, wire: Any) -> None:
    if not isinstance(wire, dict):
        return
    for child in prop.children:
        value = get_path(wire, child.wire)
        if child.secret:
            if value == {} or (value == "" and child.kind is Kind.TEXT):
                drop_path(wire, child.wire)
        elif child.kind is Kind.OBJECT:
            _drop_empty_secrets(child, value)
        elif child.kind is Kind.OBJECTS:
            for element in value or []:
                _drop_empty_secrets(child, element)
