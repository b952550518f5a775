# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run signs in once, whether the connection, the inventory or a module does it first, and leaves no token behind.

It also requests prices only once.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator import COMMAND, RunningEmulator, clean_environment, emulator
from tree import ROOT

GROUP = {
    "resource_group": "shop",
    "name": "box",
    "location": "westeurope",
    "containers": [
        {"name": f"c{number}", "image": "emulator.local/sh", "command": ["sh", "-c", "while :; do sleep 1; done"]}
        for number in range(3)
    ],
}
HOST = {
    "ansible_connection": "azure_containers.aci.aci",
    "ansible_aci_resource_group": "shop",
    "ansible_aci_container_group": "box",
}
STATIC = {
    "all": {"hosts": {f"h{number}": {"ansible_aci_container": f"c{number}"} for number in range(3)}, "vars": HOST}
}
DYNAMIC = {"plugin": "azure_containers.aci.aci", "hosts": "containers", "connection": "aci"}
IN_CONTAINERS: dict[str, Any] = {
    "hosts": "all",
    "gather_facts": False,
    "tasks": [{"ansible.builtin.raw": "hostname"}] * 2,
}
BY_MODULE = {
    "hosts": "localhost",
    "gather_facts": False,
    "tasks": [{"azure_containers.aci.aci_group_info": {}, "vars": {"aci_in_process": True}}],
}


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    with emulator(runtime="process", speed=50) as running:
        tasks = [
            {"azure_containers.aci.resource_group": {"name": "shop", "location": "westeurope"}},
            {"azure_containers.aci.aci_group": GROUP},
        ]
        play(tmp_path_factory.mktemp("prepared"), running, [{**BY_MODULE, "tasks": tasks}])
        yield running


def play(folder: Path, azure: RunningEmulator, plays: list[dict[str, Any]], inventory: Any = None) -> str:
    """The output of a playbook at the highest verbosity."""
    (folder / "site.yml").write_text(json.dumps(plays))
    (folder / "hosts.aci.yml").write_text(json.dumps(inventory or {"all": {}}))
    environment = clean_environment() | azure.variables
    environment |= {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv/src"),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "ANSIBLE_FORKS": "3",
        "ANSIBLE_LOCALHOST_WARNING": "false",
    }
    command = [str(ROOT / ".venv/bin/ansible-playbook"), "-vvvv", "-i", "hosts.aci.yml", "site.yml"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    return done.stdout + done.stderr


def sign_ins(azure: RunningEmulator) -> int:
    return sum(path.endswith("/token") for path in requested(azure))


def requested(azure: RunningEmulator) -> list[str]:
    command = [str(COMMAND), "requests", "--state-dir", str(azure.state_dir)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, env=clean_environment()).stdout
    return [request["path"] for request in json.loads(printed)]


@pytest.mark.parametrize(
    ("inventory", "plays"),
    [(STATIC, [IN_CONTAINERS, BY_MODULE]), (STATIC, [BY_MODULE, IN_CONTAINERS]), (DYNAMIC, [IN_CONTAINERS, BY_MODULE])],
    ids=["connection first, three at once", "module first", "inventory first"],
)
def test_whoever_asks_first(tmp_path: Path, azure: RunningEmulator, inventory: Any, plays: Any) -> None:
    before = sign_ins(azure)
    printed = play(tmp_path, azure, plays, inventory)
    assert sign_ins(azure) - before == 1
    assert printed.count("ESTABLISH ACI EXEC SESSION") == 6
    assert "eyJ" not in printed  # the beginning of every token
    assert not list((tmp_path / "tmp").iterdir())
    assert azure.variables["AZURE_CLIENT_SECRET"] not in printed


def test_a_wrong_secret_borrows_no_token(tmp_path: Path, azure: RunningEmulator) -> None:
    wrong = {**IN_CONTAINERS["tasks"][0], "vars": {"ansible_aci_client_id": "c", "ansible_aci_client_secret": "wrong"}}
    tasks = [*IN_CONTAINERS["tasks"], {**wrong, "ignore_unreachable": True, "register": "refused"}]
    tasks += [{"ansible.builtin.assert": {"that": "refused is unreachable"}}]
    printed = play(tmp_path, azure, [{**IN_CONTAINERS, "tasks": tasks}], STATIC)
    assert "Could not sign in as client c" in printed


def test_a_run_asks_once_for_the_prices_of_a_region(tmp_path: Path, azure: RunningEmulator) -> None:
    sizes = {"resources": {"requests": {"cpu": 1, "memoryInGB": 1}}}
    properties = {"osType": "Linux", "containers": [{"name": "c", "properties": {"image": "nginx", **sizes}}]}
    prices = {"prices_endpoint": azure.url}
    tasks: list[dict[str, Any]] = [
        {
            "azure_containers.aci.aci_cost_info": {
                **prices,
                "definition": {"location": "eastus", "properties": properties},
            },
            "register": "found",
        },
        {
            "azure_containers.aci.aci_group": {
                **prices,
                "resource_group": "shop",
                "name": "{{ inventory_hostname }}",
                "definition": {"location": "eastus", "properties": properties},
                "show_cost": True,
            },
            "check_mode": True,
            "register": "change",
        },
        {"ansible.builtin.assert": {"that": "found.totals.hourly == change.cost.after.hourly == '0.04495'"}},
    ]
    hosts = {"all": {"hosts": {f"h{number}": {"ansible_connection": "local"} for number in range(3)}}}
    played = [{"hosts": "all", "gather_facts": False, "tasks": tasks}] * 2

    def asked() -> int:
        return sum(path.startswith("/api/retail/prices") for path in requested(azure))

    for _run in range(2):  # the next run requests them again
        before = asked()
        play(tmp_path, azure, played, hosts)
        assert asked() - before == 2  # two pages
        assert not list((tmp_path / "tmp").iterdir())
