# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The endpoints from which programs on Azure's own machines get tokens without a secret.

There are two: the instance metadata service of virtual machines (2018-02-01), and the endpoint of App Service
(2019-08-01).
"""

from __future__ import annotations

import hmac

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ..core.clouds import azure_host
from .directory import Directory, Principal
from .tokens import Tokens

METADATA_PATH = "/metadata/identity/oauth2/token"
APP_SERVICE_PATH = "/msi/token"


class _Refused(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class ManagedIdentity:
    """Tokens of the system-assigned identity, or of a user-assigned one selected by an ID.

    The instance metadata service requires no secret: on a shared machine, it would make every user an owner. It is
    served only while ``instance_metadata`` is True, and to authenticated clients of the proxy.
    """

    def __init__(self, directory: Directory, tokens: Tokens, *, instance_metadata: bool = False) -> None:
        self._directory = directory
        self._tokens = tokens
        self.instance_metadata = instance_metadata

    def routes(self) -> list[BaseRoute]:
        """Returns the routes of both endpoints."""
        return [Route(METADATA_PATH, self.metadata_token), Route(APP_SERVICE_PATH, self.app_service_token)]

    async def metadata_token(self, request: Request) -> Response:
        """The instance metadata service, which requires the header ``Metadata: true``."""
        if not self.instance_metadata and azure_host(request.scope) is None:
            return JSONResponse(
                {
                    "error": "not_served",
                    "error_description": "The metadata service issues tokens to every user of this machine. It runs "
                    "when aci-emulator serve has --instance-metadata, or after aci-emulator env --as managed-identity.",
                },
                status_code=404,
            )
        try:
            if request.headers.get("metadata", "").lower() != "true" or "x-forwarded-for" in request.headers:
                raise _Refused(400, "Required metadata header not specified")
            resource = self._resource(request)
            principal = self._find(request)
        except _Refused as refused:
            return JSONResponse(
                {"error": "invalid_request", "error_description": refused.message}, status_code=refused.status
            )
        issued = self._tokens.issue(principal, resource.rstrip("/"))
        return JSONResponse(
            {
                "access_token": issued.value,
                "client_id": principal.client_id,
                "expires_in": str(issued.expires_in),
                "expires_on": str(issued.expires_on),
                "ext_expires_in": str(issued.expires_in),
                "not_before": str(issued.expires_on - issued.expires_in),
                "resource": resource,
                "token_type": "Bearer",
            }
        )

    async def app_service_token(self, request: Request) -> Response:
        """The endpoint of App Service, which requires a secret in the header ``X-IDENTITY-HEADER``."""
        try:
            given = request.headers.get("x-identity-header", "")
            if not hmac.compare_digest(given.encode(), self._directory.identity_header.encode()):
                raise _Refused(401, "The X-IDENTITY-HEADER header is missing or wrong.")
            resource = self._resource(request)
            principal = self._find(request)
        except _Refused as refused:
            return JSONResponse({"statusCode": refused.status, "message": refused.message}, status_code=refused.status)
        issued = self._tokens.issue(principal, resource.rstrip("/"))
        return JSONResponse(
            {
                "access_token": issued.value,
                "expires_on": str(issued.expires_on),
                "resource": resource,
                "token_type": "Bearer",
                "client_id": principal.client_id,
            }
        )

    def _resource(self, request: Request) -> str:
        for name in ("api-version", "resource"):
            if not request.query_params.get(name):
                raise _Refused(400, f"Required query variable '{name}' is missing")
        return request.query_params["resource"]

    def _find(self, request: Request) -> Principal:
        query = request.query_params
        wanted = {
            "client_id": query.get("client_id"),
            "object_id": query.get("object_id") or query.get("principal_id"),
            "resource_id": query.get("msi_res_id") or query.get("mi_res_id"),
        }
        wanted = {name: value.lower() for name, value in wanted.items() if value}
        self._directory.refresh()
        for principal in self._directory.principals:
            if principal.kind == "application":
                continue
            if not wanted and principal.kind == "system-identity":
                return principal
            if wanted and all(getattr(principal, name).lower() == value for name, value in wanted.items()):
                return principal
        raise _Refused(400, "Identity not found")
