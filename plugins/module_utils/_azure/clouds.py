# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The Azure clouds: each one's Resource Manager endpoint, sign-in address and token audience."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from .._common.errors import InvalidArguments
from .origin import origin_of

SIGN_IN_ALIASES = (
    frozenset({"login.microsoftonline.com", "login.microsoft.com", "login.windows.net", "sts.windows.net"}),
    frozenset({"login.microsoftonline.us", "login.usgovcloudapi.net"}),
    frozenset({"login.chinacloudapi.cn", "login.partner.microsoftonline.cn"}),
)
"""Host names of the same Microsoft Entra ID service, as its instance discovery lists them. One may refer to another."""

REGION_VARIABLES = ("AZURE_REGIONAL_AUTHORITY_NAME", "MSAL_FORCE_REGION")
METADATA_ORIGIN = "http://169.254.169.254"


@dataclass(frozen=True)
class Cloud:
    """One Azure cloud and its endpoints.

    ``authority_host`` is empty until it is discovered; ``tenant`` is set if the cloud has only one.
    """

    name: str
    resource_manager: str
    authority_host: str = ""
    audience: str = ""
    instance_discovery: bool = False
    tenant: str | None = None

    @property
    def scope(self) -> str:
        """The scope to request tokens for. Like Azure CLI, keeps the trailing slash of an audience."""
        return f"{self.audience or self.resource_manager}/.default"

    def signs_in_at(self, origin: str) -> bool:
        """Whether credentials may go to this origin because it is another name of the ``authority_host``.

        The sign-in service itself returns the address that secrets are sent to, so that address must be checked.
        """
        home = (origin_of(self.authority_host) or "").removeprefix("https://")
        regional = any(os.environ.get(name) for name in REGION_VARIABLES)
        if origin == METADATA_ORIGIN:
            return regional  # the SDK asks the metadata service for the region
        host = origin.removeprefix("https://")
        aliases = {host for hosts in SIGN_IN_ALIASES if home in hosts for host in hosts}
        if self.instance_discovery:
            aliases |= SIGN_IN_ALIASES[0]  # instance discovery asks these hosts to vouch for others
        return host in aliases or (regional and any(host.endswith(f".{alias}") for alias in aliases))


KNOWN_CLOUDS = (
    Cloud("AzureCloud", "https://management.azure.com", "https://login.microsoftonline.com"),
    Cloud("AzureUSGovernment", "https://management.usgovcloudapi.net", "https://login.microsoftonline.us"),
    Cloud("AzureChinaCloud", "https://management.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
)


def choose_cloud(settings: Mapping[str, str], instance_discovery: bool | None) -> Cloud:
    """The cloud that the settings choose, by name or by endpoints. Raises InvalidArguments.

    Without ``instance_discovery`` the sign-in host is trusted as given: Microsoft knows nothing about the host of a
    private cloud, and its own hosts need no confirmation.
    """
    name = settings.get("cloud_environment", "").strip()
    endpoint = settings.get("resource_manager_endpoint", "")
    if "://" in name:
        endpoint, name = endpoint or name, ""
    cloud = _by_name(name) if name else KNOWN_CLOUDS[0]
    if endpoint:
        given = "resource_manager_endpoint" if settings.get("resource_manager_endpoint") else "cloud_environment"
        endpoint = https_address(given, endpoint)
        known = [known for known in KNOWN_CLOUDS if known.resource_manager == endpoint.lower()]
        cloud = known[0] if known else Cloud(name or endpoint, endpoint)
    if settings.get("authority_host"):
        cloud = replace(cloud, authority_host=https_address("authority_host", settings["authority_host"]))
    return replace(
        cloud, audience=settings.get("audience") or cloud.audience, instance_discovery=bool(instance_discovery)
    )


def _by_name(name: str) -> Cloud:
    for cloud in KNOWN_CLOUDS:
        if cloud.name.lower() == name.lower():
            return cloud
    names = ", ".join(cloud.name for cloud in KNOWN_CLOUDS)
    raise InvalidArguments(
        f"cloud_environment {name} is not known: use one of {names}, or the https address of a resource manager."
    )


def https_address(option: str, url: str) -> str:
    """The address without a trailing slash. It will receive tokens and secrets, so only https is accepted."""
    url = url.strip()
    whole = url if "://" in url or option != "authority_host" else f"https://{url}"
    try:
        parts = urlsplit(whole)
        host, user = parts.hostname, "@" in parts.netloc
    except ValueError:
        host, user = None, False
    if user:
        raise InvalidArguments(f"{option} must not contain a user name or a password.")
    if not host or parts.scheme != "https":
        raise InvalidArguments(
            f"{option} must be an https address, such as https://management.azure.com, but it is {url}"
        )
    return whole.rstrip("/")
