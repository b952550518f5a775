# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The costs of a group, in decimals."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group import costs

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EASTUS = {"vcpu_hour": "0.0405", "gb_hour": "0.00445", "windows_vcpu_hour": "0.0432"}


def group(*sizes: tuple[Any, Any], **properties: Any) -> dict[str, Any]:
    containers = [
        {"name": f"c{number}", "properties": {"resources": {"requests": {"cpu": cpu, "memoryInGB": memory}}}}
        for number, (cpu, memory) in enumerate(sizes)
    ]
    return {"location": "eastus", "properties": {"containers": containers, **properties}}


def hourly(wire: dict[str, Any], **prices: str) -> str:
    return costs.decimal_text(costs.hourly_cost(wire, costs.given_rates({**EASTUS, **prices}))[0])


def test_the_pricing_example_of_microsoft() -> None:
    # 1.3 vCPU and 2.15 GB for 150 s are charged as 2 vCPU and 2.2 GB.
    wire = group((1.3, 2.15))
    assert costs.requested(wire).as_result() == {"cpu": "1.3", "memory_in_gb": "2.15"}
    assert costs.requested(wire).billed().as_result() == {"cpu": "2", "memory_in_gb": "2.2"}
    assert hourly(wire) == "0.09079"
    run = costs.Run(NOW, NOW.replace(minute=2, second=30), "first_pull")
    assert costs.cost_so_far(Decimal("0.09079"), run) == Decimal("0.003783")


@pytest.mark.parametrize(
    ("sizes", "billed"),
    [
        ([(1, 0.1), (0.1, 0.1), (0.1, 0.1)], ("2", "0.3")),  # no 0.30000000000000004, so no 0.4
        ([(0.5, 0.5)], ("1", "0.5")),
        ([(1, 1.5)], ("1", "1.5")),
        ([(2.0, 3.01)], ("2", "3.1")),
        ([(0.7, 1), (0.3, 1)], ("1", "2")),
    ],
)
def test_sizes_are_rounded_up_for_the_whole_group(sizes: list[tuple[Any, Any]], billed: tuple[str, str]) -> None:
    found = costs.requested(group(*sizes)).billed().as_result()
    assert (found["cpu"], found["memory_in_gb"]) == billed


def test_init_containers_request_nothing() -> None:
    wire = group((1, 1))
    wire["properties"]["initContainers"] = group((4, 8))["properties"]["containers"]
    assert costs.requested(wire).as_result() == {"cpu": "1", "memory_in_gb": "1"}


def test_windows_costs_more() -> None:
    assert hourly(group((1, 1), osType="Windows")) == "0.08815"


def test_spot_and_confidential_have_meters_of_their_own() -> None:
    wire = group((1, 1), priority="Spot")
    with pytest.raises(costs.Unpriced, match="spot_vcpu_hour, spot_gb_hour in eastus"):
        hourly(wire)
    assert hourly(wire, spot_vcpu_hour="0.01", spot_gb_hour="0.001") == "0.011"
    wire = group((1, 1), sku="confidential")
    assert hourly(wire, confidential_vcpu_hour="1", confidential_gb_hour="2") == "3"


@pytest.mark.parametrize(
    ("wire", "reason"),
    [
        (group((1, 1), sku="Dedicated"), "sku Dedicated"),
        (group(), "does not specify"),
        (group(("a lot", None)), "does not specify"),
        ({"properties": {"containers": "x"}}, "does not specify"),
        ({}, "does not specify"),
    ],
)
def test_what_has_no_price(wire: dict[str, Any], reason: str) -> None:
    with pytest.raises(costs.Unpriced, match=reason):
        hourly(wire)


def test_gpus_have_no_price() -> None:
    wire = group((1, 1))
    wire["properties"]["containers"][0]["properties"]["resources"]["requests"]["gpu"] = {"sku": "V100", "count": 1}
    with pytest.raises(costs.Unpriced, match="retired"):
        hourly(wire)


def test_months() -> None:
    amount = Decimal("0.09079")
    assert costs.monthly_cost(group((1, 1)), amount, None) == Decimal("66.2767")
    assert costs.monthly_cost(group((1, 1), restartPolicy="Never"), amount, None) is None
    assert costs.monthly_cost(group((1, 1), restartPolicy="Never"), amount, Decimal(30)) == Decimal("2.7237")


@pytest.mark.parametrize("value", ["", "free", "-1", "NaN", "Infinity", "0,04", True, ["1"], {}])
def test_what_is_not_a_price(value: Any) -> None:
    with pytest.raises(InvalidArguments, match=r"prices\.vcpu_hour: .* is not a price"):
        costs.given_rates({"vcpu_hour": value, "gb_hour": None})


def test_given_prices_stay_as_they_are_written() -> None:
    assert costs.decimal_text(costs.given_rates({"gb_hour": "0.0000001"})["gb_hour"].amount) == "0.0000001"
    assert costs.decimal_text(Decimal("2E+3")) == "2000"


def row(meter: str = "Standard vCPU Duration", price: Any = Decimal("0.0405"), **more: Any) -> dict[str, Any]:
    return {"skuName": "Standard", "meterName": meter, "retailPrice": price, "unitOfMeasure": "1 Hour", **more}


