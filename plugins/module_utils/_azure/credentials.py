# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Finds credentials.

A source offers an identity: a client ID with its secret, certificate or token, or a way to get a token without them.
Sources are tried in the order of ``SOURCES``; the first usable identity is taken, and never combined with parts of
another. Tenant, subscription and cloud may come from elsewhere: the task's options have precedence, followed by the
identity's own source, the environment and the auth file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from .._common.errors import CredentialsError, InvalidArguments
from .._common.run_cache import RunCache
from .arguments import AUTH_SOURCES
from .clouds import Cloud, choose_cloud
from .identity import (
    SOURCE_VARIABLES,
    Identity,
    Inputs,
    NotUsable,
    Settings,
    from_environment,
    from_parameters,
)
from .sign_in import SignIn
from .transport import importing

SOURCES = AUTH_SOURCES[1:]
"""The sources, in the order in which they are tried."""

FIRST_SOURCES: dict[str, Callable[[Inputs], Identity]] = {
    "parameters": from_parameters,
    "environment": from_environment,
}
"""Each raises NotUsable, or CredentialsError if the user named the source."""

CLOUD_SETTINGS = ("cloud_environment", "resource_manager_endpoint", "authority_host", "audience")

CA_VARIABLES = ("AZURE_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


@dataclass(frozen=True)
class Login:
    """An identity, and everything required to use it."""

    identity: Identity
    subscription_id: str
    tenant_id: str
    cloud: Cloud
    ca_bundle: str | None

    def located(self, transport: Any) -> Cloud:
        """The cloud with its sign-in address, which is discovered if it was not given. Raises ConnectionFailed."""
        if self.cloud.authority_host:
            return self.cloud
        # A module is compiled for every task, and few tasks need this import.
        from .cloud_metadata import discover

        return discover(self.cloud, transport)

    def credential(self, transport: Any, cloud: Cloud, store: RunCache | None = None) -> SignIn:
        """The credential with which the SDK's clients sign in. Raises CredentialsError."""
        tenant = cloud.tenant or self.tenant_id
        options = {
            "authority": cloud.authority_host,
            "disable_instance_discovery": not cloud.instance_discovery,
            "transport": transport.bound_to(cloud.authority_host, cloud.signs_in_at),
            "retry_total": 0,
        }
        who = self.identity.who

        def make() -> Any:
            with importing():
                try:
                    return self.identity.credential(tenant, options)
                except (OSError, TypeError, ValueError) as error:
                    raise CredentialsError(f"Could not use {who} (source {self.identity.source}): {error}") from None

        key = (self.identity.source, who, cloud.authority_host, tenant, self.identity.proof)
        named = f"{who} of tenant {tenant} at {cloud.authority_host}" if self.identity.needs_tenant else who
        return SignIn(make, transport=transport, who=named, key=key, store=store)


def log_in(params: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Login:
    """Find an identity, and the tenant, subscription and cloud to use it with. Nothing is sent to Azure.

    Raises CredentialsError, which lists every source that was tried and why it was not usable, and InvalidArguments.
    """
    variables = os.environ if environ is None else environ
    # Files and pipelines often leave a line break at the end of a value, where it is never meant.
    inputs = Inputs(params, {name: value.strip("\r\n") for name, value in variables.items()})
    identity = _identity(inputs)
    settings = _settings(inputs, identity)
    subscription = settings.get("subscription_id", "")
    if not subscription:
        raise CredentialsError(
            f"The credentials (source {identity.source}) do not name a subscription. "
            "Give subscription_id, or set AZURE_SUBSCRIPTION_ID.",
            code="NoSubscription",
        )
    tenant = settings.get("tenant_id", "")
    if identity.needs_tenant and not tenant:
        raise CredentialsError(
            f"The credentials (source {identity.source}) do not name a tenant. Give tenant_id, or set AZURE_TENANT_ID.",
            code="NoTenant",
        )
    cloud = choose_cloud(settings, _instance_discovery(inputs))
    return Login(identity, subscription, tenant, cloud, ca_bundle(inputs.params, inputs.environ))


def _settings(inputs: Inputs, identity: Identity) -> Settings:
    """Tenant, subscription and cloud. The first place that names a cloud decides it completely: endpoints named in
    places of lower precedence may belong to another cloud.
    """
    found: dict[str, str] = {}
    for layer in (inputs.options(), identity.settings, inputs.environment()):
        _add(found, layer)
    incomplete = "subscription_id" not in found or "tenant_id" not in found
    if inputs.params.get("auth_file") or (incomplete and inputs.where("auth_file")):
        from .credential_files import read_auth_file

        _add(found, read_auth_file(inputs.where("auth_file")))
    return found


def _add(found: dict[str, str], layer: Settings) -> None:
    known = "cloud_environment" in found or "resource_manager_endpoint" in found
    for name, value in layer.items():
        if not (known and name in CLOUD_SETTINGS):
            found.setdefault(name, value)


def _instance_discovery(inputs: Inputs) -> bool | None:
    given = inputs.params.get("instance_discovery")
    if given is not None:
        return bool(given)
    disabled = inputs.environ.get("AZURE_DISABLE_INSTANCE_DISCOVERY", "")
    if not disabled.strip():
        return None
    try:
        return not boolean(disabled)
    except TypeError:
        raise InvalidArguments(f"AZURE_DISABLE_INSTANCE_DISCOVERY must be true or false, not {disabled}") from None


def ca_bundle(params: Mapping[str, Any], environ: Mapping[str, str]) -> str | None:
    """The file or folder of CA certificates to trust, None for the default ones. Raises InvalidArguments."""
    for name, value in (
        ("ca_bundle", params.get("ca_bundle")),
        *((name, environ.get(name)) for name in CA_VARIABLES),
    ):
        if value:
            path = os.path.expanduser(str(value))
            if not os.path.exists(path):
                raise InvalidArguments(f"The certificates that {name} names do not exist: {path}")
            return path
    return None


# -- sources -----------------------------------------------------------------------------------------------------------


def _identity(inputs: Inputs) -> Identity:
    """The first usable identity, or the one from the chosen source."""
    if not inputs.auto and inputs.chosen not in SOURCES:
        where = "auth_source" if inputs.params.get("auth_source") else SOURCE_VARIABLES["auth_source"][0]
        raise InvalidArguments(f"{where} must be one of auto, {', '.join(SOURCES)}, not {inputs.chosen}")
    tried: list[str] = []
    for source in _order(inputs) if inputs.auto else [inputs.chosen]:
        try:
            return _source(source)(inputs)
        except NotUsable as reason:
            tried.append(f"{source} ({reason})")
    summary = "No credential source is usable" if inputs.auto else "The chosen credential source is not usable"
    advice = "Give client_id and client_secret, for example, or set AZURE_CLIENT_ID and AZURE_CLIENT_SECRET."
    raise CredentialsError(f"{summary}: {'; '.join(tried)}.{f' {advice}' if inputs.auto else ''}", code="NoCredentials")


def _source(name: str) -> Callable[[Inputs], Identity]:
    if name in FIRST_SOURCES:
        return FIRST_SOURCES[name]
    # A module is compiled for every task, and few tasks need this import.
    from .credential_sources import FURTHER_SOURCES

    return FURTHER_SOURCES[name]


def _order(inputs: Inputs) -> list[str]:
    """The order of ``SOURCES``, except that a file or profile named in the task precedes the environment."""
    options = {"auth_file": ("auth_file",), "profile": ("profile", "profile_file")}
    named = [source for source, names in options.items() if any(inputs.params.get(name) for name in names)]
    rest = [source for source in SOURCES if source not in named and source != "parameters"]
    return ["parameters", *named, *rest]
