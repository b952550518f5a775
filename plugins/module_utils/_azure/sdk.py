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
import re
import threading
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from .._common.errors import AciError, Ambiguous, AzureError, CredentialsError, ForeignOrigin, TimedOut
from .._common.retry import OUTAGE_SECONDS, Retries, advice
from .._common.run_cache import MemoryCache, RunCache
from .._common.similar import most_similar
from .._common.wait import Deadline, Poll, wait_until
from .credentials import Login, log_in
from .operation import Answer, retry_after
from .origin import resolved, shown
from .paging import pages
from .transport import REDIRECTS, foreign, importing, lowered, new_transport, quieten_loggers, unreachable

if TYPE_CHECKING:  # a module is compiled for each task, and few tasks need this import
    from .pace import Pace

R = TypeVar("R")

USER_AGENT = "ansible-collection-azure_containers.aci"

UNREGISTERED = "MissingSubscriptionRegistration"
REGISTER_IT = "Register it: az provider register --namespace Microsoft.ContainerInstance"

RESOURCES_API_VERSION = "2022-09-01"
"""The API version for Azure Resource Manager's own resources: resource groups, lists of resources, providers."""
POLICY_NAMESPACE = "Microsoft.PolicyInsights"

HINTS = {
    "AuthorizationFailed": "Give the identity a role that allows it, for example Contributor on the resource group.",
    "ContainerGroupQuotaReached": "Request more quota, or use another region.",
    "DnsNameLabelAlreadyTaken": "Use another dns_name_label.",
    "InvalidSubscriptionId": "subscription_id takes the ID, not the name; az account list --output table shows both.",
    UNREGISTERED: REGISTER_IT,
    "ResourceGroupNotFound": "Create it first, for example with azure_containers.aci.resource_group.",
    "SubscriptionNotFound": "Check subscription_id, which takes the ID and not the name, and that the identity has a "
    "role in that subscription.",
}


# How Resource Manager words missing permissions: for one action on one scope, and for actions on linked resources.
_MISSING = {
    "AuthorizationFailed": re.compile(r"to perform action ('[^']+') over scope ('[^']+')"),
    "LinkedAuthorizationFailed": re.compile(
        r"not have permission to perform action(?:\(s\))? ('[^']+') on the (?:'\d+' )?linked scope\(s\) ('[^']+')"
    ),
}
_QUOTED_PART = re.compile(r"[^',]+")


@dataclass(frozen=True)
class Request:
    """A request to Azure Resource Manager.

    ``path`` begins with a slash and is URL-quoted, ``query`` is not. ``expected`` contains the statuses that mean
    success: something that answers in Azure's place, such as a proxy, must not be mistaken for Azure.
    """

    method: str
    path: str
    api_version: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    expected: Container[int] = range(200, 300)

    def url(self, endpoint: str) -> str:
        """The absolute URL, below that of the resource manager."""
        query = urlencode({"api-version": self.api_version, **self.query}, quote_via=quote, safe="$")
        return f"{endpoint}{self.path}?{query}"


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
            if (
                answer.status == 409
                and _code(answer) == UNREGISTERED
                and _namespace(request.path) != POLICY_NAMESPACE  # a mere check must not register anything
                and self._registered(action_text, _namespace(request.path))
            ):
                answer = self._send(action_text, request.method, url, request.body, write)
            return _checked(action_text, answer, write, empty, request.expected)

        return self._answered(send()) if write else self._repeated(send)

    def _registered(self, action_text: str, namespace: str) -> bool:
        """Registers a resource provider that the subscription does not use yet, and waits for it until the deadline.

        Returns whether the service accepted the registration. The SDK's own policy would wait forever. Raises TimedOut,
        and AzureError if the service does not report the state of the registration.
        """
        provider = f"/subscriptions/{quote(self.subscription_id, safe='')}/providers/{namespace}"
        request = Request("POST", f"{provider}/register", RESOURCES_API_VERSION)
        if self._send(action_text, "POST", request.url(self._cloud.resource_manager)).status != 200:
            return False
        url = Request("GET", provider, RESOURCES_API_VERSION).url(self._cloud.resource_manager)
        retries = self._retries or Retries()
        retries.tell(f"{action_text}: registering resource provider {namespace} in the subscription")

        def probe() -> Poll[str]:
            try:
                answer = self._get(action_text, url)
                state = _text(answer.body().get("registrationState"))
                if not state:
                    raise invalid_answer(action_text, answer, f"no registrationState of {namespace}")
            except AzureError as error:
                error.msg = f"{error.msg} {REGISTER_IT}"
                raise
            return Poll(state, state == "Registered", retry_after(answer.headers))

        def timed_out(state: str) -> TimedOut:
            return TimedOut(
                f"{action_text}: the registration of resource provider {namespace} did not finish within "
                f"{deadline.seconds:g} s; its state is {state}. Run the task again later, and check it with: "
                f"az provider show --namespace {namespace}"
            )

        deadline = retries.deadline or Deadline(retries, OUTAGE_SECONDS)
        wait_until(deadline, probe, timed_out)
        return True

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
            raise foreign(f"{action_text}: {said} {shown(link)}", self._cloud.resource_manager)
        return url

    def pages(self, action_text: str, request: Request) -> Iterator[Answer]:
        """The pages of a list, each requested when the iterator reaches it."""
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


def _namespace(path: str) -> str:
    """The resource provider that a request goes to."""
    _before, separator, rest = path.rpartition("/providers/")
    return rest.partition("/")[0] if separator else "Microsoft.Resources"


