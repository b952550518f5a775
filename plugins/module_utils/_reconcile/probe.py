# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Tests a new definition in a separate group before the old group is deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from .._common.errors import AciError, Refused
from .._common.lifetime import stamp
from .._common.wait import Deadline
from .._group.plan import Plan
from .._group.probe import is_probe_of, probe_body, probe_name
from .task import GroupTask
from .waits import GroupWaits
from .writes import GroupWrites


class GroupProbe:
    """The test of one new definition in a separate group, which is removed in any case."""

    def __init__(self, task: GroupTask) -> None:
        self.of = task
        params = {**task.params, "name": probe_name(task.name)}
        self.task = task._replace(context=replace(task.context, params=params), deadline=_fresh(task))
        self.waits = GroupWaits(self.task)
        self.writes = GroupWrites(self.task, self.waits)

    def run(self, plan: Plan) -> None:
        """Creates the group, waits as the task would, and removes it. Raises AciError if it does not start.

        The old group is not touched.
        """
        self.remove_leftover()
        context = self.task.context
        # Twice the time of the test: if the test uses up all its time, the removal has as much again.
        expires_at = context.client.now() + timedelta(seconds=2 * self.task.deadline.seconds)
        body = probe_body(plan.body, self.of.name, stamp(expires_at))
        context.progress(f"Trying the new definition as {self.task.what}")
        try:
            with self.writes.subnet_locks(plan._replace(body=body)):
                operation = self.writes.put(plan._replace(body=body), self.is_there)
            self.waits.settle(operation, {})
        except AciError as error:
            self.explain(error)
            self.remove_after(error)
            raise
        self.remove()

    def is_there(self) -> bool:
        """Whether the group was created although the response was lost."""
        return self.task.context.client.get_group(self.task.resource_group, self.task.name) is not None

    def remove_leftover(self) -> None:
        """Removes what an earlier run left behind. Raises Refused if that name belongs to any other group."""
        live = self.task.context.client.get_group(self.task.resource_group, self.task.name)
        if live is None:
            return
        if not is_probe_of(live, self.of.name):
            raise Refused(
                f"recreate: probed needs the name {self.task.name}, but there is another {self.task.what}. Rename or "
                "remove that one, or use recreate: when_needed.",
                code="ProbeNameTaken",
            )
        self.remove()

    def remove(self) -> None:
        """Removes the group, with a deadline of its own, and waits until it is gone, because it uses quota."""
        task = self.task._replace(deadline=_fresh(self.of))
        GroupWrites(task, GroupWaits(task)).delete(wait=True)

    def remove_after(self, error: AciError) -> None:
        """Removes the group after ``error``. If that fails too, ``error`` mentions the group."""
        try:
            self.remove()
        except AciError as second:
            error.msg = f"{error.msg} The {self.task.what} could not be removed: {second.msg}"

    def explain(self, error: AciError) -> None:
        """Adds to ``error`` what was tested, and that the old group is unchanged."""
        error.msg = (
            f"The new definition of {self.of.what} was tried as {self.task.name} and failed, so nothing was changed. "
            f"{error.msg}"
        )
        if "container_group" in error.result:
            error.result["failed_group"] = error.result.pop("container_group")


def _fresh(task: GroupTask) -> Deadline:
    """A new deadline as long as the task's, starting now."""
    deadline = Deadline(task.context, float(task.params["wait_timeout"]))
    task.context.retries.until(deadline)
    return deadline
