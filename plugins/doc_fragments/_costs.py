# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    """The options of modules that report costs."""

    DOCUMENTATION = r"""
options:
  currency:
    description:
      - The currency, as a code of three capital letters. Microsoft sets prices in V(USD); other currencies are for reference.
      - With O(prices), it is only the label of the amounts.
    type: str
    default: USD
    version_added: 1.1.0
  prices:
    description:
      - Prices to use instead of the Retail Prices API, for example those of an agreement. They hold for all regions.
      - Write them as quoted decimal texts, such as V("0.0405"). No price is asked for then.
    type: dict
    version_added: 1.1.0
    suboptions:
      vcpu_hour:
        description:
          - The price of a vCPU for an hour.
        type: str
      gb_hour:
        description:
          - The price of a GB of memory for an hour.
        type: str
      windows_vcpu_hour:
        description:
          - The price of the Windows license of a vCPU for an hour, on top of O(prices.vcpu_hour).
        type: str
      spot_vcpu_hour:
        description:
          - The price of a vCPU of a Spot group for an hour.
        type: str
      spot_gb_hour:
        description:
          - The price of a GB of memory of a Spot group for an hour.
        type: str
      confidential_vcpu_hour:
        description:
          - The price of a vCPU of a Confidential group for an hour.
        type: str
      confidential_gb_hour:
        description:
          - The price of a GB of memory of a Confidential group for an hour.
        type: str
  prices_endpoint:
    description:
      - The address of the Retail Prices API. No credentials are sent there.
      - The tasks of a run that run on the controller ask for the prices of a region once.
    type: str
    default: https://prices.azure.com
    version_added: 1.1.0
"""

    SHOW = r"""
options:
  show_cost:
    description:
      - Whether to return what the task costs or saves, worked out as M(azure_containers.aci.aci_cost_info) does it, before anything is billed.
      - Prices come from Azure's public Retail Prices API, or from O(prices). An amount without a price is null, and a warning says why; the
        task does not fail for that.
    type: bool
    default: false
    version_added: 1.1.0
"""
