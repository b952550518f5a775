# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Gets a token, and stores it where possible."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from .._common.errors import is_transient
from .._common.run_cache import RunCache
from .exchange import retry_after

OF_MACHINE = frozenset({404, 408, 410, 429, *range(500, 600)})
"""Statuses with which a machine's token endpoint answers during an update, or when it gets too many requests."""

MIN_TOKEN_LIFETIME = 300
"""Seconds for which a stored token must remain valid; the SDK renews tokens that expire sooner."""


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
            from .sign_in_errors import explained

            failure = explained(self._who, error)
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
