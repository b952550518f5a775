# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program with nothing but the Azure SDK does for the operations that `bench/peers.py` measures.

    bare_sdk.py no-change|create|info RESOURCE_GROUP LOCATION IMAGE PORT NAME...

Works on each container group in turn with one client, as the SDK's documentation has it. Prints as JSON, for each, its
seconds and those of the processor. To find nothing to change is left to whoever calls the SDK: it sends the whole group
again.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from azure.identity import DefaultAzureCredential
from azure.mgmt.containerinstance import ContainerInstanceManagementClient


def main() -> int:
    operation, resource_group, location, image, port, *names = sys.argv[1:]
    client = ContainerInstanceManagementClient(DefaultAzureCredential(), os.environ["AZURE_SUBSCRIPTION_ID"])
    taken = []
    for name in names:
        seconds, processor = time.monotonic(), time.process_time()
        if operation == "info":
            found = client.container_groups.get(resource_group, name)
        else:
            body = definition(location, image, int(port))
            found = client.container_groups.begin_create_or_update(resource_group, name, body).result()
        if found.provisioning_state != "Succeeded":
            raise SystemExit(f"{name} is {found.provisioning_state}")
        taken.append([time.monotonic() - seconds, time.process_time() - processor])
    print(json.dumps(taken))
    return 0


def definition(location: str, image: str, port: int) -> Any:
    ports = [{"port": port, "protocol": "TCP"}]
    requests = {"cpu": 1.0, "memoryInGB": 1.5}
    container = {"image": image, "ports": ports, "resources": {"requests": requests}}
    properties = {
        "osType": "Linux",
        "containers": [{"name": "web", "properties": container}],
        "ipAddress": {"type": "Public", "ports": ports},
    }
    return {"location": location, "properties": properties}


if __name__ == "__main__":
    sys.exit(main())
