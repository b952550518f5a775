# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Finds mistakes in the options of a task before Ansible validates them. Pure.

Some errors of Ansible's own validation do not name the option, and it changes some values silently: it splits a string
at its commas where a list is expected, and turns a dictionary into a string. Whatever it would reject for its type,
name or value is found here first, with the same conversions; _group/remedies.py writes the messages.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ansible.module_utils.common.validation import check_type_bool, check_type_dict, check_type_float, check_type_int
from ansible.module_utils.parsing.convert_bool import BOOLEANS_FALSE, BOOLEANS_TRUE

from .masking import has_secrets

Spec = Mapping[str, Any]

NAMES = frozenset(
    {
        "allowed_exit_codes",
        "gather",
        "ignore_tags",
        "locations",
        "names",
        "resource_groups",
        "states",
        "subscriptions",
    }
)
"""Lists whose elements contain no commas: splitting a string at its commas is safe, and ad-hoc commands rely on it."""

COUNTS = frozenset({"exec_timeout", "frame_size", "image_pull_timeout", "max_restarts", "wait_timeout"})
"""Options that count seconds, bytes or attempts, and must not be negative."""


class Mistake(NamedTuple):
    """One mistake in the options of a task."""

    kind: str
    """unknown, missing, type, choice, negative, split (a string where a list is meant) or timestamp."""
    path: str
    """The full path of the option: ``containers[0].ports[1].port``."""
    options: tuple[str, ...]
    """The names of the options on that path, as in the spec; an unknown option has the name that was given."""
    spec: Spec
    """The option's spec; for an unknown option, the spec of its siblings."""
    given: Any
    hidden: bool = False
    """Whether the value may be a secret; that of an unknown option always may."""
    element: bool = False
    """Whether the mistake is in an element of a list, not in the option as a whole."""
    absent: bool = False
    """For a missing option: whether it was left out. Otherwise it is null."""


class Found:
    """The mistakes in the options of a task, and the deprecated forms that a later release will reject."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.texts_as_lists: list[Mistake] = []


class _Place(NamedTuple):
    """The place in the options that the search has reached."""

    path: str = ""
    options: tuple[str, ...] = ()
    hidden: bool = False

    def option(self, name: str, given: str) -> _Place:
        return _Place(f"{self.path}.{given}" if self.path else given, (*self.options, name), self.hidden)

    def element(self, index: int) -> _Place:
        return _Place(f"{self.path}[{index}]", self.options, self.hidden)

    def concealed(self, hidden: bool) -> _Place:
        return _Place(self.path, self.options, self.hidden or hidden)


def search(arguments: Spec, params: Mapping[str, Any]) -> Found:
    """Compares the raw ``params`` of a task with an argument spec, suboptions included, and returns the mistakes."""
    found = Found()
    _Search(found).below(arguments, params, _Place())
    return found


class Broken(NamedTuple):
    """A rule on the combination of options that a task breaks."""

    kind: str
    """exclusive (several of ``names`` are given), none (none is) or needs (the first is given without the others)."""
    names: tuple[str, ...]


def broken_rules(arguments: Spec, rules: Mapping[str, Any], params: Mapping[str, Any]) -> Iterator[Broken]:
    """The rules that raw options break. Ansible checks them as well, but its messages do not say what to do.

    An option that is null is left to Ansible, some of whose rules count it as given.
    """
    names = option_names(arguments)
    known = {names[str(name)] for name in params if str(name) in names}
    given = {names[str(name)] for name, value in params.items() if str(name) in names and value is not None}
    for group in rules.get("mutually_exclusive") or ():
        if len(given.intersection(group)) > 1:
            yield Broken("exclusive", tuple(name for name in group if name in given))
    for group in rules.get("required_one_of") or ():
        if not known.intersection(group):
            yield Broken("none", tuple(group))
    for name, others in (rules.get("required_by") or {}).items():
        lacking = tuple(other for other in others if other not in known)
        if name in given and lacking:
            yield Broken("needs", (name, *lacking))


def kind_of(value: Any) -> str:
    """The type of a value, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    for kinds, words in (
        ((str,), "a string"),
        ((int,), "a whole number"),
        ((float,), "a number"),
        ((dict,), "a dictionary"),
    ):
        if isinstance(value, kinds):
            return words
    return "a list"


def option_names(arguments: Spec) -> dict[str, str]:
    """Every name and alias of the options, with the option's own name."""
    return {alias: name for name, spec in arguments.items() for alias in (name, *spec.get("aliases", ()))}


