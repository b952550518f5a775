# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The API versions of Microsoft.ContainerInstance that the collection supports; no other file lists them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

NEWEST = "2026-07-01"
IDENTITY_SHARES = NEWEST
"""The first version in which a managed identity can mount an Azure Files share."""
PROFILES = "2025-09-01"
"""The first stable version with container group profiles, secret references, identity ACLs and config maps."""
OLDEST = "2023-05-01"

API_VERSIONS = (NEWEST, PROFILES, OLDEST, "2026-08-01-preview", "2026-06-01-preview", "2024-11-01-preview")
"""In order of preference: stable versions before previews, newer ones before older ones."""


def has(version: str, since: str) -> bool:
    """Whether a version has what was introduced in ``since``. A preview is compared by its date."""
    return since == OLDEST or version >= since


def named(message: str) -> list[str]:
    """The supported versions that the service lists when it refuses a version."""
    found = re.search(r"supported (?:api-)?versions are (.*?)(?:\. |\.?$)", message, re.DOTALL)
    return re.findall(r"\d{4}-\d{2}-\d{2}(?:-preview)?", found.group(1)) if found else []


def best(offered: Iterable[str], since: str = OLDEST) -> str | None:
    """The version to use with an endpoint that offers these, or None if the collection supports none of them."""
    versions = {version.lower() for version in offered}
    return next((known for known in API_VERSIONS if known in versions and has(known, since)), None)


def next_after(version: str, since: str = OLDEST) -> str | None:
    """The next older version, to try when an endpoint refuses ``version`` without saying which ones it supports."""
    return next((known for known in API_VERSIONS if known < version and has(known, since)), None)
