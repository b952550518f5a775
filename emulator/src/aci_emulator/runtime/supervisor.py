# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs container groups like the service: phases, restarts, back-off, events, stop and start."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ..core.clock import Clock, Timer
from . import state as states
from .base import Handle, ImageRefused, MountFailed, Runtime
from .container import ContainerRun
from .definition import ContainerSpec, GroupSpec, read_group
from .events import WARNING, EventLog
from .glance import Glance, Trouble, first_trouble
from .group import GroupRun, Key
from .images import normalise_registry, parse_image
from .log import LogBuffer
from .state import ContainerState

PENDING = "pending"
CREATING = "creating"
PROVISIONED = "provisioned"
FAILED = "failed"
UNSETTLED = (PENDING, CREATING)

TIMED_OUT = "ResourceDeploymentFailure"
TIMED_OUT_MESSAGE = "Subscription deployment didn't reach a successful provisioning state after '00:30:00'."
# The events of a group in a virtual network after its infrastructure was created (recorded in 2019).
NETWORK_EVENTS = (
    ("PrepareNetwork", "Prepare network succeeded."),
    ("JoinNetwork", "Join network succeeded."),
    ("DelegateSubnet", "Delegate subnet succeeded."),
    ("ProvisionNetworkInterface", "Provision network interface succeeded."),
)
# The time between the acceptance of a restart or an update and the end of the containers (recorded in 2024: about 1 s).
RESTART_DELAY = 1.0
MOUNT_RETRY = 10.0


@dataclass(frozen=True)
class GroupView:
    """A group as the service shows it at one point in time.

    ``phase`` is that of the last operation: pending, creating, provisioned or failed (with ``code`` and ``message``).
    ``containers`` and ``init_containers`` map names to instance views, None for containers without events.
    """

    phase: str
    state: str
    code: str = ""
    message: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    containers: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    init_containers: dict[str, dict[str, Any] | None] = field(default_factory=dict)


