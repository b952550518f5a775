# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Endpoints against which recordings are played over HTTP: the running emulator, or another endpoint."""

from __future__ import annotations

import contextlib
import json
import os
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from ..core.clouds import is_management
from ..identity.directory import Directory
from ..recording.comparison import Answer
from .control_client import CommandError, call, require_served

_TIMEOUT = 120.0
_LIFE = 1800.0  # seconds after which a new token is requested


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Does not follow redirects: they are responses to be compared."""
        return


class HttpEndpoint:
    """Resource Manager at some address, with an application's credentials. See `replay.Endpoint`."""

    def __init__(
        self,
        url: str,
        subscriptions: tuple[str, ...],
        *,
        token_url: str,
        client: tuple[str, str],
        scope: str,
        ca: str | None = None,
        state_dir: Path | None = None,
    ) -> None:
        self.subscriptions = subscriptions
        self._url = url.rstrip("/")
        self._token_url = token_url
        self._form = {
            "grant_type": "client_credentials",
            "client_id": client[0],
            "client_secret": client[1],
            "scope": scope,
        }
        self._state_dir = state_dir
        proxies: dict[str, str] | None = {} if state_dir is not None else None  # connect to our own emulator directly
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler(proxies),
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=ca)),
            _NoRedirects(),
        )
        self._token = ""
        self._until = 0.0
        self.is_emulator = state_dir is not None or self._looks_like_an_emulator()

    def send(self, method: str, path: str, body: Any) -> Answer:
        """Sends a request. Raises CommandError if there is no response."""
        parts = urlsplit(path)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        headers = {"Authorization": f"Bearer {self._bearer()}", "Content-Type": "application/json"}
        return self._ask(method, self._url + target, None if body is None else json.dumps(body).encode(), headers)

    def wait(self, seconds: float) -> None:
        """Advances the clock of our own emulator; for any other endpoint, waits."""
        if self._state_dir is not None:
            call(self._state_dir, "POST", "/emulator/clock", {"action": "advance", "seconds": seconds})
        else:
            time.sleep(seconds)

    def rest(self, seconds: float) -> bool:
        """Waits. Its containers may be real programs: an emulator's clock does not make them faster."""
        time.sleep(seconds)
        return True

    def _bearer(self) -> str:
        if time.monotonic() >= self._until:
            form = urlencode(self._form).encode()
            answer = self._ask("POST", self._token_url, form, {"Content-Type": "application/x-www-form-urlencoded"})
            if answer.status != 200 or not isinstance(answer.body, Mapping) or "access_token" not in answer.body:
                raise CommandError(f"signing in at {urlsplit(self._token_url).netloc} failed with {answer.status}")
            self._token, self._until = str(answer.body["access_token"]), time.monotonic() + _LIFE
        return self._token

    def _ask(self, method: str, url: str, content: bytes | None, headers: dict[str, str]) -> Answer:
        request = urllib.request.Request(url, content, headers, method=method)  # noqa: S310 - http(s), checked by _address
        try:
            with self._opener.open(request, timeout=_TIMEOUT) as response:
                return _answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return _answer(error.code, error.headers, error.read())
        except OSError as error:
            reason = getattr(error, "reason", error)
            raise CommandError(f"{urlsplit(url).netloc} does not answer: {reason}") from None

    def _looks_like_an_emulator(self) -> bool:
        answer = self._ask("GET", f"{self._url}/emulator/clock", None, {})
        error = answer.body.get("error") if isinstance(answer.body, Mapping) else None
        return isinstance(error, Mapping) and error.get("code") == "ControlKeyRequired"


def _answer(status: int, headers: Any, content: bytes) -> Answer:
    try:
        body = json.loads(content) if content else None
    except ValueError:
        body = content.decode("utf-8", "replace")
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body)


@contextlib.contextmanager
def own_endpoint(state_dir: Path) -> Iterator[HttpEndpoint]:
    """The endpoint of the emulator that serves a state directory. Its clock is frozen, and moves only as required.

    Raises CommandError if no emulator does.
    """
    facts = require_served(state_dir)
    main = Directory.load(state_dir).main
    endpoint = HttpEndpoint(
        facts["url"],
        (facts["subscription_id"], facts["second_subscription_id"]),
        token_url=f"{facts['url']}/{main.tenant_id}/oauth2/v2.0/token",
        client=(main.client_id, main.secrets[0]),
        scope=f"{facts['url']}/.default",
        ca=facts["ca"],
        state_dir=state_dir,
    )
    frozen = call(state_dir, "GET", "/emulator/clock")["frozen"]
    call(state_dir, "POST", "/emulator/clock", {"action": "freeze"})
    try:
        yield endpoint
    finally:
        if not frozen:
            call(state_dir, "POST", "/emulator/clock", {"action": "resume"})


def other_endpoint(url: str, *, agreed: bool) -> HttpEndpoint:
    """Returns the endpoint at an address, with the credentials in the environment.

    ``agreed``: whether the user agrees to groups being created in Azure. Raises CommandError.
    """
    address = urlsplit(url)
    if address.scheme not in ("https", "http") or not address.hostname or address.username:
        raise CommandError(f"--against must be an address such as https://management.azure.com, not {url}")
    local = address.hostname in ("localhost", "127.0.0.1", "::1")
    if address.scheme == "http" and not local:
        raise CommandError("--against must be an https address: a token is sent there")
    if is_management(address.hostname) and not agreed:
        raise CommandError(
            f"{address.hostname} is Azure: playing creates container groups there, which cost money until they "
            "are removed at the end. Add --yes to do that"
        )
    names = ("AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_SUBSCRIPTION_ID")
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        raise CommandError(f"--against signs in with the environment's credentials: set {', '.join(missing)}")
    tenant, client, secret, subscription = (os.environ[name] for name in names)
    authority = os.environ.get("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com").rstrip("/")
    authority = authority if "://" in authority else f"https://{authority}"
    second = os.environ.get("ACI_EMULATOR_SECOND_SUBSCRIPTION_ID")
    return HttpEndpoint(
        url,
        (subscription, *([second] if second else [])),
        token_url=f"{authority}/{tenant}/oauth2/v2.0/token",
        client=(client, secret),
        scope=f"{url.rstrip('/')}/.default",
    )
