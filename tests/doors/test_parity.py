# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both entry points of the modules return the same complete result for every outcome of a task.

ACI_PARITY_PYTHONS lists further interpreters (separated by colons) with other versions of ansible-core and the
Azure SDK; each runs the same playbook.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from emulator import RunningEmulator, clean_environment, emulator
from tree import ROOT

HERE = Path(__file__).parent
HOSTS = ("first", "second")
HANDED_OVER = ("Ask in the background, and wait", "Ask with an environment")
VAULTED = "planted-vaulted-value"
VAULT_PASSWORD = "planted-vault-password"
NOT_PRINTED = (VAULTED, VAULT_PASSWORD, "planted-wrong-secret", "planted-in-a-list")

# Values that differ between runs: times, paths, and IDs of requests.
PASSING = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "TIME"),
    (re.compile(r"\b\d{1,3}(\.\d{1,3}){3}\b(?!:)"), "IP"),
    (re.compile(r"ansible-tmp-[0-9.-]+"), "TMP"),
    (re.compile(r"(?<=Valid booleans include: ).*"), "ANY ORDER"),
)
PASSING_KEYS = {"duration", "request_id", "ansible_job_id", "results_file", "tracking_id"}


@dataclass(frozen=True)
class Played:
    code: int
    output: str
    results: dict[str, dict[str, Any]]  # host -> name of the result -> the result
    modules: list[str]  # the tasks that ran in a module's process


def pythons() -> list[str]:
    more = os.environ.get("ACI_PARITY_PYTHONS", "")
    return [sys.executable, *filter(None, more.split(":"))]


@pytest.fixture(scope="module")
def azure() -> Iterator[RunningEmulator]:
    with emulator(runtime="process", speed=50) as running:
        yield running


@pytest.fixture(scope="module", params=pythons())
def both(
    request: pytest.FixtureRequest, azure: RunningEmulator, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Played, Played]:
    folder = tmp_path_factory.mktemp("parity")
    return play(request.param, folder / "module", azure, False), play(request.param, folder / "here", azure, True)


def play(python: str, folder: Path, azure: RunningEmulator, in_process: bool) -> Played:
    folder.mkdir()
    (folder / "vault").write_text(VAULT_PASSWORD)
    vaulted = subprocess.run(
        [python, "-m", "ansible", "vault", "encrypt_string", "--vault-password-file", folder / "vault", VAULTED],
        capture_output=True,
        text=True,
        check=True,
        env=clean_environment() | {"ANSIBLE_HOME": str(folder / "home")},
    ).stdout
    # An encrypted literal in a file of variables, which Ansible decrypts late.
    (folder / "secrets.yml").write_text(f"vaulted: {vaulted}")
    (folder / "hosts").write_text("".join(f"{host} ansible_connection=local\n" for host in HOSTS))
    options = {
        "connection_options": azure.connection(),
        "results_folder": str(folder),
        "aci_in_process": in_process,
        "ansible_python_interpreter": python,
    }
    (folder / "options.json").write_text(json.dumps(options))
    command = [python, "-m", "ansible", "playbook", "-vvv", "-i", folder / "hosts", HERE / "playbook.yml"]
    command += ["-e", f"@{folder / 'options.json'}", "-e", f"@{folder / 'secrets.yml'}"]
    command += ["--vault-password-file", folder / "vault"]
    environment = clean_environment() | {
        "ANSIBLE_HOME": str(folder / "home"),
        # Ansible searches for jobs in the home directory of the account, but writes them to HOME.
        "ANSIBLE_ASYNC_DIR": str(folder / "async"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv" / "src"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOG_PATH": str(folder / "log"),
        "LC_ALL": "C.UTF-8",
    }
    played = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=600)
    output = played.stdout + played.stderr + (folder / "log").read_text()
    results = {host: json.loads((folder / f"{host}.json").read_text()) for host in HOSTS if played.returncode == 0}
    return Played(played.returncode, output, results, modules_in(played.stdout))


def modules_in(output: str) -> list[str]:
    """The tasks for which a module of the collection ran in its own process."""
    found, task = [], ""
    for line in output.splitlines():
        if line.startswith("TASK ["):
            task = line.partition("[")[2].partition("]")[0]
        elif re.search(r"Using module file .*/azure_containers/aci/plugins/modules/", line):
            found.append(task)
    return found


def comparable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: "PASSING" if key in PASSING_KEYS else comparable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [comparable(item) for item in value]
    if isinstance(value, str):
        for pattern, word in PASSING:
            value = pattern.sub(word, value)
    return value


def test_both_play_to_the_end(both: tuple[Played, Played]) -> None:
    for played in both:
        assert played.code == 0, played.output[-5000:]


def test_each_takes_its_own_way(both: tuple[Played, Played]) -> None:
    by_module, here = both
    assert sorted(set(here.modules)) == sorted(HANDED_OVER)
    assert len(set(by_module.modules)) > 25


@pytest.mark.parametrize("host", HOSTS)
def test_results_are_the_same(both: tuple[Played, Played], host: str) -> None:
    by_module, here = (comparable(played.results[host]) for played in both)
    assert here.keys() == by_module.keys()
    differences = {name: (by_module[name], here[name]) for name in here if here[name] != by_module[name]}
    assert differences == {}


def test_secrets_are_not_printed(both: tuple[Played, Played]) -> None:
    for played in both:
        printed = played.output + json.dumps(played.results)
        assert [secret for secret in NOT_PRINTED if secret in printed] == []


def test_the_log_has_no_lines_of_the_sdk(both: tuple[Played, Played]) -> None:
    for played in both:
        assert not re.search(r"Request URL|urllib3\.connectionpool|azure\.core", played.output)
