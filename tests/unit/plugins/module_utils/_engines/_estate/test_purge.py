# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups that are no longer in an estate's list: which are removed, and above all which are not."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    AzureError,
    InvalidArguments,
    Refused,
)
from ansible_collections.azure_containers.aci.tests.unit.support.estates import (
    FakeEstate,
    entry,
    failed_estate,
    run_estate,
)

NAMES = [f"w{index}" for index in range(20)]


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def entries(names: list[str]) -> list[dict[str, Any]]:
    return [entry(name) for name in names]


def made(names: list[str] = NAMES, estate: str | None = "shop") -> FakeEstate:
    client = FakeEstate("rg", "other")
    run_estate(client, entries(names), estate=estate)
    client.calls.clear()
    return client


def purge(client: FakeEstate, names: list[str], check: bool = False, **options: Any) -> dict[str, Any]:
    return run_estate(client, entries(names), check, estate="shop", purge=True, **options)


def purge_failing(client: FakeEstate, names: list[str], **options: Any) -> AciError:
    return failed_estate(client, entries(names), estate="shop", purge=True, **options)


def test_what_left_the_list_goes_and_check_mode_shows_it_with_age_owner_and_cost() -> None:
    client = made()
    client.groups["rg"]["w3"]["tags"]["Owner"] = "ann"
    prices = {"vcpu_hour": "0.04", "gb_hour": "0.004"}
    left = [name for name in NAMES if name not in ("w3", "w4")]
    foretold = purge(client, left, check=True, show_cost=True, prices=prices)
    assert not client.writes
    found = foretold["purged"][0]
    assert (found["name"], found["removed"], found["owner"]) == ("w3", True, "ann")
    assert found["age"] == 2 * 86400
    assert found["hourly"]
    assert foretold["changed"]
    real = purge(client, left, show_cost=True, prices=prices)
    assert real["purged"] == foretold["purged"]
    assert sorted(client.named("delete")) == ["w3", "w4"]
    assert real["summary"]["purged"] == 2
    assert [each["before_header"] for each in real["diff"]] == ["rg/w3", "rg/w4"]
    client.calls.clear()
    again = purge(client, left)
    assert not again["changed"]
    assert client.calls == [("list", "rg")]


def test_nothing_is_purged_unless_the_task_says_so() -> None:
    client = made()
    assert run_estate(client, entries(NAMES[:5]), estate="shop")["purged"] == []
    assert not client.writes


@pytest.mark.parametrize("options", [{"only": ["w*"]}, {"slice": "1/2"}])
def test_a_part_of_the_list_purges_nothing(options: dict[str, Any]) -> None:
    client = made()
    assert isinstance(purge_failing(client, NAMES[:19], **options), InvalidArguments)
    assert not client.calls


def test_an_empty_list_purges_nothing() -> None:
    client = made()
    error = purge_failing(client, [])
    assert isinstance(error, InvalidArguments)
    assert "groups is empty" in error.msg
    assert not client.calls


@pytest.mark.parametrize("after", [0, 1, 10, 19])
def test_a_list_that_is_interrupted_purges_nothing(after: int) -> None:
    client = made()
    pages = 0

    def interrupt(call: str, _name: str) -> None:
        nonlocal pages
        if call == "page":
            pages += 1
            if pages > after:
                raise AzureError("gone", code="HTTP502", status=502)

    client.on = interrupt
    assert purge_failing(client, NAMES[:19]).code == "HTTP502"
    assert not client.writes
    assert len(client.groups["rg"]) == 20


def test_only_the_resource_groups_that_the_task_names() -> None:
    client = made()
    run_estate(client, [entry("far", resource_group="other")], estate="shop")
    client.calls.clear()
    assert purge(client, NAMES)["purged"] == []
    assert client.calls == [("list", "rg")]
    assert [each["name"] for each in purge(client, NAMES, resource_groups=["other"])["purged"]] == ["far"]
    assert client.named("delete") == ["far"]


def test_groups_of_no_estate_and_of_another_one_stay() -> None:
    client = made(NAMES[:10])
    run_estate(client, [entry("stranger")])
    run_estate(client, [entry("foreign")], estate="blog")
    client.groups["rg"]["w9"]["tags"] = {"aci_estate": "Shop"}  # the values of tags are case-sensitive
    client.calls.clear()
    assert purge(client, NAMES[:9])["purged"] == []
    assert not client.writes


def test_protected_locked_and_orchestrated_groups_stay_with_the_reason() -> None:
    client = made()
    client.groups["rg"]["w0"]["tags"]["KEEP"] = ""
    client.groups["rg"]["w1"]["properties"]["orchestratorId"] = "/subscriptions/s/x/NGroups/n"
    client.locks["w2"] = [{"id": "/x/locks/l", "name": "l", "properties": {"level": "CanNotDelete"}}]
    result = purge(client, NAMES[4:], purge_limit="100%")
    found = {each["name"]: each for each in result["purged"]}
    assert client.named("delete") == ["w3"]
    assert "tag keep" in found["w0"]["reason"]
    assert "NGroup" in found["w1"]["reason"]
    assert "lock" in found["w2"]["reason"]
    assert not any(found[name]["removed"] for name in ("w0", "w1", "w2"))
    named = made()
    named.groups["rg"]["w0"]["tags"]["pinned"] = ""
    assert not purge(named, NAMES[1:], protect_tag="pinned")["changed"]


