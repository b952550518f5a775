# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The other commands, and ``serve`` with options from a file, in the background, and with shared state."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from aci_emulator.cli.arm_client import CONTAINERS, NETWORKS, RESOURCES, ArmClient
from aci_emulator.cli.parser import main, make_parser
from aci_emulator.testing import RunningEmulator, running_emulator

SECRETS = ("s3cret-variable", "czNjcmV0LWZpbGU=", "s3cret-key", "s3cret-password", "czNjcmV0LXdvcmtzcGFjZQ==")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "aci_emulator", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=90)


@pytest.fixture(scope="module")
def emulator() -> Iterator[RunningEmulator]:
    with running_emulator("--runtime", "process", "--speed", "200") as running:
        yield running


def definition(command: str = "sleep 1000") -> dict[str, Any]:
    variables = [{"name": "PLAIN", "value": "x"}, {"name": "EMPTY", "value": ""}]
    variables.append({"name": "HIDDEN", "secureValue": SECRETS[0]})
    return {
        "location": "westeurope",
        "tags": {"app": "shop"},
        "properties": {
            "osType": "Linux",
            "containers": [
                {
                    "name": "web",
                    "properties": {
                        "image": "emulator.local/sh",
                        "command": ["sh", "-c", command],
                        "environmentVariables": variables,
                        "ports": [{"port": 80}],
                        "resources": {"requests": {"cpu": 1, "memoryInGB": 1}},
                        "volumeMounts": [{"name": "scratch", "mountPath": "/scratch"}],
                    },
                }
            ],
            "volumes": [
                {"name": "scratch", "emptyDir": {}},
                {"name": "keys", "secret": {"file": SECRETS[1]}},
                {
                    "name": "share",
                    "azureFile": {
                        "shareName": "data",
                        "storageAccountName": "acc",
                        "storageAccountKey": SECRETS[2],
                    },
                },
            ],
            "imageRegistryCredentials": [{"server": "r.example.com", "username": "u", "password": SECRETS[3]}],
            "ipAddress": {"type": "Public", "dnsNameLabel": "shop-web", "ports": [{"port": 80}]},
        },
    }


def fill(emulator: RunningEmulator, command: str = "sleep 1000") -> ArmClient:
    emulator.reset()
    arm = ArmClient(emulator.state_dir)
    scope = f"/subscriptions/{arm.subscriptions[0]}/resourcegroups/shop"
    arm.put(scope, RESOURCES, {"location": "westeurope", "tags": {"team": "a"}})
    arm.put(f"/subscriptions/{arm.subscriptions[1]}/resourcegroups/other", RESOURCES, {"location": "westus2"})
    network = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": []}
    path = f"{scope}/providers/Microsoft.Network/virtualNetworks/net"
    arm.put(path, NETWORKS, {"location": "westeurope", "properties": network})
    arm.put(f"{scope}/providers/Microsoft.ContainerInstance/containerGroups/web", CONTAINERS, definition(command))
    return arm


def test_serve_in_the_background_by_a_file_until_stop(tmp_path: Path) -> None:
    state = tmp_path / "state"
    config = tmp_path / "azure.yml"
    config.write_text(
        "state-dir: state\nruntime: simulated\nspeed: 7\ninstance-metadata: true\nlimit: {StandardCores: 1}\n"
        "unregistered: [Microsoft.Network]\nput-tags: keep\ndetach: true\n"
        f"storage-account: {{shopdata: {SECRETS[2]}}}\n"
    )
    served = run("serve", "--config", str(config), "--speed", "9")
    assert served.returncode == 0, served.stderr
    at = ("--state-dir", str(state))
    try:
        assert served.stdout.startswith("ready https://127.0.0.1:")
        assert "ticket=" not in served.stdout
        assert (state / "serve.log").stat().st_mode & 0o777 == 0o600
        assert json.loads(run("clock", *at).stdout)["speed"] == 9
        assert "metadata service" in (state / "serve.log").read_text()
        # Other users can see the arguments of processes.
        process = json.loads((state / "env.json").read_text())["pid"]
        seen = subprocess.run(["ps", "-ww", "-o", "args=", "-p", str(process)], capture_output=True, text=True).stdout
        assert str(config) in seen
        assert SECRETS[2] not in seen
        again = run("serve", "--config", str(config), "--detach")
        assert again.stderr.startswith(f"aci-emulator: another aci-emulator serves {state}: stop it with ")
    finally:
        stopped = run("stop", *at)
    assert stopped.returncode == 0, stopped.stderr
    assert run("env", *at).returncode == 1
    again = run("stop", *at)
    assert (again.returncode, again.stderr) == (0, f"no emulator serves {state}\n")


