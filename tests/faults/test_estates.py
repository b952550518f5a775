# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An estate, cut at each of its requests: the next run ends right, whatever the one before had done.

The estate needs everything at once: a group is created, one updated, one recreated, one tagged, one stays, and one has
left the list.
"""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Bench, Outcome
from .test_fault_matrix import CANARY, FAULTS, GROUP, SECRET

KINDS = ("new", "updated", "recreated", "tagged", "kept", "left")
EVERYWHERE = ("cut before acting", "cut after acting")
ONCE_A_KIND = ("500", "429", "409 transitioning")
"""Faults that strike the first request of each kind: what follows is the same for the others."""


def containers(image: str = "nginx:1") -> list[dict[str, Any]]:
    return [{"name": "web", "image": image, **SECRET}]


class Estate:
    """One estate with groups of its own."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.name = bench.name("estate")
        self.names = {kind: f"{self.name}-{kind}" for kind in KINDS}

    def entry(self, kind: str, **options: Any) -> dict[str, Any]:
        return {"name": self.names[kind], "containers": containers(), **options}

    def run(self, groups: list[dict[str, Any]], **options: Any) -> Outcome:
        defaults = {
            "resource_group": GROUP,
            "location": "eastus",
            "recovery_dir": str(self.bench.recovery_dir),
            "wait_timeout": 5,
        }
        # One worker, so that the requests of one run are those of the next.
        return self.bench.run("aci_groups", estate=self.name, groups=groups, defaults=defaults, workers=1, **options)

    def prepare(self) -> None:
        first = self.run([self.entry(kind) for kind in KINDS if kind != "new"])
        assert not first.failed, first.result["msg"]

    def work(self) -> Outcome:
        groups = [
            self.entry("new"),
            self.entry("updated", containers=containers("nginx:2")),
            self.entry("recreated", restart_policy="OnFailure", recreate="when_needed"),
            self.entry("tagged", tags={"a": "2"}),
            self.entry("kept"),
        ]
        return self.run(groups, purge=True, activity_log=True)

    def there(self) -> dict[str, dict[str, Any]]:
        listed = self.bench.run("aci_group_info", resource_group=GROUP).result["container_groups"]
        kinds = {name: kind for kind, name in self.names.items()}
        return {kinds[each["name"]]: each for each in listed if each["name"] in kinds}

    def remove(self) -> None:
        self.run([{"name": name, "state": "absent"} for name in self.names.values()])


@pytest.fixture(scope="module")
def requests(bench: Bench) -> list[dict[str, Any]]:
    """What a run without faults sends."""
    estate = Estate(bench)
    estate.prepare()
    bench.control("DELETE", "requests")
    outcome = estate.work()
    assert not outcome.failed, outcome.result["msg"]
    found = bench.requests()
    check_end(estate)
    estate.remove()
    return found


def kind_of(entry: dict[str, Any]) -> tuple[str, str]:
    """What a request is about, without names."""
    parts = entry["path"].split("?")[0].lower().split("/")
    return entry["method"], "/".join(part for part in parts if "estate-" not in part and len(part) < 30)


def struck(requests: list[dict[str, Any]], fault: str) -> list[int]:
    if fault in EVERYWHERE:
        return list(range(len(requests)))
    first: dict[tuple[str, str], int] = {}
    for index, entry in enumerate(requests):
        if fault != "409 transitioning" or ("containergroups" in entry["path"].lower() and entry["method"] != "GET"):
            first.setdefault(kind_of(entry), index)
    return sorted(first.values())


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("fault", [*EVERYWHERE, *ONCE_A_KIND])
def test_cut_at_any_request_the_next_run_ends_right(bench: Bench, requests: list[dict[str, Any]], fault: str) -> None:
    hits = 0
    for index in struck(requests, fault):
        estate = Estate(bench)
        estate.prepare()
        hits += cut(bench, estate, index, fault)
        estate.remove()
    assert hits >= len(struck(requests, fault)) - 2  # fewer polls may have been needed


def cut(bench: Bench, estate: Estate, index: int, fault: str) -> int:
    """Strike one request of a run, and run again. Returns how often the fault struck."""
    bench.control("DELETE", "requests")
    bench.control("POST", "faults", {**FAULTS[fault], "paths": ["/subscriptions/*"], "times": 1, "after": index})
    try:
        outcome = estate.work()
        hits: int = bench.control("GET", "faults")["value"][0]["hits"]
    finally:
        bench.control("DELETE", "faults")
    where = f"request {index}: {outcome.result.get('msg')}"
    assert CANARY not in f"{outcome.result}{bench.requests()}", where
    if outcome.failed:
        assert outcome.result["error"]["code"], where
        assert outcome.result["msg"], where
    there = estate.there()
    assert {"updated", "tagged", "kept"} <= set(there), where
    assert "recreated" in there or any(bench.recovery_dir.glob("*.json")), f"{where}: the group is lost"
    again = estate.work()
    assert not again.failed, f"{where}; then: {again.result['msg']}"
    check_end(estate, where)
    return hits


def check_end(estate: Estate, where: str = "") -> None:
    """What is there is what the list says, and there is nothing left to do."""
    there = estate.there()
    assert set(there) == set(KINDS) - {"left"}, where
    assert there["updated"]["containers"][0]["image"] == "nginx:2", where
    assert there["recreated"]["restart_policy"] == "OnFailure", where
    assert there["tagged"]["tags"] == {"a": "2", "aci_estate": estate.name}, where
    last = estate.work()
    assert not last.failed, f"{where}; at last: {last.result.get('msg')}"
    assert not last.result["changed"], where
    assert not any(estate.bench.recovery_dir.glob("*.json")), where
