# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks that every request passes through before a route answers it."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Callable, Iterable, MutableMapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..arm.errors import ArmError
from ..arm.paths import ArmPath, parse, split
from ..arm.responses import error_response
from ..core import clouds
from ..core.clouds import AzureHost, azure_host
from ..core.statedir import StateError, no_room
from ..faults.faults import (
    ANSWER,
    DELAY,
    DISCONNECT,
    EVICT,
    FAIL_OPERATION,
    HANG_OPERATION,
    LOSE_POLL,
    NO_CAPACITY,
    QUOTA_LAG,
    REPAIR,
    STALE_READ,
    Fault,
)
from ..faults.outcome import Outcome
from ..faults.read_lag import Snapshot, StaleReads, read_snapshot
from ..faults.throttle import READS, WRITES
from ..identity.authorization import action_of, check_access, check_linked_access
from ..identity.managed_identity import METADATA_PATH
from ..insights.activity_log import Operation
from ..pricing.retail_prices import PATH as PRICES_PATH
from ..resources import locks, policy_insights
from . import access
from .connections import cut
from .controls import Controls
from .request_log import LoggedRequest, masked

_log = logging.getLogger(__name__)
_MOST_BYTES = 4 * 1024 * 1024
_MOST_FORM_BYTES = 64 * 1024
_FORM = "application/x-www-form-urlencoded"
_BODY_METHODS = ("PUT", "PATCH", "POST")
_ROOTS = ("subscriptions", "providers", "tenants")
_SIGN_IN_PARTS = ("oauth2", "discovery", ".well-known", "v2.0")  # the path segments after the tenant
_REGISTRATION = (["register"], ["unregister"])  # the actions of a provider itself
_FIXED_HEADERS = {
    "Cache-Control": "no-cache",
    "Pragma": "no-cache",
    "Expires": "-1",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Cache": "CONFIG_NOCACHE",
}


