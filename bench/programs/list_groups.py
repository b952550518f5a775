# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""List the container groups of a resource group with nothing but the Azure SDK, and print how many there are.

    list_groups.py RESOURCE_GROUP [WORKERS]

With WORKERS, it also reads each group, so many at a time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from azure.identity import ClientSecretCredential
from azure.mgmt.containerinstance import ContainerInstanceManagementClient

OPTIONS = ("tenant_id", "client_id", "client_secret", "authority_host", "subscription_id", "resource_manager_endpoint")


def client_of(connection: Mapping[str, Any]) -> ContainerInstanceManagementClient:
    """A client with these options of the modules; without ``ca_bundle``, by the environment's."""
    trust = {"connection_verify": connection["ca_bundle"]} if "ca_bundle" in connection else {}
    credential = ClientSecretCredential(
        connection["tenant_id"],
        connection["client_id"],
        connection["client_secret"],
        authority=connection["authority_host"],
        disable_instance_discovery=True,
        **trust,
    )
    manager = connection["resource_manager_endpoint"]
    return ContainerInstanceManagementClient(
        credential,
        connection["subscription_id"],
        base_url=manager,
        credential_scopes=[f"{manager}/.default"],
        **trust,
    )


def main() -> int:
    resource_group, *workers = sys.argv[1:]
    client = client_of({name: os.environ[f"AZURE_{name.upper()}"] for name in OPTIONS})
    groups = list(client.container_groups.list_by_resource_group(resource_group))
    if workers:
        with ThreadPoolExecutor(int(workers[0])) as pool:
            groups = list(pool.map(lambda group: client.container_groups.get(resource_group, group.name), groups))
    print(len(groups))
    return 0


if __name__ == "__main__":
    sys.exit(main())
