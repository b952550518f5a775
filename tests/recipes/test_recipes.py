# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks that need azure.azcollection, with a substitute for it.

The substitute accepts the documented options of the real modules, sends requests to the emulator, and keeps what the
emulator does not serve (registries, identities, role assignments, Traffic Manager, Front Door, Application Gateway) in
a file. So the whole playbooks run, and their requests are checked; this does not prove that Azure accepts them.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from emulator import RunningEmulator, clean_environment, emulator
from tree import ROOT

STAND_IN = Path(__file__).parent / "stand_in"
OLD = "mcr.microsoft.com/azuredocs/aci-helloworld"
NEW = "mcr.microsoft.com/azuredocs/aci-helloworld:latest"


@dataclass
class Kitchen:
    azure: RunningEmulator
    folder: Path

    @property
    def store(self) -> Path:
        return self.folder / "store.json"

    def play(self, name: str, *arguments: str, fails: bool = False, **variables: Any) -> str:
        """Run a playbook and return its output. Raises AssertionError unless it ends as expected."""
        environment = clean_environment() | self.azure.variables
        environment |= {
            "ANSIBLE_COLLECTIONS_PATH": f"{STAND_IN}{os.pathsep}{ROOT / '.venv/collections'}",
            "ANSIBLE_HOME": str(self.folder / "home"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_NOCOLOR": "1",
            "PATH": f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}",
            "RECIPE_STORE": str(self.store),
            "LC_ALL": "C.UTF-8",
        }
        command = [str(ROOT / ".venv/bin/ansible-playbook"), f"azure_containers.aci.{name}"]
        command += ["-e", json.dumps(variables), *arguments]
        done = subprocess.run(command, env=environment, cwd=self.folder, capture_output=True, text=True, check=False)
        said = done.stdout + done.stderr
        assert (done.returncode != 0) == fails, said
        return said

    def kept(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.store.read_text())
        return found

    def keep(self, **resources: Any) -> None:
        self.store.write_text(json.dumps(resources))

    def group(self, resource_group: str) -> str:
        return f"/subscriptions/{self.azure.connection()['subscription_id']}/resourceGroups/{resource_group}"


@pytest.fixture(scope="module")
def azure() -> Iterator[RunningEmulator]:
    with emulator(runtime="process", speed=20) as running:
        yield running


@pytest.fixture
def kitchen(azure: RunningEmulator) -> Iterator[Kitchen]:
    with tempfile.TemporaryDirectory(prefix="aci_recipes_") as folder:
        yield Kitchen(azure, Path(folder))


def test_a_network_with_a_way_out(kitchen: Kitchen) -> None:
    assert "changed=1" in kitchen.play("vnet_nat", "--check", aci_prefix="net")
    said = kitchen.play("vnet_nat", aci_prefix="net")
    assert "net-private has the address 10.0.0." in said
    assert "changed=0" in kitchen.play("vnet_nat", aci_prefix="net")


def test_a_registry_without_a_password(kitchen: Kitchen) -> None:
    said = kitchen.play("registry_pull", aci_prefix="pull", aci_registry="Pull42")
    assert "pull-registry runs pull42.azurecr.io/web:1" in said
    registry = f"{kitchen.group('pull')}/providers/Microsoft.ContainerRegistry/registries/Pull42"
    kept = kitchen.kept()
    assert kept[registry]["properties"]["adminUserEnabled"] is False
    roles = [value["properties"] for url, value in kept.items() if url.startswith(f"{registry}/providers/")]
    identity = kept[f"{kitchen.group('pull')}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull-puller"]
    assert [role["principalId"] for role in roles] == [identity["properties"]["principalId"]]
    # The image is imported each time; nothing else changes.
    assert "changed=1 " in kitchen.play("registry_pull", aci_prefix="pull", aci_registry="Pull42")


def test_a_secret_of_a_vault_and_its_rotation(kitchen: Kitchen) -> None:
    vault = f"{kitchen.group('keys')}/providers/Microsoft.KeyVault/vaults/shop"
    uri = "https://shop.vault.azure.net/secrets/db-password/"
    variables = {"aci_prefix": "vault", "aci_vault_id": vault}
    assert "created" in kitchen.play("vault_secret", **variables, aci_secret_uri=f"{uri}{'0' * 32}")
    assert "changed=0" in kitchen.play("vault_secret", **variables, aci_secret_uri=f"{uri}{'0' * 32}")
    assert "vault-vault: updated" in kitchen.play("vault_secret", **variables, aci_secret_uri=f"{uri}{'1' * 32}")
    assert "URI of a version of the secret" in kitchen.play(
        "vault_secret", fails=True, **variables, aci_secret_uri=uri[:-1]
    )