class Gateway:
    """Middleware. Checks the host of a request and normalises its path. Requests below ``/emulator`` are checked by
    ``access``. All others are logged, and faults are applied. For Resource Manager, it checks bearer token,
    api-version, subscription, access, rate, body, provider, resource group, locks and policies, in this order, before a
    route answers.

    Sets in ``request.state``: ``request_id``, ``correlation_id``, ``principal``, ``api_version``, ``arm`` (the ArmPath)
    and ``json`` (the body of PUT, PATCH and POST; ``{}`` if a POST has none); below ``/emulator`` only ``session``,
    that of a browser.
    """

    def __init__(
        self, app: ASGIApp, controls: Controls, literals: dict[str, str], locked: Callable[[str], Response]
    ) -> None:
        self._locked = locked
        self._app = app
        self._controls = controls
        self._literals = literals
        self._stale = StaleReads(controls.clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] == "websocket":
            await self._open_socket(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        azure = azure_host(scope)
        try:
            self._controls.access.check_address(Headers(scope=scope), azure)
            segments = split(scope.get("raw_path") or scope["path"].encode())
            path = parse(segments, self._literals)
            scope["path"], scope["raw_path"] = path.path, path.raw_path
            if azure is not None and not _is_part(azure, path):
                await no_such_route(scope["method"], 404)(scope, receive, exchange.send)
                return
            if path.segments and path.segments[0].lower() == access.ROOT:
                await self._control(scope, receive, exchange)
                return
            await self._pass(scope, receive, path, exchange)
        except ArmError as error:
            await error_response(error)(scope, receive, exchange.send)
        except StateError as error:
            await self._state_failed(scope, receive, exchange, error)
        except _Cut:
            await cut(scope.get("client"))
        except ClientDisconnect:
            _log.debug("the client disconnected")
        except Exception as error:
            if isinstance(error, OSError) and no_room(error):
                await self._state_failed(scope, receive, exchange, error)
                return
            if exchange.started:
                raise
            _log.exception("%s %s failed", scope["method"], scope["path"])
            await error_response(_internal_error(exchange))(scope, receive, exchange.send)
        finally:
            exchange.end()
            if exchange.operation is not None and exchange.status is not None:
                self._controls.activity_log.end(exchange.operation, exchange.status, exchange.asynchronous)

    async def _open_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            azure = azure_host(scope)
            self._controls.access.check_address(Headers(scope=scope), azure)
            if azure is not None and azure.role != clouds.EXEC:
                raise ArmError(404, "NotFound", "No WebSocket is served there.")
        except ArmError:
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, send)

    async def _control(self, scope: Scope, receive: Receive, exchange: _Exchange) -> None:
        """Answers a request below ``/emulator``, if its sender has access."""
        guard, headers, method = self._controls.access, Headers(scope=scope), scope["method"]
        client = scope.get("client") or ("127.0.0.1", 0)
        body = b""
        if headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM:
            body = await _read_form(receive)
            receive = _replay(body, receive)
        try:
            guard.check(method, scope["path"], headers, client[0], body)
        except ArmError as error:
            if error.status == 401 and "text/html" in headers.get("accept", ""):
                await self._locked("This browser has no access.")(scope, receive, exchange.send)
                return
            raise
        scope["state"]["session"] = guard.session(headers)
        await self._app(scope, receive, exchange.send)

    async def _state_failed(
        self, scope: Scope, receive: Receive, exchange: _Exchange, error: StateError | OSError
    ) -> None:
        """Reports a file that could not be used: logs its name, and tells the client that it is a server error."""
        _log.error("%s %s failed: %s", scope["method"], scope["path"], error)
        if not exchange.started:
            await error_response(_state_error(exchange))(scope, receive, exchange.send)

    async def _pass(self, scope: Scope, receive: Receive, path: ArmPath, exchange: _Exchange) -> None:
        """Applies faults, checks a request, and lets a route answer it."""
        controls, method = self._controls, scope["method"]
        exchange.arm = bool(path.segments) and path.segments[0].lower() in _ROOTS
        now = controls.clock.now().isoformat().replace("+00:00", "Z")
        exchange.entry = controls.requests.begin(now, method, path.path, scope["query_string"])
        struck = controls.faults.striking(method, path.path)
        exchange.entry.faults = [fault.id for fault in struck]
        for fault in struck:
            await _strike_before(fault)
        if exchange.arm:
            receive = await self._admit(scope, receive, path, exchange)
            if method == "GET" and (snapshot := self._stale.get(path.path)) is not None:
                await snapshot.send(exchange.send)
                return
        await self._serve(scope, receive, path, exchange, struck)

    async def _serve(
        self, scope: Scope, receive: Receive, path: ArmPath, exchange: _Exchange, struck: list[Fault]
    ) -> None:
        """Lets a route answer a request, unless a fault prevents it."""
        controls, target = self._controls, path.resource
        snapshot: Snapshot | None = None
        for fault in struck:
            if fault.kind in (FAIL_OPERATION, HANG_OPERATION):
                code, message = (fault.code, fault.message) if fault.kind == FAIL_OPERATION else (None, "")
                controls.arm(target, Outcome(code, message))
            elif fault.kind == EVICT:
                controls.supervisor.evict_spot(target.lower())
            elif fault.kind == REPAIR:
                controls.repair(target.lower(), fault.seconds)
            elif fault.kind == NO_CAPACITY:
                controls.take_room(target.lower())
            elif fault.kind == QUOTA_LAG:
                controls.keep_counting(target.lower(), fault.seconds)
            elif fault.kind == STALE_READ:
                snapshot = await read_snapshot(self._app, scope, target)
        try:
            if any(fault.kind == DISCONNECT for fault in struck):
                await self._app(scope, receive, exchange.drop)
                raise _Cut
            await self._app(scope, receive, exchange.send)
        finally:
            controls.disarm(target)
        if snapshot is not None and (exchange.status or 500) < 400:
            seconds = max(fault.seconds for fault in struck if fault.kind == STALE_READ)
            self._stale.keep(target, snapshot, seconds)

    async def _admit(self, scope: Scope, receive: Receive, path: ArmPath, exchange: _Exchange) -> Receive:
        """Checks a request to Resource Manager, and returns the callable from which to read its body."""
        controls, method = self._controls, scope["method"]
        headers = Headers(scope=scope)
        state: dict[str, Any] = scope["state"]
        principal = controls.tokens.authenticate(headers.get("authorization"), azure_host(scope))
        state["principal"] = principal
        if exchange.entry is not None:
            exchange.entry.principal = principal.name
        state["arm"] = path
        state["api_version"] = version = _api_version(scope)
        if path.subscription is not None:
            self._check_subscription(path, principal.tenant_id, azure_host(scope))
            actions = [action_of(method, path, policy_insights.READS)]
            exchange.operation = controls.activity_log.begin(principal, path, actions[0], exchange.correlation_id)
            check_access(controls.directory, principal, actions[0], method, path)
            kind = READS if method in ("GET", "HEAD") else WRITES
            exchange.headers |= controls.throttle.take(kind, path.subscription, principal.client_id)
        body = b""
        if method in _BODY_METHODS:
            body = await _read(receive, headers)
            state["json"] = _parse(body, method)
            if exchange.entry is not None:
                exchange.entry.body = masked(state["json"])
        if path.subscription is not None:
            actions += check_linked_access(controls.directory, principal, method, path, state.get("json") or {})
            controls.requests.note_actions(principal.name, actions)
        self._check_target(path, method, version, state.get("json") or {})
        if method in _BODY_METHODS:
            if await self._apply_policies(scope, path):
                body = json.dumps(state["json"]).encode()
            receive = _replay(body, receive)
        return receive

    async def _apply_policies(self, scope: Scope, path: ArmPath) -> bool:
        """Applies policies to the resource that results from a PUT or PATCH. Returns True if they changed the body."""
        controls, method, state = self._controls, scope["method"], scope["state"]
        if not controls.policies.describe() or method == "POST" or path.subscription is None:
            return False
        kind = "Microsoft.Resources/subscriptions/resourceGroups" if not path.types else path.kind
        if kind.startswith("Microsoft.Authorization/") or path.resource_group is None:
            return False
        body: dict[str, Any] = state["json"]
        whole = dict(body)
        if method == "PATCH":
            before = await read_snapshot(self._app, scope, path.path)
            whole = {**before.document(), **body}
        group = controls.resource_manager.find_group(path.subscription, path.resource_group)
        resource = {**whole, "id": path.path, "name": path.segments[-1], "type": kind}
        changed = controls.policies.apply(resource, group if path.types else None)
        if changed.get("tags") == whole.get("tags"):
            return False
        body["tags"] = changed["tags"]
        return True

    def _check_subscription(self, path: ArmPath, tenant_id: str, azure: AzureHost | None) -> None:
        name = path.subscription or ""
        sign_in = clouds.sign_in_url(azure, self._controls.settings.base_url)
        subscription = self._controls.directory.subscription(name)
        if subscription is None:
            try:
                uuid.UUID(name)
            except ValueError:
                raise ArmError(
                    400,
                    "InvalidSubscriptionId",
                    f"The provided subscription identifier '{name}' is malformed or invalid.",
                    gateway=True,
                ) from None
            raise ArmError(404, "SubscriptionNotFound", f"The subscription '{name}' could not be found.", gateway=True)
        if subscription.tenant_id != tenant_id:
            wanted, given = subscription.tenant_id, tenant_id
            raise ArmError(
                401,
                "InvalidAuthenticationTokenTenant",
                f"The access token is from the wrong issuer 'https://sts.windows.net/{given}/'. It must match the "
                f"tenant 'https://sts.windows.net/{wanted}/' associated with this subscription. Please use the "
                f"authority (URL) '{sign_in}/{wanted}' to get the token.",
                headers={
                    "WWW-Authenticate": f'Bearer authorization_uri="{sign_in}/{wanted}", '
                    'error="invalid_token", error_description="The access token is from the wrong issuer."'
                },
                gateway=True,
            )

    def _check_target(self, path: ArmPath, method: str, version: str, body: dict[str, Any]) -> None:
        """Checks the api-version, provider and resource group of the requested resource."""
        manager = self._controls.resource_manager
        if path.subscription is not None and path.namespace != locks.NAMESPACE:
            self._controls.locks.check(method, path.resource)
        if path.namespace is None or not path.types or path.types in _REGISTRATION:
            manager.providers.check_own(version)
            return
        location = None
        group = None
        if path.subscription is not None and path.resource_group is not None:
            known = manager.find_group(path.subscription, path.resource_group)
            location = known["location"] if known else None
        if isinstance(body, dict) and isinstance(body.get("location"), str):
            location = body["location"]
        elif path.types[0] == "locations" and path.names:
            location = path.names[0]
        manager.providers.check(path.namespace, path.type_name, version, location=location)
        if path.subscription is None:
            return
        if path.resource_group is not None:
            group = manager.require_group(path.subscription, path.resource_group)
        if method in _BODY_METHODS:
            if group is not None:
                manager.require_living_group(path.subscription, path.resource_group or "")
            manager.providers.require_registration(path.subscription, path.namespace)


