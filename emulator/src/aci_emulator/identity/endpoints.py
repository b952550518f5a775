# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sign-in endpoints: metadata of the cloud and its directory, and tokens."""

from __future__ import annotations

import base64
import binascii
import uuid
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ..core.clouds import CLOUDS, Cloud, azure_host, sign_in_url
from ..core.settings import Settings
from . import assertions
from .asked_url import asked_url
from .directory import Directory, Principal, Tenant
from .tokens import Tokens

_COMMON = ("common", "organizations", "consumers")
_MAX_FORM = 64 * 1024


class SignInError(Exception):
    """A refused sign-in: its OAuth error, and the number after AADSTS."""

    def __init__(self, status: int, error: str, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.code = code
        self.message = message


class Identity:
    """The directory's endpoints, and the cloud metadata that refers to them."""

    def __init__(self, settings: Settings, directory: Directory, tokens: Tokens) -> None:
        self._settings = settings
        self._directory = directory
        self._tokens = tokens

    def routes(self) -> list[BaseRoute]:
        """Returns the routes, which require no bearer token."""
        return [
            Route("/metadata/endpoints", self.metadata),
            Route("/common/discovery/instance", self.discover_instance),
            Route("/{tenant}/.well-known/openid-configuration", self.openid_configuration),
            Route("/{tenant}/v2.0/.well-known/openid-configuration", self.openid_configuration_v2),
            Route("/{tenant}/discovery/keys", self.keys),
            Route("/{tenant}/discovery/v2.0/keys", self.keys),
            Route("/{tenant}/oauth2/token", self.token, methods=["POST"]),
            Route("/{tenant}/oauth2/v2.0/token", self.token_v2, methods=["POST"]),
        ]

    async def metadata(self, request: Request) -> Response:
        """Describes the cloud. The oldest versions have a short form, those before 2022 a list of clouds."""
        version = request.query_params.get("api-version", "")
        azure = azure_host(request.scope)
        cloud = describe_azure(azure.cloud) if azure else describe_cloud(asked_url(request, self._settings))
        if version == "1.0" or version.startswith(("2014", "2015", "2016", "2017", "2018")):
            return JSONResponse(
                {
                    "galleryEndpoint": cloud["gallery"],
                    "graphEndpoint": cloud["graph"],
                    "portalEndpoint": cloud["portal"],
                    "authentication": {
                        "loginEndpoint": cloud["authentication"]["loginEndpoint"],
                        "audiences": cloud["authentication"]["audiences"],
                    },
                }
            )
        if version.startswith(("2019", "2020", "2021")) or not version:
            return JSONResponse([cloud])
        return JSONResponse(cloud)

    async def discover_instance(self, request: Request) -> Response:
        """Lists the host names of an authority: one for the emulator, for Azure those of its clouds."""
        base = asked_url(request, self._settings)
        host = base.removeprefix("https://")
        names = [[host]] if azure_host(request.scope) is None else [list(cloud.sign_in) for cloud in CLOUDS]
        return JSONResponse(
            {
                "tenant_discovery_endpoint": f"{base}/common/v2.0/.well-known/openid-configuration",
                "api-version": "1.1",
                "metadata": [
                    {"preferred_network": aliases[0], "preferred_cache": aliases[0], "aliases": aliases}
                    for aliases in names
                ],
            }
        )

    async def openid_configuration(self, request: Request) -> Response:
        """The document for the v1 endpoints."""
        return self._configuration(request, "")

    async def openid_configuration_v2(self, request: Request) -> Response:
        """The document for the v2 endpoints."""
        return self._configuration(request, "/v2.0")

    async def keys(self, request: Request) -> Response:
        """The public keys that verify tokens."""
        return JSONResponse(self._tokens.jwks())

    async def token(self, request: Request) -> Response:
        """The v1 token endpoint, which takes a ``resource``."""
        return await self._answer_token(request, v2=False)

    async def token_v2(self, request: Request) -> Response:
        """The v2 token endpoint, which takes a ``scope``."""
        return await self._answer_token(request, v2=True)

    def _configuration(self, request: Request, version: str) -> Response:
        name = request.path_params["tenant"]
        if name in _COMMON:
            # A document for no particular tenant has a placeholder for the tenant in the issuer.
            segment, issuer = name, "{tenantid}"
        else:
            try:
                segment = issuer = self._tenant(name).id
            except SignInError as error:
                return _refusal(error, override="invalid_tenant")
        base = f"{asked_url(request, self._settings)}/{segment}"
        # The issuer is the same, whichever host name is used.
        home = sign_in_url(azure_host(request.scope), self._settings.base_url)
        issued_by = f"{home}/{issuer}{version}" if version else f"https://sts.windows.net/{issuer}/"
        return JSONResponse(
            {
                "token_endpoint": f"{base}/oauth2{version}/token",
                "token_endpoint_auth_methods_supported": [
                    "client_secret_post",
                    "private_key_jwt",
                    "client_secret_basic",
                ],
                "jwks_uri": f"{base}/discovery{version}/keys",
                "response_modes_supported": ["query", "fragment", "form_post"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
                "issuer": issued_by,
                "authorization_endpoint": f"{base}/oauth2{version}/authorize",
                "tenant_region_scope": None,
                "cloud_instance_name": home.removeprefix("https://").removeprefix("login."),
            }
        )

    async def _answer_token(self, request: Request, *, v2: bool) -> Response:
        try:
            form = await _read_form(request)
            tenant = self._tenant(request.path_params["tenant"])
            principal = self._sign_in(tenant, form, asked_url(request, self._settings))
            audience = _scope(form) if v2 else _required(form, "resource").rstrip("/")
        except SignInError as error:
            return _refusal(error)
        issued = self._tokens.issue(principal, audience)
        answer: dict[str, Any] = {"token_type": "Bearer", "expires_in": issued.expires_in}
        if v2:
            answer |= {"ext_expires_in": issued.expires_in}
        else:
            # The v1 endpoint returns numbers as strings.
            answer = {
                "token_type": "Bearer",
                "expires_in": str(issued.expires_in),
                "ext_expires_in": str(issued.expires_in),
                "expires_on": str(issued.expires_on),
                "not_before": str(issued.expires_on - issued.expires_in),
                "resource": form["resource"],
            }
        answer["access_token"] = issued.value
        return JSONResponse(answer, headers={"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"})

    def _tenant(self, name: str) -> Tenant:
        if name in _COMMON:
            raise SignInError(
                400,
                "invalid_request",
                900382,
                "Confidential Client is not supported in Cross Cloud request.",
            )
        tenant = self._directory.tenant(name)
        if tenant is None:
            raise SignInError(
                400,
                "invalid_request",
                90002,
                f"Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into "
                "the correct cloud. Check with your subscription administrator, this may happen if there are no "
                "active subscriptions for the tenant.",
            )
        return tenant

    def _sign_in(self, tenant: Tenant, form: dict[str, str], asked: str) -> Principal:
        grant = _required(form, "grant_type")
        if grant != "client_credentials":
            raise SignInError(
                400, "unsupported_grant_type", 70003, f"The app requested an unsupported grant type '{grant}'."
            )
        assertion = form.get("client_assertion", "")
        client_id = form.get("client_id") or (assertions.issuer_of(assertion) if assertion else "")
        if not client_id:
            _required(form, "client_id")
        self._directory.refresh()
        principal = self._directory.principal(tenant.id, client_id)
        if principal is None or principal.kind != "application":
            raise SignInError(
                400,
                "unauthorized_client",
                700016,
                f"Application with identifier '{client_id}' was not found in the directory '{tenant.name}'. This can "
                "happen if the application has not been installed by the administrator of the tenant or consented to "
                "by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
            )
        if assertion:
            self._check_assertion(principal, form, asked)
        elif form.get("client_secret"):
            if form["client_secret"] not in principal.secrets:
                raise SignInError(
                    401,
                    "invalid_client",
                    7000215,
                    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret "
                    f"value, not the client secret ID, for a secret added to app '{principal.client_id}'.",
                )
        else:
            raise SignInError(
                401,
                "invalid_client",
                7000216,
                "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
            )
        return principal

    def _check_assertion(self, principal: Principal, form: dict[str, str], asked: str) -> None:
        if form.get("client_assertion_type") != assertions.ASSERTION_TYPE:
            raise SignInError(
                400,
                "invalid_request",
                900144,
                "The request body must contain the following parameter: 'client_assertion_type'.",
            )
        try:
            assertions.verify(form["client_assertion"], principal, base_url=asked, now=self._tokens.wall())
        except assertions.AssertionRefused as error:
            raise SignInError(401, "invalid_client", error.code, error.message) from None


def describe_azure(cloud: Cloud) -> dict[str, Any]:
    """Returns the metadata of one of Azure's clouds, with its own addresses."""
    resource_manager = f"https://{cloud.resource_manager}"
    return {
        "portal": cloud.portal,
        "authentication": {
            "loginEndpoint": f"https://{cloud.sign_in[0]}/",
            "audiences": [*reversed(cloud.audiences)],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "graphAudience": f"{cloud.directory_graph}/",
        "graph": f"{cloud.directory_graph}/",
        "name": cloud.name,
        "suffixes": {
            "acrLoginServer": cloud.registry,
            "keyVaultDns": cloud.vault,
            "sqlServerHostname": cloud.sql,
            "storage": cloud.storage,
        },
        "resourceManager": f"{resource_manager}/",
        "microsoftGraphResourceId": f"{cloud.graph}/",
        "activeDirectoryDataLake": f"{resource_manager}/",
        "batch": f"{resource_manager}/",
        "gallery": f"{resource_manager}/",
        "sqlManagement": f"{resource_manager}/",
    }


def describe_cloud(base_url: str) -> dict[str, Any]:
    """Returns the emulator's metadata in the form of 2022-09-01."""
    return {
        "portal": base_url,
        "authentication": {
            "loginEndpoint": base_url,
            "audiences": [base_url, f"{base_url}/"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "media": base_url,
        "graphAudience": base_url,
        "graph": base_url,
        "name": "AciEmulator",
        "suffixes": {
            "acrLoginServer": "azurecr.io",
            "keyVaultDns": "vault.azure.net",
            "sqlServerHostname": "database.windows.net",
            "storage": "core.windows.net",
        },
        "batch": base_url,
        "resourceManager": base_url,
        "vmImageAliasDoc": base_url,
        "activeDirectoryDataLake": base_url,
        "sqlManagement": base_url,
        "microsoftGraphResourceId": base_url,
        "appInsightsResourceId": base_url,
        "appInsightsTelemetryChannelResourceId": base_url,
        "attestationResourceId": base_url,
        "synapseAnalyticsResourceId": base_url,
        "logAnalyticsResourceId": base_url,
        "ossrDbmsResourceId": base_url,
        "gallery": base_url,
    }


async def _read_form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_FORM:
            raise SignInError(413, "invalid_request", 90100, "The request body is too long.")
    try:
        form = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100))
    except (UnicodeDecodeError, ValueError):
        raise SignInError(
            400, "invalid_request", 900144, "The request body must contain the following parameter: 'grant_type'."
        ) from None
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return form
        form.setdefault("client_id", unquote(user))
        form.setdefault("client_secret", unquote(password))
    return form


def _required(form: dict[str, str], name: str) -> str:
    value = form.get(name, "")
    if not value:
        raise SignInError(
            400, "invalid_request", 900144, f"The request body must contain the following parameter: '{name}'."
        )
    return value


def _scope(form: dict[str, str]) -> str:
    scope = _required(form, "scope").strip()
    if not scope.endswith("/.default") or " " in scope:
        raise SignInError(
            400,
            "invalid_scope",
            1002012,
            f"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with "
            "/.default suffixed to the resource identifier (application ID URI).",
        )
    return scope.removesuffix("/.default").rstrip("/")


def _refusal(error: SignInError, *, override: str | None = None) -> Response:
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    stamp = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%SZ}"
    return JSONResponse(
        {
            "error": override or error.error,
            "error_description": f"AADSTS{error.code}: {error.message} Trace ID: {trace} Correlation ID: "
            f"{correlation} Timestamp: {stamp}",
            "error_codes": [error.code],
            "timestamp": stamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": f"https://login.microsoftonline.com/error?code={error.code}",
        },
        status_code=error.status,
        headers={"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"},
    )
