# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The routes of the pages, which only read; the forms are in ``changes``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..arm.errors import ArmError
from ..container_instance import ContainerInstance
from ..container_instance.state.deployments import GROUPS
from ..network.network import Network
from ..serving.controls import Controls
from . import controls_page, group, overview, requests, resources
from .changes import Changes, group_key
from .notices import Notices
from .render import REFRESH, ROOT, address, group_path, locked, page, redirect, static, text

Choice = TypeVar("Choice")

_DEFAULT_MINUTES = 15
_NEWEST = 10
_LONGEST = 200
_MOST = 2**31
_GROUP = "/emulator/view/groups/{subscription}/{resource_group}/{name}"


class Pages:
    """Overview, one group, one log, requests, resources, faults and clock."""

    def __init__(self, controls: Controls, container_instance: ContainerInstance, network: Network) -> None:
        self._controls = controls
        self._container_instance = container_instance
        self._groups = container_instance.groups
        self._network = network
        self._notices = Notices()
        self._changes = Changes(controls, self._notices)

    def routes(self) -> list[BaseRoute]:
        """Returns the routes. The gateway removes a trailing slash from the path."""
        return [
            Route("/emulator", self.overview),
            Route("/emulator/enter", self.enter),
            Route("/emulator/leave", self.leave, methods=["POST"]),
            Route("/emulator/view/requests", self.requests),
            Route("/emulator/view/resources", self.resources),
            Route("/emulator/view/controls", self.controls),
            Route(_GROUP, self.group),
            Route(f"{_GROUP}/delete", self.confirm),
            Route(f"{_GROUP}/containers/{{container}}", self.log),
            Route(f"{_GROUP}/containers/{{container}}/log", self.log_text),
            *self._changes.routes(),
            Route("/emulator/view/{file}", self.file),
        ]

    async def enter(self, request: Request) -> Response:
        """Gives access to a browser that follows a link. Query: ``ticket``."""
        cookie = self._controls.access.enter(request.query_params.get("ticket", ""))
        if cookie is None:
            return locked("This link has already been used, or has expired after 60 seconds.")
        return redirect(ROOT, cookie=cookie)

    async def leave(self, request: Request) -> Response:
        """Signs a browser out."""
        return locked("You have signed out.", cookie=self._controls.access.leave(request.headers))

    async def overview(self, request: Request) -> Response:
        """Shows everything at a glance. Query: ``words``, ``state``, ``page``."""
        query = request.query_params
        words, state = query.get("words", "")[:_LONGEST], query.get("state", "")[:_LONGEST]
        context = overview.overview(
            self._controls, self._groups, words=words, state=state, page=_number(query.get("page"), 1)
        )
        recent = requests.newest(self._controls, _NEWEST)
        return self._page(request, "overview.html", {**context, "requests": recent})

    async def requests(self, request: Request) -> Response:
        """Shows requests. Query: ``minutes``, ``method``, ``path``, ``outcome``, ``before``."""
        query = request.query_params
        context = requests.requests_page(
            self._controls,
            minutes=_one_of(_number(query.get("minutes"), _DEFAULT_MINUTES), requests.MINUTES, _DEFAULT_MINUTES),
            method=_one_of(query.get("method", "").upper(), requests.METHODS, ""),
            path=query.get("path", "")[:_LONGEST],
            outcome=_one_of(query.get("outcome", ""), requests.OUTCOMES, ""),
            before=_number(query.get("before"), 0),
        )
        return self._page(request, "requests.html", context)

    async def resources(self, request: Request) -> Response:
        """Shows the resources that container groups depend on. Query: ``words``."""
        words = request.query_params.get("words", "")[:_LONGEST]
        context = resources.resources_page(self._controls, self._container_instance, self._network, words=words)
        return self._page(request, "resources.html", context)

    async def controls(self, request: Request) -> Response:
        """Shows faults, clock and throttle, with the forms that change them."""
        return self._page(request, "controls.html", controls_page.controls_page(self._controls))

    async def group(self, request: Request) -> Response:
        """Shows a container group. Query: ``lines`` of each log."""
        record = self._record(request)
        if record is None:
            return self._missing(request)
        lines = _one_of(_number(request.query_params.get("lines"), group.LINES[0]), group.LINES, group.LINES[0])
        context = group.group_page(self._controls, self._groups, group_key(request), record, lines=lines)
        return self._page(request, "group.html", context)

    async def confirm(self, request: Request) -> Response:
        """Asks for confirmation before a group is deleted."""
        record = self._record(request)
        if record is None:
            return self._missing(request)
        place = str(record["id"]).split("/")[4]
        context = {"name": record["name"], "resource_group": place, "href": group_path(record)}
        return self._page(request, "delete.html", context)

    async def log(self, request: Request) -> Response:
        """Shows the log of one container, which the page's script follows."""
        context = self._log(request)
        if context is None:
            return self._missing(request)
        return self._page(request, "log.html", {**context, "lines": group.LINES[-1]})

    async def log_text(self, request: Request) -> Response:
        """Sends the end of a container's log as plain text, with secrets masked."""
        context = self._log(request)
        if context is None:
            raise ArmError(404, "NotFound", "This container does not exist.")
        return text(context["log"] or "")

    def _log(self, request: Request) -> dict[str, Any] | None:
        record, container = self._record(request), request.path_params["container"]
        if record is None:
            return None
        return group.log_page(
            self._controls, self._groups, group_key(request), record, container, lines=group.LINES[-1]
        )

    def _record(self, request: Request) -> dict[str, Any] | None:
        return self._controls.store.get(GROUPS, group_key(request))

    def _missing(self, request: Request) -> Response:
        parts = request.path_params
        what = f"container group {parts['name']}"
        if "container" in parts:
            what = f"container {parts['container']} in {what}"
        return self._page(request, "missing.html", {"what": what}, status=404)

    async def file(self, request: Request) -> Response:
        """Sends the style sheet, the script or the icon."""
        found = static(request.path_params["file"])
        if found is None:
            raise ArmError(404, "NotFound", "This page does not exist.")
        return found

    def _page(self, request: Request, template: str, context: dict[str, Any], *, status: int = 200) -> Response:
        query = dict(request.query_params)
        refresh = REFRESH if query.pop("refresh", "") == str(REFRESH) else None
        notice = self._notices.get(query.pop("notice", ""))
        path = request.scope["raw_path"].decode("ascii")
        if path == "/emulator":
            path = ROOT
        session = request.state.session
        context = {
            **context,
            "refresh_on": address(path, {**query, "refresh": REFRESH}),
            "refresh_off": address(path, query),
            "seconds": REFRESH,
            "csrf": session.csrf if session is not None else None,
            "notice": notice,
        }
        return page(template, context, path=path, refresh=refresh, status=status)


def _number(text: str | None, default: int) -> int:
    if not text or not text.isascii() or not text.isdigit() or len(text) > 10:
        return default
    return min(int(text), _MOST)


def _one_of(value: Choice, choices: Collection[Choice], default: Choice) -> Choice:
    return value if value in choices else default
