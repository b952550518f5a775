# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps the records of groups consistent with the running containers: deployments, operations, capacity, restarts.

Besides its definition, a record has `"provisioningState"`, `"operation"` while one runs, `"operations"` (the last
ones), `"shortage"` while its region has no capacity for it, and `"fromStandbyPool"`, the ID of the pool that it came
from.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...arm.errors import ArmError
from ...core.statedir import StateError
from ...platform import Platform
from ...runtime import supervisor
from ...runtime.base import ImageRefused
from ...runtime.glance import Glance
from ...runtime.supervisor import GroupView
from ..definition.refusals import refuse
from ..definition.validation import unavailable
from . import capacity, operations
from .operations import Operations
from .placement import Placement
from .quotas import Usage, needs

_log = logging.getLogger(__name__)
GROUPS = "container_groups"
RUNS = "container_runs"
# Real seconds. Many events occur together; each group is written once for all of them.
_SAVE_SECONDS = 0.05
_RETRY_SECONDS = 5.0  # before a failed write is retried
_TAKEN_UP_AT_ONCE = 20  # groups; requests are answered in between
INACTIVE = ("Stopped", "Succeeded", "Failed")
_STATES = {
    supervisor.CREATING: operations.CREATING,
    supervisor.PROVISIONED: operations.SUCCEEDED,
    supervisor.FAILED: operations.FAILED,
}


