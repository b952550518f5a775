# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The metadata of a private cloud's Resource Manager, which name its sign-in address and token audience."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from .._common.errors import ConnectionFailed, ForeignOrigin, is_transient
from .clouds import Cloud, https_address
from .connection_errors import unreachable
from .exchange import retry_after
from .transport import importing, lowered

METADATA_VERSIONS = ("2022-09-01", "2015-01-01")
"""API versions of the metadata endpoint: Azure's current one, and the one that every Azure Stack Hub has."""


def discover(cloud: Cloud, transport: Any) -> Cloud:
    """The cloud, completed from its Resource Manager's metadata. Raises ConnectionFailed."""
    what = f"Could not read the metadata of {cloud.resource_manager}"
    for version in METADATA_VERSIONS:
        metadata = _metadata(what, transport, f"{cloud.resource_manager}/metadata/endpoints?api-version={version}")
        authentication = metadata.get("authentication") if metadata else None
        if isinstance(authentication, dict) and authentication.get("loginEndpoint"):
            return _discovered(cloud, authentication)
    raise ConnectionFailed(f"{what}: it names no sign-in address. Set authority_host.", code="NoMetadata")


def _discovered(cloud: Cloud, authentication: dict[str, Any]) -> Cloud:
    login = https_address("the sign-in address in the metadata", str(authentication["loginEndpoint"]))
    audiences = authentication.get("audiences")
    audience = str(audiences[0]) if isinstance(audiences, list) and audiences else ""
    tenant = None
    if login.lower().endswith("/adfs"):
        # Active Directory Federation Services has a single tenant, named adfs.
        login, tenant = login[: -len("/adfs")], "adfs"
    return replace(cloud, authority_host=login, audience=cloud.audience or audience, tenant=tenant)


def _metadata(what: str, transport: Any, url: str) -> dict[str, Any] | None:
    """The metadata at an address, or None if the endpoint does not serve this version."""
    with importing():
        from azure.core.exceptions import AzureError
        from azure.core.rest import HttpRequest

    try:
        response = transport.bound_to(url).send(HttpRequest("GET", url))
        content = response.read()
    except ForeignOrigin as error:
        raise ForeignOrigin(f"{what}: {error.msg}") from None
    except AzureError as error:
        raise unreachable(what, error, sent=False) from None
    if is_transient(response.status_code):
        failure = ConnectionFailed(
            f"{what}: it answered with status {response.status_code}.", status=response.status_code
        )
        failure.retry_after = retry_after(lowered(response.headers))
        raise failure
    if response.status_code != 200:
        return None
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
