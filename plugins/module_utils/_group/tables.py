# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The tables that are derived from that of _group/schema.py: for profiles, and for Windows. Pure."""

from __future__ import annotations

import functools
from dataclasses import replace

from .._common.api_versions import PROFILES
from .schema import GROUP, Compare, Property

ONLY_IN_PROFILES = (
    # ISO 8601 durations; version 10.2.0b2 of the SDK declares them as points in time, which is a bug.
    Property("shutdown_grace_period", "properties.shutdownGracePeriod", since=PROFILES),
    Property("time_to_live", "properties.timeToLive", since=PROFILES),
)

PROFILE = replace(
    GROUP,
    option="container_group_profile",
    children=(*(prop for prop in GROUP.children if prop.in_profiles), *ONLY_IN_PROFILES),
)
"""The table of a container group profile."""


@functools.cache
def table_of(os_type: str, profile: bool = False) -> Property:
    """The table for groups, or profiles, with this operating system, which determines how names are compared."""
    table = PROFILE if profile else GROUP
    return _on_windows(table) if os_type.lower() == "windows" else table


def _on_windows(prop: Property) -> Property:
    compare = Compare.NO_CASE if prop.compare is Compare.BY_OS else prop.compare
    return replace(prop, compare=compare, children=tuple(_on_windows(child) for child in prop.children))
