# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logins with options and an environment of their own; see the fixture ``without_sources``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import arguments, credentials

WHO = {"client_id": "id-p", "client_secret": "planted-p"}
WHERE = {"tenant_id": "tenant-p", "subscription_id": "sub-p"}
ENVIRONMENT = {
    "AZURE_CLIENT_ID": "id-e",
    "AZURE_CLIENT_SECRET": "planted-e",
    "AZURE_TENANT_ID": "tenant-e",
    "AZURE_SUBSCRIPTION_ID": "sub-e",
}
SDK_FILE = {
    "clientId": "id-f",
    "clientSecret": "planted-f",
    "tenantId": "tenant-f",
    "subscriptionId": "sub-f",
    "activeDirectoryEndpointUrl": "https://login.file",
    "resourceManagerEndpointUrl": "https://arm.file/",
    "sqlManagementEndpointUrl": "https://unused.file",
}
RBAC_FILE = {"appId": "id-r", "displayName": "x", "password": "planted-r", "tenant": "tenant-r"}


def log_in(params: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> credentials.Login:
    return credentials.log_in({name: params.get(name) for name in arguments.CONNECTION_ARGUMENTS}, environ or {})


def written(path: Path, content: Any) -> str:
    path.write_text(json.dumps(content))
    return str(path)


def told(login: credentials.Login) -> tuple[str, str, str, str]:
    return login.identity.source, login.identity.who, login.tenant_id, login.subscription_id
