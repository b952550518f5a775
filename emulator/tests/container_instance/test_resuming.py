# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resuming groups after a restart: settled ones one after another, or when they are requested."""

from __future__ import annotations

import time

import pytest

from aci_emulator.container_instance.state.deployments import GROUPS, Deployments
from aci_emulator.core.statedir import StateError

from .conftest import VERSION, Server, definition

NAMES = ("one", "two", "three")


@pytest.fixture
def later(serve, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A restarted emulator with three running groups, which it has not had time to resume yet."""
    monkeypatch.setattr(Deployments, "_take_up_some", lambda self: None)
    first = serve()
    for name in NAMES:
        first.create(name, definition())
    first.put("under-way", definition())
    first.stop()
    second: Server = serve(limits={"ContainerGroups": 4})
    assert expected(second) == set(NAMES)
    return second


def expected(server: Server) -> set[str]:
    return {key.rpartition("/")[2] for key in server.emulator.supervisor._expected}


def test_who_is_asked_for_is_taken_up_alone(later: Server):
    shown = later.get("two").body["properties"]
    assert shown["instanceView"]["state"] == "Running"
    assert shown["containers"][0]["properties"]["instanceView"]["currentState"]["state"] == "Running"
    assert expected(later) == {"one", "three"}


def test_a_list_takes_up_none(later: Server):
    found = {each["name"]: each["properties"]["provisioningState"] for each in later.get("").body["value"]}
    assert found == {**dict.fromkeys(NAMES, "Succeeded"), "under-way": "Pending"}
    assert expected(later) == set(NAMES)


def test_quotas_count_who_is_not_taken_up_yet(later: Server):
    assert later.put("five", definition()).code == "ContainerGroupQuotaReached"
    assert expected(later) == set()


def test_usages_count_who_is_not_taken_up_yet(later: Server):
    path = f"/subscriptions/{later.subscription}/providers/Microsoft.ContainerInstance/locations/westus2/usages"
    usages = later.send("GET", f"{path}?api-version={VERSION}").body["value"]
    assert [usages[index]["currentValue"] for index in (0, 1)] == [4, 4]


def test_the_page_shows_who_is_not_taken_up_yet(later: Server):
    glances = later.emulator.container_instance.groups.deployments.glances()
    assert sorted(key.rpartition("/")[2] for key in glances) == sorted([*NAMES, "under-way"])


def test_who_is_deleted_is_not_taken_up_later(later: Server):
    assert later.delete("one").status == 200
    assert later.get("one").status == 404
    later.emulator.supervisor.take_up_expected()
    assert "one" not in {key.rpartition("/")[2] for key in later.emulator.supervisor.group_ids()}


def test_an_update_replaces_what_was_not_taken_up(later: Server):
    changed = definition()
    changed["properties"]["containers"][0]["properties"]["image"] = "httpd"
    later.create("one", changed)
    shown = later.get("one").body["properties"]
    assert shown["provisioningState"] == "Succeeded"
    events = shown["containers"][0]["properties"]["instanceView"]["events"]
    assert not any("nginx" in event["message"] for event in events)


def test_who_could_not_be_read_is_taken_up_at_the_next_try(later: Server, monkeypatch: pytest.MonkeyPatch):
    supervisor = later.emulator.supervisor
    key = next(key for key in supervisor.group_ids() if key.endswith("/one"))
    restored = supervisor.restore

    def fail(*_arguments: object) -> None:
        raise StateError("the disk is gone")

    monkeypatch.setattr(supervisor, "restore", fail)
    with pytest.raises(StateError):
        supervisor.view(key)
    monkeypatch.setattr(supervisor, "restore", restored)
    assert supervisor.view(key).state == "Running"


def test_all_are_taken_up_without_being_asked_for(serve):
    first = serve()
    for name in NAMES:
        first.create(name, definition())
    first.stop()
    second = serve()
    deadline = time.monotonic() + 30
    while expected(second):
        assert time.monotonic() < deadline
        second.emulator.store.get(GROUPS, "")  # the emulator's loop runs meanwhile, in its thread
    assert len(second.emulator.supervisor.group_ids()) == len(NAMES)
