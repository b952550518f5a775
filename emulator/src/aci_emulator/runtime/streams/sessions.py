# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions of streams: created by an HTTP request, and opened once by a WebSocket."""

from __future__ import annotations

import hmac
import secrets
import time
import uuid
from dataclasses import dataclass, field

LIFETIME = 300.0  # real seconds; the service's limit is unknown
# The service's passwords (recorded in 2021) have 22 characters and this suffix, which is part of the password.
MARK = "[[EOM]]"


@dataclass(frozen=True)
class Session:
    """A stream that can be opened. ``command`` is empty if it only follows the log."""

    group_id: str
    container: str
    command: str = ""
    rows: int = 24
    cols: int = 80
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    password: str = field(default_factory=lambda: secrets.token_urlsafe(16) + MARK, repr=False)
    expires: float = field(default_factory=lambda: time.monotonic() + LIFETIME)

    def accepts(self, password: str) -> bool:
        """True if the password is correct."""
        return hmac.compare_digest(password.encode(), self.password.encode())


class Sessions:
    """The sessions that have not been opened yet. A restart of the emulator drops them."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def add(self, session: Session) -> Session:
        """Keeps a session until it is opened or expires."""
        now = time.monotonic()
        self._sessions = {key: one for key, one in self._sessions.items() if one.expires > now}
        self._sessions[session.id] = session
        return session

    def take(self, session_id: str) -> Session | None:
        """Returns a session, only the first time."""
        session = self._sessions.pop(session_id, None)
        return session if session is not None and session.expires > time.monotonic() else None
