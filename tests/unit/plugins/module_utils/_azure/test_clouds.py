# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The choice of the Azure cloud."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.clouds import choose_cloud
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    InvalidArguments,
)

STACK = "https://management.local.azurestack.external"


@pytest.mark.parametrize(
    ("settings", "endpoints"),
    [
        ({}, ("https://management.azure.com", "https://login.microsoftonline.com")),
        (
            {"cloud_environment": "azureusgovernment"},
            ("https://management.usgovcloudapi.net", "https://login.microsoftonline.us"),
        ),
        (
            {"cloud_environment": "AzureChinaCloud"},
            ("https://management.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
        ),
        ({"resource_manager_endpoint": "https://Management.Azure.com/"}, None),
        ({"resource_manager_endpoint": f"{STACK}/"}, (STACK, "")),
        ({"cloud_environment": STACK}, (STACK, "")),
        ({"cloud_environment": STACK, "authority_host": "https://adfs.local/"}, (STACK, "https://adfs.local")),
        (
            {"authority_host": "login.microsoftonline.us"},
            ("https://management.azure.com", "https://login.microsoftonline.us"),
        ),
    ],
)
def test_choice(settings: dict[str, str], endpoints: tuple[str, str] | None) -> None:
    cloud = choose_cloud(settings, None)
    expected = endpoints or ("https://management.azure.com", "https://login.microsoftonline.com")
    assert (cloud.resource_manager, cloud.authority_host) == expected
    assert cloud.scope == f"{cloud.resource_manager}/.default"


@pytest.mark.parametrize(
    "settings",
    [
        {"cloud_environment": "AzureMoonCloud"},
        {"resource_manager_endpoint": "http://arm.example"},
        {"resource_manager_endpoint": "arm.example"},
        {"resource_manager_endpoint": "https://"},
        {"cloud_environment": "http://arm.example"},
        {"authority_host": "http://login.example"},
        {"authority_host": "ftp://login.example"},
        {"authority_host": "https://[::1"},
        {"resource_manager_endpoint": "https://[::1"},
        {"resource_manager_endpoint": "https://user:planted@arm.example"},
    ],
)
def test_refusals(settings: dict[str, str]) -> None:
    with pytest.raises(InvalidArguments, match=next(iter(settings))) as caught:
        choose_cloud(settings, None)
    assert "planted" not in caught.value.msg
