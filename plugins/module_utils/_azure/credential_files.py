# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Files that hold credentials: what `az ad sp create-for-rbac` prints, and profiles of `~/.azure/credentials`."""

from __future__ import annotations

import codecs
import json
import os
from typing import Any

from .._common.errors import CredentialsError

AUTH_FILE_KEYS = {
    # az ad sp create-for-rbac --sdk-auth (now --json-auth)
    "clientId": "client_id",
    "clientSecret": "client_secret",
    "clientCertificate": "certificate_path",
    "tenantId": "tenant_id",
    "subscriptionId": "subscription_id",
    "activeDirectoryEndpointUrl": "authority_host",
    "resourceManagerEndpointUrl": "resource_manager_endpoint",
    # az ad sp create-for-rbac
    "appId": "client_id",
    "password": "client_secret",
    "tenant": "tenant_id",
    "fileWithCertAndPrivateKey": "certificate_path",
}

PROFILE_KEYS = {
    "client_id": "client_id",
    "secret": "client_secret",
    "client_secret": "client_secret",
    "tenant": "tenant_id",
    "tenant_id": "tenant_id",
    "subscription_id": "subscription_id",
    "cloud_environment": "cloud_environment",
    "x509_certificate_path": "certificate_path",
    "certificate_path": "certificate_path",
    "certificate_password": "certificate_password",
    "resource_manager_endpoint": "resource_manager_endpoint",
    "authority_host": "authority_host",
    "adfs_authority_url": "authority_host",
}

DEFAULT_PROFILE_FILE = "~/.azure/credentials"


def read_auth_file(path: str) -> dict[str, str]:
    """The settings in an auth file. Raises CredentialsError, which never quotes the file's content."""
    content = _parsed(path)
    found = {key: content[name] for name, key in AUTH_FILE_KEYS.items() if content.get(name)}
    wrong = sorted(
        name for name, key in AUTH_FILE_KEYS.items() if content.get(name) and not isinstance(found[key], str)
    )
    if wrong:
        raise CredentialsError(f"In the auth file {path}, {', '.join(wrong)} must be a string.")
    if "client_id" not in found:
        raise CredentialsError(
            f"The auth file {path} has neither clientId nor appId. Create one with: az ad sp create-for-rbac "
            "--json-auth"
        )
    return found


def _parsed(path: str) -> dict[str, Any]:
    try:
        content = json.loads(_decoded(_read("auth file", path)))
    except (ValueError, RecursionError):
        raise CredentialsError(
            f"The auth file {path} is not JSON. Create one with: az ad sp create-for-rbac --json-auth"
        ) from None
    if not isinstance(content, dict):
        raise CredentialsError(f"The auth file {path} does not contain a JSON object.")
    return content


def read_profile(path: str, name: str) -> dict[str, str]:
    """The settings of a profile. Raises CredentialsError."""
    import configparser

    parser = configparser.RawConfigParser()
    try:
        parser.read_string(_decoded(_read("profile file", path)))
    except (configparser.Error, ValueError):
        raise CredentialsError(f"The profile file {path} is not in INI format.") from None
    if not parser.has_section(name):
        known = ", ".join(parser.sections()) or "none"
        raise CredentialsError(f"The profile file {path} has no profile {name} (it has: {known}).")
    return {PROFILE_KEYS[key]: value for key, value in parser.items(name) if key in PROFILE_KEYS and value}


def _read(kind: str, path: str) -> bytes:
    try:
        with open(os.path.expanduser(path), "rb") as file:
            return file.read()
    except OSError as error:
        raise CredentialsError(f"Could not read the {kind} {path}: {error.strerror}.") from None


def _decoded(content: bytes) -> str:
    """Decodes UTF-8, or UTF-16, which is what redirecting output in Windows PowerShell produces."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    return content.decode("utf-8-sig")