def profile(kitchen: Kitchen) -> tuple[str, dict[str, Any]]:
    url = f"{kitchen.group('edge')}/providers/Microsoft.Network/trafficManagerProfiles/shop"
    kitchen.keep(**{url: {"id": url, "properties": {"dnsConfig": {"ttl": 1}, "endpoints": []}}})
    return url, {"aci_switch_tasks": "tasks/switch_traffic_manager.yml", "aci_traffic_manager_id": url}


def test_traffic_manager(kitchen: Kitchen) -> None:
    url, variables = profile(kitchen)
    kitchen.play("blue_green", aci_prefix="tm", aci_image=OLD, **variables)
    said = kitchen.play("blue_green", aci_prefix="tm", aci_image=NEW, **variables)
    assert "Live: green" in said
    endpoints = {each["name"]: each["properties"] for each in kitchen.kept()[url]["properties"]["endpoints"]}
    assert endpoints["green"]["endpointStatus"] == "Enabled"
    assert endpoints["green"]["target"].startswith("tm-green.")
    assert endpoints["blue"]["endpointStatus"] == "Disabled"
    order = [(method, asked.rpartition("/")[2]) for method, asked, _body in kitchen.kept()["log"]]
    assert order == [("PUT", "blue"), ("PUT", "green"), ("PATCH", "blue")]
    assert "Let the old version finish" in said


def test_a_switch_that_does_not_work_is_taken_back(kitchen: Kitchen) -> None:
    url, variables = profile(kitchen)
    kitchen.play("blue_green", aci_prefix="back", aci_image=OLD, **variables)
    public = {"aci_public_url": "http://127.0.0.1:9/", "aci_health_retries": 1}
    said = kitchen.play("blue_green", aci_prefix="back", aci_image=NEW, fails=True, **variables, **public)
    assert "Users are sent to blue as before." in said
    endpoints = {each["name"]: each["properties"] for each in kitchen.kept()[url]["properties"]["endpoints"]}
    assert (endpoints["blue"]["endpointStatus"], endpoints["green"]["endpointStatus"]) == ("Enabled", "Disabled")
    again = kitchen.play("blue_green", aci_prefix="back", aci_image=OLD, **variables)
    assert "changed=0" in again


def test_front_door(kitchen: Kitchen) -> None:
    url = f"{kitchen.group('edge')}/providers/Microsoft.Cdn/profiles/shop/originGroups/web"
    variables = {"aci_prefix": "afd", "aci_switch_tasks": "tasks/switch_front_door.yml", "aci_origin_group_id": url}
    kitchen.play("blue_green", aci_image=OLD, aci_drain_seconds=1, **variables)
    kitchen.play("blue_green", aci_image=NEW, aci_drain_seconds=1, **variables)
    origins = {name: kitchen.kept()[f"{url}/origins/{name}"]["properties"] for name in ("blue", "green")}
    assert origins["green"]["enabledState"] == "Enabled"
    assert origins["green"]["hostName"] == origins["green"]["originHostHeader"]
    assert origins["blue"]["enabledState"] == "Disabled"
    order = [(method, asked.rpartition("/")[2]) for method, asked, _body in kitchen.kept()["log"]]
    assert order == [("PUT", "blue"), ("PUT", "green"), ("PATCH", "blue")]


def test_application_gateway(kitchen: Kitchen) -> None:
    url = f"{kitchen.group('edge')}/providers/Microsoft.Network/applicationGateways/shop"
    draining = {"properties": {"connectionDraining": {"enabled": True, "drainTimeoutInSec": 1}}}
    pools = [{"name": name, "id": f"{url}/backendAddressPools/{name}", "properties": {}} for name in ("web", "other")]
    properties = {"backendAddressPools": pools, "backendHttpSettingsCollection": [draining, {"properties": {}}]}
    kitchen.keep(**{url: {"id": url, "location": "westeurope", "properties": properties}})
    variables = {"aci_switch_tasks": "tasks/switch_application_gateway.yml", "aci_gateway_id": url}
    refused = kitchen.play(
        "blue_green", aci_prefix="agw", aci_image=OLD, fails=True, **variables, aci_gateway_pool="no"
    )
    assert "has no backend pool no" in refused
    kitchen.play("blue_green", aci_prefix="agw", aci_image=NEW, **variables, aci_gateway_pool="web")
    found = {each["name"]: each["properties"] for each in kitchen.kept()[url]["properties"]["backendAddressPools"]}
    assert [each["fqdn"].partition(".")[0] for each in found["web"]["backendAddresses"]] == ["agw-blue"]
    assert found["other"] == {}
    assert kitchen.kept()[url]["properties"]["backendHttpSettingsCollection"] == [draining, {"properties": {}}]
