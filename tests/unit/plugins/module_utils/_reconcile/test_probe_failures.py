# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reports about failing probes, and their frequency."""

from __future__ import annotations

from typing import Any

from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.probe_failures import ProbeFailures
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClock


def live(*events: dict[str, Any]) -> dict[str, Any]:
    return {"properties": {"containers": [{"name": "web", "properties": {"instanceView": {"events": list(events)}}}]}}


def unhealthy(message: str, count: Any = 1) -> dict[str, Any]:
    return {"name": "Unhealthy", "type": "Warning", "message": message, "count": count}


def test_each_failure_once_and_not_too_often() -> None:
    clock = FakeClock()
    said: list[str] = []
    failures = ProbeFailures(clock, said.append)
    started = {"name": "Started", "type": "Normal", "message": "Started container"}
    failures.tell("shop", live(started))
    assert said == []
    failures.tell("shop", live(started, unhealthy("Readiness probe failed: 503")))
    failures.tell("shop", live(started, unhealthy("Readiness probe failed: 503")))
    assert said == ["shop: container web is unhealthy: Readiness probe failed: 503"]
    clock.now = 10
    failures.tell("shop", live(unhealthy("Readiness probe failed: 503", 2)))
    assert len(said) == 1
    clock.now = 20
    failures.tell("shop", live(unhealthy("Readiness probe failed: 503", 3)))
    assert said[1:] == ["shop: container web is unhealthy: Readiness probe failed: 503 (3 times)"]


def test_an_event_without_a_count() -> None:
    said: list[str] = []
    ProbeFailures(FakeClock(), said.append).tell("shop", live(unhealthy("failed", None)))
    assert len(said) == 1
