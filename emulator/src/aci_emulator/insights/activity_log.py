# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The activity log: who changed what, and when.

Filters, properties of events and the 90 days are documented (Activity Logs - List, 2015-04-01; Activity Log event
schema). The refusal of an older start, whose error stands at the top of the body, was reported verbatim. That an
application's object id is its ``caller`` is a choice: the documentation says "email address, UPN or SPN claim". The
service takes minutes to show an event and logs the end of an asynchronous operation too; here an event is there at
once, and the last one of an operation is that its request was accepted.
"""

from __future__ import annotations

import http
import logging
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..arm.listing import filter_terms, next_link, parse_skip_token
from ..arm.paths import ArmPath
from ..arm.responses import JsonResponse
from ..core.clock import Clock
from ..core.settings import Settings
from ..core.statedir import StateError
from ..core.store import Store
from ..core.timestamps import long_time, moment
from ..identity.asked_url import asked_url
from ..identity.directory import Principal

NAMESPACE = "Microsoft.Insights"
TYPES = {"eventtypes/values": ["2014-04-01", "2015-04-01"]}
RETENTION = timedelta(days=90)
PAGE_SIZE = 100

_log = logging.getLogger(__name__)
_KIND = "activity_log"
_ID = uuid.UUID("0f5c2f6e-7b0b-4f43-9f39-3e1a4ac1f0b7")
_SCOPES = {"resourcegroupname", "resourceuri", "resourceprovider", "correlationid"}


@dataclass(frozen=True)
class Operation:
    """One request that changes something: who sent it, what it asked for, and how it was answered."""

    caller: str
    client_id: str
    tenant_id: str
    action: str
    resource: str
    namespace: str
    kind: str
    correlation_id: str
    began: str
    ended: str = ""
    status: int = 0
    asynchronous: bool = False


class ActivityLog:
    """The operations of the last 90 days. An answer that could not be logged stays what it was."""

    def __init__(self, settings: Settings, store: Store, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock

    def begin(self, principal: Principal, path: ArmPath, action: str, correlation_id: str) -> Operation | None:
        """Notes what a request asks for; None for one that only reads."""
        if action.lower().endswith("/read"):
            return None
        namespace, _slash, kind = action.rpartition("/")[0].partition("/")
        if action.endswith("/action"):
            kind = kind.rpartition("/")[0]
        return Operation(
            caller=principal.object_id,
            client_id=principal.client_id,
            tenant_id=principal.tenant_id,
            action=action,
            resource=path.resource,
            namespace=namespace,
            kind=kind,
            correlation_id=correlation_id,
            began=long_time(self._clock.now()),
        )

    def end(self, operation: Operation, status: int, asynchronous: bool) -> None:
        """Writes down an operation whose request was answered."""
        done = {**asdict(operation), "ended": long_time(self._clock.now()), "status": status}
        done["asynchronous"] = asynchronous and status < http.HTTPStatus.BAD_REQUEST
        key = f"{_prefix(operation.resource)}{operation.began}/{uuid.uuid4()}"
        try:
            self._store.put(_KIND, key, done)
        except StateError as error:
            _log.warning("the activity log lacks %s on %s: %s", operation.action, operation.resource, error)

    def routes(self) -> list[BaseRoute]:
        """Returns the route of the log of a subscription."""
        return [Route(f"/subscriptions/{{subscription}}/providers/{NAMESPACE}/eventtypes/management/values", self.list)]

    async def list(self, request: Request) -> Response:
        """GET with ``$filter``, which requires the start, and ``$select``. Newest events come first."""
        query = {name.lower(): value for name, value in request.query_params.items()}
        now = self._clock.now()
        try:
            terms = _terms(query.get("$filter", ""))
            start = moment(terms["eventtimestamp ge"])
            end = moment(terms["eventtimestamp le"]) if "eventtimestamp le" in terms else now
        except (KeyError, ValueError):
            return _bad_request(f"The $filter '{query.get('$filter', '')}' is invalid.")
        if start < now - RETENTION:
            return _bad_request("The start time cannot be more than 90 days in the past.")
        found = [
            event
            for event in self._kept(request.path_params["subscription"], terms.get("resourceuri", ""), now)
            if long_time(start) <= event["eventTimestamp"] <= long_time(end) and _matches(event, terms)
        ]
        found.sort(key=lambda event: (event["eventTimestamp"], event["eventName"]["value"], event["id"]), reverse=True)
        behind = parse_skip_token(query.get("$skiptoken"))
        begin = int(behind) if behind.isdecimal() else 0
        wanted = {name.strip().lower() for name in query.get("$select", "").split(",") if name.strip()}
        answer: dict[str, Any] = {
            "value": [
                {name: value for name, value in event.items() if not wanted or name.lower() in wanted}
                for event in found[begin : begin + PAGE_SIZE]
            ]
        }
        if begin + PAGE_SIZE < len(found):
            origin, path = asked_url(request, self._settings), request.scope["path"]
            answer["nextLink"] = next_link(origin, path, request.query_params, str(begin + PAGE_SIZE))
        return JsonResponse(answer)

    def _kept(self, subscription: str, resource: str, now: datetime) -> Iterator[dict[str, Any]]:
        """The events of a subscription, or of one resource in it. What is too old is removed."""
        prefix = f"/subscriptions/{subscription.lower()}/"
        if resource.lower().startswith(prefix):
            prefix = _prefix(resource)
        for key, each in self._store.list(_KIND, prefix):
            if each["began"] < long_time(now - RETENTION):
                self._store.delete(_KIND, key)
            else:
                yield from _events(Operation(**each), subscription)


def _prefix(resource: str) -> str:
    """Returns what the keys of a resource's operations begin with."""
    return f"{resource.lower()}/events/"


