# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Doubts: documented limits that the real service is not recorded to enforce. Pure.

A definition with doubts is sent anyway, unless the task sets ``validation=strict``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from .._common.errors import AzureError, InvalidArguments
from .names import place
from .rules import check_body
from .tables import ONLY_IN_PROFILES
from .validation import (
    Body,
    Check,
    Finding,
    Problems,
    all_containers,
    findings,
    has_profile,
    lower,
    number,
    objects,
    properties_of,
)
from .wire import get_path

GROUP_NAME = re.compile(r"(?!.*--)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
PROFILE_NAME = re.compile(r"[a-zA-Z0-9]|[a-zA-Z0-9][-_a-zA-Z0-9]{0,61}[a-zA-Z0-9]")
VOLUME_NAME = re.compile(r"(?!.*--)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
IMAGE = re.compile(
    r"(?:[A-Za-z0-9.-]+(?::[0-9]+)?/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
    r"(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@[A-Za-z0-9]+:[0-9a-fA-F]{32,})?"
)
DURATION = re.compile(
    r"P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:[.,]\d+)?S)?)?"
)
MAX_CONTAINERS = 60
MAX_INIT_CONTAINERS = 59
MAX_VOLUMES = 20
MAX_BODY_MB = 4
DOCUMENTED_IP_PORTS = 5
RESERVED_PORTS = (
    range(22, 23),
    range(1025, 1028),
    range(3389, 3400),
    range(9999, 10000),
    range(19000, 19001),
    range(19080, 19081),
    range(19100, 19101),
    range(19390, 19391),
    range(20000, 30001),
    range(49152, 65535),
)
SPOT_LOCATIONS = ("eastus2", "westeurope", "westus")
METADATA_KEYS = ("pod-uuid", "cluster-resource-id", "node-name")

_QUOTA_PAGE = "Documentation: quotas and limits of Container Instances, 2025-11."
_SPOT_PAGE = "Documentation: Spot containers, 2025-11."


def doubts_about(body: Body, live: Body | None = None) -> list[Finding]:
    """The doubts about a body, except those that apply to the live group as well."""
    return findings(DOUBTS, body, live)


def validated(
    body: Body, live: Body | None, api_version: str, mode: str, more: Sequence[Finding] = ()
) -> list[Finding]:
    """The doubts about what a task is about to send. ``mode`` is the option ``validation``: warn, strict or off.

    Raises InvalidArguments if a rule is broken, and with ``strict`` for any doubt, with the code ``Doubtful``. ``more``
    are additional doubts, from other sources than the body.
    """
    check_body(body, api_version, live)
    if mode == "off":
        return []
    doubts = [*more, *doubts_about(body, live)]
    if doubts and mode == "strict":
        raise InvalidArguments(
            f"{sentences(doubts)} With validation: strict this is refused; use validation: warn to send it.",
            code="Doubtful",
            result={"doubts": [doubt.as_result() for doubt in doubts]},
        )
    return doubts


def sentences(doubts: Iterable[Finding]) -> str:
    """The doubts in one line of text."""
    return " ".join(map(str, doubts))


def explain(error: AzureError, doubts: Sequence[Finding]) -> None:
    """Adds the doubts to the service's error, as its possible reason."""
    refused = error.status is not None and 400 <= error.status < 500 and error.status not in (401, 403, 404, 409, 429)
    if doubts and (refused or error.status is None) and "doubts" not in error.result:
        error.msg = f"{error.msg} Possible reason: {sentences(doubts)}"
        error.result = {**error.result, "doubts": [doubt.as_result() for doubt in doubts]}


def doubts_about_subnet(subnet: Body) -> list[Finding]:
    """The doubts about a subnet (wire form) in which a group is to be created."""
    return findings(SUBNET_DOUBTS, subnet)


def doubts_about_name(name: str, pattern: re.Pattern[str], what: str) -> list[Finding]:
    """The doubts about the name of a new resource: ``container group`` or ``container group profile``."""
    if pattern.fullmatch(name):
        return []
    form = (
        "1 to 63 lower-case letters, digits and single hyphens"
        if pattern is GROUP_NAME
        else "1 to 63 letters, digits, hyphens and underscores"
    )
    return [
        Finding(
            "name",
            "name",
            f"the documentation allows {form} in the name of a {what}, beginning and ending with a letter or a digit; "
            f"{name!r} differs.",
            "Documentation: naming rules of Azure resources. Capital letters were accepted in 2017 and 2020.",
        )
    ]


def _size(body: Body) -> Problems:
    size = len(json.dumps(body, default=str)) / (1024 * 1024)
    if size > MAX_BODY_MB:
        yield (
            "definition",
            f"as JSON it has {size:.1f} MB, more than the {MAX_BODY_MB} MB that Resource Manager accepts. Mount large "
            "files from a file share, or bring them in the image.",
        )


def _counts(body: Body) -> Problems:
    properties = properties_of(body)
    for wire, option, most in (
        ("containers", "containers", MAX_CONTAINERS),
        ("initContainers", "init_containers", MAX_INIT_CONTAINERS),
        ("volumes", "volumes", MAX_VOLUMES),
    ):
        count = len(objects(properties, wire))
        if count > most:
            yield option, f"{count} are more than the {most} that a group can have."


def _address_ports(body: Body) -> Problems:
    count = len(objects(body, "properties.ipAddress.ports"))
    if count > DOCUMENTED_IP_PORTS:
        yield "ip_address.ports", f"{count} ports are more than the {DOCUMENTED_IP_PORTS} that are documented."


def _windows(body: Body) -> Problems:
    count = len(list(all_containers(body)))
    if lower(properties_of(body).get("osType")) == "windows" and count > 1:
        yield "containers", "a Windows group has one container; groups of several are for os_type Linux only."


def _images(body: Body) -> Problems:
    for path, container in all_containers(body):
        image = str(get_path(container, "properties.image") or "")
        if image and "://" not in image and not IMAGE.fullmatch(image):
            yield f"{path}.image", f"{image!r} is not a valid image reference (repositories are lower case)."


def _positive_requests(body: Body) -> Problems:
    for container in objects(properties_of(body), "containers"):
        for wire, option in (("cpu", "cpu"), ("memoryInGB", "memory_in_gb")):
            request = get_path(container, f"properties.resources.requests.{wire}")
            if request is not None and number(request) <= 0:
                yield (
                    f"containers[{container.get('name')}].resources.requests.{option}",
                    f"{request} must be greater than zero.",
                )


def _gpus(body: Body) -> Problems:
    for container in objects(properties_of(body), "containers"):
        if get_path(container, "properties.resources.requests.gpu") or get_path(
            container, "properties.resources.limits.gpu"
        ):
            yield (
                f"containers[{container.get('name')}].resources",
                "the GPU SKUs of Container Instances were retired on 2025-07-14.",
            )


def _reserved_ports(body: Body) -> Problems:
    for path, container in all_containers(body):
        for item in objects(container, "properties.ports"):
            port = item.get("port")
            if isinstance(port, int) and any(port in reserved for reserved in RESERVED_PORTS):
                yield f"{path}.ports", f"the service reserves port {port} for itself."


def _public_in_subnet(body: Body) -> Problems:
    if lower(get_path(body, "properties.ipAddress.type")) == "public" and objects(properties_of(body), "subnetIds"):
        yield "ip_address.type", "a group in a subnet has no public address; use Private."


def _volume_names(body: Body) -> Problems:
    for volume in objects(properties_of(body), "volumes"):
        name = str(volume.get("name") or "")
        if not VOLUME_NAME.fullmatch(name):
            yield (
                f"volumes[{name}]",
                f"{name!r} is not a documented volume name: lower-case letters, digits and single hyphens, at most 63.",
            )


def _mount_paths(body: Body) -> Problems:
    for path, container in all_containers(body):
        for mount in objects(container, "properties.volumeMounts"):
            if ":" in str(mount.get("mountPath") or ""):
                yield f"{path}.volume_mounts", f"the path {mount.get('mountPath')} must not contain a colon."


def _registries(body: Body) -> Problems:
    for credential in objects(properties_of(body), "imageRegistryCredentials"):
        path = f"image_registry_credentials[{credential.get('server')}]"
        if "//" in str(credential.get("server") or ""):
            yield path, "server is a host name, without a protocol."
        if not any(credential.get(name) for name in ("username", "identity", "identityUrl")):
            yield path, "give a username with its password, or an identity."


def _spot(body: Body) -> Problems:
    properties = properties_of(body)
    if lower(properties.get("priority")) != "spot":
        return
    if properties.get("subnetIds"):
        yield "priority", "a Spot group cannot be in a subnet."
    if body.get("zones"):
        yield "priority", "a Spot group cannot be in a zone."
    if any(get_path(item, "properties.resources.requests.gpu") for item in objects(properties, "containers")):
        yield "priority", "a Spot group cannot request GPUs."
    location = place(body.get("location"))
    if location and location not in SPOT_LOCATIONS:
        yield "priority", f"Spot is in preview in {', '.join(SPOT_LOCATIONS)}, not in {location}."


def _confidential(body: Body) -> Problems:
    sku = lower(properties_of(body).get("sku"), "Standard")
    if get_path(body, "properties.confidentialComputeProperties.ccePolicy") and sku != "confidential":
        yield "confidential_compute_properties", "a policy requires sku Confidential."


def _metadata(body: Body) -> Problems:
    analytics = get_path(body, "properties.diagnostics.logAnalytics")
    metadata = analytics.get("metadata") if isinstance(analytics, dict) else None
    if not isinstance(analytics, dict) or not isinstance(metadata, Mapping) or not metadata:
        return
    path = "diagnostics.log_analytics.metadata"
    if not analytics.get("logType"):
        yield path, "metadata requires log_type ContainerInsights."
    wrong = [str(key) for key in metadata if key not in METADATA_KEYS]
    if wrong:
        yield path, f"the documented keys are {', '.join(METADATA_KEYS)}, not {', '.join(wrong)}."


def _probes(body: Body) -> Problems:
    if has_profile(body):
        return
    for container in objects(properties_of(body), "containers"):
        for wire, option in (("livenessProbe", "liveness_probe"), ("readinessProbe", "readiness_probe")):
            probe = get_path(container, f"properties.{wire}")
            if isinstance(probe, dict) and probe and not (probe.get("exec") or probe.get("httpGet")):
                yield f"containers[{container.get('name')}].{option}", "without exec or http_get it tests nothing."


def _durations(body: Body) -> Problems:
    for prop in ONLY_IN_PROFILES:
        value = get_path(body, prop.wire)
        if value is not None and not DURATION.fullmatch(str(value)):
            yield prop.option, f"{value!r} is not an ISO 8601 duration such as PT30S, PT1H or P1DT12H."


def _tags(body: Body) -> Problems:
    tags = body.get("tags")
    tags = tags if isinstance(tags, Mapping) else {}
    if len(tags) > 50:
        yield "tags", "a resource has at most 50 tags."
    for name, value in tags.items():
        if len(str(name)) > 512 or len(str(value)) > 256:
            yield f"tags[{name}]", "a name has at most 512 characters, a value at most 256."
        if not str(name).lower().startswith("hidden-") and re.search(r"[<>%&\\?/]", str(name)):
            yield f"tags[{name}]", "a name cannot contain any of < > % & \\ ? /."


def _nat_gateway(subnet: Body) -> Problems:
    properties = properties_of(subnet)
    # With a route table, outbound traffic may go through a firewall.
    if not properties.get("natGateway") and not properties.get("routeTable"):
        yield (
            f"subnet_ids[{subnet.get('name')}]",
            "the subnet has no NAT gateway, so its containers may not reach anything outside the virtual network.",
        )


SUBNET_DOUBTS: Final[tuple[Check, ...]] = (
    Check(
        "nat_gateway",
        "The subnet of a new group has a NAT gateway, where the subnet may be read.",
        "Documentation: virtual network scenarios, 2025-11.",
        _nat_gateway,
    ),
)
"""These check a subnet, not the group in it."""

DOUBTS: Final[tuple[Check, ...]] = (
    Check(
        "size",
        f"A definition has at most {MAX_BODY_MB} MB as JSON.",
        "Documentation: limits of Resource Manager, 2025-11: the limit of a template; for a single request it is "
        "inferred.",
        _size,
    ),
    Check(
        "counts",
        f"A group has at most {MAX_CONTAINERS} containers, {MAX_INIT_CONTAINERS} init containers and "
        f"{MAX_VOLUMES} volumes.",
        _QUOTA_PAGE,
        _counts,
    ),
    Check(
        "address_ports",
        f"An address has at most {DOCUMENTED_IP_PORTS} ports.",
        f"{_QUOTA_PAGE} The service's own message says 10.",
        _address_ports,
    ),
    Check(
        "windows",
        "A Windows group has one container.",
        "Documentation: container groups, 2025-11.",
        _windows,
    ),
    Check(
        "image_reference",
        "An image reference follows the grammar of registries.",
        "Documentation: the distribution specification's grammar of references.",
        _images,
        late=True,
    ),
    Check(
        "positive_requests",
        "Requests for cpu and memory are greater than zero.",
        "Inferred; the smallest request seen accepted is 0.01 cpu with 0.1 GB.",
        _positive_requests,
    ),
    Check("gpu_retired", "No GPUs are requested.", "Documentation: retirement of the GPU SKUs, 2025-07-14.", _gpus),
    Check(
        "reserved_ports",
        "Containers do not listen on ports that the service reserves.",
        "Documentation: troubleshooting, reserved ports, 2025-11.",
        _reserved_ports,
        late=True,
    ),
    Check(
        "public_in_subnet",
        "A group in a subnet has no public address.",
        "Documentation: virtual network scenarios, 2025-11.",
        _public_in_subnet,
    ),
    Check(
        "volume_name",
        "A volume's name has lower-case letters, digits and single hyphens.",
        "Documentation: naming limits, 2025-11. Its minimum of 5 characters is not enforced: the service accepts 4.",
        _volume_names,
    ),
    Check("mount_path", "A mount path has no colon.", "Documentation: REST reference, 2025-09-01.", _mount_paths),
    Check(
        "registry_credentials",
        "A registry credential has a host name, and a username or an identity.",
        "Documentation: image pull errors (InvalidImageRegistryServer and others), 2025-11.",
        _registries,
    ),
    Check(
        "spot",
        "A Spot group is outside subnets and zones, without GPUs, in a preview region.",
        _SPOT_PAGE,
        _spot,
    ),
    Check(
        "confidential",
        "A confidential policy requires sku Confidential.",
        "Documentation: confidential containers, 2025-11.",
        _confidential,
    ),
    Check(
        "log_metadata",
        "Metadata requires ContainerInsights and has only the documented keys.",
        "Documentation: REST reference and Log Analytics, 2025-11.",
        _metadata,
    ),
    Check(
        "probe_action",
        "A probe has an action.",
        "Documentation: liveness probes, 2025-11.",
        _probes,
    ),
    Check(
        "durations",
        "shutdown_grace_period and time_to_live of a profile are ISO 8601 durations.",
        "Documentation: samples of container group profiles (PT1H, PT2H), 2025-11.",
        _durations,
    ),
    Check("tags", "Tags are within the limits of Resource Manager.", "Documentation: tag resources, 2025-11.", _tags),
)
