# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runtime without processes: containers are timers, controlled by the rules of their images."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...core.clock import Clock, Timer
from ..base import Handle, Observer, Pulled, Runtime
from ..definition import ContainerSpec, GroupSpec
from ..images import Digests
from ..log import LogBuffer
from .sample_images import Script, pull_error, script_of

_KILLED = 137


class SimulatedRuntime(Runtime):
    """Simulates containers. Nothing listens on their ports."""

    name = "simulated"

    def __init__(self, clock: Clock, digests: Digests | None = None) -> None:
        self._clock = clock
        self.digests = digests or Digests()

    def describe(self) -> str:
        """Returns a sentence for the user."""
        return "simulated: containers are states and timers, nothing runs"

    def pull(self, image: str, credentials: Sequence[dict[str, Any]], done: Callable[[Pulled], None]) -> None:
        """Answers immediately, according to the rules."""
        error = pull_error(image)
        done(Pulled(error=error) if error else Pulled(digest=self.digests.of(image)))

    def digest(self, image: str) -> str:
        """Returns a made-up digest; empty for images that do not exist."""
        return "" if pull_error(image) else self.digests.of(image)

    def prepare(self, group: GroupSpec) -> None:
        """Does nothing."""

    def start(self, group: GroupSpec, container: ContainerSpec, observer: Observer) -> Handle:
        """Starts the container's timers."""
        return _Simulation(self._clock, script_of(container), observer)

    def release(self, group_id: str) -> None:
        """Does nothing."""

    async def close(self) -> None:
        """Does nothing."""

    def resumes(self, image: str) -> bool:
        """Returns True: a simulated container continues without the emulator."""
        return True


class _Simulation(Handle):
    def __init__(self, clock: Clock, script: Script, observer: Observer) -> None:
        self.log = LogBuffer(clock.now)
        self._clock = clock
        self._observer = observer
        self._ended = False
        self._timer: Timer | None = None
        observer.started()
        self.log.write(script.output.encode())
        if script.seconds is not None:
            self._timer = clock.call_later(script.seconds, lambda: self._end(script.code))

    def stop(self, *, now: bool = False) -> None:
        """Ends immediately, because no process can ignore the signal."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._clock.call_later(0.0, lambda: self._end(_KILLED))

    def _end(self, code: int) -> None:
        if not self._ended:
            self._ended = True
            self.log.close()
            self._observer.exited(code)