class Supervisor:
    """Manages everything that runs. Times are in emulated seconds. All calls come from one thread.

    A deployment takes ``provisioning_seconds`` until its images are pulled, of which the pull takes ``pull_seconds``.
    """

    def __init__(
        self,
        clock: Clock,
        state_dir: Path,
        runtime: Runtime,
        *,
        unreachable_registries: Collection[str] = (),
        provisioning_seconds: float = 2.0,
        pull_seconds: float = 1.0,
        storage_accounts: Mapping[str, str] | None = None,
    ) -> None:
        self.clock = clock
        self.state_dir = state_dir
        self.runtime = runtime
        self._unreachable = {normalise_registry(registry) for registry in unreachable_registries}
        self._placement_seconds = max(0.0, provisioning_seconds - pull_seconds)
        self._pull_seconds = pull_seconds
        self._storage_accounts = storage_accounts
        self._groups: dict[str, _Group] = {}
        self._expected: dict[str, None] = {}  # an ordered set
        self._take_up: Callable[[str], None] = _nobody
        self._leaving: set[_Group] = set()

    # -- the interface

    def check_image(self, image: str, credentials: list[dict[str, Any]]) -> None:
        """Raises ImageRefused for images that the service refuses before it stores anything."""
        parsed = parse_image(image)
        if parsed is None:
            raise ImageRefused("InaccessibleImage", image, "")
        if normalise_registry(parsed.registry) in self._unreachable:
            raise ImageRefused("RegistryErrorResponse", image, parsed.registry)

    def deploy(
        self,
        group_id: str,
        definition: Mapping[str, Any],
        *,
        on_event: Callable[[str], None],
        update: bool = False,
        ready: bool = False,
    ) -> None:
        """Runs a definition (JSON with its secrets), replacing what is running with the same ID.

        Returns immediately. ``on_event(group_id)`` is called when the view changes, and before this returns only if
        ``ready``. With ``update``, the view immediately shows the containers as being created (recorded in 2019), even
        if the old ones are still ending; with ``ready``, everything is ready immediately, as from a standby pool.
        """
        spec = read_group(group_id, definition)
        group = self._find(group_id)
        if group is None:
            group = self._groups[group_id] = _Group(self, spec, on_event)
        group.on_event = on_event
        group.redefine(spec)
        group.deploy(pull=not ready, update=update, ready=ready)

    def refresh(self, group_id: str, definition: Mapping[str, Any]) -> None:
        """Applies a definition for which the containers keep running: at most their configuration maps change."""
        self._require(group_id).refresh(read_group(group_id, definition))

    def stop(self, group_id: str) -> None:
        """Ends the containers on behalf of a client; the view shows it immediately. Ignored by a finished group."""
        self._require(group_id).stop()

    def start(self, group_id: str) -> None:
        """Redeploys: creates new containers, pulls images, keeps events. Does nothing if the group is running."""
        group = self._require(group_id)
        if group.inactive:
            group.deploy(pull=True)

    def restart(self, group_id: str) -> None:
        """Ends and starts all containers, or starts those of a stopped or finished group. Keeps events, not counts."""
        group = self._require(group_id)
        group.deploy(pull=group.inactive)

    def remove(self, group_id: str) -> None:
        """Ends all containers of the group and removes it."""
        group = self._find(group_id)
        if group is not None:
            del self._groups[group_id]
            group.remove()

    def evict(self, group_id: str) -> None:
        """Ends the containers of a spot group, as the platform does if capacity is missing, and starts them again."""
        self._require(group_id).evict()

    def view(self, group_id: str) -> GroupView:
        """Returns what the service shows. Raises KeyError for an ID that was never deployed."""
        return self._require(group_id).view()

    def glance(self, group_id: str) -> Glance:
        """Returns the group's summary, for lists of thousands. Raises KeyError for an ID that was never deployed."""
        return self._require(group_id).glance()

    def group_ids(self) -> list[str]:
        """Returns the IDs of all deployed groups."""
        return [*self._groups, *self._expected]

    def logs(self, group_id: str, container: str, *, timestamps: bool = False) -> str | None:
        """Returns the log of the current run, within the service's limits; None if it is not available yet."""
        run = self._require(group_id).find(container)
        if run is None or run.log is None:
            return None
        return run.log.text(timestamps=timestamps, running=run.running)

    def log_buffer(self, group_id: str, container: str) -> LogBuffer | None:
        """Returns the buffer with the log of the current run, for streaming."""
        run = self._require(group_id).find(container)
        return run.log if run is not None else None

    def handle(self, group_id: str, container: str) -> Handle | None:
        """Returns the container's running process, or None."""
        run = self._require(group_id).find(container)
        return run.handle if run is not None and run.running else None

    def endpoint(self, group_id: str, port: int) -> tuple[str, int] | None:
        """Returns the actual address, on this machine, of a port of the group; None if nothing listens."""
        group = self._find(group_id)
        if group is None or group.inactive or port not in group.spec.ports:
            return None
        return self.runtime.endpoint(group_id, port) if group.ready(port) else None

    def join(self, group_id: str, subnet: str, prefix: str, address: str) -> None:
        """Gives a group its private address, in runtimes with networks. ``prefix`` is the subnet's, as a CIDR."""
        group = self._find(group_id)
        if group is not None and not group.inactive:
            self.runtime.join(group_id, subnet, prefix, address)

    def snapshot(self, group_id: str) -> dict[str, Any]:
        """Returns the data for ``restore`` in JSON types, without secrets."""
        return self._require(group_id).snapshot()

    def restore(
        self,
        group_id: str,
        definition: Mapping[str, Any],
        snapshot: Mapping[str, Any],
        on_event: Callable[[str], None] | None = None,
    ) -> None:
        """Resumes a group after a restart of the emulator. Containers that could not continue are restarted."""
        group = _Group(self, read_group(group_id, definition), on_event or _nobody)
        self._groups[group_id] = group
        group.restore(snapshot)

    def expect(self, group_ids: Iterable[str], take_up: Callable[[str], None]) -> None:
        """Adds groups that existed before a restart of the emulator, and need not be resumed yet.

        ``take_up``, which calls ``restore``, is called once for each of them: when the group is requested, or by
        ``take_up_expected``.
        """
        self._expected.update(dict.fromkeys(group_ids))
        self._take_up = take_up

    def take_up(self, group_id: str) -> None:
        """Resumes a group if it is expected."""
        self._find(group_id)

    @property
    def expecting(self) -> bool:
        """True while there are expected groups."""
        return bool(self._expected)

    def take_up_expected(self, most: int | None = None) -> None:
        """Resumes expected groups: all, or at most ``most``."""
        for group_id in list(itertools.islice(self._expected, most)):
            self._find(group_id)

    async def close(self) -> None:
        """Ends all processes, without further notifications."""
        self._expected.clear()
        for group in [*self._groups.values(), *self._leaving]:
            group.abandon()
        self._groups.clear()
        await self.runtime.close()

    def _find(self, group_id: str) -> _Group | None:
        """Returns the group with an ID, after resuming it if it is still expected."""
        if group_id in self._expected:
            del self._expected[group_id]
            try:
                self._take_up(group_id)
            except BaseException:
                self._expected[group_id] = None
                raise
        return self._groups.get(group_id)

    def _require(self, group_id: str) -> _Group:
        group = self._find(group_id)
        if group is None:
            raise KeyError(group_id)
        return group


