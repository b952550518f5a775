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
from contextlib import contextmanager
from copy import copy
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from ._credentials import Login, log_in
from ._errors import AciError, Ambiguous, AzureError, CredentialsError, ForeignOrigin
from ._operation import Answer, retry_after
from ._origin import resolved, shown
from ._sign_in import TokenStore
from ._transport import REDIRECTS, foreign, importing, new_transport, quieten_loggers, unreachable

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

    def of_subscription(self, subscription_id: str) -> Session:
        """A session with the same credentials for another subscription."""
        return Session({**self._params, "subscription_id": subscription_id}, self._store)

    def sdk(self) -> Sdk:
        """The SDK's clients, made at the first call. Raises CredentialsError and MissingLibrary."""
        with self._lock:
            if self._sdk is None:
                self._sdk = Sdk(log_in(self._params), self._store)
            return self._sdk

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
        self._options: dict[str, Any] = {}

    def now(self) -> datetime:
        """What time it is in Azure, by the last answer; the time here before there was one."""
        now: datetime = self._transport.now()
        return now

    def impatient(self) -> Sdk:
        """The same clients, but an answer that asks to come again later is an error at once."""
        other = copy(self)
        other._options = {"retry_status": 0}
        return other

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
                    **options,
                )
            return self._clients[key]

    def call(self, what: str, method: Callable[..., Any], *args: Any, write: bool = False, **options: Any) -> Answer:
        """Call an operation of the SDK and return the answer. ``what`` begins an error's message.

        A ``write`` is sent once; its error is Ambiguous where nobody knows whether it was applied.
        """
        options = {**self._options, **options}
        if not write and "polling" not in options:
            return self._read(what, method, *args, **options)
        if write:
            options["retry_total"] = 0
        responses: list[Any] = []
        with _translating(what, write):
            with _unfit_for_models(responses):
                method(*args, raw_response_hook=responses.append, **options)
            return _answer(responses[-1].http_response)

    def _read(self, what: str, method: Callable[..., Any], *args: Any, **options: Any) -> Answer:
        """Call an operation that reads, and leave the SDK with its answer: models of it are a third of the work."""
        with _translating(what, write=False):
            try:
                method(*args, raw_response_hook=_leave, **options)
            except _Answered as answered:
                return answered.answer
        raise AzureError(f"{what}: the answer is not the JSON that it claims to be.", code="InvalidAnswer")

    def begin(
        self, what: str, method: Callable[..., Any], *args: Any, write: bool = True, **options: Any
    ) -> tuple[Answer, Callable[[str], Answer]]:
        """Call a long-running operation of the SDK: its first answer, and how to get the address that it names."""
        handover = _new_handover()
        answer = self.call(what, method, *args, write=write, polling=handover, **options)

        def get(link: str) -> Answer:
            said = "the service accepted the request, but reports on it at"
            return self._get(what, handover.client, self._followed(what, said, link))

        return answer, get

    def _followed(self, what: str, said: str, link: str) -> str:
        """The absolute address of a link that an answer names. Raises ForeignOrigin where it leads away."""
        url = resolved(self._cloud.resource_manager, link)
        if url is None:
            raise foreign(f"{what}: {said} {shown(link)}", self._cloud.resource_manager)
        return url

    def pages(self, what: str, method: Callable[..., Any], *args: Any, **options: Any) -> Iterator[Answer]:
        """The pages of a list, one request each, made when they are asked for."""
        responses: list[Any] = []
        options = {**self._options, **options}

        def hook(response: Any) -> None:
            _leave(response)
            responses.append(response)

        with _translating(what, write=False):
            paged = method(*args, raw_response_hook=hook, **options)
        link: str | None = None
        seen: set[str] = set()
        while True:
            with _translating(what, write=False):
                try:
                    with _unfit_for_models(responses):
                        next(paged.by_page(continuation_token=link), None)
                    page = _answer(responses[-1].http_response)
                except _Answered as answered:
                    page = answered.answer
            yield page
            following = page.body().get("nextLink")
            if not isinstance(following, str) or not following:
                return
            link = self._followed(what, "the list goes on at", following)
            if link in seen:
                raise AzureError(
                    f"{what}: the list of {shown(self._cloud.resource_manager)} never ends, since a page names an "
                    f"earlier page as the next one, {_page(link)}. Report it to the operator of the endpoint.",
                    code="RepeatedLink",
                )
            seen.add(link)

    def _get(self, what: str, pipeline_client: Any, url: str) -> Answer:
        """GET an absolute address with an SDK's pipeline."""
        with importing():
            from azure.core.rest import HttpRequest

        with _translating(what, write=False):
            answer = _answer(pipeline_client.send_request(HttpRequest("GET", url), **self._options))
        if answer.status >= 400:
            raise azure_error(what, answer)
        return answer


