# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong once a group was deleted to be recreated, with and without secrets, through both doors.

Whatever it is: afterwards there is a group, old or new, or both definitions were returned and saved, and the error says
what to do. A run that is killed there is in test_killed.py.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from emulator import clean_environment, emulator

from .conftest import Bench

GROUP = "faults"
CANARY = "canary-1147"
SECONDS = 3
"""The wait_timeout of a run whose fault stays. It is real time, so it is short."""

FAULTS: dict[str, dict[str, Any]] = {
    "policy": {"kind": "answer", "status": 403, "code": "RequestDisallowedByPolicy", "message": "Disallowed."},
    "lock": {"kind": "answer", "status": 409, "code": "ScopeLocked", "message": "The scope is locked."},
    "quota": {"kind": "answer", "status": 400, "code": "ContainerGroupQuotaReached", "message": "Quota exceeded."},
    "capacity": {"kind": "no-capacity"},
    "429": {"kind": "answer", "status": 429, "code": "TooManyRequests", "headers": {"retry-after-ms": "50"}},
    "500": {"kind": "answer", "status": 500, "code": "InternalServerError", "message": "An internal error."},
    "connection before": {"kind": "disconnect", "when": "before"},
    "connection after": {"kind": "disconnect", "when": "after"},
    "operation": {"kind": "fail-operation"},
}
PASSING = ("lock", "quota", "capacity", "429", "500", "connection before", "connection after")
"""Faults that are waited out where they pass."""

SECRETS = {
    # Whether the old group has a secret, and what on_failed_recreate is.
    "no secrets": (False, None),
    "secrets": (True, None),
    "secrets that are given": (True, "restore"),
}

NEW, OLD, NEITHER = "the new group", "the old group", "no group, but both definitions"


def expected(fault: str, stays: bool, secrets: str) -> str:
    """What there is afterwards."""
    restorable = secrets != "secrets"
    if fault == "connection after":
        return NEW  # it was applied, which shows
    if not stays and fault in PASSING:
        return NEW
    if fault == "operation":
        return OLD if restorable else NEW
    return OLD if restorable and not stays else NEITHER


def containers(secret: bool, **more: Any) -> list[dict[str, Any]]:
    variables = [{"name": "P", "secure_value": CANARY}] if secret else []
    return [{"name": "web", "environment_variables": variables, **more}]


CASES = list(itertools.product(FAULTS, (False, True), SECRETS))
Case = tuple[str, bool, str]


@dataclass
class Run:
    """What one door made of all cases at once, each a group of its own with a fault of its own."""

    names: dict[Case, str]
    results: dict[str, dict[str, Any]]
    hits: dict[str, int]


PLAY = """
- hosts: all
  gather_facts: false
  tasks:
    - azure_containers.aci.aci_group: "{{ connection | combine(options) }}"
      register: result
      ignore_errors: true
    - ansible.builtin.copy:
        content: "{{ dict(hosts | zip(hosts | map('extract', hostvars, 'result'))) | to_json }}"
        dest: "{{ playbook_dir }}/results.json"
        mode: "0600"
      run_once: true
      vars:
        hosts: "{{ ansible_play_hosts_all }}"
"""


