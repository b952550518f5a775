# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Client assertions: proof of identity, signed with the application's certificate or by an issuer that it trusts."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from .directory import Principal
from .tokens import same_server

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ALGORITHMS = ["RS256", "PS256", "RS384", "PS384", "RS512", "PS512", "ES256", "ES384"]


class AssertionRefused(Exception):
    """The assertion is not valid. ``code`` is the number after AADSTS."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def issuer_of(assertion: str) -> str:
    """Returns the client ID in an assertion, or "". Nothing is verified."""
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False, "verify_exp": False, "verify_aud": False})
    except jwt.PyJWTError:
        return ""
    return str(claims.get("sub", ""))


def verify(assertion: str, principal: Principal, *, base_url: str, now: float) -> None:
    """Checks the assertion of a principal against its certificates and the issuers it trusts.

    ``now`` is in seconds since 1970. Raises AssertionRefused.
    """
    try:
        header = jwt.get_unverified_header(assertion)
        claims = jwt.decode(assertion, options={"verify_signature": False, "verify_exp": False, "verify_aud": False})
    except jwt.PyJWTError:
        raise AssertionRefused(50027, "JWT token is invalid or malformed.") from None
    if str(claims.get("iss", "")).lower() == principal.client_id:
        _verify_certificate(assertion, header, claims, principal, base_url)
    else:
        _verify_federated(assertion, claims, principal)
    try:
        starts, ends = float(claims.get("nbf", 0)), float(claims["exp"])
    except (KeyError, TypeError, ValueError):
        raise AssertionRefused(700024, "Client assertion is not within its valid time range.") from None
    if not starts - 300 <= now < ends + 300:  # the service tolerates a clock skew of five minutes
        raise AssertionRefused(
            700024,
            "Client assertion is not within its valid time range. Please check the documentation for the correct "
            "usage of client assertions.",
        )


def thumbprints(pem: str) -> tuple[str, str]:
    """Returns the base64url SHA-1 and SHA-256 digests of a certificate, in the form of ``x5t`` and ``x5t#S256``."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    der = certificate.public_bytes(serialization.Encoding.DER)
    # SHA-1 only identifies a certificate in x5t; security does not depend on it here.
    sha1 = hashlib.sha1(der, usedforsecurity=False).digest()
    return _base64url(sha1), _base64url(certificate.fingerprint(hashes.SHA256()))


def _verify_certificate(
    assertion: str, header: dict[str, Any], claims: dict[str, Any], principal: Principal, base_url: str
) -> None:
    wanted = {str(header.get("x5t", "")).rstrip("="), str(header.get("x5t#S256", "")).rstrip("=")} - {""}
    certificate = next((pem for pem in principal.certificates if wanted & set(thumbprints(pem))), None)
    if certificate is None:
        raise AssertionRefused(
            700027,
            "The certificate with identifier used to sign the client assertion is not registered on application. "
            "[Reason - The key was not found.]",
        )
    key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    if not _signed_by(assertion, pem.decode()):
        raise AssertionRefused(700027, "Client assertion failed signature validation.")
    if str(claims.get("sub", "")).lower() != principal.client_id:
        raise AssertionRefused(700021, "Client assertion application identifier doesn't match 'client_id' parameter.")
    audiences = claims.get("aud")
    audiences = audiences if isinstance(audiences, list) else [audiences]
    if not any(same_server(str(each), base_url) for each in audiences):
        raise AssertionRefused(700023, "Client assertion audience claim does not match Realm issuer.")


def _verify_federated(assertion: str, claims: dict[str, Any], principal: Principal) -> None:
    issuer, subject = str(claims.get("iss", "")), str(claims.get("sub", ""))
    trusted = [each for each in principal.federated if each.issuer.rstrip("/") == issuer.rstrip("/")]
    if not trusted:
        raise AssertionRefused(
            700211, f"No matching federated identity record found for presented assertion issuer '{issuer}'."
        )
    trusted = [each for each in trusted if each.subject == subject]
    if not trusted:
        raise AssertionRefused(
            700213,
            f"No matching federated identity record found for presented assertion subject '{subject}'. Check your "
            "federated identity credential Subject, Audience and Issuer against the presented assertion.",
        )
    audiences = claims.get("aud")
    audiences = audiences if isinstance(audiences, list) else [audiences]
    trusted = [each for each in trusted if each.audience in audiences]
    if not trusted:
        raise AssertionRefused(
            700212, f"No matching federated identity record found for presented assertion audience '{audiences[0]}'."
        )
    if not any(_signed_by(assertion, key) for each in trusted for key in each.keys):
        raise AssertionRefused(50013, "Assertion failed signature validation. [Reason - The key was not found.]")


def _signed_by(assertion: str, public_key: str) -> bool:
    try:
        jwt.decode(
            assertion,
            public_key,
            algorithms=_ALGORITHMS,
            options={"verify_exp": False, "verify_aud": False, "verify_nbf": False, "verify_iat": False},
        )
    except (jwt.PyJWTError, ValueError, TypeError):
        return False
    return True


def _base64url(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
