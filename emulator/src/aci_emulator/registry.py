# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An image registry at the emulator's own address, which answers what tags refer to, with the Docker Registry v2 API.

It has every image whose name begins with the emulator's host and port, except those below ``missing``, but no layers.
Sign-in works as in Azure's registries: anonymously, with an application's ID and secret as user name and password, or
with a Microsoft Entra ID token for registries. Images below ``private`` are not available to anonymous clients.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from .core.settings import Settings
from .identity.asked_url import asked_url
from .identity.directory import Directory, Principal
from .identity.tokens import Tokens
from .runtime.images import INDEX_TYPE, MANIFEST_TYPE, Digests

AUDIENCE = "https://containerregistry.azure.net"
"""The audience of a Microsoft Entra ID token. Owners of registries can forbid tokens for Resource Manager."""

_PRIVATE, _MISSING = "private/", "missing"
_LIFETIME = 3600.0
_MOST_TOKENS = 1000
_MAX_FORM = 64 * 1024


class ImageRegistry:
    """The registry's endpoints. Its tokens live in memory: after a restart, clients ask for new ones."""

    def __init__(self, settings: Settings, directory: Directory, tokens: Tokens, digests: Digests) -> None:
        self._settings = settings
        self._directory = directory
        self._tokens = tokens
        self._digests = digests
        self._refresh: dict[str, float] = {}  # refresh token -> its expiry
        self._access: dict[str, tuple[str, float]] = {}  # access token -> its scope and expiry

    def routes(self) -> list[BaseRoute]:
        """Returns the routes, which require no bearer token for Resource Manager."""
        return [
            Route("/v2", self.base),
            Route("/v2/{name:path}/manifests/{reference}", self.manifest),
            Route("/oauth2/token", self.token, methods=["GET"]),
            Route("/oauth2/token", self.refreshed, methods=["POST"]),
            Route("/oauth2/exchange", self.exchange, methods=["POST"]),
        ]

    async def base(self, request: Request) -> Response:
        """Confirms that this is a registry, to clients with any of its tokens."""
        return JSONResponse({}) if self._scope(request) is not None else self._challenge(request, "")

    async def manifest(self, request: Request) -> Response:
        """Returns the manifest that a tag or a digest refers to."""
        name, reference = request.path_params["name"], request.path_params["reference"]
        scope = f"repository:{name}:pull"
        if self._scope(request) != scope:
            return self._challenge(request, scope)
        host = asked_url(request, self._settings).removeprefix("https://")
        body = None if name.startswith(_MISSING) else self._digests.manifest(f"{host}/{name}", reference)
        if body is None:
            return _refusal(404, "MANIFEST_UNKNOWN", f"manifest {reference} of {name} is not known")
        digest = self._digests.of(f"{host}/{name}:{reference}") if ":" not in reference else reference
        kind = INDEX_TYPE if b'"manifests"' in body else MANIFEST_TYPE
        return Response(body, media_type=kind, headers={"Docker-Content-Digest": digest})

    async def token(self, request: Request) -> Response:
        """Issues a token for a scope: to an application with its secret, or to anyone if the scope is not private."""
        given = request.headers.get("authorization")
        if given is not None and self._application(given) is None:
            return _refusal(401, "UNAUTHORIZED", "authentication required")
        scope = request.query_params.get("scope", "")
        if given is None and scope.startswith(f"repository:{_PRIVATE}"):
            return _refusal(401, "UNAUTHORIZED", "authentication required")
        return JSONResponse({"access_token": self._new_access(scope)})

    async def exchange(self, request: Request) -> Response:
        """Issues a refresh token in exchange for a Microsoft Entra ID token."""
        form = await _read_form(request)
        if form.get("grant_type") != "access_token" or not form.get("service"):
            return _refusal(400, "UNSUPPORTED", "the grant type must be access_token, for a service")
        if self._tokens.holder(form.get("access_token", ""), AUDIENCE) is None:
            return _refusal(401, "UNAUTHORIZED", "the token is not a registry token")
        value = secrets.token_urlsafe(32)
        _keep(self._refresh, value, self._tokens.wall() + _LIFETIME)
        return JSONResponse({"refresh_token": value})

    async def refreshed(self, request: Request) -> Response:
        """Issues a token for a scope in exchange for a refresh token."""
        form = await _read_form(request)
        if form.get("grant_type") != "refresh_token":
            return _refusal(400, "UNSUPPORTED", "the grant type must be refresh_token")
        if self._refresh.get(form.get("refresh_token", ""), 0.0) <= self._tokens.wall():
            return _refusal(401, "UNAUTHORIZED", "the refresh token is not valid")
        return JSONResponse({"access_token": self._new_access(form.get("scope", ""))})

    def _new_access(self, scope: str) -> str:
        value = secrets.token_urlsafe(32)
        _keep(self._access, value, (scope, self._tokens.wall() + _LIFETIME))
        return value

    def _scope(self, request: Request) -> str | None:
        """The scope of a request's token, None if it has none or an invalid one."""
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        scope, until = self._access.get(value, ("", 0.0))
        return scope if scheme.lower() == "bearer" and until > self._tokens.wall() else None

    def _application(self, authorization: str) -> Principal | None:
        """The application whose ID and secret are in a header."""
        scheme, _, value = authorization.partition(" ")
        try:
            user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        self._directory.refresh()
        found = self._directory.principal(self._directory.main.tenant_id, user)
        return found if scheme.lower() == "basic" and found is not None and password in found.secrets else None

    def _challenge(self, request: Request, scope: str) -> Response:
        base = asked_url(request, self._settings)
        challenge = f'Bearer realm="{base}/oauth2/token",service="{base.removeprefix("https://")}"'
        if scope:
            challenge += f',scope="{scope}"'
        return _refusal(401, "UNAUTHORIZED", "authentication required", {"WWW-Authenticate": challenge})


def _keep(kept: dict[str, Any], key: str, value: Any) -> None:
    while len(kept) >= _MOST_TOKENS:
        del kept[next(iter(kept))]
    kept[key] = value


def _refusal(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    body = {"errors": [{"code": code, "message": message, "detail": None}]}
    return JSONResponse(body, status_code=status, headers=headers)


async def _read_form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_FORM:
            return {}
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100))
    except (UnicodeDecodeError, ValueError):
        return {}
