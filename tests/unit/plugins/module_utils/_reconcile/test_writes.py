# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes: the requests that are sent once, and the handling of an unknown outcome."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import Ambiguous, AzureError
from ansible_collections.azure_containers.aci.plugins.module_utils._group.changes import Change
from ansible_collections.azure_containers.aci.plugins.module_utils._group.plan import make_plan
from ansible_collections.azure_containers.aci.plugins.module_utils._group.schema import Effect
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.task import GroupTask
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.waits import GroupWaits
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.writes import (
    GroupWrites,
    as_applied,
    has_begun,
)
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient
from ansible_collections.azure_containers.aci.tests.unit.support.tasks import group_task, live


def writes(task: GroupTask) -> GroupWrites:
    return GroupWrites(task, GroupWaits(task))


@pytest.mark.parametrize("applied", [True, False])
def test_a_put_of_unknown_outcome_is_sent_again_only_if_it_was_not_applied(applied: bool) -> None:
    client = FakeClient(group=live())
    failures = [Ambiguous("Lost.")]

    def lose(_body: dict[str, Any]) -> None:
        if failures:
            raise failures.pop()

    client.on_put = lose
    task = group_task(client, containers=[{"name": "web", "image": "nginx:2"}])
    operation = writes(task).put(make_plan(client.group, task.wanted), lambda: applied)
    assert (operation is None) is applied
    assert client.calls.count("put") == (1 if applied else 2)


def test_a_put_that_is_lost_twice_fails() -> None:
    client = FakeClient(group=live())

    def lose(_body: dict[str, Any]) -> None:
        raise Ambiguous("Lost.")

    client.on_put = lose
    task = group_task(client, containers=[{"name": "web", "image": "nginx:2"}])
    with pytest.raises(Ambiguous):
        writes(task).put(make_plan(client.group, task.wanted), lambda: False)
    assert client.calls.count("put") == 2


def test_tags_that_a_put_left_out_are_patched() -> None:
    client = FakeClient(group=live() | {"tags": {"a": "1"}})
    client.put_tags = False
    task = group_task(client, tags={"a": "2"}, containers=[{"name": "web", "image": "nginx:2"}])
    now = writes(task).put_and_wait(make_plan(client.group, task.wanted), client.group)
    assert now["tags"] == {"a": "2"}
    assert client.calls.count("patch") == 1


def test_a_refusal_is_no_reason_to_send_again() -> None:
    client = FakeClient(group=live())

    def refuse(_body: dict[str, Any]) -> None:
        raise AzureError("Refused.", code="BadRequest", status=400)

    client.on_put = refuse
    task = group_task(client, containers=[{"name": "web", "image": "nginx:2"}])
    with pytest.raises(AzureError):
        writes(task).put_and_wait(make_plan(client.group, task.wanted), client.group)
    assert client.calls.count("put") == 1


def test_an_overridden_tag_has_changed_to_what_is_live() -> None:
    image = Change("image", "a", "b", Effect.IN_PLACE)
    env, team = Change("tags[env]", "prod", "dev", Effect.TAGS), Change("tags[team]", None, "x", Effect.TAGS)
    overridden = [Change("tags[env]", "prod", "dev", Effect.TAGS), Change("tags[team]", "y", "x", Effect.TAGS)]
    assert as_applied([image, env, team], overridden) == [image, Change("tags[team]", None, "y", Effect.TAGS)]
    assert as_applied([env], []) == [env]


@pytest.mark.parametrize(
    ("before", "now", "begun"),
    [
        (live(), live(), False),
        (live("Stopped"), live(), True),
        (live(), live("Stopped"), False),
    ],
)
def test_whether_a_restart_has_begun(before: dict[str, Any], now: dict[str, Any], begun: bool) -> None:
    assert has_begun(before, now) is begun
