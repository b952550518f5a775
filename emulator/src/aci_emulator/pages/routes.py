# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The routes of the pages. They only show: nothing on them changes what clients have made."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..arm.errors import ArmError
from ..container_instance.api.groups import Groups
from ..container_instance.state.deployments import GROUPS
from ..serving.controls import Controls
from . import group, overview, requests
from .render import ROOT, address, locked, page, redirect, static

Choice = TypeVar("Choice")

REFRESH = 5
_DEFAULT_MINUTES = 15
_NEWEST = 10
_LONGEST = 200
_MOST = 2**31


class Pages:
    """Overview, one group, requests."""

    def __init__(self, controls: Controls, groups: Groups) -> None:
        self._controls = controls
        self._groups = groups

    def routes(self) -> list[BaseRoute]:
        """Returns the routes. The gateway takes the last slash of a path away."""
        return [
            Route("/emulator", self.overview),
            Route("/emulator/enter", self.enter),
            Route("/emulator/leave", self.leave, methods=["POST"]),
            Route("/emulator/view/requests", self.requests),
            Route("/emulator/view/groups/{subscription}/{resource_group}/{name}", self.group),
            Route("/emulator/view/{file}", self.file),
        ]

    async def enter(self, request: Request) -> Response:
        """Lets a browser in that follows a link. Query: ``ticket``."""
        cookie = self._controls.access.enter(request.query_params.get("ticket", ""))
        if cookie is None:
            return locked("This link was used before, or its 60 seconds are over.")
        return redirect(ROOT, cookie)

    async def leave(self, request: Request) -> Response:
        """Forgets a browser."""
        return locked("You have signed out.", cookie=self._controls.access.leave(request.headers))

    async def overview(self, request: Request) -> Response:
        """Shows everything at a glance. Query: ``words``, ``state``, ``page``."""
        query = request.query_params
        words, state = query.get("words", "")[:_LONGEST], query.get("state", "")[:_LONGEST]
        context = overview.overview(
            self._controls, self._groups, words=words, state=state, page=_number(query.get("page"), 1)
        )
        recent = requests.newest(self._controls, _NEWEST)
        return _page(request, "overview.html", {**context, "requests": recent})

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
        return _page(request, "requests.html", context)

    async def group(self, request: Request) -> Response:
        """Shows a container group. Query: ``lines`` of each log."""
        parts = request.path_params
        key = (
            f"/subscriptions/{parts['subscription']}/resourcegroups/{parts['resource_group']}"
            f"/providers/microsoft.containerinstance/containergroups/{parts['name']}"
        ).lower()
        record = self._controls.store.get(GROUPS, key)
        if record is None:
            return _page(request, "missing.html", {"name": parts["name"]}, status=404)
        lines = _one_of(_number(request.query_params.get("lines"), group.LINES[0]), group.LINES, group.LINES[0])
        return _page(request, "group.html", group.group_page(self._controls, self._groups, key, record, lines=lines))

    async def file(self, request: Request) -> Response:
        """Sends the style sheet, the script or the icon."""
        found = static(request.path_params["file"])
        if found is None:
            raise ArmError(404, "NotFound", "There is no such page.")
        return found


def _page(request: Request, template: str, context: dict[str, object], *, status: int = 200) -> Response:
    query = dict(request.query_params)
    refresh = REFRESH if query.pop("refresh", "") == str(REFRESH) else None
    path = request.scope["raw_path"].decode("ascii")
    if path == "/emulator":
        path = ROOT
    switches = {"refresh_on": address(path, {**query, "refresh": REFRESH}), "refresh_off": address(path, query)}
    session = request.state.session
    context = {**context, **switches, "seconds": REFRESH, "csrf": session.csrf if session is not None else None}
    return page(template, context, path=path, refresh=refresh, status=status)


def _number(text: str | None, default: int) -> int:
    if not text or not text.isascii() or not text.isdigit() or len(text) > 10:
        return default
    return min(int(text), _MOST)


def _one_of(value: Choice, choices: Collection[Choice], default: Choice) -> Choice:
    return value if value in choices else default
