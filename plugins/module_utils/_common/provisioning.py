# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The provisioning state of a container group: that of its last operation, not of its containers."""

from __future__ import annotations

from typing import Any

FINAL = frozenset({"succeeded", "failed", "canceled", "unhealthy"})


def is_final(state: Any) -> bool:
    """Whether a ``provisioningState`` means that no operation is under way. Any unknown state means that one is."""
    return str(state or "").lower() in FINAL
