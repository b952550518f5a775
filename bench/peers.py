# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure the same work by this collection, azure.azcollection, az and the bare SDK, beside `ansible.builtin.ping`.

    .venv/bin/python bench/peers.py [--tasks 20]

There are three operations: find a container group as it should be, create one, read one. Every tool gets the same
definition and groups of its own, runs through the interception of the same emulator, so that none is configured for it,
and waits until a new group is provisioned, which the service does at once. A figure is the median of the tasks after
the first, which is shown by itself.

Ansible's tasks alternate in one playbook, and programs alternate as well, so that other work on the machine affects all
of them alike. A task ends when its worker has ended. Processor time is that of all processes of a task or program,
without the emulator's. Ratios are to ping in the same playbook. Requests are counted in separate runs.

The tools are those that `make conformance` and `make conformance-az` install; one that cannot be installed is skipped,
and named. Exits with 1 if a tool did not do what was to be measured.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "emulator/tests/conformance"))

from doors import DOORS, HERE, Bench, clean_environment, emulator

from clients import EnvironmentFailed, az_program, azcollection_programs, sdk_python

RESOURCE_GROUP, LOCATION = "peers", "westeurope"
IMAGE = "mcr.microsoft.com/azuredocs/aci-helloworld"
PORT = 80
"""Each group has a public address: azure.azcollection's info module fails on a group without one."""

SDK = "10.1.0"
"""The version that azure.azcollection requires, so that every program in Python has the same one."""

TASKS, COUNTED = 20, 3
OPERATIONS = ("create", "no-change", "info")
"""The operations. The first group that a tool creates is the one that it finds and reads later."""

PING, DEBUG, AZCOLLECTION = "ping", "debug", "azure.azcollection"
AZ, SDK_PROCESS, SDK_LOOP = "az", "bare SDK, a process each", "bare SDK, one process"
OURS = {f"this collection, {door}": in_process for door, in_process in DOORS.items()}
WRITES = ("PUT", "PATCH", "POST", "DELETE")

NOTES = """\
What each tool does to find a group as it should be:
  this collection      reads the group, compares it with the task, and writes nothing
  azure.azcollection   reads the resource group and the group, compares only the tags, and misses another image
  az, bare SDK         compare nothing, and send the definition again\
"""


@dataclass
class Figures:
    """What one operation took by one tool: seconds and processor seconds of each task, and requests."""

    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    requests: float = 0.0  # a task
    writes: float = 0.0  # a task
    sign_ins: int = 0  # of COUNTED tasks

    def add(self, seconds: float, processor: float) -> None:
        self.seconds.append(seconds)
        self.processor.append(processor)


class Names:
    """Names of container groups: new ones to create, and one that is there."""

    def __init__(self) -> None:
        self._numbers: dict[str, Iterator[int]] = {}

    def of(self, peer: str, operation: str) -> str:
        if operation != "create":
            return f"{slug(peer)}-0"
        return f"{slug(peer)}-{next(self._numbers.setdefault(peer, itertools.count()))}"


def slug(peer: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in peer.lower())


