# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure `aci_groups` with many groups, beside the bare SDK and a loop of `aci_group`.

    .venv/bin/python bench/estates.py [--groups 1000] [--changed 100] [--loop 20]

Without differences, what counts is processor time, which other work on the machine does not lengthen: that of the task,
the check of its options and its masking included, beside that of the SDK when it lists the same groups. Changes and
`health: all` are measured in seconds beside what the service lets through; other work on the machine lengthens them,
and the processor time beside them says whether it did. The pace alone is held by unit tests, without a clock. The
engine is called as both doors call it, so that Ansible's own start is not counted. Exits with 1 when a target is
missed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent / "programs"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / ".venv/src"))

from instance_views import LIMIT, fault, measured, prepare

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.client import Client, connect
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_group, aci_groups
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context, ModuleSpec
from emulator import RunningEmulator, emulator

MOST_UNCHANGED = 1.5
"""Target: at most so many times the processor time that the bare SDK takes to list the groups."""

MOST_UNCHANGED_SECONDS = 4.0
MOST_LIMITED = 1.1
"""Target: at most so many times what the limits, or the operations of the groups, take."""

PROVISIONING = 5.0
DELAY = 0.05
FIRST = 1
"""Groups that are changed first, to measure how long one takes."""
ROUNDS = 3


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure aci_groups with many groups.")
    parser.add_argument("--groups", type=int, default=1000)
    parser.add_argument("--changed", type=int, default=100)
    parser.add_argument("--loop", type=int, default=20, help="groups of the loop of aci_group")
    parser.add_argument("--workers", type=int, default=16)
    options = parser.parse_args()
    for name in [name for name in os.environ if name.startswith(("AZURE_", "REQUESTS_CA"))]:
        del os.environ[name]
    room = ("--limit", f"ContainerGroups={options.groups}", "--limit", f"StandardCores={options.groups}")
    # What is created for the measurement must not count in it: the windows have room for that besides.
    for window, number in (("pt5m", 100), ("pt1h", 300)):
        room += ("--limit", f"ContainerGroupCreation-{window}={options.groups + FIRST + number}")
    missed = False
    with emulator(runtime="simulated", speed=20, arguments=room) as azure:
        client = connect(azure.connection())
        prepare(client, options.groups)
        missed |= unchanged(azure, client, options)
    timed = (*room, "--provisioning-seconds", str(PROVISIONING), "--pull-seconds", "1")
    with emulator(runtime="simulated", speed=1, arguments=timed) as azure:
        client = connect(azure.connection())
        prepare(client, options.groups)
        missed |= changed(client, options)
    throttled = (*room, "--throttle", f"reads={LIMIT[0]}:{LIMIT[1]}")
    with emulator(runtime="simulated", speed=1, arguments=throttled) as azure:
        client = connect(azure.connection())
        prepare(client, options.groups)
        fault(azure, DELAY)
        missed |= healthy(client, options)
    return 1 if missed else 0


def unchanged(azure: RunningEmulator, client: Client, options: argparse.Namespace) -> bool:
    """A run that finds nothing to do. Returns whether a target was missed."""
    sdk = bare_sdk(azure)
    listing = min(processor(lambda: list(sdk())) for _round in range(ROUNDS))
    rounds = [(processor(lambda: run(client, options)), measured(lambda: run(client, options))) for _ in range(ROUNDS)]
    worked, seconds = min(each[0] for each in rounds), min(each[1] for each in rounds)
    print(
        f"{options.groups} unchanged: {worked:.2f} s of the processor, {worked / listing:.2f} x what the bare SDK "
        f"takes to list them ({listing:.2f} s); {seconds:.2f} s in all"
    )
    loop = measured(lambda: one_by_one(client, options.loop)) / options.loop * options.groups
    print(f"a loop of aci_group, without Ansible's own part: {loop:.1f} s, {loop / seconds:.1f} x as long")
    return worked > MOST_UNCHANGED * listing or seconds > MOST_UNCHANGED_SECONDS


