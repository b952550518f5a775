# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to a resource manager, one at a time, with the answers as they are: status, headers and body."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

GROUPS_VERSION = "2023-05-01"
_TERMINAL = ("Succeeded", "Failed", "Canceled", "Stopped")
_TIMEOUT = 120.0
_AGAIN = (429, 500, 502, 503, 504)


class GaveUp(Exception):
    """Something did not come about in time; the text says what, and what was seen last."""


@dataclass(frozen=True)
class Answer:
    """What was answered. ``body`` is parsed JSON, None if there is none."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.status < 300

    @property
    def code(self) -> str:
        """The code of an error, empty where there is none."""
        error = self.body.get("error") if isinstance(self.body, dict) else None
        return str(error.get("code") or "") if isinstance(error, dict) else ""

    @property
    def message(self) -> str:
        error = self.body.get("error") if isinstance(self.body, dict) else None
        return str(error.get("message") or "") if isinstance(error, dict) else ""

    @property
    def properties(self) -> dict[str, Any]:
        found = self.body.get("properties") if isinstance(self.body, dict) else None
        return found if isinstance(found, dict) else {}

    def __str__(self) -> str:
        return f"{self.status} {self.code}".strip() + (f": {self.message}" if self.message else "")


class Arm:
    """A resource manager, asked as one principal about one subscription.

    ``token`` gives a bearer token. 429 is waited out, and so is a failure of the service where asking again is
    harmless (GET, DELETE). ``session`` is one of requests; ``sleep`` and ``now`` can be those of a test.
    """

    def __init__(
        self,
        url: str,
        subscription: str,
        token: Callable[[], str],
        session: Any,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
        patience: float = 600.0,
    ) -> None:
        self.subscription = subscription
        self._url = url.rstrip("/")
        self._token = token
        self._session = session
        self._sleep = sleep
        self._now = now
        self._patience = patience

    def ask(
        self, method: str, path: str, body: Any = None, *, version: str = GROUPS_VERSION, again: bool = True
    ) -> Answer:
        """Returns what is answered to a request for a path; without a leading slash it is below the subscription."""
        if not path.startswith("/"):
            path = f"/subscriptions/{self.subscription}/{path}" if path else f"/subscriptions/{self.subscription}"
        deadline = self._now() + self._patience
        pause = 1.0
        while True:
            response = self._session.request(
                method,
                f"{self._url}{path}",
                params={"api-version": version},
                json=body,
                headers={"Authorization": f"Bearer {self._token()}", "User-Agent": "aci-test-live"},
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
            repeat = response.status_code == 429 or (method in ("GET", "DELETE") and response.status_code in _AGAIN)
            if not again or not repeat or self._now() >= deadline:
                return _answer(response)
            self._sleep(_pause(response.headers.get("Retry-After"), pause))
            pause = min(pause * 2, 30.0)

    def listed(self, path: str, *, version: str = GROUPS_VERSION) -> list[dict[str, Any]]:
        """Returns what is on all pages of a list. Raises GaveUp if one is not answered."""
        found: list[dict[str, Any]] = []
        answer = self.ask("GET", path, version=version)
        while True:
            if not answer.ok or not isinstance(answer.body, dict):
                raise GaveUp(f"{path} could not be listed: {answer}")
            found += answer.body.get("value") or []
            following = answer.body.get("nextLink")
            if not following:
                return found
            response = self._session.get(
                self._same_server(following),
                headers={"Authorization": f"Bearer {self._token()}"},
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
            answer = _answer(response)

    def settled(self, path: str, *, version: str = GROUPS_VERSION) -> Answer:
        """Returns a resource once no operation runs on it; 404 is one way to settle. Raises GaveUp."""
        deadline = self._now() + self._patience
        while True:
            answer = self.ask("GET", path, version=version)
            state = answer.properties.get("provisioningState")
            if answer.status == 404 or (answer.ok and (state is None or state in _TERMINAL)):
                return answer
            if self._now() >= deadline:
                raise GaveUp(f"{path} did not settle within {self._patience:.0f} s: {answer}, {state}")
            self._sleep(2.0)

    def gone(self, path: str, *, version: str = GROUPS_VERSION) -> None:
        """Deletes a resource, however often that is refused for a while, and waits until it is gone. Raises GaveUp."""
        deadline = self._now() + self._patience
        answer = self.ask("DELETE", path, version=version)
        while True:
            seen = self.ask("GET", path, version=version)
            if seen.status == 404:
                return
            if answer.status in (401, 403) or self._now() >= deadline:
                raise GaveUp(f"{path} could not be removed: {answer}")
            self._sleep(2.0)
            if not answer.ok or seen.properties.get("provisioningState") != "Deleting":
                answer = self.ask("DELETE", path, version=version)

    def _same_server(self, url: str) -> str:
        if not url.startswith(f"{self._url}/"):
            raise GaveUp("the next page of a list is on another server")
        return url


def _answer(response: Any) -> Answer:
    try:
        body = response.json() if response.content else None
    except ValueError:
        body = None
    return Answer(response.status_code, body, {name.lower(): value for name, value in response.headers.items()})


def _pause(retry_after: str | None, otherwise: float) -> float:
    try:
        return min(max(float(retry_after or ""), 0.0), 120.0)
    except ValueError:
        return otherwise
