# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The policy that every Confidential group has. Pure."""

from __future__ import annotations

from .._common.errors import InvalidArguments
from .wire import ArmJson, get_path

CCE_POLICY = "properties.confidentialComputeProperties.ccePolicy"


def is_confidential(body: ArmJson) -> bool:
    """Whether the group's SKU is Confidential."""
    return str(get_path(body, "properties.sku") or "").lower() == "confidential"


def check_policy(live: ArmJson | None, desired: ArmJson) -> None:
    """Raises InvalidArguments if a Confidential group would lose its policy."""
    if is_confidential(desired) and get_path(live, CCE_POLICY) and not get_path(desired, CCE_POLICY):
        raise InvalidArguments(
            "confidential_compute_properties.cce_policy: a Confidential group always has a policy, so it cannot be "
            "removed. Give the policy you want, or omit it to keep the current one."
        )
