# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure what reading thousands of container groups takes, beside a program that reads them with the bare SDK.

    .venv/bin/python bench/large_estates.py [--groups 5000] [--rounds 3]

What is measured are whole processes, their start included: a play of one aci_group_info task, and ansible-inventory
that prints all hosts. The program beside them signs in and reads the same groups, and does nothing with them. They
take turns, so that other work on the machine meets all of them alike. A figure is the best of the rounds, in seconds
and in seconds of the processor, which include neither the emulator's work nor waiting. Memory is that of the greatest
process, with three numbers of groups. Exits with 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doors import HERE, ROOT, Bench, Process, RunningEmulator, emulator

sys.path.insert(0, str(ROOT / ".venv" / "src"))

from instance_views import BODY

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.client import Client, connect
from ansible_collections.azure_containers.aci.plugins.module_utils._common.workers import Workers

WORKERS = 16

GOALS = {"aci_group_info": 2.5, "aci_group_info, views": 1.15, "inventory": 3.0}
"""At most so many times the seconds of the bare SDK's process."""

MOST_GROWTH = 1.3
"""At most so many times as much memory a group from half of the groups to all, as from a quarter to half."""


@dataclass(frozen=True)
class Row:
    """One thing that is measured, and the row that it is compared with."""

    name: str
    beside: str


ROWS = (
    Row("bare SDK", "bare SDK"),
    Row("aci_group_info", "bare SDK"),
    Row("aci_group_info, three fields", "bare SDK"),
    Row("inventory", "bare SDK"),
    Row("bare SDK, views", "bare SDK, views"),
    Row("aci_group_info, views", "bare SDK, views"),
)


