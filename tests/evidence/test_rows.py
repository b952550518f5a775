# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the real service accepted and refused (rows.yml), replayed through the emulator and aci_group."""

from __future__ import annotations

import copy
import json
import re
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.client import connect
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_group, resource_group
from ansible_collections.azure_containers.aci.plugins.module_utils._engines.aci_group_info import SPEC as INFO
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context, ModuleSpec
from emulator import RunningEmulator, emulator

ROWS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "rows.yml").read_text())
NEWEST = "2025-09-01"
GROUP = "Microsoft.ContainerInstance/containerGroups"
CONTAINER = {"name": "web", "properties": {"image": "nginx", "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}}}}
SHORTEST = {"location": "westeurope", "properties": {"osType": "Linux", "containers": [CONTAINER]}}
SHORT = {"web": ("properties", "containers", "0", "properties"), "group": ("properties",)}
ACCEPTED = [row for row in ROWS if row["said"] == "accepted" and "before" not in row]
REFUSED = [row for row in ROWS if row["said"] != "accepted" and "before" not in row]
CHANGES = [row for row in ROWS if "before" in row]


class Bench:
    """An emulator, and the engines that use it."""

    def __init__(self, azure: RunningEmulator, recovery_dir: Path) -> None:
        self.azure = azure
        self.recovery_dir = str(recovery_dir)

    def run(self, spec: ModuleSpec, check: bool = False, **options: Any) -> dict[str, Any]:
        """The result of a module's engine. Raises AciError."""
        params = {name: entry.get("default") for name, entry in spec.argument_spec().items()}
        params |= {**self.azure.connection(), **options}
        client = connect(params)
        try:
            return spec.perform(Context(params, check, True, client))
        finally:
            client.close()

    def apply(self, row: dict[str, Any], definition: dict[str, Any], name: str, **options: Any) -> dict[str, Any]:
        """The result of aci_group with a definition."""
        definition = {**definition, "apiVersion": version_of(row)}
        return self.run(
            aci_group.SPEC,
            resource_group="ansible",
            name=name,
            definition=definition,
            recovery_dir=self.recovery_dir,
            **options,
        )

    def body(self, differences: dict[str, Any]) -> dict[str, Any]:
        """The minimal body with the differences of a row."""
        body: Any = copy.deepcopy(SHORTEST)
        for path, value in differences.items():
            first, *rest = path.split(".")
            *way, last = (*SHORT.get(first, (first,)), *rest)
            place = body
            for part in way:
                place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
            if isinstance(place, list):
                place.append(value)
            elif value is None:
                del place[last]
            else:
                place[last] = value
        scope = f"/subscriptions/{self.azure.connection()['subscription_id']}/resourceGroups/raw"
        return dict(json.loads(json.dumps(body).replace("{rg}", scope)))

    def put(self, row: dict[str, Any], body: dict[str, Any], name: str) -> tuple[int, str | None]:
        """Status and error code of a PUT without the collection; status 201 stands for all successes."""
        try:
            self.azure.put(f"resourceGroups/raw/providers/{GROUP}/{name}", version_of(row), body)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)["error"]["code"]
        return 201, None


def version_of(row: dict[str, Any]) -> str:
    return str(row.get("api_version", NEWEST))


def name_of(row: dict[str, Any]) -> str:
    return str(row.get("group") or re.sub(r"\W+", "-", row["name"]).lower())


def filled(value: Any) -> Any:
    """An export with placeholders for its secrets, which are not compared."""
    if isinstance(value, dict):
        return {filled(key): filled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item) for item in value]
    return "c2VjcmV0" if isinstance(value, str) and value.startswith("<secret") else value


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    limits = ("StandardCores", "ContainerGroups", "StandardSpotCores", "ConfidentialCores")
    arguments = tuple(part for name in limits for part in ("--limit", f"{name}=100000"))
    with emulator(runtime="simulated", speed=100, arguments=arguments) as azure:
        found = Bench(azure, tmp_path_factory.mktemp("recovery"))
        for name in ("raw", "ansible"):
            found.run(resource_group.SPEC, name=name, location="westeurope")
        delegation = {"name": "aci", "properties": {"serviceName": GROUP}}
        aci = {"addressPrefix": "10.1.0.0/16", "delegations": [delegation]}
        subnets = [
            {"name": "aci", "properties": aci},
            {"name": "plain", "properties": {"addressPrefix": "10.2.0.0/24"}},
        ]
        network = {"addressSpace": {"addressPrefixes": ["10.0.0.0/8"]}, "subnets": subnets}
        providers = "resourceGroups/raw/providers"
        body: dict[str, Any] = {"location": "westeurope", "properties": network}
        azure.put(f"{providers}/Microsoft.Network/virtualNetworks/net", "2023-09-01", body)
        subnet = found.body({"x": "{rg}/providers/Microsoft.Network/virtualNetworks/net/subnets/aci"})["x"]
        address = {"name": "ip", "properties": {"subnet": {"id": subnet}}}
        interface = {"name": "eth0", "properties": {"ipConfigurations": [address]}}
        body = {"location": "westeurope", "properties": {"containerNetworkInterfaceConfigurations": [interface]}}
        azure.put(f"{providers}/Microsoft.Network/networkProfiles/profile1", "2023-09-01", body)
        body = {"location": "eastus", "properties": {"osType": "Linux", "containers": [CONTAINER]}}
        azure.put(f"{providers}/Microsoft.ContainerInstance/containerGroupProfiles/profile1", NEWEST, body)
        yield found


