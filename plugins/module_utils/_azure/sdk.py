# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private: may change at any time. Not for use outside of this collection.

"""The Azure SDK for Python, called so that plain answers and the collection's own errors come out.

The SDK is imported when it is needed, not before: a task whose options are wrong does not pay for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import copy
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from .._common.errors import AciError, Ambiguous, AzureError, CredentialsError, ForeignOrigin
from .._common.retry import Retries
from .credentials import Login, log_in
from .operation import Answer, retry_after
from .origin import resolved, shown
from .sign_in import TokenStore
from .transport import REDIRECTS, foreign, importing, lowered, new_transport, quieten_loggers, unreachable

R = TypeVar("R")

USER_AGENT = "ansible-collection-azure_containers.aci"

HINTS = {
    "AuthorizationFailed": "Give the identity a role that allows it, for example Contributor on the resource group.",
    "ContainerGroupQuotaReached": "Ask for more quota, or use another region.",
    "DnsNameLabelAlreadyTaken": "Use another dns_name_label.",
    "MissingSubscriptionRegistration": "Register it: az provider register --namespace Microsoft.ContainerInstance",
    "ResourceGroupNotFound": "Create it first, for example with azure_containers.aci.resource_group.",
    "SubscriptionNotFound": "Check subscription_id, and that the identity has a role in that subscription.",
}


class Session:
    """What the requests of one set of connection options share: the login, the token and the connection pool."""

    def __init__(self, params: Mapping[str, Any], store: TokenStore | None = None) -> None:
        self._params = params
        self._store = store
        self._sdk: Sdk | None = None
        self._lock = threading.Lock()

    def for_subscription(self, subscription_id: str) -> Session:
        """A session with the same credentials for another subscription."""
        return Session({**self._params, "subscription_id": subscription_id}, self._store)

    def sdk(self, retries: Retries) -> Sdk:
        """The SDK's clients, made at the first call, for a task that repeats its reads as ``retries`` says.

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
    """The SDK's clients for one login."""

    def __init__(self, login: Login, store: TokenStore | None = None) -> None:
        quieten_loggers()
        self.subscription_id = login.subscription_id
        self.ca_bundle = login.ca_bundle
        self._transport = new_transport(login.ca_bundle)
        try:
            self._cloud = login.located(self._transport)
            self._credential = login.credential(self._transport, self._cloud, store)
        except AciError:
            self._transport.close()
            raise
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._retries: Retries | None = None

    def now(self) -> datetime:
        """What time it is in Azure, by the last answer; the time here before there was one."""
        now: datetime = self._transport.now()
        return now

    def repeating(self, retries: Retries | None) -> Sdk:
        """The same clients, whose reads and deletes are repeated as ``retries`` says; None: never."""
        other = copy(self)
        other._retries = retries
        return other

    def _repeated(self, send: Callable[[], R]) -> R:
        """Make a request that may be repeated."""
        return send() if self._retries is None else self._retries.run(send)

    def _answered(self, answer: R) -> R:
        """What a write was answered with, which also says that the service is there."""
        if self._retries is not None:
            self._retries.has_answered = True
        return answer

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        self._transport.close()

    def resources(self) -> Any:
        """The client of resource groups."""
        with importing():
            from azure.mgmt.resource.resources import ResourceManagementClient
        return self._client("resources", ResourceManagementClient)

    def container_instance(self, api_version: str) -> Any:
        """The client of container groups, for one API version."""
        with importing():
            from azure.mgmt.containerinstance import ContainerInstanceManagementClient
        return self._client(api_version, ContainerInstanceManagementClient, api_version=api_version)

    def _client(self, key: str, kind: Any, **options: Any) -> Any:
        with self._lock:
            if key not in self._clients:
                cloud = self._cloud
                self._clients[key] = kind(
                    self._credential,
                    self.subscription_id,
                    base_url=cloud.resource_manager,
                    credential_scopes=[cloud.scope],
                    # Whatever an answer names, the token goes to the resource manager only.
                    transport=self._transport.bound_to(cloud.resource_manager),
                    user_agent=USER_AGENT,
                    retry_total=0,  # its sleeps know no deadline; see _common/retry.py
                    **options,
                )
            return self._clients[key]

    def call(
        self, action_text: str, method: Callable[..., Any], *args: Any, write: bool = False, **options: Any
    ) -> Answer:
        """Call an operation of the SDK and return the answer. ``action_text`` begins an error's message.

        A ``write`` is sent once; its error is Ambiguous where nobody knows whether it was applied.
        """
        leave = not write and "polling" not in options

        def send() -> Answer:
            responses: list[Any] = []
            with _translating(action_text, write, responses), suppress(_Answered):
                method(*args, raw_response_hook=_hook(responses, leave), **options)
            return _checked(action_text, _answer(responses[-1].http_response), write, empty=not leave)

        return self._answered(send()) if write else self._repeated(send)

    def begin(
        self, action_text: str, method: Callable[..., Any], *args: Any, write: bool = True, **options: Any
    ) -> tuple[Answer, Callable[[str], Answer]]:
        """Call a long-running operation of the SDK: its first answer, and how to get the address that it names."""
        handover = _new_handover()
        answer = self.call(action_text, method, *args, write=write, polling=handover, **options)

        def get(link: str) -> Answer:
            said = "the service accepted the request, but reports on it at"
            return self._get(action_text, handover.client, self._followed(action_text, said, link))

        return answer, get

    def _followed(self, action_text: str, said: str, link: str) -> str:
        """The absolute address of a link that an answer names. Raises ForeignOrigin where it leads away."""
        url = resolved(self._cloud.resource_manager, link)
        if url is None:
            raise foreign(f"{action_text}: {said} {shown(link)}", self._cloud.resource_manager)
        return url

    def pages(self, action_text: str, method: Callable[..., Any], *args: Any, **options: Any) -> Iterator[Answer]:
        """The pages of a list, one request each, made when they are asked for."""
        responses: list[Any] = []
        with _translating(action_text, False, responses):
            paged = method(*args, raw_response_hook=_hook(responses, leave=True), **options)
        link: str | None = None
        seen: set[str] = set()

        def get() -> Answer:
            with _translating(action_text, False, responses), suppress(_Answered):
                next(paged.by_page(continuation_token=link), None)
            return _checked(action_text, _answer(responses[-1].http_response), write=False)

        while True:
            page = self._repeated(get)
            yield page
            following = page.body().get("nextLink")
            if not following:
                return
            link = self._followed(action_text, "the list goes on at", following)
            if link in seen:
                raise AzureError(
                    f"{action_text}: the list of {shown(self._cloud.resource_manager)} never ends, since a page names "
                    f"an earlier page as the next one, {_page(link)}. Report it to the operator of the endpoint.",
                    code="RepeatedLink",
                )
            seen.add(link)

    def _get(self, action_text: str, pipeline_client: Any, url: str) -> Answer:
        """GET an absolute address with an SDK's pipeline."""
        with importing():
            from azure.core.rest import HttpRequest

        def send() -> Answer:
            responses: list[Any] = []
            with _translating(action_text, False, responses):
                pipeline_client.send_request(HttpRequest("GET", url), raw_response_hook=_hook(responses, leave=False))
            return _checked(action_text, _answer(responses[-1].http_response), write=False, empty=True)

        return self._repeated(send)


