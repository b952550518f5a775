# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans are written before any change, and refused if they do not match the current state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError, InvalidArguments
from ansible_collections.azure_containers.aci.tests.unit.support.estates import (
    FakeEstate,
    actions,
    entry,
    failed_estate,
    run_estate,
)

NAMES = [f"w{index}" for index in range(12)]
CANARY = "canary-plan-4711"
PORTS = [{"name": "m", "image": "i", "ports": [{"port": 80}]}]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "plan.json"


def made() -> FakeEstate:
    client = FakeEstate()
    run_estate(client, [entry(name) for name in NAMES], estate="shop")
    client.calls.clear()
    return client


def wanted() -> list[dict[str, Any]]:
    """One is new, one changes, one gets a tag, one is recreated, one is no longer listed, others do not change."""
    return [
        entry("new", ttl="2h"),
        entry("w0", image="nginx:2"),
        entry("w1", tags={"a": "1"}),
        entry("w2", restart_policy="Never", recreate="when_needed"),
        *[entry(name) for name in NAMES[3:11]],
    ]


def plan(client: FakeEstate, path: Path, groups: list[dict[str, Any]] | None = None, **options: Any) -> dict[str, Any]:
    run_estate(
        client,
        wanted() if groups is None else groups,
        check=True,
        estate="shop",
        purge=True,
        plan_file=str(path),
        **options,
    )
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def test_a_plan_says_what_the_run_then_does(path: Path) -> None:
    client = made()
    prices = {"vcpu_hour": "0.04", "gb_hour": "0.004"}
    found = plan(client, path, show_cost=True, prices=prices)
    assert not client.writes
    planned = {each["name"]: each["action"] for each in found["groups"]}
    assert found["summary"]["actions"] == {"created": 1, "none": 8, "recreated": 1, "tagged": 1, "updated": 1}
    assert found["summary"]["restarts"] == 2
    assert [each["name"] for each in found["removed"]] == ["w11"]
    assert found["summary"]["hourly"]
    assert path.with_suffix(".md").read_text().startswith("# Plan for estate `shop`")
    real = run_estate(client, wanted(), estate="shop", purge=True, show_cost=True, prices=prices, apply_plan=str(path))
    assert actions(real) == planned
    assert sorted(client.named("delete")) == ["w11", "w2"]


def test_the_same_plan_is_the_same_bytes_and_has_no_secrets(path: Path) -> None:
    client = made()
    secret = [{"name": "P", "secure_value": CANARY}, {"name": "Q", "value": f"see {CANARY}"}]
    groups = [*wanted(), {"name": "s", "containers": [{"name": "m", "image": "i", "environment_variables": secret}]}]
    plan(client, path, groups)
    first = path.read_bytes(), path.with_suffix(".md").read_bytes()
    plan(client, path, list(reversed(groups)), workers=1)
    assert (path.read_bytes(), path.with_suffix(".md").read_bytes()) == first
    assert not any(CANARY.encode() in each for each in first)
    assert b"2026" not in first[0]


def test_a_real_run_writes_its_plan_before_it_changes_anything(path: Path) -> None:
    client = made()
    seen: list[bool] = []
    client.on = lambda call, _name: seen.append(path.exists()) if call in ("put", "patch", "delete") else None
    run_estate(client, wanted(), estate="shop", plan_file=str(path))
    assert seen
    assert all(seen)


@pytest.mark.parametrize(
    "groups",
    [
        None,
        [
            entry(
                "s",
                containers=[
                    {"name": "m", "image": "i", "environment_variables": [{"name": "P", "secure_value": CANARY}]}
                ],
            )
        ],
        [entry("p", containers=PORTS, ip_address={"type": "Public", "ports": [{"port": 80}]})],
        [
            entry("w0", update_secrets="fingerprint", fingerprint_key="k" * 20, ttl="2h"),
            {"name": "w1", "state": "absent"},
        ],
    ],
)
def test_a_plan_that_was_applied_changes_nothing_and_is_not_refused(
    path: Path, groups: list[dict[str, Any]] | None
) -> None:
    client = made()
    groups = wanted() if groups is None else groups
    keeps: dict[str, Any] = {"estate": "shop", "purge": True, "purge_limit": "100%"}
    plan(client, path, groups, purge_limit="100%")
    assert run_estate(client, groups, apply_plan=str(path), **keeps)["changed"]
    client.calls.clear()
    warned: list[str] = []
    again = run_estate(client, groups, apply_plan=str(path), warned=warned, **keeps)
    assert not again["changed"]
    assert not client.writes
    assert not warned


def test_a_plan_that_was_applied_in_part_is_completed(path: Path) -> None:
    client = made()
    plan(client, path)

    def refuse(call: str, name: str) -> None:
        if (call, name) == ("put", "w0"):
            raise AzureError("not now", code="Forbidden", status=403)

    client.on = refuse
    failed_estate(client, wanted(), estate="shop", purge=True, apply_plan=str(path))
    client.on = lambda _call, _name: None
    client.calls.clear()
    assert run_estate(client, wanted(), estate="shop", purge=True, apply_plan=str(path))["changed"]
    assert sorted({name for _call, name in client.writes}) == ["w0", "w11"]


