# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service that is away for a while, or for good: tasks wait for it as long as they may, and not longer.

Pauses are skipped where the engines run here. Through the doors they are real, and the faults ask for short ones.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import NameResolutionError

from emulator import clean_environment

from .conftest import Bench, Outcome

GROUP = "faults"
ANSIBLE = Path(sys.executable).with_name("ansible")
JOB = [{"name": "job", "image": "emulator.local/exit-after:60-0"}]
WEB = [{"name": "web", "image": "nginx:1"}]
SHORT = {"retry-after-ms": "20"}


@dataclass(frozen=True)
class Play:
    """A task that polls, from a state that ``needs_group`` makes."""

    module: str
    options: dict[str, Any]
    needs_group: bool = False
    many: bool = False
    """Whether the group is named as one of a list."""
    first: int = 2
    """How many requests are answered before the service is gone."""

    def prepare(self, bench: Bench) -> dict[str, Any]:
        """Makes the state before, and returns all options."""
        name = bench.name("o")
        if self.needs_group:
            made = bench.run("aci_group", resource_group=GROUP, name=name, location="eastus", containers=WEB)
            assert not made.failed, made.result
        if self.module == "aci_prune":
            return {"resource_groups": [GROUP], "names": [name], **self.options}
        naming = {"names": [name]} if self.many else {"name": name}
        return {"resource_group": GROUP, **naming, **self.options}


PLAYS = {
    "aci_run": Play("aci_run", {"location": "eastus", "containers": JOB}, first=5),
    "aci_group": Play("aci_group", {"location": "eastus", "containers": WEB}),
    "aci_group delete": Play("aci_group", {"state": "absent"}, needs_group=True),
    "aci_group_info": Play("aci_group_info", {"wait_for": "running"}, needs_group=True, many=True, first=1),
    "aci_prune": Play("aci_prune", {"state": "absent"}, needs_group=True, first=1),
}
READS = ("GET", "DELETE")
ANSWERS = {
    "503": {"kind": "answer", "status": 503, "code": "ServiceUnavailable", "headers": SHORT},
    "429": {"kind": "answer", "status": 429, "code": "TooManyRequests", "headers": SHORT},
    "connection lost": {"kind": "disconnect", "when": "before"},
}
LATER = {"kind": "answer", "status": 429, "code": "TooManyRequests", "headers": {"Retry-After": "3600"}}


