# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API versions of Microsoft.ContainerInstance, and what they introduced."""

from __future__ import annotations

API_VERSIONS: tuple[str, ...] = (
    "2017-08-01-preview",
    "2017-10-01-preview",
    "2017-12-01-preview",
    "2018-02-01-preview",
    "2018-04-01",
    "2018-06-01",
    "2018-07-01",
    "2018-09-01",
    "2018-10-01",
    "2019-12-01",
    "2020-11-01",
    "2021-03-01",
    "2021-07-01",
    "2021-09-01",
    "2021-10-01",
    "2022-09-01",
    "2022-10-01-preview",
    "2023-02-01-preview",
    "2023-05-01",
    "2024-05-01-preview",
    "2024-09-01-preview",
    "2024-10-01-preview",
    "2024-11-01-preview",
    "2025-09-01",
    "2026-06-01-preview",
    "2026-07-01",
    "2026-08-01-preview",
)

# Since this version, a container's image and resources, and the group's osType, may come from a profile.
PROFILES = "2024-05-01-preview"
# Two later previews have no profiles, and no configuration maps either, which were introduced with them.
WITHOUT_PROFILES = ("2024-09-01-preview", "2024-10-01-preview")
NGROUPS = "2024-09-01-preview"
VAULT_REFERENCES = "2024-10-01-preview"
# Subnets replaced network profiles.
SUBNETS = "2021-07-01"
REGISTRY_IDENTITY = "2021-07-01"


def at_least(version: str, first: str) -> bool:
    """Whether `version` is `first` or newer. A preview is compared by its date."""
    return version[:10] >= first[:10]


def since(first: str) -> list[str]:
    """The supported versions since `first`, oldest first."""
    return [version for version in API_VERSIONS if at_least(version, first)]
