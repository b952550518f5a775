# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The content of the first page: the emulator itself, problems, groups, and the newest events.

There may be thousands of groups. For each, only a summary is read; records are read, and views created, only for those
on the page.
"""

from __future__ import annotations

import heapq
import os
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ..container_instance.api.groups import Groups
from ..container_instance.state.deployments import GROUPS
from ..container_instance.state.operations import REPAIRING
from ..runtime.glance import Glance
from ..runtime.supervisor import GroupView
from ..serving.controls import Controls
from .redaction import Redactor, redactor
from .render import group_path

ROWS = 100
TROUBLE = "trouble"
_TROUBLES = 10
_EVENTS = 10


def overview(controls: Controls, groups: Groups, *, words: str, state: str, page: int) -> dict[str, Any]:
    """Returns the context of the page, with the groups whose ID contains ``words`` and whose state is ``state``, or
    that have a problem if ``state`` is ``trouble``."""
    glances = groups.deployments.glances()
    wanted = words.lower()
    chosen = [key for key, glance in glances.items() if wanted in key and _is(glance, state)]
    troubled = [key for key, glance in glances.items() if glance.trouble is not None]
    pages = max(1, -(-len(chosen) // ROWS))
    page = min(max(page, 1), pages)
    return {
        "facts": _facts(controls),
        "variables": env_line(controls),
        "groups": _rows(controls, glances, chosen[(page - 1) * ROWS : page * ROWS]),
        "troubles": _rows(controls, glances, troubled[:_TROUBLES]),
        "troubled": len(troubled),
        "chosen": len(chosen),
        "total": len(glances),
        "states": sorted(Counter(glance.state for glance in glances.values()).items()),
        "words": words,
        "state": state,
        "page": page,
        "pages": pages,
        "events": _newest_events(controls, groups, glances),
        "faults": len(controls.faults.all()),
    }


def env_line(controls: Controls) -> str:
    """Returns the line that points a shell at this emulator."""
    return f'eval "$(aci-emulator env --state-dir {shlex.quote(str(controls.settings.state_dir))})"'


def trouble_of(glance: Glance, hide: Redactor) -> dict[str, str] | None:
    """Returns a group's problem: ``reason``, ``text``, ``container``."""
    trouble = glance.trouble
    if trouble is None:
        return None
    return {"reason": hide.text(trouble.reason), "text": hide.text(trouble.text), "container": trouble.container}


def clock_line(controls: Controls) -> str:
    """Returns the clock's time and speed."""
    clock = controls.clock
    pace = "frozen" if clock.frozen else f"{clock.speed:g} s a second"
    return f"{clock.now():%Y-%m-%d %H:%M:%S} UTC, {pace}"


def _is(glance: Glance, state: str) -> bool:
    return state in ("", glance.state) or (state == TROUBLE and glance.trouble is not None)


def _facts(controls: Controls) -> list[tuple[str, str]]:
    settings = controls.settings
    facts = [
        ("Address", settings.base_url),
        ("Proxy to the containers", settings.proxy_url),
        ("Runtime", controls.supervisor.runtime.describe()),
        ("Clock", clock_line(controls)),
        ("Process", str(os.getpid())),
    ]
    if settings.switches:
        facts.append(("Choices", ", ".join(f"{name} {value}" for name, value in sorted(settings.switches.items()))))
    return [(name, value) for name, value in facts if value]


def _rows(controls: Controls, glances: Mapping[str, Glance], keys: Iterable[str]) -> list[dict[str, Any]]:
    found = ((key, controls.store.get(GROUPS, key)) for key in keys)
    return [_row(controls, glances[key], record) for key, record in found if record is not None]


def _row(controls: Controls, glance: Glance, record: Mapping[str, Any]) -> dict[str, Any]:
    segments = str(record["id"]).strip("/").split("/")
    subscription = controls.directory.subscription(segments[1])
    address = record["properties"].get("ipAddress") or {}
    ports = [str(port["port"]) for port in address.get("ports") or []]
    return {
        "href": group_path(record),
        "name": record["name"],
        "resource_group": segments[3],
        "subscription": subscription.name if subscription is not None else segments[1],
        "location": record["location"],
        "state": glance.state,
        "provisioning": record["provisioningState"],
        "trouble": trouble_of(glance, redactor(controls, record)) if glance.trouble is not None else None,
        "running": glance.running,
        "containers": glance.containers,
        "restarts": glance.restarts,
        "ip": record.get("ip", "") if record["provisioningState"] != REPAIRING else "",
        "fqdn": record.get("fqdn", ""),
        "ports": ", ".join(ports),
    }


def _newest_events(controls: Controls, groups: Groups, glances: Mapping[str, Glance]) -> list[dict[str, Any]]:
    """Returns the newest events. Only the groups with the newest events can have them."""
    keys = heapq.nlargest(_EVENTS, (key for key in glances if glances[key].newest), key=lambda key: glances[key].newest)
    found: list[dict[str, Any]] = []
    for key in keys:
        record = controls.store.get(GROUPS, key)
        if record is None:
            continue
        view, hide = groups.deployments.view(key, record), redactor(controls, record)
        found += [{**each, "group": record["name"], "href": group_path(record)} for each in _events(view, hide)]
    found.sort(key=lambda event: str(event["lastTimestamp"]), reverse=True)
    return found[:_EVENTS]


def _events(view: GroupView, hide: Redactor) -> list[dict[str, Any]]:
    found = [{**hide.json(event), "container": ""} for event in view.events]
    for name, each in [*view.init_containers.items(), *view.containers.items()]:
        found += [{**hide.json(event), "container": name} for event in (each or {}).get("events", [])]
    return found
