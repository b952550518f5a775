# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the service refuses in the ports, address, subnets and DNS of a container group. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .refusals import refuse

MAX_ADDRESS_PORTS = 10

_LABEL = re.compile(r"[a-z][-a-z0-9]{3,61}[a-z0-9]")
_SUBNET = re.compile(
    r"/subscriptions/[^/]+/resourcegroups/[^/]+/providers/microsoft\.network/virtualnetworks/[^/]+/subnets/[^/]+",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"/subscriptions/[^/]+/resourcegroups/[^/]+/providers/microsoft\.network/networkprofiles/[^/]+", re.IGNORECASE
)


def check_network(
    group: str, properties: Mapping[str, Any], containers: list[dict[str, Any]], *, placed_elsewhere: bool = False
) -> None:
    """Refuses conflicting ports, address ports that no container exposes, and impossible networks."""
    exposed = _exposed(group, containers)
    subnets: list[dict[str, Any]] = properties.get("subnetIds") or []
    address = properties.get("ipAddress")
    if address is not None:
        _check_address(group, address, in_network(properties), placed_elsewhere=placed_elsewhere)
        _check_address_ports(group, address, exposed)
    if len(subnets) > 1:
        raise refuse("subnets", group=group, reason="No more than one subnet can be specified.")
    for subnet in subnets:
        if not _SUBNET.fullmatch(subnet.get("id") or ""):
            raise refuse("subnets", group=group, reason="The id must be the resource id of a subnet.")
    profile = properties.get("networkProfile")
    if profile is not None and not _PROFILE.fullmatch(profile.get("id") or ""):
        raise refuse("network_profile_missing", profile=profile.get("id") or "", group=group)
    _check_dns_config(group, properties)


def in_network(properties: Mapping[str, Any]) -> bool:
    """Whether a group is in a virtual network, through a subnet or (in older API versions) a network profile."""
    return bool(properties.get("subnetIds") or properties.get("networkProfile"))


def _exposed(group: str, containers: list[dict[str, Any]]) -> set[tuple[int, str]]:
    exposed: set[tuple[int, str]] = set()
    for container in containers:
        for port in container["properties"].get("ports", []):
            pair = (port["port"], port.get("protocol", "TCP"))
            if pair in exposed:
                raise refuse("duplicate_container_port", ports=pair[0], group=group)
            exposed.add(pair)
    return exposed


def _check_address(group: str, address: Mapping[str, Any], in_subnet: bool, *, placed_elsewhere: bool) -> None:
    kind = address.get("type")
    if kind is None:
        raise refuse("no_address_type", group=group)
    if not address.get("ports"):
        raise refuse("no_address_ports", group=group)
    if kind == "Private" and not in_subnet and not placed_elsewhere:
        raise refuse("private_without_subnet", group=group)
    if kind == "Public" and in_subnet:
        raise refuse("public_with_subnet", group=group)
    label = address.get("dnsNameLabel")
    if label is not None:
        if kind != "Public":
            raise refuse("dns_label_private", group=group)
        if not _LABEL.fullmatch(label):
            raise refuse("dns_label", label=label, group=group)


def _check_address_ports(group: str, address: Mapping[str, Any], exposed: set[tuple[int, str]]) -> None:
    ports = address["ports"]
    if len(ports) > MAX_ADDRESS_PORTS:
        raise refuse("too_many_address_ports", group=group, count=len(ports))
    wrong = [str(port.get("port", 0)) for port in ports if not 1 <= port.get("port", 0) <= 65535]
    if wrong:
        raise refuse("address_port", ports=",".join(wrong), group=group)
    pairs = [(port["port"], port.get("protocol", "TCP")) for port in ports]
    for pair in pairs:
        if pairs.count(pair) > 1:
            raise refuse("duplicate_address_port", ports=pair[0], group=group)
    unused = [str(pair[0]) for pair in pairs if pair not in exposed]
    if unused:
        raise refuse("unused_address_port", ports=",".join(unused), group=group)


def _check_dns_config(group: str, properties: Mapping[str, Any]) -> None:
    config = properties.get("dnsConfig")
    if config is None:
        return
    servers = config.get("nameServers")
    if not servers:
        raise refuse("dns_config", group=group, reason="The 'nameServers' cannot be empty.")
    # Name servers may be host names: recorded (2019) and tested against the service (2026).
    if not in_network(properties):
        raise refuse("dns_config", group=group, reason="It is only supported with 'subnetIds'.")
