# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the first page shows: the emulator itself, all groups, the newest events, the faults in force."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..container_instance.api.groups import Groups
from ..container_instance.api.rendering import show
from ..container_instance.state.deployments import GROUPS
from ..runtime.supervisor import GroupView
from ..serving.controls import Controls
from ..serving.request_log import masked
from .redaction import Redactor, redactor
from .render import group_path

ROWS = 100
_EVENTS = 10


def overview(controls: Controls, groups: Groups, *, words: str, state: str, page: int) -> dict[str, Any]:
    """Returns the context of the page. ``words`` must stand in a group's id, ``state`` be its state."""
    rows = [_row(controls, groups, key, record) for key, record in controls.store.list(GROUPS)]
    chosen = [row for row in rows if words.lower() in row["id"].lower() and state in ("", row["state"])]
    pages = max(1, -(-len(chosen) // ROWS))
    page = min(max(page, 1), pages)
    events = [{**event, "group": row["name"], "href": row["href"]} for row in rows for event in row["events"]]
    events.sort(key=lambda event: str(event["lastTimestamp"]), reverse=True)
    return {
        "facts": _facts(controls),
        "groups": chosen[(page - 1) * ROWS : page * ROWS],
        "chosen": len(chosen),
        "total": len(rows),
        "states": sorted(Counter(row["state"] for row in rows).items()),
        "words": words,
        "state": state,
        "page": page,
        "pages": pages,
        "events": events[:_EVENTS],
        "faults": faults(controls),
    }


def faults(controls: Controls) -> list[dict[str, Any]]:
    """Returns the faults in force: number, kind, which requests, what happens, and how often it did."""
    hide = redactor(controls)
    return [_fault(hide.json(masked(fault.describe()))) for fault in controls.faults.all()]


def _fault(fault: dict[str, Any]) -> dict[str, Any]:
    general = ("id", "kind", "methods", "paths", "after", "times", "probability", "seed", "seen", "hits")
    details = {name: value for name, value in fault.items() if name not in general and value not in ("", {})}
    headers = details.pop("headers", {})
    effects = [
        f"{name}: {value:g}" if isinstance(value, float) else f"{name}: {value}" for name, value in details.items()
    ]
    limits = []
    if fault["after"]:
        limits.append(f"the first {fault['after']} pass")
    if fault["times"] is not None:
        limits.append(f"at most {fault['times']}")
    if fault["probability"] < 1:
        limits.append(f"with probability {fault['probability']:g} (seed {fault['seed']})")
    return {
        **fault,
        "effects": [*effects, *(f"{name}: {value}" for name, value in headers.items())],
        "limits": ", ".join(limits) or "every one",
    }


def _facts(controls: Controls) -> list[tuple[str, str]]:
    settings, clock = controls.settings, controls.clock
    pace = "frozen" if clock.frozen else f"{clock.speed:g} s a second"
    facts = [
        ("Address", settings.base_url),
        ("Proxy to the containers", settings.proxy_url),
        ("Runtime", controls.supervisor.runtime.describe()),
        ("Clock", f"{clock.now():%Y-%m-%d %H:%M:%S} UTC, {pace}"),
        ("Process", str(os.getpid())),
    ]
    if settings.switches:
        facts.append(("Choices", ", ".join(f"{name} {value}" for name, value in sorted(settings.switches.items()))))
    return [(name, value) for name, value in facts if value]


def _row(controls: Controls, groups: Groups, key: str, record: Mapping[str, Any]) -> dict[str, Any]:
    view = groups.deployments.view(key, record)
    shown = show(record, None)["properties"]
    address = shown.get("ipAddress") or {}
    segments = str(record["id"]).strip("/").split("/")
    subscription = controls.directory.subscription(segments[1])
    hide = redactor(controls, record)
    views = [each for each in view.containers.values() if each is not None]
    events = sorted(_events(view, hide), key=lambda event: str(event["lastTimestamp"]), reverse=True)
    return {
        "id": record["id"],
        "href": group_path(record),
        "name": record["name"],
        "resource_group": segments[3],
        "subscription": subscription.name if subscription is not None else segments[1],
        "location": record["location"],
        "state": view.state,
        "provisioning": record["provisioningState"],
        "running": sum(each["currentState"]["state"] == "Running" for each in views),
        "containers": len(view.containers),
        "restarts": sum(each["restartCount"] for each in views),
        "ip": address.get("ip", ""),
        "fqdn": address.get("fqdn", ""),
        "ports": ", ".join(str(port["port"]) for port in address.get("ports") or []),
        "events": events,
    }


def _events(view: GroupView, hide: Redactor) -> list[dict[str, Any]]:
    found = [{**hide.json(event), "container": ""} for event in view.events]
    for name, each in [*view.init_containers.items(), *view.containers.items()]:
        found += [{**hide.json(event), "container": name} for event in (each or {}).get("events", [])]
    return found