class _Search:
    def __init__(self, found: Found) -> None:
        self._found = found

    def _add(self, kind: str, place: _Place, spec: Spec, given: Any, element: bool = False) -> None:
        self._found.mistakes.append(Mistake(kind, place.path, place.options, spec, given, place.hidden, element))

    def below(self, arguments: Spec, params: Mapping[str, Any], around: _Place) -> None:
        """The mistakes in a dictionary of options."""
        names = option_names(arguments)
        for given, value in params.items():
            name = names.get(str(given))
            if name is None:
                self._add("unknown", around.option(str(given), str(given)), arguments, value)
                continue
            spec = arguments[name]
            place = around.option(name, str(given)).concealed(bool(spec.get("no_log")))
            if value is not None:
                self._value(spec, value, place)
            elif spec.get("required"):
                self._add("missing", place, spec, None)
            elif spec.get("default") is not None:
                self._add("type", place, spec, None)
        for name, spec in arguments.items():
            if spec.get("required") and not any(alias in params for alias in (name, *spec.get("aliases", ()))):
                place = around.option(name, name)
                self._found.mistakes.append(Mistake("missing", place.path, place.options, spec, None, absent=True))

    def _value(self, spec: Spec, value: Any, place: _Place) -> None:
        kind = spec.get("type", "str")
        if kind == "list":
            self._list(spec, value, place)
        elif not _fits(kind, value, place.options):
            self._add("type", place.concealed(has_secrets(spec)), spec, value)
        elif kind == "dict":
            self._dictionary(spec, value, place)
        elif not _is_chosen(spec, kind, value):
            self._add("choice", place, spec, value)
        elif place.path in COUNTS and check_type_int(value) < 0:
            self._add("negative", place, spec, value)

    def _dictionary(self, spec: Spec, value: Any, place: _Place) -> None:
        if not spec.get("options"):
            return
        if isinstance(value, str):
            # Even the part before the equals sign may be the beginning of a secret.
            place, value = place.concealed(has_secrets(spec)), check_type_dict(value)
        self.below(spec["options"], value, place)

    def _list(self, spec: Spec, value: Any, place: _Place) -> None:
        elements = self._elements(spec, value, place)
        element_spec = {**spec, "type": spec.get("elements", "str")}
        for index, element in enumerate(elements or ()):
            each = place.element(index)
            if element is None or not _fits(element_spec["type"], element, place.options):
                self._add("type", each.concealed(has_secrets(spec)), spec, element, element=True)
            elif element_spec["type"] == "dict":
                self._dictionary(element_spec, element, each)
            elif not _is_chosen(spec, element_spec["type"], element):
                self._add("choice", each, spec, element, element=True)

    def _elements(self, spec: Spec, value: Any, place: _Place) -> list[Any] | None:
        """The elements that Ansible would turn a value into; None if the value is a mistake."""
        if isinstance(value, (list, tuple)):
            return list(value)
        hidden = place.concealed(has_secrets(spec))
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            self._add("type", hidden, spec, value)
            return None
        text = str(value)
        if len(place.options) == 1 and place.options[0] in NAMES:
            parts = text.split(",")
            if any(part != part.strip() for part in parts):
                self._add("split", hidden, spec, value)
                return None
            return parts
        if spec.get("elements") == "dict":
            if not _fits("dict", text, place.options):
                self._add("type", hidden, spec, value)
                return None
            if "," in text:
                self._add("split", hidden, spec, value)
                return None
        elif not text or "," in text or any(char.isspace() for char in text):
            self._add("split", hidden, spec, value)
            return None
        elif isinstance(value, float):
            self._add("type", hidden, spec, value)
            return None
        self._found.texts_as_lists.append(Mistake("split", place.path, place.options, spec, value, hidden.hidden))
        return [value if spec.get("elements") == "raw" else text]


def _fits(kind: str, value: Any, options: Sequence[str]) -> bool:
    """Whether Ansible's conversion accepts a value and preserves its meaning."""
    if kind == "path":
        # Ansible would take a boolean as the name of a file or folder, True.
        return not isinstance(value, (Mapping, list, tuple, bool))
    if kind == "str":
        return not isinstance(value, (Mapping, list, tuple))
    if kind == "raw":
        # Tags have two forms, and their own check.
        return options[-1] == "tags" or isinstance(value, str) or (isinstance(value, int) and not _is_bool(value))
    if kind == "dict":
        return _converts(check_type_dict, value) and isinstance(check_type_dict(value), Mapping)
    if kind == "bool":
        return _converts(check_type_bool, value)
    if _is_bool(value):
        return False
    if kind == "int":
        return _converts(check_type_int, value)
    return _converts(check_type_float, value) and math.isfinite(check_type_float(value))


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _converts(convert: Callable[[Any], Any], value: Any) -> bool:
    try:
        convert(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


def _is_chosen(spec: Spec, kind: str, value: Any) -> bool:
    """Whether a value is one of the choices, as Ansible compares them."""
    choices = spec.get("choices")
    if choices is None or kind != "str":
        return True
    text = str(value)
    for word, words in (("False", BOOLEANS_FALSE), ("True", BOOLEANS_TRUE)):
        # YAML parses an unquoted "off" as a boolean. If only one choice could have been written, it was that one.
        if text == word and len(words.intersection(choices)) == 1:
            return True
    return text in choices