def _page(link: str) -> str:
    """The address of a page for people, without its query, which may hold more than an error should show."""
    path = "".join(char for char in urlsplit(link).path if char.isprintable())
    return f"{shown(link)}{path[:200]}"


class _Answered(Exception):
    """Leaves the SDK when there is an answer."""


def _hook(responses: list[Any], leave: bool) -> Callable[[Any], None]:
    """What the SDK calls with each response: keeps it, and leaves the SDK with a good one, before it looks at it.

    Models of an answer are a third of the work, and they break on what they do not know.
    """

    def hook(response: Any) -> None:
        responses.append(response)
        if leave and response.http_response.status_code < 300:
            raise _Answered

    return hook


def _new_handover() -> Any:
    """A polling method that does not poll: it keeps the pipeline client that can ask how an operation goes."""
    with importing():
        from azure.core.polling import PollingMethod

    class Handover(PollingMethod):  # type: ignore[type-arg]
        """Takes what the SDK would poll with."""

        client: Any = None

        def initialize(self, client: Any, initial_response: Any, deserialization_callback: Any) -> None:
            self.client = client

        def run(self) -> None:
            """Leave the polling to the caller."""

        def status(self) -> str:
            return "Succeeded"

        def finished(self) -> bool:
            return True

        def resource(self) -> None:
            return None

    return Handover()


