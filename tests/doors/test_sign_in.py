# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All sign-in methods of the emulator, each with the environment that it prints."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from emulator import COMMAND, RunningEmulator, clean_environment, emulator
from tree import ROOT

WAYS = (
    "client-secret",
    "auth-file",
    "certificate",
    "certificate-pfx",
    "workload-identity",
    "github",
    "azure-pipelines",
    "managed-identity",
    "user-assigned-identity",
    "app-service",
    "reader",
    "other-tenant",
)
CHOSEN = {"user-assigned-identity": "managed_identity", "managed-identity": "managed_identity"}


@pytest.fixture(scope="module")
def azure() -> Iterator[RunningEmulator]:
    with emulator(runtime="simulated", speed=100) as running:
        yield running


def environment(azure: RunningEmulator, way: str) -> dict[str, str]:
    command = [str(COMMAND), "env", "--state-dir", str(azure.state_dir), "--as", way, "--format", "json"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, env=clean_environment()).stdout
    found: dict[str, str] = json.loads(printed)
    return found


def ask(
    tmp_path: Path, module: str, options: dict[str, Any], variables: dict[str, str], in_process: bool = True
) -> dict[str, Any]:
    """The result of an ad-hoc command."""
    command = [str(ROOT / ".venv/bin/ansible"), "localhost", "-m", f"azure_containers.aci.{module}"]
    command += ["-e", json.dumps({"aci_in_process": in_process}), *(["-a", json.dumps(options)] if options else [])]
    settings = {
        "ANSIBLE_HOME": str(tmp_path / "home"),
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv/src"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOAD_CALLBACK_PLUGINS": "1",
        "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.tree",
        "ANSIBLE_CALLBACK_TREE_DIR": str(tmp_path / "tree"),
        "HOME": str(tmp_path),
    }
    whole = clean_environment() | variables | settings
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=whole, timeout=120)
    results = list((tmp_path / "tree").glob("localhost"))
    assert results, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(results[0].read_text())
    return found


@pytest.mark.parametrize("way", WAYS)
def test_a_way_to_sign_in(tmp_path: Path, azure: RunningEmulator, way: str) -> None:
    options = {"auth_source": CHOSEN[way]} if way in CHOSEN else {}
    result = ask(tmp_path, "aci_group_info", options, environment(azure, way))
    assert result.get("container_groups") == [], result


@pytest.mark.parametrize("way", ["client-secret", "certificate-pfx", "github", "app-service"])
def test_the_module_signs_in_as_well(tmp_path: Path, azure: RunningEmulator, way: str) -> None:
    result = ask(tmp_path, "aci_group_info", {}, environment(azure, way), in_process=False)
    assert result.get("container_groups") == [], result


def test_nobody_signs_in_by_chance(tmp_path: Path, azure: RunningEmulator) -> None:
    variables = environment(azure, "client-secret")
    result = ask(tmp_path, "aci_group_info", {"auth_source": "auth_file"}, variables)
    assert result["error"]["code"] == "NoCredentials"


def test_a_reader_may_not_write(tmp_path: Path, azure: RunningEmulator) -> None:
    result = ask(tmp_path, "resource_group", {"name": "reader", "location": "westeurope"}, environment(azure, "reader"))
    assert (result["error"]["code"], result["error"]["status"]) == ("AuthorizationFailed", 403)
    assert "role" in result["msg"]


def test_a_token_of_another_tenant_is_not_enough(tmp_path: Path, azure: RunningEmulator) -> None:
    variables = environment(azure, "other-tenant")
    variables["AZURE_SUBSCRIPTION_ID"] = azure.variables["AZURE_SUBSCRIPTION_ID"]
    result = ask(tmp_path, "aci_group_info", {}, variables)
    assert result["error"]["status"] in (401, 404), result


def test_where_to_sign_in_is_discovered(tmp_path: Path, azure: RunningEmulator) -> None:
    variables = environment(azure, "client-secret")
    del variables["AZURE_AUTHORITY_HOST"]
    assert ask(tmp_path, "aci_group_info", {}, variables)["container_groups"] == []


def test_a_profile(tmp_path: Path, azure: RunningEmulator) -> None:
    (tmp_path / ".azure").mkdir()
    (tmp_path / ".azure" / "credentials").write_text(
        f"[test]\nclient_id={azure.variables['AZURE_CLIENT_ID']}\nsecret={azure.variables['AZURE_CLIENT_SECRET']}\n"
        f"tenant={azure.variables['AZURE_TENANT_ID']}\nsubscription_id={azure.variables['AZURE_SUBSCRIPTION_ID']}\n"
        f"cloud_environment={azure.url}\n"
    )
    result = ask(tmp_path, "aci_group_info", {"profile": "test", "ca_bundle": str(azure.ca)}, {})
    assert result.get("container_groups") == [], result


def test_azure_cli(tmp_path: Path, azure: RunningEmulator) -> None:
    """A fake `az` with the output of the real one, so that nothing has to be installed."""
    tokens = environment(azure, "client-secret")
    account = {
        "id": tokens["AZURE_SUBSCRIPTION_ID"],
        "tenantId": tokens["AZURE_TENANT_ID"],
        "environmentName": "Emulator",
        "user": {"name": tokens["AZURE_CLIENT_ID"], "type": "servicePrincipal"},
    }
    cloud = {"endpoints": {"resourceManager": azure.url, "activeDirectory": azure.url}}
    token = subprocess.run(
        [str(ROOT / ".venv/bin/python"), "-c", GET_TOKEN, azure.url, str(azure.ca)],
        capture_output=True,
        text=True,
        check=True,
        env=clean_environment() | tokens,
    ).stdout.strip()
    answer = {"accessToken": token, "expiresOn": "2099-01-01 00:00:00.000000", "expires_on": 4070908800}
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "az"
    program.write_text(
        f"#!/bin/sh\ncase \"$1 $2\" in\n'account show') echo '{json.dumps(account)}' ;;\n"
        f"'cloud show') echo '{json.dumps(cloud)}' ;;\n'account get-access-token') echo '{json.dumps(answer)}' ;;\n"
        "*) exit 1 ;;\nesac\n"
    )
    program.chmod(0o700)
    path = f"{tmp_path / 'bin'}:{clean_environment()['PATH']}"
    result = ask(tmp_path, "aci_group_info", {"ca_bundle": str(azure.ca)}, {"PATH": path})
    assert result.get("container_groups") == [], result


GET_TOKEN = """
import os, sys
from azure.identity import ClientSecretCredential
names = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET")
credential = ClientSecretCredential(
    *(os.environ[name] for name in names), authority=sys.argv[1], disable_instance_discovery=True,
    connection_verify=sys.argv[2],
)
print(credential.get_token(sys.argv[1] + "/.default").token)
"""
