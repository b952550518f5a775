# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Finds timestamps in the options of a task: YAML parses unquoted ones. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .mistakes import Mistake, Spec, option_names
from .telling_names import plain_name

FREE = frozenset({"settings", "protectedsettings", "extraproperties"})
"""Dictionaries that are passed on unchanged, and may contain numbers, booleans and dates."""


def timestamps_in(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where raw arguments contain timestamps. A date without a time does not count: it is passed on as written."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if plain_name(str(name)) not in FREE:
                yield from timestamps_in(item, (*place, str(name)))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from timestamps_in(item, (*place, index))
    elif isinstance(value, datetime.datetime):
        yield place


def timestamp_mistakes(arguments: Spec, params: Any, places: Iterable[Sequence[str | int]]) -> Iterator[Mistake]:
    """The mistakes at the places where YAML parsed a timestamp; ``params`` has strings there."""
    for place in places:
        spec: Spec | None = None
        options: Spec | None = arguments
        path, names, value, hidden = "", [], params, False
        for step in place:
            value = value[step]
            if isinstance(step, int):
                path += f"[{step}]"
                continue
            if options is None:
                path += f"[{step}]"
                continue
            name = option_names(options).get(step)
            spec = options.get(name) if name is not None else None
            hidden = hidden or spec is None or bool(spec.get("no_log"))
            path += f".{step}" if path else step
            names.append(name or step)
            options = (spec or {}).get("options")
        yield Mistake("timestamp", path, tuple(names), spec or {}, value, hidden)
