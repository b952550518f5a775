# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The content of the pages of a container group and of a log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..container_instance.api.groups import Groups
from ..container_instance.api.logs import last_lines
from ..container_instance.api.rendering import show
from ..container_instance.state.deployments import INACTIVE
from ..serving.controls import Controls
from ..serving.request_log import masked
from .changes import SHELL
from .filters import plain, stamp
from .overview import trouble_of
from .redaction import Redactor, redactor
from .render import group_path
from .requests import about

LINES = (100, 1000)
_LOG_CHARACTERS = 256 * 1024


def group_page(
    controls: Controls, groups: Groups, key: str, record: Mapping[str, Any], *, lines: int
) -> dict[str, Any]:
    """Returns the context of the page. ``lines`` is the maximum number of lines of each log."""
    view = groups.deployments.view(key, record)
    hide = redactor(controls, record)
    definition = hide.json(masked(show(record, None)))
    properties = record["properties"]
    containers = []
    for kind, views in (("initContainers", view.init_containers), ("containers", view.containers)):
        for container in properties.get(kind) or []:
            name = container["name"]
            log = groups.deployments.logs(key, record, name, timestamps=True)
            shown = _container(container, hide.json(views.get(name)), hide, init=kind == "initContainers")
            shown["log"], shown["log_cut"] = _tail(log, lines, hide)
            containers.append(shown)
    return {
        "name": record["name"],
        "state": view.state,
        "trouble": trouble_of(groups.deployments.glance(key), hide),
        "inactive": view.state in INACTIVE,
        "href": group_path(record),
        "shell": SHELL,
        "provisioning": record["provisioningState"],
        "failure": hide.text(f"{view.code}: {view.message}") if view.code else "",
        "facts": _facts(controls, record, definition),
        "containers": containers,
        "events": hide.json(view.events),
        "definition": json.dumps(definition, indent=2, ensure_ascii=False),
        "requests": about(controls, str(record["id"])),
        "id": record["id"],
        "lines": lines,
        "more": LINES[-1] if lines < LINES[-1] else None,
    }


def log_page(
    controls: Controls, groups: Groups, key: str, record: Mapping[str, Any], container: str, *, lines: int
) -> dict[str, Any] | None:
    """Returns the context of the page of a container's log; None if the group does not have the container."""
    properties = record["properties"]
    each = [*(properties.get("initContainers") or []), *(properties.get("containers") or [])]
    if container not in [one["name"] for one in each]:
        return None
    log = groups.deployments.logs(key, record, container, timestamps=True)
    text, cut = _tail(log, lines, redactor(controls, record))
    return {"name": record["name"], "href": group_path(record), "container": container, "log": text, "log_cut": cut}


def _facts(controls: Controls, record: Mapping[str, Any], definition: Mapping[str, Any]) -> list[tuple[str, str]]:
    segments = str(record["id"]).strip("/").split("/")
    subscription = controls.directory.subscription(segments[1])
    properties = definition["properties"]
    address = properties.get("ipAddress") or {}
    ports = [f"{port['port']}/{port.get('protocol', 'TCP')}" for port in address.get("ports") or []]
    facts = [
        ("Subscription", f"{subscription.name} ({subscription.id})" if subscription is not None else segments[1]),
        ("Resource group", segments[3]),
        ("Location", str(record["location"])),
        ("Zones", ", ".join(record.get("zones") or [])),
        ("Created", stamp(str(record.get("created", "")))),
        ("Provisioning state", str(record["provisioningState"])),
        ("Operating system", str(properties.get("osType", ""))),
        ("SKU", str(properties.get("sku", ""))),
        ("Priority", str(properties.get("priority", ""))),
        ("Restart policy", str(properties.get("restartPolicy") or "")),
        ("Address", " ".join(each for each in (address.get("ip", ""), address.get("fqdn", "")) if each)),
        ("Ports", ", ".join(ports)),
        ("Identity", str((record.get("identity") or {}).get("type", ""))),
        ("Tags", ", ".join(f"{name}={value}" for name, value in (definition.get("tags") or {}).items())),
        ("ID", str(record["id"])),
    ]
    return [(name, value) for name, value in facts if value]


def _container(
    container: Mapping[str, Any], view: Mapping[str, Any] | None, hide: Redactor, *, init: bool
) -> dict[str, Any]:
    properties = hide.json(masked(container["properties"]))
    current = (view or {}).get("currentState")
    states = [("Current", current), ("Previous", (view or {}).get("previousState"))]
    return {
        "name": container["name"],
        "init": init,
        "current": current,
        "states": [(name, state) for name, state in states if state is not None],
        "restarts": (view or {}).get("restartCount"),
        "events": (view or {}).get("events", []),
        "facts": [(name, value) for name, value in _container_facts(properties) if value],
        "variables": [_variable(each) for each in properties.get("environmentVariables") or []],
    }


def _container_facts(properties: Mapping[str, Any]) -> list[tuple[str, str]]:
    command = properties.get("command")
    mounts = [
        f"{mount.get('name', '')} at {mount.get('mountPath', '')}" + (" (read-only)" if mount.get("readOnly") else "")
        for mount in properties.get("volumeMounts") or []
    ]
    return [
        ("Image", str(properties.get("image") or "")),
        ("Command", json.dumps(command, ensure_ascii=False) if command else ""),
        ("Requests", _resources((properties.get("resources") or {}).get("requests") or {})),
        ("Limits", _resources((properties.get("resources") or {}).get("limits") or {})),
        ("Ports", ", ".join(f"{port['port']}/{port.get('protocol', 'TCP')}" for port in properties.get("ports") or [])),
        ("Mounts", ", ".join(mounts)),
        ("Liveness probe", _probe(properties.get("livenessProbe"))),
        ("Readiness probe", _probe(properties.get("readinessProbe"))),
    ]


def _resources(resources: Mapping[str, Any]) -> str:
    parts = [f"{resources['cpu']:g} CPU" if "cpu" in resources else ""]
    parts.append(f"{resources['memoryInGB']:g} GB" if "memoryInGB" in resources else "")
    gpu = resources.get("gpu") or {}
    parts.append(f"{gpu.get('count', '')} GPU {gpu.get('sku', '')}".strip() if gpu else "")
    return ", ".join(part for part in parts if part)


def _probe(probe: Mapping[str, Any] | None) -> str:
    return json.dumps(probe, ensure_ascii=False) if probe else ""


def _variable(variable: Mapping[str, Any]) -> dict[str, str]:
    kind = "plain"
    if "secureValue" in variable:
        kind = "secure"
    elif "secureValueReference" in variable:
        kind = "reference"
    value = variable.get("secureValue") or variable.get("secureValueReference") or variable.get("value") or ""
    return {"name": str(variable.get("name", "")), "value": str(value), "kind": kind}


def _tail(log: str | None, lines: int, hide: Redactor) -> tuple[str | None, bool]:
    """The end of a log, None if there is no log; and whether its beginning was cut off."""
    if log is None:
        return None, False
    # Once before the cut, which could leave half a secret, and once after the removal of escape sequences, which could
    # have split one.
    text = last_lines(hide.text(log), lines)
    text, cut = text[-_LOG_CHARACTERS:], len(text) > _LOG_CHARACTERS
    return hide.text(plain(text)), cut or log.count("\n") > lines
