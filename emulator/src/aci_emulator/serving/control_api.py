# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control endpoints under /emulator: for tests and tools on the same machine, without a bearer token.

The gateway has already checked access with ``access``.
"""

from __future__ import annotations

import fnmatch
import json
import os
import signal
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .. import __version__
from ..arm.errors import ArmError
from ..arm.responses import JsonResponse
from ..core.timestamps import moment
from ..faults.faults import BadFault
from ..faults.throttle import DEFAULT_RATES, Rate
from ..resources.policies import BadPolicy
from ..runtime.images import parse_image
from .controls import Controls

_YEAR = 366 * 24 * 3600


class Control:
    """Health, clock, faults, throttle, requests, policies and reset."""

    def __init__(self, controls: Controls) -> None:
        self._controls = controls

    def routes(self) -> list[BaseRoute]:
        """Returns the routes under /emulator."""
        return [
            Route("/emulator/health", self.health),
            Route("/emulator/clock", self.get_clock),
            Route("/emulator/clock", self.set_clock, methods=["POST"]),
            Route("/emulator/faults", self.list_faults),
            Route("/emulator/faults", self.add_fault, methods=["POST"]),
            Route("/emulator/faults", self.clear_faults, methods=["DELETE"]),
            Route("/emulator/faults/{number:int}", self.remove_fault, methods=["DELETE"]),
            Route("/emulator/throttle", self.get_throttle),
            Route("/emulator/throttle", self.set_throttle, methods=["PUT"]),
            Route("/emulator/throttle", self.reset_throttle, methods=["DELETE"]),
            Route("/emulator/requests", self.list_requests),
            Route("/emulator/requests", self.clear_requests, methods=["DELETE"]),
            Route("/emulator/actions", self.list_actions),
            Route("/emulator/policies", self.list_policies),
            Route("/emulator/policies", self.set_policies, methods=["PUT"]),
            Route("/emulator/images", self.get_image),
            Route("/emulator/images", self.move_image, methods=["POST"]),
            Route("/emulator/instance-metadata", self.get_instance_metadata),
            Route("/emulator/instance-metadata", self.set_instance_metadata, methods=["POST"]),
            Route("/emulator/links", self.add_link, methods=["POST"]),
            Route("/emulator/reset", self.reset, methods=["POST"]),
            Route("/emulator/stop", self.stop, methods=["POST"]),
        ]

    async def health(self, request: Request) -> Response:
        """Reports that the emulator is serving; with the key or a session, also its version and runtime.

        ``engine`` is the state of the container engine, which is queried for each request; while it does not answer,
        ``status`` is unreachable.
        """
        controls = self._controls
        if not controls.access.has_key(request.headers) and controls.access.session(request.headers) is None:
            return JsonResponse({"status": "ok"})
        engine = await controls.supervisor.runtime.engine()
        return JsonResponse(
            {
                "status": "ok" if engine is None else engine["status"],
                "version": __version__,
                "pid": os.getpid(),
                "url": controls.settings.base_url,
                "proxy": controls.settings.proxy_url,
                "runtime": controls.supervisor.runtime.describe(),
                "engine": engine,
            }
        )

    async def get_clock(self, request: Request) -> Response:
        """Shows the clock: ``now`` (ISO 8601), ``seconds`` since the start, ``speed``, ``frozen``."""
        clock = self._controls.clock
        return JsonResponse(
            {
                "now": clock.now().isoformat().replace("+00:00", "Z"),
                "seconds": clock.time(),
                "speed": clock.speed,
                "frozen": clock.frozen,
            }
        )

    async def set_clock(self, request: Request) -> Response:
        """``{"action": "freeze" | "resume"}``, ``{"action": "advance", "seconds": 60}`` or
        ``{"action": "set", "now": "2026-01-01T00:00:00Z"}``. Answers like GET, after all due timers have run."""
        clock = self._controls.clock
        body = await read_json(request)
        action = body.get("action")
        if action == "freeze":
            clock.freeze()
        elif action == "resume":
            clock.resume()
        elif action == "advance":
            await clock.step(_seconds(body.get("seconds")))
        elif action == "set":
            when = _moment(body.get("now"))
            forward = (when - clock.now()).total_seconds()
            if forward >= 0:
                await clock.step(_seconds(forward))
            else:
                clock.set(when)
        else:
            raise bad_control("action must be freeze, resume, advance or set")
        self._controls.save_clock()
        return await self.get_clock(request)

    async def list_faults(self, request: Request) -> Response:
        """Lists the faults in force, with the numbers of requests that each has ``seen`` and hit (``hits``)."""
        return JsonResponse({"value": [fault.describe() for fault in self._controls.faults.all()]})

    async def add_fault(self, request: Request) -> Response:
        """Sets a fault, and returns it with its number."""
        try:
            fault = self._controls.faults.add(await read_json(request))
        except BadFault as error:
            raise bad_control(str(error)) from None
        return JsonResponse(fault.describe(), status_code=201)

    async def remove_fault(self, request: Request) -> Response:
        """Removes one fault."""
        if not self._controls.faults.remove(request.path_params["number"]):
            raise ArmError(404, "NotFound", f"There is no fault {request.path_params['number']}.")
        return Response(status_code=204)

    async def clear_faults(self, request: Request) -> Response:
        """Removes all faults; operations that they held up continue."""
        self._controls.clear_faults()
        return Response(status_code=204)

    async def get_throttle(self, request: Request) -> Response:
        """Shows Resource Manager's token buckets: ``{"reads": "16500:1650", "writes": "12000:1200"}``, each with its
        size and its refill per second."""
        return JsonResponse(self._controls.throttle.describe())

    async def set_throttle(self, request: Request) -> Response:
        """Sets the sizes of the buckets in ``{"reads": "250:25", "writes": ...}``, and fills all. Answers like GET."""
        rates: dict[str, Rate] = {}
        for kind, text in (await read_json(request)).items():
            if kind not in DEFAULT_RATES:
                raise bad_control(f"{kind} is not a bucket; use {' or '.join(DEFAULT_RATES)}")
            if not isinstance(text, str):
                raise bad_control(f"{kind} must be a string SIZE:REFILL, for example 250:25")
            try:
                rates[kind] = Rate.parse(text)
            except ValueError:
                raise bad_control(f"{kind} must be SIZE:REFILL, for example 250:25") from None
        self._controls.throttle.replace(rates)
        return await self.get_throttle(request)

    async def reset_throttle(self, request: Request) -> Response:
        """Resets the buckets to their sizes at startup, and fills them."""
        self._controls.throttle.replace(None)
        return Response(status_code=204)

    async def list_requests(self, request: Request) -> Response:
        """Lists the newest requests, filtered by ``method``, ``path`` (a shell pattern) and ``after`` (a number)."""
        query = request.query_params
        try:
            after = int(query.get("after", "0"))
        except ValueError:
            raise bad_control("after must be a whole number") from None
        method, pattern = query.get("method", "").upper(), query.get("path", "*").lower()
        chosen = [
            entry.show()
            for entry in self._controls.requests.newest(after=after)
            if method in ("", entry.method) and fnmatch.fnmatchcase(entry.path.lower(), pattern)
        ]
        return JsonResponse({"count": len(chosen), "value": chosen})

    async def clear_requests(self, request: Request) -> Response:
        """Clears the request log."""
        self._controls.requests.clear()
        return Response(status_code=204)

    async def list_actions(self, request: Request) -> Response:
        """Lists the actions for which requests needed a role and were allowed, optionally of one ``principal``."""
        return JsonResponse({"value": self._controls.requests.actions(request.query_params.get("principal"))})

    async def list_policies(self, request: Request) -> Response:
        """Lists the policies in force, as they were given."""
        return JsonResponse({"value": self._controls.policies.describe()})

    async def set_policies(self, request: Request) -> Response:
        """Replaces all policies with those in ``{"value": [...]}``."""
        try:
            self._controls.policies.replace((await read_json(request)).get("value"))
        except BadPolicy as error:
            raise bad_control(str(error)) from None
        return await self.list_policies(request)

    async def get_image(self, request: Request) -> Response:
        """Shows the digest of a made-up image, the query's ``reference``."""
        reference = request.query_params.get("reference", "")
        if parse_image(reference) is None:
            raise bad_control("reference must name an image")
        return JsonResponse({"reference": reference, "digest": self._controls.digests.of(reference)})

    async def move_image(self, request: Request) -> Response:
        """``{"reference": "127.0.0.1:8443/web:1"}`` moves the tag to another image. Answers like GET, with the digest
        ``before`` in addition."""
        reference = str((await read_json(request)).get("reference", ""))
        digests = self._controls.digests
        before = digests.of(reference)
        try:
            digest = digests.move(reference)
        except ValueError as error:
            raise bad_control(str(error)) from None
        return JsonResponse({"reference": reference, "before": before, "digest": digest})

    async def get_instance_metadata(self, request: Request) -> Response:
        """Shows whether the metadata service issues tokens: ``{"served": false}``."""
        return JsonResponse({"served": self._controls.managed_identity.instance_metadata})

    async def set_instance_metadata(self, request: Request) -> Response:
        """``{"served": true}`` lets the metadata service issue tokens to any client, until the emulator ends."""
        served = (await read_json(request)).get("served")
        if not isinstance(served, bool):
            raise bad_control("served must be true or false")
        self._controls.managed_identity.instance_metadata = served
        return await self.get_instance_metadata(request)

    async def add_link(self, request: Request) -> Response:
        """Returns ``{"url": ...}``, which gives one browser access to the pages, once and within 60 (real) seconds."""
        return JsonResponse({"url": self._controls.access.new_link()}, status_code=201)

    async def reset(self, request: Request) -> Response:
        """Removes everything that clients have created."""
        await self._controls.reset()
        return Response(status_code=204)

    async def stop(self, request: Request) -> Response:
        """Ends the emulator like SIGTERM, after the response."""
        signal.raise_signal(signal.SIGTERM)
        return Response(status_code=202)


async def read_json(request: Request) -> dict[str, Any]:
    """Returns the JSON object in a control request, ``{}`` for an empty body. Raises ArmError 400."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > 1024 * 1024:
            raise bad_control("the body is too long")
    if not body.strip():
        return {}
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise bad_control("the body is not JSON") from None
    if not isinstance(document, dict):
        raise bad_control("the body must be a JSON object")
    return document


def bad_control(reason: str) -> ArmError:
    """Returns the error for an invalid control request."""
    return ArmError(400, "InvalidControlRequest", f"{reason[0].upper()}{reason[1:]}.")


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100 * _YEAR:
        raise bad_control("seconds must be a number from 0 to a hundred years")
    return float(value)


def _moment(value: Any) -> datetime:
    try:
        return moment(str(value))
    except ValueError:
        raise bad_control("now must be a date and time in ISO 8601") from None
