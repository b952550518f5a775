# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Pure: the shapes of responses, as far as the collection relies on them.

A shape is a type (``str``, ``float`` for any number, ``int``, ``bool``, ``dict`` for any object), a dictionary of
shapes, or a list with the shape of its items. Keys that a shape does not list may have any value, and any key may be
missing or null.
"""

from __future__ import annotations

from typing import Any

LARGEST = 2**63
"""Numbers of this magnitude or more are not valid in a response."""

_NAMES = {str: "a string", float: "a number", int: "a whole number", bool: "true or false"}

_EVENTS = [{"name": str, "message": str, "type": str, "count": int, "firstTimestamp": str, "lastTimestamp": str}]
_STATE = {"state": str, "startTime": str, "finishTime": str, "exitCode": int, "detailStatus": str}
_VIEW = {"restartCount": int, "currentState": _STATE, "previousState": _STATE, "events": _EVENTS}
_PORTS = [{"port": int, "protocol": str}]
_RESOURCES = {"cpu": float, "memoryInGB": float, "gpu": {"count": int, "sku": str}}
_PROBE = {
    "exec": {"command": [str]},
    "httpGet": {"path": str, "port": int, "scheme": str, "httpHeaders": [{"name": str, "value": str}]},
    "initialDelaySeconds": int,
    "periodSeconds": int,
    "failureThreshold": int,
    "successThreshold": int,
    "timeoutSeconds": int,
}
_CONTAINER = {
    "name": str,
    "properties": {
        "image": str,
        "command": [str],
        "ports": _PORTS,
        "environmentVariables": [{"name": str, "value": str, "secureValue": str}],
        "resources": {"requests": _RESOURCES, "limits": _RESOURCES},
        "volumeMounts": [{"name": str, "mountPath": str, "readOnly": bool}],
        "livenessProbe": _PROBE,
        "readinessProbe": _PROBE,
        "securityContext": {"capabilities": {"add": [str], "drop": [str]}},
        "instanceView": _VIEW,
    },
}

CONTAINER_GROUP = {
    "id": str,
    "name": str,
    "type": str,
    "location": str,
    "tags": {"": str},
    "zones": [str],
    "identity": {"type": str, "principalId": str, "tenantId": str, "userAssignedIdentities": {"": dict}},
    "properties": {
        "provisioningState": str,
        "osType": str,
        "restartPolicy": str,
        "sku": str,
        "priority": str,
        "containers": [_CONTAINER],
        "initContainers": [_CONTAINER],
        "ipAddress": {"type": str, "ip": str, "fqdn": str, "dnsNameLabel": str, "ports": _PORTS},
        "volumes": [{"name": str, "azureFile": dict, "gitRepo": dict, "secret": dict, "emptyDir": dict}],
        "subnetIds": [{"id": str, "name": str}],
        "imageRegistryCredentials": [{"server": str, "username": str, "identity": str}],
        "dnsConfig": {"nameServers": [str], "searchDomains": str, "options": str},
        "diagnostics": {"logAnalytics": {"workspaceId": str, "logType": str, "metadata": {"": str}}},
        "extensions": [{"name": str, "properties": {"extensionType": str, "version": str}}],
        "instanceView": {"state": str, "events": _EVENTS},
    },
}
"""A container group; the key ``""`` stands for every key of an object."""

RESOURCE = {"id": str, "name": str, "type": str, "location": str, "tags": {"": str}, "properties": dict}
"""Any other resource."""

LIST = {"value": [dict], "nextLink": str}


def kind_of(value: Any) -> str:
    """The type of a JSON value, in words."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return _NAMES.get(type(value), "something else")


def misfit(value: Any, shape: Any, path: str = "") -> str | None:
    """What does not fit the shape, such as ``properties.containers is a string instead of a list``, or None."""
    if value is None:
        return None
    if isinstance(shape, list):
        if not isinstance(value, list):
            return f"{path} is {kind_of(value)} instead of a list"
        return next((found for item in value if (found := _item(item, shape[0], f"{path}[]"))), None)
    if shape is not dict and not isinstance(shape, dict):
        return _leaf(value, shape, path)
    if not isinstance(value, dict):
        return f"{path or 'the answer'} is {kind_of(value)} instead of an object"
    return _members(value, shape, path) if isinstance(shape, dict) else None


def _item(value: Any, shape: Any, path: str) -> str | None:
    """The same for an item of a list, where null is not the same as missing."""
    return f"{path} is null" if value is None else misfit(value, shape, path)


def _members(value: dict[str, Any], shape: dict[str, Any], path: str) -> str | None:
    begin = f"{path}." if path else ""
    for name, inner in shape.items():
        for key in value if name == "" else (name,):
            item = value.get(key)
            if item is None or (inner is str and isinstance(item, str)):
                continue  # most of an answer
            found = misfit(item, inner, f"{begin}*" if name == "" else f"{begin}{key}")
            if found:
                return found
    return None


def _leaf(value: Any, shape: type, path: str) -> str | None:
    if shape in (int, float):
        fits = isinstance(value, (int, float)) and not isinstance(value, bool)
        if fits and abs(value) >= LARGEST:
            return f"{path} is a number outside the valid range"
        fits = fits and (shape is float or value == int(value))
    else:
        fits = isinstance(value, shape)
    return None if fits else f"{path} is {kind_of(value)} instead of {_NAMES[shape]}"
