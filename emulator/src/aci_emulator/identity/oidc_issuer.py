# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An issuer of identity tokens, like that of a cluster or a pipeline, which the first application trusts.

Tokens are available in a file (workload identity), and from endpoints like those of GitHub and Azure Pipelines.
"""

from __future__ import annotations

import hmac
import time
import uuid
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from ..core.keys import ensure_ec_key
from .directory import Directory, FederatedCredential

ISSUER = "https://issuer.aci-emulator.invalid"
SUBJECT = "aci-emulator:job"
AUDIENCE = "api://AzureADTokenExchange"
GITHUB_PATH = "/oidc/github"
PIPELINES_PATH = "/oidc/pipelines"
_LIFETIME = 3600


class Issuer:
    """Signs tokens for the subject that is trusted by the first application."""

    def __init__(self, state_dir: Path, directory: Directory) -> None:
        self._directory = directory
        self._key = ensure_ec_key(state_dir / "issuer.key", "Remove it: a new one is created")
        public_key = self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        trust = FederatedCredential(ISSUER, SUBJECT, AUDIENCE, [public_key.decode()])
        if trust not in directory.main.federated:
            kept = [each for each in directory.main.federated if each.issuer != ISSUER]
            directory.main.federated = [*kept, trust]
            directory.save()

    def sign(self, audience: str = AUDIENCE) -> str:
        """Returns a token that is valid for a (real) hour."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": SUBJECT,
            "aud": audience,
            "iat": now,
            "nbf": now,
            "exp": now + _LIFETIME,
            "jti": str(uuid.uuid4()),
        }
        return jwt.encode(claims, self._key, algorithm="ES256", headers={"kid": "issuer"})

    def routes(self) -> list[BaseRoute]:
        """Returns the endpoints for jobs, which identify themselves by the job's token."""
        return [
            Route(GITHUB_PATH, self.for_github),
            Route(PIPELINES_PATH, self.for_pipelines, methods=["POST"]),
        ]

    async def for_github(self, request: Request) -> Response:
        """GET with ``audience``: ``{"value": token}``."""
        if not self._is_job(request):
            return JSONResponse({"message": "The token of the job is missing or wrong."}, status_code=401)
        return JSONResponse({"value": self.sign(request.query_params.get("audience", AUDIENCE))})

    async def for_pipelines(self, request: Request) -> Response:
        """POST with ``serviceConnectionId``: ``{"oidcToken": token}``."""
        if not self._is_job(request):
            return JSONResponse({"message": "The token of the job is missing or wrong."}, status_code=401)
        if not request.query_params.get("serviceConnectionId"):
            return JSONResponse({"message": "serviceConnectionId is missing."}, status_code=400)
        return JSONResponse({"oidcToken": self.sign()})

    def _is_job(self, request: Request) -> bool:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        wanted = self._directory.job_token.encode()
        return scheme.lower() == "bearer" and hmac.compare_digest(value.strip().encode(), wanted)
