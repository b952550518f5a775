# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays every operation that azure-mgmt-containerinstance 10.1.0 and 10.2.0b2 share against an emulator.

Run by an interpreter that has one of them (`run.py` makes one for each) with the variables that `aci-emulator env`
prints. Bodies are sent as raw JSON, which both versions pass on as it is. Prints one line for each operation; the exit
code is 1 if one fails.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import sys
import uuid
from collections.abc import Callable
from typing import Any

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.containerinstance import ContainerInstanceManagementClient

SUBSCRIPTION = os.environ["AZURE_SUBSCRIPTION_ID"]
BASE = os.environ["AZURE_RESOURCE_MANAGER_ENDPOINT"]
GROUP = "conformance-" + uuid.uuid4().hex[:8]
NAME = "sdk-" + uuid.uuid4().hex[:8]
REGION = "westus2"


def client() -> ContainerInstanceManagementClient:
    credential = ClientSecretCredential(
        os.environ["AZURE_TENANT_ID"],
        os.environ["AZURE_CLIENT_ID"],
        os.environ["AZURE_CLIENT_SECRET"],
        authority=os.environ["AZURE_AUTHORITY_HOST"],
        disable_instance_discovery=True,
    )
    return ContainerInstanceManagementClient(
        credential, SUBSCRIPTION, base_url=BASE, credential_scopes=[BASE + "/.default"]
    )


def definition(**properties: Any) -> bytes:
    body = {
        "location": REGION,
        "tags": {"made": "by sdk"},
        "properties": {
            "osType": "Linux",
            "restartPolicy": "Always",
            "containers": [
                {
                    "name": "main",
                    "properties": {
                        "image": "emulator.local/sh",
                        "command": ["sh", "-c", "echo one; echo two; echo three; sleep 3600"],
                        "environmentVariables": [{"name": "SECRET", "secureValue": "hush"}],
                        "ports": [{"port": 80}],
                        "resources": {"requests": {"cpu": 1, "memoryInGB": 1}},
                    },
                }
            ],
            "ipAddress": {"type": "Public", "ports": [{"port": 80}], "dnsNameLabel": NAME},
            **properties,
        },
    }
    return json.dumps(body).encode()


def wire(model: Any) -> dict[str, Any]:
    """A model of either version as plain JSON: the older ones serialise, the newer ones are mappings."""
    found: dict[str, Any] = model.serialize(keep_readonly=True) if hasattr(model, "serialize") else model.as_dict()
    return found


def resource_group(sdk: ContainerInstanceManagementClient, method: str) -> None:
    """Makes or removes the resource group over the client's own pipeline; its package has no operation for it."""
    from azure.core.rest import HttpRequest

    url = f"{BASE}/subscriptions/{SUBSCRIPTION}/resourcegroups/{GROUP}?api-version=2021-04-01"
    request = HttpRequest(method, url, json={"location": REGION} if method == "PUT" else None)
    pipeline = sdk._client
    pipeline.send_request(request).raise_for_status()


def expect(condition: bool, text: str) -> None:
    if not condition:
        raise AssertionError(text)


