# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups that the platform repairs: state Unknown, restarts that fail with 500, through both doors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .conftest import Bench
from .test_killed import finish, start

GROUP = "faults"
DEFINITION: dict[str, Any] = {"location": "eastus", "containers": [{"name": "web", "image": "nginx:1"}]}
DOORS = pytest.mark.parametrize("in_process", [True, False], ids=["in process", "module"])


@pytest.fixture
def naming(bench: Bench) -> Iterator[dict[str, Any]]:
    """A group that is to fall into repair when it is read for the first time."""
    naming = {"resource_group": GROUP, "name": bench.name("r")}
    assert not bench.run("aci_group", **naming, **DEFINITION).failed
    yield naming
    bench.control("DELETE", "faults")
    bench.run("aci_group", **naming, state="absent")


def break_down(bench: Bench, naming: dict[str, Any], **details: Any) -> None:
    bench.control("DELETE", "requests")
    fault = {"kind": "repair", "methods": ["GET"], "paths": [f"*/containerGroups/{naming['name']}"], "times": 1}
    bench.control("POST", "faults", {**fault, **details})


def look(bench: Bench, naming: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = bench.run("aci_group_info", **naming).result["container_groups"][0]
    return found


def posts(bench: Bench) -> list[tuple[str, int]]:
    """The POSTs that were made, and what they got."""
    entries = [entry for entry in bench.requests() if entry["method"] == "POST"]
    return [(entry["path"].rpartition("/")[2], entry["status"]) for entry in entries]


def play(bench: Bench, in_process: bool, tmp_path: Path, options: dict[str, Any]) -> str:
    return finish(start(bench, in_process, tmp_path, {"wait_timeout": 60, **options}), tmp_path)


@DOORS
def test_a_restart_is_asked_for_until_it_is_taken(
    bench: Bench, naming: dict[str, Any], tmp_path: Path, in_process: bool
) -> None:
    break_down(bench, naming)
    output = play(bench, in_process, tmp_path, {**naming, "state": "restarted"})
    assert "| CHANGED" in output, output
    assert '"before": "Unknown"' in output
    assert posts(bench) == [("restart", 500), ("restart", 500), ("restart", 204)]
    assert (look(bench, naming)["state"], look(bench, naming)["provisioning_state"]) == ("Running", "Succeeded")


@DOORS
def test_a_stop_ends_the_billing(bench: Bench, naming: dict[str, Any], tmp_path: Path, in_process: bool) -> None:
    break_down(bench, naming)
    output = play(bench, in_process, tmp_path, {**naming, "state": "stopped"})
    assert "| CHANGED" in output, output
    assert posts(bench) == [("stop", 204)]
    assert look(bench, naming)["state"] == "Stopped"
    again = play(bench, in_process, tmp_path, {**naming, "state": "stopped"})
    assert "| SUCCESS" in again, again


@DOORS
@pytest.mark.parametrize("state", ["present", "started"])
def test_a_repair_that_ends_by_itself_is_waited_for(
    bench: Bench, naming: dict[str, Any], tmp_path: Path, state: str, in_process: bool
) -> None:
    break_down(bench, naming, seconds=200)
    output = play(bench, in_process, tmp_path, {**naming, **DEFINITION, "state": state})
    assert f"| {'SUCCESS' if state == 'present' else 'CHANGED'}" in output, output
    assert look(bench, naming)["state"] == "Running"


def test_a_repair_that_does_not_end_is_told_as_the_service_tells_it(bench: Bench, naming: dict[str, Any]) -> None:
    break_down(bench, naming)
    outcome = bench.run("aci_group", **naming, **DEFINITION, wait_timeout=1)
    assert outcome.result["error"]["code"] == "TimedOut"
    assert "provisioning state Repairing, state Unknown" in outcome.result["msg"]
    assert "web is Terminated without an exit code (Infrastructure Error)" in outcome.result["msg"]


def test_a_restart_that_is_never_taken_ends_with_the_time(bench: Bench, naming: dict[str, Any]) -> None:
    break_down(bench, naming)
    outcome = bench.run("aci_group", **naming, state="restarted", wait_timeout=1)
    assert outcome.result["error"]["code"] == "InternalServerError"
    assert "It was tried 2 times within 1 s (wait_timeout)." in outcome.result["msg"]
