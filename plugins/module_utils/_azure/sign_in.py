# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Gets a token, stores it where possible, and explains in one sentence why there is none."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

from .._common.errors import AciError, ConnectionFailed, CredentialsError, ForeignOrigin, is_transient
from .._common.run_cache import RunCache
from .operation import retry_after
from .transport import unreachable

OF_MACHINE = frozenset({404, 408, 410, 429, *range(500, 600)})
"""Statuses with which a machine's token endpoint answers during an update, or when it gets too many requests."""

MIN_TOKEN_LIFETIME = 300
"""Seconds for which a stored token must remain valid; the SDK renews tokens that expire sooner."""

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


class SignIn:
    """A credential for the SDK that raises the collection's errors, and looks in a store before it signs in.

    ``make`` creates the actual credential on the first sign-in, because that loads most of the SDK; ``transport`` sends
    its requests. ``who`` names the identity in messages; ``key`` distinguishes sign-ins, and includes the secret.
    A sign-in is attempted once: the task decides whether to retry.
    """

    def __init__(
        self,
        make: Callable[[], Any],
        *,
        transport: Any,
        who: str,
        key: tuple[str, ...],
        store: RunCache | None = None,
    ) -> None:
        self._make = make
        self._credential: Any = None
        self._transport = transport
        self._who = who
        self._key = key
        self._store = store
        self._lock = threading.Lock()

    def get_token(self, *scopes: str, **options: Any) -> Any:
        """A token for the scopes; the SDK's pipeline calls this. Raises CredentialsError, ConnectionFailed.

        Threads are serialised: the first one signs in, and the others reuse its token.
        """
        with self._lock:
            return self._get_token(*scopes, **options)

    def _get_token(self, *scopes: str, **options: Any) -> Any:
        key = (*self._key, *scopes)
        # A claims challenge means that the service rejected the current token.
        fresh = bool(options.get("claims"))
        found = None if fresh else self._kept(key)
        if found is None:
            with nullcontext() if self._store is None else self._store.turn(key):
                # Another task may have signed in meanwhile.
                found = (None if fresh else self._kept(key)) or self._signed_in(key, *scopes, **options)
        return found

    def _kept(self, key: tuple[str, ...]) -> Any:
        """The stored token if it remains valid for long enough, otherwise None."""
        from azure.core.credentials import AccessToken

        kept = self._store.load(key) if self._store else None
        return AccessToken(*kept) if kept and kept[1] - time.time() > MIN_TOKEN_LIFETIME else None

    def _signed_in(self, key: tuple[str, ...], *scopes: str, **options: Any) -> Any:
        self._transport.last_answer()
        try:
            if self._credential is None:
                self._credential = self._make()
            token = self._credential.get_token(*scopes, **options)
        except Exception as error:  # noqa: BLE001 - whatever a credential raises, the user gets one sentence
            failure = self._explained(error)
            status, headers = self._transport.last_answer() or (0, {})
            if status in OF_MACHINE if self._key[0] == "managed_identity" else is_transient(status):
                failure.transient, failure.status, failure.retry_after = True, status, retry_after(headers)
            if failure.transient:
                self._credential = None  # the libraries cache a failure for a while
            raise failure from None
        if self._store:
            self._store.save(key, token.token, token.expires_on)
        return token

    def close(self) -> None:
        """Does nothing: the connection pool belongs to the session."""

    def _explained(self, error: Exception) -> AciError:
        from azure.core.exceptions import ServiceRequestError, ServiceResponseError

        what = f"Could not sign in as {self._who}"
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
