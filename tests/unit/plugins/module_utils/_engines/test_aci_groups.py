# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of aci_groups, with a fake client with many groups."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AzureError,
    InvalidArguments,
    Refused,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_groups
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.recovery import recovery_file
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.recovery_content import write_recovery
from ansible_collections.azure_containers.aci.tests.unit.support.estates import (
    FakeEstate,
    actions,
    entry,
    failed_estate,
    run_estate,
)

THREE = ["a", "b", "c"]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def three(**options: Any) -> list[dict[str, Any]]:
    return [entry(name, **options) for name in THREE]


def made(**options: Any) -> FakeEstate:
    client = FakeEstate()
    run_estate(client, three(), **options)
    client.calls.clear()
    return client


# -- finding, reporting and applying differences -----------------------------------------------------------------------


def test_missing_groups_are_created_each_once() -> None:
    client = FakeEstate()
    result = run_estate(client, three())
    assert result["changed"]
    assert actions(result) == {"a": "created", "b": "created", "c": "created"}
    assert sorted(client.named("put")) == THREE
    assert {each["health"] for each in result["container_groups"]} == {"healthy"}
    assert result["summary"]["actions"] == {"created": 3}
    assert result["container_groups"][0]["container_group"]["state"] == "Running"


def test_groups_without_a_difference_cost_one_list_and_are_not_called_healthy() -> None:
    client = made()
    result = run_estate(client, three())
    assert client.calls == [("list", "rg")]
    assert not result["changed"]
    assert {each["health"] for each in result["container_groups"]} == {"not_checked"}
    assert result["summary"]["not_checked"] == 3


def test_only_what_differs_is_read_and_written() -> None:
    client = made()
    result = run_estate(client, [entry("a"), entry("b", image="nginx:2"), entry("c", tags={"x": "1"})])
    assert actions(result) == {"a": "none", "b": "updated", "c": "tagged"}
    assert client.named("put") == ["b"]
    assert client.named("patch") == ["c"]
    assert "a" not in client.named("get")
    assert [each["before_header"] for each in result["diff"]] == ["rg/b", "rg/c"]


@pytest.mark.parametrize(
    "groups",
    [
        three(),
        [entry("a"), entry("b", image="nginx:2"), entry("new")],
        [entry("a", state="absent"), entry("b", restart_policy="Never", recreate="when_needed")],
        [entry("a", tags={"x": "1"}), {"name": "gone", "state": "absent"}],
    ],
)
def test_check_mode_foretells_the_real_run_and_writes_nothing(groups: list[dict[str, Any]]) -> None:
    client = made()
    foretold = run_estate(client, groups, check=True, estate="shop")
    assert not client.writes
    real = run_estate(client, groups, estate="shop")
    assert actions(foretold) == actions(real)
    assert foretold["changed"] == real["changed"]
    assert [each["changes"] for each in foretold["container_groups"]] == [
        each["changes"] for each in real["container_groups"]
    ]
    again = run_estate(client, groups, estate="shop")
    assert not again["changed"]


def test_a_resource_group_that_is_missing_fails_its_groups_only() -> None:
    client = FakeEstate()
    error = failed_estate(client, [entry("a"), entry("b", resource_group="other")])
    assert error.code == "ResourceGroupNotFound"
    assert client.named("put") == ["a"]


# -- the options -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"workers": 0},
        {"workers": 65},
        {"subnet_workers": 0},
        {"slice": "3/2"},
        {"slice": "x"},
        {"only": ["nobody"]},
        {"estate": " "},
        {"estate": "a\nb"},
        {"purge_limit": "some"},
        {"purge_limit": "101%"},
        {"protect_tag": ""},
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_is_sent(options: dict[str, Any]) -> None:
    client = FakeEstate()
    assert isinstance(failed_estate(client, three(), **options), InvalidArguments)
    assert not client.calls


def test_a_part_of_the_list() -> None:
    client = FakeEstate()
    result = run_estate(client, three(), only=["b*", "rg/c"])
    assert sorted(client.named("put")) == ["b", "c"]
    assert [each["name"] for each in result["container_groups"]] == ["b", "c"]
    other = FakeEstate()
    run_estate(other, three(), slice="1/2")
    assert sorted(other.named("put")) == ["a", "c"]
    run_estate(other, three(), slice="2/2")
    assert sorted(other.named("put")) == THREE


def test_a_definition_and_its_name() -> None:
    client = FakeEstate()
    definition = {
        "name": "web",
        "location": "westeurope",
        "tags": {"a": "1", "aci_estate": "other"},
        "properties": {
            "osType": "Linux",
            "containers": [
                {
                    "name": "main",
                    "properties": {"image": "nginx:1", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}},
                }
            ],
        },
    }
    run_estate(client, [{"definition": definition}], estate="shop")
    assert client.bodies["web"]["tags"] == {"a": "1", "aci_estate": "shop"}
    client.calls.clear()
    result = run_estate(client, [{"definition": definition}], estate="shop")
    assert not result["changed"]
    assert not client.writes


# -- order, failures ---------------------------------------------------------------------------------------------------


