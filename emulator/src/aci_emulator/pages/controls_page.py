# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The content of the page with faults, throttle and clock."""

from __future__ import annotations

from typing import Any

from ..faults.faults import KINDS, details_of
from ..serving.controls import Controls
from ..serving.request_log import masked
from .overview import clock_line
from .redaction import redactor

EFFECTS = {
    "answer": "the answer is an error; nothing is done",
    "delay": "the answer takes longer",
    "disconnect": "the connection is cut",
    "fail-operation": "the operation ends as Failed",
    "hang-operation": "the operation never ends",
    "lose-poll": "a poll of an operation gets no answer",
    "stale-read": "reads show the state before a write",
    "evict": "the spot group is evicted",
    "repair": "the platform repairs the group",
    "no-capacity": "the region has no capacity for a new group",
    "quota-lag": "quotas still count a deleted group",
}
_GENERAL = ("id", "kind", "methods", "paths", "after", "times", "probability", "seed", "seen", "hits")


def controls_page(controls: Controls) -> dict[str, Any]:
    """Returns the context of the page."""
    clock = controls.clock
    return {
        "faults": faults(controls),
        "effects": EFFECTS,
        "kinds": [(kind, EFFECTS[kind], " ".join(details_of(kind))) for kind in KINDS],
        "clock": clock_line(controls),
        "frozen": clock.frozen,
        "now": f"{clock.now():%Y-%m-%dT%H:%M:%S}",
        "throttle": controls.throttle.describe(),
    }


def faults(controls: Controls) -> list[dict[str, Any]]:
    """Returns the faults in force: their number, kind, requests and effects, and how often they were hit."""
    hide = redactor(controls)
    return [_fault(hide.json(masked(fault.describe()))) for fault in controls.faults.all()]


def _fault(fault: dict[str, Any]) -> dict[str, Any]:
    details = {name: value for name, value in fault.items() if name not in _GENERAL and value not in ("", {})}
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
