# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The sources of credentials that few tasks use: files, CI systems, Azure CLI and managed identities."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from .._common.errors import CredentialsError
from . import ambient
from .client_proofs import federated
from .credential_files import DEFAULT_PROFILE_FILE, read_auth_file, read_profile
from .identity import (
    CREDENTIAL_KINDS,
    Identity,
    Inputs,
    NotUsable,
    refuse_for_another,
    service_principal,
    with_password,
)


def _from_auth_file(inputs: Inputs) -> Identity:
    path = inputs.where("auth_file")
    if not inputs.params.get("auth_file"):
        refuse_for_another(inputs)
    if not path:
        raise NotUsable("neither auth_file nor AZURE_AUTH_LOCATION names a file")
    settings = read_auth_file(path)
    if not any(name in settings for name in CREDENTIAL_KINDS):
        raise CredentialsError(f"The auth file {path} has no client secret and no certificate.", code="Incomplete")
    return service_principal("auth_file", with_password(inputs, settings))


def _from_profile(inputs: Inputs) -> Identity:
    named_by_task = bool(inputs.params.get("profile") or inputs.params.get("profile_file"))
    if not named_by_task:
        refuse_for_another(inputs)
    path, name = inputs.where("profile_file") or DEFAULT_PROFILE_FILE, inputs.where("profile")
    if not name and not inputs.where("profile_file") and not os.path.exists(os.path.expanduser(path)):
        raise NotUsable(f"{path} does not exist")
    try:
        settings = read_profile(path, name or "default")
    except CredentialsError as error:
        if name or named_by_task or not inputs.auto:
            raise
        # Nobody asked for this file, and older versions of Azure CLI use its name for something else.
        raise NotUsable(error.msg.rstrip(".")) from None
    if "client_id" not in settings or not any(proof in settings for proof in CREDENTIAL_KINDS):
        lacks = f"profile {name or 'default'} of {path} has no client_id with a secret or a certificate"
        if name or named_by_task:
            # A user who names a profile wants its identity and subscription, not others that happen to be available.
            raise CredentialsError(f"The {lacks}.", code="Incomplete")
        raise NotUsable(lacks)
    return service_principal("profile", with_password(inputs, settings))


def _from_workload_identity(inputs: Inputs) -> Identity:
    """A token from Kubernetes, GitHub or Azure Pipelines that Microsoft Entra ID accepts for an application."""
    options, environ = inputs.options(), inputs.environ
    client = options.get("client_id") or inputs.variable(("AZURE_CLIENT_ID", "AZURESUBSCRIPTION_CLIENT_ID"))
    settings = {
        name: value
        for name, value in (
            ("tenant_id", inputs.variable(("AZURE_TENANT_ID", "AZURE_TENANT", "AZURESUBSCRIPTION_TENANT_ID"))),
            ("subscription_id", environ.get("AZURE_SUBSCRIPTION_ID", "")),
        )
        if value
    }
    token_file = options.get("federated_token_file") or environ.get("AZURE_FEDERATED_TOKEN_FILE", "")
    assertion: Callable[[Any], str]
    if token_file:
        assertion, proof = ambient.token_from_file(token_file), f"file {token_file}"
    elif environ.get("ACTIONS_ID_TOKEN_REQUEST_URL") and environ.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN"):
        assertion, proof = ambient.token_from_github(environ), environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
    elif environ.get("SYSTEM_OIDCREQUESTURI") and environ.get("SYSTEM_ACCESSTOKEN"):
        connection = environ.get("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "")
        if not connection:
            raise NotUsable("Azure Pipelines without AZURESUBSCRIPTION_SERVICE_CONNECTION_ID")
        assertion, proof = ambient.token_from_pipelines(environ, connection), environ["SYSTEM_ACCESSTOKEN"]
    else:
        raise NotUsable("no AZURE_FEDERATED_TOKEN_FILE, and no token of GitHub or Azure Pipelines")
    if not client:
        raise NotUsable("a federated token, but neither client_id nor AZURE_CLIENT_ID")
    return Identity("workload_identity", f"client {client}", federated(client, assertion), settings, proof=proof)


def _from_cli(inputs: Inputs) -> Identity:
    refuse_for_another(inputs)
    options = inputs.options()
    try:
        account = ambient.cli_account(options.get("subscription_id", ""))
    except ambient.Unavailable as reason:
        raise NotUsable(str(reason)) from None
    tenant = options.get("tenant_id") or account["tenant_id"]

    def credential(_tenant: str, _options: dict[str, Any]) -> Any:
        from azure.identity import AzureCliCredential

        return AzureCliCredential(tenant_id=tenant)

    return Identity(
        "cli", "the account of Azure CLI", credential, account, proof=account.get("user", ""), needs_tenant=False
    )


def _from_managed_identity(inputs: Inputs) -> Identity:
    environment = inputs.environment()
    # If the environment has a secret or certificate as well, its client ID is that of an application.
    of_machine = "" if any(name in environment for name in CREDENTIAL_KINDS) else environment.get("client_id", "")
    client = inputs.options().get("client_id") or of_machine
    if inputs.auto and not ambient.has_managed_identity(inputs.environ):
        raise NotUsable("no managed identity answers on this machine")
    who = f"managed identity {client}" if client else "the system-assigned managed identity"

    def credential(_tenant: str, options: dict[str, Any]) -> Any:
        from azure.identity import ManagedIdentityCredential

        # Its address comes from the machine's environment, never from a response, so it needs no binding.
        return ManagedIdentityCredential(
            client_id=client or None,
            transport=options["transport"].bound_to(None),
            retry_total=options["retry_total"],
        )

    return Identity("managed_identity", who, credential, needs_tenant=False)


FURTHER_SOURCES: dict[str, Callable[[Inputs], Identity]] = {
    "auth_file": _from_auth_file,
    "workload_identity": _from_workload_identity,
    "profile": _from_profile,
    "cli": _from_cli,
    "managed_identity": _from_managed_identity,
}
"""Each raises NotUsable, or CredentialsError if the user named the source."""