def test_after_sets_the_order_and_a_failure_holds_only_what_comes_after_it() -> None:
    client = FakeEstate()
    groups = [entry("web", after=["api"]), entry("api", after=["db"]), entry("db"), entry("other")]
    run_estate(client, groups)
    order = client.named("put")
    assert order.index("db") < order.index("api") < order.index("web")
    broken = FakeEstate()

    def refuse(call: str, name: str) -> None:
        if (call, name) == ("put", "db"):
            raise AzureError("no", code="InvalidRequest", status=400)

    broken.on = refuse
    error = failed_estate(broken, groups)
    found = {each["name"]: each for each in error.result["container_groups"]}
    assert found["db"]["error"]["code"] == error.code == "InvalidRequest"
    assert found["api"]["skipped"] == found["web"]["skipped"] == "a group that it comes after failed"
    assert found["other"]["action"] == "created"
    assert error.result["changed"]
    assert error.result["summary"]["failed"] == 1
    assert error.result["summary"]["skipped"] == 2
    assert "rg/db" in error.msg


def test_on_failure_stop_begins_nothing_more() -> None:
    client = FakeEstate()

    def refuse(call: str, name: str) -> None:
        if (call, name) == ("put", "a"):
            raise AzureError("no", code="InvalidRequest", status=400)

    client.on = refuse
    error = failed_estate(client, three(), on_failure="stop", workers=1)
    assert client.named("put") == ["a"]
    assert error.result["summary"]["skipped"] == 2


def test_many_failures_have_a_code_of_their_own_and_are_not_all_told() -> None:
    client = FakeEstate()

    def refuse(call: str, name: str) -> None:
        if call == "put":
            raise AzureError(f"{name} refused", code="InvalidRequest", status=400)

    client.on = refuse
    error = failed_estate(client, [entry(f"w{index}") for index in range(8)])
    assert error.code == "GroupsFailed"
    assert "8 of 8 container groups failed" in error.msg
    assert "and 3 more" in error.msg


def test_consent_is_asked_for_each_group() -> None:
    client = made()
    error = failed_estate(
        client, [entry("a", restart_policy="Never"), entry("b", restart_policy="Never", recreate="when_needed")]
    )
    found = {each["name"]: each for each in error.result["container_groups"]}
    assert error.code == found["a"]["error"]["code"] == "RecreateNeeded"
    assert found["a"]["changes"]
    assert found["b"]["action"] == "recreated"
    assert client.named("delete") == ["b"]
    assert run_estate(client, three(restart_policy="Never"), defaults={"recreate": "when_needed"})["changed"]


def test_a_recreation_that_was_interrupted_goes_on_from_its_file(tmp_path: Path) -> None:
    client = made(defaults={"recovery_dir": str(tmp_path)})
    options = {"defaults": {"recovery_dir": str(tmp_path), "recreate": "when_needed"}}
    groups = [{"name": "a", "restart_policy": "Never"}, entry("b")]

    class Killed(BaseException):
        pass

    def kill(call: str, name: str) -> None:
        if (call, name) == ("put", "a"):
            raise Killed

    client.on = kill
    with pytest.raises(Killed):
        run_estate(client, groups, **options)
    file = recovery_file(str(tmp_path), "s", "rg", "a")
    assert file.path.exists()
    assert "a" not in client.groups["rg"]
    client.on = lambda _call, _name: None
    assert actions(run_estate(client, groups, **options)) == {"a": "created", "b": "none"}
    assert client.bodies["a"]["properties"]["containers"][0]["properties"]["image"] == "nginx:1"
    assert not file.path.exists()


def test_a_recovery_file_that_was_left_after_the_create_goes_without_a_read(tmp_path: Path) -> None:
    client = made()
    file = recovery_file(str(tmp_path), "s", "rg", "a")
    write_recovery(file, client.bodies["a"], "2025-09-01", {})
    run_estate(client, three(), check=True, defaults={"recovery_dir": str(tmp_path)})
    assert file.path.exists()
    run_estate(client, three(), defaults={"recovery_dir": str(tmp_path)})
    assert not file.path.exists()
    assert client.calls == [("list", "rg")] * 2


def test_secrets_that_would_be_lost_are_named_for_each_group() -> None:
    client = FakeEstate()
    secret = [{"name": "main", "image": "nginx:1", "environment_variables": [{"name": "P", "secure_value": "s3cret!"}]}]
    run_estate(client, [{"name": "a", "containers": secret}])
    error = failed_estate(client, [entry("a", image="nginx:2")])
    assert error.code == "SecretsMissing"
    assert error.result["container_groups"][0]["secrets_missing"]


# -- places and quotas -------------------------------------------------------------------------------------------------


def test_groups_go_into_a_subnet_one_after_another() -> None:
    client = FakeEstate()
    subnet = "/subscriptions/s/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/x"
    busy: set[str] = set()
    most = 0
    lock = threading.Lock()

    def count(call: str, name: str) -> None:
        nonlocal most
        with lock:
            if call == "put":
                busy.add(name)
                most = max(most, len(busy))
            elif call == "get" and name in busy and name in client.groups["rg"]:
                busy.discard(name)

    client.on = count
    run_estate(client, three(subnet_ids=[{"id": subnet}]))
    assert most == 1