class Deployments:
    """The containers and the current operation of each group. A group's key is its ID in lower case."""

    def __init__(self, platform: Platform, placement: Placement, position: Callable[[str], str]) -> None:
        self._clock = platform.clock
        self._settings = platform.settings
        self._store = platform.store
        self._supervisor = platform.supervisor
        self._placement = placement
        self._position = position
        self._short: dict[str, str] = {}  # groups without capacity -> their region
        self.pools: dict[str, str] = {}  # groups from a standby pool -> the pool's ID
        self._unsaved: set[str] = set()  # groups whose run has changed since it was stored
        self._saving: asyncio.TimerHandle | None = None
        self._resuming = False
        self.crowded: set[str] = set()  # groups for which a fault simulates a lack of capacity
        self.counted_after: dict[str, float] = {}  # how long quotas count a removed group
        self.operations = Operations(platform.store, platform.clock)
        self.usage = Usage(platform.settings.limits, position("quota-code"))

    # -- reading

    def record(self, key: str) -> dict[str, Any] | None:
        """The stored record of a group, after resuming it if necessary; None if it does not exist."""
        self._supervisor.take_up(key)
        return self._store.get(GROUPS, key)

    def usages(self, subscription: str, region: str) -> list[dict[str, Any]]:
        """The quota usage of the groups in a region, in the form of a response."""
        self._take_up_all()
        return self.usage.list(subscription, region)

    def view(self, key: str, record: Mapping[str, Any]) -> GroupView:
        """The instance view of a group."""
        return capacity.view(record) if "shortage" in record else self._supervisor.view(key)

    def glance(self, key: str) -> Glance:
        """The summary of a group."""
        record = self._store.get(GROUPS, key) if key in self._short else None
        return capacity.glance(record) if record is not None else self._supervisor.glance(key)

    def glances(self) -> dict[str, Glance]:
        """The summaries of all groups, in the order of their keys. Reads no records of running groups."""
        self._take_up_all()
        return {key: self.glance(key) for key in sorted({*self._supervisor.group_ids(), *self._short})}

    def inactive(self, key: str, record: Mapping[str, Any]) -> bool:
        """Whether the group is stopped, has finished, or could not be provisioned."""
        if record["provisioningState"] == operations.FAILED:
            return True
        return self.view(key, record).state in INACTIVE

    def logs(self, key: str, record: Mapping[str, Any], container: str, *, timestamps: bool) -> str | None:
        """The log of a container's current run; None if it has none yet."""
        if "shortage" in record:
            return None
        return self._supervisor.logs(key, container, timestamps=timestamps)

    def require_settled(self, key: str, record: Mapping[str, Any]) -> None:
        """Raises ContainerGroupTransitioning (409) while an operation runs.

        A group can be changed and deleted if its containers are waiting in a back-off, after failing pulls or crashes.
        """
        if record["provisioningState"] == operations.REPAIRING:
            raise refuse("transitioning", group=record["name"])
        if not record.get("operation"):
            return
        view = self.view(key, record)
        for shown in [*view.containers.values(), *view.init_containers.values()]:
            current = (shown or {}).get("currentState") or {}
            if current.get("state") == "Waiting" and "Off" in current.get("detailStatus", ""):
                return
        raise refuse("transitioning", group=record["name"])

    # -- checking

    def check_images(self, group: str, properties: Mapping[str, Any]) -> None:
        """Refuses images that the registry would refuse, before anything is stored. Several refusals are one error."""
        credentials = properties.get("imageRegistryCredentials") or []
        errors: dict[str, ArmError] = {}
        for container in [*(properties.get("containers") or []), *(properties.get("initContainers") or [])]:
            image = container["properties"].get("image")
            if not image or image in errors:
                continue
            try:
                self._supervisor.check_image(image, credentials)
            except ImageRefused as refused:
                if refused.code == "RegistryErrorResponse":
                    errors[image] = refuse("registry_error", registry=refused.registry)
                else:
                    errors[image] = refuse("image_inaccessible", image=image, group=group)
        if len(errors) == 1:
            raise next(iter(errors.values()))
        if errors:
            raise several(list(errors.values()))

    def check_room(self, key: str, subscription: str, region: str, properties: Mapping[str, Any]) -> bool:
        """Refuses what exceeds a quota or the capacity. With capacity-shortage set to fail, returns whether there is
        capacity instead."""
        wanted = needs(properties)
        self._take_up_all()
        self.usage.check(key, subscription, region, wanted)
        if key not in self.crowded and not self.usage.short(key, region, wanted):
            return True
        if self._position("capacity-shortage") == "refuse":
            raise unavailable(properties, properties.get("containers") or [], region)
        return False

    # -- changing

    def begin(self, record: dict[str, Any], status: str) -> dict[str, Any]:
        """Starts an operation on a group and adds it to the group's record, which the caller stores."""
        previous = record.get("operation")
        if previous:
            self.operations.finish(previous, operations.SUCCEEDED, [])
        operation = self.operations.begin(record["subscription"], record["region"], record["id"], status)
        record["operation"] = operation["name"]
        record["operations"] = self.operations.forget([*record.get("operations", []), operation["name"]])
        return operation

    def deploy(self, key: str, record: Mapping[str, Any], *, update: bool = False) -> None:
        """Runs the definition in a stored record, in place of the group's running containers, if any."""
        if "shortage" in record:
            self._supervisor.remove(key)
            self._short[key] = record["region"]
            self._clock.call_later(self._settings.provisioning_seconds, lambda: self._give_up(key))
        else:
            self._short.pop(key, None)
            self._supervisor.deploy(key, _definition(record), on_event=self.on_event, update=update)
            self._save_run(key)
        self._note_usage(key, record)

    def refresh(self, key: str, record: Mapping[str, Any]) -> None:
        """Applies the definition in a stored record while the containers keep running."""
        self._supervisor.refresh(key, _definition(record))
        self._save_run(key)

    def reuse(self, key: str, record: dict[str, Any]) -> None:
        """Runs the definition in a stored record as a group from a standby pool, which is ready at once."""
        self._placement.give_address(key, record)
        record["provisioningState"] = operations.SUCCEEDED
        self._note_pool(key, record)
        self.operations.finish(record.pop("operation"), operations.SUCCEEDED, None)
        self._store.put(GROUPS, key, record)
        self._supervisor.deploy(key, _definition(record), on_event=self.on_event, ready=True)
        self._save_run(key)
        self._note_usage(key, record)

    def stop(self, key: str, record: Mapping[str, Any]) -> None:
        """Ends the containers, unless the group has no capacity anyway."""
        if "shortage" not in record:
            self._supervisor.stop(key)
            self._save_run(key)

    def start(self, key: str) -> None:
        """Redeploys a stopped or finished group."""
        self._supervisor.start(key)
        self.on_event(key)
        self._save_run(key)

    def restart(self, key: str) -> None:
        """Restarts all containers."""
        self._supervisor.restart(key)
        self.on_event(key)
        self._save_run(key)

    def repair(self, key: str, seconds: float) -> None:
        """Simulates that the platform repairs a running group, for ``seconds`` or until it is restarted."""
        record = self._store.get(GROUPS, key)
        if record is not None and "shortage" not in record and self._supervisor.repair(key, seconds):
            record["provisioningState"] = operations.REPAIRING
            self._store.put(GROUPS, key, record)

    def remove(self, key: str) -> None:
        """Removes a group and everything that it uses: containers, address, name, quota."""
        record = self.record(key)
        if record is None:
            return
        with self._store.transaction():
            if record.get("operation") and record["provisioningState"] != "Deleting":
                self.operations.finish(record["operation"], operations.SUCCEEDED, [])
            self._placement.leave(key, record)
            self._store.delete(GROUPS, key)
            self._store.delete(RUNS, key)
        self._short.pop(key, None)
        self.pools.pop(key, None)
        seconds = self.counted_after.pop(key, None)
        if seconds is None:
            self.usage.forget(key)
        else:
            ghost = self.usage.linger(key)
            self._clock.call_later(seconds, lambda: self.usage.forget(ghost))
        self._supervisor.remove(key)
        self._place_waiting(record["region"])

    def resume(self) -> None:
        """Resumes the groups after a restart of the emulator.

        Groups with an operation under way are resumed at once. The others, of which there may be thousands, follow
        while requests are already being answered; a group that a client requests is resumed immediately.
        """
        settled = []
        with self._taking_up():
            for key, record in self._store.list(GROUPS):
                if _is_settled(record):
                    self._note_pool(key, record)
                    settled.append(key)
                else:
                    self._resume(key, record)
        if settled:
            self._supervisor.expect(settled, self._take_up)
            asyncio.get_running_loop().call_soon(self._take_up_some)

    def _take_up_some(self) -> None:
        if not self._supervisor.expecting:
            return
        loop = asyncio.get_running_loop()
        try:
            with self._taking_up():
                self._supervisor.take_up_expected(_TAKEN_UP_AT_ONCE)
        except StateError as error:
            _log.error("not all groups could be taken up yet: %s", error)
            loop.call_later(_RETRY_SECONDS, self._take_up_some)
        else:
            loop.call_soon(self._take_up_some)

    def _take_up_all(self) -> None:
        """Resumes all groups: until then, their total usage is not known."""
        if self._supervisor.expecting:
            with self._taking_up():
                self._supervisor.take_up_expected()

    def _take_up(self, key: str) -> None:
        record = self._store.get(GROUPS, key)
        if record is not None:
            with self._taking_up():
                self._resume(key, record)

    @contextlib.contextmanager
    def _taking_up(self) -> Iterator[None]:
        """Ignores events of groups while they are being resumed."""
        before, self._resuming = self._resuming, True
        try:
            with self._store.transaction():
                yield
        finally:
            self._resuming = before

    def save(self) -> None:
        """Stores changes in the runs of groups. Changes by clients are stored at once, other events a moment later."""
        if self._saving is not None:
            self._saving.cancel()
            self._saving = None
        unsaved = set(self._unsaved)
        with self._store.transaction():
            for key in unsaved:
                if self._store.get(GROUPS, key) is not None:
                    self._store.put(RUNS, key, self._supervisor.snapshot(key))
        # Only now: if storing fails, it is retried with the next event.
        self._unsaved -= unsaved

    def _resume(self, key: str, record: dict[str, Any]) -> None:
        if "shortage" in record:
            self._short[key] = record["region"]
            self._note_usage(key, record)
            self._clock.call_later(self._settings.provisioning_seconds, lambda: self._give_up(key))
            return
        self._note_pool(key, record)
        saved = self._store.get(RUNS, key) or {}
        self._supervisor.restore(key, _definition(record), saved, self.on_event)
        if record["provisioningState"] == "Deleting":
            self.remove(key)
            self.operations.finish(record["operation"], operations.SUCCEEDED, [])
        else:
            self._look(key, record)

    # -- events

    def on_event(self, key: str) -> None:
        """Called whenever the view of a group has changed: ends its operation, and gives it its address."""
        if self._resuming:
            return
        try:
            record = self._store.get(GROUPS, key)
            if record is not None and "shortage" not in record:
                self._look(key, record)
                self._save_soon(key)
        except StateError as error:
            # The containers have reached this state nevertheless, and there may be no further event.
            _log.error("could not store the state of %s: %s", key, error)
            asyncio.get_running_loop().call_later(_RETRY_SECONDS, self.on_event, key)

    def _look(self, key: str, record: dict[str, Any]) -> None:
        """Updates a record from the running containers."""
        view = self._supervisor.view(key)
        with self._store.transaction():
            if self._settle(key, record, view):
                self._store.put(GROUPS, key, record)
        self._note_usage(key, record)
        if (place := self._placement.private(record)) is not None:
            self._supervisor.join(key, *place)
        if view.state in INACTIVE:
            self._place_waiting(record["region"])

    def _settle(self, key: str, record: dict[str, Any], view: GroupView) -> bool:
        """Updates a record to the state of the containers. Returns whether anything changed."""
        if record["provisioningState"] == "Deleting":
            return False
        state = _STATES.get(view.phase)
        if state is None or (record["provisioningState"] == state and not record.get("operation")):
            return False
        if state == operations.CREATING:
            return self._advance(record, view)
        if state == operations.SUCCEEDED:
            self._placement.give_address(key, record)
        record["provisioningState"] = state
        self._finish(record, state, _events(view), view.code, view.message)
        return True

    def _advance(self, record: dict[str, Any], view: GroupView) -> bool:
        """Records that the containers of a group are being created; a restart remains a restart."""
        if record["provisioningState"] not in (operations.PENDING, operations.CREATING):
            return False
        changed = bool(record["provisioningState"] != operations.CREATING)
        record["provisioningState"] = operations.CREATING
        if record.get("operation"):
            self.operations.advance(record["operation"], operations.CREATING, _events(view))
        return changed

    def _finish(self, record: dict[str, Any], state: str, events: list[dict[str, Any]], code: str, text: str) -> None:
        name = record.pop("operation", None)
        if name is None:
            return
        error = None
        position = self._position("failed-operation")
        if state == operations.FAILED and position != "bare":
            error = {"code": code, "message": text}
            if position == "message":
                # Quoted from 2023 to 2026: the messages of all events combined, without a code.
                messages = [str(event["message"]) for event in events]
                error = {"message": ";".join(messages if text in messages else [*messages, text])}
        self.operations.finish(name, state, events, error)

    def _give_up(self, key: str) -> None:
        """Ends the operation of a group without capacity as Failed; the group stays."""
        record = self._store.get(GROUPS, key)
        if record is None or "shortage" not in record or record["shortage"]["failed"]:
            return
        record["shortage"]["failed"] = True
        record["provisioningState"] = operations.FAILED
        event = record["shortage"]["event"]
        with self._store.transaction():
            self._finish(record, operations.FAILED, [event], event["name"], event["message"])
            self._store.put(GROUPS, key, record)

    def _place_waiting(self, region: str) -> None:
        """Deploys waiting groups for which a region now has capacity, the longest-waiting ones first."""
        if not self._short:
            return
        if not self._resuming:
            self._take_up_all()
        for key, each in list(self._short.items()):
            record = self._store.get(GROUPS, key) if each == region else None
            if record is None or self.usage.short(key, region, needs(record["properties"])):
                continue
            del record["shortage"]
            self._store.put(GROUPS, key, record)
            self.deploy(key, record)

    def _note_usage(self, key: str, record: Mapping[str, Any]) -> None:
        running = "shortage" not in record and self._supervisor.view(key).state not in INACTIVE
        used = needs(record["properties"], running=running)
        self.usage.record(key, record["subscription"], record["region"], used)

    def _note_pool(self, key: str, record: Mapping[str, Any]) -> None:
        pool = record.get("fromStandbyPool")
        if isinstance(pool, str):  # True in a state of version 1.0, which did not store the ID
            self.pools[key] = pool

    def _save_soon(self, key: str) -> None:
        self._unsaved.add(key)
        if self._saving is None:
            self._saving = asyncio.get_running_loop().call_later(_SAVE_SECONDS, self.save)

    def _save_run(self, key: str) -> None:
        self._store.put(RUNS, key, self._supervisor.snapshot(key))
        self._unsaved.discard(key)


def _is_settled(record: Mapping[str, Any]) -> bool:
    """Whether no operation is in progress on a group, so that its record is complete."""
    settled = record["provisioningState"] in (operations.SUCCEEDED, operations.FAILED)
    return settled and not record.get("operation") and "shortage" not in record


def several(errors: list[ArmError]) -> ArmError:
    """MultipleErrorsOccurred, in the form quoted by users."""
    words = {400: "BadRequest", 404: "NotFound", 409: "Conflict"}
    texts = ";".join(f"'{words.get(error.status, error.status)}':'{error.code}':'{error.message}'" for error in errors)
    return refuse("several", errors=texts)


def _definition(record: Mapping[str, Any]) -> dict[str, Any]:
    """The definition for the supervisor: the wire form with its secrets."""
    return {"name": record["name"], "location": record["location"], "properties": record["properties"]}


def _events(view: GroupView) -> list[dict[str, Any]]:
    """The events of an operation: first those of the containers, then those of the group (recorded in 2019)."""
    events: list[dict[str, Any]] = []
    for shown in [*view.init_containers.values(), *view.containers.values()]:
        events += (shown or {}).get("events", [])
    return [*events, *view.events]
