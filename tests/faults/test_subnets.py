# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups go into a subnet one after another; deleting one can wait until the subnet is free, and free it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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


def make_network(azure: RunningEmulator) -> str:
    """Makes a network, as nothing in the collection does, and returns its subnet's id."""
    network = "resourceGroups/nets/providers/Microsoft.Network/virtualNetworks/v1"
    azure.put(network, "2024-05-01", NETWORK)
    return f"/subscriptions/{azure.variables['AZURE_SUBSCRIPTION_ID']}/{network}/subnets/s1"


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


NAMING = {"resource_group": "nets", "location": "westus2"}
WEB = [{"name": "web", "image": "nginx"}]
SECONDS = 60


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bench, str]]:
    """An emulator that takes a second to provision a group, and a subnet in it."""
    with emulator(runtime="simulated", speed=20) as azure:
        bench = Bench(azure, tmp_path_factory.mktemp("recovery"))
        assert not bench.run("resource_group", name="nets", location="westus2").failed
        yield bench, make_network(azure)


def put(bench: Bench, subnet: str, name: str, **options: Any) -> Any:
    """Runs aci_group for a group in the subnet."""
    group = {**NAMING, "containers": WEB, "subnet_ids": [{"id": subnet}], "wait_timeout": SECONDS, **options}
    return bench.run("aci_group", name=name, **group)


def times(bench: Bench, name: str) -> tuple[str, str]:
    """When the service began to pull the group's image, and when its container ran."""
    found = bench.run("aci_group_info", resource_group="nets", name=name).result["container_groups"][0]
    events = {event["name"]: event["first_timestamp"] for event in found["containers"][0]["instance_view"]["events"]}
    return events["Pulling"], events["Started"]


@pytest.mark.parametrize("wait", [True, False])
def test_groups_go_into_a_subnet_one_after_another(shared: tuple[Bench, str], wait: bool) -> None:
    bench, subnet = shared
    names = [f"turn-{wait}-{number}".lower() for number in range(4)]
    with ThreadPoolExecutor(len(names)) as pool:
        made = list(pool.map(lambda name: put(bench, subnet, name, wait=wait), names))
    assert [each.result["action"] for each in made] == ["created"] * len(names)
    ready = bench.run("aci_group_info", resource_group="nets", names=names, wait_for="running", wait_timeout=SECONDS)
    assert not ready.failed
    spans = sorted(times(bench, name) for name in names)
    assert all(earlier[1] <= later[0] for earlier, later in itertools.pairwise(spans)), spans


def test_a_group_that_waits_for_its_image_holds_up_nobody(shared: tuple[Bench, str]) -> None:
    bench, subnet = shared
    stuck = put(
        bench,
        subnet,
        "stuck",
        containers=[{"name": "web", "image": "emulator.local/missing"}],
        image_pull_timeout=0,
    )
    assert stuck.failed
    assert put(bench, subnet, "beside").result["action"] == "created"


def test_without_a_turn_nothing_is_sent(shared: tuple[Bench, str]) -> None:
    bench, subnet = shared
    assert put(bench, subnet, "settled").result["action"] == "created"
    bench.control("POST", "faults", {"kind": "hang-operation", "methods": ["PUT"], "times": 1})
    assert put(bench, subnet, "endless", wait=False).result["action"] == "created"
    bench.control("DELETE", "requests")
    late = put(bench, subnet, "late", wait_timeout=1)
    assert late.result["error"]["code"] == "TimedOut"
    assert "endless is still being provisioned" in late.result["msg"]
    kept = put(bench, subnet, "settled", restart_policy="Never", recreate="when_needed", wait_timeout=1)
    assert kept.result["error"]["code"] == "TimedOut"
    group = {**NAMING, "containers": WEB, "subnet_ids": [{"id": subnet}]}
    never = bench.run("aci_run", name="never", **group, wait_timeout=1)
    assert never.result["error"]["code"] == "TimedOut"
    # Asking what policies say of a group is a POST.
    written = [entry for entry in bench.requests() if not entry["path"].endswith("/checkPolicyRestrictions")]
    assert {entry["method"] for entry in written} == {"GET"}
    assert put(bench, subnet, "settled").result["action"] == "none"
