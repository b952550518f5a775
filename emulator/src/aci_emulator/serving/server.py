# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The server: sockets, TLS, the files by which other programs find the emulator, and a clean shutdown."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import getpass
import logging
import os
import shlex
import signal
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..core.facts import read_facts, write_facts
from ..core.settings import Settings, reachable, unbound
from ..core.statedir import StateError, lock, no_room, prepare, write_json
from ..identity.sign_in_env import CREDENTIALS, METADATA_WARNING
from .access import LINK_SECONDS, is_loopback
from .connections import TrackedProtocol, cut_all
from .controls import Controls
from .tls import ensure_certificates

_log = logging.getLogger(__name__)
_GRACE_SECONDS = 1  # for clients to finish when the emulator ends
# With thousands of groups, garbage collection of all objects would take half the time of a list request. Almost all
# garbage of a request is young, and found by the collections of young objects, which remain frequent.
_COLLECTIONS = (5_000, 20, 200)


Launch = Callable[[Settings], tuple[ASGIApp, Controls]]


def serve(settings: Settings, launch: Launch) -> int:
    """Serves the result of ``launch`` until a signal ends it, and returns the exit code of the process.

    Raises OSError if it cannot bind, ValueError for bad settings, StateError if the state directory cannot be used.
    """
    settings.state_dir = prepare(settings.state_dir)
    gc.set_threshold(*_COLLECTIONS)
    with lock(settings.state_dir):
        return asyncio.run(_serve(settings, launch))


async def _serve(settings: Settings, launch: Launch) -> int:
    if not is_loopback(settings.host):
        print(
            f"WARNING: listening on {settings.host}: anyone who reaches this machine reaches the emulator, and anyone "
            "with its credentials can run programs here. It is meant for loopback.",
            file=sys.stderr,
            flush=True,
        )
    certificates = ensure_certificates(settings.state_dir, settings.host)
    listener = _bind(settings)
    settings.base_url = f"https://{reachable(settings.host)}:{listener.getsockname()[1]}"
    launched, controls = launch(settings)
    app = _Dated(launched, controls)
    controls.intercept(app)
    config = uvicorn.Config(
        app,
        ssl_certfile=certificates.certificate,
        ssl_keyfile=certificates.key,
        http=TrackedProtocol,
        lifespan="off",  # the server starts the emulator itself, so that an error ends the command
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS + 2,
        timeout_keep_alive=75,
        backlog=512,
    )
    server = _Server(config, controls, certificates.ca)
    asyncio.get_running_loop().set_exception_handler(_on_exception)
    try:
        await server.serve(sockets=[listener])
    finally:
        await server.close()
    return 0 if server.started else 1


class _Dated:
    """Sends the emulator's time as ``Date``, because clients compute ages with it."""

    def __init__(self, app: ASGIApp, controls: Controls) -> None:
        self._app = app
        self._clock = controls.clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a request."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["date"] = format_datetime(self._clock.now(), usegmt=True)
            await send(message)

        await self._app(scope, receive, dated)


class _Server(uvicorn.Server):
    """Reports when it is serving, and ends with exit code 0 on SIGINT and SIGTERM."""

    def __init__(self, config: uvicorn.Config, controls: Controls, ca: Path) -> None:
        super().__init__(config)
        self._controls = controls
        self._ca = ca
        self._runs = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts to serve, then writes the files and the output that others wait for."""
        self._runs = True
        await self._controls.start()
        await super().startup(sockets)
        if self.started:
            announce(self._controls, self._ca)
            for line in _warnings(self._controls):
                print(line, file=sys.stderr, flush=True)
            print(f"ready {self._controls.settings.base_url}", flush=True)
            print(_invitation(self._controls), flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops serving, even if clients keep their connections open."""
        timer = asyncio.get_running_loop().call_later(_GRACE_SECONDS, cut_all)
        await super().shutdown(sockets)
        timer.cancel()
        await self.close()

    async def close(self) -> None:
        """Closes the emulator, unless it was already closed."""
        if self._runs:
            self._runs = False
            await self._controls.close()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ends on the first signal, and on the second without waiting for open requests."""
        loop = asyncio.get_running_loop()
        signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        for each in signals:
            loop.add_signal_handler(each, self._on_signal)
        try:
            yield
        finally:
            for each in signals:
                loop.remove_signal_handler(each)

    def _on_signal(self) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


def announce(controls: Controls, ca: Path) -> None:
    """Writes the data for ``aci-emulator env``, and the auth file."""
    settings, directory = controls.settings, controls.directory
    main = directory.main
    first, second = directory.main_subscriptions[:2]
    url = settings.base_url
    write_facts(
        settings.state_dir,
        {
            "url": url,
            "port": int(url.rpartition(":")[2]),
            "proxy": settings.proxy_url,
            "pid": os.getpid(),
            "ca": str(ca),
            "tenant_id": main.tenant_id,
            "subscription_id": first.id,
            "second_subscription_id": second.id,
        },
    )
    write_json(
        settings.state_dir / CREDENTIALS,
        {
            "clientId": main.client_id,
            "clientSecret": main.secrets[0],
            "subscriptionId": first.id,
            "tenantId": main.tenant_id,
            "activeDirectoryEndpointUrl": url,
            "resourceManagerEndpointUrl": url,
            "activeDirectoryGraphResourceId": url,
            "sqlManagementEndpointUrl": url,
            "galleryEndpointUrl": url,
            "managementEndpointUrl": url,
        },
    )


def _warnings(controls: Controls) -> Iterator[str]:
    """Yields warnings for the user who starts the emulator, one line each."""
    if controls.supervisor.runtime.name != "simulated":
        yield (
            f"NOTE: the runtime {controls.supervisor.runtime.name} runs programs as you, {_user()}: anyone with the "
            "credentials in the state directory can run programs as you."
        )
    if controls.managed_identity.instance_metadata:
        yield METADATA_WARNING


def _invitation(controls: Controls) -> str:
    """Returns a link to the pages, or how to get one if others can read the output."""
    mode = os.fstat(sys.stdout.fileno()).st_mode
    if stat.S_ISREG(mode) and mode & 0o044:
        return f"pages: aci-emulator open --state-dir {shlex.quote(str(controls.settings.state_dir))} prints a link"
    return f"pages (valid once, for {LINK_SECONDS:.0f} s): {controls.access.new_link()}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.geteuid())  # a user without a name


def _on_exception(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Logs errors outside of requests, in a sentence if there is one."""
    error = context.get("exception")
    if isinstance(error, StateError) or (isinstance(error, OSError) and no_room(error)):
        _log.error("could not store an event: %s", error)
    else:
        loop.default_exception_handler(context)


def _bind(settings: Settings) -> socket.socket:
    """Binds the configured port. For port 0, reuses the last port if it is free, so that clients find it again."""
    ports = [settings.port]
    if settings.port == 0:
        facts = read_facts(settings.state_dir)
        if facts is not None:
            ports = [facts["port"], 0]
    for port in ports:
        try:
            return _listener(settings.host, port)
        except OSError as error:
            if port == ports[-1]:
                raise unbound(error, settings.host, port, "--port") from error
    raise AssertionError("unreachable")


def _listener(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError:
        listener.close()
        raise
    return listener
