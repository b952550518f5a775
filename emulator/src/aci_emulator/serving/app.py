# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The application: routes, middleware and error handlers."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from ..arm.errors import ArmError
from ..arm.paths import literals_of
from ..arm.responses import error_response
from .controls import Controls
from .gateway import Gateway, no_such_route


def application(
    controls: Controls, routes: Iterable[BaseRoute], arm: Iterable[BaseRoute], locked: Callable[[str], Response]
) -> Starlette:
    """Returns an emulator's application: its routes behind the gateway. Its lifespan starts and closes the emulator.

    ``arm`` are the routes among them that belong to Resource Manager.
    """
    literals = {**literals_of(_paths(arm)), **controls.resource_manager.providers.literals()}

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await controls.start()
        try:
            yield
        finally:
            await controls.close()

    return Starlette(
        routes=list(routes),
        middleware=[Middleware(Gateway, controls=controls, literals=literals, locked=locked)],
        exception_handlers=_HANDLERS,
        lifespan=lifespan,
    )


async def _on_arm_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, ArmError)  # noqa: S101 - registered for this class
    return error_response(error)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class
    return no_such_route(request.method, error.status_code)


_HANDLERS: dict[type[Exception] | int, Callable[[Request, Exception], Awaitable[Response]]] = {
    ArmError: _on_arm_error,
    HTTPException: _on_http_exception,
}


def _paths(routes: Iterable[BaseRoute]) -> list[str]:
    return [str(getattr(route, "path", "")) for route in routes]