def play(sdk: ContainerInstanceManagementClient) -> list[tuple[str, Callable[[], Any]]]:
    groups, containers = sdk.container_groups, sdk.containers
    location = getattr(sdk, "location", None) or sdk.locations
    subnet_links = getattr(sdk, "subnet_service_association_link", None)

    def create() -> None:
        made = groups.begin_create_or_update(GROUP, NAME, definition(), content_type="application/json").result()
        shown = wire(made)
        expect(shown["properties"]["provisioningState"] == "Succeeded", str(shown))
        expect("hush" not in str(shown), "a secret was answered")

    def get() -> None:
        shown = wire(groups.get(GROUP, NAME))
        expect(shown["properties"]["instanceView"]["state"] == "Running", str(shown))
        expect(shown["properties"]["ipAddress"]["fqdn"] == f"{NAME}.{REGION}.azurecontainer.io", str(shown))

    def update_in_place() -> None:
        body = definition(diagnostics=None)
        groups.begin_create_or_update(GROUP, NAME, body, content_type="application/json").result()

    def refused() -> None:
        try:
            groups.begin_create_or_update(
                GROUP, NAME, definition(restartPolicy="Never"), content_type="application/json"
            ).result()
        except HttpResponseError as error:
            expect(error.error is not None and error.error.code == "InvalidContainerGroupUpdate", str(error))
        else:
            raise AssertionError("the update was not refused")

    def patch() -> None:
        tagged = groups.update(GROUP, NAME, json.dumps({"tags": {"a": "b"}}).encode(), content_type="application/json")
        expect(wire(tagged)["tags"] == {"a": "b"}, str(wire(tagged)))

    def list_all() -> None:
        expect(NAME in [each.name for each in groups.list()], "not in the list of the subscription")

    def list_group() -> None:
        expect([each.name for each in groups.list_by_resource_group(GROUP)] == [NAME], "the list of the group differs")

    def logs() -> None:
        import time

        for _ in range(100):
            content = containers.list_logs(GROUP, NAME, "main", tail=2).content
            if content == "two\nthree\n":
                break
            time.sleep(0.05)
        expect(content == "two\nthree\n", repr(content))
        stamped = containers.list_logs(GROUP, NAME, "main", tail=1, timestamps=True).content
        expect(stamped.endswith("Z three\n"), repr(stamped))

    def execute() -> None:
        body = json.dumps({"command": "ls", "terminalSize": {"rows": 24, "cols": 80}}).encode()
        answer = containers.execute_command(GROUP, NAME, "main", body, content_type="application/json")
        expect(answer.web_socket_uri.startswith("ws") and bool(answer.password), str(answer))

    def attach() -> None:
        answer = containers.attach(GROUP, NAME, "main")
        expect(answer.web_socket_uri.startswith("ws") and bool(answer.password), str(answer))

    def stop() -> None:
        groups.stop(GROUP, NAME)
        expect(wire(groups.get(GROUP, NAME))["properties"]["instanceView"]["state"] == "Stopped", "not stopped")

    def delete() -> None:
        deleted = groups.begin_delete(GROUP, NAME).result()
        expect(deleted is not None and deleted.name == NAME, "the last state was not answered")

    def missing() -> None:
        try:
            groups.get(GROUP, NAME)
        except ResourceNotFoundError as error:
            expect(error.error is not None and error.error.code == "ResourceNotFound", str(error))
        else:
            raise AssertionError("the group is still there")

    def unlink() -> None:
        if subnet_links is not None:
            subnet_links.begin_delete(GROUP, "nowhere", "nothing").result()

    return [
        ("container_groups.begin_create_or_update (create)", create),
        ("container_groups.get", get),
        ("container_groups.begin_create_or_update (update)", update_in_place),
        ("container_groups.begin_create_or_update (refused)", refused),
        ("container_groups.update", patch),
        ("container_groups.list", list_all),
        ("container_groups.list_by_resource_group", list_group),
        (
            "container_groups.get_outbound_network_dependencies_endpoints",
            lambda: groups.get_outbound_network_dependencies_endpoints(GROUP, NAME),
        ),
        ("containers.list_logs", logs),
        ("containers.execute_command", execute),
        ("containers.attach", attach),
        ("container_groups.begin_restart", lambda: groups.begin_restart(GROUP, NAME).result()),
        ("container_groups.stop", stop),
        ("container_groups.begin_start", lambda: groups.begin_start(GROUP, NAME).result()),
        ("location.list_usage", lambda: expect(len(list(location.list_usage(REGION))) == 10, "not ten usages")),
        ("location.list_capabilities", lambda: expect(bool(list(location.list_capabilities(REGION))), "none")),
        ("location.list_cached_images", lambda: expect(bool(list(location.list_cached_images(REGION))), "none")),
        ("operations.list", lambda: expect(bool(list(sdk.operations.list())), "none")),
        ("subnet_service_association_link.begin_delete", unlink),
        ("container_groups.begin_delete", delete),
        ("container_groups.get (missing)", missing),
        (
            "container_groups.begin_delete (missing)",
            lambda: expect(groups.begin_delete(GROUP, NAME).result() is None, "a body was answered"),
        ),
    ]


def main() -> int:
    version = importlib.metadata.version("azure-mgmt-containerinstance")
    failed = 0
    with client() as sdk:
        resource_group(sdk, "PUT")
        for name, operation in play(sdk):
            try:
                operation()
            except Exception as error:  # noqa: BLE001 - every operation is tried, whatever another did
                failed += 1
                print(f"{version} {name}: FAILED {type(error).__name__}: {error}")
            else:
                print(f"{version} {name}: ok")
        resource_group(sdk, "DELETE")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
