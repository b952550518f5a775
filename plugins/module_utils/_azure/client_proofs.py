# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""What an application proves its identity with instead of a secret: a certificate, or a federated token.

Each function returns how to create the SDK's credential from (tenant, common options); some also return the proof,
which distinguishes sign-ins.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from typing import Any

from .._common.errors import CredentialsError
from .ambient import token_from_file

Credential = Callable[[str, dict[str, Any]], Any]


def certificate(client: str, path: str, password: str | None) -> tuple[Credential, str]:
    """For the certificate in a file, with its private key. Raises CredentialsError if it cannot be read."""
    path = os.path.expanduser(path)
    try:
        with open(path, "rb") as file:
            content = file.read()
    except OSError as error:
        raise CredentialsError(f"Could not read the certificate {path}: {error.strerror}.") from None

    def credential(tenant: str, options: dict[str, Any]) -> Any:
        from azure.identity import CertificateCredential

        try:
            return CertificateCredential(tenant, client, certificate_data=content, password=password, **options)
        except (TypeError, ValueError):
            # The libraries' messages differ by format and version, and none of them says what to do.
            raise CredentialsError(
                f"Could not use the certificate {path}: it must be PEM or PFX, with its RSA private key"
                f"{', and certificate_password must be its password' if password else ', and has no password'}."
            ) from None

    digest = hashlib.sha256(content).hexdigest()
    return credential, f"certificate {digest} {password or ''}"


def token_in_file(client: str, path: str) -> tuple[Credential, str]:
    """For the federated token in a file, which is read at each sign-in."""
    return federated(client, token_from_file(path)), f"file {path}"


def federated(client: str, assertion: Callable[[Any], str]) -> Credential:
    """For a federated token that ``assertion`` gets, with the transport that it may use."""

    def credential(tenant: str, options: dict[str, Any]) -> Any:
        from azure.identity import ClientAssertionCredential

        return ClientAssertionCredential(tenant, client, lambda: assertion(options["transport"]), **options)

    return credential