@pytest.fixture(scope="module", params=[True, False], ids=["in process", "module"])
def ran(request: pytest.FixtureRequest, bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    names = {case: bench.name("d") for case in CASES}
    for case, name in names.items():
        prepare(bench, case, name)
    folder = tmp_path_factory.mktemp("door")
    hosts = {name: {"options": options(bench, case, name)} for case, name in names.items()}
    play(bench, folder, hosts, in_process=request.param)
    results = json.loads((folder / "results.json").read_text())
    hits = {each["paths"][0].rpartition("/")[2]: each["hits"] for each in bench.control("GET", "faults")["value"]}
    bench.control("DELETE", "faults")
    yield Run(names, results, hits)
    for name in names.values():
        bench.run("aci_group", resource_group=GROUP, name=name, state="absent")


def prepare(bench: Bench, case: Case, name: str) -> None:
    """Makes the old group of a case, and the fault that hits the PUT of the new one."""
    fault, stays, secrets = case
    made = containers(SECRETS[secrets][0], image="nginx:1", command=["serve", "--kept"])
    old = {"location": "eastus", "restart_policy": "Always", "containers": made}
    done = bench.run("aci_group", resource_group=GROUP, name=name, **old)
    assert not done.failed, done.result
    times = None if stays else 2 if fault in PASSING and "connection" not in fault else 1
    where = {"methods": ["PUT"], "paths": [f"*/containergroups/{name}"], "times": times}
    bench.control("POST", "faults", {**FAULTS[fault], **where})


def options(bench: Bench, case: Case, name: str) -> dict[str, Any]:
    """The task that recreates the group of a case. What it omits, the command, must survive."""
    fault, stays, secrets = case
    secret, mode = SECRETS[secrets]
    return {
        "resource_group": GROUP,
        "name": name,
        "restart_policy": "OnFailure",
        "recreate": "when_needed",
        "recovery_dir": str(bench.recovery_dir),
        "wait_timeout": SECONDS if stays and fault != "operation" else 120,
        "containers": containers(secret),
        **({} if mode is None else {"on_failed_recreate": mode}),
    }


def play(bench: Bench, folder: Path, hosts: dict[str, Any], in_process: bool) -> None:
    """Runs the task of each host, some at a time."""
    (folder / "play.yml").write_text(PLAY)
    common = {
        "connection": bench.azure.connection(),
        "ansible_connection": "local",
        "ansible_python_interpreter": sys.executable,
    }
    inventory = folder / "inventory.json"
    inventory.write_text(json.dumps({"all": {"hosts": hosts, "vars": common}}))
    environment = {
        **clean_environment(),
        "HOME": str(folder),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_COLLECTIONS_PATH": str(Path(sys.executable).parent.parent / "src"),
        "ANSIBLE_FORKS": "10",
        "ANSIBLE_AZURE_ACI_IN_PROCESS": str(in_process).lower(),
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", str(inventory), str(folder / "play.yml")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "case", CASES, ids=["-".join([fault, "stays" if s else "passes", of]) for fault, s, of in CASES]
)
def test_nothing_is_deleted_that_cannot_come_back(bench: Bench, ran: Run, case: Case) -> None:
    fault, stays, secrets = case
    name = ran.names[case]
    result = ran.results[name]
    assert ran.hits[name]
    assert CANARY not in str(result)

    found = bench.run("aci_group_info", resource_group=GROUP, name=name).result["container_groups"]
    wanted = expected(fault, stays, secrets)
    assert what_there_is(found, result) == wanted, result
    if wanted == NEITHER:
        assert_saved(result)
    elif fault == "operation":
        assert result["failed"]
        assert result["restored"] is (wanted == OLD and not stays), result["restore_reason"]
    else:
        assert result["failed"] is (wanted == OLD), result
        assert result.get("restored", False) is (wanted == OLD)
    if found:
        assert found[0]["containers"][0]["command"] == ["serve", "--kept"]

    if fault == "operation" and wanted == NEW:
        return  # a provisioning that failed stays an error until somebody changes the group
    again = bench.run("aci_group", **{**options(bench, case, name), "wait_timeout": 60})
    assert not again.failed, again.result
    group = again.result["container_group"]
    assert (group["restart_policy"], group["containers"][0]["command"]) == ("OnFailure", ["serve", "--kept"])
    assert not any(bench.recovery_dir.glob(f"*.{name}.json"))


def test_a_quota_that_lags_is_waited_out(tmp_path: Path) -> None:
    with emulator(runtime="simulated", speed=100, arguments=("--limit", "ContainerGroups=1")) as azure:
        bench = Bench(azure, tmp_path)
        bench.run("resource_group", name=GROUP, location="eastus")
        naming = {"resource_group": GROUP, "name": "only"}
        made = bench.run("aci_group", **naming, location="eastus", containers=containers(False, image="nginx:1"))
        assert not made.failed, made.result
        bench.control("POST", "faults", {"kind": "quota-lag", "seconds": 300, "times": 1})
        changed = {**naming, "restart_policy": "OnFailure", "recreate": "when_needed"}
        outcome = bench.run("aci_group", **changed, wait_timeout=120)
        assert not outcome.failed, outcome.result
        assert outcome.result["action"] == "recreated"
        assert any("quota 'ContainerGroups' exceeded" in line and "Trying again" in line for line in bench.told)


def what_there_is(found: list[dict[str, Any]], result: dict[str, Any]) -> str:
    """Which of the two groups there is. Without one, both definitions must have been returned."""
    if found:
        return NEW if found[0]["restart_policy"] == "OnFailure" else OLD
    assert result["definition"]["properties"]["restartPolicy"] == "OnFailure"
    assert result["previous_definition"]["properties"]["restartPolicy"] == "Always"
    return NEITHER


def assert_saved(result: dict[str, Any]) -> None:
    """Whether both definitions are in a file, and the error says what to do with it."""
    assert result["failed"]
    assert result["restored"] is False
    assert result["restore_reason"] in result["msg"]
    assert result["recovery_file"] in result["msg"]
    assert "run the task again" in result["msg"]
    saved = Path(result["recovery_file"]).read_text()
    assert CANARY not in saved
    kept = json.loads(saved)
    assert kept["definition"]["properties"]["restartPolicy"] == "OnFailure"
    assert kept["previous_definition"]["properties"]["restartPolicy"] == "Always"
