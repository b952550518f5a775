# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Why there is no token: what Microsoft Entra ID and the libraries say, in one sentence, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .._common.errors import AciError, ConnectionFailed, CredentialsError, ForeignOrigin
from .connection_errors import unreachable

ADVICE = {
    "50034": ("the user does not exist in the tenant", "Check the user name and tenant_id."),
    "53003": ("a Conditional Access policy blocks it", "Ask the administrator of the tenant."),
    "70021": (
        "no federated credential of the application matches the token",
        "Compare its issuer, subject and audience.",
    ),
    "90002": ("the tenant does not exist", "Check tenant_id and cloud_environment."),
    "500011": ("the tenant does not know the resource", "Check cloud_environment and resource_manager_endpoint."),
    "700016": ("the application is not in the tenant", "Check client_id and tenant_id."),
    "700024": ("the assertion is not valid now", "Check the clock of this machine, or get a new token."),
    "700027": ("the certificate is not registered for the application", "Upload it, or check certificate_path."),
    "700211": ("no federated credential of the application has this issuer", "Check the federated credential."),
    "700212": ("no federated credential of the application has this audience", "Check the federated credential."),
    "700213": ("no federated credential of the application has this subject", "Check the federated credential."),
    "7000112": ("the application is disabled", "Ask the administrator of the tenant."),
    "7000215": ("the client secret is wrong", "Give the secret's value, not its ID."),
    "7000222": ("the client secret has expired", "Create a new one: az ad sp credential reset --id CLIENT_ID"),
    "7000229": ("the application has no service principal in the tenant", "Create one: az ad sp create --id CLIENT_ID"),
    "50027": ("the token is not a valid JWT", "Check the federated token and where it comes from."),
    "900023": ("the tenant's name is not valid", "Check tenant_id."),
    "900382": ("an application must sign in to its own tenant", "Give its ID or domain name as tenant_id."),
}
"""Error codes of Microsoft Entra ID, with their meaning and what to do."""


def explained(who: str, error: Exception) -> AciError:
    """The error that says in one sentence why there is no token, for whatever a credential raised."""
    from azure.core.exceptions import ServiceRequestError, ServiceResponseError

    what = f"Could not sign in as {who}"
    for cause in _causes(error):
        if isinstance(cause, ConnectionFailed):
            failure = ConnectionFailed(f"{what}: {cause.msg}", code=cause.code)
            failure.transient = cause.transient
            return failure
        if isinstance(cause, ForeignOrigin):
            return CredentialsError(f"{what}: {cause.msg}", code=cause.code)
        if isinstance(cause, AciError):
            return cause
        if isinstance(cause, (ServiceRequestError, ServiceResponseError)):
            return unreachable(what, cause, sent=isinstance(cause, ServiceResponseError))
    return _refused(what, error)


def _refused(what: str, error: Exception) -> CredentialsError:
    text = str(getattr(error, "message", "") or error)
    found = re.search(r"AADSTS(\d+)", text)
    if found and found[1] in ADVICE:
        reason, advice = ADVICE[found[1]]
        return CredentialsError(f"{what}: {reason} (AADSTS{found[1]}). {advice}", code=f"AADSTS{found[1]}")
    if "Unable to get authority configuration" in text:
        return CredentialsError(f"{what}: the tenant is unknown there. Check tenant_id and cloud_environment.")
    reason = _first_sentence(text)
    return CredentialsError(f"{what}: {reason}", code=f"AADSTS{found[1]}" if found else None)


def _first_sentence(text: str) -> str:
    """A service's message on one line, without the trace IDs that follow it."""
    plain = re.split(r"\n|\s*(?:Trace ID:|Content:|To mitigate this issue)", text.strip(), maxsplit=1)[0]
    return " ".join(plain.removeprefix("Authentication failed: ").split())[:500]


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
