# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine of aci_prune, with the real SDK, a scripted connection, and one worker, so that the order is fixed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError, InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_group
from ansible_collections.azure_containers.aci.plugins.module_utils._engines.aci_prune import SPEC
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context

GROUPS = "/resourceGroups/shop/providers/Microsoft.ContainerInstance/containerGroups"
ALL = "/providers/Microsoft.ContainerInstance/containerGroups"
NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
DATE = {"Date": format_datetime(NOW, usegmt=True)}


def ago(**span: float) -> str:
    return (NOW - timedelta(**span)).isoformat()


def group(name: str, state: str | None = None, **tags: str) -> dict[str, Any]:
    request = {"resources": {"requests": {"cpu": 2.0, "memoryInGB": 3.5}}}
    properties: dict[str, Any] = {"containers": [{"name": "main", "properties": request}]}
    if state:
        properties["instanceView"] = {"state": state}
    return {"id": f"/subscriptions/s{GROUPS}/{name}", "name": name, "tags": tags, "properties": properties}


def run(azure: Any, check_mode: bool = False, **options: Any) -> dict[str, Any]:
    params = {name: option.get("default") for name, option in SPEC.arguments.items()} | {"workers": 1} | options
    context = Context(params, check_mode, True, azure.client(), **azure.time)
    return SPEC.run(context)


def names(groups: list[dict[str, Any]]) -> list[str]:
    return [group["name"] for group in groups]


def test_expired_by_the_clock_of_azure(azure: Any) -> None:
    groups = [
        group("old", expires_at=ago(seconds=1)),
        group("new", expires_at=ago(seconds=-5)),
        group("odd", expires_at="tomorrow"),
        group("none"),
        group("kept", EXPIRES_AT=ago(days=1), Keep=""),
    ]
    azure.expect("GET", ALL, body={"value": groups}, headers=DATE)
    result = run(azure, expired=True)
    assert result["changed"] is False
    assert names(result["container_groups"]) == ["old"]
    assert names(result["protected"]) == ["kept"]
    assert result["totals"] == {"container_groups": 1, "cpu": 2.0, "memory_in_gb": 3.5}
    assert result["diff"]["before"] == result["diff"]["after"]


def test_older_than(azure: Any) -> None:
    created = [("a", 8), ("b", 6)]
    items = [{"id": f"/subscriptions/S{GROUPS}/{name}", "createdTime": ago(days=days)} for name, days in created]
    azure.expect("GET", "/resources", body={"value": items})
    azure.expect("GET", GROUPS, body={"value": [group("a"), group("b"), group("unknown")]}, headers=DATE)
    result = run(azure, older_than="7d", resource_groups=["shop"])
    assert names(result["container_groups"]) == ["a"]
    assert result["container_groups"][0]["age"] == 8 * 86400
    assert result["container_groups"][0]["reasons"] == ["created 8 days ago"]


def test_states_are_looked_at_only_where_the_rest_holds(azure: Any) -> None:
    azure.expect("GET", GROUPS, body={"value": [group("a-1"), group("a-2"), group("b"), group("a-gone")]})
    azure.expect("GET", f"{GROUPS}/a-1", body=group("a-1", "Running"))
    azure.expect("GET", f"{GROUPS}/a-2", body=group("a-2", "Stopped"))
    azure.error("GET", f"{GROUPS}/a-gone", 404, "ResourceNotFound")
    result = run(azure, states=["Stopped"], names=["A-*"], resource_groups=["shop"])
    assert names(result["container_groups"]) == ["a-2"]


def test_removal(azure: Any) -> None:
    azure.expect("GET", ALL, body={"value": [group("a", x="1")]})
    azure.expect("GET", f"{GROUPS}/a", body=group("a", x="1"))
    azure.expect("DELETE", f"{GROUPS}/a", 200, group("a"))
    azure.expect("GET", f"{GROUPS}/a", body=group("a"))
    azure.error("GET", f"{GROUPS}/a", 404, "ResourceNotFound")
    result = run(azure, tags=["x"], state="absent")
    assert result["changed"] is True
    assert result["container_groups"][0]["removed"] is True
    assert result["diff"]["after"] == {"container_groups": []}


