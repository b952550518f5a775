# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Rules: what the collection refuses before sending it. Pure.

Each covers a contradiction within the definition, or something that the real service is recorded to refuse, without
evidence to the contrary. Limits that are only documented belong in _group/doubts.py.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from .._common.api_versions import has
from .._common.errors import InvalidArguments
from .schema import GROUP, VOLUMES, Kind, Property
from .validation import (
    Body,
    Check,
    Problems,
    all_containers,
    findings,
    has_profile,
    lower,
    number,
    objects,
    properties_of,
)
from .wire import element_label, get_path, key_options

CONTAINER_NAME = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
DNS_LABEL = re.compile(r"[a-z][a-z0-9-]{3,61}[a-z0-9]")
VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MAX_IP_PORTS = 10

_CONTRADICTION = "The definition contradicts itself."


def check_body(body: Body, api_version: str, live: Body | None = None) -> None:
    """Raises InvalidArguments with a sentence per rule that a body breaks, unless the live group breaks it as well."""
    problems = [str(finding) for finding in findings(RULES, body, live)]
    problems += _too_new(body, api_version)
    if problems:
        raise InvalidArguments(" ".join(dict.fromkeys(problems)))


def _too_new(body: Body, api_version: str) -> list[str]:
    return [
        f"{child.option} needs API version {child.since}, but {api_version} is in use."
        for child, wire in _newer(GROUP, body, api_version)
        if wire not in (None, {}, {"keyValuePairs": {}})
    ]


def _newer(prop: Property, wire: Any, api_version: str) -> Iterator[tuple[Property, Any]]:
    """The properties introduced after an API version, with their values in a body."""
    for child in prop.children:
        value = get_path(wire, child.wire)
        if not has(api_version, child.since):
            yield child, value
        elif value is None:
            continue
        elif child.kind is Kind.OBJECT:
            yield from _newer(child, value, api_version)
        elif child.kind is Kind.OBJECTS:
            for element in value:
                yield from _newer(child, element, api_version)


def _required(body: Body) -> Problems:
    if not objects(properties_of(body), "containers") and not has_profile(body):
        yield "containers", "a group needs at least one container."
    yield from _required_below(GROUP, body, "", has_profile(body))


def _required_below(prop: Property, wire: Any, path: str, profile: bool) -> Problems:
    for child in prop.children:
        value = get_path(wire, child.wire)
        child_path = f"{path}.{child.option}" if path else child.option
        if child.needed and value in (None, "", []) and not (profile and child.option == "image"):
            yield child_path, f"a value is required.{_way(child)}"
        if child.kind is Kind.OBJECT and isinstance(value, dict):
            yield from _required_below(child, value, child_path, profile)
        elif child.kind is Kind.OBJECTS:
            for element in value or []:
                label = element_label(child, key_options(child, element))
                yield from _required_below(child, element, f"{child_path}[{label}]", profile)


def _way(prop: Property) -> str:
    """What to write for a required property."""
    from .remedies import EXAMPLES  # only needed when a task fails

    example = prop.choices[0] if prop.choices else EXAMPLES.get(prop.option)
    if example is None:
        return ""
    many = prop.kind in (Kind.OBJECTS, Kind.TEXTS, Kind.RAW_TEXTS)
    return f" Write {prop.option}: {f'[{example}]' if many else example}."


def _os_type(body: Body) -> Problems:
    if not has_profile(body) and lower(properties_of(body).get("osType")) not in ("linux", "windows"):
        yield "os_type", "Linux or Windows is required."


def _container_names(body: Body) -> Problems:
    for path, container in all_containers(body):
        name = str(container.get("name") or "")
        if not CONTAINER_NAME.fullmatch(name):
            yield (
                path,
                f"{name!r} is not a valid container name; use 1 to 63 lower-case letters, digits and hyphens, "
                "beginning and ending with a letter or a digit.",
            )


def _shared_names(body: Body) -> Problems:
    seen: set[str] = set()
    for path, container in all_containers(body):
        name = str(container.get("name") or "")
        if name in seen:
            yield path, f"another container of the group has the name {name} already."
        seen.add(name)


