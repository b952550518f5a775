# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Controls access to the paths below ``/emulator``, and checks the host of requests.

Other users of the machine can reach the port as well, but cannot read the owner's state directory. Therefore, programs
send the key in this directory, and a browser gets access through a link that requires the key.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers

from ..arm.errors import ArmError
from ..core.clouds import AzureHost
from ..core.control_key import KEY_FILE, KEY_HEADER, ensure_key
from ..core.settings import Settings, reachable

CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"
LINK_SECONDS = 60.0
SESSION_SECONDS = 12 * 3600.0
MOST_FIELDS = 40  # of a form
ROOT = "emulator"
_MOST_LINKS = _MOST_SESSIONS = 100
_OPEN = ("/emulator/health", "/emulator/enter")  # these decide themselves what to answer without a key
_HARMLESS = ("GET", "HEAD")
_LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Session:
    """A browser that got access through a link."""

    until: float
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)


class Access:
    """Keeps the key, the links that have not been followed yet, and the sessions of browsers.

    ``now`` returns monotonic seconds. Only the key outlives the process.
    """

    def __init__(self, settings: Settings, now: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self.key = ensure_key(settings.state_dir)
        self.now = now
        self._links: dict[str, float] = {}  # digest of the ticket -> when it expires
        self._sessions: dict[str, Session] = {}  # digest of the cookie -> session
        # Cookies do not depend on the port, so each emulator on a machine needs its own name for the cookie.
        self.cookie = f"__Host-aci-emulator-{_digest(self.key)[:16]}"

    def new_link(self) -> str:
        """Returns a URL that gives access to one browser, once and within 60 seconds."""
        now = self.now()
        self._links = {digest: until for digest, until in self._links.items() if until > now}
        _make_room(self._links, _MOST_LINKS)
        ticket = secrets.token_urlsafe(32)
        self._links[_digest(ticket)] = now + LINK_SECONDS
        return f"{self._settings.base_url}/emulator/enter?ticket={ticket}"

    def enter(self, ticket: str) -> str | None:
        """Redeems a ticket for the value of a ``Set-Cookie`` header; None if it is invalid or has expired."""
        now = self.now()
        until = self._links.pop(_digest(ticket), None)
        if until is None or now >= until:
            return None
        self._sessions = {digest: each for digest, each in self._sessions.items() if each.until > now}
        _make_room(self._sessions, _MOST_SESSIONS)
        value = secrets.token_urlsafe(32)
        self._sessions[_digest(value)] = Session(now + SESSION_SECONDS)
        return f"{self.cookie}={value}; Path=/; Secure; HttpOnly; SameSite=Strict"

    def leave(self, headers: Headers) -> str:
        """Ends a browser's session; returns the value of the ``Set-Cookie`` header that removes its cookie."""
        self._sessions.pop(_digest(self._cookie_of(headers)), None)
        return f"{self.cookie}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict"

    def has_key(self, headers: Headers) -> bool:
        """Whether a request has the key. Raises ArmError 401 if it has a different one."""
        given = headers.get(KEY_HEADER)
        if given is None:
            return False
        if not hmac.compare_digest(given.encode(), self.key.encode()):
            raise _locked("The key does not belong to this emulator.")
        return True

    def session(self, headers: Headers) -> Session | None:
        """Returns a browser's session, or None if it has none or the session has expired."""
        found = self._sessions.get(_digest(self._cookie_of(headers)))
        return found if found is not None and found.until > self.now() else None

    def check_address(self, headers: Headers, azure: AzureHost | None) -> None:
        """Refuses requests of other sites' pages, including those through DNS rebinding. Raises ArmError.

        ``azure`` is the Azure host of a connection that the proxy has intercepted.
        """
        host = headers.get("host", "")
        ours = self._settings.base_url if azure is None else f"https://{azure.name}"
        if not (self._is_served(host) if azure is None else host.lower() in (azure.name, f"{azure.name}:{azure.port}")):
            raise ArmError(421, "MisdirectedRequest", f"This is {ours}, not the host that the Host header names.")
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            raise ArmError(403, "Forbidden", "Pages of other sites must not send requests here.")

    def check(self, method: str, path: str, headers: Headers, client: str, body: bytes) -> None:
        """Checks a request below ``/emulator``. Raises ArmError if it is not allowed.

        ``path`` has its literals in lower case and no trailing slash. ``client`` is the address of the client, and
        ``body`` that of a form; programs send a session's CSRF token in a header.
        """
        if not is_loopback(client):
            raise ArmError(403, "Forbidden", "The control endpoints are open only to programs on the same machine.")
        origin = headers.get("origin")
        if origin is not None and origin != self._settings.base_url:
            raise ArmError(403, "Forbidden", "Pages of other sites must not send requests here.")
        if path in _OPEN or self.has_key(headers):
            return
        session = self.session(headers)
        if session is None:
            raise _locked("This requires a key.")
        if method in _HARMLESS:
            return
        given = headers.get(CSRF_HEADER) or _field(body)
        if origin is None or not hmac.compare_digest(given.encode(), session.csrf.encode()):
            raise ArmError(
                403,
                "Forbidden",
                f"From a browser, this requires the emulator's own Origin, and {CSRF_HEADER} as its pages have it.",
            )

    def _cookie_of(self, headers: Headers) -> str:
        cookies: SimpleCookie = SimpleCookie()
        try:
            cookies.load(headers.get("cookie", ""))
        except CookieError:
            return ""
        found = cookies.get(self.cookie)
        return found.value if found is not None else ""

    def _is_served(self, host: str) -> bool:
        ours = urlsplit(self._settings.base_url)
        try:
            given = urlsplit(f"//{host}")
            name, port = given.hostname or "", given.port
        except ValueError:
            return False
        if given.netloc != host or "@" in host or given.path or given.query or given.fragment:
            return False
        if (port or _port(ours.scheme)) != (ours.port or _port(ours.scheme)):
            return False
        if name in (*_LOCAL_NAMES, ours.hostname, self._settings.host.lower()):
            return True
        # A server on all addresses is reached by each of them. Unlike a name, an address cannot be rebound.
        return reachable(self._settings.host) != _bracketed(self._settings.host) and _is_address(name)


def is_loopback(host: str) -> bool:
    """Returns True for localhost and loopback addresses."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _locked(reason: str) -> ArmError:
    return ArmError(
        401,
        "ControlKeyRequired",
        f"{reason} Send the content of {KEY_FILE} in the emulator's state directory as {KEY_HEADER}. For a browser, "
        "aci-emulator open prints a link.",
    )


def _field(body: bytes) -> str:
    try:
        return parse_qs(body.decode("ascii"), max_num_fields=MOST_FIELDS).get(CSRF_FIELD, [""])[0]
    except ValueError:
        return ""


def _digest(text: str) -> str:
    # A digest is looked up instead of the secret itself, so the time of the lookup reveals nothing.
    return hashlib.sha256(text.encode()).hexdigest()


def _make_room(kept: dict[str, float] | dict[str, Session], most: int) -> None:
    """Drops the oldest entries."""
    while len(kept) >= most:
        kept.pop(next(iter(kept)))


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
