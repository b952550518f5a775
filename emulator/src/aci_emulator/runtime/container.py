# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A container of a running group: pulls, starts, watches and restarts it according to its restart policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.clock import Clock, Timer
from . import state as states
from .backoff import BackOff
from .base import Handle, Pulled, Runtime
from .definition import ALWAYS, NEVER, ContainerSpec, GroupSpec
from .events import WARNING, EventLog
from .images import pinned
from .log import LogBuffer
from .probes import Prober
from .state import ContainerState

START_FAILED = 128  # reported by container engines if the process could not be started


class ContainerRun:
    """The lifecycle of one container in one deployment of its group.

    ``on_change`` is called when the view changes; ``on_settled`` when the container has started for the first time, or
    will never start; ``on_finished``, with the exit code, when it has ended and will not be restarted.
    """

    def __init__(
        self,
        group: GroupSpec,
        spec: ContainerSpec,
        runtime: Runtime,
        clock: Clock,
        events: EventLog,
        *,
        pull_seconds: float,
        on_change: Callable[[], None],
        on_settled: Callable[[], None],
        on_finished: Callable[[int], None],
    ) -> None:
        self.group = group
        self.spec = spec
        self.events = events
        self.restart_count = 0
        self.current: ContainerState | None = None
        self.previous: ContainerState | None = None
        self.exit_code: int | None = None  # of the last run, if no other follows
        self.settled = False
        self.handle: Handle | None = None
        self._runtime = runtime
        self._clock = clock
        self._pull_seconds = pull_seconds
        self._on_change = on_change
        self._on_settled = on_settled
        self._on_finished = on_finished
        self._policy = group.init_restart_policy if spec.init else group.restart_policy
        self._restarts = BackOff(first_at_once=True)
        self._pulls = BackOff()
        self._timer: Timer | None = None
        self._run: _Run | None = None
        self._given_up = False
        self._ending: Callable[[], None] | None = None
        self._digest = ""
        self._prober: Prober | None = None

    # -- reading

    def view(self) -> dict[str, Any] | None:
        """Returns the container's instance view; None before its first event."""
        if self.current is None:
            return None
        view: dict[str, Any] = {"restartCount": self.restart_count, "currentState": self.current.wire()}
        if self.previous is not None:
            view["previousState"] = self.previous.wire()
        if self.events:
            view["events"] = self.events.wire()
        return view

    @property
    def log(self) -> LogBuffer | None:
        """The output of the current or last run; None before the first run."""
        return self.handle.log if self.handle is not None else None

    @property
    def running(self) -> bool:
        """True while a process (real or simulated) is running."""
        return self.current is not None and self.current.state == states.RUNNING

    @property
    def ready(self) -> bool:
        """True if it is running and its readiness probe, if any, succeeds."""
        return self.running and (self._prober is None or self._prober.ready)

    # -- actions

    def begin(self, *, pull: bool) -> None:
        """Starts the container, after pulling its image if ``pull``."""
        self.current = ContainerState(states.WAITING)
        if pull:
            self._pull()
        else:
            self._start()
        self._on_change()

    def end(self, done: Callable[[], None], *, killing: bool, now: bool = False) -> None:
        """Ends the container permanently, then calls ``done``. The view remains unchanged."""
        self._given_up = True
        self._cancel_timer()
        self._stop_probes()
        if self._run is None:
            done()
            return
        self._ending = done
        if killing:
            self._event("Killing", f"Killing container {self.spec.name} (platform initiated).")
            self._on_change()
        if self.handle is not None:
            self.handle.stop(now=now)

    def abandon(self) -> None:
        """Cancels all timers and ignores further events."""
        self._given_up = True
        self._run = None
        self._cancel_timer()
        self._stop_probes()

    def mark_stopped(self) -> None:
        """Immediately shows the view after a stop (recorded in 2024): no start time, no exit code."""
        if self.current is None or self.current.state == states.TERMINATED:
            return
        if self.current.state == states.RUNNING:
            self.previous = self.current
        self.current = ContainerState(states.TERMINATED, states.STOPPED_DETAIL, finished=self._clock.now())

    def note_pulled(self) -> None:
        """Records the events of a pull."""
        self._event("Pulling", f'pulling image "{self._pinned()}"')
        self._event("Pulled", f'Successfully pulled image "{self._pinned()}"')

    def kill(self, event: str) -> None:
        """Ends the current run because of a failed probe; the restart policy decides what follows."""
        if self.handle is not None and self._run is not None:
            self._event("Killing", event)
            self._stop_probes()
            self.handle.stop()
            self._on_change()

    def resume(self, view: dict[str, Any], log: list[list[str]], *, keeps_running: bool) -> None:
        """Resumes the container from its ``view`` when the emulator ended.

        A run that could not continue in the meantime is started again, which counts as a restart by the platform.
        """
        self.restart_count = int(view.get("restartCount", 0))
        self.current = ContainerState.from_wire(view["currentState"])
        self.previous = ContainerState.from_wire(view["previousState"]) if "previousState" in view else None
        if self.current.state == states.TERMINATED:
            self.handle = _Ended(self._clock, log)
            self.settled = True
            if self.current.by_client or not self._restarts_after(self.current.exit_code or 0):
                self.exit_code = self.current.exit_code or 0
            else:
                self._restart(0.0)
            return
        if self.current.state == states.RUNNING:
            self.settled = True
            started = self.current.started
            if not keeps_running:
                self.previous = ContainerState(
                    states.TERMINATED, states.ERROR_DETAIL, started, self._clock.now(), exit_code=137
                )
                self.restart_count += 1
                self.current = ContainerState(states.WAITING)
                started = None
            self._start(quiet=keeps_running)
            if started is not None and self.running:
                self.current = ContainerState(states.RUNNING, started=started)
        elif self.previous is not None:
            self.settled = True
            self.handle = _Ended(self._clock, log)
            self._restart(self._restarts.next())
        else:
            self._pull()

    # -- pulling

    def _pull(self) -> None:
        self._event("Pulling", f'pulling image "{self._pinned()}"')
        self._later(
            self._pull_seconds,
            lambda: self._runtime.pull(self.spec.image, [dict(c) for c in self.group.credentials], self._pulled),
        )

    def _pull_again(self) -> None:
        self._pull()
        self._on_change()

    def _pulled(self, result: Pulled) -> None:
        if self._given_up:
            return
        if result.error:
            self._event("Failed", f'Failed to pull image "{self.spec.image}": {result.error}', WARNING)
            self._later(self._pulls.next(), self._pull_again)
            self._event("BackOff", f'Back-off pulling image "{self.spec.image}"')
            self.current = ContainerState(
                states.WAITING, f'ImagePullBackOff: Back-off pulling image "{self.spec.image}"'
            )
            self._on_change()
            return
        self._digest = result.digest
        self._event("Pulled", f'Successfully pulled image "{self._pinned()}"')
        self._start()
        self._on_change()

    def _pinned(self) -> str:
        return pinned(self.spec.image, self._digest or self._runtime.digest(self.spec.image))

    # -- running

    def _start(self, *, quiet: bool = False) -> None:
        run = self._run = _Run(self, quiet=quiet)
        self.handle = self._runtime.start(self.group, self.spec, run)

    def _on_start(self, *, quiet: bool) -> None:
        self.current = ContainerState(states.RUNNING, started=self._clock.now())
        if not quiet:
            self._event("Started", "Started container")
        self._prober = Prober(self, self._clock)
        self._prober.begin()
        self._settle()
        self._on_change()

    def _on_exit(self, code: int, detail: str) -> None:
        self._run = None
        self._stop_probes()
        if self._ending is not None:
            done, self._ending = self._ending, None
            done()
            return
        started = self.current.started if self.current is not None else None
        detail = detail or (states.COMPLETED_DETAIL if code == 0 else states.ERROR_DETAIL)
        self.current = ContainerState(states.TERMINATED, detail, started, self._clock.now(), code)
        if self._restarts_after(code):
            self._restarts.ran((self._clock.now() - started).total_seconds() if started else 0.0)
            self._restart(self._restarts.next())
        else:
            self.exit_code = code
            self._on_finished(code)
        self._on_change()

    def _on_start_failed(self, message: str) -> None:
        if self._given_up:
            self._on_exit(START_FAILED, "")
            return
        self._event("Failed", f"Error: Failed to start container {self.spec.name}: {message}", WARNING)
        if self.current is None or self.current.state != states.RUNNING:
            self.current = ContainerState(states.WAITING, started=self._clock.now())
        self._settle()
        self._on_exit(START_FAILED, "")

    def _restarts_after(self, code: int) -> bool:
        return self._policy == ALWAYS or (self._policy != NEVER and code != 0)

    def _restart(self, delay: float) -> None:
        if delay:
            self.previous, self.current = (
                (self.current if self.current and self.current.state == states.TERMINATED else self.previous),
                ContainerState(states.WAITING, f"CrashLoopBackOff: Back-off {_go_duration(delay)} restarting failed"),
            )
            self._event("BackOff", "Back-off restarting failed container", WARNING)
        self._later(delay, self._start_again)

    def _start_again(self) -> None:
        if self.current is not None and self.current.state == states.TERMINATED:
            self.previous = self.current
        self.restart_count += 1
        self.current = ContainerState(states.WAITING)
        self._start()
        self._on_change()

    def _settle(self) -> None:
        if not self.settled:
            self.settled = True
            self._on_settled()

    def _stop_probes(self) -> None:
        if self._prober is not None:
            self._prober.end()
            self._prober = None

    def endpoint(self, port: int) -> tuple[str, int] | None:
        """The actual address of a port of the container."""
        return self._runtime.endpoint(self.group.id, port)

    def event(self, name: str, message: str, kind: str) -> None:
        """Records an event and reports the change."""
        self._event(name, message, kind)
        self._on_change()

    def _event(self, name: str, message: str, kind: str = "Normal") -> None:
        self.events.record(self._clock.now(), name, message, kind)

    def _later(self, delay: float, callback: Callable[[], None]) -> None:
        self._cancel_timer()
        self._timer = self._clock.call_later(delay, callback)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Run:
    """Observes one run, and ignores it once it is no longer the container's current run."""

    def __init__(self, container: ContainerRun, *, quiet: bool) -> None:
        self._container = container
        self._quiet = quiet

    def started(self) -> None:
        if self._current and not self._container._given_up:
            self._container._on_start(quiet=self._quiet)

    def exited(self, code: int, detail: str = "") -> None:
        if self._current:
            self._container._on_exit(code, detail)

    def failed(self, message: str) -> None:
        if self._current:
            self._container._on_start_failed(message)

    @property
    def _current(self) -> bool:
        return self._container._run is self


class _Ended(Handle):
    """A run that ended before the emulator's last start, of which only the log remains."""

    def __init__(self, clock: Clock, log: list[list[str]]) -> None:
        self.log = LogBuffer(clock.now)
        self.log.restore(log)
        self.log.close()

    def stop(self, *, now: bool = False) -> None:
        """Does nothing, because nothing is running."""


def _go_duration(seconds: float) -> str:
    """Returns a duration in kubelet's format: 10s, 1m20s, 5m0s."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