def _variable_names(body: Body) -> Problems:
    for path, container in all_containers(body):
        for variable in objects(container, "properties.environmentVariables"):
            name = str(variable.get("name") or "")
            if not VARIABLE_NAME.fullmatch(name):
                yield (
                    f"{path}.environment_variables",
                    f"{name!r} is not a valid variable name; use a letter or an underscore, followed by "
                    "letters, digits and underscores.",
                )


def _image_protocol(body: Body) -> Problems:
    for path, container in all_containers(body):
        image = str(get_path(container, "properties.image") or "")
        if "://" in image or re.search(r"\s", image):
            yield f"{path}.image", f"{image!r} is not a valid image reference; give it without a protocol and blanks."


def _image_tag(body: Body) -> Problems:
    for path, container in all_containers(body):
        image = str(get_path(container, "properties.image") or "")
        if image.endswith((":", "@")):
            what = "tag" if image[-1] == ":" else "digest"
            yield (
                f"{path}.image",
                f"{image!r} ends with {image[-1]!r} but has no {what} after it; add one, or remove the sign. If the "
                f"{what} comes from a variable, the variable is empty.",
            )


def _resource_requests(body: Body) -> Problems:
    if has_profile(body):
        return
    for container in objects(properties_of(body), "containers"):
        path = f"containers[{container.get('name')}].resources.requests"
        for wire, option in (("cpu", "cpu"), ("memoryInGB", "memory_in_gb")):
            if get_path(container, f"properties.resources.requests.{wire}") is None:
                yield path, f"{option} is required."


def _memory_step(body: Body) -> Problems:
    for container in objects(properties_of(body), "containers"):
        memory = get_path(container, "properties.resources.requests.memoryInGB")
        if memory is not None and abs(number(memory) * 10 - round(number(memory) * 10)) > 1e-6:
            yield (
                f"containers[{container.get('name')}].resources.requests.memory_in_gb",
                f"{memory} is not a multiple of 0.1.",
            )


def _limits(body: Body) -> Problems:
    if has_profile(body):
        return
    containers = objects(properties_of(body), "containers")
    for wire, option in (("cpu", "cpu"), ("memoryInGB", "memory_in_gb")):
        total = sum(number(get_path(item, f"properties.resources.requests.{wire}")) for item in containers)
        for container in containers:
            path = f"containers[{container.get('name')}].resources.limits.{option}"
            limit = get_path(container, f"properties.resources.limits.{wire}")
            request = get_path(container, f"properties.resources.requests.{wire}")
            if limit is not None and number(limit) < number(request):
                yield path, f"{limit:g} is below the request of {request:g}."
            elif limit is not None and number(limit) > total + 1e-9:
                yield path, f"{limit:g} is above {total:g}, the total request of the group."


def _container_ports(body: Body) -> Problems:
    for path, container in all_containers(body):
        for item in objects(container, "properties.ports"):
            port = item.get("port")
            if not isinstance(port, int) or not 1 <= port <= 65535:
                yield f"{path}.ports", f"{port} is not a valid port; use 1 to 65535."


def _shared_ports(body: Body) -> Problems:
    seen: dict[tuple[Any, str], str] = {}
    for path, container in all_containers(body):
        for port, protocol in sorted(_ports(objects(container, "properties.ports")), key=str):
            other = seen.setdefault((port, protocol), path)
            if other != path:
                yield (
                    f"{path}.ports",
                    f"{port}/{protocol} is in use by {other}; containers of a group share one address.",
                )


def _ports(items: Iterable[Mapping[str, Any]]) -> set[tuple[Any, str]]:
    return {(item.get("port"), str(item.get("protocol") or "TCP").upper()) for item in items}


def _address_ports(body: Body) -> Problems:
    ports = objects(body, "properties.ipAddress.ports")
    if len(ports) > MAX_IP_PORTS:
        yield "ip_address.ports", f"{len(ports)} ports are more than the {MAX_IP_PORTS} that an address can have."
    if has_profile(body):
        return
    exposed: set[tuple[Any, str]] = set()
    for container in objects(properties_of(body), "containers"):
        exposed |= _ports(objects(container, "properties.ports"))
    for port, protocol in sorted(_ports(ports) - exposed, key=str):
        yield "ip_address.ports", f"no container exposes {port}/{protocol}; add it to the ports of one."


