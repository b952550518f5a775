# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Identities: what a source of credentials offers, and the two sources that most tasks use, options and environment.

The other sources are in credential_sources.py, which is imported only when one of them is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .._common.errors import CredentialsError, InvalidArguments

Settings = Mapping[str, str]

CREDENTIAL_KINDS = ("client_secret", "certificate_path", "federated_token_file")
SETTINGS = (
    "tenant_id",
    "client_id",
    *CREDENTIAL_KINDS,
    "certificate_password",
    "subscription_id",
    "cloud_environment",
    "resource_manager_endpoint",
    "authority_host",
)

VARIABLES: dict[str, tuple[str, ...]] = {
    "tenant_id": ("AZURE_TENANT_ID", "AZURE_TENANT"),
    "client_id": ("AZURE_CLIENT_ID",),
    "client_secret": ("AZURE_CLIENT_SECRET", "AZURE_SECRET"),
    "certificate_path": ("AZURE_CLIENT_CERTIFICATE_PATH", "AZURE_X509_CERTIFICATE_PATH"),
    "certificate_password": ("AZURE_CLIENT_CERTIFICATE_PASSWORD",),
    "subscription_id": ("AZURE_SUBSCRIPTION_ID",),
    "cloud_environment": ("AZURE_CLOUD_ENVIRONMENT",),
    "resource_manager_endpoint": ("AZURE_RESOURCE_MANAGER_ENDPOINT",),
    "authority_host": ("AZURE_AUTHORITY_HOST", "AZURE_ADFS_AUTHORITY_URL"),
}
"""The environment variables of each setting: the SDK's names first, then those of azure.azcollection."""

SOURCE_VARIABLES = {
    "auth_source": ("ANSIBLE_AZURE_AUTH_SOURCE",),
    "auth_file": ("AZURE_AUTH_LOCATION",),
    "profile": ("AZURE_PROFILE",),
    "profile_file": ("AZURE_PROFILE_FILE",),
}

AZCOLLECTION_SOURCES = {"env": "environment", "credential_file": "profile", "msi": "managed_identity"}
"""azure.azcollection's names of the sources, in the variable that both collections read."""


class NotUsable(Exception):
    """A source offers no identity; the text says why."""


@dataclass(frozen=True)
class Identity:
    """The identity that a source offers. ``credential`` creates the SDK's credential from (tenant, common options)."""

    source: str
    who: str
    credential: Callable[[str, dict[str, Any]], Any]
    settings: Settings = field(default_factory=dict)
    proof: str = ""
    needs_tenant: bool = True


@dataclass(frozen=True)
class Inputs:
    """What the user configured: the task's options and the environment."""

    params: Mapping[str, Any]
    environ: Mapping[str, str]

    @property
    def chosen(self) -> str:
        """The source that the user chose, or auto."""
        chosen = self.where("auth_source") or "auto"
        return AZCOLLECTION_SOURCES.get(chosen, chosen)

    @property
    def auto(self) -> bool:
        """Whether sources are tried in order, instead of using a chosen one."""
        return self.chosen == "auto"

    def options(self) -> Settings:
        """The settings in the task's options."""
        return {name: str(self.params[name]) for name in SETTINGS if self.params.get(name)}

    def environment(self) -> Settings:
        """The settings in the environment."""
        found = {name: self.variable(names) for name, names in VARIABLES.items()}
        return {name: value for name, value in found.items() if value}

    def variable(self, names: Sequence[str]) -> str:
        """The first of these environment variables that is not empty."""
        return next((self.environ[name] for name in names if self.environ.get(name)), "")

    def where(self, name: str) -> str:
        """The value of an option that selects a source, or of its environment variable."""
        return str(self.params.get(name) or "") or self.variable(SOURCE_VARIABLES[name])


def from_parameters(inputs: Inputs) -> Identity:
    settings = inputs.options()
    proofs = [name for name in CREDENTIAL_KINDS if name in settings]
    if "client_id" not in settings:
        if proofs:
            raise CredentialsError(
                f"{proofs[0]} is given without client_id. Both must come from the same source.", code="Incomplete"
            )
        raise NotUsable("no client_id")
    if not proofs:
        raise NotUsable(f"client_id without one of {', '.join(CREDENTIAL_KINDS)}")
    if len(proofs) > 1:
        raise InvalidArguments(f"Give only one of {', '.join(proofs)}: each proves the client's identity.")
    return service_principal("parameters", settings)


def from_environment(inputs: Inputs) -> Identity:
    refuse_for_another(inputs)
    settings = inputs.environment()
    if "client_id" not in settings:
        if inputs.environ.get("AZURE_AD_USER"):
            raise NotUsable(
                "AZURE_AD_USER: Microsoft Entra ID requires multifactor authentication of users, so use a client ID"
            )
        raise NotUsable("AZURE_CLIENT_ID is not set")
    if not any(name in settings for name in CREDENTIAL_KINDS):
        raise NotUsable("AZURE_CLIENT_ID without AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH")
    return service_principal("environment", with_password(inputs, settings))


def refuse_for_another(inputs: Inputs) -> None:
    """Rejects a source if the task's client_id chooses an identity, which no other one must replace."""
    if inputs.auto and inputs.params.get("client_id"):
        raise NotUsable("the task's client_id names another identity")


def with_password(inputs: Inputs, settings: Settings) -> Settings:
    """The settings with the task's certificate_password, even if the certificate itself is named elsewhere."""
    given = inputs.options().get("certificate_password")
    return {**settings, "certificate_password": given} if given else settings


def service_principal(source: str, settings: Settings) -> Identity:
    """An application with a secret, a certificate or a federated token."""
    client = settings["client_id"]
    if "client_secret" in settings:
        secret = settings["client_secret"]

        def credential(tenant: str, options: dict[str, Any]) -> Any:
            from azure.identity import ClientSecretCredential

            return ClientSecretCredential(tenant, client, secret, **options)

        return Identity(source, f"client {client}", credential, settings, proof=f"secret {secret}")
    # A module is compiled for every task, and few tasks need this import.
    from .client_proofs import certificate, token_in_file

    if "certificate_path" in settings:
        make, proof = certificate(client, settings["certificate_path"], settings.get("certificate_password"))
    else:
        make, proof = token_in_file(client, settings["federated_token_file"])
    return Identity(source, f"client {client}", make, settings, proof=proof)
