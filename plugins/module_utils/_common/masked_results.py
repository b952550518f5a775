# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Masks a result that may hold a secret, value by value, but for what the service computes. Pure.

Few results hold one, so few tasks need this file.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any

from .telling_names import is_free_map, plain_name

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*")

_TIME = re.compile(r"[0-9TZ:. +-]+")

_NUMBER = re.compile(r"[0-9.]+")

_UUID = re.compile(r"[0-9a-fA-F-]{36}")

_TYPED: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(("state", "provisioningstate", "detailstatus", "action", "effect", "code"), _WORD),
    **dict.fromkeys(("ostype", "restartpolicy", "sku", "priority", "protocol"), _WORD),
    **dict.fromkeys(("starttime", "finishtime", "firsttimestamp", "lasttimestamp", "expiresat"), _TIME),
    **dict.fromkeys(("start", "end", "delta"), _TIME),
    **dict.fromkeys(("port", "exitcode", "restartcount", "count", "revision", "rc", "status", "duration"), _NUMBER),
    **dict.fromkeys(("principalid", "tenantid", "subscriptionid", "requestid"), _UUID),
    "zones": re.compile(r"[0-9]"),
    "type": re.compile(r"[A-Za-z]+|Microsoft\.[A-Za-z.]+/[A-Za-z/]+"),
    "ip": re.compile(r"[0-9a-fA-F.:]+"),
    "fqdn": re.compile(r"[A-Za-z0-9.-]+\.[A-Za-z]{2,}"),
    "id": re.compile(r"/subscriptions/.*"),
}
"""What the service computes, with the form that it has: it reveals nothing about a secret with the same text."""


@functools.lru_cache(maxsize=4096)
def _form_of(name: str) -> re.Pattern[str] | None:
    return _TYPED.get(plain_name(name))


def _is_named_by(around: Mapping[str, Any], name: str, item: str) -> bool:
    """Whether a text is a name that the resource id beside it has, or that of an event."""
    if name in ("name", "resource_group", "subscription_id"):
        beside = around.get("id")
        if isinstance(beside, str) and beside.startswith("/subscriptions/"):
            return item in beside.split("/")
        return name == "name" and "first_timestamp" in around and _WORD.fullmatch(item) is not None
    return False


class _Masked:
    """The functions that mask the texts and find the secret numbers of one result."""

    def __init__(self, mask: Callable[[str], str], is_secret_number: Callable[[Any], bool]) -> None:
        self._mask = mask
        self._is_secret_number = is_secret_number

    def value(self, value: Any, form: re.Pattern[str] | None, free: bool) -> Any:
        if isinstance(value, str):
            return value if form is not None and form.fullmatch(value) else self._mask(value)
        if isinstance(value, Mapping):
            return {name: self._item(value, name, item, free) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.value(item, form, free) for item in value]
        if value is None or isinstance(value, bool) or form is not None:
            return value
        return self._mask(str(value)) if self._is_secret_number(value) else value

    def _item(self, around: Mapping[str, Any], name: Any, item: Any, free: bool) -> Any:
        name = str(name)
        free = free or is_free_map(name)
        if not free and isinstance(item, str) and _is_named_by(around, name, item):
            return item
        form = None if free else _form_of(name)
        if name in ("before", "after") and around.get("property") == "state":
            form = _WORD
        return self.value(item, form, free)


def masked(value: Any, mask: Callable[[str], str], is_secret_number: Callable[[Any], bool]) -> Any:
    """A copy of a JSON value without secrets. ``mask`` masks a text; a secret number is replaced as a whole."""
    return _Masked(mask, is_secret_number).value(value, None, False)
