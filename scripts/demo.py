# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the shipped playbooks, one after the other, against an emulator that this script starts and stops.

The playbooks, the modules and the Azure SDK are the real ones; only the cloud is local.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

sys.path.insert(0, str(Path(__file__).parent))

from emulator import EmulatorFailed, RunningEmulator, clean_environment, emulator
from tree import ROOT

PREFIX = "aci-demo"
REPORT = "report.json"
VENV = ROOT / ".venv"


@dataclass(frozen=True)
class Report:
    """What came of a playbook: written by the callback plugin."""

    totals: dict[str, int]  # ok, changed, failures, unreachable, skipped, rescued, ignored
    said: list[str]  # what the playbook itself told


class ActFailed(Exception):
    """An act did not do what it is there to show."""


@dataclass(frozen=True)
class Act:
    title: str
    playbook: str
    changes: bool  # whether the playbook is to change something
    says: tuple[str, ...] = ()  # what one of its messages is to begin with
    variables: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def check(self, report: Report) -> None:
        """Raise if the playbook did not do what it is shown for."""
        changed = report.totals["changed"]
        if self.changes and not changed:
            raise ActFailed(f"{self.playbook} should have changed something, but reported changed=0")
        if changed and not self.changes:
            raise ActFailed(f"{self.playbook} should have changed nothing, but reported changed={changed}")
        for beginning in self.says:
            if not any(line.startswith(beginning) for line in report.said):
                raise ActFailed(f"{self.playbook} should have printed {beginning!r}, but did not")


def main() -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    started = time.monotonic()
    try:
        with emulator(runtime="process", speed=20) as azure:
            print(f"The emulator is listening at {azure.url} (aci-emulator, process {azure.pid})")
            print(f"Credentials: the auth file {azure.auth_file}")
            for number, act in enumerate(acts(azure), start=1):
                perform(number, act, azure)
    except (ActFailed, EmulatorFailed) as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The emulator and everything that it ran are stopped.", file=sys.stderr)
        return 130
    print(
        f"\nDone in {time.monotonic() - started:.0f} s. The emulator and its containers are stopped; nothing is left."
    )
    return 0


def acts(azure: RunningEmulator) -> list[Act]:
    """The acts of the demo, in order."""
    first, second = azure.variables["AZURE_SUBSCRIPTION_ID"], azure.variables["ACI_EMULATOR_SECOND_SUBSCRIPTION_ID"]
    both = {"aci_first_subscription_id": first, "aci_second_subscription_id": second}
    # The auth file names the first subscription; to work in the other one, sign in by the environment alone.
    other = azure.variables | {"AZURE_SUBSCRIPTION_ID": second, "AZURE_AUTH_LOCATION": ""}
    page = "Page: Welcome to Azure Container Instances!"
    counting = "for step in 1 2 3; do echo Step $step of 3; sleep 1; done"
    job = {"aci_image": "emulator.local/sh", "aci_command": ["/bin/sh", "-c", counting]}
    show = {"ANSIBLE_AZURE_ACI_PROGRESS": "true"}
    said = ("Exit code: 0", "Log: Step 1 of 3 Step 2 of 3 Step 3 of 3")
    return [
        Act("A resource group, and one container with a DNS name", "single_container", True, ("Address: http", page)),
        Act("An application with a sidecar", "multi_container", True, ("Containers: app, sidecar",)),
        Act("A job that counts words and ends", "task", True, ("Exit code: 0", "Log: [(")),
        Act(
            "A job whose log is shown as it is written, and that is removed afterwards",
            "run_job",
            True,
            said,
            job,
            show,
        ),
        Act("A command inside a running container", "run_command", False, ("Exit code: 0", "Output: Process")),
        Act("The container groups of the subscription", "list_groups", False, ("Container groups: 3",)),
        Act("One of them, with its instance view", "show_group", False, ("State: Running", "FQDN: ")),
        Act("The first playbook again: nothing to do", "single_container", False, (page,)),
        Act("Work in two subscriptions", "two_subscriptions", True, variables=both),
        Act("Everything deleted", "cleanup", True, (f"Resource group {PREFIX}: removed",)),
        Act(
            "In the other subscription too", "cleanup", True, (f"Resource group {PREFIX}: removed",), environment=other
        ),
        Act("What is left", "list_groups", False, ("Container groups: 0",)),
    ]


def perform(number: int, act: Act, azure: RunningEmulator) -> None:
    print(f"\n{number}. {act.title}\n   $ ansible-playbook azure_containers.aci.{act.playbook}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="aci_demo_") as folder:
        command = [str(VENV / "bin" / "ansible-playbook"), f"azure_containers.aci.{act.playbook}"]
        command += ["-e", json.dumps({"aci_prefix": PREFIX, **act.variables})]
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(azure, Path(folder)) | act.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            code = process.wait()
        except KeyboardInterrupt:
            stop(process)
            raise
        if code:
            raise ActFailed(f"ansible-playbook ended with exit code {code} in act {number}, {act.title!r}")
        report = Report(**json.loads((Path(folder) / REPORT).read_text()))
    totals, seconds = report.totals, time.monotonic() - started
    print(f"  {totals['ok']} ok, changed={totals['changed']}, {seconds:.1f} s", flush=True)
    act.check(report)


def environment(azure: RunningEmulator, folder: Path) -> dict[str, str]:
    """The auth file signs in; the rest is where to find the collection, the CA and the containers."""
    return clean_environment() | {
        "AZURE_AUTH_LOCATION": str(azure.auth_file),
        "AZURE_DISABLE_INSTANCE_DISCOVERY": "true",
        "REQUESTS_CA_BUNDLE": str(azure.ca),
        "SSL_CERT_FILE": str(azure.ca),
        "ACI_EMULATOR_PROXY": azure.proxy,
        "ANSIBLE_COLLECTIONS_PATH": str(VENV / "collections"),
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "scripts" / "callback_plugins"),
        "ANSIBLE_STDOUT_CALLBACK": "demo",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "DEMO_REPORT_FILE": str(folder / REPORT),
        "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8"),
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a playbook and its workers."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
