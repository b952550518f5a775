# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Names of resources and regions. Pure; apart from the other rules, since every run needs these."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._common.errors import InvalidArguments

_NAMING = ("resource_group", "name", "container")
_NO_NAME = re.compile(r"\.*|.*[/\\?#%\x00-\x1f].*", re.DOTALL)


def check_names(params: Mapping[str, Any]) -> None:
    """Raises InvalidArguments where an option that names a resource would make the address of another one.

    An empty name is what a template of an empty variable leaves.
    """
    for option in _NAMING:
        value = params.get(option)
        if isinstance(value, str) and _NO_NAME.fullmatch(value):
            raise InvalidArguments(
                f"{option}: {value!r} is not a valid name; leave out slashes and the characters ?, # and %."
            )


def place(location: Any) -> str:
    """A region's name as the service compares it: West Europe is westeurope. Empty where there is none."""
    return str(location or "").replace(" ", "").lower()
