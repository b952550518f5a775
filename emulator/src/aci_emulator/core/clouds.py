# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Azure's own hosts: those that the emulator replaces, and those that clients must never reach.

The clouds' hosts are documented (the SDK's clouds, the instance discovery of Microsoft Entra ID). Those for exec are
recorded for the public cloud (2021, 2022: ``NAME.REGION.atlas.cloudapp.azure.com:19390``), and not known for others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RESOURCE_MANAGER, SIGN_IN, EXEC, METADATA, PRICES = "resource manager", "sign-in", "exec", "metadata", "prices"
EXEC_DOMAIN = "atlas.cloudapp.azure.com"
EXEC_PORT = 19390
METADATA_HOST = "169.254.169.254"
_EXEC_DOMAINS = (EXEC_DOMAIN, "management.azurecontainer.io")
_PRICES_HOST = "prices.azure.com"
_STATE = "azure_host"


@dataclass(frozen=True)
class Cloud:
    """One of Azure's clouds and its hosts. The first one in ``sign_in`` is the one in its documentation."""

    name: str
    resource_manager: str
    sign_in: tuple[str, ...]
    audiences: tuple[str, ...]  # of tokens that its resource manager accepts
    portal: str
    graph: str
    directory_graph: str
    registry: str
    vault: str
    storage: str
    sql: str


CLOUDS = (
    Cloud(
        "AzureCloud",
        "management.azure.com",
        ("login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"),
        ("https://management.azure.com", "https://management.core.windows.net"),
        "https://portal.azure.com",
        "https://graph.microsoft.com",
        "https://graph.windows.net",
        "azurecr.io",
        "vault.azure.net",
        "core.windows.net",
        "database.windows.net",
    ),
    Cloud(
        "AzureUSGovernment",
        "management.usgovcloudapi.net",
        ("login.microsoftonline.us", "login.usgovcloudapi.net"),
        ("https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net"),
        "https://portal.azure.us",
        "https://graph.microsoft.us",
        "https://graph.windows.net",
        "azurecr.us",
        "vault.usgovcloudapi.net",
        "core.usgovcloudapi.net",
        "database.usgovcloudapi.net",
    ),
    Cloud(
        "AzureChinaCloud",
        "management.chinacloudapi.cn",
        ("login.chinacloudapi.cn", "login.partner.microsoftonline.cn"),
        ("https://management.chinacloudapi.cn", "https://management.core.chinacloudapi.cn"),
        "https://portal.azure.cn",
        "https://microsoftgraph.chinacloudapi.cn",
        "https://graph.chinacloudapi.cn",
        "azurecr.cn",
        "vault.azure.cn",
        "core.chinacloudapi.cn",
        "database.chinacloudapi.cn",
    ),
)

# Azure's management and sign-in hosts, including those that the emulator does not replace: clients never reach them,
# whatever --pass says.
_NEVER_PASSED = (
    *(domain for cloud in CLOUDS for domain in (cloud.resource_manager, *cloud.sign_in)),
    *(url.removeprefix("https://") for cloud in CLOUDS for url in (cloud.graph, cloud.directory_graph, cloud.portal)),
    *(audience.removeprefix("https://") for cloud in CLOUDS for audience in cloud.audiences),
    *("microsoftonline.com", "microsoftonline.us", "partner.microsoftonline.cn", "microsoftonline-p.com"),
    *("login.live.com", "dod-graph.microsoft.us", "management.microsoftazure.de", "login.microsoftonline.de"),
    *_EXEC_DOMAINS,
    METADATA_HOST,
)

CONSTRAINTS = (
    *dict.fromkeys(domain for cloud in CLOUDS for domain in (cloud.resource_manager, *cloud.sign_in)),
    *_EXEC_DOMAINS,
    _PRICES_HOST,
)
"""The domains for which interception certificates may be issued: those of the replaced hosts, and no others."""


@dataclass(frozen=True)
class AzureHost:
    """An Azure host that the emulator replaces: its name in lower case, its role, and its cloud."""

    name: str
    port: int
    role: str
    cloud: Cloud

    @property
    def sign_in_url(self) -> str:
        """The address at which clients of its cloud sign in."""
        return f"https://{self.cloud.sign_in[0]}"


def find_host(name: str, port: int) -> AzureHost | None:
    """Returns the replaced Azure host with this name and port, or None."""
    name = name.lower().rstrip(".")
    if name == METADATA_HOST:
        return AzureHost(name, port, METADATA, CLOUDS[0]) if port == 80 else None
    if _is_below(name, _EXEC_DOMAINS):
        return AzureHost(name, port, EXEC, CLOUDS[0])
    if port != 443:
        return None
    if name == _PRICES_HOST:
        return AzureHost(name, port, PRICES, CLOUDS[0])
    for cloud in CLOUDS:
        if _is_below(name, (cloud.resource_manager,)):  # regions have their own addresses below it
            return AzureHost(name, port, RESOURCE_MANAGER, cloud)
        if name in cloud.sign_in:
            return AzureHost(name, port, SIGN_IN, cloud)
    return None


def is_management(name: str) -> bool:
    """Whether a host is used to manage Azure or to sign in to it."""
    return _is_below(name.lower().rstrip("."), _NEVER_PASSED)


def sign_in_url(azure: AzureHost | None, base_url: str) -> str:
    """Returns where a client must sign in, depending on whether it uses an Azure host or the emulator's own address."""
    return base_url if azure is None else azure.sign_in_url


def mark(host: AzureHost) -> dict[str, Any]:
    """Returns the ``state`` of a scope whose request was for an Azure host."""
    return {_STATE: host}


def azure_host(scope: Mapping[str, Any]) -> AzureHost | None:
    """Returns the Azure host to which an intercepted request was sent; None if it came directly."""
    found: AzureHost | None = scope.get("state", {}).get(_STATE)
    return found


def _is_below(name: str, domains: tuple[str, ...]) -> bool:
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)
