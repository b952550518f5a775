# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the container commands of the official az against an emulator.

Run by `run.py az` with the path of an az and the variables that `aci-emulator env` prints; with those of
`env --intercept`, az needs no configuration and knows only its own clouds. Signs in, then: create with
flags and with `--file`, show, list, logs, attach, exec, stop, start, restart, export, delete. Az's input, output
and exports are applied by the collection unchanged, and the collection's exports by az: neither may change
anything. Prints one line for each step; the exit code is 1 if one fails.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

BASE = os.environ.get("AZURE_RESOURCE_MANAGER_ENDPOINT")  # not set if the emulator replaces Azure
GROUP, NAME = "azconformance", "azgroup"
TYPE = "Microsoft.ContainerInstance/containerGroups"
ROOT = Path(__file__).resolve().parents[3]

FILE = """\
apiVersion: '2023-05-01'
location: westus2
name: azfile
type: Microsoft.ContainerInstance/containerGroups
tags: {made: by file}
properties:
  osType: Linux
  restartPolicy: Never
  containers:
    - name: task
      properties:
        image: emulator.local/sh
        command: [sh, -c, 'echo from a file']
        environmentVariables:
          - {name: SECRET, secureValue: hush-hush}
        ports: [{port: '8080', protocol: tcp}]
        resources: {requests: {cpu: 1, memoryInGB: 1.5}}
"""


class Az:
    """The command line, with a separate configuration."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AZURE_")},
            "AZURE_CONFIG_DIR": str(folder / "config"),
            "AZURE_CORE_COLLECT_TELEMETRY": "0",
            "AZURE_CORE_NO_COLOR": "true",
            "WEBSOCKET_CLIENT_CA_BUNDLE": os.environ["SSL_CERT_FILE"],
        }

    def __call__(self, *arguments: str, fails: bool = False, **variables: str) -> Any:
        """Runs a command with these environment variables; returns its output, parsed if it is JSON."""
        done = subprocess.run(
            [self._program, *arguments],
            env={**self._environment, **variables},
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if (done.returncode != 0) != fails:
            raise AssertionError(f"az {' '.join(arguments[:3])} ended with {done.returncode}: {done.stderr[-2000:]}")
        if fails:
            return done.stderr
        try:
            return json.loads(done.stdout)
        except ValueError:
            return done.stdout


def ansible(folder: Path, program: str, *arguments: str, **variables: str) -> str:
    """The output of an Ansible command with the collection that `make develop` installed. It must succeed."""
    environment = {
        **os.environ,
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv" / "collections"),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    }
    done = subprocess.run(
        [str(Path(sys.executable).with_name(program)), *arguments],
        env={**environment, **variables},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if done.returncode != 0:
        raise AssertionError(f"{program} ended with {done.returncode}: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def unchanged(folder: Path, file: str, **variables: str) -> None:
    """The collection applies an unchanged file, and finds nothing to change."""
    options = {"resource_group": GROUP, "definition_file": str(folder / file), "definition_variables": variables}
    printed = ansible(folder, "ansible", "localhost", "-m", "azure_containers.aci.aci_group", "-a", json.dumps(options))
    result = json.loads(printed.partition("=>")[2])
    expect((result["changed"], result["changes"]) == (False, []), result)
    expect("definition" not in str(result.get("warnings")), result.get("warnings"))


def expect(condition: bool, text: object) -> None:
    if not condition:
        raise AssertionError(str(text))


def sign_in(az: Az) -> None:
    if BASE is not None:
        az("cloud", "register", "-n", "Emulator", "--endpoint-resource-manager", BASE)
        az("cloud", "set", "-n", "Emulator")
        az("config", "set", "core.instance_discovery=false")
    az(
        "login",
        "--service-principal",
        "-u",
        os.environ["AZURE_CLIENT_ID"],
        "-p",
        os.environ["AZURE_CLIENT_SECRET"],
        "--tenant",
        os.environ["AZURE_TENANT_ID"],
    )
    az("account", "set", "--subscription", os.environ["AZURE_SUBSCRIPTION_ID"])


def collection_steps(az: Az, folder: Path) -> dict[str, Callable[[], None]]:
    """The exchange of definitions between az and the collection, by the step of az."""
    group = ["-g", GROUP]

    def applied_file() -> None:
        unchanged(folder, "group.yaml")

    def applied_show() -> None:
        for name in (NAME, "azfile"):
            shown = az("container", "show", *group, "-n", name, "-o", "json")
            (folder / "shown.json").write_text(json.dumps(shown))
            unchanged(folder, "shown.json")
            shown = az("resource", "show", *group, "-n", name, "--resource-type", TYPE, "-o", "json")
            (folder / "resource.json").write_text(json.dumps(shown))
            unchanged(folder, "resource.json")

    def applied_export() -> None:
        for name in (NAME, "azfile"):
            az("container", "export", *group, "-n", name, "-f", "again.yaml")
            unchanged(folder, "again.yaml")

    def given_back() -> None:
        """az accepts the collection's export, with a variable instead of the secret."""
        options = ("-e", f"aci_export_folder={folder}/groups", "-e", f"aci_resource_group={GROUP}")
        ansible(folder, "ansible-playbook", "azure_containers.aci.export", *options)
        file = folder / "groups" / GROUP / "azfile.yml"
        text, count = re.subn("'<secret: [^>]*>'", "${AZ_SECRET}", file.read_text())
        expect(count == 1, text)
        file.write_text(text)
        before = az("container", "show", *group, "-n", "azfile")
        az("container", "create", *group, "--file", str(file), AZ_SECRET="hush-hush")
        after = az("container", "show", *group, "-n", "azfile")
        for each in (before, after):
            each.pop("instanceView", None)
            each["containers"][0].pop("instanceView", None)
        expect(before == after, (before, after))
        unchanged(folder, f"groups/{GROUP}/azfile.yml", AZ_SECRET="hush-hush")

    return {
        "container create --file": applied_file,
        "container show": applied_show,
        "container export": applied_export,
        "container create --file of the collection's export": given_back,
    }


