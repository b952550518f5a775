# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the service refuses in the definition of a container group before anything is deployed.

Pure; the definition was read by `schema`. The first error is raised as an ArmError; texts and evidence are in
`refusals`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...arm.errors import ArmError
from . import versions
from .refusals import refuse
from .schema import malformed
from .validation_network import check_network
from .validation_volumes import check_volumes

MAX_NAME = 63
MAX_CONTAINERS = 60
MAX_INIT_CONTAINERS = 59
MAX_CPU = 31.0
MAX_MEMORY = 240.0
CONFIDENTIAL_MEMORY = 180.0
SPOT_CPU = 4.0
SPOT_MEMORY = 16.0

_CONTAINER_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_GROUP_NAME = re.compile(r"[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?")
# The pattern in the specification since 2024-11-01-preview.
_PROFILE_NAME = re.compile(r"[a-zA-Z0-9]|[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# The grammar of image references: [host[:port]/]path[:tag][@digest], in lower case except for the tag and the host.
_IMAGE = re.compile(
    r"(?:(?:localhost|[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?)+|"
    r"[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?(?=:\d))(?::\d+)?/)?"
    r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?"
    r"(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?"
)
_SERVER = re.compile(
    r"[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?)*(?::\d+)?"
)
# Semi-annual releases of Windows that are documented as not supported.
_OLD_WINDOWS = re.compile(r"(?<![0-9])(1709|1803)(?![0-9])")
_METADATA_KEYS = ("pod-uuid", "cluster-resource-id", "node-name")


@dataclass(frozen=True)
class ValidationContext:
    """What validation depends on besides the definition. `switches` has the values of all switches, by name."""

    version: str
    location: str
    resource_group: str
    switches: Mapping[str, str] = field(default_factory=dict)
    activity: str = ""
    correlation: str = ""


def check_name(group: str, context: ValidationContext) -> None:
    """Refuses an invalid name of a container group."""
    capitals = context.switches["capitals-in-group-names"] == "refuse" and group != group.lower()
    hyphens = context.switches["consecutive-hyphens"] == "refuse" and "--" in group
    if len(group) > MAX_NAME or not _GROUP_NAME.fullmatch(group) or capitals or hyphens:
        raise refuse("group_name", group=group)


def check_profile_name(profile: str) -> None:
    """Refuses an invalid name of a container group profile."""
    if not _PROFILE_NAME.fullmatch(profile):
        raise refuse("profile_name", profile=profile)


def check_group(
    name: str, group: Mapping[str, Any], context: ValidationContext, *, placed_elsewhere: bool = False
) -> None:
    """Refuses a definition that the service would refuse; `group` has `properties`, `location`, `identity`, `zones`.

    `placed_elsewhere`: the network is determined elsewhere, as for a profile or a group from a standby pool.
    """
    properties: dict[str, Any] = group.get("properties") or {}
    lossless = context.switches["missing-secrets"] == "refuse"
    # A template exported from a group deploys if only the seconds are removed from it (documented in 2025).
    if (
        "provisioningTimeoutInSeconds" in properties
        or properties.get("isCustomProvisioningTimeout", False) is not False
    ):
        raise refuse("read_back_timeout", group=name)
    if "osType" not in properties:
        raise refuse("os_type")
    containers: list[dict[str, Any]] = properties.get("containers") or []
    _check_counts(name, properties, containers)
    _check_container_names(name, containers + properties.get("initContainers", []))
    if properties.get("osType") == "Windows" and len(containers) + len(properties.get("initContainers", [])) > 1:
        raise refuse("windows_several", group=name)
    for container in containers:
        _check_image(name, container, properties["osType"])
        _check_environment(name, container, lossless)
        _check_ports(name, container)
        _check_probes(name, container)
        _check_security(name, container, properties)
    for container in properties.get("initContainers", []):
        _check_image(name, container, properties["osType"])
        _check_environment(name, container, lossless)
        _check_security(name, container, properties)
    _check_resources(name, properties, containers, context)
    check_network(name, properties, containers, placed_elsewhere=placed_elsewhere)
    hyphens = context.switches["consecutive-hyphens"] == "allow"
    check_volumes(name, properties, lossless=lossless, hyphens=hyphens)
    _check_registries(name, group, properties, context, lossless=lossless, listed=not placed_elsewhere)
    _check_priority(group, properties, containers)
    _check_confidential(name, properties)
    _check_diagnostics(name, properties, lossless)
    _check_rest(name, group, properties)


def total(containers: list[dict[str, Any]], resource: str) -> float:
    """The containers' total request of `cpu` or `memoryInGB`."""
    return sum(float(_requests(container).get(resource) or 0.0) for container in containers)


def gpus(containers: list[dict[str, Any]]) -> int:
    """The containers' total request of GPUs."""
    return sum(int((_requests(container).get("gpu") or {}).get("count") or 0) for container in containers)


def _requests(container: Mapping[str, Any]) -> dict[str, Any]:
    resources = container["properties"].get("resources") or {}
    requests: dict[str, Any] = resources.get("requests") or {}
    return requests


def _check_counts(group: str, properties: Mapping[str, Any], containers: list[dict[str, Any]]) -> None:
    if not containers:
        raise refuse("no_containers", group=group)
    if len(containers) > MAX_CONTAINERS:
        raise refuse("too_many_containers", group=group, count=len(containers))
    inits = properties.get("initContainers", [])
    if len(inits) > MAX_INIT_CONTAINERS:
        raise refuse("too_many_init_containers", group=group, count=len(inits))


def _check_container_names(group: str, containers: list[dict[str, Any]]) -> None:
    seen = set()
    for container in containers:
        name = container.get("name") or ""
        if len(name) > MAX_NAME or not _CONTAINER_NAME.fullmatch(name):
            raise refuse("container_name", container=name, group=group)
        if name in seen:
            raise refuse("duplicate_container", container=name, group=group)
        seen.add(name)


def _check_image(group: str, container: Mapping[str, Any], os_type: str) -> None:
    image = container["properties"].get("image")
    if not image:
        raise refuse("image_missing", container=container["name"], group=group)
    if not _IMAGE.fullmatch(image):
        raise refuse("image_inaccessible", image=image, group=group)
    if os_type == "Windows" and _OLD_WINDOWS.search(image.rpartition(":")[2]):
        raise refuse("os_version", image=image)


def _check_environment(group: str, container: Mapping[str, Any], lossless: bool) -> None:
    for variable in container["properties"].get("environmentVariables", []):
        if not _VARIABLE.fullmatch(variable.get("name") or "") or len(variable["name"]) > 63:
            raise refuse("environment_name", container=container["name"], group=group)
        given = [kind for kind in ("value", "secureValue", "secureValueReference") if kind in variable]
        if len(given) > 1 or (not given and lossless):
            raise refuse("environment_value", variable=variable["name"], container=container["name"], group=group)


def _check_ports(group: str, container: Mapping[str, Any]) -> None:
    wrong = [
        str(port.get("port", 0))
        for port in container["properties"].get("ports", [])
        if not 1 <= port.get("port", 0) <= 65535
    ]
    if wrong:
        raise refuse("container_port", ports=",".join(wrong), container=container["name"], group=group)


def _check_probes(group: str, container: Mapping[str, Any]) -> None:
    minimums = {
        "initialDelaySeconds": 0,
        "periodSeconds": 1,
        "failureThreshold": 1,
        "successThreshold": 1,
        "timeoutSeconds": 1,
    }
    for kind in ("livenessProbe", "readinessProbe"):
        probe = container["properties"].get(kind)
        if probe is None:
            continue
        reason = ""
        if ("exec" in probe) == ("httpGet" in probe):
            reason = "Exactly one of 'exec' and 'httpGet' must be specified."
        elif "exec" in probe and not probe["exec"].get("command"):
            reason = "The command of 'exec' cannot be empty."
        elif "httpGet" in probe and not 1 <= probe["httpGet"].get("port", 0) <= 65535:
            reason = "The port of 'httpGet' must be between 1 and 65535."
        for name, minimum in minimums.items():
            if not reason and name in probe and probe[name] < minimum:
                reason = f"The value of '{name}' must be greater than or equal to {minimum}."
        if not reason and kind == "livenessProbe" and probe.get("successThreshold", 1) != 1:
            reason = "The value of 'successThreshold' must be 1."
        if reason:
            raise refuse("probe", probe=kind, container=container["name"], group=group, reason=reason)


def _check_security(group: str, container: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
    context = container["properties"].get("securityContext") or {}
    if context.get("privileged") and properties.get("sku") != "Confidential":
        raise refuse("privileged", container=container["name"], group=group)


def _check_resources(
    group: str,
    properties: Mapping[str, Any],
    containers: list[dict[str, Any]],
    context: ValidationContext,
) -> None:
    for container in containers:
        _check_requests(group, container)
    cpu, memory = total(containers, "cpu"), total(containers, "memoryInGB")
    for container in containers:
        _check_limits(group, container, cpu, memory)
    if context.switches["below-minimum"] == "refuse" and min(cpu, memory) < 1.0:
        small = "Cpu" if cpu < 1.0 else "MemoryInGB"
        raise refuse("below_minimum", resource=small, group=group)
    most_cpu, most_memory = MAX_CPU, MAX_MEMORY
    if properties.get("sku") == "Confidential":
        most_memory = CONFIDENTIAL_MEMORY
    if properties.get("priority") == "Spot":
        most_cpu, most_memory = SPOT_CPU, SPOT_MEMORY
    if cpu > most_cpu or memory > most_memory:
        raise unavailable(properties, containers, context.location)


def unavailable(properties: Mapping[str, Any], containers: list[dict[str, Any]], location: str) -> ArmError:
    """The refusal of a group for which the region has no capacity: ServiceUnavailable (409)."""
    return refuse(
        "too_big",
        location=location,
        cpu=_plain(total(containers, "cpu")),
        memory=_plain(total(containers, "memoryInGB")),
        os=properties.get("osType", "Linux"),
        network=" virtual network" if properties.get("subnetIds") else "",
    )


def _check_requests(group: str, container: Mapping[str, Any]) -> None:
    requests = _requests(container)
    name = container["name"]
    if "cpu" not in requests and "memoryInGB" not in requests:
        raise refuse("no_requests", container=name, group=group)
    for key, word in (("memoryInGB", "MemoryInGB"), ("cpu", "Cpu")):
        if key not in requests:
            raise refuse("some_requests", resource=word, container=name, group=group)
        if requests[key] <= 0:
            raise refuse("bad_requests", resource=word, container=name, group=group)
    memory = requests["memoryInGB"]
    if memory < 1e9 and abs(memory * 10 - round(memory * 10)) > 1e-6:  # more is refused because of its size
        raise refuse("memory_step", value=_plain(memory), container=name, group=group)


def _check_limits(group: str, container: Mapping[str, Any], cpu: float, memory: float) -> None:
    resources = container["properties"].get("resources") or {}
    limits = resources.get("limits") or {}
    requests = _requests(container)
    for key, word, most in (("memoryInGB", "MemoryInGB", memory), ("cpu", "Cpu", cpu)):
        if key not in limits:
            continue
        if limits[key] < requests.get(key, 0.0):
            raise refuse(
                "limit_below_request",
                requirement=json.dumps(resources, separators=(",", ":")),
                container=container["name"],
                group=group,
                resource=word,
            )
        if limits[key] > most:
            raise refuse(
                "limit_above_total",
                resource=word,
                limit=_plain(limits[key]),
                container=container["name"],
                total=_plain(most),
                group=group,
            )


def _check_registries(
    group: str,
    whole: Mapping[str, Any],
    properties: Mapping[str, Any],
    context: ValidationContext,
    *,
    lossless: bool,
    listed: bool,
) -> None:
    """`listed`: whether identities must be among the group's own; a profile has none."""
    seen = set()
    users = [key.lower() for key in (whole.get("identity") or {}).get("userAssignedIdentities") or {}]
    for index, credential in enumerate(properties.get("imageRegistryCredentials", [])):
        if "server" not in credential:
            path = f"properties.imageRegistryCredentials[{index}]"
            raise malformed(f"Required property 'server' not found in JSON. Path '{path}'")
        server = credential["server"]
        if not _SERVER.fullmatch(server):
            raise refuse("registry_server", server=server, group=group)
        if server.lower() in seen:
            raise refuse("duplicate_registry", server=server, group=group)
        seen.add(server.lower())
        by_identity = "identity" in credential or "identityUrl" in credential
        by_password = "password" in credential or "passwordReference" in credential
        if by_identity and not versions.at_least(context.version, versions.REGISTRY_IDENTITY):
            raise refuse("registry_identity_version", group=group)
        if by_identity == ("username" in credential) or (by_identity and by_password):
            raise refuse("registry_credential", group=group)
        if not by_identity and not by_password and lossless:
            raise refuse("registry_password", group=group)
        identity = str(credential.get("identity", "")).lower()
        if listed and identity.startswith("/subscriptions/") and identity not in users:
            raise refuse("registry_identity", group=group)


def _check_priority(whole: Mapping[str, Any], properties: Mapping[str, Any], containers: list[dict[str, Any]]) -> None:
    if properties.get("priority") != "Spot":
        return
    if "ipAddress" in properties or properties.get("subnetIds"):
        raise refuse("spot_inbound")
    if properties.get("sku", "Standard") != "Standard":
        raise refuse("spot_sku", sku=properties["sku"])
    if gpus(containers):
        raise refuse("spot_gpu")
    if whole.get("zones"):
        raise refuse("spot_zones")


def _check_confidential(group: str, properties: Mapping[str, Any]) -> None:
    confidential = properties.get("confidentialComputeProperties")
    if properties.get("sku") == "Confidential":
        if (confidential or {}).get("ccePolicy") == "":
            raise refuse("cce_policy")
    elif confidential is not None:
        raise refuse("confidential_without_sku", group=group)


def _check_diagnostics(group: str, properties: Mapping[str, Any], lossless: bool) -> None:
    analytics = (properties.get("diagnostics") or {}).get("logAnalytics")
    if analytics is None:
        return
    for key in ("workspaceId", "workspaceKey"):
        if not analytics.get(key) and (key != "workspaceKey" or lossless):
            raise refuse("log_analytics", missing=key, group=group)
    if "metadata" in analytics:
        if analytics.get("logType") != "ContainerInsights":
            raise refuse("log_metadata", group=group)
        wrong = [key for key in analytics["metadata"] if key not in _METADATA_KEYS]
        if wrong:
            raise refuse("log_metadata_keys", keys=",".join(wrong), group=group)


def _check_rest(group: str, whole: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
    zones = whole.get("zones") or []
    if len(zones) > 1:
        raise refuse("zones", group=group, reason="No more than one zone can be specified.")
    if any(zone not in ("1", "2", "3") for zone in zones):
        raise refuse("zones", group=group, reason="The value must be one of '1,2,3'.")
    encryption = properties.get("encryptionProperties")
    if encryption is not None:
        for key in ("vaultBaseUrl", "keyName", "keyVersion"):
            if not encryption.get(key):
                raise refuse("encryption", missing=key, group=group)
    for extension in properties.get("extensions", []):
        inner = extension.get("properties") or {}
        for key, value in (("name", extension.get("name")), ("extensionType", inner.get("extensionType"))):
            if not value:
                raise refuse("extension", missing=key, group=group)
    identity = whole.get("identity")
    if identity is not None:
        _check_identity(group, identity)
    _check_secret_references(group, properties)


def _check_identity(group: str, identity: Mapping[str, Any]) -> None:
    kind = identity.get("type")
    users = identity.get("userAssignedIdentities")
    reason = ""
    if kind is None:
        reason = "The type is not specified."
    elif "UserAssigned" in kind and not users:
        reason = f"The type '{kind}' needs 'userAssignedIdentities'."
    elif "UserAssigned" not in kind and users:
        reason = f"'userAssignedIdentities' cannot be specified with the type '{kind}'."
    elif users and any(
        "/providers/microsoft.managedidentity/userassignedidentities/" not in key.lower() for key in users
    ):
        reason = "Each key of 'userAssignedIdentities' must be the resource id of a user-assigned identity."
    if reason:
        raise refuse("identity", group=group, reason=reason)


def _check_secret_references(group: str, properties: Mapping[str, Any]) -> None:
    names = set()
    for reference in properties.get("secretReferences", []):
        for key in ("name", "identity", "secretReferenceUri"):
            if not reference.get(key):
                raise refuse(
                    "secret_reference",
                    reference=reference.get("name", ""),
                    group=group,
                    reason=f"The '{key}' is not specified.",
                )
        if reference["name"] in names:
            raise refuse(
                "secret_reference", reference=reference["name"], group=group, reason="It is used more than once."
            )
        names.add(reference["name"])
    for used in _used_references(properties):
        if used not in names:
            raise refuse(
                "secret_reference", reference=used, group=group, reason="It is not defined in 'secretReferences'."
            )


def _used_references(properties: Mapping[str, Any]) -> list[str]:
    used: list[str | None] = []
    for container in [*properties.get("containers", []), *properties.get("initContainers", [])]:
        variables = container["properties"].get("environmentVariables", [])
        used.extend(variable.get("secureValueReference") for variable in variables)
    for volume in properties.get("volumes", []):
        used.extend(volume.get("secretReference", {}).values())
        used.append(volume.get("azureFile", {}).get("storageAccountKeyReference"))
    used.extend(each.get("passwordReference") for each in properties.get("imageRegistryCredentials", []))
    return [name for name in used if name is not None]


def _plain(number: float) -> str:
    """A number in the form of the service's messages: without decimals if it has none."""
    return f"{number:.10g}"
