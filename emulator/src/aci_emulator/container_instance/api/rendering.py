# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts stored container groups to responses. Pure.

A stored group is `{"id", "name", "location", "properties", "provisioningState"}` and, if it has them, `"tags"`,
`"zones"`, `"identity"`, `"ip"`, `"fqdn"`; its properties are the definition as it was sent, including secrets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...runtime.supervisor import GroupView
from ..definition import models
from ..state import operations

TYPE = "Microsoft.ContainerInstance/containerGroups"
PROVISIONING_TIMEOUT = 1800


def show(record: Mapping[str, Any], view: GroupView | None, *, fill_protocol: bool = False) -> dict[str, Any]:
    """The body of a response, in the recorded order of keys; without instance views if there is no view (lists)."""
    properties = dict(record["properties"])
    properties["isCreatedFromStandbyPool"] = bool(record.get("fromStandbyPool", False))
    properties["provisioningState"] = record["provisioningState"]
    properties["provisioningTimeoutInSeconds"] = PROVISIONING_TIMEOUT
    properties["isCustomProvisioningTimeout"] = False
    address = _address(record, properties.get("ipAddress"), fill_protocol=fill_protocol)
    if address is None:
        properties.pop("ipAddress", None)
    else:
        properties["ipAddress"] = address
    if view is not None:
        properties["instanceView"] = {"events": view.events, "state": view.state}
        properties["containers"] = _with_views(properties.get("containers") or [], view.containers)
        properties["initContainers"] = _with_views(properties["initContainers"], view.init_containers)
    whole = {
        "properties": properties,
        "identity": record.get("identity"),
        "orchestratorId": record.get("orchestratorId"),
        "zones": record.get("zones"),
        "id": record["id"],
        "name": record["name"],
        "type": TYPE,
        "location": record["location"],
        "tags": record.get("tags"),
    }
    answer: dict[str, Any] = models.GROUP.write({key: value for key, value in whole.items() if value is not None})
    return answer


def without_events(shown: dict[str, Any]) -> dict[str, Any]:
    """The body with no events of containers, as recorded in the answer to an update that does not restart them."""
    properties = shown["properties"]
    for kind in ("containers", "initContainers"):
        for container in properties[kind]:
            if "instanceView" in container["properties"]:
                container["properties"]["instanceView"].pop("events", None)
    return shown


def generic(record: Mapping[str, Any]) -> dict[str, Any]:
    """The group as Resource Manager lists it among all resources."""
    resource = {"id": record["id"], "name": record["name"], "type": TYPE, "location": record["location"]}
    for key in ("identity", "zones", "tags"):
        if record.get(key) is not None:
            resource[key] = record[key]
    if record.get("created"):
        resource["createdTime"] = record["created"]  # shown on request ($expand)
    return resource


def _address(
    record: Mapping[str, Any], address: Mapping[str, Any] | None, *, fill_protocol: bool
) -> dict[str, Any] | None:
    """The address: of a private group nothing before it has one, of a public one all but the ip (recorded in 2021)."""
    if address is None:
        return None
    shown = dict(address)
    shown.pop("ip", None)
    if record.get("ip"):
        if record["provisioningState"] != operations.REPAIRING:  # recorded in 2021: no ip meanwhile
            shown["ip"] = record["ip"]
    elif address.get("type") == "Private":
        return None
    if record.get("fqdn"):
        shown["fqdn"] = record["fqdn"]
    if fill_protocol:
        shown["ports"] = [{"protocol": "TCP", **port} for port in address["ports"]]
    return shown


def _with_views(
    containers: list[dict[str, Any]], views: Mapping[str, Mapping[str, Any] | None]
) -> list[dict[str, Any]]:
    shown = []
    for container in containers:
        view = views.get(container["name"])
        if view is not None:
            container = {**container, "properties": {**container["properties"], "instanceView": dict(view)}}
        shown.append(container)
    return shown
