# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure what a task costs through each door of the collection, beside `ansible.builtin.ping` in the same run.

    .venv/bin/python bench/doors.py [--python PYTHON]... [--azcollection PYTHON]

Every task finds a container group as it should be, so a task is one request at best, and the service takes no time.
The kinds of task stand in turn in one playbook, so that other work on the machine meets all of them alike; a figure is
the median. A loop's figure is the median from one item's end to the next one's. What is trusted is a bundle of real
authorities with the emulator's own added, since a bundle takes time to read.

--python names interpreters with ansible-core and the requirements (BENCH_PYTHONS, separated by colons; this one).
--azcollection names one that can also import what azure.azcollection requires, with the collection where it looks for
collections or in BENCH_AZCOLLECTION_PATH (BENCH_AZCOLLECTION). Exits with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import certifi

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from emulator import COMMAND, RunningEmulator, clean_environment, emulator
from tree import ROOT

HERE = Path(__file__).parent
TASKS, ITEMS, MANY = 20, 40, 100

DOORS = {"in-process": True, "module": False}
TARGETS = {("in-process", "task"): 0.16, ("in-process", "item"): 0.12, ("module", "task"): 1.9}
"""At most so many pings. That of the module door is for the newest core that is measured."""
DEBUGS = 2.5
"""At most so many `ansible.builtin.debug` tasks, which have no module, for a task in-process."""
ONE_TASK = 1.4
"""At most so many times a play without tasks, for a play of one task in-process."""
PLAYS = {"play without tasks": 0, "play of one task": 1}
ROUNDS, COUNTED = 7, 10
"""How often each of these plays, and how many tasks the seconds of the processor are counted of."""

GROUP: dict[str, Any] = {
    "resource_group": "bench",
    "name": "bench",
    "location": "westeurope",
    "containers": [{"name": "web", "image": "mcr.microsoft.com/azuredocs/aci-helloworld"}],
}
SAME_IN_AZCOLLECTION: dict[str, Any] = {
    "resource_group": "bench",
    "name": "bench",
    "os_type": "linux",
    "containers": [{"name": "web", "image": "mcr.microsoft.com/azuredocs/aci-helloworld", "memory": 1.5, "cpu": 1}],
}


@dataclass
class Process:
    """A program that has ended: its seconds, those of the processor that it and its children took, its greatest MB."""

    printed: str
    seconds: float
    processor: float
    peak: float


@dataclass
class Run:
    """One playbook that was played, and the seconds of its tasks and items by name."""

    tasks: dict[str, list[float]]
    items: dict[str, list[float]]
    process: Process
    requests: int
    sign_ins: int

    def median(self, kind: str, name: str) -> float:
        found = (self.tasks if kind == "task" else self.items)[name]
        return statistics.median(found)


@dataclass
class Bench:
    python: str
    azure: RunningEmulator
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)  # beside those that the emulator prints

    def core(self) -> str:
        """The version of ansible-core, and of Python."""
        code = "import ansible.release, platform; print(ansible.release.__version__, platform.python_version())"
        printed, _peak = self.run([self.python, "-c", code], clean_environment())
        return "ansible-core {}, Python {}".format(*printed.split())

    def play(self, tasks: list[dict[str, Any]]) -> Run:
        playbook, timeline = self.folder / "playbook.yml", self.folder / "timeline"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
        timeline.write_text("")
        before = self._counted()
        process = self.process([self.python, "-m", "ansible", "playbook", str(playbook)], self.environment(timeline))
        after = self._counted()
        events = [json.loads(line) for line in timeline.read_text().splitlines()]
        return Run(*_durations(events), process, *(new - old for new, old in zip(after, before, strict=True)))

    def environment(self, timeline: Path) -> dict[str, str]:
        paths = [str(ROOT / ".venv" / "src"), *filter(None, [os.environ.get("BENCH_AZCOLLECTION_PATH")])]
        return (
            clean_environment()
            | self.azure.variables
            | self.variables
            | {
                "ANSIBLE_COLLECTIONS_PATH": os.pathsep.join(paths),
                "ANSIBLE_HOME": str(self.folder / "home"),
                "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
                "ANSIBLE_CALLBACKS_ENABLED": "timeline",
                "ANSIBLE_LOCALHOST_WARNING": "false",
                "BENCH_TIMELINE": str(timeline),
            }
        )

    def run(self, command: list[str], environment: dict[str, str]) -> tuple[str, float]:
        """What a program printed, and the memory in MB of the greatest process among it and its children."""
        process = self.process(command, environment)
        return process.printed, process.peak

    def process(self, command: list[str], environment: dict[str, str]) -> Process:
        """Run a program, and measure it."""
        output = self.folder / "output"
        with output.open("wb") as file, open(os.devnull, "rb") as nothing:
            actions = [(os.POSIX_SPAWN_DUP2, nothing.fileno(), 0)]
            actions += [(os.POSIX_SPAWN_DUP2, file.fileno(), number) for number in (1, 2)]
            started = time.monotonic()
            pid = os.posix_spawn(command[0], command, environment, file_actions=actions)
            _pid, status, usage = os.wait4(pid, 0)
            seconds = time.monotonic() - started
        printed = output.read_text(errors="replace")
        if status:
            raise SystemExit(f"{' '.join(command)} failed:\n{printed}")
        return Process(printed, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)

    def _counted(self) -> tuple[int, int]:
        """Requests to the resource manager, and sign-ins, since the emulator started."""
        command = [str(COMMAND), "requests", "--state-dir", str(self.azure.state_dir)]
        paths = [request["path"] for request in json.loads(self.run(command, clean_environment())[0])]
        sign_ins = sum(path.endswith("/token") for path in paths)
        return sum(path.lower().startswith("/subscriptions") for path in paths), sign_ins


