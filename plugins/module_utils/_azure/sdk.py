# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Calls the Azure SDK for Python so that it returns plain responses and raises the collection's own errors.

The collection uses the SDK's credentials, policies and transport, and ``ARMPipelineClient``, on which all its clients
for Azure Resource Manager are built. Its ``send_request`` is public in all supported versions, and returns the response
unchanged. No operation of azure-mgmt-containerinstance or azure-mgmt-resource is called: each parses the response into
models of its own API version, which drop or reject what they do not know.

The SDK is imported only when it is used: a task whose options are wrong does not pay for it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from .._common.errors import AciError, ForeignOrigin
from .._common.retry import Retries
from .._common.run_cache import MemoryCache, RunCache
from .credentials import Login, log_in
from .exchange import Answer, Request, retry_after
from .origin import resolved, shown
from .shapes import LIST, misfit
from .transport import importing, lowered, new_transport, quieten_loggers

if TYPE_CHECKING:  # a module is compiled for every task, and few tasks need this import
    from .._common.errors import AzureError
    from .pace import Pace

R = TypeVar("R")

USER_AGENT = "ansible-collection-azure_containers.aci"


class Session:
    """Shared by all requests with the same connection options: the login, the token and the connection pool."""

    def __init__(self, params: Mapping[str, Any], store: RunCache | None = None) -> None:
        self._params = params
        self._store = MemoryCache() if store is None else store
        self._sdk: Sdk | None = None
        self._lock = threading.Lock()

    def for_subscription(self, subscription_id: str) -> Session:
        """A session with the same credentials for another subscription."""
        return Session({**self._params, "subscription_id": subscription_id}, self._store)

    def sdk(self, retries: Retries) -> Sdk:
        """The SDK's client, created on the first call, for a task with these ``retries``.

        Raises CredentialsError, ConnectionFailed and MissingLibrary.
        """
        with self._lock:
            if self._sdk is None:
                login = log_in(self._params)
                self._sdk = retries.run(lambda: Sdk(login, self._store), proves=False)
            return self._sdk.repeating(retries)

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        with self._lock:
            if self._sdk is not None:
                self._sdk.close()


class Sdk:
    """The SDK's client for Azure Resource Manager, for one login."""

    def __init__(self, login: Login, store: RunCache | None = None) -> None:
        quieten_loggers()
        self.subscription_id = login.subscription_id
        self.ca_bundle = login.ca_bundle
        self._transport = new_transport(login.ca_bundle)
        try:
            self._cloud = login.located(self._transport)
            self._credential = login.credential(self._transport, self._cloud, store)
            self._client = self._new_client(self._credential)
        except AciError:
            self._transport.close()
            raise
        self._retries: Retries | None = None
        self._pace: Pace | None = None

    def _new_client(self, credential: Any) -> Any:
        """The SDK's pipeline with its policies for Azure Resource Manager, except those that log or parse."""
        with importing():
            from azure.core.pipeline import policies
            from azure.mgmt.core import ARMPipelineClient

        return ARMPipelineClient(
            self._cloud.resource_manager,
            # The token is sent to the resource manager only, whatever a response refers to.
            transport=self._transport.bound_to(self._cloud.resource_manager),
            policies=[
                policies.RequestIdPolicy(),
                policies.UserAgentPolicy(user_agent=USER_AGENT),
                policies.RedirectPolicy(),
                policies.RetryPolicy(retry_total=0),  # its sleeps ignore deadlines; see _common/retry.py
                _new_authentication(credential, self._cloud.scope),
                policies.SensitiveHeaderCleanupPolicy(),
            ],
        )

    @property
    def resource_manager(self) -> str:
        """The address of the resource manager."""
        return str(self._cloud.resource_manager)

    def token(self, scope: str) -> str:
        """A token of the task's identity for a service other than the resource manager. Raises CredentialsError."""
        return str(self._credential.get_token(scope).token)

    def now(self) -> datetime:
        """The current time in Azure, according to its last response; before the first one, the local time."""
        now: datetime = self._transport.now()
        return now

    def repeating(self, retries: Retries | None) -> Sdk:
        """The same client with these ``retries`` for reads and deletes; None to never retry."""
        other = copy(self)
        other._retries = retries
        return other

    def paced(self, pace: Pace | None) -> Sdk:
        """The same client with its requests paced; None for no pacing."""
        other = copy(self)
        other._pace = pace
        return other

    def _repeated(self, send: Callable[[], R]) -> R:
        """Send a request that may be repeated."""
        return send() if self._retries is None else self._retries.run(send)

    def _answered(self, answer: R) -> R:
        """Notes that the service can be reached, since it answered a write, and returns that answer."""
        if self._retries is not None:
            self._retries.has_answered = True
        return answer

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        self._transport.close()

    def call(self, action_text: str, request: Request, write: bool = False) -> Answer:
        """Send a request and return the answer. Error messages begin with ``action_text``.

        A ``write`` is sent once; its error is Ambiguous if it is not known whether it was applied.
        """
        return self._call(action_text, request, write, empty=write)

    def begin(self, action_text: str, request: Request, write: bool = True) -> tuple[Answer, Callable[[str], Answer]]:
        """Begin a long-running operation. Returns the first answer, and a function that reads the status address."""
        answer = self._call(action_text, request, write, empty=True)

        def get(link: str) -> Answer:
            url = self._followed(action_text, "the service accepted the request, but names a status address of", link)
            return self._get(action_text, url, empty=True)

        return answer, get

    def _call(self, action_text: str, request: Request, write: bool, empty: bool) -> Answer:
        """Send a request; with ``empty``, its answer may be empty."""
        url = request.url(self._cloud.resource_manager)

        def send() -> Answer:
            answer = self._send(action_text, request.method, url, request.body, write)
            if answer.status == 409 and self._registered(action_text, request, answer):
                answer = self._send(action_text, request.method, url, request.body, write)
            return _checked(action_text, answer, write, empty, request.expected)

        return self._answered(send()) if write else self._repeated(send)

    def _registered(self, action_text: str, request: Request, answer: Answer) -> bool:
        """Whether the request was refused because the subscription did not use its resource provider, and now does."""
        # A module is compiled for every task, and few tasks need this import.
        from .registration import registered

        home = self._cloud.resource_manager
        return registered(
            action_text,
            request,
            answer,
            self.subscription_id,
            send=lambda asked: self._send(action_text, asked.method, asked.url(home)),
            get=lambda asked: self._get(action_text, asked.url(home)),
            retries=self._retries or Retries(),
        )

    def _get(self, action_text: str, url: str, empty: bool = False) -> Answer:
        """GET an absolute URL."""
        return self._repeated(lambda: _checked(action_text, self._send(action_text, "GET", url), False, empty))

    def _send(
        self, action_text: str, method: str, url: str, body: dict[str, Any] | None = None, write: bool = False
    ) -> Answer:
        """Send one request. Raises AciError if there is no answer."""
        from azure.core.rest import HttpRequest

        headers = {"Accept": "application/json"}
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body).encode()
        request = HttpRequest(method, url, headers=headers, content=content)
        if self._pace is None:
            with _translating(action_text, write):
                return _answer(self._client.send_request(request))
        self._pace.enter(method, url)
        answer = None
        try:
            with _translating(action_text, write):
                answer = _answer(self._client.send_request(request))
            return answer
        finally:
            if answer is None:
                self._pace.leave(method, url, None, {}, None)
            else:
                self._pace.leave(method, url, answer.status, answer.headers, retry_after(answer.headers))

    def _followed(self, action_text: str, said: str, link: str) -> str:
        """The absolute URL of a link in a response. Raises ForeignOrigin if it leaves the resource manager."""
        url = resolved(self._cloud.resource_manager, link)
        if url is None:
            from .connection_errors import foreign

            raise foreign(f"{action_text}: {said} {shown(link)}", self._cloud.resource_manager)
        return url

    def pages(self, action_text: str, request: Request) -> Iterator[Answer]:
        """The pages of a list, each requested when the iterator reaches it."""
        # A module is compiled for every task, and few tasks need this import.
        from .paging import pages

        home = self._cloud.resource_manager

        def get(link: str) -> Answer:
            return self._get(action_text, _with_api_version(link, request.api_version))

        return pages(action_text, home, request.url(home), get, lambda page: page.body().get("nextLink"))


