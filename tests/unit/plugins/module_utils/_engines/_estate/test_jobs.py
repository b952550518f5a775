# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One group of an estate: what a list tells of it, and what is called healthy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._engines.aci_groups import SPEC
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
    # A list says as much of a group that failed, so that it is read whatever is asked for.
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
    """However long the others take, and whatever was waited for before."""
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
