# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError
from ansible_collections.azure_containers.aci.tests.unit.support.estates import FakeEstate, entry, run_estate

WRITE = "Microsoft.ContainerInstance/containerGroups/write"
DENIED = "The identity may not read it."
LIST = [entry("a"), entry("b", image="nginx:2"), entry("c", tags={"x": "1"}), entry("gone")]
WITHOUT_DIFFERENCE = "a"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def event(by: str, at: str, operation: str = WRITE) -> dict[str, Any]:
    return {
        "caller": by,
        "correlationId": by,
        "operationId": by,
        "eventTimestamp": at,
        "operationName": {"value": operation},
        "status": {"value": "Succeeded"},
    }


@pytest.fixture
def client() -> FakeEstate:
    found = FakeEstate()
    run_estate(found, [entry(name) for name in ("a", "b", "c")])
    found.calls.clear()
    found.activity = {
        "b": [event("ann", "2026-02-28T10:00:00Z")],
        "c": [event("bob", "2026-02-27T10:00:00Z"), event("eve", "2026-02-28T11:00:00Z")],
        "gone": [event("dan", "2026-02-28T12:00:00Z", WRITE.replace("write", "delete"))],
    }
    return found


def told(result: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    return {
        each["name"]: ((each["last_modified"] or {}).get("by"), each["last_modified_unknown"])
        for each in result["container_groups"]
    }


def test_only_groups_that_differ_are_looked_up_even_those_that_are_gone(client: FakeEstate) -> None:
    result = run_estate(client, LIST, check=True, activity_log=True)
    assert told(result) == {"a": (None, None), "b": ("ann", None), "c": ("eve", None), "gone": ("dan", None)}
    assert sorted(client.named("activity")) == ["b", "c", "gone"]
    gone = result["container_groups"][3]["last_modified"]
    assert gone["operation"].endswith("/delete")
    assert gone["source"] == "activity_log"


def test_the_log_is_asked_before_the_task_changes_anything(client: FakeEstate) -> None:
    run_estate(client, LIST, activity_log=True)
    calls = [name for name, _of in client.calls]
    assert max(index for index, name in enumerate(calls) if name == "activity") < calls.index("put")


def test_without_the_option_nothing_is_asked(client: FakeEstate) -> None:
    assert told(run_estate(client, LIST, check=True))["b"] == (None, None)
    assert not client.named("activity")


def test_a_log_that_may_not_be_read_is_asked_once_and_told_once(client: FakeEstate) -> None:
    system = {"lastModifiedBy": "ann", "lastModifiedByType": "User", "lastModifiedAt": "2026-02-28T10:00:00Z"}
    client.groups["rg"]["b"]["systemData"] = system

    def refuse(call: str, _name: str) -> None:
        if call == "activity":
            raise AzureError(DENIED, code="AuthorizationFailed", status=403)

    client.on = refuse
    warned: list[str] = []
    result = run_estate(client, LIST, check=True, activity_log=True, workers=1, warned=warned)
    assert told(result) == {"a": (None, None), "b": ("ann", DENIED), "c": (None, DENIED), "gone": (None, DENIED)}
    assert len(client.named("activity")) == 1
    assert [text for text in warned if DENIED in text] == [
        f"Cannot determine from the activity log who last changed the groups: {DENIED}"
    ]


def test_a_log_without_a_change_says_so(client: FakeEstate) -> None:
    client.activity = {}
    found = told(run_estate(client, LIST, check=True, activity_log=True))
    assert found["b"] == (None, "the activity log has no change of the group in the last 89 days")
    assert found[WITHOUT_DIFFERENCE] == (None, None)