def steps(az: Az, folder: Path) -> list[tuple[str, Callable[[], None]]]:
    group = ["-g", GROUP]
    one = [*group, "-n", NAME]

    def create() -> None:
        made = az(
            *("container", "create", *one, "-l", "westus2", "--image", "emulator.local/sh", "--os-type", "Linux"),
            *("--cpu", "1", "--memory", "1.5", "--ip-address", "Public", "--ports", "80", "8080"),
            *("--dns-name-label", "azconformance", "--restart-policy", "OnFailure"),
            *("--command-line", "sh -c 'echo hello from az; sleep 3600'"),
            *("-e", "PLAIN=value", "--secure-environment-variables", "SECRET=hush-hush"),
            *("--secrets", "key=hush-hush-too", "--secrets-mount-path", "/keys"),
        )
        expect(made["provisioningState"] == "Succeeded", made)
        expect(made["ipAddress"]["fqdn"] == "azconformance.westus2.azurecontainer.io", made)
        expect("hush" not in json.dumps(made), "a secret was printed")

    def create_from_file() -> None:
        (folder / "group.yaml").write_text(FILE)
        made = az("container", "create", *group, "--file", "group.yaml")
        expect(made["name"] == "azfile", made)

    def show() -> None:
        shown = az("container", "show", *one)
        expect(shown["instanceView"]["state"] == "Running", shown)
        expect(shown["restartPolicy"] == "OnFailure", shown)

    def listed() -> None:
        names = [each["name"] for each in az("container", "list", *group)]
        expect(names == ["azfile", NAME], names)

    def logs() -> None:
        for _ in range(20):
            text = az("container", "logs", *one)
            if "hello from az" in str(text):
                return
            time.sleep(0.5)
        raise AssertionError(text)

    def logs_of_file() -> None:
        text = az("container", "logs", *group, "-n", "azfile", "--follow")
        expect("from a file" in str(text), text)

    def attach() -> None:
        az(
            *("container", "create", *group, "-n", "azattach", "--image", "emulator.local/sh", "--os-type", "Linux"),
            *("--cpu", "1", "--memory", "1", "--restart-policy", "Never"),
            *("--command-line", "sh -c 'echo attached to it; sleep 15'"),
        )
        # It shows events until the container is running, and its log until it ends.
        text = az("container", "attach", *group, "-n", "azattach")
        expect("Started container" in str(text) and "attached to it" in str(text), text)
        az("container", "delete", *group, "-n", "azattach", "-y")

    def execute() -> None:
        text = az("container", "exec", *one, "--exec-command", "pwd")
        expect("/" in str(text), f"no output: {text!r}")

    def private() -> None:
        made = az(
            *("container", "create", *group, "-n", "azprivate", "-l", "westus2", "--image", "emulator.local/sh"),
            *("--os-type", "Linux", "--cpu", "1", "--memory", "1", "--command-line", "sleep 3600"),
            *("--vnet", "aznet", "--vnet-address-prefix", "10.9.0.0/16"),
            *("--subnet", "azsubnet", "--subnet-address-prefix", "10.9.1.0/24"),
        )
        expect(made["ipAddress"]["ip"] == "10.9.1.4", made)
        az("container", "delete", *group, "-n", "azprivate", "-y")

    def profiles() -> None:
        profile = [*group, "-n", "azprofile"]
        command = ("container", "container-group-profile")
        made = az(
            *(*command, "create", *profile, "-l", "westus2", "--image", "emulator.local/sh", "--os-type", "Linux"),
            *("--cpu", "1", "--memory", "1", "--command-line", "sleep 3600"),
        )
        expect(made["revision"] == 1, made)
        expect(len(az(*command, "list-revisions", *profile)) == 1, "not one revision")
        expect(az(*command, "show-revision", *profile, "-r", "1")["name"] == "azprofile", "another one")
        az(*command, "delete", *profile, "-y")

    def stop() -> None:
        az("container", "stop", *one)
        expect(az("container", "show", *one)["instanceView"]["state"] == "Stopped", "not stopped")

    def start() -> None:
        az("container", "start", *one)
        expect(az("container", "show", *one)["instanceView"]["state"] == "Running", "not running")

    def export() -> None:
        az("container", "export", *one, "-f", "exported.yaml")
        text = (folder / "exported.yaml").read_text()
        expect("emulator.local/sh" in text and "hush" not in text, text)

    def refused() -> None:
        text = az(
            *("container", "create", *one, "--image", "nginx", "--os-type", "Linux", "--cpu", "2", "--memory", "1.5"),
            *("--restart-policy", "OnFailure"),
            fails=True,
        )
        expect("InvalidContainerGroupUpdate" in text, text)

    def delete() -> None:
        gone = az("container", "delete", *one, "-y")
        # For a deletion that answers 202, it prints the operation, which has no name.
        expect(gone["name"] in (NAME, None), gone)
        expect("ResourceNotFound" in az("container", "show", *one, fails=True), "still there")

    return [
        ("sign in", lambda: sign_in(az)),
        ("group create", lambda: az("group", "create", "-n", GROUP, "-l", "westus2")),
        ("container create", create),
        ("container create --file", create_from_file),
        ("container show", show),
        ("container list", listed),
        ("container logs", logs),
        ("container logs --follow", logs_of_file),
        ("container attach", attach),
        ("container exec", execute),
        ("container create --vnet", private),
        ("container container-group-profile", profiles),
        ("container stop", stop),
        ("container start", start),
        ("container restart", lambda: az("container", "restart", *one)),
        ("container export", export),
        *((f"{step}, and aci_group", play) for step, play in collection_steps(az, folder).items()),
        ("container create (refused)", refused),
        ("container delete", delete),
        ("container delete (missing)", lambda: expect(az("container", "delete", *one, "-y") in ("", None), "printed")),
        ("group delete", lambda: az("group", "delete", "-n", GROUP, "-y")),
    ]


def main() -> int:
    failed = 0
    with tempfile.TemporaryDirectory(prefix="aci_az_") as name:
        folder = Path(name)
        az = Az(sys.argv[1], folder)
        for step, play in steps(az, folder):
            try:
                play()
            except Exception as error:  # noqa: BLE001 - all steps are run, even after errors
                failed += 1
                print(f"az {step}: FAILED {error}", flush=True)
            else:
                print(f"az {step}: ok", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
