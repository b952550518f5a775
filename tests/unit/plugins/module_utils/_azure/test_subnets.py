# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Subnets, and the link that container groups leave in them."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AzureError

SUBNET = "/subscriptions/s/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/b"


def test_a_subnet(azure: Any) -> None:
    azure.expect("GET", SUBNET, body={"id": SUBNET})
    azure.error("GET", SUBNET, 404, "NotFound")
    azure.error("GET", SUBNET, 403, "AuthorizationFailed")
    client = azure.client()
    assert client.get_subnet(SUBNET) == {"id": SUBNET}
    assert client.get_subnet(SUBNET) is None
    with pytest.raises(AzureError):
        client.get_subnet(SUBNET)


def test_a_link_is_removed(azure: Any) -> None:
    path = "/virtualNetworks/v/subnets/b%20c/providers/Microsoft.ContainerInstance/serviceAssociationLinks/default"
    azure.expect("DELETE", path, 204)
    assert azure.client().delete_subnet_association("n", "v", "b c").poll().succeeded
