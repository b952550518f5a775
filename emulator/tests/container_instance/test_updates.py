# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The changes that are refused in place."""

from __future__ import annotations

import copy

import pytest

from aci_emulator.container_instance.definition import models, updates
from aci_emulator.container_instance.definition.schema import Reading

SUBNET = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v/subnets/n"
BODY = {
    "zones": ["1"],
    "properties": {
        "osType": "Linux",
        "containers": [
            {
                "name": "web",
                "properties": {
                    "image": "nginx",
                    "ports": [{"port": 80}],
                    "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}},
                },
            }
        ],
        "ipAddress": {"type": "Public", "ports": [{"port": 80}]},
        "volumes": [{"name": "volume", "secret": {"a": "b"}}],
        "diagnostics": {"logAnalytics": {"workspaceId": "w", "workspaceKey": "k"}},
    },
}


def read(body: dict) -> dict:
    return models.GROUP.read(body, "", Reading("2025-09-01"))


def refused(change, *, strict: bool = False) -> list[str]:
    body = copy.deepcopy(BODY)
    change(body)
    return [each.name for each in updates.refused(read(BODY), read(body), strict=strict)]


def requests(body: dict) -> dict:
    return body["properties"]["containers"][0]["properties"]["resources"]["requests"]


SIDE = {"name": "side", "properties": {"image": "b"}}

DOCUMENTED = {
    "OsType": lambda body: body["properties"].update(osType="Windows"),
    "RestartPolicy": lambda body: body["properties"].update(restartPolicy="Never"),
    "SubnetIds": lambda body: body["properties"].update(subnetIds=[{"id": SUBNET}]),
    "Cpu": lambda body: requests(body).update(cpu=2),
    "MemoryInGB": lambda body: requests(body).update(memoryInGB=2),
    "Gpu": lambda body: requests(body).update(gpu={"count": 1, "sku": "V100"}),
}
DISPUTED = {
    "Containers": lambda body: body["properties"]["containers"].append(SIDE),
    "InitContainers": lambda body: body["properties"].update(initContainers=[SIDE]),
    "IpAddressType": lambda body: body["properties"]["ipAddress"].update(type="Private"),
    "IpAddressPorts": lambda body: body["properties"]["ipAddress"].update(ports=[{"port": 81}]),
    "Ports": lambda body: body["properties"]["containers"][0]["properties"].update(ports=[{"port": 81}]),
    "Diagnostics": lambda body: body["properties"].pop("diagnostics"),
    "DnsConfig": lambda body: body["properties"].update(dnsConfig={"nameServers": ["10.0.0.1"]}),
    "Sku": lambda body: body["properties"].update(sku="Dedicated"),
    "Priority": lambda body: body["properties"].update(priority="Spot"),
    "Zones": lambda body: body.update(zones=["2"]),
    "Volumes": lambda body: body["properties"].update(volumes=[{"name": "volume", "emptyDir": {}}]),
}
MUTABLE = {
    "nothing": lambda body: None,
    "image": lambda body: body["properties"]["containers"][0]["properties"].update(image="nginx:2"),
    "default restart policy": lambda body: body["properties"].update(restartPolicy="Always"),
    "default protocol": lambda body: body["properties"]["ipAddress"].update(ports=[{"port": 80, "protocol": "TCP"}]),
    "label": lambda body: body["properties"]["ipAddress"].update(dnsNameLabel="abcde"),
    "secret": lambda body: body["properties"].update(volumes=[{"name": "volume", "secret": {"a": "c"}}]),
    "tags": lambda body: body.update(tags={"a": "b"}),
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_documented(name):
    assert refused(DOCUMENTED[name]) == [name]
    assert refused(DOCUMENTED[name], strict=True) == [name]


@pytest.mark.parametrize("name", DISPUTED)
def test_disputed(name):
    assert refused(DISPUTED[name]) == []
    assert refused(DISPUTED[name], strict=True) == [name]


@pytest.mark.parametrize("name", MUTABLE)
def test_mutable(name):
    assert refused(MUTABLE[name], strict=True) == []


def test_both_wordings_are_the_quoted_ones():
    change = [updates.RefusedChange("RestartPolicy", "OnFailure", "Always")]
    assert updates.refusal("X", change, "named").message == (
        "The updates on container group 'X' are invalid. If you are going to update the RestartPolicy (old "
        '"OnFailure", new "Always") for a container group, you must delete it first and then create a new one.'
    )
    assert updates.refusal("X", change, "general").message == (
        "The updates on container group 'X' are invalid. If you are going to update the os type, restart policy, "
        "network "
        "profile, CPU, memory or GPU resources for a container group, you must delete it first and then create a new "
        "one."
    )
