# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forms of the pages. Each sends a request to the API or to a control endpoint, and returns to its page."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..arm.errors import ArmError
from ..container_instance.definition.registration import TYPES
from ..container_instance.state.deployments import GROUPS
from ..serving.control_api import bad_control
from ..serving.controls import Controls
from . import forms
from .client import Client, Reply, Transcript
from .filters import plain
from .notices import Notice, Notices
from .redaction import redactor
from .render import CONTROLS, REFRESH, ROOT, address, group_path, redirect

VERSION = next(each for each in reversed(TYPES["containerGroups"]) if "preview" not in each)
SHELL = "/bin/sh"
_ROWS, _COLUMNS = 24, 200
_DONE = {"start": "is being started", "stop": "was stopped", "restart": "is being restarted"}
_LONGEST = 4096


class Changes:
    """Start, stop, restart and delete; commands in containers; clock, faults and throttle."""

    def __init__(self, controls: Controls, notices: Notices) -> None:
        self._controls = controls
        self._client = Client(controls)
        self._notices = notices

    def routes(self) -> list[BaseRoute]:
        """Returns the routes, all for POST."""
        group = "/emulator/view/groups/{subscription}/{resource_group}/{name}"
        return [
            Route(f"{group}/containers/{{container}}/run", self.run, methods=["POST"]),
            Route(f"{group}/{{action}}", self.act, methods=["POST"]),
            Route("/emulator/view/clock", self.set_clock, methods=["POST"]),
            Route("/emulator/view/faults", self.add_fault, methods=["POST"]),
            Route("/emulator/view/faults/clear", self.clear_faults, methods=["POST"]),
            Route("/emulator/view/throttle", self.set_throttle, methods=["POST"]),
        ]

    async def act(self, request: Request) -> Response:
        """Starts, stops, restarts or deletes a group."""
        action = request.path_params["action"]
        if action not in (*_DONE, "delete"):
            raise ArmError(404, "NotFound", "This page does not exist.")
        record, form = self._record(request), forms.fields(await request.body())
        if record is None:
            return self._back(ROOT, Notice(_gone(request), good=False), form)
        target, name = str(record["id"]), str(record["name"])
        if action == "delete":
            reply = await self._arm(request, "DELETE", target)
            if not reply.ok:
                return self._back(group_path(record), self._refused(reply, f"{name} was not deleted", record), form)
            word = "is being deleted" if reply.status == 202 else "was deleted"
            return self._back(ROOT, Notice(f"{name} {word}."), form)
        reply = await self._arm(request, "POST", f"{target}/{action}")
        if not reply.ok:
            return self._back(group_path(record), self._refused(reply, f"{action} failed", record), form)
        return self._back(group_path(record), Notice(f"{name} {_DONE[action]}."), form)

    async def run(self, request: Request) -> Response:
        """Runs a command in a container: starts a shell through the API's exec, and types the command into it."""
        record, form = self._record(request), forms.fields(await request.body())
        if record is None:
            return self._back(ROOT, Notice(_gone(request), good=False), form)
        container = request.path_params["container"]
        shell, command = form.get("shell", "").strip() or SHELL, form.get("command", "")[:_LONGEST]
        hide = redactor(self._controls, record)
        values = {"shell": shell, "command": command}
        began = time.monotonic()
        reply = await self._arm(
            request,
            "POST",
            f"{record['id']}/containers/{container}/exec",
            {"command": shell, "terminalSize": {"rows": _ROWS, "cols": _COLUMNS}},
        )
        if reply.ok and isinstance(reply.document, dict):
            done = await self._client.type_into(
                request.app, str(reply.document["webSocketUri"]), str(reply.document["password"]), command
            )
        else:
            done = Transcript(b"", reply.problem)
        output = hide.text(plain(hide.text(done.output.decode("utf-8", "replace"))))
        text = f"The command in {container} took {time.monotonic() - began:.1f} s."
        if done.problem:
            text = f"The command in {container} did not end on its own: {hide.text(done.problem)}"
            if not output:
                text = f"The command did not run in {container}: {hide.text(done.problem)}"
        notice = Notice(text, not done.problem, "run", values, container, output)
        return self._back(group_path(record), notice, form, anchor="output" if output else "")

    async def set_clock(self, request: Request) -> Response:
        """Freezes, resumes, advances or sets the clock."""
        form = forms.fields(await request.body())
        try:
            reply = await self._client.control(request.app, "POST", "/emulator/clock", forms.clock(form))
        except forms.BadForm as error:
            reply = Reply(400, problem=bad_control(str(error)).message)
        return self._back(CONTROLS, self._control_notice(reply, "clock", form, "The clock was set."), form)

    async def add_fault(self, request: Request) -> Response:
        """Sets a fault."""
        form = forms.fields(await request.body())
        try:
            reply = await self._client.control(request.app, "POST", "/emulator/faults", forms.fault(form))
        except forms.BadForm as error:
            reply = Reply(400, problem=bad_control(str(error)).message)
        return self._back(CONTROLS, self._control_notice(reply, "fault", form, "The fault is set."), form)

    async def clear_faults(self, request: Request) -> Response:
        """Removes one fault, or all of them. Field: ``number``."""
        form = forms.fields(await request.body())
        number = form.get("number", "")
        path = f"/emulator/faults/{quote(number, safe='')}" if number else "/emulator/faults"
        reply = await self._client.control(request.app, "DELETE", path)
        text = f"Fault {number} was cleared." if number else "All faults were cleared."
        return self._back(CONTROLS, self._control_notice(reply, "", form, text), form)

    async def set_throttle(self, request: Request) -> Response:
        """Sets the sizes of the token buckets, or resets them to those at startup. Field: ``action``, set or reset."""
        form = forms.fields(await request.body())
        if form.get("action") == "reset":
            reply = await self._client.control(request.app, "DELETE", "/emulator/throttle")
        else:
            reply = await self._client.control(request.app, "PUT", "/emulator/throttle", forms.throttle(form))
        return self._back(CONTROLS, self._control_notice(reply, "throttle", form, "The throttle was set."), form)

    # -- helpers

    async def _arm(self, request: Request, method: str, path: str, body: Mapping[str, Any] | None = None) -> Reply:
        return await self._client.resource_manager(request.app, method, quote(path), VERSION, body)

    def _record(self, request: Request) -> dict[str, Any] | None:
        return self._controls.store.get(GROUPS, group_key(request))

    def _refused(self, reply: Reply, text: str, record: Mapping[str, Any]) -> Notice:
        return Notice(f"{text}. {redactor(self._controls, record).text(reply.problem)}", good=False)

    def _control_notice(self, reply: Reply, form: str, values: Mapping[str, str], text: str) -> Notice:
        if reply.ok:
            return Notice(text)
        return Notice(redactor(self._controls).text(reply.problem), False, form, values)

    def _back(self, path: str, notice: Notice, form: Mapping[str, str], *, anchor: str = "") -> Response:
        """Redirects to a page, which shows the outcome of the form and keeps refreshing itself if it did before."""
        refresh = REFRESH if form.get("refresh") == str(REFRESH) else None
        target = address(path, {"notice": self._notices.add(notice), "refresh": refresh})
        return redirect(f"{target}#{anchor}" if anchor else target)


def group_key(request: Request) -> str:
    """Returns the key of the group in a request's path: its ID in lower case."""
    parts = request.path_params
    return (
        f"/subscriptions/{parts['subscription']}/resourcegroups/{parts['resource_group']}"
        f"/providers/microsoft.containerinstance/containergroups/{parts['name']}"
    ).lower()


def _gone(request: Request) -> str:
    return f"There is no container group {request.path_params['name']}. It may have been deleted."