def _page(link: str) -> str:
    """The address of a page for people, without its query, which may hold more than an error should show."""
    path = "".join(char for char in urlsplit(link).path if char.isprintable())
    return f"{shown(link)}{path[:200]}"


class _Answered(Exception):
    """Carries an answer out of the SDK."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def _leave(response: Any) -> None:
    """Leave the SDK with a good answer. It goes on with one that it has to look at itself."""
    if response.http_response.status_code < 300:
        answer = _answer(response.http_response)
        if answer.json() is not None:
            raise _Answered(answer)


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
    headers = {str(name).lower(): str(value) for name, value in response.headers.items()}
    return Answer(response.status_code, headers, content.decode("utf-8-sig", "replace"))


@contextmanager
def _unfit_for_models(responses: list[Any]) -> Iterator[None]:
    """Let answers pass that the SDK's models do not fit. Nobody needs the models: the answer itself is what counts."""
    from azure.core.exceptions import DeserializationError

    responses.clear()
    try:
        yield
    except (DeserializationError, AttributeError, TypeError, ValueError):
        if not responses or responses[-1].http_response.status_code >= 300:
            raise


@contextmanager
def _translating(what: str, write: bool) -> Iterator[None]:
    """Turn the SDK's exceptions into the collection's."""
    from azure.core import exceptions as sdk

    try:
        yield
    except ForeignOrigin as error:
        raise ForeignOrigin(f"{what}: {error.msg}") from None
    except sdk.TooManyRedirectsError:
        raise AzureError(
            f"{what}: the service redirects the request again and again. Check resource_manager_endpoint, and any "
            "proxy or gateway between here and there.",
            code="TooManyRedirects",
        ) from None
    except sdk.HttpResponseError as error:
        if error.response is None:
            raise CredentialsError(f"{what}: {error.message}") from None
        raise azure_error(what, _answer(error.response), write) from None
    except sdk.ServiceResponseError as error:
        failure: AciError = unreachable(what, error, sent=True)
        if write:
            failure = Ambiguous(f"{failure.msg} It is not known whether the request was applied.")
        raise failure from None
    except sdk.ServiceRequestError as error:
        raise unreachable(what, error, sent=False) from None
    except sdk.AzureError as error:
        raise AzureError(f"{what}: {error.message}") from None


def _unfollowed(what: str, answer: Answer) -> AzureError:
    """The error of a redirect that the SDK leaves alone, since the request would change on its way. It did nothing."""
    target = answer.headers.get("location")
    where = f"to {shown(target)}" if target else "without saying where to"
    return AzureError(
        f"{what}: the service redirects the request {where} (status {answer.status}), which is not followed. "
        "Check resource_manager_endpoint, and any proxy or gateway between here and there.",
        code=f"HTTP{answer.status}",
        status=answer.status,
    )


def azure_error(what: str, answer: Answer, write: bool = False) -> AciError:
    """The error that an answer tells: the service's code and text, and what to do where that is known."""
    if answer.status in REDIRECTS:
        return _unfollowed(what, answer)
    error = answer.body().get("error")
    details = error if isinstance(error, dict) else {}
    code = str(details.get("code") or "") or f"HTTP{answer.status}"
    message = str(details.get("message") or "").strip() or f"The service answered with status {answer.status}"
    if answer.status < 400:
        code, message = "InvalidAnswer", "The answer is not the JSON that it claims to be"
    request_id = answer.headers.get("x-ms-request-id") or answer.headers.get("x-ms-correlation-request-id")
    known: dict[str, Any] = {"code": code, "status": answer.status, "request_id": request_id, "message": message}
    text = f"{what}: {message.rstrip('.')} ({code})."
    if answer.status == 401:
        advice = "Check tenant_id, subscription_id, cloud_environment, and the clock of this machine."
        return CredentialsError(f"{text} {advice}", **known)
    hint = HINTS.get(code)
    if hint:
        text = f"{text} {hint}"
    failure = (Ambiguous if write and (answer.status >= 500 or answer.status < 400) else AzureError)(text, **known)
    failure.retry_after = retry_after(answer.headers)
    return failure