@pytest.mark.parametrize("hand", ["tag", "variable", "gone", "old plan"])
def test_what_is_something_else_than_the_plan_makes_is_refused_though_nothing_is_left_to_do(
    path: Path, hand: str
) -> None:
    client = made()
    plan(client, path)
    run_estate(client, wanted(), estate="shop", purge=True, apply_plan=str(path))
    wire = client.groups["rg"]["w0"]
    if hand == "tag":
        wire["tags"]["by"] = "hand"
    elif hand == "variable":
        container = wire["properties"]["containers"][0]["properties"]
        container["environmentVariables"] = [{"name": "BY", "value": "hand"}]
    elif hand == "gone":
        del client.groups["rg"]["w0"]
    else:
        older = json.loads(path.read_text())
        for each in older["groups"]:
            del each["expected"]
        path.write_text(json.dumps(older))
    client.calls.clear()
    error = failed_estate(client, wanted(), estate="shop", purge=True, apply_plan=str(path))
    assert error.result["container_groups"][1]["name"] == "w0"
    assert error.result["container_groups"][1]["error"]["code"] == "PlanOutdated"
    assert not client.writes


def test_a_plan_without_what_it_makes_still_works(path: Path) -> None:
    """Plans of an earlier release have no digests of what they make."""
    client = made()
    older = plan(client, path)
    for each in older["groups"]:
        del each["expected"]
    path.write_text(json.dumps(older))
    real = run_estate(client, wanted(), estate="shop", purge=True, apply_plan=str(path))
    assert real["summary"]["changed"] == 4
    assert real["summary"]["purged"] == 1


@pytest.mark.parametrize(
    ("changed", "harmless"),
    [("w0", ["new", "w1", "w2"]), ("w5", ["new", "w0", "w1", "w2"]), ("new", ["w0", "w1", "w2"])],
)
def test_a_group_that_changed_since_is_refused_and_the_others_go_on(
    path: Path, changed: str, harmless: list[str]
) -> None:
    client = made()
    plan(client, path)
    if changed == "new":
        client.store("rg", "new", {**client.bodies["w9"], "tags": {}})
    else:
        client.groups["rg"][changed]["tags"]["by"] = "hand"
    error = failed_estate(client, wanted(), estate="shop", purge=True, apply_plan=str(path))
    found = {each["name"]: each for each in error.result["container_groups"]}
    assert error.code == found[changed]["error"]["code"] == "PlanOutdated"
    assert changed not in [name for _call, name in client.writes]
    assert all(found[name]["changed"] for name in harmless)
    assert "w11" in client.groups["rg"]  # nothing is purged if a group failed


def test_a_group_that_changes_after_the_list_is_refused(path: Path) -> None:
    client = made()
    plan(client, path)
    reads: list[str] = []

    def change(call: str, name: str) -> None:
        reads.append(name if call == "get" else "")
        if reads.count("w0") == 2:  # the first read is for the plan, the second precedes the write
            client.groups["rg"]["w0"]["tags"]["by"] = "hand"

    client.on = change
    assert failed_estate(client, wanted(), estate="shop", apply_plan=str(path), purge=True).code == "PlanOutdated"
    assert "w0" not in client.named("put")


@pytest.mark.parametrize(
    "groups",
    [
        [entry("more"), *wanted()],
        [entry("w0", image="nginx:3"), *[each for each in wanted() if each["name"] != "w0"]],
    ],
)
def test_what_was_not_planned_is_refused(path: Path, groups: list[dict[str, Any]]) -> None:
    client = made()
    plan(client, path)
    error = failed_estate(client, groups, estate="shop", purge=True, apply_plan=str(path))
    assert error.code == "PlanOutdated"
    assert groups[0]["name"] not in client.named("put")


def test_a_group_that_left_later_is_not_removed(path: Path) -> None:
    client = made()
    plan(client, path)
    shorter = [each for each in wanted() if each["name"] != "w10"]
    warned: list[str] = []
    error = failed_estate(
        client, shorter, estate="shop", purge=True, purge_limit="2", apply_plan=str(path), warned=warned
    )
    assert error.code == "PlanOutdated"
    assert "w10" in client.groups["rg"]


def test_what_the_plan_has_and_the_task_has_not_is_told(path: Path) -> None:
    client = made()
    plan(client, path)
    warned: list[str] = []
    run_estate(client, wanted()[1:], estate="shop", purge=True, apply_plan=str(path), warned=warned)
    assert any("rg/new" in text for text in warned)


def test_a_plan_of_another_estate(path: Path) -> None:
    client = made()
    plan(client, path)
    error = failed_estate(client, wanted(), estate="blog", apply_plan=str(path))
    assert isinstance(error, InvalidArguments)
    path.write_text(path.read_text().replace('"subscription_id": "s"', '"subscription_id": "t"'))
    assert isinstance(failed_estate(client, wanted(), estate="shop", apply_plan=str(path)), InvalidArguments)
    assert not client.writes


def test_what_cannot_be_done_stands_in_the_plan_without_what_changes_each_time(path: Path) -> None:
    client = made()

    def refuse(call: str, name: str) -> None:
        if (call, name) == ("get", "w0"):
            raise AzureError(f"request {len(client.calls)} refused", code="Forbidden", status=403)

    client.on = refuse
    groups = [entry("w0", image="nginx:2"), entry("w1", restart_policy="Never"), entry("w3", after=["w1"], image="x")]
    error = failed_estate(client, groups, check=True, estate="shop", plan_file=str(path))
    assert error.code == "GroupsFailed"
    found = {each["name"]: each["error"] for each in json.loads(path.read_text())["groups"]}
    assert found["w0"]["code"] == "Forbidden"
    assert "request" not in found["w0"]["msg"]
    assert found["w1"]["code"] == "RecreateNeeded"
    assert found["w3"]["code"] == "Skipped"
