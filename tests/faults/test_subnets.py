# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleting a group of a subnet can wait until the subnet is free, and free it."""

from __future__ import annotations

import json
import ssl
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from emulator import RunningEmulator, emulator

from .conftest import Bench

DELEGATION = {"name": "d", "properties": {"serviceName": "Microsoft.ContainerInstance/containerGroups"}}
SUBNET = {"name": "s1", "properties": {"addressPrefix": "10.0.1.0/24", "delegations": [DELEGATION]}}
NETWORK = {
    "location": "westus2",
    "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [SUBNET]},
}


def send(azure: RunningEmulator, request: urllib.request.Request) -> Any:
    """A request to the emulator, and its JSON."""
    context = ssl.create_default_context(cafile=str(azure.ca))
    with urllib.request.urlopen(request, context=context, timeout=30) as answer:
        return json.load(answer)


def make_network(azure: RunningEmulator) -> str:
    """Makes a network, as nothing in the collection does, and returns its subnet's id."""
    known = azure.variables
    form = {
        "client_id": known["AZURE_CLIENT_ID"],
        "client_secret": known["AZURE_CLIENT_SECRET"],
        "grant_type": "client_credentials",
        "scope": f"{azure.url}/.default",
    }
    url = f"{azure.url}/{known['AZURE_TENANT_ID']}/oauth2/v2.0/token"
    token = send(azure, urllib.request.Request(url, data=urllib.parse.urlencode(form).encode()))["access_token"]
    scope = f"/subscriptions/{known['AZURE_SUBSCRIPTION_ID']}/resourceGroups/nets/providers/Microsoft.Network"
    request = urllib.request.Request(
        f"{azure.url}{scope}/virtualNetworks/v1?api-version=2024-05-01", data=json.dumps(NETWORK).encode(), method="PUT"
    )
    request.add_header("Authorization", f"Bearer {token}")
    request.add_header("Content-Type", "application/json")
    send(azure, request)
    return f"{scope}/virtualNetworks/v1/subnets/s1"


@pytest.mark.parametrize("link", ["release", "keep"])
def test_a_subnet_is_freed(tmp_path: Path, link: str) -> None:
    with emulator(runtime="simulated", speed=100, arguments=("--subnet-link", link)) as azure:
        bench = Bench(azure, tmp_path)
        assert not bench.run("resource_group", name="nets", location="westus2").failed
        naming = {"resource_group": "nets", "name": "g"}
        group = {
            "location": "westus2",
            "containers": [{"name": "web", "image": "nginx", "ports": [{"port": 80}]}],
            "subnet_ids": [{"id": make_network(azure)}],
            "ip_address": {"type": "Private", "ports": [{"port": 80}]},
        }
        made = bench.run("aci_group", **naming, **group)
        assert made.result["container_group"]["ip"] == "10.0.1.4"
        if link == "keep":
            late = bench.run("aci_group", **naming, state="absent", wait_for_subnet=True, wait_timeout=1)
            assert late.result["error"]["code"] == "TimedOut"
            assert "remove_subnet_association: true" in late.result["msg"]
            assert not bench.run("aci_group", **naming, **group).failed
        gone = bench.run(
            "aci_group", **naming, state="absent", wait_for_subnet=True, remove_subnet_association=link == "keep"
        )
        assert gone.result["action"] == "deleted"
