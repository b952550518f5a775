# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Liveness and readiness probes, which the emulator itself runs with kubelet's timings."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ..core.clock import Clock, Timer
from .base import ExecRefused, Handle
from .events import WARNING

if TYPE_CHECKING:
    from .definition import ContainerSpec, GroupSpec

_OUTPUT_LIMIT = 1024


class Probed(Protocol):
    """The part of a container that a prober uses."""

    group: GroupSpec
    spec: ContainerSpec
    handle: Handle | None

    def event(self, name: str, message: str, kind: str) -> None:
        """Records an event."""

    def kill(self, event: str) -> None:
        """Ends the run."""

    def endpoint(self, port: int) -> tuple[str, int] | None:
        """The actual address of a port."""


class Prober:
    """Both probes of one run of a container. Failures are recorded as events. A failed liveness probe ends the run;
    while the readiness probe fails, or has not succeeded yet, the container's ports cannot be reached from outside."""

    def __init__(self, container: Probed, clock: Clock) -> None:
        self._probes = [
            _Probe(container, clock, kind, probe)
            for kind, probe in (("Liveness", container.spec.liveness), ("Readiness", container.spec.readiness))
            if probe
        ]

    @property
    def ready(self) -> bool:
        """True if there is no readiness probe, or if it succeeds."""
        return all(probe.succeeding for probe in self._probes if probe.kind == "Readiness")

    def begin(self) -> None:
        """Starts probing, for which the event loop must be running when the first probe is due."""
        for probe in self._probes:
            probe.begin()

    def end(self) -> None:
        """Stops probing."""
        for probe in self._probes:
            probe.end()


class _Probe:
    def __init__(self, container: Probed, clock: Clock, kind: str, probe: Mapping[str, Any]) -> None:
        self._container = container
        self._clock = clock
        self.kind = kind
        self.succeeding = False
        self._probe = probe
        self._failures = 0
        self._successes = 0
        self._timer: Timer | None = None
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._timer = self._clock.call_later(self._number("initialDelaySeconds", 0), self._due)

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None and self._task is not _current_task():
            self._task.cancel()

    def _number(self, name: str, default: int) -> int:
        value = self._probe.get(name)
        return int(value) if value is not None else default

    def _due(self) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        self._task = loop.create_task(self._round())

    async def _round(self) -> None:
        problem = await self._attempt(max(1, self._number("timeoutSeconds", 1)))
        if problem is None:
            self._failures = 0
            self._successes += 1
            self.succeeding = self.succeeding or self._successes >= self._number("successThreshold", 1)
        else:
            self._failures += 1
            self._successes = 0
            failed = self._failures >= self._number("failureThreshold", 3)
            self.succeeding = self.succeeding and not failed
            self._container.event("Unhealthy", f"{self.kind} probe failed: {problem}", WARNING)
            if self.kind == "Liveness" and failed:
                name = self._container.spec.name
                self._container.kill(f"Container {name} failed liveness probe, will be restarted")
                return
        self._timer = self._clock.call_later(max(1, self._number("periodSeconds", 10)), self._due)

    async def _attempt(self, timeout: float) -> str | None:
        """Returns the failure; None if the probe succeeded, or if the runtime has nothing to probe."""
        if (command := (self._probe.get("exec") or {}).get("command")) and self._container.handle is not None:
            try:
                code, output = await self._container.handle.run([str(part) for part in command], timeout)
            except ExecRefused:
                return None
            except TimeoutError:
                return f"command {' '.join(map(str, command))!r} timed out"
            return None if code == 0 else (output.strip()[:_OUTPUT_LIMIT] or f"command exited with {code}")
        if http := self._probe.get("httpGet"):
            return await self._get(http, timeout)
        return None

    async def _get(self, http: Mapping[str, Any], timeout: float) -> str | None:
        address = self._container.endpoint(int(http["port"]))
        if address is None:
            return None
        if str(http.get("scheme") or "http").lower() == "https":
            return await _connects(address, timeout)
        path = str(http.get("path") or "/")
        url = f"http://localhost:{http['port']}/{path.lstrip('/')}"
        headers = {"Host": f"localhost:{http['port']}", "User-Agent": "kube-probe/1.0", "Connection": "close"}
        headers.update({str(h.get("name")): str(h.get("value", "")) for h in http.get("httpHeaders") or ()})
        request = (
            f"GET /{path.lstrip('/')} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items()) + "\r\n"
        )
        try:
            async with asyncio.timeout(timeout):
                reader, writer = await asyncio.open_connection(*address)
                try:
                    writer.write(request.encode("latin-1", "replace"))
                    await writer.drain()
                    line = (await reader.readline()).decode("latin-1").split()
                finally:
                    writer.close()
        except TimeoutError:
            return f'Get "{url}": context deadline exceeded'
        except OSError:
            return f'Get "{url}": dial tcp: connect: connection refused'
        status = int(line[1]) if len(line) > 1 and line[1].isdigit() else 0
        return None if 200 <= status < 400 else f"HTTP probe failed with statuscode: {status}"


async def _connects(address: tuple[str, int], timeout: float) -> str | None:
    """Checks an HTTPS probe by connecting: such probes do not verify certificates."""
    try:
        async with asyncio.timeout(timeout):
            _, writer = await asyncio.open_connection(*address)
            writer.close()
    except (OSError, TimeoutError):
        return "connect: connection refused"
    return None


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None