def _answer(response: Any) -> Answer:
    """The plain answer of either of the SDK's two kinds of response."""
    content = response.read() if hasattr(response, "read") else response.body()
    try:
        text, garbled = content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        text, garbled = content.decode("utf-8-sig", "replace"), True
    return Answer(response.status_code, lowered(response.headers), text, shown(response.request.url), garbled)


def _checked(action_text: str, answer: Answer, write: bool, empty: bool = False) -> Answer:
    """A good answer whose body is a JSON object, or ``empty`` where it may be. Raises AciError for any other."""
    if answer.status >= 300 or answer.fault(empty or answer.status == 204):
        raise azure_error(action_text, answer, write)
    return answer


@contextmanager
def _translating(action_text: str, write: bool, responses: list[Any]) -> Iterator[None]:
    """Turn the SDK's exceptions into the collection's.

    What the SDK makes of the last of the ``responses`` does not matter: whoever asked looks at the answer itself.
    """
    from azure.core import exceptions as sdk

    responses.clear()
    try:
        yield
    except ForeignOrigin as error:
        raise ForeignOrigin(f"{action_text}: {error.msg}") from None
    except sdk.TooManyRedirectsError:
        raise AzureError(
            f"{action_text}: the service redirects the request again and again. Check resource_manager_endpoint, and "
            "any proxy or gateway between here and there.",
            code="TooManyRedirects",
        ) from None
    except sdk.HttpResponseError as error:
        if error.response is not None:
            raise azure_error(action_text, _answer(error.response), write) from None
        if not responses:
            raise CredentialsError(f"{action_text}: {error.message}") from None
    except (sdk.DeserializationError, AttributeError, KeyError, TypeError, ValueError, RecursionError):
        if not responses:
            raise
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
    """The error of a redirect that the SDK leaves alone, since the request would change on its way. It did nothing."""
    target = answer.headers.get("location")
    where = f"to {shown(target)}" if target else "without saying where to"
    return AzureError(
        f"{action_text}: the service redirects the request {where} (status {answer.status}), which is not followed. "
        "Check resource_manager_endpoint, and any proxy or gateway between here and there.",
        code=f"HTTP{answer.status}",
        status=answer.status,
    )


def invalid_answer(action_text: str, answer: Answer, reason: str, write: bool = False) -> AzureError:
    """The error of a good status with an answer that cannot be one of Azure's; what a write did is not known."""
    kind = Ambiguous if write else AzureError
    return kind(f"{action_text}: {answer.misfit(reason)}", code="InvalidAnswer", status=answer.status)


def _text(value: Any) -> str:
    """A text of an answer; anything else is as good as none."""
    return value if isinstance(value, str) else ""


def azure_error(action_text: str, answer: Answer, write: bool = False) -> AciError:
    """The error that an answer tells: the service's code and text, and what to do where that is known."""
    if answer.status in REDIRECTS:
        return _unfollowed(action_text, answer)
    error = answer.body().get("error")
    details = error if isinstance(error, dict) else {}
    code = _text(details.get("code")) or f"HTTP{answer.status}"
    message = _text(details.get("message")).strip() or f"The service answered with status {answer.status}"
    if answer.status < 400:
        reason = answer.fault() or "an answer that this request never gets"
        return invalid_answer(action_text, answer, reason, write)
    request_id = answer.headers.get("x-ms-request-id") or answer.headers.get("x-ms-correlation-request-id")
    known: dict[str, Any] = {"code": code, "status": answer.status, "request_id": request_id, "message": message}
    text = f"{action_text}: {message.rstrip('.')} ({code})."
    if answer.status == 401:
        advice = "Check tenant_id, subscription_id, cloud_environment, and the clock of this machine."
        return CredentialsError(f"{text} {advice}", **known)
    hint = HINTS.get(code)
    if hint:
        text = f"{text} {hint}"
    failure = (Ambiguous if write and answer.status >= 500 else AzureError)(text, **known)
    failure.retry_after = retry_after(answer.headers)
    return failure
