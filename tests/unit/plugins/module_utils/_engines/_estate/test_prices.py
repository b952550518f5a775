# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The costs of an estate's groups."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.tests.unit.support.estates import (
    FakeEstate,
    entry,
    run_estate,
)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def test_costs_come_from_the_prices_of_the_task() -> None:
    client = FakeEstate()
    run_estate(client, [entry("a"), entry("b")])
    prices = {"vcpu_hour": "0.04", "gb_hour": "0.004"}
    wanted = [entry("a"), entry("new"), {"name": "b", "state": "absent"}]
    result = run_estate(client, wanted, show_cost=True, prices=prices)
    found = {each["name"]: each["cost"] for each in result["container_groups"]}
    assert found["a"]["after"]["hourly"] == found["a"]["before"]["hourly"] == "0.046"
    assert (found["new"]["before"]["hourly"], found["b"]["after"]["hourly"]) == ("0", "0")
    assert found["b"]["difference"]["hourly"] == "-0.046"
    assert run_estate(client, [entry("a")])["container_groups"][0]["cost"] is None


def test_a_group_that_stops_costs_nothing_afterwards() -> None:
    client = FakeEstate()
    run_estate(client, [entry("a"), entry("b"), entry("c")])
    prices = {"vcpu_hour": "0.04", "gb_hour": "0.004"}
    stopped = client.groups["rg"]["b"]["properties"]
    stopped["instanceView"]["state"] = "Stopped"
    stopped["containers"][0]["properties"]["instanceView"]["currentState"] = {"state": "Terminated"}
    wanted = [{"name": "a", "state": "stopped"}, {"name": "b", "state": "stopped"}, {"name": "c", "state": "started"}]
    result = run_estate(client, wanted, check=True, show_cost=True, prices=prices)
    found = {
        each["name"]: (each["cost"]["before"]["hourly"], each["cost"]["after"]["hourly"]) for each in groups(result)
    }
    assert found == {"a": ("0.046", "0"), "b": ("0", "0"), "c": ("0.046", "0.046")}
    started = run_estate(client, [{"name": "b", "state": "started"}], check=True, show_cost=True, prices=prices)
    assert groups(started)[0]["cost"]["difference"]["hourly"] == "0.046"


def groups(result: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = result["container_groups"]
    return found
