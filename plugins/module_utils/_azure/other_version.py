# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The API version to use instead of one that the service refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from .._common.api_versions import API_VERSIONS, OLDEST, has
from .._common.errors import AzureError

_NAMED = re.compile(r"supported (?:api-)?versions are (.*?)(?:\. |\.?$)", re.DOTALL)
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(?:-preview)?")


def other_version(
    error: AzureError, tried: str, since: str, container_group_type: Callable[[], dict[str, Any]]
) -> str | None:
    """The version to try after ``tried`` was refused; None if the version was not the reason, or none is left.

    The error usually lists the supported versions. Only if it does not is the provider asked, which requires a
    permission that not every identity has; without it, the next older version is as good a guess as any.
    """
    offered = named(error.message)
    if not offered:
        try:
            offered = container_group_type().get("apiVersions") or []
        except AzureError as failure:
            if failure.status not in (403, 404):
                raise
    if not offered:
        return next_after(tried, since)
    return None if tried in offered else best(offered, since)


def named(message: str) -> list[str]:
    """The supported versions that the service lists when it refuses a version."""
    found = _NAMED.search(message)
    return _VERSION.findall(found.group(1)) if found else []


def best(offered: Iterable[str], since: str = OLDEST) -> str | None:
    """The version to use with an endpoint that offers these, or None if the collection supports none of them."""
    versions = {version.lower() for version in offered}
    return next((known for known in API_VERSIONS if known in versions and has(known, since)), None)


def next_after(version: str, since: str = OLDEST) -> str | None:
    """The next older version, to try when an endpoint refuses ``version`` without saying which ones it supports."""
    return next((known for known in API_VERSIONS if known < version and has(known, since)), None)