def rows() -> list[str]:
    """The names of the rows that are printed."""
    return [row.name for row in ROWS]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure reading thousands of container groups.")
    parser.add_argument("--groups", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for name in [name for name in os.environ if name.startswith(("AZURE_", "REQUESTS_CA"))]:
        del os.environ[name]
    room = ("--limit", f"ContainerGroups={options.groups}", "--limit", f"StandardCores={options.groups}")
    for window in ("pt5m", "pt1h"):
        room += ("--limit", f"ContainerGroupCreation-{window}={options.groups}")
    with (
        emulator(runtime="simulated", speed=20, arguments=room) as azure,
        tempfile.TemporaryDirectory(prefix="aci_bench_") as folder,
    ):
        programs = Programs(Bench(sys.executable, azure, Path(folder)))
        client = connect(azure.connection())
        client.resource_groups.put("bench", {"location": "westeurope"})
        peaks: dict[int, float] = {}
        made = 0
        for number in (options.groups // 4, options.groups // 2, options.groups):
            create(client, made, number)
            made = number
            peaks[number] = programs.run("aci_group_info").peak
        missed = compared(programs, options)
        missed += in_proportion(peaks)
        missed += signed_in_once(programs, azure)
    for line in missed:
        print(f"missed: {line}")
    return 1 if missed else 0


def create(client: Client, first: int, end: int) -> None:
    """Groups of these numbers, which the emulator's clock makes run at once."""
    workers, unretried = Workers(8), client.without_retries()
    workers.map(
        lambda each: workers.request(lambda: unretried.put_group("bench", f"group-{each:04d}", BODY)), range(first, end)
    )


class Programs:
    """The programs that are measured."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._environment = bench.environment(bench.folder / "timeline")
        del self._environment["ANSIBLE_CALLBACKS_ENABLED"]  # no task is timed by itself
        inventory = bench.folder / "bench.aci.yml"
        bare = [str(HERE / "programs" / "list_groups.py"), "bench"]
        self.inventory(inventory, {"instance_view": False})
        info: dict[str, Any] = {"resource_group": "bench"}
        self._commands = {
            "bare SDK": bare,
            "bare SDK, views": [*bare, str(WORKERS)],
            "aci_group_info": self._play("info", info),
            "aci_group_info, three fields": self._play("fields", {**info, "fields": ["id", "name", "tags"]}),
            "aci_group_info, views": self._play("views", {**info, "instance_view": True, "workers": WORKERS}),
            "inventory": ["-m", "ansible", "inventory", "-i", str(inventory), "--list"],
        }

    def _play(self, name: str, options: dict[str, Any]) -> list[str]:
        playbook = self.bench.folder / f"{name}.json"
        task = {"azure_containers.aci.aci_group_info": options}
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": [task]}]))
        return ["-m", "ansible", "playbook", str(playbook)]

    @staticmethod
    def inventory(path: Path, options: dict[str, Any]) -> None:
        """A configuration of the inventory plugin, at that path."""
        path.write_text(json.dumps({"plugin": "azure_containers.aci.aci", **options}))

    def run(self, name: str) -> Process:
        """Run a program to completion."""
        return self.bench.process([self.bench.python, *self._commands[name]], self._environment)

    def sign_ins(self, options: dict[str, Any]) -> int:
        """How often ansible-inventory signs in with this configuration."""
        path = self.bench.folder / "other.aci.yml"
        self.inventory(path, options)
        last = max(each["number"] for each in self.bench.requests())
        command = [self.bench.python, "-m", "ansible", "inventory", "-i", str(path), "--list"]
        self.bench.process(command, self._environment)
        return sum(each["number"] > last and each["path"].endswith("/token") for each in self.bench.requests())


def compared(programs: Programs, options: argparse.Namespace) -> list[str]:
    """Print the figures, and return the goals that are missed."""
    rounds = [{row.name: programs.run(row.name) for row in ROWS} for _round in range(options.rounds)]
    for found in rounds:
        if any(str(options.groups) not in found[name].printed for name in ("bare SDK", "bare SDK, views")):
            raise SystemExit("the bare SDK did not read the groups that were to be measured")
    seconds = {row.name: min(found[row.name].seconds for found in rounds) for row in ROWS}
    processor = {row.name: min(found[row.name].processor for found in rounds) for row in ROWS}
    print(f"\n{options.groups} groups, best of {options.rounds}")
    print(f"{'':32}{'s':>8}{'times':>8}{'goal':>8}{'CPU s':>8}{'times':>8}{'MB':>8}")
    missed = []
    for row in ROWS:
        times = seconds[row.name] / seconds[row.beside]
        of_processor = processor[row.name] / processor[row.beside]
        goal = GOALS.get(row.name)
        peak = max(found[row.name].peak for found in rounds)
        print(
            f"{row.name:32}{seconds[row.name]:8.2f}{times:8.2f}{'' if goal is None else goal:>8}"
            f"{processor[row.name]:8.2f}{of_processor:8.2f}{peak:8.0f}"
        )
        if goal is not None and times > goal:
            missed.append(f"{row.name} takes {times:.2f} times as long as {row.beside}, more than {goal}")
    return missed


def in_proportion(peaks: dict[int, float]) -> list[str]:
    """Print the memory of aci_group_info with more and more groups, and return whether it grows faster than they do."""
    few, half, whole = peaks
    first = (peaks[half] - peaks[few]) / (half - few)
    second = (peaks[whole] - peaks[half]) / (whole - half)
    steps = ", ".join(f"{peak:.0f} MB with {number}" for number, peak in peaks.items())
    print(f"memory: {steps} groups; {second * 1000:.1f} MB for each further 1000")
    if second > MOST_GROWTH * first:
        return [f"memory a group grows {second / first:.2f} times from {half} to {whole} groups"]
    return []


def signed_in_once(programs: Programs, azure: RunningEmulator) -> list[str]:
    """Print how often an inventory of two subscriptions signs in, and return whether that is too often."""
    names = [azure.variables["AZURE_SUBSCRIPTION_ID"], azure.variables["ACI_EMULATOR_SECOND_SUBSCRIPTION_ID"]]
    found = programs.sign_ins({"subscriptions": names, "instance_view": False})
    print(f"inventory of two subscriptions: {found} sign-in")
    return [] if found == 1 else [f"an inventory of two subscriptions made {found} sign-ins"]


if __name__ == "__main__":
    sys.exit(main())
