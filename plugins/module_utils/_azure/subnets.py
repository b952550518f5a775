# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The requests for subnets, and for the link that container groups leave in them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from .._common.errors import AzureError
from .exchange import NAMESPACE, Request
from .operation import Operation
from .sdk import body_of
from .sender import Sender, id_path
from .shapes import RESOURCE

NETWORK_API_VERSION = "2024-05-01"


class Subnets:
    """Requests of one client, which raise what its own methods raise."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def get_subnet(self, subnet_id: str) -> dict[str, Any] | None:
        """See ``Client.get_subnet``."""
        action_text = f"Could not read subnet {subnet_id}"
        try:
            answer = self._sender.sdk.call(action_text, Request("GET", id_path(subnet_id), NETWORK_API_VERSION))
            return body_of(action_text, answer, RESOURCE)
        except AzureError as error:
            if error.status == 404:
                return None
            raise

    def delete_subnet_association(self, resource_group: str, network: str, subnet: str) -> Operation:
        """See ``Client.delete_subnet_association``."""
        action_text = f"Could not remove the service association link of subnet {subnet} in network {network}"
        network_path = self._sender.path(
            "resourcegroups", resource_group, "providers", "Microsoft.Network", "virtualNetworks", network
        )
        path = f"{network_path}/subnets/{quote(subnet, safe='')}/providers/{NAMESPACE}/serviceAssociationLinks/default"
        return self._sender.versioned(
            lambda: self._sender.begin(
                action_text,
                Request("DELETE", path, self._sender.version(), expected=(200, 202, 204)),
                None,
                write=False,
            )
        )
