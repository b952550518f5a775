# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prices that are not answered: a task that only shows them does its work all the same, and says so."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Bench, Outcome

GROUP = "faults"
FAULTS: dict[str, dict[str, Any]] = {
    "cut before": {"kind": "disconnect", "when": "before"},
    "cut after": {"kind": "disconnect", "when": "after"},
    "500": {"kind": "answer", "status": 500, "code": "InternalServerError", "message": "An internal error."},
    "429": {
        "kind": "answer",
        "status": 429,
        "code": "TooManyRequests",
        "message": "Slow down.",
        "headers": {"Retry-After": "1"},
    },
    "403": {"kind": "answer", "status": 403, "code": "Forbidden", "message": "No."},
}


def deploy(bench: Bench, name: str, **options: Any) -> Outcome:
    return bench.run(
        "aci_group",
        skipping=True,
        resource_group=GROUP,
        name=name,
        location="eastus",
        containers=[{"name": "web", "image": "nginx:1"}],
        show_cost=True,
        prices_endpoint=bench.azure.url,
        **options,
    )


def struck(bench: Bench, fault: str, after: int, times: int, **options: Any) -> Outcome:
    name = bench.name("priced")
    bench.control("POST", "faults", {**FAULTS[fault], "paths": ["/api/retail/*"], "after": after, "times": times})
    try:
        outcome = deploy(bench, name, **options)
        assert bench.control("GET", "faults")["value"][0]["hits"] > 0
    finally:
        bench.control("DELETE", "faults")
    assert bench.run("aci_group_info", resource_group=GROUP, name=name).result["container_groups"]
    bench.run("aci_group", resource_group=GROUP, name=name, state="absent")
    return outcome


@pytest.mark.parametrize("page", [0, 1])
@pytest.mark.parametrize("fault", ["cut before", "cut after", "500", "429"])
def test_what_passes_is_waited_out(bench: Bench, fault: str, page: int) -> None:
    outcome = struck(bench, fault, page, 1)
    assert not outcome.failed, outcome.result
    assert outcome.result["cost"]["after"]["hourly"] == "0.047175"


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_pass_leaves_the_cost_unknown(bench: Bench, fault: str) -> None:
    outcome = struck(bench, fault, 0, 1000)
    assert not outcome.failed, outcome.result
    assert outcome.result["action"] == "created"
    assert outcome.result["cost"]["after"]["hourly"] is None
    (reason,) = outcome.result["cost"]["reasons"]
    assert "prices of eastus" in reason


def test_a_second_page_that_never_comes_leaves_no_half_of_the_prices(bench: Bench) -> None:
    outcome = struck(bench, "403", 1, 1000)
    assert outcome.result["cost"]["after"]["hourly"] is None
