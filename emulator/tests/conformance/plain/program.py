# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A program written for Azure: it contains no endpoints, and does not know about the emulator.

Creates a resource group with a container group, prints its state and the URL of a shell in it, and removes both.
"""

import os
import sys

from azure.identity import DefaultAzureCredential
from azure.mgmt.containerinstance import ContainerInstanceManagementClient
from azure.mgmt.resource.resources import ResourceManagementClient

GROUP = "plain-program"


def main() -> int:
    subscription = os.environ["AZURE_SUBSCRIPTION_ID"]
    credential = DefaultAzureCredential()
    resources = ResourceManagementClient(credential, subscription)
    client = ContainerInstanceManagementClient(credential, subscription)
    resources.resource_groups.create_or_update(GROUP, {"location": "westus2"})
    try:
        definition = {
            "location": "westus2",
            "properties": {
                "osType": "Linux",
                "containers": [
                    {
                        "name": "main",
                        "properties": {
                            "image": "emulator.local/sh",
                            "command": ["sh", "-c", "echo hello; sleep 3600"],
                            "resources": {"requests": {"cpu": 1, "memoryInGB": 1}},
                        },
                    }
                ],
            },
        }
        made = client.container_groups.begin_create_or_update(GROUP, "web", definition).result()
        print("state", made.provisioning_state)
        print("groups", [each.name for each in client.container_groups.list()])
        shell = client.containers.execute_command(
            GROUP, "web", "main", {"command": "sh", "terminalSize": {"rows": 24, "cols": 80}}
        )
        print("shell", shell.web_socket_uri)
    finally:
        resources.resource_groups.begin_delete(GROUP).result()
    print("removed", not resources.resource_groups.check_existence(GROUP))
    return 0


if __name__ == "__main__":
    sys.exit(main())
