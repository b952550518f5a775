# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure how long `aci_group_info` takes to read many groups with their instance views.

    .venv/bin/python bench/instance_views.py [--groups 1000] [--delay 0.05] [--workers 16] [--loop 50]

Beside it stands what one would do without: a loop of single reads (of some of the groups, multiplied). The ideal is the
number of requests times the delay, divided by the workers; or, under a limit, what its token bucket lets through.
The engine is called as the module and the action plugin call it, so that Ansible's own start is not counted.
Exits with 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / ".venv/src"))

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.client import Client, connect
from ansible_collections.azure_containers.aci.plugins.module_utils._common.workers import Workers
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_group_info
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from emulator import COMMAND, RunningEmulator, clean_environment, emulator

BODY = {
    "location": "westeurope",
    "properties": {
        "osType": "Linux",
        "containers": [
            {
                "name": "web",
                "properties": {
                    "image": "mcr.microsoft.com/azuredocs/aci-helloworld",
                    "resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.0}},
                },
            }
        ],
    },
}
ROUNDS = 3
"""The best of several rounds counts, because other load on the machine only makes them longer."""

MOST_UNLIMITED, MOST_LIMITED = 1.3, 1.1
"""Targets: at most so many times the ideal, and what the limit allows (which no client can meet to the second)."""

LIMIT = (250, 25)
"""Token bucket of reads that Azure Resource Manager documents for a subscription: size, refill a second."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure instance views of many groups.")
    parser.add_argument("--groups", type=int, default=1000)
    parser.add_argument("--delay", type=float, default=0.05, help="seconds that each request takes")
    parser.add_argument("--workers", type=int, default=16)
    parser.add_argument("--loop", type=int, default=50, help="groups that are read one after another")
    options = parser.parse_args()
    for name in [name for name in os.environ if name.startswith(("AZURE_", "REQUESTS_CA"))]:
        del os.environ[name]
    many = ("--limit", f"ContainerGroups={options.groups}", "--limit", f"StandardCores={options.groups}")
    with emulator(runtime="simulated", speed=20, arguments=many) as azure:
        client = connect(azure.connection())
        prepare(client, options.groups)
        fault(azure, options.delay)
        ideal = options.groups * options.delay / options.workers
        worked = time.process_time()
        rounds = [measured(lambda: info(client, options.workers, options.groups)) for _round in range(ROUNDS)]
        worked = (time.process_time() - worked) / options.groups / ROUNDS
        seconds = min(rounds)
        one = measured(lambda: loop(client, options.loop)) / options.loop
        title = f"{options.groups} instance views, {options.delay * 1000:g} ms a request"
        print(f"{title}, {options.workers} workers: {seconds:.2f} s, {seconds / ideal:.2f} x ideal ({ideal:.2f} s)")
        print(f"that is the best of {ROUNDS} rounds: {', '.join(f'{each:.2f} s' for each in rounds)}")
        share = options.delay / options.workers
        print(f"processor time: {worked * 1000:.1f} ms a group; it has {share * 1000:.1f} ms")
        missed = seconds > MOST_UNLIMITED * ideal
        print(f"a loop of single reads: {one * options.groups:.1f} s, {one * options.groups / seconds:.1f} x as long")
    throttled = (*many, "--throttle", f"reads={LIMIT[0]}:{LIMIT[1]}")
    # A clock at real speed: the bucket fills by emulated seconds.
    with emulator(runtime="simulated", speed=1, arguments=throttled) as azure:
        client = connect(azure.connection())
        prepare(client, options.groups)
        fault(azure, options.delay)
        pages = -(-options.groups // 100)
        allowed = max(ideal, (options.groups + pages - LIMIT[0]) / LIMIT[1])
        seconds = measured(lambda: info(client, options.workers, options.groups))
        print(
            f"the same under a limit of {LIMIT[0]} reads and {LIMIT[1]} more a second: {seconds:.2f} s, "
            f"{seconds / allowed:.2f} x what the limit allows ({allowed:.2f} s)"
        )
        missed |= seconds > MOST_LIMITED * allowed
    return 1 if missed else 0


def prepare(client: Client, number: int) -> None:
    """The groups, which the emulator's clock makes run at once."""
    client.resource_groups.put("bench", {"location": "westeurope"})
    workers = Workers(8)
    unretried = client.without_retries()
    workers.map(
        lambda each: workers.request(lambda: unretried.put_group("bench", f"group-{each:04d}", BODY)), range(number)
    )


def fault(azure: RunningEmulator, delay: float) -> None:
    """Every request from now on takes this long."""
    subprocess.run(
        [str(COMMAND), "fault", "add", "--state-dir", str(azure.state_dir), "delay", "--seconds", str(delay)],
        check=True,
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
    )


def info(client: Client, workers: int, expected: int) -> None:
    """What the module does with instance_view: true."""
    params: dict[str, Any] = {name: each.get("default") for name, each in aci_group_info.SPEC.arguments.items()}
    params |= {"resource_group": "bench", "instance_view": True, "workers": workers}
    found = aci_group_info.run(Context(params, check_mode=False, diff_mode=False, client=client))
    states = [group["state"] for group in found["container_groups"]]
    if len(states) != expected or None in states:
        raise SystemExit(f"{len(states)} groups were read, {states.count(None)} without a state")


def loop(client: Client, number: int) -> None:
    """One read after another."""
    for each in range(number):
        client.get_group("bench", f"group-{each:04d}")


def measured(work: Callable[[], None]) -> float:
    """Seconds that the work takes."""
    started = time.monotonic()
    work()
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