def _is_part(azure: AzureHost, path: ArmPath) -> bool:
    """Whether a path exists on an Azure host: each of them has only some of the paths served here."""
    segments = [each.lower() for each in path.segments]
    if azure.role == clouds.RESOURCE_MANAGER:
        return segments[:1] in [[root] for root in _ROOTS] or segments == ["metadata", "endpoints"]
    if azure.role == clouds.SIGN_IN:
        return segments[:1] != ["oauth2"] and segments[1:2] in [[each] for each in _SIGN_IN_PARTS]
    if azure.role == clouds.METADATA:
        return path.path.lower() == METADATA_PATH
    return azure.role == clouds.PRICES and path.path.lower() == PRICES_PATH


class _Cut(Exception):
    """The connection must be closed without an answer."""


class _Exchange:
    """A request and its response, to which it adds the headers that every response has."""

    def __init__(self, scope: Scope, send: Send) -> None:
        headers = Headers(scope=scope)
        self.headers: dict[str, str] = {}
        self.started = False
        self.status: int | None = None
        self.arm = False
        self.entry: LoggedRequest | None = None
        self.operation: Operation | None = None
        self.asynchronous = False
        self._began = time.monotonic()
        self._send = send
        self.request_id = str(uuid.uuid4())
        self.correlation_id = _guid_or_new(headers.get("x-ms-correlation-request-id"))
        state = scope.setdefault("state", {})
        state["request_id"], state["correlation_id"] = self.request_id, self.correlation_id
        if headers.get("x-ms-return-client-request-id", "").lower() == "true":
            client_id = headers.get("x-ms-client-request-id")
            if client_id:
                self.headers["x-ms-client-request-id"] = client_id

    async def send(self, message: Message) -> None:
        """Passes a message on to the client."""
        if message["type"] == "http.response.start":
            self.started = True
            self._note(message)
            self._complete(message)
            if self.entry is not None:
                self.entry.status = self.status
        await self._send(message)

    async def drop(self, message: Message) -> None:
        """Replaces ``send``, but drops the message."""
        if message["type"] == "http.response.start":
            self._note(message)

    def _note(self, message: Message) -> None:
        self.status = message["status"]
        headers = Headers(raw=message["headers"])
        self.asynchronous = any(name in headers for name in ("azure-asyncoperation", "location"))

    def end(self) -> None:
        """Completes the log entry."""
        if self.entry is not None:
            self.entry.milliseconds = round((time.monotonic() - self._began) * 1000, 3)

    def _complete(self, message: MutableMapping[str, Any]) -> None:
        headers = MutableHeaders(scope=message)
        headers.setdefault("x-ms-request-id", self.request_id)
        if not self.arm:
            return
        for name, value in {**_FIXED_HEADERS, **self.headers}.items():
            headers.setdefault(name, value)
        headers["x-ms-correlation-request-id"] = self.correlation_id
        stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        headers["x-ms-routing-request-id"] = f"EMULATOR:{stamp}:{self.correlation_id}"


