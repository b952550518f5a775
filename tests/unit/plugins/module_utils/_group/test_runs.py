# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When the runs of containers began, and how they ended."""

from __future__ import annotations

from ansible_collections.azure_containers.aci.plugins.module_utils._group.runs import (
    exit_codes,
    has_started,
    is_fresh,
    last_start,
    start_times,
)
from ansible_collections.azure_containers.aci.tests.unit.support.views import ended, group, running


def test_a_run_is_fresh_once_every_container_began_anew() -> None:
    old = group("Running", running("1"), running("1"))
    before = start_times(old)
    assert before == {"c0": "1", "c1": "1"}
    assert not is_fresh(old, before)
    assert not is_fresh(group("Running", running("2"), running("1")), before)
    assert is_fresh(group("Running", running("2"), running("2")), before)
    assert is_fresh(old, {})


def test_only_what_has_ended_has_an_exit_code() -> None:
    assert exit_codes(group("Running", ended(3), ended(None), running(), None)) == {"c0": 3, "c1": None}


def test_a_group_has_started_once_any_container_has() -> None:
    assert not has_started(group("Pending", None, {"currentState": {"state": "Waiting"}}))
    assert has_started(group("Pending", None, running()))
    assert has_started(group("Pending", {"events": [{"name": "Started"}]}))


def test_the_last_start_is_that_of_the_run_before_while_a_container_waits() -> None:
    now, waiting = group("Running", running("2"), None)["properties"]["containers"]
    assert (last_start(now), last_start(waiting)) == ("2", None)
    view = {"currentState": {"state": "Waiting"}, "previousState": {"startTime": "1"}}
    assert last_start({"properties": {"instanceView": view}}) == "1"