def test_check_mode_removes_nothing(azure: Any) -> None:
    azure.expect("GET", ALL, body={"value": [group("a", x="1")]})
    result = run(azure, True, tags=["x"], state="absent")
    assert result["changed"] is True
    assert result["container_groups"][0]["removed"] is True


@pytest.mark.parametrize("now", [group("a", x="1", keep="yes"), group("a"), None])
def test_a_group_that_changed_meanwhile_stays(azure: Any, now: dict[str, Any] | None) -> None:
    azure.expect("GET", ALL, body={"value": [group("a", x="1")]})
    if now is None:
        azure.error("GET", f"{GROUPS}/a", 404, "ResourceGroupNotFound")
    else:
        azure.expect("GET", f"{GROUPS}/a", body=now)
    result = run(azure, tags=["x"], state="absent")
    assert (result["changed"], result["container_groups"]) == (False, [])


def test_what_cannot_be_removed_does_not_stop_the_others(azure: Any) -> None:
    azure.expect("GET", ALL, body={"value": [group("a", x="1"), group("b", x="1")]})
    azure.expect("GET", f"{GROUPS}/a", body=group("a", x="1"))
    azure.error("DELETE", f"{GROUPS}/a", 409, "ScopeLocked", "It is locked.")
    azure.expect("GET", f"{GROUPS}/b", body=group("b", x="1"))
    azure.expect("DELETE", f"{GROUPS}/b", 200, group("b"))
    with pytest.raises(AciError) as caught:
        run(azure, tags=["x"], state="absent", wait=False)
    assert caught.value.code == "NotRemoved"
    assert caught.value.status == 409
    assert "a: " in caught.value.msg
    assert [each["removed"] for each in caught.value.result["container_groups"]] == [False, True]
    assert caught.value.result["changed"] is True


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"state": "absent"},
        {"expired": True, "protect_tag": " "},
        {"older_than": "a week"},
        {"older_than": ""},
        {"expired": True, "workers": 0},
        {"expired": True, "subscriptions": []},
        {"tags": 3},
    ],
)
def test_nonsense(azure: Any, options: dict[str, Any]) -> None:
    with pytest.raises(InvalidArguments):
        run(azure, **options)


def test_subscriptions(azure: Any) -> None:
    azure.expect("GET", f"/subscriptions/one{ALL}", body={"value": [group("a", x="1")]})
    azure.expect("GET", f"/subscriptions/two{ALL}", body={"value": []})
    assert names(run(azure, tags=["x"], subscriptions=["one", "two", "one"])["container_groups"]) == ["a"]


# -- ttl of aci_group --------------------------------------------------------------------------------------------------


def create(azure: Any, **options: Any) -> dict[str, Any]:
    """The tags of a new group."""
    params = {name: option.get("default") for name, option in aci_group.SPEC.arguments.items()}
    params |= {"resource_group": "shop", "name": "a", "location": "westus2", "wait": False}
    params |= {"containers": [{"name": "main", "image": "nginx"}], **options}
    azure.error("GET", f"{GROUPS}/a", 404, "ResourceNotFound", headers=DATE)
    azure.expect("PUT", f"{GROUPS}/a", 201, group("a"))
    aci_group.SPEC.run(Context(params, False, False, azure.client()))
    tags: dict[str, Any] = azure.sent().get("tags") or {}
    return tags


def test_ttl(azure: Any) -> None:
    assert create(azure, ttl="2h") == {"expires_at": "2030-01-02T05:04:05Z"}


def test_ttl_beside_tags(azure: Any) -> None:
    assert create(azure, ttl="1d", tags={"a": "b"}) == {"a": "b", "expires_at": "2030-01-03T03:04:05Z"}


def test_ttl_does_not_change_a_tag_that_is_given(azure: Any) -> None:
    assert create(azure, ttl="1d", tags={"Expires_At": "never"}) == {"Expires_At": "never"}


def test_no_ttl_no_tag(azure: Any) -> None:
    assert create(azure) == {}