def usage(name: str, current: float, limit: float) -> dict[str, Any]:
    return {"name": {"value": name}, "currentValue": current, "limit": limit}


def test_quotas_are_summed_before_the_first_write() -> None:
    client = FakeEstate()
    client.usages = [usage("ContainerGroups", 8, 10)]
    error = failed_estate(client, three())
    assert isinstance(error, Refused)
    assert error.code == "QuotaExceeded"
    assert "ContainerGroups in westeurope" in error.msg
    assert not client.writes
    client.usages = [usage("ContainerGroups", 7, 10)]
    assert run_estate(client, three())["changed"]
    client.usages = [usage("ContainerGroups", 10, 10)]
    assert not run_estate(client, three())["changed"]  # existing groups need no quota


def test_the_quota_of_a_group_without_a_region_is_that_of_its_resource_group() -> None:
    client = FakeEstate()
    client.usages = [usage("ContainerGroups", 10, 10)]
    assert failed_estate(client, [entry("a")], defaults={"location": None}).code == "QuotaExceeded"


def test_what_goes_makes_room_and_an_unknown_quota_is_told() -> None:
    client = made()
    client.usages = [usage("ContainerGroups", 10, 10)]
    warned: list[str] = []
    run_estate(client, [entry("new"), {"name": "a", "state": "absent"}], warned=warned)
    assert any("only after the groups with state: absent are deleted" in text for text in warned)
    other = FakeEstate()

    def refuse(call: str, _name: str) -> None:
        if call == "usage":
            raise AzureError("may not", code="AuthorizationFailed", status=403)

    other.on = refuse
    warned = []
    run_estate(other, [entry("a")], warned=warned)
    assert any("Cannot determine" in text for text in warned)


# -- output ------------------------------------------------------------------------------------------------------------


def test_who_changed_a_group_last_comes_from_the_list() -> None:
    client = made()
    data = {"lastModifiedBy": "ann", "lastModifiedByType": "User", "lastModifiedAt": "2026-05-04T07:31:11Z"}
    client.groups["rg"]["a"]["systemData"] = data
    client.groups["rg"]["b"]["systemData"] = {"createdBy": "ann"}
    found = run_estate(client, [*three(), entry("new")], check=True)["container_groups"]
    assert [each["last_modified"] for each in found] == [
        {
            "by": "ann",
            "by_type": "User",
            "at": "2026-05-04T07:31:11Z",
            "operation": None,
            "correlation_id": None,
            "source": "system_data",
        },
        None,
        None,
        None,
    ]
    assert {each["last_modified_unknown"] for each in found} == {None}
    assert not client.named("activity")


def test_progress_comes_in_lines() -> None:
    told: list[str] = []
    run_estate(FakeEstate(), three(), told=told)
    assert "3 of 3 container groups must be read or changed" in told
    assert any(text.startswith("rg/a: created") for text in told)


def test_warnings_name_their_group_and_do_not_flood() -> None:
    warned: list[str] = []
    owner = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/NGroups/n"
    client = FakeEstate()
    groups = [entry(f"w{index}") for index in range(aci_groups.MOST_WARNED + 5)]
    run_estate(client, groups)
    for wire in client.groups["rg"].values():
        wire["properties"]["orchestratorId"] = owner
    result = run_estate(client, [{**each, "tags": {"x": "1"}} for each in groups], warned=warned)
    assert len(warned) == aci_groups.MOST_WARNED + 1
    assert "w0" in warned[0]
    assert "5 more warnings" in warned[-1]
    assert all(each["warnings"] for each in result["container_groups"])


# -- membership --------------------------------------------------------------------------------------------------------


def test_the_estate_tags_its_groups_and_keeps_their_own_tags() -> None:
    client = made()
    client.groups["rg"]["a"]["tags"] = {"mine": "1"}
    result = run_estate(client, three(), estate="shop", defaults={"purge_tags": True})
    assert actions(result) == {"a": "tagged", "b": "tagged", "c": "tagged"}
    assert client.groups["rg"]["a"]["tags"] == {"mine": "1", "aci_estate": "shop"}
    assert not run_estate(client, three(), estate="shop")["changed"]
    # Without the name of the estate, its tag remains.
    assert not run_estate(client, three())["changed"]


def test_a_group_of_another_estate_is_never_taken_over() -> None:
    client = made(estate="blog")
    for groups in (three(), three(image="nginx:2"), [{"name": "a", "state": "absent"}]):
        error = failed_estate(client, groups, estate="shop")
        assert error.result["container_groups"][0]["error"]["code"] == "OtherEstate"
        assert not client.writes


def test_a_group_that_joined_another_estate_meanwhile_is_not_changed() -> None:
    client = made()

    def join(call: str, name: str) -> None:
        if (call, name) == ("get", "a"):
            client.groups["rg"]["a"]["tags"] = {"ACI_Estate": "blog"}

    client.on = join
    error = failed_estate(client, [entry("a", image="nginx:2")], estate="shop")
    assert error.code == "OtherEstate"
    assert not client.writes
