# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The content of the resources page: the resources that container groups depend on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..container_instance import ContainerInstance
from ..core import switches
from ..network.network import Network
from ..serving.controls import Controls
from ..serving.request_log import masked
from .redaction import Redactor, redactor

ROWS = 100


def resources_page(
    controls: Controls, container_instance: ContainerInstance, network: Network, *, words: str
) -> dict[str, Any]:
    """Returns the context of the page: the resources whose ID contains ``words``. Of each type, it has the first
    hundred, and the number of all."""
    keys = list(container_instance.groups.deployments.glances())
    counts = Counter(key.partition("/providers/")[0] for key in keys)
    hide = redactor(controls)

    def shown(
        items: Iterable[Mapping[str, Any]], row: Callable[[Mapping[str, Any]], dict[str, Any]], *, name: str = "id"
    ) -> dict[str, Any]:
        found = [item for item in items if words.lower() in str(item.get(name, "")).lower()]
        return {"rows": [_place(item, row(item), controls, hide) for item in found[:ROWS]], "count": len(found)}

    pools = Counter(container_instance.groups.deployments.pools.values())
    return {
        "words": words,
        "most": ROWS,
        "resource_groups": shown(
            controls.resource_manager.all_groups(),
            lambda each: {"state": each["state"], "groups": counts[str(each["id"]).lower()]},
        ),
        "profiles": shown(container_instance.profiles.all(), _profile),
        "pools": shown(
            [{"id": pool} for pool in sorted(pools)],
            lambda each: {"groups": pools[each["id"]]},
        ),
        "pool_switch": switches.position(controls.settings.switches, "standby-pool"),
        "networks": shown(network.all_networks(), lambda each: _network(each, network)),
        "network_profiles": shown(network.all_profiles(), _network_profile),
        "locks": shown(controls.locks.all(), _lock),
        "policies": shown(controls.policies.describe(), lambda each: _policy(each, hide), name="name"),
    }


def _place(item: Mapping[str, Any], row: dict[str, Any], controls: Controls, hide: Redactor) -> dict[str, Any]:
    """Adds a resource's name and location to its row, without secrets."""
    segments = str(item.get("id", "")).strip("/").split("/")
    named = dict(zip((each.lower() for each in segments[::2]), segments[1::2], strict=False))
    subscription = controls.directory.subscription(named.get("subscriptions", ""))
    place = {
        "id": str(item.get("id", "")),
        "name": str(item.get("name") or segments[-1]),
        "resource_group": named.get("resourcegroups", ""),
        "subscription": subscription.name if subscription is not None else named.get("subscriptions", ""),
        "location": str(item.get("location") or ""),
        "tags": ", ".join(f"{name}={value}" for name, value in masked(item.get("tags") or {}).items()),
    }
    shown: dict[str, Any] = hide.json({**place, **row})
    return shown


def _profile(profile: Mapping[str, Any]) -> dict[str, Any]:
    properties = profile["properties"]
    images = [
        f"{each['name']}: {each['properties'].get('image', '')}" for each in masked(properties.get("containers") or [])
    ]
    return {
        "revision": properties.get("revision"),
        "sku": properties.get("sku", ""),
        "os": properties.get("osType", ""),
        "images": images,
    }


def _network(virtual_network: Mapping[str, Any], network: Network) -> dict[str, Any]:
    properties = virtual_network["properties"]
    subnets = []
    for subnet in properties["subnets"]:
        inside = subnet["properties"]
        prefixes = inside.get("addressPrefixes") or [inside.get("addressPrefix", "")]
        subnets.append(
            {
                "name": subnet["name"],
                "prefix": ", ".join(str(each) for each in prefixes),
                "delegations": ", ".join(
                    str(each["properties"].get("serviceName", "")) for each in inside.get("delegations") or []
                ),
                "groups": len(network.users(subnet["id"])),
            }
        )
    spaces = (properties.get("addressSpace") or {}).get("addressPrefixes") or []
    return {"spaces": ", ".join(str(each) for each in spaces), "subnets": subnets}


def _network_profile(profile: Mapping[str, Any]) -> dict[str, Any]:
    interfaces = profile["properties"].get("containerNetworkInterfaceConfigurations") or []
    return {"interfaces": len(interfaces)}


def _lock(lock: Mapping[str, Any]) -> dict[str, Any]:
    scope = str(lock["id"])
    return {
        "level": lock["properties"]["level"],
        "notes": lock["properties"].get("notes", ""),
        "scope": scope[: scope.lower().rindex("/providers/microsoft.authorization/locks/")],
    }


def _policy(policy: Mapping[str, Any], hide: Redactor) -> dict[str, Any]:
    then = policy["policyRule"]["then"]
    rule = json.dumps(hide.json(masked(policy)), indent=2, ensure_ascii=False)
    return {
        "name": str(policy.get("name") or "without a name"),
        "effect": str(then.get("effect", "")),
        "scope": str(policy.get("scope") or "everything"),
        "rule": rule,
    }
