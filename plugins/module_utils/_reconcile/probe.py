# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Tries a new definition next to the old group, before the old group is deleted for it."""

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
    """The trial of one new definition: a separate group, which is removed in any case."""

    def __init__(self, task: GroupTask) -> None:
        self.of = task
        params = {**task.params, "name": probe_name(task.name)}
        self.task = replace(task, context=replace(task.context, params=params), deadline=_fresh(task))
        self.waits = GroupWaits(self.task)
        self.writes = GroupWrites(self.task, self.waits)

    def run(self, plan: Plan) -> None:
        """Creates the group, waits as the task waits, and removes it. Raises AciError where it does not come up.

        Nothing of it touches the old group.
        """
        self.remove_leftover()
        context = self.task.context
        # Twice as long as the trial may take: it is removed in the second half, if the first one is used up.
        expires_at = context.client.now() + timedelta(seconds=2 * self.task.deadline.seconds)
        body = probe_body(plan.body, self.of.name, stamp(expires_at))
        context.progress(f"Trying the new definition as {self.task.what}")
        try:
            with self.writes.subnet_locks(replace(plan, body=body)):
                operation = self.writes.put(replace(plan, body=body), self.is_there)
            self.waits.settle(operation, {})
        except AciError as error:
            self.explain(error)
            self.remove_after(error)
            raise
        self.remove()

    def is_there(self) -> bool:
        """Whether the group was created, though the answer was lost."""
        return self.task.context.client.get_group(self.task.resource_group, self.task.name) is not None

    def remove_leftover(self) -> None:
        """Removes what an earlier run left, and nothing else. Raises Refused for another group of that name."""
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
        """Removes the group, with time of its own, and waits until it is gone, because it uses quota."""
        task = replace(self.task, deadline=_fresh(self.of))
        GroupWrites(task, GroupWaits(task)).delete(wait=True)

    def remove_after(self, error: AciError) -> None:
        """Removes the group after ``error``, in which it is named if that fails too."""
        try:
            self.remove()
        except AciError as second:
            error.msg = f"{error.msg} The {self.task.what} could not be removed: {second.msg}"

    def explain(self, error: AciError) -> None:
        """Says in ``error`` what was tried, and that the old group is as it was."""
        error.msg = (
            f"The new definition of {self.of.what} was tried as {self.task.name} and failed, so nothing was changed. "
            f"{error.msg}"
        )
        if "container_group" in error.result:
            error.result["failed_group"] = error.result.pop("container_group")


def _fresh(task: GroupTask) -> Deadline:
    """A deadline as long as the task's, from now on."""
    deadline = Deadline(task.context, float(task.params["wait_timeout"]))
    task.context.retries.until(deadline)
    return deadline
