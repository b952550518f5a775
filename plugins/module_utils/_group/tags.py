# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The tags of a resource after a task, and how they change. Pure."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from typing import Any

from .._common.errors import InvalidArguments
from .._common.masking import shown
from .changes import Change
from .names import FINGERPRINT_TAG
from .schema import Effect
from .wire import raw_text

OWN_TAGS = (FINGERPRINT_TAG,)
"""Internal tags of the module: never purged, never shown as a change."""


def resulting_tags(
    live: Mapping[str, str] | None, given: Mapping[str, Any] | None, purge: bool, ignore: Sequence[str]
) -> dict[str, str]:
    """All tags after the task. The case of names is ignored; a live tag's name keeps its spelling.

    With ``purge``, live tags that are not given are removed, but for those that match a pattern of ``ignore``.

    Raises InvalidArguments for values that are not strings, and for names that differ only in case.
    """
    live = dict(live or {})
    if given is None:
        return live
    wanted = {str(name): raw_text(value, f"tags[{name}]") for name, value in given.items()}
    twice = sorted(name for name in wanted if sum(name.lower() == other.lower() for other in wanted) > 1)
    if twice:
        raise InvalidArguments(
            f"tags: {', '.join(twice)} are the same name, because case is ignored; give only one of them."
        )
    spelling = {name.lower(): name for name in live}
    result = dict(live)
    if purge:
        names = {name.lower() for name in wanted}
        result = {
            name: value
            for name, value in live.items()
            if name.lower() in names or name in OWN_TAGS or _ignored(name, ignore)
        }
    for name, value in wanted.items():
        result[spelling.get(name.lower(), name)] = value
    return result


def _ignored(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


def tag_changes(before: Mapping[str, str] | None, after: Mapping[str, str]) -> list[Change]:
    """One change per tag that differs."""
    old = dict(before or {})
    return [
        Change(f"tags[{name}]", shown(old.get(name)), shown(after.get(name)), Effect.TAGS)
        for name in [*old, *(name for name in after if name not in old)]
        if old.get(name) != after.get(name) and name not in OWN_TAGS
    ]
