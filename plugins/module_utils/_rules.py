# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""What cannot go together in a container group. Pure.

The service refuses all of this too, some of it late or in words that do not name the place. Each rule looks at the
body of a PUT and yields one sentence for each thing that is wrong. Limits are those that the service documents (quota
page of 2025-11, troubleshooting page, and texts of its errors).
"""

from __future__ import annotations

import base64
import binascii
import re
import typing as t
from collections.abc import Mapping

from ._errors import InvalidArguments
from ._names import NAME
from ._schema import GROUP, STABLE, Kind, Property
from ._wire import element_label, get_path, raw_text, read

VOLUME_NAME = re.compile(r"(?!.*--)[a-z0-9][a-z0-9-]{3,61}[a-z0-9]")
DNS_LABEL = re.compile(r"[a-z][a-z0-9-]{3,61}[a-z0-9]")
VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
IMAGE = re.compile(
    r"(?:[A-Za-z0-9.-]+(?::[0-9]+)?/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
    r"(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@[A-Za-z0-9]+:[0-9a-fA-F]{32,})?"
)

MAX_CONTAINERS = 60
MAX_INIT_CONTAINERS = 59
MAX_VOLUMES = 20
MAX_IP_PORTS = 5
MIN_CPU = 1.0
MIN_MEMORY_IN_GB = 1.0

Body = Mapping[str, t.Any]
Rule = t.Callable[[Body], t.Iterator[str]]


def check_body(body: Body, api_version: str) -> None:
    """Raises InvalidArguments with one sentence for each thing that cannot be sent."""
    problems = [problem for rule in RULES for problem in rule(body)]
    problems += _too_new(body, api_version)
    if problems:
        raise InvalidArguments(" ".join(dict.fromkeys(problems)))


def _properties(body: Body) -> Body:
    found = body.get("properties")
    return found if isinstance(found, Mapping) else {}


def _list(body: Body, name: str) -> list[dict[str, t.Any]]:
    found = get_path(body, name)
    return [item for item in found or [] if isinstance(item, dict)]


def _all_containers(body: Body) -> t.Iterator[tuple[str, dict[str, t.Any]]]:
    for option, wire in (("containers", "containers"), ("init_containers", "initContainers")):
        for container in _list(_properties(body), wire):
            yield f"{option}[{container.get('name')}]", container


def _number(value: t.Any) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _ports(items: t.Iterable[Mapping[str, t.Any]]) -> set[tuple[t.Any, str]]:
    return {(item.get("port"), str(item.get("protocol") or "TCP").upper()) for item in items}


def _needed(body: Body) -> t.Iterator[str]:
    profile = get_path(body, "properties.containerGroupProfile") is not None
    yield from _needed_below(GROUP, body, "", profile)


def _needed_below(prop: Property, wire: t.Any, path: str, profile: bool) -> t.Iterator[str]:
    for child in prop.children:
        value = get_path(wire, child.wire)
        child_path = f"{path}.{child.option}" if path else child.option
        if child.needed and value in (None, "", []) and not (profile and child.option == "image"):
            yield f"{path}: {child.option} is needed."
        if child.kind is Kind.OBJECT and isinstance(value, dict):
            yield from _needed_below(child, value, child_path, profile)
        elif child.kind is Kind.OBJECTS:
            for element in value or []:
                label = element_label(child, read(child, element))
                yield from _needed_below(child, element, f"{child_path}[{label}]", profile)


def _too_new(body: Body, api_version: str) -> list[str]:
    if api_version > STABLE:
        return []
    return [
        f"{child.option} needs API version {child.since}, but {api_version} is in use."
        for child, wire in _known_and_new(GROUP, body)
        if child.since > api_version and wire not in (None, {}, {"keyValuePairs": {}})
    ]


def _known_and_new(prop: Property, wire: t.Any) -> t.Iterator[tuple[Property, t.Any]]:
    for child in prop.children:
        value = get_path(wire, child.wire)
        if child.since > STABLE:
            yield child, value
        elif child.kind is Kind.OBJECT:
            yield from _known_and_new(child, value)
        elif child.kind is Kind.OBJECTS:
            for element in value or []:
                yield from _known_and_new(child, element)


def _containers(body: Body) -> t.Iterator[str]:
    properties = _properties(body)
    containers = _list(properties, "containers")
    if not containers and get_path(properties, "containerGroupProfile") is None:
        yield "containers: a group needs at least one container."
    if len(containers) > MAX_CONTAINERS:
        yield f"containers: {len(containers)} containers are more than the {MAX_CONTAINERS} that a group can have."
    inits = _list(properties, "initContainers")
    if len(inits) > MAX_INIT_CONTAINERS:
        yield f"init_containers: {len(inits)} are more than the {MAX_INIT_CONTAINERS} that a group can have."
    if str(properties.get("osType")).lower() == "windows" and len(containers) + len(inits) > 1:
        yield "containers: a Windows group has one container; groups of several are for os_type Linux only."
    seen: set[str] = set()
    for path, container in _all_containers(body):
        name = str(container.get("name") or "")
        if not NAME.fullmatch(name):
            yield (
                f"{path}: {name!r} is no name for a container: 1 to 63 lower-case letters, digits and single hyphens, "
                "beginning and ending with a letter or a digit."
            )
        if name in seen:
            yield f"{path}: a container and an init container cannot share the name {name}."
        seen.add(name)
        image = get_path(container, "properties.image")
        if image and not IMAGE.fullmatch(str(image)):
            yield f"{path}.image: {image!r} is no image reference (repositories are lower case)."


def _environment(body: Body) -> t.Iterator[str]:
    for path, container in _all_containers(body):
        for variable in _list(container, "properties.environmentVariables"):
            name = str(variable.get("name") or "")
            if not VARIABLE_NAME.fullmatch(name):
                yield (
                    f"{path}.environment_variables: {name!r} is no name for a variable: it begins with a letter or "
                    "an underscore, followed by letters, digits and underscores."
                )


def _resources(body: Body) -> t.Iterator[str]:
    containers = _list(_properties(body), "containers")
    if get_path(body, "properties.containerGroupProfile") is not None:
        return
    totals = {"cpu": 0.0, "memoryInGB": 0.0}
    for container in containers:
        path = f"containers[{container.get('name')}].resources"
        for wire, option in (("cpu", "cpu"), ("memoryInGB", "memory_in_gb")):
            request = get_path(container, f"properties.resources.requests.{wire}")
            if request is None:
                yield f"{path}.requests: {option} is needed."
            elif _number(request) <= 0:
                yield f"{path}.requests.{option}: {request} is not above zero."
            totals[wire] += _number(request)
    for wire, option, least in (("cpu", "cpu", MIN_CPU), ("memoryInGB", "memory_in_gb", MIN_MEMORY_IN_GB)):
        if containers and 0 < totals[wire] < least - 1e-9:
            yield (
                f"containers: all requests of {option} together are {totals[wire]:g}, "
                f"but a group needs at least {least:g}."
            )
        for container in containers:
            path = f"containers[{container.get('name')}].resources.limits.{option}"
            limit = get_path(container, f"properties.resources.limits.{wire}")
            request = get_path(container, f"properties.resources.requests.{wire}")
            if limit is not None and _number(limit) < _number(request):
                yield f"{path}: {limit:g} is below the request of {request:g}."
            elif limit is not None and _number(limit) > totals[wire] + 1e-9:
                yield f"{path}: {limit:g} is above {totals[wire]:g}, the total request of the group."


def _container_ports(body: Body) -> t.Iterator[str]:
    for path, container in _all_containers(body):
        for item in _list(container, "properties.ports"):
            port = item.get("port")
            if not isinstance(port, int) or not 1 <= port <= 65535:
                yield f"{path}.ports: {port} is no port: 1 to 65535."


def _address(body: Body) -> t.Iterator[str]:
    address = get_path(body, "properties.ipAddress")
    subnets = _list(_properties(body), "subnetIds")
    if not isinstance(address, dict):
        return
    kind = str(address.get("type") or "").lower()
    ports = _list(address, "ports")
    if len(ports) > MAX_IP_PORTS:
        yield f"ip_address.ports: {len(ports)} ports are more than the {MAX_IP_PORTS} that an address can have."
    exposed: set[tuple[t.Any, str]] = set()
    for container in _list(_properties(body), "containers"):
        exposed |= _ports(_list(container, "properties.ports"))
    if get_path(body, "properties.containerGroupProfile") is None:
        for port, protocol in sorted(_ports(ports) - exposed, key=str):
            yield f"ip_address.ports: {port}/{protocol} is exposed by no container."
    label = address.get("dnsNameLabel")
    if label and kind == "private":
        yield "ip_address.dns_name_label: a private address has no DNS name label."
    if label and not DNS_LABEL.fullmatch(str(label).lower()):
        yield (
            f"ip_address.dns_name_label: {label!r} is no DNS name label: 5 to 63 letters, digits and hyphens, "
            "beginning with a letter and ending with a letter or a digit."
        )
    if kind == "private" and not subnets:
        yield "ip_address.type: Private needs subnet_ids."
    if kind == "public" and subnets:
        yield "subnet_ids: a group in a subnet has no public address; use ip_address.type Private."


def _volumes(body: Body) -> t.Iterator[str]:
    volumes = _list(_properties(body), "volumes")
    if len(volumes) > MAX_VOLUMES:
        yield f"volumes: {len(volumes)} volumes are more than the {MAX_VOLUMES} that a group can have."
    for volume in volumes:
        name = str(volume.get("name") or "")
        path = f"volumes[{name}]"
        if not VOLUME_NAME.fullmatch(name):
            yield f"{path}: {name!r} is no name for a volume: 5 to 63 lower-case letters, digits and single hyphens."
        kinds = [kind for kind in ("azureFile", "emptyDir", "secret", "secretReference", "gitRepo") if kind in volume]
        if len(kinds) != 1:
            yield f"{path}: exactly one of azure_file, empty_dir, secret, secret_reference and git_repo is needed."
        for key, value in (volume.get("secret") or {}).items():
            if not _is_base64(value):
                yield f"{path}.secret: the value of {key} is not base64; use the b64encode filter."
    names = {str(volume.get("name")) for volume in volumes}
    for path, container in _all_containers(body):
        for mount in _list(container, "properties.volumeMounts"):
            if str(mount.get("name")) not in names:
                yield f"{path}.volume_mounts: there is no volume {mount.get('name')}."
            if ":" in str(mount.get("mountPath") or ""):
                yield f"{path}.volume_mounts: the path {mount.get('mountPath')} must not contain a colon."


def _is_base64(value: t.Any) -> bool:
    try:
        base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _registries(body: Body) -> t.Iterator[str]:
    for credential in _list(_properties(body), "imageRegistryCredentials"):
        path = f"image_registry_credentials[{credential.get('server')}]"
        if "//" in str(credential.get("server") or ""):
            yield f"{path}: the server is a host name, without a protocol."
        if not any(credential.get(name) for name in ("username", "identity", "identityUrl")):
            yield f"{path}: a username with its password, or an identity, is needed."
        if credential.get("password") is not None and not credential.get("username"):
            yield f"{path}: a password needs its username."


def _identity(body: Body) -> t.Iterator[str]:
    identity = body.get("identity")
    if not isinstance(identity, dict):
        return
    kind = str(identity.get("type") or "None").lower()
    ids = identity.get("userAssignedIdentities")
    if "userassigned" in kind and not ids:
        yield "identity: type UserAssigned needs user_assigned_identities."
    if ids and "userassigned" not in kind:
        yield f"identity: user_assigned_identities need a type with UserAssigned, not {identity.get('type')}."


def _spot(body: Body) -> t.Iterator[str]:
    properties = _properties(body)
    if str(properties.get("priority") or "").lower() != "spot":
        return
    if properties.get("ipAddress"):
        yield "priority: a Spot group cannot have inbound connectivity; leave ip_address out."
    if properties.get("subnetIds"):
        yield "priority: a Spot group cannot be in a subnet."
    if str(properties.get("sku") or "Standard").lower() != "standard":
        yield f"priority: Spot is not available with sku {properties.get('sku')}."
    if body.get("zones"):
        yield "priority: a Spot group cannot be in a zone."
    if any(get_path(item, "properties.resources.requests.gpu") for item in _list(properties, "containers")):
        yield "priority: a Spot group cannot request GPUs."


def _confidential(body: Body) -> t.Iterator[str]:
    sku = str(_properties(body).get("sku") or "Standard").lower()
    policy = get_path(body, "properties.confidentialComputeProperties.ccePolicy")
    if sku == "confidential" and not policy:
        yield "sku: Confidential needs confidential_compute_properties.cce_policy."
    if policy and sku != "confidential":
        yield "confidential_compute_properties: a policy needs sku Confidential."


_METADATA_KEYS = ("pod-uuid", "cluster-resource-id", "node-name")


def _diagnostics(body: Body) -> t.Iterator[str]:
    analytics = get_path(body, "properties.diagnostics.logAnalytics")
    if not isinstance(analytics, dict) or not analytics.get("metadata"):
        return
    if analytics.get("logType") != "ContainerInsights":
        yield "diagnostics.log_analytics.metadata: only log_type ContainerInsights takes metadata."
    wrong = [str(key) for key in analytics["metadata"] if key not in _METADATA_KEYS]
    if wrong:
        yield f"diagnostics.log_analytics.metadata: {', '.join(wrong)} is none of {', '.join(_METADATA_KEYS)}."


def _probes(body: Body) -> t.Iterator[str]:
    for container in _list(_properties(body), "containers"):
        for wire, option in (("livenessProbe", "liveness_probe"), ("readinessProbe", "readiness_probe")):
            probe = get_path(container, f"properties.{wire}")
            if isinstance(probe, dict) and not (probe.get("exec") or probe.get("httpGet")):
                yield f"containers[{container.get('name')}].{option}: exec or http_get is needed."


def _tags(body: Body) -> t.Iterator[str]:
    for name, value in (body.get("tags") or {}).items():
        if len(str(name)) > 512 or len(raw_text(value, f"tags[{name}]")) > 256:
            yield f"tags[{name}]: a name has at most 512 characters, a value at most 256."
        if not str(name).lower().startswith("hidden-") and re.search(r"[<>%&\\?/]", str(name)):
            yield f"tags[{name}]: a name cannot contain any of < > % & \\ ? /."
    if len(body.get("tags") or {}) > 50:
        yield "tags: a resource has at most 50 tags."


RULES: tuple[Rule, ...] = (
    _containers,
    _needed,
    _environment,
    _resources,
    _container_ports,
    _address,
    _volumes,
    _registries,
    _identity,
    _spot,
    _confidential,
    _diagnostics,
    _probes,
    _tags,
)