def _with_api_version(link: str, api_version: str) -> str:
    """The URL of a further page with an API version, without which Azure Resource Manager refuses it."""
    query = urlsplit(link).query
    if "api-version" in parse_qs(query):
        return link
    return f"{link}{'&' if query else '?'}api-version={api_version}"


def _new_authentication(credential: Any, scope: str) -> Any:
    """The policy that adds the token, and gets another one when the service asks for it.

    The SDK's own fails on a malformed challenge; here, a response with one is an error like any other.
    """
    with importing():
        from azure.mgmt.core.policies import ARMChallengeAuthenticationPolicy

    class Authentication(ARMChallengeAuthenticationPolicy):
        """Ignores a malformed challenge."""

        def on_challenge(self, request: Any, response: Any) -> bool:
            try:
                return bool(super().on_challenge(request, response))
            except ValueError:
                return False

    return Authentication(credential, scope)


def _answer(response: Any) -> Answer:
    """A response of the SDK as a plain Answer."""
    content = response.read()
    try:
        text, garbled = content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        text, garbled = content.decode("utf-8-sig", "replace"), True
    return Answer(response.status_code, lowered(response.headers), text, shown(response.request.url), garbled)


def _checked(
    action_text: str, answer: Answer, write: bool, empty: bool, expected: Container[int] = range(200, 300)
) -> Answer:
    """Returns a successful answer whose body is a JSON object, or ``empty`` if allowed. Raises AciError for others."""
    if answer.status not in expected or answer.fault(empty or answer.status == 204):
        from .answer_errors import azure_error

        raise azure_error(action_text, answer, write)
    return answer


@contextmanager
def _translating(action_text: str, write: bool) -> Iterator[None]:
    """Turn the SDK's exceptions into the collection's."""
    from azure.core.exceptions import AzureError as SdkError

    try:
        yield
    except (ForeignOrigin, SdkError) as error:
        from .connection_errors import translated

        raise translated(action_text, error, write) from None


def body_of(action_text: str, answer: Answer, shape: Any, write: bool = False) -> dict[str, Any]:
    """The object in an answer. Raises AzureError if it does not have the shape that users of the client rely on."""
    body = answer.body()
    wrong = misfit(body, shape)
    if wrong:
        raise _invalid(action_text, answer, f"JSON in which {wrong}", write)
    return body


def items_of(action_text: str, page: Answer, shape: Any) -> list[dict[str, Any]]:
    """The items on a page of a list. Raises AzureError if it has no list at all, as opposed to an empty one."""
    body = page.body()
    if body.get("value") is None:
        raise _invalid(action_text, page, "JSON without value, which every list has")
    return list(body_of(action_text, page, {**LIST, "value": [shape]})["value"])


def _invalid(action_text: str, answer: Answer, reason: str, write: bool = False) -> AzureError:
    from .answer_errors import invalid_answer

    return invalid_answer(action_text, answer, reason, write)
