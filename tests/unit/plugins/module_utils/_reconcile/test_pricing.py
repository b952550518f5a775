# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The costs of a change, and the warning if they are unknown."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    AzureError,
    ConnectionFailed,
    InvalidArguments,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._common.retry import Retries
from ansible_collections.azure_containers.aci.plugins.module_utils._group import costs
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile import pricing
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClock

PRICES = {"vcpu_hour": "0.0405", "gb_hour": "0.00445"}


class Rows:
    """The Retail Prices API, which knows eastus; ``error`` is raised instead."""

    error: AciError | None = None
    made: list[Rows]
    retries: Retries

    def __init__(self, _params: Any, _endpoint: str, _currency: str, retries: Retries, _cache: Any) -> None:
        Rows.made.append(self)
        self.retries = retries
        self.asked: list[str] = []
        self.closed = False

    def rows(self, region: str) -> list[dict[str, Any]]:
        self.asked.append(region)
        if Rows.error is not None:
            raise Rows.error
        return [
            {"skuName": sku, "meterName": meter, "retailPrice": "1", "unitOfMeasure": "1 Hour"}
            for sku, meter in costs.RATES.values()
            if region == "eastus"
        ]

    def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def api(monkeypatch: pytest.MonkeyPatch) -> type[Rows]:
    monkeypatch.setattr(Rows, "made", [], raising=False)
    monkeypatch.setattr(Rows, "error", None)
    monkeypatch.setattr(pricing, "RetailPrices", Rows)
    return Rows


def group(cpu: Any = 1, memory: Any = 1, location: str = "eastus", **properties: Any) -> dict[str, Any]:
    sizes = {"resources": {"requests": {"cpu": cpu, "memoryInGB": memory}}}
    return {"location": location, "properties": {"containers": [{"name": "c", "properties": sizes}], **properties}}


def stopped(**properties: Any) -> dict[str, Any]:
    return group(instanceView={"state": "Stopped"}, **properties)


def context(warned: list[str] | None = None, **options: Any) -> Context:
    params = {"currency": "USD", "prices": None, "prices_endpoint": "https://prices.example", **options}
    clock = FakeClock()
    return Context(
        params=params,
        check_mode=False,
        diff_mode=False,
        client=None,  # type: ignore[arg-type]
        warn=([] if warned is None else warned).append,
        sleep=clock.sleep,
        monotonic=clock.monotonic,
    )


def changed(before: Any, after: Any, beside: Any = (), diff: bool = False, **options: Any) -> dict[str, Any]:
    result: dict[str, Any] = {"diff": {"before": {}, "after": {}}} if diff else {}
    pricing.add_change_cost(context(prices=PRICES, **options), result, before, after, beside)
    return result


def test_the_official_example() -> None:
    # 1.3 vCPU and 2.15 GB for 150 s are charged as 2 vCPU and 2.2 GB: 0.003375 + 0.000408 USD.
    cost = changed([None], [group(1.3, 2.15)])["cost"]
    assert cost["after"] == {
        "hourly": "0.09079",
        "monthly": "66.2767",
        "billed": {"cpu": "2", "memory_in_gb": "2.2"},
    }
    assert costs.decimal_text(costs.Decimal(cost["after"]["hourly"]) * 150 / 3600)[:11] == "0.003782916"


def test_now_then_and_the_difference() -> None:
    assert changed([group(1, 1)], [group(2, 3.01)])["cost"] == {
        "currency": "USD",
        "before": {"hourly": "0.04495", "monthly": "32.8135", "billed": {"cpu": "1", "memory_in_gb": "1"}},
        "after": {"hourly": "0.094795", "monthly": "69.20035", "billed": {"cpu": "2", "memory_in_gb": "3.1"}},
        "difference": {"hourly": "0.049845", "monthly": "36.38685"},
        "overlap": {"hourly": "0"},
        "reasons": [],
    }


def test_a_stopped_group_costs_and_saves_nothing() -> None:
    cost = changed([stopped()], [])["cost"]
    assert (cost["before"]["hourly"], cost["difference"]) == ("0", {"hourly": "0", "monthly": "0"})


def test_a_removal_saves_what_ran() -> None:
    assert changed([group()], [None])["cost"]["difference"] == {"hourly": "-0.04495", "monthly": "-32.8135"}


def test_many_groups_and_what_runs_beside_them() -> None:
    cost = changed([group(), stopped(), group(2, 2)], [group(), group()], [group(), group(2, 1)])["cost"]
    assert cost["before"]["hourly"] == "0.13485"
    assert cost["after"]["hourly"] == "0.0899"
    assert cost["overlap"] == {"hourly": "0.1304"}


