# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Deletes and recreates a container group without losing anything if that fails.

Separate from the other writes, because few tasks need it.
"""

from __future__ import annotations

from .._common.errors import AciError, NotReached, OperationFailed, TimedOut
from .._common.wait import Deadline
from .._group import state as states
from .._group.facts import group_facts
from .._group.plan import Plan
from .._group.recreation import LOST_LOGS, as_recreated
from .._group.wire import ArmJson, missing_secrets
from .._group.wire_secrets import without_secrets
from .checks import previous_body
from .recovery import RecoveryFile
from .recovery_content import write_recovery
from .task import GroupTask
from .waits import GroupWaits
from .writes import Applied, GroupWrites


class GroupRecreation:
    """The recreation of one group."""

    def __init__(self, task: GroupTask, waits: GroupWaits, writes: GroupWrites) -> None:
        self.task = task
        self.waits = waits
        self.writes = writes

    def recreate(self, plan: Plan, live: ArmJson) -> Applied:
        """Deletes and recreates the group, keeping everything that the task omits.

        Both definitions are in the recovery file from before the delete until after the create. If the create is
        refused for a reason that may pass, it is retried until the deadline. If it fails for good, or the new group
        does not start, the old group is restored if ``on_failed_recreate`` and its secrets permit; otherwise the
        definitions remain in the file and in the result.
        """
        lost = [each for each in plan.lost if each != LOST_LOGS]  # logs are always lost, so they need no warning
        if lost:
            self.task.context.warn(f"Recreating the {self.task.what} loses {', '.join(lost)}.")
        recovery = self.task.recovery_file()
        previous = previous_body(self.task, plan, live)
        begun = deleted = False
        write_recovery(recovery, plan.body, self.task.context.client.api_version, previous)
        self.task.context.progress(
            f"Recreating {self.task.what}; its definition is kept in {recovery.path} in the meantime"
        )
        try:
            with self.writes.subnet_locks(plan) as locks:
                self.writes.save_logs(live)
                begun = True
                self.writes.delete(wait=True)
                deleted = True
                now = self.writes.put_and_wait(plan, None, locks, refusals=True)
        except AciError as error:
            if not begun:
                recovery.remove()
                raise
            _Rescue(self.task, self.writes, plan, live, recovery).after(error, deleted)
            raise
        recovery.remove()
        return Applied("recreated", as_recreated(plan.changes), now, plan)


class _Rescue:
    """Handles a failed recreation, with a new deadline of the same length (wait_timeout)."""

    def __init__(self, task: GroupTask, writes: GroupWrites, plan: Plan, live: ArmJson, recovery: RecoveryFile) -> None:
        deadline = Deadline(task.context, float(task.params["wait_timeout"]))
        task.context.retries.until(deadline)
        self.task = task._replace(deadline=deadline)
        self.waits = GroupWaits(self.task)
        self.writes = GroupWrites(self.task, self.waits)
        self.writes.logs = writes.logs
        self.plan = plan
        self.live = live
        self.previous = previous_body(task, plan, live)
        self.recovery = recovery
        self.kept = f"Its definition is in {recovery.path} (without secrets); run the task again to continue from it."

    def after(self, error: AciError, deleted: bool) -> None:
        """Restores the old group if possible, and adds the outcome to ``error``.

        ``deleted``: whether the old group is known to be gone.
        """
        try:
            left = self.task.context.client.get_group(self.task.resource_group, self.task.name)
        except AciError as second:
            self.tell(error, f"Could not read whether the {self.task.what} exists: {second.msg} {self.kept}")
            return
        if left is not None and not deleted and isinstance(error, TimedOut):
            # The delete was accepted, so the group may still disappear.
            self.tell(error, f"The {self.task.what} is still being deleted. {self.kept}")
        elif left is not None and not (deleted and self.is_in_vain(error)):
            self.recovery.remove()
        else:
            self.tell(error, *self.restore(error, left))

    def is_in_vain(self, error: AciError) -> bool:
        """Whether the new group will not start: its operation failed, or its containers did.

        A job that ran and failed is a different case: it is not replaced with the older one, which would run again.
        """
        ran = error.code == "ContainerFailed" and self.task.params["wait_for"] == "completed"
        stopped = error.code == "ContainerGroupStopped"  # by another client
        return isinstance(error, (NotReached, OperationFailed)) and not ran and not stopped

    def restore(self, error: AciError, left: ArmJson | None) -> tuple[str, bool]:
        """Restores the old definition in place of ``left``. Returns the outcome, and whether the group is restored."""
        secrets = missing_secrets(self.previous)
        why = ""
        if self.task.params["on_failed_recreate"] == "leave":
            why = "It is not restored (on_failed_recreate: leave)."
        elif secrets:
            why = f"It cannot be restored, because the service does not return these secrets: {', '.join(secrets)}."
        if why and left is not None:
            self.recovery.remove()
            return f"The new group is left as it is. The old one was deleted. {why}", False
        gone = f"The {self.task.what} was deleted to be recreated and is gone"
        if why:
            return f"{gone}. {why} {self.kept}", False
        try:
            self.put_back(left)
        except AciError as second:
            there = self.waits.read_or_none()
            if there is None:
                return f"{gone}; restoring it failed too: {second.msg} {self.kept}", False
            self.recovery.remove()
            return f"Restoring the old group failed too: {second.msg} A group exists.", False
        self.recovery.remove()
        restored = self.waits.read_or_none()
        if "container_group" in error.result:
            error.result["failed_group"] = error.result.pop("container_group")
        if restored is not None:
            error.result["container_group"] = group_facts(restored)
        return f"The {self.task.what} was deleted to be recreated; its old definition was restored.", True

    def put_back(self, left: ArmJson | None) -> None:
        """Creates the old group again, in place of what is ``left`` of the new one."""
        self.task.context.progress(f"Restoring {self.task.what}, because it could not be recreated")
        if left is not None:
            self.save_logs(left)
            self.writes.delete(wait=True)
        old = self.plan._replace(body=self.previous)
        with self.writes.subnet_locks(old):
            operation = self.writes.put_until_accepted(
                old, lambda: self.task.context.client.get_group(self.task.resource_group, self.task.name) is not None
            )
        if operation is not None and self.task.params["wait"]:
            self.waits.wait_for_end(operation)
        if states.group_state(self.live) == "Stopped":
            self.writes.move("stopped", self.waits.reread())

    def save_logs(self, left: ArmJson) -> None:
        """Saves the new group's logs, if the task asks for that. Failing to do so does not prevent the restore."""
        try:
            self.writes.save_logs(left)
        except AciError as error:
            self.task.context.warn(error.msg)

    def tell(self, error: AciError, reason: str, restored: bool = False) -> None:
        """Adds the outcome, the intended and the previous definition to ``error``."""
        error.msg = f"{error.msg} {reason}"
        error.result = {
            **error.result,
            "restored": restored,
            "restore_reason": reason,
            "definition": without_secrets(self.plan.body),
            "previous_definition": without_secrets(self.previous),
        }
        if self.recovery.path.exists():
            error.result["recovery_file"] = str(self.recovery.path)
