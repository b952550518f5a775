# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One deployment of a container group: its init containers in sequence, then its containers in parallel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..core.clock import Clock
from . import state as states
from .base import Runtime
from .container import ContainerRun
from .definition import ContainerSpec, GroupSpec
from .events import EventLog

Key = tuple[bool, str]  # (is an init container, name)


class GroupRun:
    """The containers of one deployment. ``on_settled`` is called once: when all containers have been started, or never
    will be because an init container has finally failed."""

    def __init__(
        self,
        spec: GroupSpec,
        runtime: Runtime,
        clock: Clock,
        history: Mapping[Key, EventLog],
        *,
        pull_seconds: float,
        on_change: Callable[[], None],
        on_settled: Callable[[], None],
    ) -> None:
        self.spec = spec
        self._on_change = on_change
        self._on_settled = on_settled
        self._pull = True
        self._ended = False

        def run(container: ContainerSpec) -> ContainerRun:
            return ContainerRun(
                spec,
                container,
                runtime,
                clock,
                history[(container.init, container.name)],
                pull_seconds=pull_seconds,
                on_change=on_change,
                on_settled=self._settle,
                on_finished=lambda code: self._finished(container, code),
            )

        self.init_containers = [run(container) for container in spec.init_containers]
        self.containers = [run(container) for container in spec.containers]

    @property
    def all(self) -> list[ContainerRun]:
        """Init containers and containers."""
        return [*self.init_containers, *self.containers]

    def find(self, name: str) -> ContainerRun | None:
        """Returns the container with a name; a container takes precedence over an init container."""
        return next((run for run in [*self.containers, *self.init_containers] if run.spec.name == name), None)

    @property
    def state(self) -> str:
        """The group's state, which depends on the restart policy."""
        for init in self.init_containers:
            if init.exit_code is None:
                return states.PENDING
            if init.exit_code != 0:
                return states.FAILED
        if not all(container.settled for container in self.containers):
            return states.PENDING
        return states.group_state(self.spec.restart_policy, (container.exit_code for container in self.containers))

    def redefine(self, spec: GroupSpec) -> None:
        """Applies a new definition of the same containers, which keep running."""
        self.spec = spec
        specs = {(each.init, each.name): each for each in (*spec.init_containers, *spec.containers)}
        for run in self.all:
            run.group, run.spec = spec, specs[run.spec.init, run.spec.name]

    def begin(self, *, pull: bool, pulled: bool = False) -> None:
        """Starts the first init container, or all containers if there is none. With ``pulled``, the images have already
        been pulled for this run."""
        self._pull = pull
        if pulled:
            for container in self.all:
                container.note_pulled()
        self._advance()

    def end(self, done: Callable[[], None], *, killing: bool, now: bool = False) -> None:
        """Ends all containers, then calls ``done``."""
        self._ended = True
        pending = len(self.all)

        def one() -> None:
            nonlocal pending
            pending -= 1
            if pending == 0:
                done()

        if not pending:
            done()
        for container in self.all:
            container.end(one, killing=killing, now=now)

    def abandon(self) -> None:
        """Abandons the containers without ending them, and cancels their timers."""
        self._ended = True
        for container in self.all:
            container.abandon()

    def mark_stopped(self) -> None:
        """Shows every container as stopped by the client."""
        for container in self.containers:
            container.mark_stopped()

    def resume(self, saved: Mapping[str, Any], resumes: Callable[[str], bool]) -> None:
        """Resumes the containers from ``saved``, the result of ``snapshot``."""
        for container in self.all:
            if (entry := saved.get(_label(container))) is not None:
                container.resume(entry["view"], entry.get("log", []), keeps_running=resumes(container.spec.image))
        if any(init.current is not None and init.exit_code is None for init in self.init_containers):
            return
        if not all(container.current is not None for container in self.containers):
            self._advance()

    def snapshot(self) -> dict[str, Any]:
        """Returns the data for ``resume`` in JSON types, without secrets: views, and the logs of ended containers."""
        saved: dict[str, Any] = {}
        for container in self.all:
            if (view := container.view()) is not None:
                entry: dict[str, Any] = {"view": view}
                if not container.running and container.log is not None:
                    entry["log"] = container.log.snapshot()
                saved[_label(container)] = entry
        return saved

    def _advance(self) -> None:
        for init in self.init_containers:
            if init.exit_code is None:
                init.begin(pull=self._pull)
                return
            if init.exit_code != 0:
                self._on_settled()
                return
        for container in self.containers:
            if container.current is None:
                container.begin(pull=self._pull)

    def _finished(self, container: ContainerSpec, code: int) -> None:
        if self._ended or not container.init:
            return
        self._advance()

    def _settle(self) -> None:
        if all(container.settled for container in self.containers):
            self._on_settled()


def _label(container: ContainerRun) -> str:
    return f"{'init/' if container.spec.init else ''}{container.spec.name}"