def test_rows_become_rates_per_hour() -> None:
    rates = costs.rates_of(
        [
            row(),
            row("Standard Windows Software Duration", Decimal("0.000012"), unitOfMeasure="1 Second"),
            row("Standard Memory Duration", Decimal("0.445"), unitOfMeasure="100 GB Hours"),
        ]
    )
    assert {name: costs.decimal_text(rate.amount) for name, rate in rates.items()} == {
        "vcpu_hour": "0.0405",
        "windows_vcpu_hour": "0.0432",
        "gb_hour": "0.00445",
    }


@pytest.mark.parametrize(
    "unfit",
    [
        row("Standard vGPU Duration"),
        row(price="much"),
        row(price=-1),
        row(unitOfMeasure="1 Month"),
        row(unitOfMeasure=None),
        row(tierMinimumUnits=100),
        row(type="Reservation"),
        row(skuName="K80"),
        {},
    ],
)
def test_rows_that_are_not_understood_give_no_rate(unfit: dict[str, Any]) -> None:
    assert costs.rates_of([unfit]) == {}


@pytest.mark.parametrize("newest_first", [True, False])
def test_the_price_that_came_last_counts(newest_first: bool) -> None:
    rows = [
        row(effectiveStartDate="2021-06-08T00:00:00Z"),
        row(price=Decimal("0.05"), effectiveStartDate="2025-01-01T00:00:00Z"),
    ]
    rates = costs.rates_of(reversed(rows) if newest_first else rows)
    assert rates["vcpu_hour"].amount == Decimal("0.05")
    assert rates["vcpu_hour"].as_result("vcpu_hour")["effective_start_date"] == "2025-01-01T00:00:00Z"


def viewed(state: str, current: dict[str, Any], *pulls: str) -> dict[str, Any]:
    wire = group((1, 1), instanceView={"state": state})
    events = [{"name": "Started", "firstTimestamp": "2026-03-01T08:00:00Z"}]
    events += [{"name": "Pulling", "firstTimestamp": pull} for pull in pulls]
    wire["properties"]["containers"][0]["properties"]["instanceView"] = {"currentState": current, "events": events}
    return wire


def test_a_run_begins_with_the_first_pull() -> None:
    wire = viewed("Running", {"startTime": "2026-03-01T10:00:00Z"}, "2026-03-01T09:30:00Z", "2026-03-01T09:00:00.123Z")
    run = costs.current_run(wire, NOW)
    assert run is not None
    assert run.as_result() == {
        "since": "2026-03-01T09:00:00Z",
        "until": "2026-03-01T12:00:00Z",
        "seconds": 3 * 3600 - 1,
        "basis": "first_pull",
    }


def test_a_run_of_a_cached_image_begins_with_its_container() -> None:
    run = costs.current_run(viewed("Running", {"startTime": "2026-03-01T10:00:00Z"}), NOW)
    assert run is not None
    assert (run.basis, run.seconds) == ("container_start", 7200)


def test_a_run_that_has_ended() -> None:
    times = {"startTime": "2026-03-01T10:00:00Z", "finishTime": "2026-03-01T10:01:00Z"}
    wire = viewed("Succeeded", times)
    run = costs.current_run(wire, NOW)
    assert run is not None
    assert run.seconds == 60
    assert not costs.is_billed(wire)
    assert costs.is_billed(viewed("Running", times))


@pytest.mark.parametrize(
    "current", [{}, {"startTime": "0001-01-01T00:00:00Z"}, {"startTime": 5}, {"startTime": "soon"}]
)
def test_a_run_that_the_service_does_not_show(current: dict[str, Any]) -> None:
    assert costs.current_run(viewed("Running", current), NOW) is None
    assert costs.current_run(viewed("Stopped", current), NOW) is None
    assert costs.cost_so_far(Decimal(1), None) is None


@pytest.mark.parametrize("known", [True, False])
def test_sums_are_known_where_every_part_is(known: bool) -> None:
    wire = group((0.5, 1.05))
    other = costs.Cost(Decimal("0.2"), None) if known else costs.Cost(reason="Nobody knows.")
    found = costs.total([(wire, costs.Cost(Decimal("0.1"), Decimal(73))), (wire, other), (wire, other)])
    assert found.billed.as_result() == {"cpu": "3", "memory_in_gb": "3.3"}
    assert found.hourly == (Decimal("0.5") if known else None)
    assert (found.monthly, found.reasons) == (None, () if known else ("Nobody knows.",))


def test_no_groups_cost_nothing() -> None:
    assert costs.total([]).as_result() == {
        "hourly": "0",
        "monthly": "0",
        "billed": {"cpu": "0", "memory_in_gb": "0"},
    }


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (costs.Cost(Decimal("0.09079"), Decimal("66.2767")), "0.09079 EUR an hour, 66.2767 EUR a month"),
        (costs.Cost(Decimal("0.1")), "0.1 EUR an hour"),
        (costs.Cost(reason="x"), "unknown"),
    ],
)
def test_a_sum_in_words(cost: costs.Cost, said: str) -> None:
    assert costs.total([(group((1, 1)), cost)]).in_words("EUR") == said
