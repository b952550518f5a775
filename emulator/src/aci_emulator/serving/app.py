# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The application: routes, middleware, and what becomes of errors."""

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
from ..emulator import Emulator
from ..pages import Pages
from .control_api import Control
from .gateway import Gateway, no_such_route


def create_app(emulator: Emulator) -> Starlette:
    """Returns the application of an emulator. Its lifespan starts and closes the emulator."""
    manager = emulator.resource_manager
    arm: list[BaseRoute] = [*emulator.locks.routes(), *manager.routes(), *emulator.container_instance.routes()]
    literals = {**literals_of(_paths(arm)), **manager.providers.literals()}

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await emulator.start()
        try:
            yield
        finally:
            await emulator.close()

    return Starlette(
        routes=[
            *Control(emulator).routes(),
            *Pages(emulator).routes(),
            *arm,
            *emulator.managed_identity.routes(),
            *emulator.issuer.routes(),
            *emulator.identity.routes(),
        ],
        middleware=[Middleware(Gateway, emulator=emulator, literals=literals)],
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
