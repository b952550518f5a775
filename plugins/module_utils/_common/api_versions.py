# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The API versions of Microsoft.ContainerInstance that the collection supports; no other file lists them. Pure."""

from __future__ import annotations

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
