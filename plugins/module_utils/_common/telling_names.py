# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""What the name of a value says about it: that it is secret, or that users choose the names within it. Pure."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

FREE_MAPS = frozenset({"tags", "metadata", "settings", "keyvaluepairs", "secretreference"})
"""Dictionaries with keys that users choose, so that no key says anything of its value."""

IsSecret = Callable[[str], bool]


def plain_name(name: str) -> str:
    """A name without case and separators: ``clientSecret`` and ``client_secret`` are the same."""
    return re.sub(r"[_.\s-]", "", name).lower()


_TELLING = re.compile(
    r".*(password|passwd|pwd|passphrase|secret|securevalue|(?<!public)(?<!partition)key|token|connectionstring"
    r"|signature|sasurl|sasuri|protectedsettings)s?|.*credential|sas|sig"
)


@functools.lru_cache(maxsize=4096)
def says_secret(name: str) -> bool:
    """Whether a name says that its value is secret: ``clientSecret``, ``ACCOUNT_KEY``, ``sas``."""
    return _TELLING.fullmatch(plain_name(name)) is not None


@functools.lru_cache(maxsize=4096)
def is_free_map(name: str) -> bool:
    """Whether users choose the names in the dictionary of this name, so that they say nothing."""
    return plain_name(name) in FREE_MAPS


def no_secret(_name: str) -> bool:
    """For values in which no name says anything."""
    return False