@dataclass
class Peers(Bench):
    """The tools that could be installed, and the emulator that they work on."""

    az: Path | None = None
    sdk: Path | None = None  # its interpreter
    azcollection: bool = False
    names: Names = field(default_factory=Names)

    def ansible(self) -> dict[str, Callable[[str], dict[str, Any]]]:
        """What makes a task for an operation, by the name of what it measures."""
        made: dict[str, Callable[[str], dict[str, Any]]] = {
            PING: lambda _operation: {"ansible.builtin.ping": {}},
            DEBUG: lambda _operation: {"ansible.builtin.debug": {"msg": "ok"}},
        }
        for name, in_process in OURS.items():
            made[name] = self._ours(name, in_process)
        if self.azcollection:
            made[AZCOLLECTION] = self._azcollection
        return made

    def _ours(self, peer: str, in_process: bool) -> Callable[[str], dict[str, Any]]:
        def task(operation: str) -> dict[str, Any]:
            options: dict[str, Any] = {"resource_group": RESOURCE_GROUP, "name": self.names.of(peer, operation)}
            common = {"vars": {"aci_in_process": in_process}, **expected(operation, "container_groups | length == 1")}
            if operation == "info":
                return {"azure_containers.aci.aci_group_info": options, **common}
            container = {"name": "web", "image": IMAGE, "ports": [{"port": PORT}]}
            address = {"type": "Public", "ports": [{"port": PORT}]}
            options |= {"location": LOCATION, "ip_address": address, "containers": [container]}
            return {"azure_containers.aci.aci_group": options, **common}

        return task

    def _azcollection(self, operation: str) -> dict[str, Any]:
        options: dict[str, Any] = {"resource_group": RESOURCE_GROUP, "name": self.names.of(AZCOLLECTION, operation)}
        common = expected(operation, "containerinstances | length == 1")
        if operation == "info":
            return {"azure.azcollection.azure_rm_containerinstance_info": options, **common}
        container = {"name": "web", "image": IMAGE, "cpu": 1, "memory": 1.5, "ports": [PORT]}
        address = {"ip_address": "public", "ports": [PORT]}
        options |= {"location": LOCATION, "os_type": "linux", "containers": [container], **address}
        return {"azure.azcollection.azure_rm_containerinstance": options, **common}

    def programs(self) -> dict[str, Callable[[str, int], list[str]]]:
        """What makes the command line for an operation on some groups, by the name of the tool."""
        made: dict[str, Callable[[str, int], list[str]]] = {}
        if self.az:
            made[AZ] = lambda operation, _number: self._az(operation)
        if self.sdk:
            made[SDK_PROCESS] = lambda operation, number: self._bare_sdk(SDK_PROCESS, operation, number)
        return made

    def _az(self, operation: str) -> list[str]:
        group = ["--resource-group", RESOURCE_GROUP, "--name", self.names.of(AZ, operation), "--output", "json"]
        if operation == "info":
            return [str(self.az), "container", "show", *group]
        container = ["--image", IMAGE, "--os-type", "Linux", "--cpu", "1", "--memory", "1.5"]
        address = ["--ip-address", "Public", "--ports", str(PORT)]
        return [str(self.az), "container", "create", *group, "--location", LOCATION, *container, *address]

    def _bare_sdk(self, peer: str, operation: str, number: int) -> list[str]:
        names = [self.names.of(peer, operation) for _ in range(number)]
        program = HERE / "programs" / "bare_sdk.py"
        return [str(self.sdk), str(program), operation, RESOURCE_GROUP, LOCATION, IMAGE, str(PORT), *names]

    def surroundings(self) -> dict[str, str]:
        """The environment of programs."""
        return clean_environment() | self.azure.variables | self.variables

    def sign_in_az(self) -> None:
        """Once, as its users do; it keeps the token."""
        known = self.azure.variables
        identity = ["-u", known["AZURE_CLIENT_ID"], "-p", known["AZURE_CLIENT_SECRET"]]
        whose = ["--tenant", known["AZURE_TENANT_ID"], "--output", "none"]
        self.run([str(self.az), "login", "--service-principal", *identity, *whose], self.surroundings())

    def timeline(self, tasks: list[dict[str, Any]]) -> dict[str, Figures]:
        """Play tasks, and return what those of each name took."""
        playbook, timeline = self.folder / "playbook.yml", self.folder / "timeline"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
        timeline.write_text("")
        variables = self.environment(timeline) | {"BENCH_PROCESSOR": "true"}
        self.run([self.python, "-m", "ansible", "playbook", str(playbook)], variables)
        events = [json.loads(line) for line in timeline.read_text().splitlines()]
        found: dict[str, Figures] = {}
        for (begun, _event, name, before), (ended, _next, _name, after) in itertools.pairwise(events):
            found.setdefault(name, Figures()).add(ended - begun, after - before)
        return found

    def measure(self, operation: str, number: int) -> dict[str, Figures]:
        """What an operation took by each tool, in the order of the table."""
        makers, programs = self.ansible(), self.programs()
        turns = [{"name": name, **make(operation)} for _ in range(number + 1) for name, make in makers.items()]
        found = self.timeline(turns)
        for _ in range(number + 1):
            for name, command in programs.items():
                process = self.process(command(operation, 1), self.surroundings())
                found.setdefault(name, Figures()).add(process.seconds, process.processor)
        if self.sdk:
            printed, _peak = self.run(self._bare_sdk(SDK_LOOP, operation, number + 1), self.surroundings())
            found[SDK_LOOP] = Figures()
            for seconds, processor in json.loads(printed):
                found[SDK_LOOP].add(seconds, processor)
        for name, figures in found.items():
            self._count(name, operation, figures)
        return found

    def _count(self, name: str, operation: str, figures: Figures) -> None:
        """Run some more tasks, and note the requests that they make."""
        before = max((request["number"] for request in self.requests()), default=0)
        if name == SDK_LOOP:
            self.run(self._bare_sdk(name, operation, COUNTED), self.surroundings())
        elif name in self.programs():
            for _ in range(COUNTED):
                self.run(self.programs()[name](operation, 1), self.surroundings())
        else:
            self.timeline([{"name": name, **self.ansible()[name](operation)} for _ in range(COUNTED)])
        made = [request for request in self.requests() if request["number"] > before]
        asked = [request for request in made if request["path"].lower().startswith("/subscriptions")]
        figures.requests = len(asked) / COUNTED
        figures.writes = sum(request["method"] in WRITES for request in asked) / COUNTED
        figures.sign_ins = sum(request["path"].endswith("/token") for request in made)
        if name not in (PING, DEBUG) and operation == "create" and figures.writes < 1:
            raise SystemExit(f"not what was to be measured: {name} created nothing")
        if name in OURS and operation == "no-change" and (figures.writes, figures.requests) != (0, 1):
            raise SystemExit(
                f"{name} made {requests(figures)} requests a task to find a group as it should be, not one"
            )


