# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The waits of a task on one container group: for operations, for conditions, and until the group is gone."""

from __future__ import annotations

from collections.abc import Mapping

from .._azure.operation import Operation, OperationStatus
from .._common.errors import AciError, AzureError, OperationFailed, TimedOut
from .._common.polling import Poll, wait_until
from .._group import state as states
from .._group.facts import group_facts
from .._group.problems import blocker, blocker_in_events, reasons
from .._group.runs import is_fresh
from .._group.wire import ArmJson, get_path
from .blockers import BlockerTimer
from .probe_failures import ProbeFailures
from .task import GroupTask

SETTLE_SECONDS = 30.0
"""For how long after an operation to expect a new run of a container, before taking the old one as final."""


class GroupWaits:
    """The waits of one task, all limited by the task's deadline."""

    def __init__(self, task: GroupTask) -> None:
        self.task = task

    def settle(self, operation: Operation | None, before: Mapping[str, str]) -> ArmJson:
        """Waits until the operation has ended, and until ``wait_for`` holds for the runs that have begun since."""
        if operation is not None:
            self.wait_for_end(operation)
        return self.wait_for_condition(before)

    def wait_for_end(self, operation: Operation) -> None:
        """Waits for an operation. It is an error if it fails, or is blocked for too long by an image or a volume."""
        blocker_timer = BlockerTimer(self.task.context, float(self.task.params["image_pull_timeout"]))

        def probe() -> Poll[OperationStatus]:
            status = operation.poll()
            found = blocker_in_events(status.events)
            looked = found is None and not status.done and blocker_timer.is_time_to_look()
            if looked:
                found = blocker(self.reread_after_write())
            return Poll(status, status.done or blocker_timer.is_over(found, looked), status.retry_after)

        status = wait_until(self.task.deadline, probe, lambda _status: self.explained_timeout(self.reread()))
        if not status.done:
            self.fail_blocked(self.reread(), blocker_timer)
        if not status.succeeded:
            live = self.reread()
            error = status.error or {}
            events = " ".join(f"{event.get('name')} {event.get('message')}" for event in status.events[-3:])
            said = error.get("message") or events
            failure = OperationFailed(
                f"The operation on {self.task.what} ended with status {status.status}: "
                f"{said} {' '.join(reasons(live))}".strip(),
                code=str(error.get("code") or OperationFailed.default_code),
                message=str(said) or None,
                result={"container_group": group_facts(live)},
            )
            from .failure_logs import explained

            raise explained(self.task.context, failure, live)

    def wait_for_condition(self, before: Mapping[str, str]) -> ArmJson:
        """Waits until the group's operation has ended and ``wait_for`` holds."""
        wait_for = str(self.task.params["wait_for"])
        ended_at: float | None = None
        blocker_timer = BlockerTimer(self.task.context, float(self.task.params["image_pull_timeout"]))
        clock = self.task.deadline.clock
        probe_failures = ProbeFailures(self.task.context, self.task.context.progress)

        def probe() -> Poll[ArmJson]:
            nonlocal ended_at
            live = self.reread_after_write()
            probe_failures.tell(self.task.name, live)
            if not states.provisioning_ended(live):
                return Poll(live, False)
            now = clock.monotonic()
            ended_at = now if ended_at is None else ended_at
            self.task.check_provisioned(live)
            if wait_for == "provisioned":
                return Poll(live, True)
            if not is_fresh(live, before) and now - ended_at < SETTLE_SECONDS:
                return Poll(live, False)
            verdict = self.task.verdict(live)
            if verdict.failed:
                self.task.fail(live, verdict.code, verdict.reason)
            found = None if verdict.done else blocker(live)
            if blocker_timer.is_over(found):
                self.fail_blocked(live, blocker_timer)
            return Poll(live, verdict.done)

        return wait_until(self.task.deadline, probe, self.explained_timeout)

    def wait_until_finished(self) -> ArmJson:
        """Waits until none of the group's containers runs any longer."""

        def probe() -> Poll[ArmJson]:
            live = self.reread()
            return Poll(live, states.is_finished(live))

        return wait_until(self.task.deadline, probe, self.timed_out)

    def wait_until_gone(self) -> None:
        """Waits until the group can no longer be read."""

        def probe() -> Poll[ArmJson]:
            live = self.task.context.client.get_group(self.task.resource_group, self.task.name)
            return Poll(live or {}, live is None)

        wait_until(self.task.deadline, probe, self.timed_out)

    def wait_for_subnet(self, subnet_id: str) -> None:
        """Waits until a subnet has no service association link left."""

        def probe() -> Poll[ArmJson]:
            subnet = self.task.context.client.get_subnet(subnet_id) or {}
            return Poll(subnet, not get_path(subnet, "properties.serviceAssociationLinks"))

        def late(_subnet: ArmJson) -> TimedOut:
            return TimedOut(
                f"The {self.task.what} was deleted, but its subnet {subnet_id} was not free within "
                f"{self.task.params['wait_timeout']} s (wait_timeout). Run the task again later, or let it remove the "
                "service association link with remove_subnet_association: true."
            )

        wait_until(self.task.deadline, probe, late)

    def fail_blocked(self, live: ArmJson, blocker_timer: BlockerTimer) -> None:
        """Fails if an image or a volume has blocked the group for too long."""
        if blocker_timer.blocker is not None:
            self.task.fail(live, blocker_timer.blocker.code, blocker_timer.sentence(live))

    def timed_out(self, live: ArmJson) -> TimedOut:
        """The error for a wait that took too long, with the last state and its reasons."""
        facts = group_facts(live) if live else {}
        why = " ".join(reasons(live)) if live else ""
        state = f"provisioning state {facts.get('provisioning_state')}, state {facts.get('state') or 'unknown'}."
        return TimedOut(
            f"Timed out after {self.task.params['wait_timeout']} s (wait_timeout) waiting for {self.task.what}: "
            f"{state} {why}".strip(),
            last_state=facts,
            result={"container_group": facts},
        )

    def explained_timeout(self, live: ArmJson) -> TimedOut:
        """The same, with the last lines of the containers that kept the group from reaching ``wait_for``."""
        from .failure_logs import explained

        return explained(self.task.context, self.timed_out(live), live)

    def reread_after_write(self) -> ArmJson:
        """The group as it is now; empty if it is not there yet, because reads may lag behind a write for a moment."""
        if self.task.deadline.elapsed < SETTLE_SECONDS:
            return self.task.context.client.get_group(self.task.resource_group, self.task.name) or {}
        return self.reread()

    def reread(self) -> ArmJson:
        """The group as it is now. Raises AzureError if it no longer exists."""
        live = self.task.context.client.get_group(self.task.resource_group, self.task.name)
        if live is None:
            raise AzureError(
                f"The {self.task.what} no longer exists: another client deleted it while the task was running.",
                code="ResourceNotFound",
                status=404,
            )
        return live

    def read_or_none(self) -> ArmJson | None:
        """The group as it is now; None if it does not exist or cannot be read."""
        try:
            return self.task.context.client.get_group(self.task.resource_group, self.task.name)
        except AciError:
            return None