def test_a_background_emulator_that_does_not_start_says_why(tmp_path: Path, emulator: RunningEmulator) -> None:
    port = emulator.url.rpartition(":")[2]
    done = run("serve", "--state-dir", str(tmp_path / "state"), "--port", port, "--detach")
    assert done.returncode == 1
    assert "another program listens on it" in done.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1]", "must contain a mapping of options of serve"),
        ("sped: 2", "serve has no option 'sped'"),
        ("config: x", "serve has no option 'config'"),
        ("instance-metadata: maybe", "instance-metadata must be true or false"),
        ("speed: [1, 2]", "speed must be a string or a number"),
        ("speed: -1", "azure.yml: speed: must be a number greater than 0, not '-1'"),
        ("limit: {StandardCores: many}", "azure.yml: limit: must be NAME=N, for example StandardCores=10, not"),
        ("runtime: docker", "azure.yml: runtime: invalid choice: 'docker'"),
        ("no-detach: true", "serve has no option 'no-detach'"),
        ("runtime: yes", "quote words such as yes and no"),
        ("a: {", "is not valid YAML"),
    ],
)
def test_a_config_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    (tmp_path / "azure.yml").write_text(text)
    assert main(["serve", "--config", str(tmp_path / "azure.yml")]) == 1
    assert message in capsys.readouterr().err


def test_every_option_of_serve_stands_in_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    plain = capsys.readouterr().out.partition("\noptions:\n")[2].partition("\n\n")[0]
    words = {word.rstrip(",") for line in plain.splitlines() for word in line.split()[:2]}
    options = {word for word in words if word.startswith("--")}
    assert options == {"--help", "--state-dir", "--config", "--detach", "--no-detach"}


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--port", "65536", "must be a port from 0 to 65535, not '65536'"),
        ("--speed", "inf", "must be a number greater than 0, not 'inf'"),
        ("--pull-seconds", "nan", "must be a number of seconds, not 'nan'"),
        ("--page-size", "0", "must be a whole number from 1, not '0'"),
        ("--limit", "=1", "must be NAME=N, for example StandardCores=10, not '=1'"),
        ("--throttle", "reads=x", "must be KIND=SIZE:REFILL, KIND reads or writes, for example reads=250:25, not"),
    ],
)
def test_a_value_that_cannot_be_used(capsys: pytest.CaptureFixture[str], option: str, value: str, message: str) -> None:
    with pytest.raises(SystemExit):
        main(["serve", option, value])
    assert f"argument {option}: {message}" in capsys.readouterr().err


