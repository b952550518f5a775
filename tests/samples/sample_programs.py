# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two programs modelled after published samples for Azure Container Instances, which use the SDK directly.

They do not use the collection, like any other client of the emulator. Both programs report what they
do to a function of the caller. Unlike the originals, they wait for operations, and always clean up.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from azure.identity import ClientSecretCredential
from azure.mgmt.containerinstance import ContainerInstanceManagementClient
from azure.mgmt.containerinstance.models import (
    Container,
    ContainerGroup,
    ContainerPort,
    EnvironmentVariable,
    IpAddress,
    Port,
    ResourceRequests,
    ResourceRequirements,
)
from azure.mgmt.resource.resources import ResourceManagementClient

Say = Callable[[str], None]

WEB = "microsoft/aci-helloworld"
SIDECAR = "microsoft/aci-tutorial-sidecar"
WORDCOUNT = "microsoft/aci-wordcount"


@dataclass(frozen=True)
class Clients:
    resources: ResourceManagementClient
    containers: ContainerInstanceManagementClient


def sign_in(
    auth_file: Path, ca_bundle: Path, subscription_id: str | None = None, *, default_version: str | None = None
) -> Clients:
    """Create both clients from an auth file in --sdk-auth format, for its subscription or another one.

    ``default_version`` imitates an SDK with this default API version; None keeps that of the installed one.
    """
    account = json.loads(auth_file.read_text())
    credential = ClientSecretCredential(
        account["tenantId"],
        account["clientId"],
        account["clientSecret"],
        authority=account["activeDirectoryEndpointUrl"],
        disable_instance_discovery=True,
        connection_verify=str(ca_bundle),
    )
    endpoint = account["resourceManagerEndpointUrl"]
    settings: dict[str, Any] = {
        "base_url": endpoint,
        "credential_scopes": [endpoint.rstrip("/") + "/.default"],
        "connection_verify": str(ca_bundle),
    }
    subscription = subscription_id or account["subscriptionId"]
    version = {} if default_version is None else {"api_version": default_version}
    return Clients(
        ResourceManagementClient(credential, subscription, **settings),
        ContainerInstanceManagementClient(credential, subscription, **settings, **version),
    )


def container(name: str, image: str, *, memory: float = 1.0, port: int | None = None, **more: Any) -> Container:
    return Container(
        name=name,
        image=image,
        resources=ResourceRequirements(requests=ResourceRequests(cpu=1.0, memory_in_gb=memory)),
        ports=[ContainerPort(port=port)] if port else None,
        **more,
    )


def documentation_program(clients: Clients, number: int, text_url: str, say: Say) -> None:
    """Run a single container, two in one group, and a task; list them, show details, and delete everything."""
    group = f"aci-rg-{number}"
    name = f"aci-{number}"
    say(f"Creating resource group '{group}'...")
    clients.resources.resource_groups.create_or_update(group, {"location": "eastus"})
    location = clients.resources.resource_groups.get(group).location
    try:
        create_web(clients, group, name, location, [container(name, WEB, port=80)], say)
        pair = [container(f"{name}-1", WEB, memory=2.0, port=80), container(f"{name}-2", SIDECAR, memory=2.0)]
        create_web(clients, group, f"{name}-multi", location, pair, say)
        run_task(clients, group, f"{name}-task", location, f"python wordcount.py {text_url}", say)
        say(f"Listing container groups in resource group '{group}'...")
        for found in clients.containers.container_groups.list_by_resource_group(group):
            say(f"  {found.name}")
        show(clients, group, f"{name}-multi", say)
    finally:
        for made in (name, f"{name}-multi", f"{name}-task"):
            clients.containers.container_groups.begin_delete(group, made).result()
        clients.resources.resource_groups.begin_delete(group).result()
    say("Deleted.")


def create_web(clients: Clients, group: str, name: str, location: str, containers: list[Container], say: Say) -> None:
    say(f"Creating container group '{name}'...")
    address = IpAddress(ports=[Port(protocol="TCP", port=80)], dns_name_label=name, type="Public")
    definition = ContainerGroup(location=location, containers=containers, os_type="Linux", ip_address=address)
    clients.containers.container_groups.begin_create_or_update(group, name, definition).result()
    made = clients.containers.container_groups.get(group, name)
    say(f"Container group '{name}' is reachable at http://{made.ip_address.fqdn}")


def run_task(clients: Clients, group: str, name: str, location: str, command: str, say: Say) -> None:
    say(f"Creating container group '{name}' with start command '{command}'")
    variables = [EnvironmentVariable(name="NumWords", value="5"), EnvironmentVariable(name="MinLength", value="8")]
    task = container(name, WORDCOUNT, command=command.split(), environment_variables=variables)
    definition = ContainerGroup(location=location, containers=[task], os_type="Linux", restart_policy="Never")
    clients.containers.container_groups.begin_create_or_update(group, name, definition).result()
    deadline = time.monotonic() + 60
    while True:
        made = clients.containers.container_groups.get(group, name)
        if made.instance_view.state in ("Succeeded", "Failed") or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    say(f"Container group '{name}': {made.instance_view.state}")
    say(f"Exit code: {made.containers[0].instance_view.current_state.exit_code}")
    say(f"Logs for container '{name}':")
    for line in clients.containers.containers.list_logs(group, name, name).content.splitlines():
        say(line)


def show(clients: Clients, group: str, name: str, say: Say) -> None:
    say(f"Getting container group details for container group '{name}'...")
    found = clients.containers.container_groups.get(group, name)
    say(f"Name: {found.name}")
    say(f"State: {found.provisioning_state}")
    say(f"FQDN: {found.ip_address.fqdn}")
    say(f"IP: {found.ip_address.ip}")
    say(f"Region: {found.location}")
    for part in found.containers:
        say(f"  {part.name}: {part.image} {part.instance_view.current_state.state}")


def management_program(clients: Clients, say: Say) -> None:
    """List a subscription's groups; create one with a public address, print it, delete it with its resource group."""
    for found in clients.containers.container_groups.list():
        say(f"{found.name}: location {found.location}, containers {len(found.containers)}")
    group, name = "my-container-resource-group", "mycontainer"
    clients.resources.resource_groups.create_or_update(group, {"location": "eastus"})
    try:
        address = IpAddress(type="public", ports=[Port(protocol="TCP", port=80)])
        definition = ContainerGroup(
            location="eastus", containers=[container(name, WEB, port=80)], os_type="linux", ip_address=address
        )
        clients.containers.container_groups.begin_create_or_update(group, name, definition).result()
        made = clients.containers.container_groups.get(group, name)
        say(f"{made.name}\t{made.location}\t{made.provisioning_state}")
    finally:
        clients.containers.container_groups.begin_delete(group, name).result()
        clients.resources.resource_groups.begin_delete(group).result()
