# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The options of modules that report costs. Separate from the computation, which few tasks need."""

from __future__ import annotations

from typing import Any, Final

RATES: Final[dict[str, tuple[str, str]]] = {
    "vcpu_hour": ("Standard", "Standard vCPU Duration"),
    "gb_hour": ("Standard", "Standard Memory Duration"),
    "windows_vcpu_hour": ("Standard", "Standard Windows Software Duration"),
    "spot_vcpu_hour": ("Standard Spot", "Standard Spot vCPU Duration"),
    "spot_gb_hour": ("Standard Spot", "Standard Spot Memory Duration"),
    "confidential_vcpu_hour": ("Confidential containers ACI", "Confidential containers ACI vCPU Duration"),
    "confidential_gb_hour": ("Confidential containers ACI", "Confidential containers ACI Memory Duration"),
}
"""Each rate (per hour and unit), with the ``skuName`` and ``meterName`` of its row in the Retail Prices API."""

PRICE_ARGUMENTS: Final[dict[str, Any]] = {
    "currency": {"type": "str", "default": "USD"},
    "prices": {"type": "dict", "options": {name: {"type": "str"} for name in RATES}},
    "prices_endpoint": {"type": "str", "default": "https://prices.azure.com"},
}
"""Where prices come from."""

COST_ARGUMENTS: Final[dict[str, Any]] = {"show_cost": {"type": "bool", "default": False}, **PRICE_ARGUMENTS}
"""The same, for modules whose main purpose is something else, but which can report its cost."""
