# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Names of resources and regions, and of the tag that every run leaves out. Pure; every run needs these."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .._common.errors import InvalidArguments

FINGERPRINT_TAG = "aci-secrets-fingerprint"
"""The tag with the fingerprint of a group's secrets. It is internal: no result shows it."""

_NAMING = ("resource_group", "name", "container")
_NO_NAME = re.compile(r"\.*|.*[/\\?#%\x00-\x1f].*", re.DOTALL)


def check_names(params: Mapping[str, Any]) -> None:
    """Raises InvalidArguments if an option with a resource's name would lead to the URL of another resource.

    Empty names occur too, as the result of a template with an empty variable.
    """
    for option in _NAMING:
        value = params.get(option)
        if isinstance(value, str) and _NO_NAME.fullmatch(value):
            raise InvalidArguments(
                f"{option}: {value!r} is not a valid name; leave out slashes and the characters ?, # and %."
            )


def place(location: Any) -> str:
    """A region's name in the form that the service compares: westeurope for West Europe. Empty if there is none."""
    return str(location or "").replace(" ", "").lower()
