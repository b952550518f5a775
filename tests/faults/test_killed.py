# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that is killed at each of its requests, through both doors, leaves nothing that the next run cannot repair."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from emulator import clean_environment

from .conftest import Bench

GROUP = "faults"
CANARY = "canary-0815"
ANSIBLE = Path(sys.executable).with_name("ansible")
DELAY_SECONDS = 60
"""Emulated seconds, of which the emulator makes a hundred a second."""

CREATED: dict[str, Any] = {
    "location": "eastus",
    "restart_policy": "Always",
    "tags": {"a": "1"},
    "containers": [
        {
            "name": "web",
            "image": "nginx:1",
            "command": ["serve", "--kept"],
            "environment_variables": [{"name": "P", "secure_value": CANARY}],
        }
    ],
}
RECREATED: dict[str, Any] = {
    "restart_policy": "OnFailure",
    "recreate": "when_needed",
    # What it omits (the command, the location, the tags) must survive the recreation.
    "containers": [{"name": "web", "environment_variables": [{"name": "P", "secure_value": CANARY}]}],
}


def start(bench: Bench, in_process: bool, tmp_path: Path, options: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Starts an ad-hoc run of aci_group."""
    arguments = {**bench.azure.connection(), "recovery_dir": str(bench.recovery_dir), **options}
    environment = {
        **clean_environment(),
        "HOME": str(tmp_path),
        "ANSIBLE_HOME": str(tmp_path / "ansible"),
        "ANSIBLE_COLLECTIONS_PATH": str(Path(sys.executable).parent.parent / "src"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_AZURE_ACI_IN_PROCESS": str(in_process).lower(),
    }
    command = [str(ANSIBLE), "localhost", "-vvv", "-m", "azure_containers.aci.aci_group", "-a", json.dumps(arguments)]
    with (tmp_path / "output").open("wb") as output:
        return subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def finish(process: subprocess.Popen[bytes], tmp_path: Path) -> str:
    """Waits for a run and returns its output, in which the secret must not be."""
    process.wait(timeout=60)
    output = (tmp_path / "output").read_text()
    assert CANARY not in output
    return output


def descendants(pid: int) -> list[int]:
    """A process and all below it. Ansible's workers lead sessions of their own: a signal to the group misses them."""
    found = [pid]
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    for known in found:
        found.extend(parents.get(known, []))
    return found


def kill_at(bench: Bench, index: int, process: subprocess.Popen[bytes]) -> bool:
    """Kills a run while its request O(index) is under way. False when it ended before it came so far."""
    while process.poll() is None:
        if len(bench.requests()) > index:
            for pid in reversed(descendants(process.pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            process.wait()
            return True
        time.sleep(0.02)
    return False


def turning_points(requests: list[dict[str, Any]]) -> list[int]:
    """The requests at which something changes: each write, the first request after it, the first and the last one."""
    writes = [index for index, entry in enumerate(requests) if entry["method"] != "GET"]
    points = {0, len(requests) - 1, *writes, *(index + 1 for index in writes)}
    return sorted(index for index in points if index < len(requests))


def until_answered(bench: Bench) -> None:
    """Waits until the emulator has done what the killed run had asked for, or has dropped it with its connection."""
    until = time.monotonic() + 2 * DELAY_SECONDS / 100
    while any(entry["milliseconds"] is None for entry in bench.requests()) and time.monotonic() < until:
        time.sleep(0.05)


@pytest.mark.parametrize("in_process", [True, False], ids=["in process", "module"])
@pytest.mark.parametrize("what", ["create", "recreate", "recreate without secrets"])
def test_killed_at_each_request(bench: Bench, tmp_path: Path, what: str, in_process: bool) -> None:
    naming = prepare(bench, what)
    options = {"create": CREATED, "recreate": RECREATED}.get(what, without_secrets(RECREATED))
    bench.control("DELETE", "requests")
    assert not bench.run("aci_group", **naming, **options).failed
    points = turning_points(bench.requests())
    assert len(points) > 3
    for index in points:
        naming = prepare(bench, what)
        bench.control("DELETE", "requests")
        fault = {"kind": "delay", "seconds": DELAY_SECONDS, "paths": ["/subscriptions/*"], "after": index, "times": 1}
        bench.control("POST", "faults", fault)
        process = start(bench, in_process, tmp_path, {**naming, **options})
        kill_at(bench, index, process)
        until_answered(bench)
        bench.control("DELETE", "faults")
        finish(process, tmp_path)

        output = finish(start(bench, in_process, tmp_path, {**naming, **options}), tmp_path)
        assert "| CHANGED" in output or "| SUCCESS" in output, f"killed at request {index}: {output}"
        group = bench.run("aci_group_info", **naming).result["container_groups"][0]
        assert group["restart_policy"] == options["restart_policy"]
        assert group["containers"][0]["command"] == ["serve", "--kept"], f"killed at request {index}"
        assert group["tags"] == {"a": "1"}, f"killed at request {index}"
        assert not any(bench.recovery_dir.glob("*.json"))
        bench.run("aci_group", **naming, state="absent")


def prepare(bench: Bench, what: str) -> dict[str, Any]:
    """A name, and the group to be recreated under it."""
    naming = {"resource_group": GROUP, "name": bench.name("k")}
    if what != "create":
        made = CREATED if what == "recreate" else without_secrets(CREATED)
        assert not bench.run("aci_group", **naming, **made).failed
    return naming


def without_secrets(options: dict[str, Any]) -> dict[str, Any]:
    containers = [{**each, "environment_variables": []} for each in options["containers"]]
    return {**options, "containers": containers}
