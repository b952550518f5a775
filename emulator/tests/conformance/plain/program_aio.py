# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same program with the asynchronous clients, which use another transport: aiohttp."""

import asyncio
import os
import sys

from azure.identity.aio import DefaultAzureCredential
from azure.mgmt.containerinstance.aio import ContainerInstanceManagementClient
from azure.mgmt.resource.resources.aio import ResourceManagementClient

GROUP = "plain-program-aio"


async def main() -> int:
    subscription = os.environ["AZURE_SUBSCRIPTION_ID"]
    async with (
        DefaultAzureCredential() as credential,
        ResourceManagementClient(credential, subscription) as resources,
        ContainerInstanceManagementClient(credential, subscription) as client,
    ):
        await resources.resource_groups.create_or_update(GROUP, {"location": "westus2"})
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
            poller = await client.container_groups.begin_create_or_update(GROUP, "web", definition)
            made = await poller.result()
            print("state", made.provisioning_state)
            print("groups", [each.name async for each in client.container_groups.list()])
            shell = await client.containers.execute_command(
                GROUP, "web", "main", {"command": "sh", "terminalSize": {"rows": 24, "cols": 80}}
            )
            print("shell", shell.web_socket_uri)
        finally:
            deletion = await resources.resource_groups.begin_delete(GROUP)
            await deletion.result()
        print("removed", not await resources.resource_groups.check_existence(GROUP))
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
