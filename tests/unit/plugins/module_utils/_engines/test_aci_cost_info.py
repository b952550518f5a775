# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of aci_cost_info: the groups that it reads, the source of prices, and the totals."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError, InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._engines.aci_cost_info import SPEC
from ansible_collections.azure_containers.aci.plugins.module_utils._group import costs
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile import pricing
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient, FakeClock

PRICES = {"vcpu_hour": "0.0405", "gb_hour": "0.00445"}


def group(name: str, state: str = "Running", resource_group: str = "Shop", **properties: Any) -> dict[str, Any]:
    view = {"currentState": {"state": state, "startTime": "2026-03-01T08:00:00Z"}, "events": []}
    requests = {"cpu": 1, "memoryInGB": 1.5}
    return {
        "id": f"/subscriptions/s/resourceGroups/{resource_group}/providers/x/containerGroups/{name}",
        "name": name,
        "location": "West Europe",
        "tags": {"app": name},
        "properties": {
            "instanceView": {"state": state},
            "containers": [{"name": "a", "properties": {"resources": {"requests": requests}, "instanceView": view}}],
            **properties,
        },
    }


class Cloud(SimpleNamespace):
    """Only the groups of a subscription."""

    def __init__(self, *groups: dict[str, Any]) -> None:
        super().__init__(groups={each["name"]: each for each in groups}, now=FakeClient().now)

    def without_retries(self) -> Cloud:
        return self

    def each_group(self, _resource_group: str | None) -> list[dict[str, Any]]:
        return list(self.groups.values())

    def get_group(self, resource_group: str, name: str) -> dict[str, Any] | None:
        if resource_group == "gone":
            raise AzureError("gone", code="ResourceGroupNotFound", status=404)
        return self.groups.get(name)


def run(cloud: Cloud | None = None, warned: list[str] | None = None, **options: Any) -> dict[str, Any]:
    params = {name: spec.get("default") for name, spec in SPEC.arguments.items()} | {"workers": 1, **options}
    clock, warn = FakeClock(), (warned if warned is not None else []).append
    context = Context(params, False, False, cloud or Cloud(), warn, sleep=clock.sleep, monotonic=clock.monotonic)  # type: ignore[arg-type]
    return SPEC.run(context)


def test_groups_that_run_are_added_up() -> None:
    found = run(Cloud(group("web"), group("db", resource_group="Data"), group("off", "Stopped")), prices=PRICES)
    assert [each["hourly"] for each in found["container_groups"]] == ["0.047175"] * 3
    assert [each["is_billed"] for each in found["container_groups"]] == [True, True, False]
    assert found["totals"] == {
        "hourly": "0.09435",
        "monthly": "68.8755",
        "hourly_by_resource_group": {"shop": "0.047175", "data": "0.047175"},
        "complete": True,
    }
    # The fake's clock shows 09:00.
    assert found["container_groups"][0]["so_far"] == "0.047175"
    assert found["container_groups"][0]["run"]["seconds"] == 3600
    assert found["changed"] is False


def test_groups_are_selected() -> None:
    cloud = Cloud(group("web"), group("db"))
    names = [each["name"] for each in run(cloud, tags=["app:db"], prices=PRICES)["container_groups"]]
    assert names == ["db"]
    one = run(cloud, resource_group="Shop", name="web", prices=PRICES)
    assert [each["name"] for each in one["container_groups"]] == ["web"]
    assert run(cloud, resource_group="Shop", name="none", prices=PRICES)["container_groups"] == []
    with pytest.raises(InvalidArguments, match="resource_group"):
        run(cloud, name="web", prices=PRICES)


def test_a_resource_group_that_is_gone_costs_nothing() -> None:
    warned: list[str] = []
    found = run(warned=warned, resource_group="gone", name="web", prices=PRICES)
    assert found["totals"]["hourly"] == "0"
    assert len(warned) == 1


def test_an_unknown_price_is_said_and_not_guessed() -> None:
    warned: list[str] = []
    found = run(Cloud(group("web"), group("win", osType="Windows")), warned=warned, prices=PRICES)
    assert [each["hourly"] for each in found["container_groups"]] == ["0.047175", None]
    assert found["container_groups"][1]["so_far"] is None
    assert "windows_vcpu_hour in West Europe" in found["container_groups"][1]["reason"]
    assert found["totals"]["complete"] is False
    assert found["totals"]["monthly"] is None
    assert len(warned) == 1


def test_a_group_that_ends_has_a_month_only_with_hours() -> None:
    cloud = Cloud(group("job", restartPolicy="Never"))
    assert run(cloud, prices=PRICES)["totals"]["monthly"] is None
    assert run(cloud, prices=PRICES, hours="10")["totals"]["monthly"] == "0.47175"


DEFINITION = {
    "location": "westeurope",
    "properties": {
        "osType": "Linux",
        "containers": [
            {"name": "a", "properties": {"image": "nginx", "resources": {"requests": {"cpu": 1.3, "memoryInGB": 2.15}}}}
        ],
    },
}


def test_a_definition_needs_no_azure() -> None:
    found = run(SimpleNamespace(), definition=DEFINITION, prices=PRICES)  # type: ignore[arg-type]
    (one,) = found["container_groups"]
    assert (one["billed"], one["hourly"]) == ({"cpu": "2", "memory_in_gb": "2.2"}, "0.09079")
    assert (one["name"], one["id"], one["run"], one["so_far"], one["is_billed"]) == (
        "definition",
        None,
        None,
        None,
        True,
    )


def test_the_region_of_a_definition() -> None:
    without = {name: value for name, value in DEFINITION.items() if name != "location"}
    assert run(definition=without, prices=PRICES)["container_groups"][0]["location"] is None
    assert run(definition=without, location="West US", prices=PRICES)["container_groups"][0]["location"] == "westus"
    with pytest.raises(InvalidArguments, match="prices differ by region"):
        run(definition=without)
    with pytest.raises(InvalidArguments, match="location"):
        run(definition=DEFINITION, location="eastus", prices=PRICES)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"prices": {}}, "prices"),
        ({"prices": {"vcpu_hour": "cheap"}}, "prices.vcpu_hour"),
        ({"hours": "745"}, "hours"),
        ({"hours": "many"}, "hours"),
        ({"currency": "euro"}, "currency"),
        ({"prices_endpoint": "ftp://x"}, "prices_endpoint"),
    ],
)
def test_nonsense_is_refused_by_name(options: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidArguments, match=named):
        run(Cloud(group("web")), **options)


def test_rows_are_asked_for_by_region(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Rows:
        def __init__(self, _params: Any, endpoint: str, currency: str, _retries: Any, _cache: Any) -> None:
            asked.append((endpoint, currency))

        def rows(self, region: str) -> list[dict[str, Any]]:
            asked.append(("region", region))
            return [
                {"skuName": sku, "meterName": meter, "retailPrice": 1, "unitOfMeasure": "1 Hour"}
                for sku, meter in costs.RATES.values()
            ]

        def close(self) -> None:
            asked.append(("closed", ""))

    monkeypatch.setattr(pricing, "RetailPrices", Rows)
    found = run(Cloud(group("web")), currency="EUR")
    assert asked == [("https://prices.azure.com", "EUR"), ("region", "westeurope"), ("closed", "")]
    assert found["container_groups"][0]["hourly"] == "2.5"
    assert found["currency"] == "EUR"
