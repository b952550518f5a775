# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A group of an estate: what a list says about it, and when it counts as healthy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._engines._estate import jobs
from ansible_collections.azure_containers.aci.plugins.module_utils._engines.aci_groups import SPEC
from ansible_collections.azure_containers.aci.plugins.module_utils._group.plan import make_plan
from ansible_collections.azure_containers.aci.tests.unit.support.estates import (
    FakeEstate,
    entry,
    estate_context,
    failed_estate,
    run_estate,
)

THREE = ["a", "b", "c"]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def three() -> list[dict[str, Any]]:
    return [entry(name) for name in THREE]


def made() -> FakeEstate:
    client = FakeEstate()
    run_estate(client, three())
    client.calls.clear()
    return client


def test_health_all_reads_every_group_and_judges_it_as_aci_group_does() -> None:
    client = made()
    client.groups["rg"]["b"]["properties"]["instanceView"]["state"] = "Failed"
    client.groups["rg"]["b"]["properties"]["provisioningState"] = "Failed"
    error = failed_estate(client, three(), health="all")
    found = {each["name"]: each for each in error.result["container_groups"]}
    assert sorted(client.named("get")) == THREE
    assert (found["a"]["health"], found["b"]["health"]) == ("healthy", "failed")
    assert found["b"]["error"]["code"] == error.code == "ProvisioningFailed"
    assert not client.writes
    # A list does not distinguish a failed group, so it must always be read.
    client.calls.clear()
    assert failed_estate(client, three()).code == "ProvisioningFailed"
    assert client.named("get") == ["b"]


def test_a_state_other_than_present_is_seen_only_in_the_group_itself() -> None:
    client = made()
    result = run_estate(client, [entry("a", state="started"), entry("b")])
    assert client.named("get") == ["a"]
    assert {each["name"]: each["health"] for each in result["container_groups"]} == {"a": "healthy", "b": "not_checked"}


def test_a_group_that_nobody_waits_for_is_not_called_healthy() -> None:
    result = run_estate(FakeEstate(), [entry("a")], defaults={"wait": False})
    assert result["container_groups"][0]["health"] == "not_checked"


def test_the_time_of_a_group_begins_with_its_own_turn() -> None:
    """Regardless of the duration of the others, and of earlier waits."""
    client = FakeEstate()
    context = estate_context(client, three(), workers=1, defaults={"wait_timeout": 10})

    def take_long(call: str, _name: str) -> None:
        if call == "put":
            context.sleep(8)

    client.on = take_long
    result = SPEC.run(context)
    assert result["summary"]["healthy"] == 3


def test_check_mode_calls_only_healthy_what_it_saw() -> None:
    client = made()
    result = run_estate(client, [entry("a", image="nginx:2"), entry("b")], check=True, health="all")
    assert {each["name"]: each["health"] for each in result["container_groups"]} == {"a": "not_checked", "b": "healthy"}


def test_groups_that_are_alike_are_told_apart_where_they_differ() -> None:
    """For any number of elements: a difference in the entry or the group is found."""
    client = FakeEstate()
    address = {"type": "Public", "ports": [{"port": 80}]}
    ported = [{"name": "main", "image": "nginx:1", "ports": [{"port": 80}]}]
    groups = [{"name": f"w{index}", "containers": ported, "ip_address": address} for index in range(8)]
    run_estate(client, groups)
    for index, wire in enumerate(client.groups["rg"].values()):
        wire["properties"]["ipAddress"]["ip"] = f"20.0.0.{index}"
    client.calls.clear()
    assert not run_estate(client, groups)["changed"]
    assert client.calls == [("list", "rg")]
    client.groups["rg"]["w3"]["properties"]["containers"][0]["properties"]["image"] = "other"
    client.groups["rg"]["w4"]["properties"]["ipAddress"]["ports"] = [{"port": 81, "protocol": "TCP"}]
    groups[5] = {**groups[5], "tags": {"a": "1"}}
    found = run_estate(client, groups, check=True)
    changed = {each["name"]: each["changes"][0]["property"] for each in found["container_groups"] if each["changed"]}
    assert set(changed) == {"w3", "w4", "w5"}
    assert changed["w3"] == "containers[main].image"


def test_an_address_that_the_entry_asks_for_is_compared() -> None:
    client = FakeEstate()
    private = {"type": "Private", "ports": [{"port": 80}], "ip": "10.0.0.4"}
    subnet = "/subscriptions/s/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/x"
    options = {"ip_address": private, "recreate": "when_needed", "subnet_ids": [{"id": subnet}]}
    ported = [{"name": "main", "image": "nginx:1", "ports": [{"port": 80}]}]
    groups = [{"name": name, "containers": ported, **options} for name in ("a", "b")]
    run_estate(client, groups)
    client.groups["rg"]["b"]["properties"]["ipAddress"]["ip"] = "10.0.0.9"
    found = run_estate(client, groups, check=True)
    assert [each["changed"] for each in found["container_groups"]] == [False, True]


def test_when_each_group_was_changed_does_not_tell_groups_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is different in every group of the service: an estate of hundreds would be compared one by one."""
    client = made()
    for index, name in enumerate(THREE):
        client.groups["rg"][name]["systemData"] = {
            "lastModifiedBy": "ann",
            "lastModifiedAt": f"2026-02-28T10:0{index}:00Z",
        }
    compared: list[Any] = []

    def counted(live: Any, wanted: Any) -> Any:
        compared.append(live)
        return make_plan(live, wanted)

    monkeypatch.setattr(jobs, "make_plan", counted)
    result = run_estate(client, three())
    assert len(compared) == 1
    assert [each["last_modified"]["at"][15] for each in result["container_groups"]] == ["0", "1", "2"]
