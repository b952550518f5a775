# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""What a complete definition adds to a plan: the group that it describes, and changes that no option can make. Pure."""

from __future__ import annotations

from .._common.masking import shown
from .changes import Change
from .confidential import CCE_POLICY, is_confidential
from .definition import completed, from_profile
from .schema import Effect, Property
from .wire import ArmJson, get_path, set_path

_CHOSEN = ("properties.ipAddress.ip", CCE_POLICY)
"""Values that the service chooses if a definition has none: its choice does not count as a difference."""


def base_of(group: Property, live: ArmJson | None, definition: ArmJson) -> ArmJson:
    """The group that a definition describes, with what the service has chosen; the options are laid over it."""
    if get_path(definition, "properties.containerGroupProfile") is not None:
        base = from_profile(live, definition)
    else:
        base = completed(group, live, definition)
    if live is not None and base.get("location") is None:
        base["location"] = live.get("location")
    _fill_chosen(base, live)
    return base


def _fill_chosen(base: ArmJson, live: ArmJson | None) -> None:
    if is_confidential(base):
        base["properties"].setdefault("confidentialComputeProperties", {})
    address = get_path(live, "properties.ipAddress")
    if address and get_path(base, "properties.networkProfile") and get_path(base, "properties.ipAddress") is None:
        base["properties"]["ipAddress"] = dict(address)  # a network profile implies a private address
    for path in _CHOSEN:
        chosen = get_path(live, path)
        if chosen and not get_path(base, path) and isinstance(get_path(base, path.rpartition(".")[0]), dict):
            set_path(base, path, chosen)


def network_profile_changes(live: ArmJson, definition: ArmJson) -> list[Change]:
    """Changes of the network profile, which is not an option, because only definitions for old API versions have it."""
    path = "properties.networkProfile.id"
    before, after = get_path(live, path), get_path(definition, path)
    if after is None or str(before or "").lower() == str(after).lower():
        return []
    return [Change(f"definition.{path}", shown(before), shown(after), Effect.RECREATE)]
