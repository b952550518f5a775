# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task on one group with the common fakes, and groups for it."""

from __future__ import annotations

from typing import Any

from ansible_collections.azure_containers.aci.plugins.module_utils._common.wait import Deadline
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_group
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.task import GroupTask
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient, FakeClock


def group_task(client: FakeClient, *, warned: list[str] | None = None, **options: Any) -> GroupTask:
    defaults = {name: spec.get("default") for name, spec in aci_group.SPEC.arguments.items()}
    params = {**defaults, "resource_group": "rg", "name": "web", **options}
    clock = FakeClock()
    warn = (warned if warned is not None else []).append
    context = Context(params, False, False, client, warn, sleep=clock.sleep, monotonic=clock.monotonic)  # type: ignore[arg-type]
    definition = aci_group.take_definition(context)
    return GroupTask(context, aci_group.wanted_of(params, definition), Deadline(clock, 60))


def body(**web: Any) -> dict[str, Any]:
    requests = {"cpu": 1.0, "memoryInGB": 1.5}
    container = {"name": "web", "properties": {"image": "nginx", "resources": {"requests": requests}, **web}}
    return {"location": "westeurope", "properties": {"osType": "Linux", "containers": [container]}}


def live(state: str = "Running", **web: Any) -> dict[str, Any]:
    group = body(**web)
    current = {"currentState": {"state": state, "startTime": "1"}}
    group["properties"]["containers"][0]["properties"]["instanceView"] = current
    group["properties"] |= {"provisioningState": "Succeeded", "instanceView": {"state": state, "events": []}}
    return group