def rows() -> list[str]:
    """The names of the rows that are printed for each operation, if every tool can be installed."""
    return [PING, DEBUG, *OURS, AZCOLLECTION, AZ, SDK_PROCESS, SDK_LOOP]


def expected(operation: str, found: str) -> dict[str, Any]:
    """What makes a task fail that did not do what was to be measured."""
    wrong = {"create": "result is not changed", "no-change": "result is changed", "info": f"not (result.{found})"}
    return {"register": "result", "failed_when": f"result is failed or {wrong[operation]}"}


def show(operation: str, found: dict[str, Figures]) -> None:
    """Print the table of an operation. First tasks have their own column: they load what later ones find loaded."""
    ping = found[PING]
    print(f"\n{operation:30}{'s':>8}{'pings':>8}{'cpu s':>8}{'pings':>8}{'first s':>9}  requests a task")
    for name, figures in found.items():
        cells = ""
        for of, of_ping in ((figures.seconds, ping.seconds), (figures.processor, ping.processor)):
            median = statistics.median(of[1:])
            cells += f"{median:8.3f}{median / statistics.median(of_ping[1:]):8.2f}"
        told = "" if name in (PING, DEBUG) else f"  {requests(figures)}"
        print(f"{name:30}{cells}{figures.seconds[0]:9.3f}{told}")


def requests(figures: Figures) -> str:
    writes = f", {figures.writes:.3g} of them to write" if figures.writes else ""
    told = {0: "signed in before", 1: "one sign-in a run", COUNTED: "a sign-in each"}
    sign_ins = told.get(figures.sign_ins, f"{figures.sign_ins / COUNTED:.3g} sign-ins each")
    return f"{figures.requests:.3g}{writes}; {sign_ins}"


@contextmanager
def prepared(tasks: int, skipped: list[str]) -> Iterator[Peers]:
    """Every tool that can be installed, and an emulator whose limits nobody reaches."""
    clients: dict[str, Path] = {}
    for name, install in (
        (AZCOLLECTION, azcollection_programs),
        (AZ, az_program),
        ("bare SDK", lambda: sdk_python(SDK)),
    ):
        try:
            clients[name] = install()
        except EnvironmentFailed as error:
            skipped.append(name)
            print(f"skipped: {name}, which cannot be installed: {str(error).strip().splitlines()[-1]}")
    most = 10 * (tasks + COUNTED + 1)
    limits = ("ContainerGroups", "StandardCores", "ContainerGroupCreation-pt5m", "ContainerGroupCreation-pt1h")
    arguments = [word for limit in limits for word in ("--limit", f"{limit}={most}")]
    arguments += ["--provisioning-seconds", "0", "--pull-seconds", "0"]
    with (
        emulator(runtime="simulated", speed=100, arguments=tuple(arguments)) as azure,
        tempfile.TemporaryDirectory(prefix="aci_bench_") as folder,
    ):
        # This collection runs where azure.azcollection does: with the same Ansible, and the same Azure packages.
        python = str(clients[AZCOLLECTION] / "python") if AZCOLLECTION in clients else sys.executable
        intercepted = azure.intercepted()
        variables = {
            "AZURE_TENANT": intercepted.variables["AZURE_TENANT_ID"],  # azure.azcollection's names
            "AZURE_SECRET": intercepted.variables["AZURE_CLIENT_SECRET"],
            "AZURE_CORE_COLLECT_TELEMETRY": "false",
        }
        az, sdk = clients.get(AZ), clients.get("bare SDK")
        peers = Peers(python, intercepted, Path(folder), variables, az, sdk, azcollection=AZCOLLECTION in clients)
        group = {"name": RESOURCE_GROUP, "location": LOCATION}
        peers.timeline([{"name": "prepare", "azure_containers.aci.resource_group": group}])
        if peers.az:
            peers.sign_in_az()
        yield peers


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the same work by this collection and by other tools.")
    parser.add_argument("--tasks", type=int, default=TASKS)
    options = parser.parse_args()
    skipped: list[str] = []
    with prepared(options.tasks, skipped) as peers:
        print(f"\n{peers.core()}; medians of {options.tasks}, after the first")
        for operation in OPERATIONS:
            show(operation, peers.measure(operation, options.tasks))
    print(f"\n{NOTES}")
    print(f"{len(skipped)} tools skipped{': ' * bool(skipped)}{', '.join(skipped)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
