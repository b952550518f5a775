# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The hosts that are replaced, and those that are not reached."""

from __future__ import annotations

import pytest

from aci_emulator.core import clouds
from aci_emulator.core.clouds import CLOUDS, find_host, is_management


@pytest.mark.parametrize(
    ("name", "port", "role", "cloud"),
    [
        ("management.azure.com", 443, clouds.RESOURCE_MANAGER, "AzureCloud"),
        ("Management.Azure.com.", 443, clouds.RESOURCE_MANAGER, "AzureCloud"),
        ("westeurope.management.azure.com", 443, clouds.RESOURCE_MANAGER, "AzureCloud"),
        ("login.microsoftonline.com", 443, clouds.SIGN_IN, "AzureCloud"),
        ("login.windows.net", 443, clouds.SIGN_IN, "AzureCloud"),
        ("management.usgovcloudapi.net", 443, clouds.RESOURCE_MANAGER, "AzureUSGovernment"),
        ("login.microsoftonline.us", 443, clouds.SIGN_IN, "AzureUSGovernment"),
        ("management.chinacloudapi.cn", 443, clouds.RESOURCE_MANAGER, "AzureChinaCloud"),
        ("login.partner.microsoftonline.cn", 443, clouds.SIGN_IN, "AzureChinaCloud"),
        ("sbx.westus2.atlas.cloudapp.azure.com", 19390, clouds.EXEC, "AzureCloud"),
        ("169.254.169.254", 80, clouds.METADATA, "AzureCloud"),
        ("prices.azure.com", 443, clouds.PRICES, "AzureCloud"),
    ],
)
def test_what_is_stood_in_for(name: str, port: int, role: str, cloud: str) -> None:
    found = find_host(name, port)
    assert found is not None
    assert (found.role, found.cloud.name) == (role, cloud)


@pytest.mark.parametrize(
    ("name", "port"),
    [
        ("management.azure.com", 80),
        ("management.azure.com.evil.example", 443),
        ("evilmanagement.azure.com", 443),
        ("azure.com", 443),
        ("graph.microsoft.com", 443),
        ("x.login.microsoftonline.com", 443),
        ("169.254.169.254", 443),
        ("127.0.0.1", 443),
    ],
)
def test_what_is_not(name: str, port: int) -> None:
    assert find_host(name, port) is None


def test_every_host_of_management_and_sign_in_is_closed() -> None:
    """Replaced hosts are served on one port, and must not be passed through on others."""
    for cloud in CLOUDS:
        for name in (cloud.resource_manager, *cloud.sign_in):
            assert is_management(name), name
            assert is_management(f"region.{name.upper()}."), name
        assert is_management(cloud.graph.removeprefix("https://"))
    for name in ("management.core.windows.net", "device.login.microsoftonline.com", "169.254.169.254"):
        assert is_management(name), name
    for name in ("example.com", "shop.azurecr.io", "shop.vault.azure.net", "shop.blob.core.windows.net", "windows.net"):
        assert not is_management(name), name


def test_certificates_are_constrained_to_what_is_served() -> None:
    """No constraint covers more than the replaced hosts and their subdomains."""
    for domain in clouds.CONSTRAINTS:
        assert find_host(f"x.{domain}", 443) or find_host(domain, 443), domain
    assert not {"azure.com", "microsoftonline.com", "windows.net", "azurecontainer.io"} & set(clouds.CONSTRAINTS)