async def _strike_before(fault: Fault) -> None:
    """Applies a fault that does not depend on the request."""
    if fault.kind == DELAY:
        await asyncio.sleep(fault.seconds)
    elif fault.kind == ANSWER:
        raise ArmError(fault.status, fault.code, fault.message, headers=fault.headers)
    elif fault.kind == LOSE_POLL or (fault.kind == DISCONNECT and fault.when == "before"):
        raise _Cut


def _api_version(scope: Scope) -> str:
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    version = next((value for name, value in pairs if name.lower() == "api-version"), "")
    if not version:
        raise ArmError(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
            gateway=True,
        )
    return version


async def _read_form(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk: bytes = message.get("body", b"")
        body += chunk
        if len(body) > _MOST_FORM_BYTES:
            raise ArmError(413, "RequestContentTooLarge", "The form is too long.", headers={"Connection": "close"})
        if not message.get("more_body", False):
            return body


async def _read(receive: Receive, headers: Headers) -> bytes:
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > _MOST_BYTES:
            raise ArmError(
                413,
                "RequestContentTooLarge",
                f"The request content size exceeds the maximum size of {_MOST_BYTES // (1024 * 1024)} MB.",
                headers={"Connection": "close"},
                gateway=True,
            )
        chunks.append(chunk)
        if not message.get("more_body", False):
            break
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if size and media_type and media_type not in ("application/json", "text/json"):
        raise ArmError(
            415,
            "UnsupportedMediaType",
            f"The content media type '{media_type}' is not supported. Only 'application/json' is supported.",
            gateway=True,
        )
    return b"".join(chunks)


def _parse(body: bytes, method: str) -> dict[str, Any]:
    if not body.strip():
        if method == "POST":
            return {}
        raise _bad_content("The request body is empty.")
    try:
        document = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
        # JSON can contain half of a surrogate pair, which no response could repeat.
        json.dumps(document, ensure_ascii=False).encode()
    except RecursionError:
        raise _bad_content("The content is nested too deeply.") from None
    except UnicodeError:
        raise _bad_content("The content is not valid UTF-8.") from None
    except ValueError as error:
        raise _bad_content(str(error)) from None
    if not isinstance(document, dict):
        raise _bad_content("The content must be a JSON object.")
    return document


def _refuse_constant(name: str) -> None:
    raise ValueError(f"Unexpected value: {name}")


def _bad_content(reason: str) -> ArmError:
    return ArmError(
        400,
        "InvalidRequestContent",
        f"The request content was invalid and could not be deserialized: '{reason}'.",
        gateway=True,
    )


def _replay(body: bytes, receive: Receive) -> Receive:
    messages: Iterable[Message] = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def replay() -> Message:
        for message in messages:
            return message
        return await receive()

    return replay


def _guid_or_new(text: str | None) -> str:
    try:
        return str(uuid.UUID(text or ""))
    except ValueError:
        return str(uuid.uuid4())


def _internal_error(exchange: _Exchange) -> ArmError:
    return ArmError(
        500,
        "InternalServerError",
        f"Encountered an internal server error. The tracking activity id is '{exchange.request_id}', correlation id is "
        f"'{exchange.correlation_id}'.",
    )


def _state_error(exchange: _Exchange) -> ArmError:
    return ArmError(
        500,
        "InternalServerError",
        "The emulator cannot read or write a file in its state directory. Its log names the file and says what to do. "
        f"The tracking activity id is '{exchange.request_id}', correlation id is '{exchange.correlation_id}'.",
    )


def no_such_route(method: str, status: int) -> Response:
    """Returns the response for a path or method without a route."""
    if status == 405:
        return error_response(
            ArmError(
                405,
                "HttpMethodNotAllowed",
                f"The requested resource does not support http method '{method}'.",
                gateway=True,
            )
        )
    return error_response(
        ArmError(404, "NotFound", "No HTTP resource was found that matches the request URI.", gateway=True)
    )
