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

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from .._common.errors import CredentialsError, InvalidArguments
from .._common.run_cache import RunCache
from .clouds import Cloud, choose_cloud, discover
from .credential_files import DEFAULT_PROFILE_FILE, read_auth_file, read_profile
from .sign_in import SignIn
from .transport import importing

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

CLOUD_SETTINGS = ("cloud_environment", "resource_manager_endpoint", "authority_host", "audience")

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

CA_VARIABLES = ("AZURE_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")

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
class Login:
    """An identity, and everything required to use it."""

    identity: Identity
    subscription_id: str
    tenant_id: str
    cloud: Cloud
    ca_bundle: str | None

    def located(self, transport: Any) -> Cloud:
        """The cloud with its sign-in address, which is discovered if it was not given. Raises ConnectionFailed."""
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
            return SOURCES[source](inputs)
        except NotUsable as reason:
            tried.append(f"{source} ({reason})")
    summary = "No credential source is usable" if inputs.auto else "The chosen credential source is not usable"
    advice = "Give client_id and client_secret, for example, or set AZURE_CLIENT_ID and AZURE_CLIENT_SECRET."
    raise CredentialsError(f"{summary}: {'; '.join(tried)}.{f' {advice}' if inputs.auto else ''}", code="NoCredentials")


def _order(inputs: Inputs) -> list[str]:
    """The order of ``SOURCES``, except that a file or profile named in the task precedes the environment."""
    options = {"auth_file": ("auth_file",), "profile": ("profile", "profile_file")}
    named = [source for source, names in options.items() if any(inputs.params.get(name) for name in names)]
    rest = [source for source in SOURCES if source not in named and source != "parameters"]
    return ["parameters", *named, *rest]


def _from_parameters(inputs: Inputs) -> Identity:
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
    return _service_principal("parameters", settings)


def _from_environment(inputs: Inputs) -> Identity:
    _of_another(inputs)
    settings = inputs.environment()
    if "client_id" not in settings:
        if inputs.environ.get("AZURE_AD_USER"):
            raise NotUsable(
                "AZURE_AD_USER: Microsoft Entra ID requires multifactor authentication of users, so use a client ID"
            )
        raise NotUsable("AZURE_CLIENT_ID is not set")
    if not any(name in settings for name in CREDENTIAL_KINDS):
        raise NotUsable("AZURE_CLIENT_ID without AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH")
    return _service_principal("environment", _with_password(inputs, settings))


def _from_auth_file(inputs: Inputs) -> Identity:
    path = inputs.where("auth_file")
    if not inputs.params.get("auth_file"):
        _of_another(inputs)
    if not path:
        raise NotUsable("neither auth_file nor AZURE_AUTH_LOCATION names a file")
    settings = read_auth_file(path)
    if not any(name in settings for name in CREDENTIAL_KINDS):
        raise CredentialsError(f"The auth file {path} has no client secret and no certificate.", code="Incomplete")
    return _service_principal("auth_file", _with_password(inputs, settings))


def _from_profile(inputs: Inputs) -> Identity:
    named_by_task = bool(inputs.params.get("profile") or inputs.params.get("profile_file"))
    if not named_by_task:
        _of_another(inputs)
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
    return _service_principal("profile", _with_password(inputs, settings))


def _from_workload_identity(inputs: Inputs) -> Identity:
    """A token from Kubernetes, GitHub or Azure Pipelines that Microsoft Entra ID accepts for an application."""
    from . import ambient as outside

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
        assertion, proof = outside.token_from_file(token_file), f"file {token_file}"
    elif environ.get("ACTIONS_ID_TOKEN_REQUEST_URL") and environ.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN"):
        assertion, proof = outside.token_from_github(environ), environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
    elif environ.get("SYSTEM_OIDCREQUESTURI") and environ.get("SYSTEM_ACCESSTOKEN"):
        connection = environ.get("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID", "")
        if not connection:
            raise NotUsable("Azure Pipelines without AZURESUBSCRIPTION_SERVICE_CONNECTION_ID")
        assertion, proof = outside.token_from_pipelines(environ, connection), environ["SYSTEM_ACCESSTOKEN"]
    else:
        raise NotUsable("no AZURE_FEDERATED_TOKEN_FILE, and no token of GitHub or Azure Pipelines")
    if not client:
        raise NotUsable("a federated token, but neither client_id nor AZURE_CLIENT_ID")
    return _federated("workload_identity", client, assertion, settings, proof)


