# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Instance views of container groups, in wire form."""

from __future__ import annotations

from typing import Any


def running(start: str = "2025-11-18T10:00:00.000Z") -> dict[str, Any]:
    return {"restartCount": 0, "currentState": {"state": "Running", "startTime": start, "detailStatus": ""}}


def ended(code: int | None) -> dict[str, Any]:
    state = {"state": "Terminated", "detailStatus": "Completed" if code == 0 else "Error"}
    return {"restartCount": 0, "currentState": state if code is None else {**state, "exitCode": code}}


def looping(restarts: int) -> dict[str, Any]:
    return {
        "restartCount": restarts,
        "currentState": {"state": "Waiting", "detailStatus": "CrashLoopBackOff: Back-off 10s restarting failed"},
        "previousState": {"state": "Terminated", "exitCode": 3},
    }


def group(state: str, *views: dict[str, Any] | None, policy: str | None = None) -> dict[str, Any]:
    containers = [
        {"name": f"c{index}", "properties": {} if view is None else {"instanceView": view}}
        for index, view in enumerate(views)
    ]
    properties: dict[str, Any] = {
        "provisioningState": "Succeeded",
        "containers": containers,
        "instanceView": {"events": [], "state": state},
    }
    return {"properties": properties if policy is None else {**properties, "restartPolicy": policy}}
