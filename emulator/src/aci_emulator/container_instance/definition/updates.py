# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The changes to a definition that the service refuses to make in place. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...arm.errors import ArmError
from . import models
from .refusals import refuse

_GENERAL = "os type, restart policy, network profile, CPU, memory or GPU resources"


@dataclass(frozen=True)
class RefusedChange:
    """A property that differs: its name as in the service's messages, and both values."""

    name: str
    old: Any
    new: Any


def refused(old: Mapping[str, Any], new: Mapping[str, Any], *, strict: bool) -> list[RefusedChange]:
    """The changes from `old` to `new` (groups with `properties` and `zones`) that cannot be made in place.

    Documented are OS type, restart policy, network, cpu, memory and GPU. `strict` adds what is disputed: ports, address
    type, diagnostics, DNS configuration, SKU, zones, priority, volumes, adding and removing containers. Secrets do not
    count as changes.
    """
    before, after = old["properties"], new["properties"]
    changes = [
        *_different("OsType", before.get("osType"), after.get("osType")),
        *_different("RestartPolicy", before.get("restartPolicy", "Always"), after.get("restartPolicy", "Always")),
        *_different("SubnetIds", _subnets(before), _subnets(after)),
        *_different("NetworkProfile", _network_profile(before), _network_profile(after)),
        *_resources(before, after),
    ]
    if strict:
        changes += _disputed(old, new)
    return changes


def refusal(group: str, changes: list[RefusedChange], wording: str) -> ArmError:
    """InvalidContainerGroupUpdate for these changes; `wording` is `named` or `general`."""
    what = _GENERAL if wording == "general" else ", ".join(_named(change) for change in changes)
    return refuse("update", group=group, what=what)


def _named(change: RefusedChange) -> str:
    return f'{change.name} (old "{_text(change.old)}", new "{_text(change.new)}")'


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, str | int):
        return str(value)
    return json.dumps(value, separators=(",", ":"))


def _different(name: str, old: Any, new: Any) -> list[RefusedChange]:
    return [] if old == new else [RefusedChange(name, old, new)]


def _subnets(properties: Mapping[str, Any]) -> list[str]:
    return sorted(str(subnet.get("id", "")).lower() for subnet in properties.get("subnetIds") or [])


def _network_profile(properties: Mapping[str, Any]) -> str:
    return str((properties.get("networkProfile") or {}).get("id", "")).lower()


def _resources(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[RefusedChange]:
    changes: list[RefusedChange] = []
    live = {container["name"]: container for container in before.get("containers") or []}
    for container in after.get("containers") or []:
        if container["name"] not in live:
            continue
        old = _requests(live[container["name"]])
        new = _requests(container)
        changes += _different("Cpu", old.get("cpu"), new.get("cpu"))
        changes += _different("MemoryInGB", old.get("memoryInGB"), new.get("memoryInGB"))
        changes += _different("Gpu", old.get("gpu"), new.get("gpu"))
    return changes


def _requests(container: Mapping[str, Any]) -> dict[str, Any]:
    requests: dict[str, Any] = (container["properties"].get("resources") or {}).get("requests") or {}
    return requests


def _disputed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[RefusedChange]:
    # Compared without secrets: a rotated secret does not count as a change of volumes or diagnostics.
    before, after = models.PROPERTIES.write(old["properties"]), models.PROPERTIES.write(new["properties"])
    changes = [
        *_different("Containers", _names(before, "containers"), _names(after, "containers")),
        *_different("InitContainers", _names(before, "initContainers"), _names(after, "initContainers")),
        *_different("IpAddressType", _address(before).get("type"), _address(after).get("type")),
        *_different("IpAddressPorts", _ports(_address(before)), _ports(_address(after))),
        *_different("Diagnostics", before.get("diagnostics"), after.get("diagnostics")),
        *_different("DnsConfig", before.get("dnsConfig"), after.get("dnsConfig")),
        *_different("Sku", before.get("sku"), after.get("sku")),
        *_different("Priority", before.get("priority", "Regular"), after.get("priority", "Regular")),
        *_different("Zones", sorted(old.get("zones") or []), sorted(new.get("zones") or [])),
        *_different("Volumes", _volumes(before), _volumes(after)),
    ]
    live = {container["name"]: container for container in before.get("containers") or []}
    for container in after.get("containers") or []:
        if container["name"] in live:
            changes += _different(
                "Ports", _ports(live[container["name"]]["properties"]), _ports(container["properties"])
            )
    return changes


def _names(properties: Mapping[str, Any], kind: str) -> list[str]:
    return sorted(container["name"] for container in properties.get(kind) or [])


def _address(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    address: Mapping[str, Any] = properties.get("ipAddress") or {}
    return address


def _ports(holder: Mapping[str, Any]) -> list[str]:
    return sorted(f"{port['port']}/{port.get('protocol', 'TCP')}" for port in holder.get("ports") or [])


def _volumes(properties: Mapping[str, Any]) -> list[Any]:
    return sorted(properties.get("volumes") or [], key=lambda volume: str(volume["name"]))
