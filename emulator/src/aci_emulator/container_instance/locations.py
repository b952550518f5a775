# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a region offers: capabilities and cached images."""

from __future__ import annotations

from typing import Any

# An example list of the service's specification, brought to images of today.
_CACHED = (
    ("Linux", "ubuntu:16.04"),
    ("Linux", "alpine:3.6"),
    ("Linux", "nginx:latest"),
    ("Linux", "mcr.microsoft.com/azuredocs/aci-helloworld:latest"),
    ("Windows", "mcr.microsoft.com/windows/servercore:ltsc2019"),
    ("Windows", "mcr.microsoft.com/windows/nanoserver:ltsc2019"),
)


def capabilities(region: str) -> list[dict[str, Any]]:
    """Sizes of groups, as recorded in 2024."""
    rows = (
        ("NotSpecified", "Public", "None", 256.0, 32.0, 0),
        ("NotSpecified", "Private", "None", 256.0, 32.0, 0),
        ("Linux", "Public", "V100", 448.0, 24.0, 4),
    )
    return [
        {
            "resourceType": "containerGroups",
            "osType": os_type,
            "location": region,
            "ipAddressType": address,
            "gpu": gpu,
            "capabilities": {"maxMemoryInGB": memory, "maxCpu": cpu, "maxGpuCount": count},
        }
        for os_type, address, gpu, memory, cpu, count in rows
    ]


def cached_images() -> list[dict[str, str]]:
    """Images that the region has at hand."""
    return [{"osType": os_type, "image": image} for os_type, image in _CACHED]


_OPERATIONS = (
    ("register/action", "Microsoft Azure Container Instance", "Register Microsoft Azure Container Instance"),
    ("containerGroups/read", "Container Group", "Get Container Group"),
    ("containerGroups/write", "Container Group", "Create or Update Container Group"),
    ("containerGroups/delete", "Container Group", "Delete Container Group"),
    ("containerGroups/restart/action", "Container Group", "Restart Container Group"),
    ("containerGroups/stop/action", "Container Group", "Stop Container Group"),
    ("containerGroups/start/action", "Container Group", "Start Container Group"),
    ("containerGroups/containers/exec/action", "Container", "Exec into Container"),
    ("containerGroups/containers/attach/action", "Container", "Attach to Container"),
    ("containerGroups/containers/logs/read", "Container", "Get Container Logs"),
    ("containerGroups/outboundNetworkDependenciesEndpoints/read", "Container Group", "Get Outbound Endpoints"),
    ("containerGroupProfiles/read", "Container Group Profile", "Get Container Group Profile"),
    ("containerGroupProfiles/write", "Container Group Profile", "Create or Update Container Group Profile"),
    ("containerGroupProfiles/delete", "Container Group Profile", "Delete Container Group Profile"),
    ("serviceAssociationLinks/delete", "Service Association Link", "Delete Service Association Link"),
    ("locations/capabilities/read", "Location", "Get Capabilities"),
    ("locations/usages/read", "Location", "Get Usages"),
    ("locations/cachedImages/read", "Location", "Get Cached Images"),
    ("locations/operations/read", "Location", "Get Operation"),
)


def provider_operations() -> list[dict[str, Any]]:
    """The operations that roles can allow, as `operations` lists them; no recording of the real list is known."""
    return [
        {
            "name": f"Microsoft.ContainerInstance/{name}",
            "display": {
                "provider": "Microsoft Container Instance",
                "resource": resource,
                "operation": operation,
                "description": operation,
            },
            "origin": "User",
        }
        for name, resource, operation in _OPERATIONS
    ]
