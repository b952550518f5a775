# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Files of environment variables: ``.env``, and those in the key ``env_file``. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..._common.errors import InvalidArguments
from .interpolation import BadTemplate, Missing, Required, interpolated

_LINE = re.compile(r"[ \t]*(?:export[ \t]+)?(?P<name>[^\s=:#'\"]+)[ \t]*(?:(?P<sign>[=:])[ \t]*)?")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"', "'": "'", "f": "\f", "b": "\b", "v": "\v", "a": "\a"}


def variables_of(content: bytes, path: str, environment: Mapping[str, str], missing: Missing) -> dict[str, str | None]:
    """The variables in a file, in order. A variable without a value is None: its value comes from elsewhere.

    Values may refer to ``environment`` and to variables above them. Errors name the file by its ``path``, and never
    quote it. Raises InvalidArguments.
    """
    text = _decoded(content, path)
    found: dict[str, str | None] = {}
    at = 0
    while at < len(text):
        if text[at] in " \t\n":
            at += 1
            continue
        if text[at] == "#":
            at = _line_end(text, at)
            continue
        line = text.count("\n", 0, at) + 1
        begin = _LINE.match(text, at)
        if begin is None:
            raise InvalidArguments(f"{path}, line {line}: the line must start with the name of a variable.")
        at = begin.end()
        if begin["sign"] is None:
            rest = text[at : _line_end(text, at)].strip()
            if rest and not rest.startswith("#"):
                raise InvalidArguments(f"{path}, line {line}: = is missing after the name of the variable.")
            found[begin["name"]] = None
            at = _line_end(text, at)
            continue
        try:
            value, at = _value(text, at, {**_known(found), **environment}, missing)
        except (BadTemplate, Required) as error:
            raise InvalidArguments(f"{path}, line {line}: {error}.") from None
        found[begin["name"]] = value
    return found


def raw_variables_of(content: bytes, path: str) -> dict[str, str | None]:
    """The variables in a file with ``format: raw``: everything after the first equals sign is the value, unchanged."""
    found: dict[str, str | None] = {}
    for line in _decoded(content, path).split("\n"):
        text = line.lstrip()
        if text and not text.startswith("#"):
            name, sign, value = text.partition("=")
            found[name.strip()] = value if sign else None
    return found


def _decoded(content: bytes, path: str) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise InvalidArguments(f"{path} is not UTF-8 text; save it in that encoding.") from None


def _known(found: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in found.items() if value is not None}


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _value(text: str, at: int, variables: Mapping[str, str], missing: Missing) -> tuple[str, int]:
    """The value that begins at ``at``, and the position at which to continue."""
    if text[at : at + 1] == "'":
        end = text.find("'", at + 1)
        if end < 0:
            raise BadTemplate("a quote is not closed")
        return text[at + 1 : end], _behind(text, end + 1)
    if text[at : at + 1] == '"':
        end = at + 1
        while end < len(text) and text[end] != '"':
            end += 2 if text[end] == "\\" else 1
        if end >= len(text):
            raise BadTemplate("a quote is not closed")
        return interpolated(_unescaped(text[at + 1 : end]), variables, missing), _behind(text, end + 1)
    end = _line_end(text, at)
    value = text[at:end]
    comment = re.search(r"(?:^|[ \t])#", value)
    if comment is not None:
        value = value[: comment.start()]
    return interpolated(value.strip(), variables, missing), end


def _behind(text: str, at: int) -> int:
    """The end of the line, on which only a comment may follow the closing quote."""
    end = _line_end(text, at)
    rest = text[at:end].strip()
    if rest and not rest.startswith("#"):
        raise BadTemplate("there is text after the closing quote")
    return end


def _unescaped(text: str) -> str:
    r"""A double-quoted string with its escapes resolved. ``\$`` becomes ``$$``, which stands for a dollar sign."""

    def plain(found: re.Match[str]) -> str:
        char = found[1]
        return "$$" if char == "$" else _ESCAPES.get(char, found[0])

    return re.sub(r"\\(.)", plain, text, flags=re.DOTALL)