def every_parser(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield from every_parser(each)


@pytest.mark.parametrize("parser", list(every_parser(make_parser())), ids=lambda parser: parser.prog)
def test_help_explains_every_command_and_argument(parser: argparse.ArgumentParser) -> None:
    assert parser.description
    assert [
        action.dest for action in parser._actions if not action.help and action.metavar not in ("COMMAND", "ACTION")
    ] == []
    assert len(parser.format_usage()) < 300


def test_exec_sets_the_variables_for_one_command_and_prints_none(emulator: RunningEmulator) -> None:
    at = ("--state-dir", str(emulator.state_dir))
    script = "import os; print(os.environ['AZURE_AUTHORITY_HOST'], bool(os.environ['AZURE_CLIENT_SECRET'])); exit(3)"
    done = run("exec", *at, "--", sys.executable, "-c", script)
    assert (done.returncode, done.stdout, done.stderr) == (3, f"{emulator.url} True\n", "")
    assert run("exec", *at).stderr == "aci-emulator: exec: name the command to run, after --\n"
    missing = run("exec", *at, "--", "no-such-program")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "cannot run no-such-program" in missing.stderr
    assert not any(value in missing.stderr for value in emulator.environment().values())


def test_groups_and_logs(emulator: RunningEmulator) -> None:
    at = ("--state-dir", str(emulator.state_dir))
    fill(emulator, r"printf 'hello\033[2J\n'; sleep 1000")
    emulator.advance(600)
    [_, line] = run("groups", *at).stdout.splitlines()
    assert line.split() == ["first", "shop", "web", "westeurope", "Running", "Succeeded"]
    for _ in range(20):
        if log := run("logs", *at, "shop", "web").stdout:
            break
    assert log == "hello\\x1b[2J\n"
    missing = run("logs", *at, "shop", "nope")
    assert missing.returncode == 1
    assert "nope" in missing.stderr


def test_what_was_saved_is_loaded_elsewhere_without_secrets(emulator: RunningEmulator, tmp_path: Path) -> None:
    at = ("--state-dir", str(emulator.state_dir))
    file = tmp_path / "state.yml"
    fill(emulator)
    emulator.advance(600)
    emulator.add_fault("answer", paths=["/nowhere/*"], status=503, times=2)
    assert run("save", str(file), *at).stdout == "container groups saved: 1\n"
    text = file.read_text()
    assert not [secret for secret in SECRETS if secret in text]
    assert emulator.subscription_id not in text
    document = yaml.safe_load(text)
    assert [each["name"] for each in document["resource_groups"]] == ["shop", "other"]
    assert document["resource_groups"][1]["subscription"] == "second_subscription"
    [group] = document["resource_groups"][0]["container_groups"]
    assert list(group) == ["name", "properties", "tags"]  # it has the location of its resource group
    with running_emulator("--runtime", "simulated", "--speed", "200") as other:
        there = ("--state-dir", str(other.state_dir))
        loaded = run("load", str(file), *there)
        assert (loaded.returncode, loaded.stdout) == (0, "container groups created: 1\n"), loaded.stderr
        other.advance(600)
        again = tmp_path / "again.yml"
        assert run("save", str(again), *there).returncode == 0
        assert yaml.safe_load(again.read_text()) == document


def rich(subscription: str) -> dict[str, Any]:
    """A group with properties of the newest versions, which refer to other resources and to secrets in a vault."""
    provider = f"/subscriptions/{subscription}/resourceGroups/shop/providers"
    identity = f"{provider}/Microsoft.ManagedIdentity/userAssignedIdentities/one"
    group = definition()
    properties = group["properties"]
    group["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}
    properties["secretReferences"] = [
        {"name": "token", "identity": identity, "secretReferenceUri": "https://vault.example.com/secrets/token"}
    ]
    container = properties["containers"][0]["properties"]
    container["environmentVariables"].append({"name": "TOKEN", "secureValueReference": "token"})
    container["configMap"] = {"keyValuePairs": {"id": "1", "type": "a"}}
    properties["volumes"] += [
        {"name": "vault", "secretReference": {"type": "token"}},
        {
            "name": "referred",
            "azureFile": {"shareName": "s", "storageAccountName": "a", "storageAccountKeyReference": "token"},
        },
    ]
    properties["imageRegistryCredentials"] += [
        {"server": "s.example.com", "username": "u", "passwordReference": "token"},
        {"server": "t.example.com", "identity": identity},
    ]
    analytics = {
        "workspaceId": "w",
        "workspaceKey": SECRETS[4],
        "logType": "ContainerInsights",
        "metadata": {"pod-uuid": "p"},
    }
    properties["diagnostics"] = {"logAnalytics": analytics}
    profile = f"{provider}/Microsoft.ContainerInstance/containerGroupProfiles/profile"
    properties["containerGroupProfile"] = {"id": profile, "revision": 1}
    properties["ipAddress"]["dnsNameLabel"] = "rich-label"
    return group


def without_secrets(value: Any) -> Any:
    if isinstance(value, list):
        return [without_secrets(each) for each in value]
    if isinstance(value, dict):
        return {name: without_secrets(each) for name, each in value.items() if name not in ("instanceView", "ip")}
    return value


def test_nothing_but_secrets_is_lost_on_the_way(emulator: RunningEmulator, tmp_path: Path) -> None:
    arm = fill(emulator)
    scope = f"/subscriptions/{arm.subscriptions[0]}/resourceGroups/shop/providers/Microsoft.ContainerInstance"
    profile = {name: each for name, each in definition()["properties"].items() if name != "ipAddress"}
    arm.put(f"{scope}/containerGroupProfiles/profile", CONTAINERS, {"location": "westeurope", "properties": profile})
    arm.put(f"{scope}/containerGroups/rich", CONTAINERS, rich(arm.subscriptions[0]))
    emulator.advance(600)
    paths = [f"{scope}/containerGroupProfiles/profile", f"{scope}/containerGroups/rich"]
    before = [without_secrets(arm.get(path, CONTAINERS)) for path in paths]
    file = tmp_path / "state.yml"
    emulator.save(file)
    assert not [secret for secret in SECRETS if secret in file.read_text()]
    emulator.reset()
    emulator.load(file)
    emulator.advance(600)
    assert [without_secrets(arm.get(path, CONTAINERS)) for path in paths] == before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("groups: []", "must contain a mapping with resource_groups and faults"),
        ("resource_groups: 3", "resource_groups must be a list of mappings"),
        ("resource_groups: [{name: a}]", "resource_groups[0].location is required"),
        ("resource_groups: [{name: a, location: westus2, groups: []}]", "resource_groups[a] has unknown keys: groups"),
        ("resource_groups: [{name: a, location: mars}]", "resourcegroups/a"),
        ("faults: [{kind: nope}]", "faults[0]: Kind must be one of"),
    ],
)
def test_a_state_file_that_cannot_be_used(emulator: RunningEmulator, tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "state.yml").write_text(text)
    done = run("load", str(tmp_path / "state.yml"), "--state-dir", str(emulator.state_dir))
    assert done.returncode == 1
    assert message in done.stderr
    assert os.linesep not in done.stderr.strip()
