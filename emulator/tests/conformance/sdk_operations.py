# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs all common operations of azure-mgmt-containerinstance 10.1.0 and 10.2.0b2 against an emulator.

Run by an interpreter with one of them (`run.py` creates one for each) with the variables that `aci-emulator env`
prints. Bodies are sent as raw JSON, which both versions send unchanged. Prints one line for each operation; the exit
code is 1 if one fails.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import sys
import time
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
    """A model of either version as plain JSON: the older ones can be serialised, the newer ones are mappings."""
    found: dict[str, Any] = model.serialize(keep_readonly=True) if hasattr(model, "serialize") else model.as_dict()
    return found


def resource_group(sdk: ContainerInstanceManagementClient, method: str) -> None:
    """Creates or removes the resource group through the client's pipeline, because it has no operation for it."""
    from azure.core.rest import HttpRequest

    url = f"{BASE}/subscriptions/{SUBSCRIPTION}/resourcegroups/{GROUP}?api-version=2021-04-01"
    request = HttpRequest(method, url, json={"location": REGION} if method == "PUT" else None)
    pipeline = sdk._client
    pipeline.send_request(request).raise_for_status()


def expect(condition: bool, text: str) -> None:
    if not condition:
        raise AssertionError(text)


class Play:
    """Every operation, as a method."""

    def __init__(self, sdk: ContainerInstanceManagementClient) -> None:
        self.sdk = sdk
        self.groups = sdk.container_groups
        self.containers = sdk.containers
        self.location = sdk.location

    def _put(self, **properties: Any) -> Any:
        body = definition(**properties)
        return self.groups.begin_create_or_update(GROUP, NAME, body, content_type="application/json").result()

    def create(self) -> None:
        shown = wire(self._put())
        expect(shown["properties"]["provisioningState"] == "Succeeded", str(shown))
        expect("hush" not in str(shown), "a secret was answered")

    def get(self) -> None:
        shown = wire(self.groups.get(GROUP, NAME))
        expect(shown["properties"]["instanceView"]["state"] == "Running", str(shown))
        expect(shown["properties"]["ipAddress"]["fqdn"] == f"{NAME}.{REGION}.azurecontainer.io", str(shown))

    def update(self) -> None:
        shown = wire(self._put())
        expect(shown["properties"]["provisioningState"] == "Succeeded", str(shown))

    def refused(self) -> None:
        try:
            self._put(restartPolicy="Never")
        except HttpResponseError as error:
            expect(error.error is not None and error.error.code == "InvalidContainerGroupUpdate", str(error))
        else:
            raise AssertionError("the update was not refused")

    def patch(self) -> None:
        body = json.dumps({"tags": {"a": "b"}}).encode()
        tagged = wire(self.groups.update(GROUP, NAME, body, content_type="application/json"))
        expect(tagged["tags"] == {"a": "b"}, str(tagged))

    def list_all(self) -> None:
        expect(NAME in [each.name for each in self.groups.list()], "not in the list of the subscription")

    def list_of_group(self) -> None:
        names = [each.name for each in self.groups.list_by_resource_group(GROUP)]
        expect(names == [NAME], str(names))

    def outbound(self) -> None:
        expect(self.groups.get_outbound_network_dependencies_endpoints(GROUP, NAME) == [], "not an empty list")

    def logs(self) -> None:
        content = None
        for _ in range(100):
            content = self.containers.list_logs(GROUP, NAME, "main", tail=2).content
            if content == "two\nthree\n":
                break
            time.sleep(0.05)
        expect(content == "two\nthree\n", repr(content))
        stamped = self.containers.list_logs(GROUP, NAME, "main", tail=1, timestamps=True).content
        expect(stamped.endswith("Z three\n"), repr(stamped))

    def execute(self) -> None:
        body = json.dumps({"command": "ls", "terminalSize": {"rows": 24, "cols": 80}}).encode()
        answer = self.containers.execute_command(GROUP, NAME, "main", body, content_type="application/json")
        expect(answer.web_socket_uri.startswith("ws") and bool(answer.password), str(answer))

    def attach(self) -> None:
        answer = self.containers.attach(GROUP, NAME, "main")
        expect(answer.web_socket_uri.startswith("ws") and bool(answer.password), str(answer))

    def restart(self) -> None:
        self.groups.begin_restart(GROUP, NAME).result()

    def stop(self) -> None:
        self.groups.stop(GROUP, NAME)
        expect(wire(self.groups.get(GROUP, NAME))["properties"]["instanceView"]["state"] == "Stopped", "not stopped")

    def start(self) -> None:
        self.groups.begin_start(GROUP, NAME).result()
        expect(wire(self.groups.get(GROUP, NAME))["properties"]["instanceView"]["state"] == "Running", "not running")

    def usages(self) -> None:
        expect(len(list(self.location.list_usage(REGION))) == 10, "not ten usages")

    def capabilities(self) -> None:
        expect(bool(list(self.location.list_capabilities(REGION))), "none")

    def cached_images(self) -> None:
        expect(bool(list(self.location.list_cached_images(REGION))), "none")

    def operations(self) -> None:
        expect(bool(list(self.sdk.operations.list())), "none")

    def unlink(self) -> None:
        self.sdk.subnet_service_association_link.begin_delete(GROUP, "nowhere", "nothing").result()

    def delete(self) -> None:
        deleted = self.groups.begin_delete(GROUP, NAME).result()
        # For a deletion that answers 202, the client returns the operation, which has no name.
        expect(deleted is None or deleted.name in (NAME, None), "another group was answered")

    def missing(self) -> None:
        try:
            self.groups.get(GROUP, NAME)
        except ResourceNotFoundError as error:
            expect(error.error is not None and error.error.code == "ResourceNotFound", str(error))
        else:
            raise AssertionError("the group is still there")
        expect(self.groups.begin_delete(GROUP, NAME).result() is None, "a body was answered")

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        """All operations, in a working order."""
        return [
            ("container_groups.begin_create_or_update", self.create),
            ("container_groups.get", self.get),
            ("container_groups.begin_create_or_update (update)", self.update),
            ("container_groups.begin_create_or_update (refused)", self.refused),
            ("container_groups.update", self.patch),
            ("container_groups.list", self.list_all),
            ("container_groups.list_by_resource_group", self.list_of_group),
            ("container_groups.get_outbound_network_dependencies_endpoints", self.outbound),
            ("containers.list_logs", self.logs),
            ("containers.execute_command", self.execute),
            ("containers.attach", self.attach),
            ("container_groups.begin_restart", self.restart),
            ("container_groups.stop", self.stop),
            ("container_groups.begin_start", self.start),
            ("location.list_usage", self.usages),
            ("location.list_capabilities", self.capabilities),
            ("location.list_cached_images", self.cached_images),
            ("operations.list", self.operations),
            ("subnet_service_association_link.begin_delete", self.unlink),
            ("container_groups.begin_delete", self.delete),
            ("container_groups.get and begin_delete (missing)", self.missing),
        ]


def main() -> int:
    version = importlib.metadata.version("azure-mgmt-containerinstance")
    failed = 0
    with client() as sdk:
        resource_group(sdk, "PUT")
        for name, operation in Play(sdk).steps():
            try:
                operation()
            except Exception as error:  # noqa: BLE001 - all operations are run, even after errors
                failed += 1
                print(f"{version} {name}: FAILED {type(error).__name__}: {error}")
            else:
                print(f"{version} {name}: ok")
        resource_group(sdk, "DELETE")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