class _Group:
    """A container group across its deployments."""

    def __init__(self, supervisor: Supervisor, spec: GroupSpec, on_event: Callable[[str], None]) -> None:
        self.spec = spec
        self.on_event = on_event
        self.events = EventLog()
        self.history: dict[Key, EventLog] = {}
        self._supervisor = supervisor
        self._clock = supervisor.clock
        self._runtime = supervisor.runtime
        self._run: GroupRun | None = None
        self._phase = PENDING
        self._code = ""
        self._message = ""
        self._stopped = False
        self._generation = 0
        self._timers: list[Timer] = []
        self._busy: GroupRun | None = None  # a run that is being ended
        self._when_idle: list[Callable[[], None]] = []
        self._quiet = False
        self._creating = False  # an update shows its containers as being created
        self._glance: Glance | None = None  # the last summary, if nothing has happened since
        self._know_containers()

    # -- reading

    @property
    def unsettled(self) -> bool:
        """True while an operation on the group is in progress."""
        return self._phase in UNSETTLED

    @property
    def inactive(self) -> bool:
        """True if the group is stopped or has finished."""
        if self._stopped:
            return True
        finished = self._run is not None and self._run.state in (states.SUCCEEDED, states.FAILED)
        return finished and not self.unsettled

    def view(self) -> GroupView:
        run = self._run
        missing = ContainerState(states.WAITING, states.CREATING_DETAIL) if self._creating and run is None else None
        return GroupView(
            phase=self._phase,
            state=self._state,
            code=self._code,
            message=self._message,
            events=self.events.wire(),
            containers=_views(self.spec.containers, run.containers if run is not None else (), missing),
            init_containers=_views(self.spec.init_containers, run.init_containers if run is not None else (), missing),
        )

    def glance(self) -> Glance:
        kept = self._glance
        if kept is None or (kept.until is not None and self._clock.now() >= kept.until):
            kept = self._glance = self._look(self._clock.now())
        return kept

    def _look(self, now: datetime) -> Glance:
        runs = self._run.all if self._run is not None else []
        trouble, until = (None, None) if self._stopped else first_trouble(runs, now)
        if trouble is None and self._phase == FAILED:
            trouble = Trouble(self._code, self._message)
        elif trouble is None and self.unsettled:
            event = self.events.last()
            if event is not None and event["type"] == WARNING:
                trouble = Trouble(str(event["name"]), str(event["message"]))
        own = self._run.containers if self._run is not None else []
        return Glance(
            state=self._state,
            trouble=trouble,
            running=sum(run.running for run in own),
            containers=len(self.spec.containers),
            restarts=sum(run.restart_count for run in own),
            newest=max([self.events.newest, *(log.newest for log in self.history.values())]),
            until=until,
        )

    @property
    def _state(self) -> str:
        if self._stopped:
            return states.STOPPED
        return self._run.state if self._run is not None else states.PENDING

    def find(self, name: str) -> ContainerRun | None:
        return self._run.find(name) if self._run is not None else None

    def ready(self, port: int) -> bool:
        """True unless all containers with this port are waiting for their readiness probes."""
        runs = [run for run in self._run.containers if port in run.spec.ports] if self._run is not None else []
        return not runs or any(run.ready for run in runs)

    # -- actions

    def redefine(self, spec: GroupSpec) -> None:
        """Sets a new definition and drops the events of the old one (recorded in 2019)."""
        self._glance = None
        self.spec = spec
        self.history = {}
        self.events = EventLog()
        self._know_containers()

    def refresh(self, spec: GroupSpec) -> None:
        """Sets a new definition for the running containers."""
        self._glance = None
        self.spec = spec
        if self._run is not None:
            self._run.redefine(spec)
        self._runtime.refresh(spec)
        self._phase, self._code, self._message = CREATING, "", ""

        def done() -> None:
            if self._phase == CREATING:
                self._phase = PROVISIONED
                self._changed()

        self._later(RESTART_DELAY, done)

    def deploy(self, *, pull: bool, update: bool = False, ready: bool = False) -> None:
        """Ends running containers, if any, and starts the current definition."""
        self._glance = None
        shown = None if self.inactive or update else self._run
        previous = self._run or self._busy
        self._cancel()
        self._generation += 1
        generation = self._generation
        self._stopped = False
        self._phase, self._code, self._message = CREATING if update else PENDING, "", ""
        self._creating = update
        if shown is None:
            self._run = None
        self._later(self.spec.provisioning_timeout, self._time_out)

        def place() -> None:
            if previous is not None:
                self._end(previous, killing=shown is not None)
            self._once_idle(begin)

        def begin() -> None:
            if generation == self._generation:
                if shown is None:
                    self._place()
                self._begin(generation, pull=pull, ready=ready)

        if ready:
            place()
        else:
            self._later(RESTART_DELAY if shown is not None or update else self._supervisor._placement_seconds, place)

    def _place(self) -> None:
        """Starts the creation of containers, after the infrastructure is ready."""
        self._glance = None
        if self._phase == PENDING:
            self._phase = CREATING
        if self.spec.private:
            for name, message in NETWORK_EVENTS:
                self.events.record(self._clock.now(), name, message)

    def _begin(self, generation: int, *, pull: bool, ready: bool = False) -> None:
        try:
            self._check_mounts()
            self._runtime.prepare(self.spec)
        except MountFailed as error:
            self.events.record(self._clock.now(), error.event, error.message, WARNING)
            self._run = None
            if error.final:
                self._fail(error.event, error.message)
            else:
                self._later(MOUNT_RETRY, lambda: self._begin(generation, pull=pull))
                self._changed()
            return
        run = self._run = GroupRun(
            self.spec,
            self._runtime,
            self._clock,
            self.history,
            pull_seconds=self._supervisor._pull_seconds,
            on_change=self._changed,
            on_settled=lambda: self._provisioned(generation),
        )
        if ready:
            self._provisioned(generation)
        run.begin(pull=pull, pulled=ready)
        self._changed()

    def _check_mounts(self) -> None:
        accounts = self._supervisor._storage_accounts
        if accounts is None:
            return
        mounted = {mount.volume for container in self._specs() for mount in container.mounts}
        for volume in self.spec.volumes:
            if volume.kind != "azureFile" or volume.name not in mounted:
                continue
            account = str(volume.details.get("storageAccountName", ""))
            key = str(volume.details.get("storageAccountKey", ""))
            if account not in accounts or (accounts[account] and accounts[account] != key):
                # The message quoted by users (2024, 2026), which does not say which of the two is wrong.
                raise MountFailed("FailedMountAzureFileVolume", "Failed to mount Azure File Volume.")

    def stop(self) -> None:
        if self.inactive:
            return
        self._cancel()
        self._generation += 1
        self._stopped = True
        if self.unsettled:
            self._phase = PROVISIONED
        if self._run is not None:
            self._run.mark_stopped()
            self._end(self._run, killing=False)
        self._changed()

    def evict(self) -> None:
        if self.inactive or self.unsettled:
            return
        self.deploy(pull=True)
        # Invented: it is only known that evictions are reported by events.
        self.events.record(
            self._clock.now(), "Preempted", "The spot container group was evicted for lack of capacity.", WARNING
        )
        self._changed()

    def remove(self) -> None:
        self._cancel()
        self._generation += 1
        self._quiet = True
        self._supervisor._leaving.add(self)
        if self._run is not None:
            self._end(self._run, killing=False)
        self._once_idle(self._left)

    def abandon(self) -> None:
        """Stops timers and notifications; the runtime ends the processes."""
        self._cancel()
        self._quiet = True
        self._generation += 1
        for run in {id(run): run for run in (self._run, self._busy) if run is not None}.values():
            run.abandon()

    # -- restart of the emulator

    def snapshot(self) -> dict[str, Any]:
        return {
            "phase": self._phase,
            "code": self._code,
            "message": self._message,
            "stopped": self._stopped,
            "events": self.events.wire(),
            "history": [[init, name, log.wire()] for (init, name), log in self.history.items()],
            "run": self._run.snapshot() if self._run is not None and self._run.spec is self.spec else None,
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        self._phase = saved.get("phase", PENDING)
        self._code, self._message = saved.get("code", ""), saved.get("message", "")
        self._stopped = bool(saved.get("stopped"))
        self.events = EventLog(saved.get("events"))
        self.history = {(bool(init), name): EventLog(events) for init, name, events in saved.get("history", ())}
        self._know_containers()
        containers = saved.get("run")
        if containers is None or (self.unsettled and not self._stopped):
            if not self._stopped:
                self.deploy(pull=True)
            return
        try:
            self._runtime.prepare(self.spec)
        except MountFailed as error:
            self.events.record(self._clock.now(), error.event, error.message, WARNING)
            return
        self._run = GroupRun(
            self.spec,
            self._runtime,
            self._clock,
            self.history,
            pull_seconds=self._supervisor._pull_seconds,
            on_change=self._changed,
            on_settled=lambda: self._provisioned(self._generation),
        )
        self._run.resume(containers, self._runtime.resumes)

    # -- phases

    def _provisioned(self, generation: int) -> None:
        if generation == self._generation and self._phase != PROVISIONED:
            self._glance = None
            self._phase, self._code, self._message = PROVISIONED, "", ""
            self._cancel()

    def _time_out(self) -> None:
        """Gives the deployment up, while its containers keep trying, as in the service."""
        if self.unsettled:
            self._fail(TIMED_OUT, TIMED_OUT_MESSAGE)

    def _fail(self, code: str, message: str) -> None:
        self._phase, self._code, self._message = FAILED, code, message
        self._changed()

    def _changed(self) -> None:
        self._glance = None
        if not self._quiet:
            self.on_event(self.spec.id)

    # -- helpers

    def _specs(self) -> list[ContainerSpec]:
        return [*self.spec.init_containers, *self.spec.containers]

    def _know_containers(self) -> None:
        for container in self._specs():
            self.history.setdefault((container.init, container.name), EventLog())

    def _later(self, delay: float, callback: Callable[[], None]) -> None:
        self._timers = [timer for timer in self._timers if not timer.cancelled]
        self._timers.append(self._clock.call_later(delay, callback))

    def _cancel(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers = []

    def _end(self, run: GroupRun, *, killing: bool) -> None:
        if run is self._busy:
            return
        self._busy = run
        run.end(self._idle, killing=killing)

    def _idle(self) -> None:
        self._busy = None
        waiting, self._when_idle = self._when_idle, []
        for callback in waiting:
            callback()

    def _once_idle(self, callback: Callable[[], None]) -> None:
        if self._busy is None:
            callback()
        else:
            self._when_idle.append(callback)

    def _left(self) -> None:
        self._supervisor._leaving.discard(self)
        if self.spec.id not in self._supervisor._groups:
            self._runtime.release(self.spec.id)


def _views(
    specs: Iterable[ContainerSpec], runs: Iterable[ContainerRun], missing: ContainerState | None
) -> dict[str, dict[str, Any] | None]:
    """Returns the views by name; containers without a run get the state ``missing``, if there is one."""
    found = {run.spec.name: run.view() for run in runs}
    other = {"restartCount": 0, "currentState": missing.wire()} if missing is not None else None
    return {spec.name: found.get(spec.name, other) for spec in specs}


def _nobody(group_id: str) -> None:
    """Ignores the event."""
