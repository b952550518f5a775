# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access tokens: issued at sign-in, checked on every request to Resource Manager."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import jwt

from ..arm.errors import ArmError
from ..core.clock import Clock
from ..core.clouds import CLOUDS, AzureHost, sign_in_url
from ..core.keys import ensure_rsa_key
from ..core.settings import Settings
from .directory import Directory, Principal

_CACHE_SIZE = 256


@dataclass(frozen=True)
class AccessToken:
    """A bearer token, and the real seconds for which it is valid unless the clock is moved."""

    value: str
    expires_in: int
    expires_on: int


class Tokens:
    """Issues and checks access tokens, signed with a key in the state directory.

    A token expires in real time, whatever the speed of the clock, because clients measure its lifetime in real time;
    moving the clock forward counts as well.
    """

    def __init__(self, settings: Settings, clock: Clock, directory: Directory) -> None:
        self._settings = settings
        self._clock = clock
        self._directory = directory
        self._key = ensure_rsa_key(settings.state_dir / "token.key", "Remove it: a new one is created")
        self._public_key = self._key.public_key()
        self._checked: dict[str, dict[str, Any]] = {}

    def wall(self) -> float:
        """Returns the time, in seconds since 1970, that applies to tokens."""
        return time.time() + self._clock.stepped

    def issue(self, principal: Principal, audience: str) -> AccessToken:
        """Returns a new token for a principal and an audience (the address of a resource, without ``/.default``)."""
        now = int(self.wall())
        lifetime = self._settings.token_lifetime
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{principal.tenant_id}/",
            "iat": now,
            "nbf": now,
            "exp": now + lifetime,
            "appid": principal.client_id,
            "appidacr": "1",
            "idp": f"https://sts.windows.net/{principal.tenant_id}/",
            "idtyp": "app",
            "oid": principal.object_id,
            "sub": principal.object_id,
            "tid": principal.tenant_id,
            "uti": uuid.uuid4().hex[:22],
            "ver": "1.0",
        }
        value = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": "emulator"})
        return AccessToken(value, lifetime, now + lifetime)

    def authenticate(self, authorization: str | None, azure: AzureHost | None = None) -> Principal:
        """Returns the principal of the token in an ``Authorization`` header. Raises ArmError 401, with the challenge.

        ``azure`` is the Azure host in the request: its cloud determines the audience that the token must have.
        """
        if not authorization:
            raise self._refuse(
                "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.", azure
            )
        scheme, _, value = authorization.partition(" ")
        value = value.strip()
        if scheme.lower() != "bearer" or not value:
            raise self._refuse(
                "AuthenticationFailedInvalidHeader",
                "Authentication failed. The 'Authorization' header is provided in an invalid format.",
                azure,
            )
        claims = self._check(value, azure)
        now = self.wall()
        if now >= claims["exp"]:
            raise self._refuse(
                "ExpiredAuthenticationToken",
                f"The access token expiry UTC time '{_clock_text(claims['exp'])}' is earlier than current UTC time "
                f"'{_clock_text(now)}'.",
                azure,
            )
        self._directory.refresh()
        principal = self._directory.principal(str(claims.get("tid")), str(claims.get("appid")))
        if principal is None:
            raise self._refuse("InvalidAuthenticationToken", "The access token is invalid.", azure)
        return principal

    def holder(self, value: str, audience: str) -> Principal | None:
        """Returns the principal of a token for a service other than Resource Manager; None if it is not valid."""
        try:
            claims = self._decode(value)
        except jwt.PyJWTError:
            return None
        if str(claims.get("aud", "")).rstrip("/") != audience or self.wall() >= claims["exp"]:
            return None
        self._directory.refresh()
        return self._directory.principal(str(claims.get("tid")), str(claims.get("appid")))

    def jwks(self) -> dict[str, Any]:
        """Returns the public key that verifies tokens, as a JSON web key set."""
        key: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(self._public_key, as_dict=True)
        return {"keys": [{**key, "kid": "emulator", "use": "sig", "alg": "RS256"}]}

    def _check(self, value: str, azure: AzureHost | None) -> dict[str, Any]:
        claims = self._checked.get(value)
        if claims is None:
            try:
                claims = self._decode(value)
            except jwt.PyJWTError:
                raise self._refuse("InvalidAuthenticationToken", "The access token is invalid.", azure) from None
            if len(self._checked) >= _CACHE_SIZE:
                self._checked.clear()
            self._checked[value] = claims
        # What the service's own Resource Manager accepts; here its address is one more.
        audience = str(claims.get("aud", ""))
        allowed = (*(() if azure else (self._settings.base_url,)), *(azure.cloud if azure else CLOUDS[0]).audiences)
        if audience.rstrip("/").lower() not in allowed and (
            azure is not None or not same_server(audience, self._settings.base_url)
        ):
            raise self._refuse(
                "InvalidAuthenticationTokenAudience",
                f"The access token has been obtained for wrong audience or resource '{audience}'. It should exactly "
                f"match with one of the allowed audiences {_quoted(allowed)}.",
                azure,
            )
        return claims

    def _decode(self, value: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(
            value,
            self._public_key,
            algorithms=["RS256"],
            options={"verify_aud": False, "verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
        return claims

    def _refuse(self, code: str, message: str, azure: AzureHost | None) -> ArmError:
        tenant = self._directory.tenants[0].id
        challenge = (
            f'Bearer authorization_uri="{sign_in_url(azure, self._settings.base_url)}/{tenant}", '
            f'error="invalid_token", error_description="{message}"'
        )
        return ArmError(401, code, message, headers={"WWW-Authenticate": challenge}, gateway=True)


def same_server(url: str, base_url: str) -> bool:
    """Returns True if a URL points at the emulator, by any of its loopback names."""
    try:
        given, ours = urlsplit(url), urlsplit(base_url)
        port = given.port or 443
        our_port = ours.port or 443
    except ValueError:
        return False
    hosts = {"localhost", "127.0.0.1", "::1", ours.hostname}
    return given.scheme == "https" and given.hostname in hosts and port == our_port


def _quoted(audiences: tuple[str, ...]) -> str:
    return ",".join(f"'{each}','{each}/'" for each in audiences)


def _clock_text(moment: float) -> str:
    when = datetime.fromtimestamp(moment, UTC)
    return f"{when.month}/{when.day}/{when.year} {when.hour % 12 or 12}:{when:%M:%S %p}"
