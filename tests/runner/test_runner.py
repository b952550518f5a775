# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the modules with ansible-runner through both entry points, with Automation Platform's sign-in and an auth file.

Its files contain no secrets, with one exception that is up to ansible-runner: ``artifacts/*/command`` has the
process's environment. Without ansible-runner, these tests are skipped by name, as is the execution environment if an
engine, ansible-builder or the base image is missing.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from emulator import RunningEmulator, clean_environment, emulator
from environments import EnvironmentFailed, environment
from tree import ROOT

HERE = Path(__file__).parent
SECRETS = {
    "environment": "runner-Vb7qLw2environment",
    "registry": "runner-Rk4xTz9registry",
    "file": "runner-Hn3mPd6file",
}
# The variables of Automation Platform's credential type "Microsoft Azure Resource Manager".
INJECTED = {
    "AZURE_CLIENT_ID": "AZURE_CLIENT_ID",
    "AZURE_TENANT": "AZURE_TENANT_ID",
    "AZURE_SECRET": "AZURE_CLIENT_SECRET",
    "AZURE_SUBSCRIPTION_ID": "AZURE_SUBSCRIPTION_ID",
}
# The emulator's endpoints, which Automation Platform does not need for Azure.
ADDRESSES = ("AZURE_AUTHORITY_HOST", "AZURE_RESOURCE_MANAGER_ENDPOINT", "AZURE_DISABLE_INSTANCE_DISCOVERY",
             "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")  # fmt: skip


@dataclass(frozen=True)
class Played:
    code: int
    in_process: bool
    by_file: bool
    client_secret: str
    artifacts: dict[str, str]  # name of a file below artifacts/IDENT -> its text
    output: str

    def events(self) -> list[dict[str, Any]]:
        """The events in order."""
        found = [json.loads(text) for name, text in self.artifacts.items() if name.startswith("job_events/")]
        return sorted(found, key=lambda event: int(event["counter"]))


@pytest.fixture(scope="module")
def runner() -> Path:
    try:
        return environment("runner", ["ansible-runner>=2.4"]) / "ansible-runner"
    except EnvironmentFailed as error:
        pytest.skip(f"ansible-runner cannot be installed: {str(error).splitlines()[-1]}")


@pytest.fixture(scope="module")
def azure() -> Iterator[RunningEmulator]:
    with emulator(runtime="process", speed=20) as running:
        yield running


def injected(azure: RunningEmulator) -> dict[str, str]:
    """The variables of the credential type, and those for the emulator's endpoints."""
    found = {name: azure.variables[ours] for name, ours in INJECTED.items()}
    return {**found, **{name: azure.variables[name] for name in ADDRESSES}, "AZURE_CLOUD_ENVIRONMENT": "AzureCloud"}


@pytest.fixture(
    scope="module",
    params=[(True, False), (False, False), (True, True), (False, True)],
    ids=["in-process-injected", "by-module-injected", "in-process-auth-file", "by-module-auth-file"],
)
def played(
    request: pytest.FixtureRequest, runner: Path, azure: RunningEmulator, tmp_path_factory: pytest.TempPathFactory
) -> Played:
    in_process, by_file = request.param
    folder = tmp_path_factory.mktemp("runner")
    for name in ("project", "env", "inventory"):
        (folder / name).mkdir()
    shutil.copy(HERE / "site.yml", folder / "project")
    (folder / "inventory" / "hosts").write_text(
        "localhost ansible_connection=local ansible_python_interpreter={{ ansible_playbook_python }}\n"
    )
    variables = {"runner_secrets": SECRETS, "runner_auth_file": str(azure.auth_file) if by_file else ""}
    (folder / "env" / "extravars").write_text(json.dumps(variables))
    signed_in = {name: azure.variables[name] for name in ADDRESSES} if by_file else injected(azure)
    given = {
        **signed_in,
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv/collections"),
        "ANSIBLE_AZURE_ACI_IN_PROCESS": str(in_process).lower(),
        "ANSIBLE_AZURE_ACI_PROGRESS": "true",
        "ANSIBLE_HOME": str(folder / "home"),
    }
    (folder / "env" / "envvars").write_text(json.dumps(given))
    done = subprocess.run(
        [str(runner), "run", str(folder), "--playbook", "site.yml", "--ident", "play"],
        env=clean_environment() | {"PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    root = folder / "artifacts" / "play"
    files = sorted(path for path in root.rglob("*") if path.is_file())
    texts = {str(path.relative_to(root)): path.read_text(errors="replace") for path in files}
    secret = azure.variables["AZURE_CLIENT_SECRET"]
    return Played(done.returncode, in_process, by_file, secret, texts, done.stdout + done.stderr)


def test_the_play_ends_well(played: Played) -> None:
    assert played.code == 0, played.output[-6000:]
    assert played.artifacts["rc"].strip() == "0"


@pytest.mark.parametrize("name", [*SECRETS])
def test_no_artifact_holds_a_secret(played: Played, name: str) -> None:
    forms = (SECRETS[name], base64.b64encode(SECRETS[name].encode()).decode().rstrip("=")[:-1])
    held = [file for file, text in played.artifacts.items() if any(form in text for form in forms)]
    assert held == []
    assert not any(form in played.output for form in forms)


def test_where_the_credentials_are(played: Played) -> None:
    """As in the guide: ansible-runner stores the environment, and an auth file keeps secrets out of it."""
    held = [file for file, text in played.artifacts.items() if played.client_secret in text]
    assert held == ([] if played.by_file else ["command"])


def test_progress_is_events(played: Played) -> None:
    """In the controller's process, a job's progress arrives while it is running, each line with its task."""
    events = played.events()
    lines = [
        event["stdout"]
        for event in events
        if event["event"] == "verbose" and "job" in event["stdout"] and "Succeeded" not in event["event"]
    ]
    assert bool(lines) == played.in_process


def test_a_failed_task_tells_why(played: Played) -> None:
    failed = [event for event in played.events() if event["event"] == "runner_on_failed"]
    assert [event["event_data"]["task"] for event in failed] == ["Fail with secrets in hand"]
    assert "Not_A_Name" in failed[0]["event_data"]["res"]["msg"]


@pytest.mark.parametrize("in_process", ["true", "false"], ids=["in-process", "by-module"])
def test_a_credential_without_a_subscription_leaves_empty_variables(azure: RunningEmulator, in_process: str) -> None:
    """Automation Platform sets unknown values to empty strings; the task then supplies them."""
    given = injected(azure) | {"AZURE_SUBSCRIPTION_ID": ""}
    options = f"subscription_id={azure.variables['AZURE_SUBSCRIPTION_ID']}"
    assert adhoc(given, in_process, options).returncode == 0
    missing = adhoc(given, in_process, "")
    assert missing.returncode != 0
    assert "subscription" in missing.stdout


@pytest.mark.parametrize("in_process", ["true", "false"], ids=["in-process", "by-module"])
def test_a_credential_of_a_user_is_refused_with_a_reason(azure: RunningEmulator, in_process: str) -> None:
    """Without client and tenant, Automation Platform injects a user and password, which Entra ID no longer accepts."""
    given = {name: azure.variables[name] for name in ADDRESSES}
    user = {"AZURE_AD_USER": "somebody@example.com", "AZURE_PASSWORD": "runner-Qp6wLs3password",
            "AZURE_SUBSCRIPTION_ID": azure.variables["AZURE_SUBSCRIPTION_ID"]}  # fmt: skip
    done = adhoc(given | user, in_process, "")
    assert done.returncode != 0
    assert "AZURE_AD_USER" in done.stdout
    assert "runner-Qp6wLs3password" not in done.stdout + done.stderr


def adhoc(variables: dict[str, str], in_process: str, options: str) -> subprocess.CompletedProcess[str]:
    """Lists container groups with only these variables."""
    return subprocess.run(
        [str(ROOT / ".venv/bin/ansible"), "localhost", "-m", "azure_containers.aci.aci_group_info", "-a", options],
        env=clean_environment()
        | variables
        | {
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv/collections"),
            "ANSIBLE_AZURE_ACI_IN_PROCESS": in_process,
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "AZURE_CONFIG_DIR": "/nowhere",
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_the_execution_environment_needs_what_it_says() -> None:
    """ansible-builder finds the collection's Python packages by itself."""
    try:
        programs = environment("builder", ["ansible-builder>=3.1"])
    except EnvironmentFailed as error:
        pytest.skip(f"ansible-builder cannot be installed: {str(error).splitlines()[-1]}")
    done = subprocess.run(
        [str(programs / "ansible-builder"), "introspect", str(ROOT / ".venv/collections")],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    for package in ("azure-identity", "azure-mgmt-containerinstance", "azure-mgmt-resource", "websockets"):
        assert package in done.stdout
    assert "system: {}" in done.stdout or "azure" not in done.stdout.partition("system:")[2]


def test_the_execution_environment_is_built() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/execution_environment.py")],
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )
    if done.returncode == 75:
        pytest.skip(f"execution environment: {(done.stderr or done.stdout).strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
