# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure what a task costs through the connection plugin, beside the same task on this machine in the same run.

    .venv/bin/python bench/connection.py [--tasks 12]

The container is a process of this machine, and the service takes no time. The kinds of task stand in turn in one
playbook, so that other work on the machine meets all of them alike; a figure is the median. In a second run, the
container comes from the inventory plugin. Then it counts the requests of tasks that follow each other, of which one may
sign in, and of a loop. Exits with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from doors import Bench, emulator

CONTAINER = {
    "ansible_connection": "azure_containers.aci.aci",
    "ansible_aci_resource_group": "bench",
    "ansible_aci_container_group": "box",
}
PIPELINED = {"ansible_pipelining": True}
TARGETS = {"raw": 5.0, "command": 3.0, "command, pipelined": 1.1}
"""At most so many times the same task by the local connection; without pipelining, files travel."""

KINDS = ("", ", by inventory")
"""How the container is found: by variables of the task, and by the inventory plugin."""

REQUESTS = {"read": 1, "exec": 1}
"""What a task or a loop needs, each of which has one session."""


def kind_of(request: dict[str, Any]) -> str:
    """What a request of the emulator's log is for."""
    path = str(request["path"]).lower()
    if path.endswith("/token"):
        return "sign-in"
    if "openid-configuration" in path:
        return "discovery"
    if path.startswith("/subscriptions/"):
        return "exec" if path.endswith("/exec") else "read"
    return "other"


def counted(bench: Bench) -> Counter[str]:
    """The requests since the emulator started, by what they are for."""
    return Counter(map(kind_of, bench.requests()))


def task(name: str, where: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A task of that name, which says what it does and how."""
    variables = {**where, **(PIPELINED if "pipelined" in name else {})}
    if name.startswith("raw"):
        line = {"ansible.builtin.raw": "true"}
    else:
        line = {"ansible.builtin.command": "true"}
        variables["ansible_python_interpreter"] = sys.executable
    return {"name": name, **line, "changed_when": False, "vars": variables, **more}


def measure(bench: Bench, kind: str, where: dict[str, Any], count: int) -> list[str]:
    """Print how long tasks take in the container and here, and return the targets that are missed.

    Without ``where``, the container is a host of the inventory.
    """
    there = {} if where else {"delegate_to": "box"}
    each = []
    for name in TARGETS:
        each += [task(f"{name} (local)", {}), task(f"{name} (container)", where, **there)]
    run = bench.play([each[0], *each * count])
    missed = []
    for name, most in TARGETS.items():
        local, seconds = (run.median("task", f"{name} ({side})") for side in ("local", "container"))
        print(f"{name + kind:36}{local:9.3f}{seconds:9.3f}{seconds / local:8.2f}")
        if seconds > most * local:
            missed.append(f"{name}{kind} takes {seconds / local:.2f} times as long as locally, more than {most}")
    return missed


def rows() -> list[str]:
    """The names of the rows that are printed."""
    return [name + kind for kind in KINDS for name in TARGETS]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what a task costs through the connection plugin.")
    parser.add_argument("--tasks", type=int, default=12)
    options = parser.parse_args()
    missed: list[str] = []
    with emulator(runtime="process", speed=100) as azure, tempfile.TemporaryDirectory(prefix="aci_bench_") as folder:
        bench = Bench(sys.executable, azure, Path(folder))
        shell = {"name": "main", "image": "emulator.local/sh", "command": ["sh", "-c", "while :; do sleep 1; done"]}
        bench.play(
            [
                {"azure_containers.aci.resource_group": {"name": "bench", "location": "westeurope"}},
                {"azure_containers.aci.aci_group": {"resource_group": "bench", "name": "box", "containers": [shell]}},
            ]
        )
        print(f"\n{bench.core()}")
        print(f"{'':36}{'local s':>9}{'s':>9}{'times':>8}")
        direct, by_inventory = KINDS
        missed += measure(bench, direct, CONTAINER, options.tasks)
        inventory = Path(folder) / "bench.aci.yml"
        inventory.write_text(json.dumps({"plugin": "azure_containers.aci.aci", "connection": "aci"}))
        bench.variables = {"ANSIBLE_INVENTORY": str(inventory)}
        missed += measure(bench, by_inventory, {}, options.tasks)
        bench.variables = {}
        for what, tasks, turns in (
            ("tasks", [task("raw", CONTAINER)] * options.tasks, options.tasks),
            ("items", [task("raw", CONTAINER, loop=list(range(options.tasks)))], 1),
        ):
            before = counted(bench)
            bench.play(tasks)
            made = counted(bench) - before
            print(f"{options.tasks} {what} made {', '.join(f'{made[kind]} {kind}' for kind in sorted(made))}")
            if any(made[kind] > REQUESTS.get(kind, 0) * turns for kind in made.keys() - {"sign-in", "discovery"}):
                missed.append(f"{options.tasks} {what} made more requests than they need")
            if made["sign-in"] > 1:
                missed.append(f"{options.tasks} {what} signed in {made['sign-in']} times")
    for line in missed:
        print(f"missed: {line}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
