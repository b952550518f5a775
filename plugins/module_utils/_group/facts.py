# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""What the modules return about a container group. Pure; it never contains a secret."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping
from typing import Any

from .._common.masking import MASK, shown, without_credentials
from .._common.telling_names import says_secret
from .names import FINGERPRINT_TAG
from .schema import Kind, walk
from .wire import get_path

_NAMED = [(prop.wire.rpartition(".")[2], prop.kind, prop.secret) for _path, prop in walk()]
_SECRET_MAPS = frozenset(name for name, kind, secret in _NAMED if secret and kind is Kind.MAP)
_SECRET_NAMES = frozenset(name for name, kind, secret in _NAMED if secret and kind is not Kind.MAP)
_KEYED = frozenset(name for name, kind, secret in _NAMED if not secret and kind is Kind.KEYS)
_FREE_MAPS = frozenset(name for name, kind, secret in _NAMED if not secret and kind in (Kind.MAP, Kind.FREE)) | {"tags"}
_GROUP_ID = re.compile(r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)/", re.IGNORECASE)


@functools.cache
def snake_case(name: str) -> str:
    """The option name for a wire name: ``memory_in_gb`` for ``memoryInGB``, ``dns_name_label`` for ``dnsNameLabel``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@functools.lru_cache(maxsize=4096)
def _secret_by_name(name: str) -> bool:
    return name in _SECRET_NAMES or name in _SECRET_MAPS or says_secret(name)


def snake_cased(value: Any) -> Any:
    """A JSON value with all names in snake case, except keys chosen by users, and without secrets.

    The service returns no secrets. They are removed nevertheless, because an emulator or a proxy might return them.
    """
    if isinstance(value, str):
        return without_credentials(value)
    if isinstance(value, list):
        return [snake_cased(item) for item in value]
    if not isinstance(value, (dict, Mapping)):
        return shown(value)
    result: dict[str, Any] = {}
    for name, item in value.items():
        if _secret_by_name(name) or isinstance(item, (dict, Mapping)):
            _add(result, name, item)
        else:
            result[snake_case(name)] = snake_cased(item)
    return result


def _add(result: dict[str, Any], name: str, item: Any) -> None:
    """Add an item to what has names in snake case, by what its name says of it."""
    if name in _SECRET_NAMES:
        return
    if name in _SECRET_MAPS and isinstance(item, Mapping):
        result[snake_case(name)] = {}
    elif name == "properties" and isinstance(item, Mapping):
        result.update(snake_cased(item))
    elif name in _KEYED and isinstance(item, Mapping):
        result[snake_case(name)] = {key: snake_cased(entry) for key, entry in item.items()}
    elif name in _FREE_MAPS and isinstance(item, Mapping):
        result[snake_case(name)] = shown(item)
    elif says_secret(name):
        result[snake_case(name)] = item if item is None or isinstance(item, bool) else MASK
    else:
        result[snake_case(name)] = snake_cased(item)


def resource_group_of(resource_id: str | None) -> str | None:
    """The name of the resource group in a resource ID."""
    match = _GROUP_ID.search(resource_id or "")
    return match["group"] if match else None


def orchestrator_of(wire: Mapping[str, Any]) -> str | None:
    """The resource ID of the NGroup that created a container group, None for an independent group.

    The documentation says that the group's JSON contains it, but not at which level.
    """
    found = wire.get("orchestratorId") or get_path(wire, "properties.orchestratorId")
    return str(shown(str(found))) if found else None


def group_facts(wire: Mapping[str, Any], fields: Collection[str] | None = None) -> dict[str, Any]:
    """A container group as the modules return it.

    These are all properties of the wire form in snake case, with those below ``properties`` moved up. In addition there
    are ``resource_group``, ``subscription_id``, ``state`` (from the instance view; None for lists, which have none),
    ``events``, ``ip``, ``fqdn`` and ``orchestrator_id``. Each container has its ``instance_view`` if the service
    returned one. With ``fields``, only these are returned, as None if the group does not have them.
    """
    facts: dict[str, Any] = snake_cased(wire if fields is None else _with_only(wire, fields))
    match = _GROUP_ID.search(str(wire.get("id") or ""))
    facts["resource_group"] = match["group"] if match else None
    facts["subscription_id"] = match["subscription"] if match else None
    facts.pop("instance_view", None)
    facts["state"] = get_path(wire, "properties.instanceView.state")
    facts["events"] = snake_cased(get_path(wire, "properties.instanceView.events") or [])
    facts["ip"] = get_path(wire, "properties.ipAddress.ip")
    facts["fqdn"] = get_path(wire, "properties.ipAddress.fqdn")
    facts["orchestrator_id"] = orchestrator_of(wire)
    facts["tags"] = {name: shown(value) for name, value in (wire.get("tags") or {}).items() if name != FINGERPRINT_TAG}
    facts.setdefault("provisioning_state", None)
    facts.setdefault("restart_policy", "Always")  # the service's default
    facts.setdefault("containers", [])
    facts.setdefault("init_containers", [])
    return facts if fields is None else {name: facts.get(name) for name in fields}


def _with_only(wire: Mapping[str, Any], fields: Collection[str]) -> dict[str, Any]:
    """A group reduced to the properties that the fields need."""
    kept = {name: value for name, value in wire.items() if snake_case(name) in fields}
    properties = wire.get("properties")
    if isinstance(properties, Mapping):
        kept["properties"] = {name: value for name, value in properties.items() if snake_case(name) in fields}
    return kept


def resource_group_facts(wire: Mapping[str, Any]) -> dict[str, Any]:
    """A resource group as the modules return it."""
    resource_id = str(wire.get("id") or "")
    parts = resource_id.split("/")
    return {
        "id": resource_id,
        "name": wire.get("name"),
        "subscription_id": parts[2] if len(parts) > 2 else None,
        "location": wire.get("location"),
        "tags": shown(wire.get("tags") or {}),
        "managed_by": wire.get("managedBy"),
        "provisioning_state": get_path(wire, "properties.provisioningState"),
    }
