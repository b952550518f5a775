# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a region offers: capabilities and cached images."""

from __future__ import annotations

from typing import Any

# An example from the service's specification, updated to current images.
_CACHED = (
    ("Linux", "ubuntu:16.04"),
    ("Linux", "alpine:3.6"),
    ("Linux", "nginx:latest"),
    ("Linux", "mcr.microsoft.com/azuredocs/aci-helloworld:latest"),
    ("Windows", "mcr.microsoft.com/windows/servercore:ltsc2019"),
    ("Windows", "mcr.microsoft.com/windows/nanoserver:ltsc2019"),
)


def capabilities(region: str) -> list[dict[str, Any]]:
    """The group sizes, as recorded in 2024."""
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
    """The images cached in the region."""
    return [{"osType": os_type, "image": image} for os_type, image in _CACHED]


# As recorded in 2021, in that order and spelling.
_OPERATIONS = (
    (
        "register/action",
        "Container Group",
        "Register Microsoft Container Instance",
        "Registers the subscription for the container instance resource provider and enables the creation of container "
        "groups.",
        "User",
    ),
    ("containerGroups/read", "Container Group", "Get Container Groups", "Get all container goups.", "User"),
    (
        "containerGroups/write",
        "Container Group",
        "Create or update Container Group",
        "Create or update a specific container group.",
        "User",
    ),
    (
        "containerGroups/delete",
        "Container Group",
        "Delete Container Group",
        "Delete the specific container group.",
        "User",
    ),
    (
        "containerGroups/restart/action",
        "Container Group",
        "Restart Container Group",
        "Restarts a specific container group.",
        "User",
    ),
    (
        "containerGroups/stop/action",
        "Container Group",
        "Stop Container Group",
        "Stops a specific container group. Compute resources will be deallocated and billing will stop.",
        "User",
    ),
    (
        "containerGroups/start/action",
        "Container Group",
        "Start Container Group",
        "Starts a specific container group.",
        "User",
    ),
    (
        "containerGroups/detectors/read",
        "Container Group",
        "Container Group Detectors",
        "List Container Group Detectors",
        "User",
    ),
    (
        "containerGroups/containers/logs/read",
        "Container Group",
        "Get Container Logs",
        "Get logs for a specific container.",
        "User",
    ),
    (
        "containerGroups/containers/buildlogs/read",
        "Container Group",
        "Get Container Build Logs",
        "Get build logs for a specific container.",
        "User",
    ),
    (
        "containerGroups/containers/exec/action",
        "Container Group",
        "Exec Into a Container",
        "Exec into a specific container.",
        "User",
    ),
    (
        "containerGroups/containers/attach/action",
        "Container Group",
        "Attach to a container",
        "Attach to the output stream of a container.",
        "User",
    ),
    (
        "locations/operationResults/read",
        "Resource provider operations.",
        "Async operation result",
        "Get async operation result",
        "User",
    ),
    (
        "containerGroups/operationResults/read",
        "Resource provider operations.",
        "Async operation result",
        "Get async operation result",
        "User",
    ),
    (
        "locations/cachedImages/read",
        "Cached Images",
        "Get cached images.",
        "Gets the cached images for the subscription in a region.",
        "User",
    ),
    ("locations/capabilities/read", "Capabilities", "Get Capabilities", "Get the capabilities for a region.", "User"),
    ("locations/usages/read", "Usages", "Get Regional Usage", "Get the usage for a specific region.", "User"),
    (
        "containerGroups/providers/Microsoft.Insights/metricDefinitions/read",
        "Container Group",
        "Read container group metric definitions",
        "Gets the available metrics for container group.",
        "System",
    ),
    (
        "containerGroups/providers/Microsoft.Insights/diagnosticSettings/read",
        "Container Group",
        "Read Diagnostic Setting",
        "Gets the diagnostic setting for the container group.",
        "System",
    ),
    (
        "containerGroups/providers/Microsoft.Insights/diagnosticSettings/write",
        "Container Group",
        "Write Diagnostic Setting",
        "Creates or updates the diagnostic setting for the container group.",
        "System",
    ),
    (
        "locations/deleteVirtualNetworkOrSubnets/action",
        "Delete virtual network or subnet notification",
        "Delete virtual network or subnet notification",
        "Notifies Microsoft.ContainerInstance that virtual network or subnet is being deleted.",
        "User",
    ),
    (
        "locations/operations/read",
        "Resource provider operations.",
        "Read operations.",
        "List the operations for Azure Container Instance service.",
        "User",
    ),
    (
        "operations/read",
        "Resource provider operations.",
        "Read operations.",
        "List the operations for Azure Container Instance service.",
        "User",
    ),
    (
        "serviceassociationlinks/delete",
        "Service Association Link.",
        "Delete Service Association Link.",
        "Delete the service association link created by azure container instance resource provider on a subnet.",
        "User",
    ),
)
_METRICS = (
    ("CpuUsage", "CPU Usage", "CPU usage on all cores in millicores.", "Count"),
    ("MemoryUsage", "Memory Usage", "Total memory usage in byte.", "Bytes"),
    (
        "NetworkBytesReceivedPerSecond",
        "Network Bytes Received Per Second",
        "The network bytes received per second.",
        "Bytes",
    ),
    (
        "NetworkBytesTransmittedPerSecond",
        "Network Bytes Transmitted Per Second",
        "The network bytes transmitted per second.",
        "Bytes",
    ),
)
_GRAINS = ("PT1M", "PT5M", "PT15M", "PT30M", "PT1H", "PT6H", "PT12H", "PT1D")


def provider_operations() -> list[dict[str, Any]]:
    """The operations that roles can allow, in the form of the route `operations`."""
    found = []
    for name, resource, operation, description, origin in _OPERATIONS:
        entry: dict[str, Any] = {
            "name": f"Microsoft.ContainerInstance/{name}",
            "display": {
                "provider": "Microsoft Container Instance",
                "resource": resource,
                "operation": operation,
                "description": description,
            },
            "origin": origin,
        }
        if name.endswith("/metricDefinitions/read"):
            entry["properties"] = {"serviceSpecification": {"metricSpecifications": [*map(_metric, _METRICS)]}}
        found.append(entry)
    return found


def _metric(metric: tuple[str, str, str, str]) -> dict[str, Any]:
    name, title, description, unit = metric
    specification: dict[str, Any] = {
        "name": name,
        "displayName": title,
        "displayDescription": description,
        "unit": unit,
        "aggregationType": "Average",
        "supportedAggregationTypes": ["Maximum", "Minimum", "Average"],
        "supportedTimeGrainTypes": list(_GRAINS),
        "enableRegionalMdmAccount": True,
        "sourceMdmAccount": "MicrosoftContainerInstanceShoebox",
        "sourceMdmNamespace": "AzureMonitoringMetrics",
        "fillGapWithZero": False,
    }
    if not name.startswith("Network"):
        dimension = {"name": "containerName", "displayName": "Container Name", "toBeExportedForShoebox": True}
        specification["dimensions"] = [dimension]
    return specification
