# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Deleting a container group and creating it anew, so that nothing is lost where that fails.

Apart from the other writes, since few tasks need it.
"""

from __future__ import annotations

from dataclasses import replace

from .._common.errors import AciError, Refused
from .._group.plan import Plan, as_recreated, lost_by_recreation
from .._group.quota import needs_more, quota_shortage
from .._group.wire import ArmJson, missing_secrets, put_body, without_secrets
from .checks import planned_result
from .recovery import RecoveryFile
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
        """Deletes the group and creates it anew, with everything that the task omits as it was.

        The definition is in the recovery file from before the delete until after the create. When the create fails, the
        old group is restored if none of its secrets is missing; else the definition stays in the file and the result.
        """
        self.check_quota(plan, live)
        lost = lost_by_recreation(live, plan.body)
        if lost:
            self.task.context.warn(f"Recreating the {self.task.what} loses {', '.join(lost)}.")
        with self.writes.subnet_locks(plan) as locks:
            self.writes.save_logs(live)
            recovery = self.task.recovery_file()
            recovery.write(plan.body, self.task.context.client.api_version)
            self.task.context.progress(
                f"Recreating {self.task.what}; its definition is kept in {recovery.path} meanwhile"
            )
            try:
                self.writes.delete(wait=True)
            except AciError as error:
                if self.waits.read_or_none() is not None:
                    recovery.remove()
                else:
                    error.result = {**error.result, "recovery_file": str(recovery.path)}
                raise
            try:
                now = self.writes.put_and_wait(plan, None, locks)
            except AciError as error:
                self.after_failed_recreation(error, plan, live, recovery)
                raise
        recovery.remove()
        return Applied("recreated", as_recreated(plan.changes), now)

    def after_failed_recreation(self, error: AciError, plan: Plan, live: ArmJson, recovery: RecoveryFile) -> None:
        """Says in ``error`` what a failed create left behind, and restores the old group where that is possible."""
        kept = f"Its definition is in {recovery.path} (without secrets); run the task again to go on from it."
        error.result = {
            **error.result,
            "recovery_file": str(recovery.path),
            "definition": without_secrets(plan.body),
            "restored": False,
        }
        try:
            left = self.task.context.client.get_group(self.task.resource_group, self.task.name)
        except AciError as second:
            error.msg = f"{error.msg} Whether the {self.task.what} is there could not be read: {second.msg} {kept}"
            return
        if left is not None:
            recovery.remove()
            for name in ("recovery_file", "definition", "restored"):
                del error.result[name]
            return
        secrets = missing_secrets(live)
        if secrets:
            error.msg = (
                f"{error.msg} The {self.task.what} was deleted to be recreated and is gone. It cannot be restored, "
                f"since the service does not tell these secrets of it: {', '.join(secrets)}. {kept}"
            )
            return
        try:
            old = replace(plan, body=put_body(live, keep_ip=False))
            operation = self.writes.put(
                old, lambda: self.task.context.client.get_group(self.task.resource_group, self.task.name) is not None
            )
            if operation is not None and self.task.params["wait"]:
                self.waits.wait_for_end(operation)
        except AciError as second:
            error.msg = (
                f"{error.msg} The {self.task.what} was deleted to be recreated and is gone; restoring it failed too: "
                f"{second.msg} {kept}"
            )
            return
        recovery.remove()
        del error.result["recovery_file"]
        error.result["restored"] = True
        error.msg = f"{error.msg} The {self.task.what} was deleted to be recreated; its old definition was restored."

    def check_quota(self, plan: Plan, live: ArmJson) -> None:
        """Refuses a recreation for which the quota has no room: the group would be gone for nothing."""
        if not needs_more(live, plan.body):
            return
        location = str(plan.body.get("location") or live.get("location"))
        short = quota_shortage(self.task.context.client.list_usage(location), live, plan.body)
        if short:
            raise Refused(
                f"The {self.task.what} would have to be recreated, but {short}. Nothing was deleted.",
                code="QuotaExceeded",
                result=planned_result(plan),
            )