def test_ttl_that_is_none(azure: Any) -> None:
    params = {name: option.get("default") for name, option in aci_group.SPEC.arguments.items()}
    with pytest.raises(InvalidArguments, match="ttl"):
        aci_group.SPEC.run(
            Context({**params, "resource_group": "shop", "name": "a", "ttl": "soon"}, False, False, azure.client())
        )


@pytest.mark.parametrize("empty", [{"names": []}, {"states": []}, {"tags": {}}])
def test_a_criterion_that_turned_out_empty_selects_nothing_more(azure: Any, empty: dict[str, Any]) -> None:
    with pytest.raises(InvalidArguments, match="is empty"):
        run(azure, **{"expired": True, "tags": {"stage": "test"}, **empty}, state="absent")


FLEET = "/subscriptions/s/resourceGroups/shop/providers/Microsoft.ContainerInstance/ngroups/fleet"


@pytest.mark.parametrize("inside", [True, False])
def test_groups_of_an_ngroup_are_left_alone_unless_told(azure: Any, inside: bool) -> None:
    owned = group("a", x="1")
    (owned["properties"] if inside else owned)["orchestratorId"] = FLEET
    azure.expect("GET", ALL, body={"value": [owned]})
    result = run(azure, tags=["x"], state="absent")
    assert (result["changed"], result["container_groups"]) == (False, [])
    assert [each["orchestrator_id"] for each in result["protected"]] == [FLEET]
    azure.expect("GET", ALL, body={"value": [owned]})
    azure.expect("GET", f"{GROUPS}/a", body=owned)
    azure.expect("DELETE", f"{GROUPS}/a", 200, owned)
    result = run(azure, tags=["x"], state="absent", orchestrated=True, wait=False)
    assert (result["changed"], names(result["container_groups"])) == (True, ["a"])


def test_a_group_that_an_ngroup_took_over_meanwhile_stays(azure: Any) -> None:
    azure.expect("GET", ALL, body={"value": [group("a", x="1")]})
    azure.expect("GET", f"{GROUPS}/a", body={**group("a", x="1"), "orchestratorId": FLEET})
    assert run(azure, tags=["x"], state="absent")["changed"] is False


# -- save_logs ---------------------------------------------------------------------------------------------------------


def started(name: str) -> dict[str, Any]:
    found = group(name, "Running", x="1")
    view = {"currentState": {"state": "Running", "startTime": "2030-01-01T00:00:00Z"}}
    found["properties"]["containers"][0]["properties"]["instanceView"] = view
    return found


def logs_of(name: str) -> str:
    return f"{GROUPS}/{name}/containers/main/logs"