@pytest.mark.parametrize(
    ("limit", "left", "fits"),
    [("10%", 18, True), ("10%", 17, False), ("3", 17, True), ("2", 17, False), ("0", 19, False)],
)
def test_more_than_the_limit_fails_before_anything_is_written(limit: str, left: int, fits: bool) -> None:
    client = made()
    names = [*NAMES[:left], "new"]
    if fits:
        purge(client, names, purge_limit=limit)
        assert len(client.named("delete")) == 20 - left
        return
    error = purge_failing(client, names, purge_limit=limit)
    assert isinstance(error, Refused)
    assert error.code == "PurgeLimit"
    assert len(error.result["purged"]) == 20 - left
    assert not client.writes  # not even the new group


def test_one_group_may_always_go_by_percentage() -> None:
    client = made(NAMES[:3])
    purge(client, NAMES[:2])
    assert client.named("delete") == ["w2"]


def test_far_beyond_the_limit_nobody_is_asked_about_locks() -> None:
    client = made([f"v{index}" for index in range(60)])
    assert purge_failing(client, ["v0"]).code == "PurgeLimit"
    assert client.named("locks") == []


def test_a_failure_of_the_list_keeps_everything() -> None:
    client = made()

    def refuse(call: str, name: str) -> None:
        if (call, name) == ("put", "new"):
            raise AzureError("no", code="InvalidRequest", status=400)

    client.on = refuse
    error = purge_failing(client, [*NAMES[:19], "new"])
    assert client.named("delete") == []
    assert "not every group" in error.result["purged"][0]["reason"]


@pytest.mark.parametrize(
    "tags", [{"aci_estate": "blog"}, {}, {"aci_estate": "shop", "keep": "yes"}], ids=["moved", "left", "protected"]
)
def test_a_group_that_changed_since_the_list_stays(tags: dict[str, str]) -> None:
    client = made()

    def change(call: str, name: str) -> None:
        if (call, name) == ("get", "w19"):
            client.groups["rg"]["w19"]["tags"] = tags

    client.on = change
    error = purge_failing(client, NAMES[:19])
    assert error.code == "NotPurged"
    assert "w19" in client.groups["rg"]


def test_two_slices_at_once_never_purge_each_others_groups() -> None:
    """Neither as slices, nor as two lists that are not declared as slices."""
    client = FakeEstate("rg")
    errors: list[AciError] = []

    def work(names: list[str], **options: Any) -> None:
        try:
            run_estate(client, entries(names), estate="shop", **options)
        except AciError as error:
            errors.append(error)

    def at_once(*runs: tuple[list[str], dict[str, Any]]) -> None:
        threads = [threading.Thread(target=work, args=(names,), kwargs=options) for names, options in runs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    at_once((NAMES, {"slice": "1/2"}), (NAMES, {"slice": "2/2"}))
    assert not errors
    assert sorted(client.groups["rg"]) == sorted(NAMES)
    at_once((NAMES, {"slice": "1/2", "purge": True}), (NAMES, {"slice": "2/2", "purge": True}))
    at_once((NAMES[:10], {"purge": True}), (NAMES[10:], {"purge": True}))
    assert len(errors) == 4
    assert sorted(client.groups["rg"]) == sorted(NAMES)
    assert client.named("delete") == []


def test_logs_are_saved_before_a_group_goes_and_a_failure_keeps_it(tmp_path: Path) -> None:
    client = made()
    folder = tmp_path / "logs"
    result = purge(client, NAMES[:19], defaults={"save_logs": str(folder)})
    assert result["purged"][0]["saved_logs"][0]["path"]
    assert any(file.read_text() == "log of w19\n" for file in folder.iterdir())
    other = made()

    def refuse(call: str, _name: str) -> None:
        if call == "logs":
            raise AzureError("no", code="HTTP503", status=503)

    other.on = refuse
    assert purge_failing(other, NAMES[:19], defaults={"save_logs": str(folder)}).code == "LogsNotSaved"
    assert "w19" in other.groups["rg"]


def test_what_may_not_be_read_is_told_and_the_service_has_the_last_word() -> None:
    client = made()

    def refuse(call: str, _name: str) -> None:
        if call in ("locks", "created times"):
            raise AzureError("may not", code="AuthorizationFailed", status=403)
        if call == "delete":
            raise AzureError("locked", code="ScopeLocked", status=409)

    client.on = refuse
    warned: list[str] = []
    error = purge_failing(client, NAMES[:19], warned=warned)
    assert error.code == "ScopeLocked"
    assert error.result["purged"][0]["age"] is None
    assert len([text for text in warned if "Cannot determine" in text]) == 2


def test_a_group_that_is_listed_as_absent_goes_whatever_purge_says() -> None:
    client = made()
    result = run_estate(client, [*entries(NAMES[:19]), {"name": "w19", "state": "absent"}], estate="shop", purge=True)
    assert client.named("delete") == ["w19"]
    assert result["purged"] == []