class Faults:
    """The faults of one test; they are gone when it ends."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    def add(self, description: dict[str, Any], **more: Any) -> None:
        self.bench.control(
            "POST", "faults", {"methods": list(READS), "paths": ["/subscriptions/*"], **description, **more}
        )

    def hits(self) -> int:
        return int(self.bench.control("GET", "faults")["value"][0]["hits"])

    def clear(self) -> None:
        self.bench.control("DELETE", "faults")


@pytest.fixture
def faults(bench: Bench) -> Iterator[Faults]:
    found = Faults(bench)
    bench.control("DELETE", "requests")
    yield found
    found.clear()


def puts(bench: Bench, name: str) -> int:
    return sum(entry["method"] == "PUT" and f"/{name}" in entry["path"] for entry in bench.requests())


def assert_done(play: Play, result: dict[str, Any]) -> None:
    """Whether the task has done what it is for."""
    if play.module == "aci_run":
        assert result["exit_codes"] == {"job": 0}
        assert result["removed"]
    elif play.module == "aci_prune":
        assert result["container_groups"][0]["removed"]
    elif play.module == "aci_group_info":
        assert result["container_groups"][0]["state"] == "Running"
    else:
        assert result["changed"]


@pytest.mark.parametrize("times", [4, 12])
@pytest.mark.parametrize("fault", ANSWERS)
@pytest.mark.parametrize("name", PLAYS)
def test_it_is_waited_for(bench: Bench, faults: Faults, name: str, fault: str, times: int) -> None:
    play = PLAYS[name]
    if fault == "connection lost" and play.module in ("aci_prune", "aci_group_info"):
        times = 4  # threads pause in real time
    options = play.prepare(bench)
    bench.control("DELETE", "requests")
    faults.add(ANSWERS[fault], after=play.first, times=times)
    outcome = bench.run(play.module, skipping=True, **{**options, "wait_timeout": 2100})
    assert not outcome.failed, outcome.result
    assert faults.hits() == times
    assert_done(play, outcome.result)
    if "name" in options:
        assert puts(bench, options["name"]) <= 1
    assert any("Trying again in" in line for line in bench.told)


@pytest.mark.parametrize("times", [4, 12])
@pytest.mark.parametrize("name", ["aci_run", "aci_group"])
def test_a_name_that_does_not_resolve_for_a_while(
    bench: Bench, faults: Faults, monkeypatch: pytest.MonkeyPatch, name: str, times: int
) -> None:
    play, made, failed = PLAYS[name], 0, 0
    send: Callable[..., Any] = HTTPAdapter.send

    def failing(self: Any, request: Any, *args: Any, **options: Any) -> Any:
        nonlocal made, failed
        made += "/subscriptions/" in request.url
        if made > play.first and failed < times:
            failed += 1
            raise requests.exceptions.ConnectionError(NameResolutionError("arm", None, OSError("no such name")))  # type: ignore[arg-type]
        return send(self, request, *args, **options)

    options = play.prepare(bench)
    monkeypatch.setattr(HTTPAdapter, "send", failing)
    outcome = bench.run(play.module, skipping=True, **{**options, "wait_timeout": 2100})
    assert not outcome.failed, outcome.result
    assert failed == times
    assert_done(play, outcome.result)


@pytest.mark.parametrize("name", PLAYS)
def test_a_long_pause_ends_with_the_deadline(bench: Bench, faults: Faults, name: str) -> None:
    play = PLAYS[name]
    options = play.prepare(bench)
    faults.add(LATER, after=play.first)
    outcome, took = timed(bench, play.module, **{**options, "wait_timeout": 3}, **of_run(play, "leave"))
    assert outcome.failed
    assert took < 3 + 3
    assert "The service asked to wait 3600 s." in outcome.result["msg"]


@pytest.mark.parametrize("choice", ["leave", "remove"])
@pytest.mark.parametrize("fault", ANSWERS)
def test_a_run_that_cannot_be_read(bench: Bench, faults: Faults, fault: str, choice: str) -> None:
    options = {**PLAYS["aci_run"].prepare(bench), "containers": [{"name": "job", "image": "nginx:1"}]}
    description = {name: value for name, value in ANSWERS[fault].items() if name != "headers"}
    faults.add(description, methods=["GET"], after=PLAYS["aci_run"].first)
    outcome = bench.run("aci_run", skipping=True, on_unreadable=choice, **{**options, "wait_timeout": 60})
    faults.clear()
    assert outcome.failed
    assert outcome.result["removed"] is (choice == "remove")
    there = bench.run("aci_group_info", resource_group=GROUP, name=options["name"]).result["container_groups"]
    assert bool(there) is (choice == "leave")
    if choice == "leave":
        assert outcome.result["left_behind"] == {"id": there[0]["id"], "expires_at": there[0]["tags"]["expires_at"]}
        assert there[0]["state"] == "Running"
    else:
        assert outcome.result["left_behind"] is None
    bench.run("aci_group", resource_group=GROUP, name=options["name"], state="absent")


def test_an_expired_run_is_swept_by_the_next(bench: Bench) -> None:
    left, kept, other = bench.name("o"), bench.name("o"), bench.name("o")
    past = "2020-01-01T00:00:00Z"
    for name, tags in {
        left: {"run_id": "earlier", "expires_at": past},
        kept: {"run_id": "earlier", "expires_at": past, "keep": "yes"},
        other: {"expires_at": past},
    }.items():
        made = bench.run("aci_group", resource_group=GROUP, name=name, location="eastus", containers=WEB, tags=tags)
        assert not made.failed, made.result
    outcome = bench.run("aci_run", skipping=True, **PLAYS["aci_run"].prepare(bench), wait_timeout=600)
    assert [each["id"].rpartition("/")[2] for each in outcome.result["swept"]] == [left]
    listed = bench.run("aci_group_info", resource_group=GROUP).result["container_groups"]
    names = {group["name"] for group in listed}
    assert left not in names
    assert {kept, other} <= names
    for name in (kept, other):
        bench.run("aci_group", resource_group=GROUP, name=name, state="absent")


# -- through the doors -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("in_process", [True, False], ids=["in process", "module"])
@pytest.mark.parametrize("fault", ["503", "429"])
@pytest.mark.parametrize("name", PLAYS)
def test_both_doors_wait(bench: Bench, faults: Faults, tmp_path: Path, name: str, fault: str, in_process: bool) -> None:
    play = PLAYS[name]
    options = play.prepare(bench)
    faults.add(ANSWERS[fault], after=play.first, times=12)
    result = through_door(bench, tmp_path, in_process, play.module, **options, wait_timeout=60)
    assert faults.hits() == 12
    assert_done(play, result)


@pytest.mark.parametrize("in_process", [True, False], ids=["in process", "module"])
@pytest.mark.parametrize("name", ["aci_run", "aci_group", "aci_group_info", "aci_prune"])
def test_both_doors_fail_in_time(bench: Bench, faults: Faults, tmp_path: Path, name: str, in_process: bool) -> None:
    play = PLAYS[name]
    options = play.prepare(bench)
    faults.add(LATER, after=play.first)
    began = time.monotonic()
    result = through_door(bench, tmp_path, in_process, play.module, **options, wait_timeout=3)
    assert time.monotonic() - began < 60  # with a new interpreter, on a busy machine; not an hour
    assert result["failed"]
    assert "The service asked to wait 3600 s." in result["msg"]


@pytest.mark.parametrize("in_process", [True, False], ids=["in process", "module"])
def test_a_wrong_endpoint_fails_at_once(bench: Bench, tmp_path: Path, in_process: bool) -> None:
    began = time.monotonic()
    options = {"resource_group": GROUP, "wait_for": "running", "resource_manager_endpoint": "https://arm.invalid"}
    result = through_door(bench, tmp_path, in_process, "aci_group_info", **options)
    assert time.monotonic() - began < 60  # with a new interpreter, on a busy machine; not an hour
    assert result["error"]["code"] == "ConnectionFailed"


def through_door(bench: Bench, tmp_path: Path, in_process: bool, module: str, **options: Any) -> dict[str, Any]:
    """The result of an ad-hoc run."""
    environment = {
        **clean_environment(),
        "HOME": str(tmp_path),
        "ANSIBLE_HOME": str(tmp_path / "ansible"),
        "ANSIBLE_COLLECTIONS_PATH": str(Path(sys.executable).parent.parent / "src"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_AZURE_ACI_IN_PROCESS": str(in_process).lower(),
    }
    arguments = json.dumps({**bench.azure.connection(), **options})
    command = [str(ANSIBLE), "localhost", "-m", f"azure_containers.aci.{module}", "-a", arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    result: dict[str, Any] = json.loads(done.stdout[done.stdout.index("=> {") + 3 :])
    return {**result, "failed": done.returncode != 0}


def of_run(play: Play, choice: str) -> dict[str, Any]:
    return {"on_unreadable": choice} if play.module == "aci_run" else {}


def timed(bench: Bench, module: str, **options: Any) -> tuple[Outcome, float]:
    """How a module ends, and after how many seconds by its own clock."""
    began = time.monotonic()
    outcome = bench.run(module, skipping=True, **options)
    return outcome, time.monotonic() - began + bench.skipped
