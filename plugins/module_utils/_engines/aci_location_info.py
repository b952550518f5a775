# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_location_info module: reports what regions offer, and whether they can run a group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._azure.client import Client
from .._common.errors import InvalidArguments
from .._common.similar import most_similar
from .._common.workers import Workers, checked_workers
from .._group.availability import Needs, offered, shortcomings, zones_of
from .._group.names import place
from .._module import Context, ModuleSpec

ArmJson = dict[str, Any]


def run(context: Context) -> dict[str, Any]:
    """What the requested regions offer. Raises AciError."""
    params = context.params
    needs = _needs(params)
    workers = Workers(checked_workers(params["workers"]), context.retries)
    kind = context.client.locations.container_group_type()
    wanted = params["locations"]
    if wanted is None:
        wanted = sorted(place(each) for each in kind.get("locations") or [])
    client = context.client.without_retries()
    names = list(dict.fromkeys(place(each) for each in wanted))
    found = workers.map(lambda name: _location(client, workers, name, kind, needs, params["gather"]), names)
    return {
        "changed": False,
        "locations": found,
        "available_locations": [each["name"] for each in found if each["available"]],
    }


def _location(
    client: Client, workers: Workers, name: str, kind: ArmJson, needs: Needs, gather: list[str]
) -> dict[str, Any]:
    """One region. Reads even what the task does not gather if the verdict depends on it."""
    result: dict[str, Any] = {"name": name, "available": False, "reasons": [], "zones": zones_of(kind, name) or []}
    if not offered(kind, name):
        near = most_similar(name, sorted(place(each) for each in kind.get("locations") or []))
        meant = "" if near is None else f" Did you mean {near}?"
        return {**result, "reasons": [f"There are no container groups in this region.{meant}"]}

    def read(method: Callable[[str], list[ArmJson]]) -> list[ArmJson]:
        return workers.request(lambda: method(name))

    usages, capabilities = read(client.locations.usage), read(client.locations.capabilities)
    if "usages" in gather:
        result["usages"] = [_usage(each) for each in usages]
    if "capabilities" in gather:
        result["capabilities"] = [_capability(each) for each in capabilities]
    if "cached_images" in gather:
        images = read(client.locations.cached_images)
        result["cached_images"] = [{"os_type": each.get("osType"), "image": each.get("image")} for each in images]
    reasons = shortcomings(needs, usages, capabilities, zones_of(kind, name))
    return {**result, "available": not reasons, "reasons": reasons}


def _usage(wire: ArmJson) -> dict[str, Any]:
    limit, current = wire.get("limit") or 0, wire.get("currentValue") or 0
    return {
        "name": (wire.get("name") or {}).get("value"),
        "current": current,
        "limit": limit,
        "left": max(0, limit - current),
        "unit": wire.get("unit"),
    }


def _capability(wire: ArmJson) -> dict[str, Any]:
    sizes = wire.get("capabilities") or {}
    return {
        "os_type": wire.get("osType"),
        "ip_address_type": wire.get("ipAddressType"),
        "gpu": wire.get("gpu"),
        "max_cpu": sizes.get("maxCpu"),
        "max_memory_in_gb": sizes.get("maxMemoryInGB"),
        "max_gpu_count": sizes.get("maxGpuCount"),
    }


def _needs(params: dict[str, Any]) -> Needs:
    """The needs that the options describe. Raises InvalidArguments."""
    for name in ("cpu", "memory_in_gb"):
        if params[name] is not None and not 0 < params[name] < float("inf"):
            raise InvalidArguments(f"{name} must be a number greater than 0.")
    if params["groups"] < 1:
        raise InvalidArguments("groups must be 1 or more.")
    gpu = params["gpu"] or {}
    if gpu and gpu["count"] < 1:
        raise InvalidArguments("gpu: count must be 1 or more.")
    return Needs(
        cpu=params["cpu"],
        memory_in_gb=params["memory_in_gb"],
        gpu_sku=str(gpu.get("sku") or ""),
        gpu_count=int(gpu.get("count") or 0),
        sku=params["sku"],
        priority=params["priority"],
        os_type=params["os_type"] or "",
        ip_address_type=params["ip_address_type"] or "",
        zone=str(params["zone"] or ""),
        groups=params["groups"],
    )


SPEC = ModuleSpec(
    name="aci_location_info",
    arguments={
        "locations": {"type": "list", "elements": "str", "aliases": ["location"]},
        "gather": {
            "type": "list",
            "elements": "str",
            "choices": ["usages", "capabilities", "cached_images"],
            "default": ["usages", "capabilities", "cached_images"],
        },
        "cpu": {"type": "float"},
        "memory_in_gb": {"type": "float"},
        "gpu": {
            "type": "dict",
            "options": {"sku": {"type": "str", "required": True}, "count": {"type": "int", "default": 1}},
        },
        "sku": {"type": "str", "choices": ["Standard", "Dedicated", "Confidential"], "default": "Standard"},
        "priority": {"type": "str", "choices": ["Regular", "Spot"], "default": "Regular"},
        "os_type": {"type": "str", "choices": ["Linux", "Windows"]},
        "ip_address_type": {"type": "str", "choices": ["Public", "Private"]},
        "zone": {"type": "str"},
        "groups": {"type": "int", "default": 1},
        "workers": {"type": "int", "default": 16},
    },
    run=run,
)