def test_logs_are_saved_before_the_removal_and_predicted(azure: Any, tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    for check in (True, False):
        azure.expect("GET", ALL, body={"value": [group("a", x="1")]})
        azure.expect("GET", f"{GROUPS}/a", body=started("a"))
        azure.expect("GET", logs_of("a"), body={"content": "said\n"})
        if not check:
            azure.expect("DELETE", f"{GROUPS}/a", 200, group("a"))
        result = run(azure, check_mode=check, tags=["x"], state="absent", wait=False, save_logs=str(folder))
        (entry,) = result["container_groups"][0]["saved_logs"]
        path = folder / "shop.a.main.20300101T000000Z.log"
        assert (entry["path"], path.exists()) == (str(path), not check)
    assert path.read_text() == "said\n"


@pytest.mark.parametrize("check", [True, False])
def test_a_group_whose_log_cannot_be_read_stays(azure: Any, tmp_path: Path, check: bool) -> None:
    azure.expect("GET", ALL, body={"value": [group("a", x="1"), group("b", x="1")]})
    azure.expect("GET", f"{GROUPS}/a", body=started("a"))
    azure.error("GET", logs_of("a"), 403, "AuthorizationFailed", "No right.")
    azure.expect("GET", f"{GROUPS}/b", body=started("b"))
    azure.expect("GET", logs_of("b"), body={"content": "said\n"})
    if not check:
        azure.expect("DELETE", f"{GROUPS}/b", 200, group("b"))
    with pytest.raises(AciError) as caught:
        run(azure, check_mode=check, tags=["x"], state="absent", wait=False, save_logs=str(tmp_path / "logs"))
    first, second = caught.value.result["container_groups"]
    assert (first["removed"], second["removed"]) == (False, True)
    assert "cannot be saved (save_logs)" in first["error"]
    assert first["saved_logs"][0]["path"] is None
    assert second["saved_logs"][0]["path"] is not None


def test_a_folder_that_will_not_do_is_refused_before_anything_is_removed(azure: Any, tmp_path: Path) -> None:
    (tmp_path / "logs").touch()
    azure.expect("GET", ALL, body={"value": [group("a", x="1")]})
    with pytest.raises(AciError) as caught:
        run(azure, tags=["x"], state="absent", save_logs=str(tmp_path / "logs"))
    assert caught.value.code == "LogsUnwritable"


def test_a_report_reads_no_logs(azure: Any, tmp_path: Path) -> None:
    azure.expect("GET", ALL, body={"value": [group("a", x="1")]})
    result = run(azure, tags=["x"], save_logs=str(tmp_path / "logs"))
    assert result["container_groups"][0]["saved_logs"] == []
    assert not (tmp_path / "logs").exists()


PRICES = {"vcpu_hour": "0.0405", "gb_hour": "0.00445"}


def test_what_a_removal_saves(azure: Any) -> None:
    azure.expect("GET", ALL, body={"value": [group("run", x="1"), group("off", x="1"), group("kept", x="1", keep="")]})
    azure.expect("GET", f"{GROUPS}/run", body=group("run", "Running", x="1"))
    azure.expect("GET", f"{GROUPS}/off", body=group("off", "Stopped", x="1"))
    result = run(azure, tags=["x"], show_cost=True, prices=PRICES)
    assert {each["name"]: each["saves"] for each in result["container_groups"]} == {
        "run": {"hourly": "0.096575", "monthly": "70.49975", "reason": None},
        "off": {"hourly": "0", "monthly": "0", "reason": None},
    }
    assert result["totals"]["saves"] == {"currency": "USD", "hourly": "0.096575", "monthly": "70.49975"}
    assert "saves" not in result["protected"][0]


def test_a_removal_saves_what_its_report_said(azure: Any) -> None:
    azure.expect("GET", ALL, body={"value": [group("a", x="1")]})
    for _reading in range(2):
        azure.expect("GET", f"{GROUPS}/a", body=group("a", "Running", x="1"))
    azure.expect("DELETE", f"{GROUPS}/a", 200, group("a"))
    azure.error("GET", f"{GROUPS}/a", 404, "ResourceNotFound")
    result = run(azure, tags=["x"], state="absent", show_cost=True, prices=PRICES)
    assert result["container_groups"][0]["removed"]
    assert result["container_groups"][0]["saves"]["hourly"] == "0.096575"


def test_a_saving_that_is_not_known_is_said(azure: Any) -> None:
    spot = group("a", "Running", x="1")
    spot["properties"]["priority"] = "Spot"
    azure.expect("GET", ALL, body={"value": [spot]})
    azure.expect("GET", f"{GROUPS}/a", body=spot)
    warned: list[str] = []
    params = {name: option.get("default") for name, option in SPEC.arguments.items()}
    params |= {"workers": 1, "tags": ["x"], "show_cost": True, "prices": PRICES}
    result = SPEC.run(Context(params, False, True, azure.client(), warned.append, **azure.time))
    assert result["totals"]["saves"] == {"currency": "USD", "hourly": None, "monthly": None}
    assert "spot_vcpu_hour" in result["container_groups"][0]["saves"]["reason"]
    assert len(warned) == 1


def test_states_are_read_once_for_states_and_costs(azure: Any) -> None:
    azure.expect("GET", ALL, body={"value": [group("a")]})
    azure.expect("GET", f"{GROUPS}/a", body=group("a", "Succeeded"))
    result = run(azure, states=["Succeeded"], show_cost=True, prices=PRICES)
    assert result["totals"]["saves"]["hourly"] == "0"


def test_prices_that_are_none_are_refused_before_anything_is_read(azure: Any) -> None:
    with pytest.raises(InvalidArguments, match="prices"):
        run(azure, tags=["x"], state="absent", show_cost=True, prices={})