def _from_cli(inputs: Inputs) -> Identity:
    from . import ambient as outside

    _of_another(inputs)
    options = inputs.options()
    try:
        account = outside.cli_account(options.get("subscription_id", ""))
    except outside.Unavailable as reason:
        raise NotUsable(str(reason)) from None
    tenant = options.get("tenant_id") or account["tenant_id"]

    def credential(_tenant: str, _options: dict[str, Any]) -> Any:
        from azure.identity import AzureCliCredential

        return AzureCliCredential(tenant_id=tenant)

    return Identity(
        "cli", "the account of Azure CLI", credential, account, proof=account.get("user", ""), needs_tenant=False
    )


def _from_managed_identity(inputs: Inputs) -> Identity:
    from . import ambient as outside

    environment = inputs.environment()
    # If the environment has a secret or certificate as well, its client ID is that of an application.
    of_machine = "" if any(name in environment for name in CREDENTIAL_KINDS) else environment.get("client_id", "")
    client = inputs.options().get("client_id") or of_machine
    if inputs.auto and not outside.has_managed_identity(inputs.environ):
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


SOURCES: dict[str, Callable[[Inputs], Identity]] = {
    "parameters": _from_parameters,
    "environment": _from_environment,
    "auth_file": _from_auth_file,
    "workload_identity": _from_workload_identity,
    "profile": _from_profile,
    "cli": _from_cli,
    "managed_identity": _from_managed_identity,
}
"""In the order in which they are tried. Each raises NotUsable, or CredentialsError if the user named the source."""


def _of_another(inputs: Inputs) -> None:
    """Rejects a source if the task's client_id chooses an identity, which no other one must replace."""
    if inputs.auto and inputs.params.get("client_id"):
        raise NotUsable("the task's client_id names another identity")


def _with_password(inputs: Inputs, settings: Settings) -> Settings:
    """The settings with the task's certificate_password, even if the certificate itself is named elsewhere."""
    given = inputs.options().get("certificate_password")
    return {**settings, "certificate_password": given} if given else settings


def _service_principal(source: str, settings: Settings) -> Identity:
    """An application with a secret, a certificate or a federated token."""
    client = settings["client_id"]
    if "client_secret" in settings:
        secret = settings["client_secret"]

        def credential(tenant: str, options: dict[str, Any]) -> Any:
            from azure.identity import ClientSecretCredential

            return ClientSecretCredential(tenant, client, secret, **options)

        return Identity(source, f"client {client}", credential, settings, proof=f"secret {secret}")
    if "certificate_path" in settings:
        return _with_certificate(source, client, settings)
    from . import ambient as outside

    path = settings["federated_token_file"]
    return _federated(source, client, outside.token_from_file(path), settings, f"file {path}")


def _with_certificate(source: str, client: str, settings: Settings) -> Identity:
    path = os.path.expanduser(settings["certificate_path"])
    password = settings.get("certificate_password")
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
    return Identity(source, f"client {client}", credential, settings, proof=f"certificate {digest} {password or ''}")


def _federated(source: str, client: str, assertion: Callable[[Any], str], settings: Settings, proof: str) -> Identity:
    def credential(tenant: str, options: dict[str, Any]) -> Any:
        from azure.identity import ClientAssertionCredential

        return ClientAssertionCredential(tenant, client, lambda: assertion(options["transport"]), **options)

    return Identity(source, f"client {client}", credential, settings, proof=proof)
