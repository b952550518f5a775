# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Merges compose files. Pure; the values are in the forms of forms.py."""

from __future__ import annotations

from typing import Any

from .text import Override, Reset

_REPLACED = frozenset({("command",), ("entrypoint",), ("healthcheck", "test")})
"""Lists of a service that a later file replaces: merging the words of commands would make no sense."""


def merged_service(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """A service merged with what a later file, or a service that extends it, says about it."""
    return _mapping(base, over, ())


def merged_element(base: Any, over: Any) -> Any:
    """A volume, network, secret or config merged with what a later file says about it."""
    return _merged(base, over, ("*",))


def plain(value: Any) -> Any:
    """A value without the tags ``!reset`` and ``!override``, for which there are no earlier files."""
    if isinstance(value, Override):
        return plain(value.value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if not isinstance(item, Reset)}
    if isinstance(value, list):
        return [plain(item) for item in value if not isinstance(item, Reset)]
    return value


def _merged(base: Any, over: Any, path: tuple[str, ...]) -> Any:
    if isinstance(over, Override):
        return plain(over.value)
    if isinstance(base, dict) and isinstance(over, dict):
        return _mapping(base, over, path)
    if isinstance(base, list) and isinstance(over, list) and path not in _REPLACED:
        return _list(base, over, path)
    if over is None and isinstance(base, (dict, list)) and path not in _REPLACED:
        return base  # a key without a value changes nothing
    return plain(over)


def _mapping(base: dict[str, Any], over: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    result = dict(base)
    for key, value in over.items():
        if isinstance(value, Reset):
            result.pop(key, None)
        elif key in result:
            result[key] = _merged(result[key], value, (*path, key))
        else:
            result[key] = plain(value)
    return result


def _list(base: list[Any], over: list[Any], path: tuple[str, ...]) -> list[Any]:
    """Both lists; if two elements have the same key, the later one wins."""
    places: dict[Any, int] = {}
    result: list[Any] = []
    for item in [*base, *(plain(item) for item in over if not isinstance(item, Reset))]:
        key = _key(path, item)
        if key is not None and key in places:
            at = places[key]
            result[at] = {**result[at], **item} if isinstance(item, dict) else item
        else:
            if key is not None:
                places[key] = len(result)
            result.append(item)
    return result


def _key(path: tuple[str, ...], item: Any) -> Any:
    """The key by which an element is unique in its list; None if the list may have duplicates."""
    name = path[0] if len(path) == 1 else ""
    if isinstance(item, dict):
        if name == "ports":
            return (item.get("host_ip"), item["target"], item.get("published"), item["protocol"])
        if name == "volumes":
            return item["target"]
        if name in ("secrets", "configs"):
            return item.get("target") or item["source"]
        return None
    return None if name == "env_file" else ("text", str(item))
