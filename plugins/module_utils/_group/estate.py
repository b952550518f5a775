# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Many container groups as one estate: their options, their order, and the groups that have left the list. Pure."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from .._common.errors import InvalidArguments
from .._common.lifetime import is_kept
from .facts import orchestrator_of, resource_group_of
from .names import place
from .own_tags import ESTATE_TAG
from .plan import TagPolicy, Wanted
from .quota import counted
from .wire import ArmJson, get_path

MERGED: Final = ("tags", "definition_variables")
"""Options that are merged with the defaults key by key; any other option of an entry replaces its default."""

_DEFINITIONS: Final = ("definition", "definition_file")

Key = tuple[str, str]
"""Identifies a group in a subscription: its resource group and its name, both in lower case."""


# -- options -----------------------------------------------------------------------------------------------------------


def merged(defaults: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """The options of an entry, merged over the defaults. A null removes a default."""
    beneath = dict(defaults)
    if any(entry.get(name) is not None for name in _DEFINITIONS):
        beneath = {name: value for name, value in beneath.items() if name not in _DEFINITIONS}
    found = {**beneath, **entry}
    for name in MERGED:
        below, above = beneath.get(name), entry.get(name)
        if isinstance(below, Mapping) and isinstance(above, Mapping):
            found[name] = {**below, **above}
    if found.get("definition_file") is None and entry.get("definition_variables") is None:
        found.pop("definition_variables", None)  # the default is for entries with a file
    return {name: value for name, value in found.items() if value is not None}


def merged_entries(params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The complete options of each entry in ``groups`` that is a dictionary, and the defaults themselves."""
    defaults, groups = params.get("defaults"), params.get("groups")
    beneath = defaults if isinstance(defaults, Mapping) else {}
    entries = [entry for entry in groups if isinstance(entry, Mapping)] if isinstance(groups, (list, tuple)) else []
    return [*[merged(beneath, entry) for entry in entries], dict(beneath)]


def label(key: Key) -> str:
    """A group's name as messages show it: shop/web-1."""
    return "/".join(key)


def key_of(wire: Mapping[str, Any]) -> Key:
    """The key of a group in wire form."""
    return (resource_group_of(str(wire.get("id") or "")) or "").lower(), str(wire.get("name")).lower()


# -- order -------------------------------------------------------------------------------------------------------------


def needs(keys: Sequence[Key], after: Sequence[Sequence[str]]) -> list[frozenset[int]]:
    """For each entry, the indexes of the entries that must come before it.

    Raises InvalidArguments for a name that no entry has, or several have, and for a circular dependency.
    """
    found = [
        frozenset(_place_of(str(name), keys, label(keys[index])) for name in names) for index, names in enumerate(after)
    ]
    done: set[int] = set()
    while len(done) < len(found):
        ready = {index for index, before in enumerate(found) if index not in done and before <= done}
        if not ready:
            raise InvalidArguments(f"groups: after forms a circle: {_circle(keys, found, done)}.")
        done |= ready
    return found


def _place_of(name: str, keys: Sequence[Key], of: str) -> int:
    wanted = name.lower()
    matches = [index for index, key in enumerate(keys) if wanted in (key[1], label(key))]
    if len(matches) == 1:
        return matches[0]
    if not matches:
        raise InvalidArguments(f"groups ({of}): after names {name}, which is not in groups.")
    listed = ", ".join(label(keys[index]) for index in matches)
    raise InvalidArguments(
        f"groups ({of}): after names {name}, but several groups have that name; use one of {listed}."
    )


def _circle(keys: Sequence[Key], found: Sequence[AbstractSet[int]], done: AbstractSet[int]) -> str:
    index = next(index for index in range(len(found)) if index not in done)
    way = [index]
    while True:
        index = min(found[index] - done)
        if index in way:
            return " after ".join(label(keys[each]) for each in [*way[way.index(index) :], index])
        way.append(index)


# -- a part of the list ------------------------------------------------------------------------------------------------

_SLICE = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")


def chosen(keys: Sequence[Key], only: Sequence[str] | None, part: str | None) -> list[bool]:
    """Which entries the task applies to. Raises InvalidArguments for an invalid slice, or a pattern without matches."""
    found = [True] * len(keys)
    if part is not None:
        match = _SLICE.fullmatch(part.strip())
        number, of = (int(match[1]), int(match[2])) if match else (1, 0)
        if number > of:
            raise InvalidArguments(f"slice: {part!r} is not a valid slice; use NUMBER/COUNT, such as 2/4.")
        found = [index % of == number - 1 for index in range(len(keys))]
    if only is not None:
        patterns = [str(pattern).lower() for pattern in only]
        for pattern in patterns:
            if not any(_matches(key, pattern) for key in keys):
                raise InvalidArguments(f"only: no entry of groups matches {pattern}.")
        found = [
            taken and any(_matches(key, pattern) for pattern in patterns)
            for taken, key in zip(found, keys, strict=True)
        ]
    return found


def _matches(key: Key, pattern: str) -> bool:
    return fnmatch.fnmatchcase(key[1], pattern) or fnmatch.fnmatchcase(label(key), pattern)


# -- membership --------------------------------------------------------------------------------------------------------


def checked_estate(name: str | None) -> str | None:
    """Checks the option ``estate``. Raises InvalidArguments if it cannot be the value of a tag."""
    if name is None:
        return None
    if not name.strip() or len(name) > 256 or not name.isprintable():
        raise InvalidArguments(f"estate: {name!r} is not a valid name; use 1 to 256 printable characters.")
    return name


def estate_of(wire: Mapping[str, Any] | None) -> str | None:
    """The estate in a group's tag, or None. The case of the tag's name does not matter."""
    tags = (wire or {}).get("tags") or {}
    return next((str(value) for name, value in tags.items() if str(name).lower() == ESTATE_TAG), None)


def in_estate(wanted: Wanted, estate: str) -> Wanted:
    """The desired state of a group, plus the tag of its estate."""
    tags = wanted.options.get("tags")
    if tags is None:
        tags = (wanted.definition or {}).get("tags")
    # An entry without tags leaves the group's tags alone, whatever purge_tags says.
    policy = TagPolicy(wanted.tags.purge and tags is not None, wanted.tags.ignore)
    others = {name: value for name, value in (tags or {}).items() if str(name).lower() != ESTATE_TAG}
    return wanted._replace(options={**wanted.options, "tags": {**others, ESTATE_TAG: estate}}, tags=policy)


# -- groups to remove --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Leaving:
    """The groups of an estate that are no longer in its list, and the number of groups in the estate."""

    groups: list[ArmJson]
    kept: list[tuple[ArmJson, str]]
    """Groups that stay nevertheless, each with the reason."""
    members: int


def leaving(listed: Iterable[ArmJson], keys: AbstractSet[Key], estate: str, protect_tag: str) -> Leaving:
    """The groups that have left the list, among all groups in the task's resource groups."""
    found: list[ArmJson] = []
    kept: list[tuple[ArmJson, str]] = []
    members = 0
    for wire in listed:
        if estate_of(wire) != estate:
            continue
        members += 1
        if key_of(wire) in keys:
            continue
        reason = reason_to_stay(wire, protect_tag)
        if reason is None:
            found.append(wire)
        else:
            kept.append((wire, reason))
    return Leaving(sorted(found, key=key_of), sorted(kept, key=lambda each: key_of(each[0])), members)


def reason_to_stay(wire: ArmJson, protect_tag: str) -> str | None:
    """Why a group must not be removed, or None."""
    if is_kept(wire.get("tags"), protect_tag):
        return f"it has the tag {protect_tag}"
    owner = orchestrator_of(wire)
    return None if owner is None else f"it belongs to the NGroup {owner}"


_LIMIT = re.compile(r"([0-9]{1,6})(?:\s*(%))?")


def most_removed(limit: str, members: int) -> int:
    """The number of groups that may be removed: ``limit`` is a number, or a percentage of the members (at least 1).

    Raises InvalidArguments if it is neither.
    """
    match = _LIMIT.fullmatch(limit.strip())
    if match is None or (match[2] and int(match[1]) > 100):
        raise InvalidArguments(
            f"purge_limit: {limit!r} is not a valid limit; use a number of groups, or a percentage such as 10%."
        )
    return max(1, members * int(match[1]) // 100) if match[2] else int(match[1])


# -- quota -------------------------------------------------------------------------------------------------------------

Needs = dict[str, dict[str, float]]
"""Amounts by region (as ``place`` writes it) and usage name."""


def needed_quota(pairs: Iterable[tuple[ArmJson | None, ArmJson | None]]) -> Needs:
    """The additional quota that changes need. Each pair is a group before and after, None if it does not exist."""
    found: Needs = {}
    for before, now in pairs:
        for wire, sign in ((before, -1), (now, 1)):
            if wire is not None:
                region = found.setdefault(place(wire.get("location")), {})
                for name, amount in counted(wire).items():
                    region[name] = region.get(name, 0.0) + sign * amount
    return {
        region: {name: amount for name, amount in amounts.items() if amount > 0}
        for region, amounts in found.items()
        if any(amount > 0 for amount in amounts.values())
    }


def short_quota(usages: Iterable[Mapping[str, Any]], region: str, needed: Mapping[str, float]) -> list[str]:
    """Where a region's quota is insufficient for all changes together, one phrase per usage."""
    found = []
    for usage in usages:
        name = str(get_path(usage, "name.value"))
        limit, current = usage.get("limit"), usage.get("currentValue")
        if name not in needed or not isinstance(limit, (int, float)) or not isinstance(current, (int, float)):
            continue
        if current + needed[name] > limit:
            found.append(
                f"{name} in {region}: the limit is {limit:g}, {current:g} are in use and {needed[name]:g} more are "
                "needed"
            )
    return found