def test_rows_say_where_they_come_from() -> None:
    assert len(ROWS) >= 60
    assert len({name_of(row) for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert set(row) <= {"name", "group", "api_version", "before", "sent", "said", "source", "date", "collection"}
        assert re.fullmatch(r"\d{4}(-\d\d){0,2}|unknown", row["date"]), row["name"]
        assert row["source"], row["name"]


@pytest.mark.parametrize("row", ACCEPTED, ids=name_of)
def test_what_the_service_accepts(bench: Bench, row: dict[str, Any]) -> None:
    name, body = name_of(row), bench.body(row["sent"])
    raw = {**body}
    if label := (raw["properties"].get("ipAddress") or {}).get("dnsNameLabel"):
        raw = copy.deepcopy(raw)
        raw["properties"]["ipAddress"]["dnsNameLabel"] = f"{label}-raw"
    assert bench.put(row, raw, name) == (201, None)
    assert bench.apply(row, body, name, wait=False, check=True)["action"] == "created"
    # The service shows a private address after the group is provisioned.
    private = bool({"networkProfile", "subnetIds"} & set(body["properties"]))
    assert bench.apply(row, body, name, wait=private, wait_for="provisioned")["action"] == "created"
    assert bench.apply(row, body, name, wait=False)["changes"] == []
    groups = bench.run(INFO, resource_group="ansible", name=name)["container_groups"]
    definition = filled(groups[0]["definition"])
    again = bench.run(
        aci_group.SPEC,
        resource_group="ansible",
        name=name,
        definition=definition,
        wait=False,
        recovery_dir=bench.recovery_dir,
    )
    assert again["changes"] == []


@pytest.mark.parametrize("row", REFUSED, ids=name_of)
def test_what_the_service_refuses(bench: Bench, row: dict[str, Any]) -> None:
    name, body = name_of(row), bench.body(row["sent"])
    status, code = bench.put(row, body, name)
    assert (status, code) == (row["said"].get("status", status), row["said"].get("code", code))
    assert status >= 400
    if "collection" in row:
        assert bench.apply(row, body, name, wait=False)["action"] == "created"
        return
    with pytest.raises(AciError):
        bench.apply(row, body, name, wait=False)
    with pytest.raises(AciError):  # an error must not be a success on the next run
        bench.apply(row, body, name, wait=False)


@pytest.mark.parametrize("row", CHANGES, ids=name_of)
def test_what_the_service_says_to_changes(bench: Bench, row: dict[str, Any]) -> None:
    name, before, after = name_of(row), bench.body(row["before"]), bench.body(row["sent"])
    bench.apply(row, before, name)
    if row["said"] == "accepted":
        changed = bench.apply(row, after, name)
        assert changed["action"] == "updated"
        assert not [change for change in changed["changes"] if change["effect"] == "recreate"]
        assert bench.apply(row, after, name)["changes"] == []
    else:
        with pytest.raises(AciError) as caught:
            bench.apply(row, after, name)
        assert caught.value.code in ("RecreateNeeded", "LocationCannotChange", row["said"]["code"])
    raw = f"{name}-raw"
    bench.run(
        aci_group.SPEC,
        resource_group="raw",
        name=raw,
        definition=json.loads(json.dumps(before).replace("evidence-label", "raw-label")),
        recovery_dir=bench.recovery_dir,
    )
    said = (201, None) if row["said"] == "accepted" else (row["said"]["status"], row["said"]["code"])
    assert bench.put(row, after, raw) == said
