# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""exec and attach, which return a WebSocket address and a password (recorded 2021 and 2022).

They do so even for a container that has ended (recorded 2021); errors only show on the WebSocket. For a stopped group
they are refused (reported).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ...arm.responses import JsonResponse
from ...core.clouds import EXEC_DOMAIN, EXEC_PORT, azure_host
from ...platform import Platform
from ...runtime.streams.sessions import Session, Sessions
from ...runtime.streams.streams import EXEC_PATH, LOG_PATH, Streams
from ..definition.refusals import refuse
from ..definition.registration import NAMESPACE
from ..definition.schema import malformed
from .groups import Groups
from .handlers import group_request_of

_CONTAINER = (
    f"/subscriptions/{{subscription}}/resourceGroups/{{group}}/providers/{NAMESPACE}/containerGroups/{{name}}"
    "/containers/{container}"
)
_ROWS, _COLS = 24, 80
_LARGEST = 1000


class Exec:
    """The routes of exec and attach, and of the WebSockets that they return."""

    def __init__(self, platform: Platform, groups: Groups) -> None:
        self._settings = platform.settings
        self._groups = groups
        self._sessions = Sessions()
        self._streams = Streams(self._sessions, platform.supervisor, input_limit=platform.settings.exec_input_limit)

    def routes(self) -> list[BaseRoute]:
        """All routes, with literals in the service's case."""
        return [
            Route(f"{_CONTAINER}/exec", self.exec, methods=["POST"]),
            Route(f"{_CONTAINER}/attach", self.attach, methods=["POST"]),
            *self._streams.routes(),
        ]

    async def exec(self, request: Request) -> Response:
        """Prepares a terminal: ``{"command", "terminalSize": {"rows", "cols"}}``. The command has no arguments: it is
        the name of a program, even if it contains spaces."""
        group, container, region = self._container(request)
        body = request.state.json
        if not isinstance(body, Mapping) or not isinstance(body.get("command"), str) or not body["command"].strip():
            raise malformed("The property 'command' must be a non-empty string")
        size = body.get("terminalSize")
        if not isinstance(size, Mapping | None):
            raise malformed("The property 'terminalSize' must be an object")
        rows, cols = _length(size, "rows", _ROWS), _length(size, "cols", _COLS)
        session = self._sessions.add(Session(group, container, body["command"], rows, cols))
        path = f"{EXEC_PATH}/{session.id}?api-version=1.0&rows={rows}&cols={cols}"
        return self._promise(request, region, path, session)

    async def attach(self, request: Request) -> Response:
        """Prepares a stream of the log."""
        group, container, region = self._container(request)
        session = self._sessions.add(Session(group, container))
        return self._promise(request, region, f"{LOG_PATH}/{session.id}?api-version=1.0", session)

    def _container(self, request: Request) -> tuple[str, str, str]:
        """The key of the group, the name of the container, and the group's region. Raises ArmError 404, or 409 for a
        stopped group."""
        group_request = group_request_of(request)
        key, record = self._groups.require(group_request)
        name = str(request.path_params["container"])
        properties = record["properties"]
        containers = [*(properties.get("containers") or []), *(properties.get("initContainers") or [])]
        if name not in [each["name"] for each in containers]:
            raise refuse("container_missing", container=name, group=group_request.name)
        stopped = self._groups.deployments.view(key, record).state == "Stopped"
        if stopped and self._groups.position("exec-stopped") == "refuse":
            raise refuse("stopped", group=group_request.name, resource_group=group_request.resource_group)
        return key, name, record["region"]

    def _promise(self, request: Request, region: str, path: str, session: Session) -> Response:
        host = urlsplit(self._settings.base_url).netloc
        if azure_host(request.scope) is not None:
            # Each session has a host of its own (recorded 2021 and 2022, with names such as these).
            host = f"sb{secrets.token_hex(7)[:13]}.{region}.{EXEC_DOMAIN}:{EXEC_PORT}"
        return JsonResponse({"webSocketUri": f"wss://{host}{path}", "password": session.password})


def _length(size: Mapping[str, Any] | None, name: str, default: int) -> int:
    value = (size or {}).get(name)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST:
        raise malformed(f"The property 'terminalSize.{name}' must be a number of characters")
    return value or default
