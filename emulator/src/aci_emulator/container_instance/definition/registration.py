# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The resource types that Microsoft.ContainerInstance registers with Resource Manager.

The list of types follows a provider registration recorded in 2021.
"""

from __future__ import annotations

from . import versions

NAMESPACE = "Microsoft.ContainerInstance"

_ALL = list(versions.API_VERSIONS)

TYPES: dict[str, list[str]] = {
    "containerGroups": _ALL,
    "containerGroupProfiles": versions.since(versions.PROFILES),
    "serviceAssociationLinks": _ALL,
    "locations": _ALL,
    "locations/capabilities": _ALL,
    "locations/usages": _ALL,
    "locations/operations": _ALL,
    "locations/operationresults": _ALL,
    "locations/cachedImages": _ALL,
    "locations/deleteVirtualNetworkOrSubnets": _ALL,
    "operations": _ALL,
}