def _durations(events: list[list[Any]]) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Seconds of each task from its start to the next one's, and of each item from the end of the one before."""
    tasks: dict[str, list[float]] = {}
    items: dict[str, list[float]] = {}
    started, name, last_item = 0.0, "", None
    for moment, event, title in events:
        if event == "item":
            if last_item is not None:
                items.setdefault(name, []).append(moment - last_item)
            last_item = moment
            continue
        if name:
            tasks.setdefault(name, []).append(moment - started)
        started, name, last_item = moment, title, None
    return tasks, items


def ours(name: str, in_process: bool, **more: Any) -> dict[str, Any]:
    task = {"name": name, "azure_containers.aci.aci_group": GROUP, "vars": {"aci_in_process": in_process}}
    return {**task, "failed_when": "aci_result is changed", "register": "aci_result", **more}


def measure(bench: Bench, newest: bool) -> list[str]:
    """Print the figures of an interpreter, and return the targets that it misses."""
    ping = {"name": "ping", "ansible.builtin.ping": {}}
    debug = {"name": "debug", "ansible.builtin.debug": {"msg": "ok"}}
    each = [ping, *(ours(name, in_process) for name, in_process in DOORS.items())]
    loop = {"loop": list(range(ITEMS))}
    # What comes first pays for Ansible's own first task.
    turns = bench.play([ping, *[*each, debug] * TASKS])
    loops = bench.play([{**task, **loop, **({"failed_when": False} if task is not ping else {})} for task in each])
    missed = []
    print(f"\n{bench.core()}")
    print(f"{'':24}{'s/task':>9}{'pings':>8}{'s/item':>9}{'pings':>8}{'CPU s':>9}{'pings':>8}{'MB':>8}")
    start, of_ping = bench.play([]).process.processor, None
    for name in ("ping", *DOORS):
        alone = bench.play([ping if name == "ping" else ours(name, DOORS[name])] * COUNTED)
        processor = (alone.process.processor - start) / COUNTED
        of_ping = processor if of_ping is None else of_ping
        cells = ""
        for kind, run in (("task", turns), ("item", loops)):
            seconds = run.median(kind, name)
            ratio = seconds / turns.median("task", "ping")
            cells += f"{seconds:9.3f}{ratio:8.2f}"
            limit = TARGETS.get((name, kind))
            if limit is not None and ratio > limit and (name != "module" or newest):
                missed.append(f"{bench.core()}: {name} {kind} costs {ratio:.2f} pings, more than {limit}")
        print(f"{name:24}{cells}{processor:9.3f}{processor / of_ping:8.2f}{alone.process.peak:8.0f}")
    debugs = turns.median("task", "in-process") / turns.median("task", "debug")
    print(f"{'debug':24}{turns.median('task', 'debug'):9.3f}: in-process takes {debugs:.2f} times as long")
    if debugs > DEBUGS:
        missed.append(f"{bench.core()}: in-process task costs {debugs:.2f} debug tasks, more than {DEBUGS}")
    missed += measure_plays(bench)
    for name, in_process in DOORS.items():
        run = bench.play([ours(name, in_process)] * (MANY if in_process else TASKS))
        count = len(run.tasks[name])
        print(f"{name}: {count} tasks made {run.requests} requests and {run.sign_ins} sign-ins")
        if run.requests > count:
            missed.append(f"{bench.core()}: {name} made {run.requests} requests in {count} tasks")
        if in_process and run.sign_ins > 1:
            missed.append(f"{bench.core()}: {run.sign_ins} sign-ins in one run of {count} tasks")
    return missed