def _bad_request(message: str) -> Response:
    return JsonResponse({"code": "BadRequest", "message": message}, status_code=400)


def _terms(text: str) -> dict[str, str]:
    """Returns the values of a filter by name, those of ``eventTimestamp`` by name and operator. Raises ValueError."""
    found: dict[str, str] = {}
    for name, written, value in filter_terms(text):
        operator = written.lower()
        if name == "eventtimestamp" and operator != "eq":
            found[f"{name} {operator}"] = value
        elif operator == "eq" and name in {*_SCOPES, "eventchannels"}:
            found[name] = value
        else:
            raise ValueError(f"{name} {operator}")
    if len(_SCOPES & set(found)) > 1:
        raise ValueError(text)
    return found


def _matches(event: dict[str, Any], terms: dict[str, str]) -> bool:
    shown = {
        "resourcegroupname": event["resourceGroupName"],
        "resourceuri": event["resourceId"],
        "resourceprovider": event["resourceProviderName"]["value"],
        "correlationid": event["correlationId"],
    }
    return all(shown[name].lower() == terms[name].lower() for name in _SCOPES & set(terms))


def _events(operation: Operation, subscription: str) -> list[dict[str, Any]]:
    """Returns the events of an operation: that it began, and how it was answered."""
    status = http.HTTPStatus(operation.status)
    ended = "Failed" if status >= http.HTTPStatus.BAD_REQUEST else "Accepted" if operation.asynchronous else "Succeeded"
    words = f"{status.phrase} (HTTP Status Code: {status.value})"
    return [
        _event(operation, subscription, "BeginRequest", "Begin request", operation.began, "Started", ""),
        _event(operation, subscription, "EndRequest", "End request", operation.ended, ended, words),
    ]


def _event(
    operation: Operation, subscription: str, name: str, title: str, at: str, status: str, answered: str
) -> dict[str, Any]:
    segments = operation.resource.strip("/").split("/")
    data_id = str(uuid.uuid5(_ID, f"{operation.correlation_id} {operation.resource} {operation.began} {name}"))
    ticks = int((datetime.fromisoformat(at[:-2]) - datetime(1, 1, 1)) / timedelta(microseconds=1)) * 10
    objectid, tenant = "http://schemas.microsoft.com/identity/claims/", operation.tenant_id
    return {
        "authorization": {"action": operation.action, "scope": operation.resource},
        "caller": operation.caller,
        "channels": "Operation",
        "claims": {
            "iss": f"https://sts.windows.net/{tenant}/",
            "appid": operation.client_id,
            f"{objectid}objectidentifier": operation.caller,
            f"{objectid}tenantid": tenant,
        },
        "correlationId": operation.correlation_id,
        "description": "",
        "eventDataId": data_id,
        "eventName": {"value": name, "localizedValue": title},
        "category": _words("Administrative"),
        "eventTimestamp": at,
        "id": f"{operation.resource}/events/{data_id}/ticks/{ticks}",
        "level": "Error" if status == "Failed" else "Informational",
        "operationId": operation.correlation_id,
        "operationName": _words(operation.action),
        "resourceGroupName": segments[3] if len(segments) > 3 and segments[2] == "resourceGroups" else "",
        "resourceProviderName": _words(operation.namespace),
        "resourceType": _words(f"{operation.namespace}/{operation.kind}"),
        "resourceId": operation.resource,
        "status": _words(status),
        "subStatus": {"value": answered.partition(" (")[0].replace(" ", ""), "localizedValue": answered},
        "submissionTimestamp": at,
        "subscriptionId": subscription,
        "properties": {},
        "relatedEvents": [],
    }


def _words(value: str) -> dict[str, str]:
    return {"value": value, "localizedValue": value}