def changed(client: Client, options: argparse.Namespace) -> bool:
    """A run that changes some, beside one that changes a single group. Returns whether the target was missed."""
    while any(str(group["properties"]["provisioningState"]) != "Succeeded" for group in client.each_group("bench")):
        time.sleep(0.5)  # a group that is being created takes no change
    listing = timed(lambda: run(client, options))[0]
    one = timed(lambda: run(client, options, FIRST))[0] - listing
    # As many at a time as there are workers.
    allowed = listing + -(-options.changed // options.workers) * one
    seconds, worked = timed(lambda: run(client, options, options.changed, FIRST))
    print(
        f"{options.changed} changed of {options.groups}, {options.workers} at a time: {seconds:.1f} s, "
        f"{seconds / allowed:.2f} x what their operations take ({allowed:.1f} s, {one:.1f} s for one); "
        f"{worked:.1f} s of the processor"
    )
    return seconds > MOST_LIMITED * allowed


def healthy(client: Client, options: argparse.Namespace) -> bool:
    """A run that reads every group under the limit of reads. Returns whether the target was missed."""
    pages = -(-options.groups // 100)
    ideal = options.groups * DELAY / options.workers
    allowed = max(ideal, (options.groups + pages - LIMIT[0]) / LIMIT[1])
    seconds, worked = timed(lambda: run(client, options, health="all"))
    print(
        f"health: all of {options.groups} under {LIMIT[0]} reads and {LIMIT[1]} more a second: {seconds:.1f} s, "
        f"{seconds / allowed:.2f} x what the limit allows ({allowed:.1f} s); {worked:.1f} s of the processor"
    )
    return seconds > MOST_LIMITED * allowed


def entry(number: int, is_changed: bool) -> dict[str, Any]:
    image = "mcr.microsoft.com/azuredocs/aci-helloworld"
    container = {
        "name": "web",
        "image": f"{image}:next" if is_changed else image,
        "resources": {"requests": {"cpu": 1.0, "memory_in_gb": 1.0}},
    }
    return {"name": f"group-{number:04d}", "containers": [container]}


def run(client: Client, options: argparse.Namespace, number: int = 0, before: int = 0, **more: Any) -> None:
    """What a door does with a task of aci_groups that changes some groups, after those that were changed before."""
    groups = [entry(each, each < before + number) for each in range(options.groups)]
    given = {
        "groups": groups,
        "defaults": {"resource_group": "bench", "location": "westeurope"},
        "workers": options.workers,
    }
    result = perform(aci_groups.SPEC, client, {**given, **more})
    summary = result["summary"]
    if summary["container_groups"] != options.groups or summary["changed"] != number or summary["failed"]:
        raise SystemExit(f"not what was to be measured: {summary}")
    if more and summary["healthy"] != options.groups:
        raise SystemExit(f"not what was to be measured: {summary}")


def one_by_one(client: Client, number: int) -> None:
    for each in range(number):
        options = {"resource_group": "bench", "location": "westeurope", **entry(each, False)}
        if perform(aci_group.SPEC, client, options)["changed"]:
            raise SystemExit("a group of the loop was changed")


def perform(spec: ModuleSpec, client: Client, given: dict[str, Any]) -> dict[str, Any]:
    """Check the options, run the engine, mask the result."""
    refused, _deprecated = spec.checked(given)
    if refused is not None:
        raise SystemExit(str(refused))
    params = {name: each.get("default") for name, each in spec.arguments.items()} | given
    masker = spec.masker(params)
    spec.shown(params)
    result = spec.perform(Context(params, check_mode=False, diff_mode=False, client=client, masker=masker))
    masked: dict[str, Any] = masker.result(result)
    return masked


def bare_sdk(azure: RunningEmulator) -> Callable[[], Any]:
    """What lists the groups with nothing but the SDK."""
    from list_groups import client_of

    client = client_of(azure.connection())
    return lambda: client.container_groups.list_by_resource_group("bench")


def processor(work: Callable[[], Any]) -> float:
    """Seconds of the processor that the work takes in this process."""
    return timed(work)[1]


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds that the work takes, and how many of them on the processor in this process."""
    started, before = time.monotonic(), time.process_time()
    work()
    return time.monotonic() - started, time.process_time() - before


if __name__ == "__main__":
    sys.exit(main())
