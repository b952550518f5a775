# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The secrets of a group: masked where people see them, and asked for or filled in where they are missing. Pure."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Final

from .._common.errors import InvalidArguments
from .._common.masking import MASK, shown
from .._common.telling_names import says_secret
from .schema import GROUP, Kind, Property, walk
from .wire import ArmJson, element_key, get_path, is_demanded, key_options, set_path, unknown_paths


def masked(prop: Property, value: Any) -> Any:
    """An option-form value in which all secrets, and credentials in URLs, are replaced with MASK."""
    if value is None:
        return None
    if prop.secret:
        return dict.fromkeys(value, MASK) if prop.kind is Kind.MAP and isinstance(value, Mapping) else MASK
    if prop.kind is Kind.OBJECT and isinstance(value, Mapping):
        known = {child.option: child for child in prop.children}
        return {key: masked(known[key], item) for key, item in value.items() if item is not None}
    if prop.kind is Kind.OBJECTS and isinstance(value, list):
        known = {child.option: child for child in prop.children}
        return [
            {key: masked(known[key], item) for key, item in element.items() if item is not None} for element in value
        ]
    return shown(value)


def without_values(paths: Sequence[str], advice: str = "") -> InvalidArguments:
    """The error for missing secrets that a new group requires, with all options that may be given instead.

    ``advice`` is a sentence to append, with a leading space.
    """
    told = []
    for path in paths:
        parent, _dot, option = path.rpartition(".")
        ways = _ALTERNATIVES.get(option, [option])
        several = f"{', '.join(ways[:-1])} or {ways[-1]}" if len(ways) > 1 else option
        told.append(f"{parent}: a value is required. Give {several}.")
    return InvalidArguments(f"{' '.join(told)}{advice}")


_ALTERNATIVES: Final[dict[str, list[str]]] = {
    secret.option: [child.option for child in prop.children if child is secret or child.wire in secret.secret_unless]
    for _path, prop in walk(GROUP)
    for secret in prop.children
    if secret.secret
}
"""Each secret of the table, with the options of which one must be given."""


def with_secrets_of(body: Mapping[str, Any], source: Mapping[str, Any]) -> ArmJson:
    """A copy of a wire body with missing secrets taken from the same places in ``source``, where it has them."""
    result: ArmJson = copy.deepcopy(dict(body))
    _fill_secrets(GROUP, result, source)
    return result


def _fill_secrets(prop: Property, wire: Any, source: Any) -> None:
    if not isinstance(wire, dict) or not isinstance(source, Mapping):
        return
    for child in prop.children:
        value, given = get_path(wire, child.wire), get_path(source, child.wire)
        if child.secret:
            if value in (None, {}) and given and is_demanded(child, wire):
                set_path(wire, child.wire, copy.deepcopy(given))
        elif child.kind is Kind.OBJECT:
            _fill_secrets(child, value, given)
        elif child.kind is Kind.OBJECTS and isinstance(value, list) and isinstance(given, list):
            known = {element_key(child, key_options(child, each)): each for each in given if isinstance(each, Mapping)}
            for element in (each for each in value if isinstance(each, dict)):
                _fill_secrets(child, element, known.get(element_key(child, key_options(child, element))))


def without_secrets(body: Mapping[str, Any]) -> ArmJson:
    """A copy of a wire body with MASK in place of every secret."""
    result: ArmJson = copy.deepcopy(dict(body))
    _mask_wire(GROUP, result)
    return result


def _mask_wire(prop: Property, wire: Any) -> None:
    if not isinstance(wire, dict):
        return
    for name in list(unknown_paths(prop, wire)):
        last = name.rpartition(".")[2]
        set_path(wire, name, shown({last: get_path(wire, name)}, says_secret)[last])
    for child in prop.children:
        value = get_path(wire, child.wire)
        if value is None:
            continue
        if child.kind is Kind.OBJECT:
            _mask_wire(child, value)
        elif child.kind is Kind.OBJECTS:
            for element in value:
                _mask_wire(child, element)
        else:
            set_path(wire, child.wire, masked(child, value))
