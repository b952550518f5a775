# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure how long it takes until many groups run, which each take some seconds to provision.

    .venv/bin/python bench/many_groups.py [--groups 100] [--provisioning 5]

The playbook `run_many.yml` creates them by one task of aci_groups, many at a time; Ansible's own start is counted.
Beside it stands what a loop that waits for each would take: of some groups, multiplied. Exits with 1 when the target is
missed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from emulator import RunningEmulator, clean_environment, emulator
from tree import ROOT

MOST = 3.0
"""The target: at most so many times as long as one group takes."""

SOURCES = ROOT / ".venv/src"
ONE_BY_ONE = [
    {
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [
            {
                "azure_containers.aci.aci_group": {
                    "resource_group": "bench",
                    "name": "bench-single-{{ item }}",
                    "containers": [{"name": "main", "image": "mcr.microsoft.com/azuredocs/aci-helloworld"}],
                },
                "loop": "{{ range(count) | list }}",
            }
        ],
    }
]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure how long many groups take to run.")
    parser.add_argument("--groups", type=int, default=100)
    parser.add_argument("--provisioning", type=float, default=5.0, help="seconds that each group takes")
    parser.add_argument("--single", type=int, default=2, help="groups that are created one after another")
    options = parser.parse_args()
    room = str(options.groups + options.single)
    arguments = ("--provisioning-seconds", str(options.provisioning), "--pull-seconds", "1")
    arguments += ("--limit", f"ContainerGroups={room}", "--limit", f"StandardCores={room}")
    with (
        emulator(runtime="simulated", speed=1, arguments=arguments) as azure,
        tempfile.TemporaryDirectory(prefix="aci_bench_") as folder,
    ):
        many = ["azure_containers.aci.run_many", "-e", "aci_prefix=bench", "-e", f"aci_count={options.groups}"]
        seconds = play(azure, Path(folder), many)
        print(
            f"{options.groups} groups of {options.provisioning:g} s run after {seconds:.1f} s, "
            f"{seconds / options.provisioning:.1f} x as long as one of them"
        )
        single = Path(folder) / "single.yml"
        single.write_text(json.dumps(ONE_BY_ONE))
        one = play(azure, Path(folder), [str(single), "-e", json.dumps({"count": options.single})]) / options.single
        print(f"one after another: {one * options.groups:.0f} s, {one * options.groups / seconds:.0f} x as long")
    return 1 if seconds > MOST * options.provisioning else 0


def play(azure: RunningEmulator, folder: Path, arguments: list[str]) -> float:
    """Seconds that a playbook takes."""
    environment = clean_environment() | azure.variables
    environment |= {"ANSIBLE_COLLECTIONS_PATH": str(SOURCES), "ANSIBLE_LOCALHOST_WARNING": "false"}
    started = time.monotonic()
    done = subprocess.run(
        [str(ROOT / ".venv/bin/ansible-playbook"), *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"a playbook failed:\n{done.stdout}{done.stderr}")
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
