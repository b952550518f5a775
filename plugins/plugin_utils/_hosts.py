# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Container groups as hosts of an inventory. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Facts = Mapping[str, Any]

# ssh would treat a host that begins with a hyphen as an option, and run the command in -oProxyCommand=...
_ADDRESS = re.compile(r"[0-9A-Za-z:][0-9A-Za-z.:_%-]*")


@dataclass(frozen=True)
class Host:
    """One host: its possible names, from the shortest to one that is unique, and its variables."""

    names: tuple[str, ...]
    variables: dict[str, Any]


def hosts_of(groups: Iterable[Facts], kind: str) -> list[Host]:
    """The hosts for container groups (facts): one per group or per container, by ``kind``: groups or containers."""
    if kind == "groups":
        return [_group(facts) for facts in groups]
    return [_container(facts, container) for facts in groups for container in facts.get("containers") or []]


def named(hosts: Iterable[Host]) -> dict[str, Host]:
    """The hosts by their shortest unique names. If several share a name, all of them get a longer one."""
    result: dict[str, Host] = {}
    left = list(hosts)
    longest = max((len(host.names) for host in left), default=0)
    for length in range(longest):
        counts = Counter(host.names[length] for host in left)
        shared: list[Host] = []
        for host in left:
            name = host.names[length]
            if counts[name] == 1 and name not in result:
                result[name] = host
            else:
                shared.append(host)
        left = shared
    return result


def _names(facts: Facts, *first: str) -> tuple[str, ...]:
    """The possible names of a host. Group names contain no underscores, so the parts of a name are unambiguous."""
    short = "_".join(first)
    longer = f"{short}_{facts.get('resource_group')}"
    return (short, longer, f"{longer}_{facts.get('subscription_id')}")


def _group(facts: Facts) -> Host:
    return Host(_names(facts, str(facts["name"])), variables_of(facts))


def _container(facts: Facts, container: Facts) -> Host:
    name = str(container.get("name"))
    current = (container.get("instance_view") or {}).get("current_state") or {}
    variables = {
        **variables_of(facts),
        "aci_container": name,
        "aci_image": container.get("image"),
        "aci_ports": _ports(container.get("ports")),
        "aci_container_state": current.get("state"),
        "aci_restart_count": (container.get("instance_view") or {}).get("restart_count"),
    }
    return Host(_names(facts, str(facts["name"]), name), variables)


def variables_of(facts: Facts) -> dict[str, Any]:
    """The variables of a group, which its containers have as well."""
    containers = facts.get("containers") or []
    names = [str(container.get("name")) for container in containers]
    images = [str(container.get("image")) for container in containers if container.get("image")]
    address = facts.get("fqdn") or facts.get("ip")
    variables: dict[str, Any] = {
        "aci_id": facts.get("id"),
        "aci_container_group": facts.get("name"),
        "aci_resource_group": facts.get("resource_group"),
        "aci_subscription_id": facts.get("subscription_id"),
        "aci_location": facts.get("location"),
        "aci_state": facts.get("state"),
        "aci_provisioning_state": facts.get("provisioning_state"),
        "aci_tags": dict(facts.get("tags") or {}),
        "aci_ip": facts.get("ip"),
        "aci_fqdn": facts.get("fqdn"),
        "aci_orchestrator_id": facts.get("orchestrator_id"),
        "aci_ports": _ports((facts.get("ip_address") or {}).get("ports")),
        "aci_containers": names,
        "aci_images": list(dict.fromkeys(images)),
        "aci_os_type": facts.get("os_type"),
        "aci_restart_policy": facts.get("restart_policy"),
        "aci_sku": facts.get("sku"),
        "aci_zones": list(facts.get("zones") or []),
    }
    if len(names) == 1:
        variables["aci_container"] = names[0]
    if address and _ADDRESS.fullmatch(str(address)):
        variables["ansible_host"] = address
    return variables


def _ports(ports: Any) -> list[dict[str, Any]]:
    return [{"port": each.get("port"), "protocol": each.get("protocol") or "TCP"} for each in ports or []]