def _code(answer: Answer) -> str:
    """The error code in a response; empty if it has none."""
    error = answer.body().get("error")
    return _text(error.get("code")) if isinstance(error, dict) else ""


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
        raise azure_error(action_text, answer, write)
    return answer


@contextmanager
def _translating(action_text: str, write: bool) -> Iterator[None]:
    """Turn the SDK's exceptions into the collection's."""
    from azure.core import exceptions as sdk

    try:
        yield
    except ForeignOrigin as error:
        raise ForeignOrigin(f"{action_text}: {error.msg}") from None
    except sdk.TooManyRedirectsError:
        raise AzureError(
            f"{action_text}: the service redirects the request again and again. Check resource_manager_endpoint, and "
            "any proxy or gateway in between.",
            code="TooManyRedirects",
        ) from None
    except sdk.DecodeError as error:
        raise AzureError(f"{action_text}: {error.message}", code="InvalidAnswer") from None
    except sdk.HttpResponseError as error:
        # send_request returns bad statuses as responses, so this error can only come from signing in.
        raise CredentialsError(f"{action_text}: {error.message}") from None
    except sdk.ServiceResponseError as error:
        failure: AciError = unreachable(action_text, error, sent=True)
        if write:
            failure = Ambiguous(f"{failure.msg} It is not known whether the request was applied.")
        raise failure from None
    except sdk.ServiceRequestError as error:
        raise unreachable(action_text, error, sent=False) from None
    except sdk.AzureError as error:
        raise AzureError(f"{action_text}: {error.message}") from None


def _unfollowed(action_text: str, answer: Answer) -> AzureError:
    """The error for a redirect that the SDK does not follow, because the request would change. It had no effect."""
    target = answer.headers.get("location")
    where = f"to {shown(target)}" if target else "without saying where to"
    return AzureError(
        f"{action_text}: the service redirects the request {where} (status {answer.status}), which is not followed. "
        "Check resource_manager_endpoint, and any proxy or gateway in between.",
        code=f"HTTP{answer.status}",
        status=answer.status,
    )


def invalid_answer(action_text: str, answer: Answer, reason: str, write: bool = False) -> AzureError:
    """The error for a successful status with a body that cannot be Azure's. Ambiguous for a ``write``."""
    kind = Ambiguous if write else AzureError
    return kind(f"{action_text}: {answer.misfit(reason)}", code="InvalidAnswer", status=answer.status)


def _text(value: Any) -> str:
    """A string from a response; anything else becomes an empty one."""
    return value if isinstance(value, str) else ""


def missing_actions(code: str, message: str) -> list[dict[str, str]]:
    """The permissions that an error says the identity lacks: each ``action`` with its ``scope``."""
    pattern = _MISSING.get(code)
    found = pattern.search(message) if pattern else None
    if found is None:
        return []
    actions, scopes = (_QUOTED_PART.findall(part) for part in found.groups())
    if len(scopes) != len(actions):
        scopes = scopes[:1] * len(actions)
    return [{"action": action, "scope": scope} for action, scope in zip(actions, scopes)]


def _role_hint(missing: list[dict[str, str]]) -> str:
    wanted = " and ".join(f"{each['action']} on {each['scope']}" for each in missing)
    return (
        f"Give the identity a role that allows {wanted}, and sign in again: a role can take minutes to apply. "
        "The guide on permissions lists a minimal role for each module."
    )


_REFUSED_LOCATION = re.compile(r"location '([^']{1,60})'.*(?:regions[^']* is|locations are) '([^']+)'", re.DOTALL)


def _meant_location(message: str) -> str:
    """A suggestion for a misspelt location, from those listed in the error; empty if none is similar."""
    found = _REFUSED_LOCATION.search(message)
    if found is None:
        return ""
    known = {name.strip().replace(" ", "").lower() for name in found[2].split(",")}
    near = most_similar(found[1].replace(" ", "").lower(), sorted(known))
    return "" if near is None else f"Did you mean {near}?"


def azure_error(action_text: str, answer: Answer, write: bool = False) -> AciError:
    """The error that a response reports: the service's code and message, and what to do if that is known."""
    if answer.status in REDIRECTS:
        return _unfollowed(action_text, answer)
    body = answer.body()
    error = body.get("error")
    # Microsoft.Insights has code and message at the top.
    details = error if isinstance(error, dict) else body if isinstance(body.get("code"), str) else {}
    code = _text(details.get("code")) or f"HTTP{answer.status}"
    message = _text(details.get("message")).strip() or f"The service answered with status {answer.status}"
    if answer.status < 400:
        reason = answer.fault() or "an answer that is not valid for this request"
        return invalid_answer(action_text, answer, reason, write)
    request_id = answer.headers.get("x-ms-request-id") or answer.headers.get("x-ms-correlation-request-id")
    known: dict[str, Any] = {"code": code, "status": answer.status, "request_id": request_id, "message": message}
    text = f"{action_text}: {message.rstrip('.')} ({code})."
    if answer.status == 401:
        remedy = "Check tenant_id, subscription_id, cloud_environment, and the clock of this machine."
        return CredentialsError(f"{text} {remedy}", **known)
    missing = missing_actions(code, message)
    hint = _role_hint(missing) if missing else HINTS.get(code) or _meant_location(message)
    if write and not hint:
        hint = advice(answer.status)  # writes are not retried like reads, whose errors get this advice
    if hint:
        text = f"{text} {hint}"
    failure = (Ambiguous if write and answer.status >= 500 else AzureError)(text, **known)
    if missing:
        failure.result["missing_actions"] = missing
    failure.retry_after = retry_after(answer.headers)
    return failure
