# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Parses the bytes of a definition file into a document of JSON types. Pure.

Files are UTF-8, or UTF-16 or UTF-32 with a byte order mark, as Windows shells write them. They contain JSON, with the
comments and trailing commas that ARM's tools allow, or YAML. In YAML, ``${NAME}`` in an unquoted scalar on one line is
a variable, as in ``az container create --file``. It is literal everywhere else: in quotes, in blocks, in JSON. Values
are inserted after parsing, so they are always strings, whatever they contain.
"""

from __future__ import annotations

import codecs
import datetime
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._common.masking import texts_of


class NotADocument(Exception):
    """The file cannot be parsed. The text says why, to follow the file's path, and never quotes the file."""


@dataclass(frozen=True)
class Document:
    """The content of a file."""

    value: Any
    """The document, with JSON types only."""
    landed: frozenset[str] = frozenset()
    """The strings in which values of variables were inserted."""
    missing: tuple[str, ...] = ()
    """Variables without a value, in their order in the file; the document still has ``${NAME}`` for them."""
    literal: tuple[str, ...] = ()
    """Variables with a value that also occur where ``${NAME}`` is literal."""


_MARKS = (  # the longer ones first: UTF-32 begins as UTF-16 does
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_VARIABLE = re.compile(r"\$\{([^}^{]+)\}")
_HAS_VARIABLE = re.compile(r".*\$\{[^}^{]+\}")  # both regular expressions are those of az
_VARIABLE_TAG = "!aci-variable"

_JSON_TOKENS = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING_COMMA = re.compile(r'"(?:\\.|[^"\\])*"|,(?=\s*[}\]])', re.DOTALL)


def parsed(content: bytes, variables: Mapping[str, str]) -> Document:
    """The document in a file's content, with the values of variables inserted.

    Raises NotADocument, and ImportError if the file is YAML and PyYAML is missing.
    """
    text = _decoded(content)
    try:
        found, reason = _as_json(text)
        if found is None:
            document = _yaml(text, variables, reason)  # YAML may begin with a bracket as well
        else:
            document = Document(found, literal=_literal(found, variables))
        # Like an inline definition, it must have JSON types only.
        value = json.loads(json.dumps(document.value, default=_date, allow_nan=False))
    except RecursionError:
        raise NotADocument("is nested too deeply") from None
    except (TypeError, ValueError):
        raise NotADocument("has a value that JSON cannot hold") from None
    return Document(value, document.landed, document.missing, document.literal)


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise NotADocument(
            "is not text in UTF-8, nor in UTF-16 with a byte order mark; save it in one of these encodings"
        ) from None


def _as_json(text: str) -> tuple[Any, str]:
    """The value of JSON text; otherwise None, and the reason if the text looks like JSON."""
    plain = _JSON_TOKENS.sub(lambda found: found[0] if found[0].startswith('"') else _blank(found[0]), text)
    if not plain.lstrip().startswith(("{", "[")):
        return None, ""
    plain = _TRAILING_COMMA.sub(lambda found: found[0] if found[0].startswith('"') else " ", plain)
    try:
        return json.loads(plain, strict=False), ""  # ARM templates may have multi-line strings
    except json.JSONDecodeError as error:
        return None, f"is not valid JSON (line {error.lineno})"


def _blank(comment: str) -> str:
    """White space that replaces a comment and keeps its line breaks, so that errors name the right line."""
    return " " + "\n" * comment.count("\n")


def _yaml(text: str, variables: Mapping[str, str], reason: str) -> Document:
    """The document in YAML text. ``reason`` says what is wrong with it as JSON, if it looks like JSON."""
    import yaml

    landed: set[str] = set()
    missing: dict[str, None] = {}

    class Loader(yaml.SafeLoader):
        """Gives unquoted scalars that contain variables a tag of their own."""

    def with_values(loader: Any, node: Any) -> str:
        scalar = str(loader.construct_scalar(node))
        missing.update(dict.fromkeys(name for name in _VARIABLE.findall(scalar) if name not in variables))
        result = _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), scalar)
        if result != scalar:
            landed.add(result)
        return result

    Loader.add_implicit_resolver(_VARIABLE_TAG, _HAS_VARIABLE, None)
    Loader.add_constructor(_VARIABLE_TAG, with_values)
    try:
        found = list(yaml.load_all(text, Loader))
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        raise NotADocument(reason or f"is not valid YAML or JSON{where}") from None
    documents = [each for each in found if each is not None]
    if len(documents) > 1:
        raise NotADocument(
            f"has {len(documents)} documents (separated by ---); keep each container group in a file of its own"
        )
    value = documents[0] if documents else None
    return Document(value, frozenset(landed), tuple(missing), _literal(value, variables, landed))


def _literal(
    value: Any, variables: Mapping[str, str], landed: set[str] | frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """The variables that occur literally as ``${NAME}``, in strings where no values were inserted."""
    texts = [text for text in texts_of(value) if "${" in text and text not in landed]
    return tuple(name for name in variables if any(f"${{{name}}}" in text for text in texts))


def _date(value: Any) -> str:
    """A YAML date as a string. Raises TypeError for anything else."""
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    raise TypeError
