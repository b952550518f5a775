# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    """The options of modules that select groups."""

    DOCUMENTATION = r"""
options:
  tags:
    description:
      - Select only what has all of these tags.
      - Either a dictionary of names and values, in which null stands for any value, or a list of V(name) and V(name:value).
      - Names are not case-sensitive, but values are.
    type: raw
"""

    RESOURCE_GROUP = r"""
options:
  resource_group:
    description:
      - The resource group of the container groups. Defaults to all resource groups of the subscription.
    type: str
"""