def test_sizes_are_rounded_for_each_group_and_not_for_all_together() -> None:
    assert changed([], [group(0.5, 0.5), group(0.5, 0.5)])["cost"]["after"]["billed"] == {
        "cpu": "2",
        "memory_in_gb": "1",
    }


def test_a_group_that_ends_has_no_month() -> None:
    cost = changed([group()], [group(restartPolicy="Never")])["cost"]
    assert cost["after"]["monthly"] is None
    assert cost["difference"] == {"hourly": "0", "monthly": None}


def test_the_diff_says_it_for_people() -> None:
    assert changed([group()], [group(restartPolicy="Never", cpu=2)], diff=True)["diff"] == {
        "before": {"cost": "0.04495 USD an hour, 32.8135 USD a month"},
        "after": {"cost": "0.08545 USD an hour"},
    }
    assert changed([group()], [group()], diff=True)["diff"] == {"before": {}, "after": {}}


def test_what_is_not_known_is_said_and_not_guessed(api: type[Rows]) -> None:
    warned: list[str] = []
    result: dict[str, Any] = {"diff": {"before": {}, "after": {}}}
    pricing.add_change_cost(context(warned), result, [group()], [group(), group(location="chinaeast")])
    cost = result["cost"]
    assert cost["before"]["hourly"] == "2"
    assert cost["after"] == {"hourly": None, "monthly": None, "billed": {"cpu": "2", "memory_in_gb": "2"}}
    assert cost["difference"] == {"hourly": None, "monthly": None}
    assert cost["reasons"] == ["There is no price for vcpu_hour, gb_hour in chinaeast."]
    assert warned == [f"What this change costs is not known. {cost['reasons'][0]}"]
    assert result["diff"]["after"] == {"cost": "unknown"}
    assert api.made[0].closed


@pytest.mark.parametrize("error", [ConnectionFailed("No route."), AzureError("No."), InvalidArguments("No file.")])
def test_without_an_answer_the_task_goes_on_and_asks_no_more(api: type[Rows], error: AciError) -> None:
    api.error = error
    result: dict[str, Any] = {}
    pricing.add_change_cost(context(), result, [group()], [group(location="westeurope")])
    assert result["cost"]["reasons"] == [error.msg]
    assert api.made[0].asked == ["eastus"]
    assert api.made[0].closed


def test_prices_are_not_waited_for_as_long_as_the_task(api: type[Rows]) -> None:
    pricing.add_change_cost(context(wait_timeout=2100), {}, [group()], [])
    deadline = api.made[0].retries.deadline
    assert deadline is not None
    assert deadline.seconds == pricing.ASKING_SECONDS


def test_where_prices_are_what_the_task_is_for_their_failure_is_its_own(api: type[Rows]) -> None:
    api.error = ConnectionFailed("No route.")
    with pytest.raises(ConnectionFailed), pricing.pricing(context(), required=True) as prices:
        prices.cost_of(group())
    assert api.made[0].closed


def test_given_prices_and_groups_without_a_meter_need_no_network(api: type[Rows]) -> None:
    changed([group()], [group()])
    assert api.made == []
    pricing.add_change_cost(context(), {}, [group(sku="Dedicated")], [stopped()])
    assert api.made[0].asked == ["eastus"]


def test_a_profile_is_said_to_have_the_sizes() -> None:
    wire = {"location": "eastus", "properties": {"containerGroupProfile": {"id": "/p", "revision": 1}}}
    (reason,) = changed([], [wire])["cost"]["reasons"]
    assert "container group profile" in reason


@pytest.mark.parametrize("prices", [{}, {"vcpu_hour": None}, {"vcpu_hour": "cheap"}, {"gb_hour": "-1"}])
def test_options_are_checked_before_anything_is_changed(prices: dict[str, Any]) -> None:
    with pytest.raises(InvalidArguments, match="prices"):
        pricing.check_cost_options(context(prices=prices))
    pricing.check_cost_options(context(prices=PRICES))


def test_tasks_that_show_no_cost_do_not_load_what_computes_it() -> None:
    code = (
        "import sys\n"
        "from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_group, aci_prune\n"
        "print([name for name in sys.modules if name.endswith(('.costs', '.pricing', '.retail_prices'))])\n"
    )
    paths = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=paths)
    assert done.stdout == "[]\n", done.stderr
