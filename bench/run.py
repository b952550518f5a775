# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure what a task costs: seconds a task and a loop item, beside `ansible.builtin.ping`.

Each figure is the slope between a short and a long playbook, so that Ansible's own start is not counted; the best of
some runs, so that other work on the machine counts little. The service takes no time: the emulator runs fast.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from emulator import RunningEmulator, clean_environment, emulator
from tree import ROOT

FEW, MANY, REPEATS = 2, 12, 3

GROUP: dict[str, Any] = {
    "resource_group": "bench",
    "name": "bench",
    "containers": [{"name": "web", "image": "mcr.microsoft.com/azuredocs/aci-helloworld"}],
}
CASES: dict[str, dict[str, Any]] = {
    "ansible.builtin.ping": {"ansible.builtin.ping": {}},
    "aci_group, unchanged": {"azure_containers.aci.aci_group": GROUP},
    "aci_group_info, one group": {"azure_containers.aci.aci_group_info": {"resource_group": "bench", "name": "bench"}},
    "aci_logs": {"azure_containers.aci.aci_logs": {"resource_group": "bench", "name": "bench"}},
    "resource_group, unchanged": {"azure_containers.aci.resource_group": {"name": "bench", "location": "westeurope"}},
}


def main() -> int:
    with emulator(runtime="simulated", speed=100) as azure, tempfile.TemporaryDirectory(prefix="aci-bench-") as name:
        folder = Path(name)
        play(folder, azure, [CASES["resource_group, unchanged"]])
        created = play(folder, azure, [CASES["aci_group, unchanged"]]) - play(
            folder, azure, [CASES["ansible.builtin.ping"]]
        )
        print(f"{'creating a group, more than a ping':40}{created:6.2f} s")
        print(f"{'':40}{'task':>6}    {'item':>6}")
        for title, task in CASES.items():
            tasks = slope(folder, azure, lambda count, task=task: [task] * count)
            items = slope(folder, azure, lambda count, task=task: [{**task, "loop": list(range(count))}])
            print(f"{title:40}{tasks:6.2f} s  {items:6.2f} s", flush=True)
    return 0


def slope(folder: Path, azure: RunningEmulator, tasks: Any) -> float:
    few = min(play(folder, azure, tasks(FEW)) for _ in range(REPEATS))
    many = min(play(folder, azure, tasks(MANY)) for _ in range(REPEATS))
    return (many - few) / (MANY - FEW)


def play(folder: Path, azure: RunningEmulator, tasks: list[dict[str, Any]]) -> float:
    """Seconds that a playbook of these tasks takes."""
    playbook = folder / "playbook.yml"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    environment = clean_environment() | azure.variables
    environment |= {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv/collections"),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
    }
    started = time.monotonic()
    done = subprocess.run(
        [str(ROOT / ".venv/bin/ansible-playbook"), str(playbook)],
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
