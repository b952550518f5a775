# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Variables in the values of a compose file: ``$NAME``, ``${NAME:-default}`` and so on. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":-|-|:\?|\?|:\+|\+")

Missing = Callable[[str], None]


class BadTemplate(Exception):
    """A string contains a dollar sign without a valid variable. The error's text never quotes the string."""


class Required(Exception):
    """A variable that the file requires has no value. The error's text is the one in the file."""


def interpolated(template: str, variables: Mapping[str, str], missing: Missing) -> str:
    """The string with the values of variables inserted. ``missing`` is called for each one without value and default.

    Raises BadTemplate and Required.
    """
    text, _end = _until(template, 0, "", variables, missing, True)
    return text


def _until(text: str, at: int, end: str, variables: Mapping[str, str], missing: Missing, live: bool) -> tuple[str, int]:
    """The interpolated text from ``at`` to ``end`` (a brace, or nothing), and its end position.

    Unless ``live``, the text will not be used, so variables in it need no value.
    """
    parts: list[str] = []
    while at < len(text) and not (end and text[at] == end):
        if text[at] != "$":
            parts.append(text[at])
            at += 1
            continue
        follows = text[at + 1 : at + 2]
        if follows == "$":
            parts.append("$")
            at += 2
        elif follows == "{":
            value, at = _braced(text, at + 2, variables, missing, live)
            parts.append(value)
        elif name := _NAME.match(text, at + 1):
            parts.append(_value(name[0], variables, missing, live))
            at = name.end()
        else:
            raise BadTemplate("a single $ is not a variable; write $$ for a dollar sign")
    if end and at >= len(text):
        raise BadTemplate("a brace of ${ is not closed")
    return "".join(parts), at


def _braced(text: str, at: int, variables: Mapping[str, str], missing: Missing, live: bool) -> tuple[str, int]:
    """The value of the expression at ``at``, which follows ``${``; and the position after its closing brace."""
    name = _NAME.match(text, at)
    if name is None:
        raise BadTemplate("${ must be followed by the name of a variable: letters, digits and underscores")
    at = name.end()
    if text[at : at + 1] == "}":
        return _value(name[0], variables, missing, live), at + 1
    operator = _OPERATOR.match(text, at)
    if operator is None:
        raise BadTemplate("the name in ${ } can be followed only by :- - :? ? :+ or +")
    value = variables.get(name[0])
    is_set = bool(value) if ":" in operator[0] else value is not None
    kind = operator[0][-1]
    wants_word = not is_set if kind in "-?" else is_set
    word, at = _until(text, operator.end(), "}", variables, missing, live and wants_word)
    if kind == "?" and not is_set and live:
        raise Required(word or f"the variable {name[0]} is required")
    if wants_word:
        return word, at + 1
    return (value or "") if kind in "-?" else "", at + 1


def _value(name: str, variables: Mapping[str, str], missing: Missing, live: bool) -> str:
    if name not in variables and live:
        missing(name)
    return variables.get(name, "")