def _dns_label(body: Body) -> Problems:
    address = get_path(body, "properties.ipAddress")
    label = address.get("dnsNameLabel") if isinstance(address, dict) else None
    if not label or not isinstance(address, dict):
        return
    if lower(address.get("type")) == "private":
        yield "ip_address.dns_name_label", "a private address cannot have a DNS name label."
    if not DNS_LABEL.fullmatch(str(label)):
        yield (
            "ip_address.dns_name_label",
            f"{label!r} is not a valid DNS name label; use 5 to 63 lower-case letters, digits and hyphens, beginning "
            "with a letter and ending with a letter or a digit.",
        )


def _private_address(body: Body) -> Problems:
    if (
        lower(get_path(body, "properties.ipAddress.type")) == "private"
        and not objects(properties_of(body), "subnetIds")
        and not properties_of(body).get("networkProfile")
        and not has_profile(body)
    ):
        yield "ip_address.type", "Private requires subnet_ids."


def _dns_config(body: Body) -> Problems:
    properties = properties_of(body)
    if properties.get("dnsConfig") and not objects(properties, "subnetIds") and not properties.get("networkProfile"):
        yield "dns_config", "only a group in a subnet has a DNS configuration; give subnet_ids."


_VOLUME_KINDS = {child.wire: child.option for child in VOLUMES.children if child.alternatives == "kind"}


def _volume_kinds(body: Body) -> Problems:
    for volume in objects(properties_of(body), "volumes"):
        kinds = {kind for kind in _VOLUME_KINDS if kind in volume}
        if len(kinds) != 1 and kinds != {"secret", "secretReference"}:
            *others, last = _VOLUME_KINDS.values()
            yield f"volumes[{volume.get('name')}]", f"give exactly one of {', '.join(others)} and {last}."


def _secret_files(body: Body) -> Problems:
    for volume in objects(properties_of(body), "volumes"):
        files = volume.get("secret")
        for key, value in files.items() if isinstance(files, Mapping) else ():
            if not _is_base64(value):
                yield (
                    f"volumes[{volume.get('name')}].secret",
                    f"the value of {key} is not base64; use the b64encode filter.",
                )


def _is_base64(value: Any) -> bool:
    try:
        base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _mounts(body: Body) -> Problems:
    names = {str(volume.get("name")) for volume in objects(properties_of(body), "volumes")}
    for path, container in all_containers(body):
        for mount in objects(container, "properties.volumeMounts"):
            if str(mount.get("name")) not in names:
                yield f"{path}.volume_mounts", f"there is no volume {mount.get('name')} in volumes; add it there."


def _registry_password(body: Body) -> Problems:
    for credential in objects(properties_of(body), "imageRegistryCredentials"):
        path = f"image_registry_credentials[{credential.get('server')}]"
        if not credential.get("server"):
            yield path, "server is required."
        if credential.get("password") is not None and not credential.get("username"):
            yield path, "a password requires a username."


def _identity(body: Body) -> Problems:
    identity = body.get("identity")
    if not isinstance(identity, dict):
        return
    kind = lower(identity.get("type"), "None")
    ids = identity.get("userAssignedIdentities")
    if "userassigned" in kind and not ids:
        yield "identity", "type UserAssigned requires user_assigned_identities."
    if ids and "userassigned" not in kind:
        yield "identity", f"user_assigned_identities requires a type with UserAssigned, not {identity.get('type')}."


def _spot(body: Body) -> Problems:
    properties = properties_of(body)
    if lower(properties.get("priority")) != "spot":
        return
    if properties.get("ipAddress"):
        yield "priority", "a Spot group cannot have inbound connectivity; leave ip_address out."
    if lower(properties.get("sku"), "Standard") != "standard":
        yield "priority", f"Spot is not available with sku {properties.get('sku')}."


def _metadata(body: Body) -> Problems:
    analytics = get_path(body, "properties.diagnostics.logAnalytics")
    if (
        isinstance(analytics, dict)
        and analytics.get("metadata")
        and lower(analytics.get("logType")) == "containerinstancelogs"
    ):
        yield "diagnostics.log_analytics.metadata", "log_type ContainerInstanceLogs does not allow metadata."


