# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Parses a compose file as the compose specification reads YAML. Pure.

PyYAML reads YAML 1.1, in which ``53:53`` is a number and ``no`` is false. Compose reads YAML 1.2: only ``true`` and
``false`` are booleans, only digits are numbers, and keys are always strings. Duplicate keys in a mapping are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ..._common.errors import InvalidArguments

MAX_NODES = 100_000
"""Aliases can multiply the content of a file; no real project has nearly as many values."""


@dataclass(frozen=True)
class Reset:
    """``!reset``: discards what earlier files say here."""


@dataclass(frozen=True)
class Override:
    """``!override``: the value completely replaces what earlier files say here."""

    value: Any


class WrittenFloat(float):
    """A decimal number that remembers its notation: as a string, ``1.10`` is not the same as 1.1."""

    written: str


class WrittenInt(int):
    """A whole number that remembers its notation: as a string, ``0755`` is not the same as 755."""

    written: str


_MERGE = "tag:yaml.org,2002:merge"
_NULL = re.compile(r"~|null|Null|NULL|")
_FLAG = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def parsed(content: bytes, path: str) -> dict[str, Any]:
    """The mapping in a compose file. Errors name the file by its ``path``.

    Raises InvalidArguments, which never quotes the file, and ImportError if PyYAML is missing.
    """
    import yaml

    try:
        documents = [each for each in yaml.load_all(content.decode("utf-8-sig"), _loader()) if each is not None]
        if len(documents) == 1:
            _count(documents[0])
    except UnicodeDecodeError:
        raise InvalidArguments(f"{path} is not UTF-8 text; save it in that encoding.") from None
    except RecursionError:
        raise InvalidArguments(f"{path} is nested too deeply.") from None
    except (yaml.YAMLError, ValueError) as error:
        raise InvalidArguments(f"{path} is not a valid compose file{_reason(error)}.") from None
    if not documents:
        raise InvalidArguments(f"{path} is empty.")
    if len(documents) > 1:
        raise InvalidArguments(f"{path} has {len(documents)} documents; use one file for each.")
    if not isinstance(documents[0], dict):
        raise InvalidArguments(f"{path} is not a compose file: it must be a mapping with services.")
    return documents[0]


def _loader() -> Any:
    """The class that loads YAML 1.2, including the tags of the compose specification."""
    import yaml

    class Loader(yaml.SafeLoader):
        """Loads YAML 1.2."""

        yaml_implicit_resolvers: dict[Any, Any] = {}

        def compose_mapping_node(self, anchor: Any) -> Any:
            node = super().compose_mapping_node(anchor)
            seen = set()
            for key, _value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise yaml.constructor.ConstructorError(None, None, "a key is not a string", key.start_mark)
                if key.value in seen and key.tag != _MERGE:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {key.value!r} stands twice in one mapping", key.start_mark
                    )
                seen.add(key.value)
            return node

    def mapping(loader: Any, node: Any) -> dict[str, Any]:
        return {key: loader.construct_object(value, deep=True) for key, value in _pairs(node).items()}

    def scalar(loader: Any, node: Any, tag: str) -> Any:
        text = str(loader.construct_scalar(node))
        return _typed(text) if tag == "plain" else text

    def tagged(loader: Any, node: Any) -> Any:
        if isinstance(node, yaml.MappingNode):
            return mapping(loader, node)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return scalar(loader, node, "plain" if node.style is None else "text")

    for pattern in (_NULL, _FLAG, _INT, _FLOAT):
        Loader.add_implicit_resolver("!plain", re.compile(rf"(?:{pattern.pattern})\Z"), None)
    Loader.add_implicit_resolver(_MERGE, re.compile(r"<<\Z"), ["<"])
    Loader.add_constructor("!plain", lambda loader, node: scalar(loader, node, "plain"))
    Loader.add_constructor("tag:yaml.org,2002:map", mapping)
    for name in ("null", "bool", "int", "float"):
        Loader.add_constructor(f"tag:yaml.org,2002:{name}", lambda loader, node: scalar(loader, node, "plain"))
    Loader.add_constructor("!reset", lambda _loader, _node: Reset())
    Loader.add_constructor("!override", lambda loader, node: Override(tagged(loader, node)))
    return Loader


def _pairs(node: Any) -> dict[str, Any]:
    """The nodes of a mapping by key: merged ones (``<<``), overridden by its own."""
    merged: dict[str, Any] = {}
    own: dict[str, Any] = {}
    for key, value in node.value:
        if key.tag != _MERGE:
            own[key.value] = value
            continue
        for source in value.value if value.id == "sequence" else [value]:
            if source.id != "mapping":
                raise ValueError  # neither a mapping nor a list of mappings
            for name, item in _pairs(source).items():
                merged.setdefault(name, item)
    return {**merged, **own}


def _reason(error: Exception) -> str:
    """Why a file is not valid, with the line; most of the parser's messages cannot be used, as they quote the file."""
    mark = getattr(error, "problem_mark", None)
    where = f" (line {mark.line + 1})" if mark is not None else ""
    problem = str(getattr(error, "problem", None) or "")
    return f"{where}: {problem}" if problem.startswith(("the key ", "a key ")) else where


def _typed(text: str) -> Any:
    """The value of an unquoted scalar that matches one of the patterns."""
    if _NULL.fullmatch(text):
        return None
    if _FLAG.fullmatch(text):
        return text.lower() == "true"
    if _INT.fullmatch(text):
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        number = WrittenInt(text, base)
        number.written = text
        return number
    value = WrittenFloat(text)
    value.written = text
    return value


def _count(value: Any, count: int = 0) -> int:
    """The number of values, with aliases expanded. Raises ValueError if there are too many."""
    count += 1
    if count > MAX_NODES:
        raise ValueError
    inner = value.value if isinstance(value, Override) else value
    items = inner.values() if isinstance(inner, dict) else inner if isinstance(inner, list) else ()
    for item in items:
        count = _count(item, count)
    return count