def measure_plays(bench: Bench) -> list[str]:
    """Print how long whole plays take, Ansible's own start included, and return the target that is missed."""
    rounds = [
        {name: bench.play([ours("one", True)] * count).process for name, count in PLAYS.items()} for _ in range(ROUNDS)
    ]
    print(f"{'':24}{'s':>9}{'times':>8}{'CPU s':>9}{'times':>8}")
    base, ratio = next(iter(PLAYS)), 1.0
    for name in PLAYS:
        seconds, ratio = _beside([(run[name].seconds, run[base].seconds) for run in rounds])
        processor, of_processor = _beside([(run[name].processor, run[base].processor) for run in rounds])
        print(f"{name:24}{seconds:9.3f}{ratio:8.2f}{processor:9.3f}{of_processor:8.2f}")
    if ratio > ONE_TASK:
        return [
            f"{bench.core()}: a play of one task takes {ratio:.2f} times a play without tasks, more than {ONE_TASK}"
        ]
    return []


def _beside(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    """The median of the first, and of how many times the second it is."""
    return statistics.median(one for one, _other in pairs), statistics.median(one / other for one, other in pairs)


def rows() -> list[str]:
    """The names of the rows that are printed."""
    return ["ping", *DOORS, "debug", *PLAYS]


def measure_azcollection(bench: Bench) -> None:
    """Print what the same task costs through azure.azcollection."""
    variables, url = bench.azure.variables, bench.azure.url
    bench.variables |= {
        # What it calls them. Its releases from 3.15.0 find a private cloud in a list that Azure CLI's library reads.
        "AZURE_TENANT": variables["AZURE_TENANT_ID"],
        "AZURE_SECRET": variables["AZURE_CLIENT_SECRET"],
        "AZURE_ADFS_AUTHORITY_URL": url,
        "AZURE_CLOUD_ENVIRONMENT": url,
        "ARM_CLOUD_METADATA_URL": f"{url}/metadata/endpoints?api-version=2019-05-01",
        "AZURE_CONFIG_DIR": str(bench.folder / "azure"),
    }
    ping = {"name": "ping", "ansible.builtin.ping": {}}
    task = {"name": "azcollection", "azure.azcollection.azure_rm_containerinstance": SAME_IN_AZCOLLECTION}
    run = bench.play([ping, *[ping, task] * TASKS])
    seconds = run.median("task", "azcollection")
    items = bench.play([{**task, "loop": list(range(ITEMS // 4))}]).median("item", "azcollection")
    alone = bench.play([task])
    ratio, item_ratio = (value / run.median("task", "ping") for value in (seconds, items))
    print(f"{'azure.azcollection':24}{seconds:9.3f}{ratio:8.2f}{items:9.3f}{item_ratio:8.2f}{alone.process.peak:8.0f}")
    print(f"azure.azcollection: {TASKS} tasks made {run.requests} requests and {run.sign_ins} sign-ins")


@contextmanager
def prepared(python: str) -> Iterator[Bench]:
    """An emulator with the group in it."""
    with emulator(runtime="simulated", speed=100) as azure, tempfile.TemporaryDirectory(prefix="aci_bench_") as name:
        bench = Bench(python, azure, Path(name))
        bundle = bench.folder / "ca.pem"
        bundle.write_bytes(Path(certifi.where()).read_bytes() + azure.ca.read_bytes())
        bench.variables = {"AZURE_CA_BUNDLE": str(bundle)}
        created = {key: value for key, value in GROUP.items() if key != "location"}
        bench.play(
            [
                {"azure_containers.aci.resource_group": {"name": "bench", "location": "westeurope"}},
                {"azure_containers.aci.aci_group": created},
            ]
        )
        yield bench


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure what a task costs through each door.")
    given = [name for name in os.environ.get("BENCH_PYTHONS", "").split(":") if name]
    parser.add_argument("--python", action="append", help="an interpreter with ansible-core and the requirements")
    parser.add_argument(
        "--azcollection", default=os.environ.get("BENCH_AZCOLLECTION"), help="one for azure.azcollection"
    )
    options = parser.parse_args()
    pythons = options.python or given or [sys.executable]
    missed: list[str] = []
    for number, python in enumerate(pythons, 1):
        with prepared(python) as bench:
            missed += measure(bench, newest=number == len(pythons))
    if options.azcollection:
        with prepared(options.azcollection) as bench:
            measure_azcollection(bench)
    for line in missed:
        print(f"missed: {line}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