RULES: Final[tuple[Check, ...]] = (
    Check(
        "required",
        "The required properties of an object are given.",
        "Refused without it: images, ports of an address, storage accounts and others (quoted by users, 2018 to 2025).",
        _required,
    ),
    Check("os_type", "A new group has an os_type.", "InvalidOsType, quoted by users in 2024 and 2025.", _os_type),
    Check(
        "container_name",
        "A container's name has 1 to 63 lower-case letters, digits and hyphens, hyphens not first or last.",
        "The service's own message with its pattern, quoted by users in 2023 and later.",
        _container_names,
    ),
    Check("container_names_differ", "No two containers of a group share a name.", _CONTRADICTION, _shared_names),
    Check(
        "variable_name",
        "A variable's name has letters, digits and underscores, and does not begin with a digit.",
        "InvalidContainerEnvironmentVariable, quoted by users in 2019 and 2025.",
        _variable_names,
    ),
    Check(
        "image_without_protocol",
        "An image reference has neither a protocol nor blanks.",
        "InaccessibleImage for an image with a protocol, quoted by a user.",
        _image_protocol,
    ),
    Check(
        "image_tag",
        "A colon or an at sign at the end of an image reference is followed by a tag or a digest.",
        "The grammar of image references, which every registry follows (distribution/reference).",
        _image_tag,
    ),
    Check(
        "resource_requests",
        "Every container requests cpu and memory.",
        "ResourceRequestsNotSpecified, quoted by users up to 2025.",
        _resource_requests,
    ),
    Check(
        "memory_step",
        "Memory is requested in steps of 0.1 GB.",
        "MemoryRequirementNotTimesOfOneTenthGB, quoted by a user in 2018.",
        _memory_step,
    ),
    Check(
        "limits",
        "A limit is at least its own request and at most the total request of the group.",
        "ResourceLimitsLessThanRequests and ContainerLimitGreaterThanContainerGroupTotalRequest, quoted 2018 to 2020.",
        _limits,
    ),
    Check("port_range", "A port is 1 to 65535.", "InvalidContainerPorts, quoted by a user.", _container_ports),
    Check(
        "ports_differ",
        "No two containers of a group listen on one port with one protocol.",
        "The definition contradicts itself: the containers share one network.",
        _shared_ports,
    ),
    Check(
        "address_ports",
        "A container exposes each port of the address, and an address has at most 10.",
        "Both in the service's own messages, quoted by users in 2017 and 2022.",
        _address_ports,
    ),
    Check(
        "dns_name_label",
        "A DNS name label has 5 to 63 lower-case letters, digits and hyphens, and belongs to a public address.",
        "Both in the service's own messages, quoted by users in 2021 and earlier.",
        _dns_label,
    ),
    Check("private_address", "A private address needs a subnet.", _CONTRADICTION, _private_address),
    Check(
        "dns_config",
        "Only a group in a subnet has a DNS configuration.",
        "The definition contradicts itself: name servers belong to a virtual network.",
        _dns_config,
    ),
    Check("volume_kind", "A volume is of one kind.", _CONTRADICTION, _volume_kinds),
    Check(
        "secret_files",
        "The files of a secret volume are base64.",
        "The definition contradicts itself: the type of these values is base64.",
        _secret_files,
    ),
    Check("mounts", "Each mount names a volume of the group.", _CONTRADICTION, _mounts),
    Check(
        "registry_credentials",
        "A registry credential has a server, and a username where it has a password.",
        "The service's own message for an empty server, quoted by a user.",
        _registry_password,
    ),
    Check("identity", "The identity's type matches the given identities.", _CONTRADICTION, _identity),
    Check(
        "spot",
        "A Spot group has no address and the sku Standard.",
        "SpotPriorityContainerGroupNotSupportedForInboundConnectivity and ...NotSupportedInSku, quoted by users.",
        _spot,
    ),
    Check(
        "log_metadata",
        "Metadata is not allowed with ContainerInstanceLogs.",
        "LogAnalyticsMetadataNotAllowed, quoted by a user in 2023.",
        _metadata,
    ),
)
