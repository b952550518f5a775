# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The writes of a task on one container group: how each is sent, handled if its outcome is unknown, and verified."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from .._azure.operation import Operation
from .._common.errors import AciError, Ambiguous, AzureError
from .._common.polling import LONGEST_PAUSE, Poll, wait_until
from .._common.wait import Deadline
from .._group import state as states
from .._group.changes import Change
from .._group.doubts import explain
from .._group.facts import group_facts
from .._group.plan import Plan, make_plan
from .._group.runs import start_times
from .._group.schema import Effect
from .._group.subnets import subnet_ids
from .._group.tags import OWN_TAGS
from .._group.wire import ArmJson
from .checks import planned_result
from .saved_logs import LogSaver
from .subnet_lock import lock_subnet
from .task import GroupTask
from .waits import SETTLE_SECONDS, GroupWaits

T = TypeVar("T")

QUOTA_REACHED = "ContainerGroupQuotaReached"
"""The error code for an exhausted quota. Just after a delete, the quota may still count the deleted group."""


class Applied(NamedTuple):
    """The outcome of a write: the action, the changes with their actual effects, the new state, and the plan."""

    action: str
    changes: list[Change]
    live: ArmJson
    plan: Plan


class _Rest(NamedTuple):
    """What remains to be changed after a write, and the group as it was read."""

    plan: Plan
    live: ArmJson


class GroupWrites:
    """The writes of one task. Knowledge about the live group is passed along, and not kept here."""

    def __init__(self, task: GroupTask, waits: GroupWaits) -> None:
        self.task = task
        self.waits = waits
        self.logs = LogSaver(task.context)

    def save_logs(self, live: ArmJson) -> None:
        """Saves the logs that the next request will destroy, if the task asks for that. Raises AciError."""
        self.logs.save(self.task.resource_group, self.task.name, live)

    def put_and_wait(
        self,
        plan: Plan,
        live: ArmJson | None,
        locks: contextlib.ExitStack | None = None,
        refusals: bool = False,
    ) -> ArmJson:
        """Sends the PUT, waits as the task asks, and verifies the result.

        ``locks`` are released when the PUT is answered: from then on, others see that the group is being provisioned.
        With ``refusals``, the PUT is retried after errors that may pass.
        """
        before = start_times(live or {})
        if live is not None:
            self.save_logs(live)
        put = self.put_until_accepted if refusals else self.put
        try:
            with locks or contextlib.nullcontext():
                operation = put(plan, lambda: self.is_applied(plan, before))
            if not self.task.params["wait"]:
                initial = operation.initial if operation is not None else None
                return initial or self.waits.reread()
            # If nothing restarts, there is no new run to wait for.
            now = self.waits.settle(operation, before if live is None or plan.runs_anew else {})
        except AzureError as error:
            explain(error, plan.doubts)
            raise
        return self.verify(plan, now)

    def put(self, plan: Plan, is_applied: Callable[[], bool]) -> Operation | None:
        """Sends the PUT. If its outcome is unknown, reads the group, and sends it once more only if it was not applied.

        Returns None if it was applied, but its operation is not known.
        """
        try:
            return self._put_once(plan)
        except Ambiguous:
            if is_applied():
                return None
        try:
            return self._put_once(plan)
        except Ambiguous:
            if is_applied():
                return None
            raise

    def put_until_accepted(self, plan: Plan, is_applied: Callable[[], bool]) -> Operation | None:
        """Sends the PUT of a deleted group, and retries until the deadline after errors that may pass."""
        return self._until_taken(lambda: self.put(plan, is_applied), may_pass)

    def _put_once(self, plan: Plan) -> Operation:
        task = self.task
        return task.context.client.put_group(task.resource_group, task.name, plan.body, deadline=task.deadline.at)

    def is_applied(self, plan: Plan, before: Mapping[str, str]) -> bool:
        """Whether a PUT of unknown outcome was applied: the live group matches the task, except for tags.

        Secrets cannot be read: if only they change, the sole evidence is a new run of the containers.
        """
        live = self.task.context.client.get_group(self.task.resource_group, self.task.name)
        if live is None or self.remaining(live).put_changes:
            return False
        if all(change.property == "secrets" for change in plan.put_changes):
            return not states.provisioning_ended(live) or start_times(live) != before
        return True

    def remaining(self, live: ArmJson) -> Plan:
        """What remains to be changed after a write, as far as it can be read."""
        return make_plan(live, self.task.wanted._replace(update_secrets="with_changes"))

    def verify(self, plan: Plan, live: ArmJson) -> ArmJson:
        """Plans again after a write: tags that the PUT did not change are patched; any other difference is an error."""
        late = Deadline(self.task.context, min(SETTLE_SECONDS, self.task.deadline.left))
        read: ArmJson | None = live  # just read by the wait, so the first check needs no request

        def probe() -> Poll[_Rest]:
            nonlocal read
            now = self.waits.reread() if read is None else read
            read = None
            rest = self.remaining(now)
            return Poll(_Rest(rest, now), not rest.put_changes)

        def not_applied(rest: _Rest) -> AciError:
            names = ", ".join(change.property for change in rest.plan.put_changes)
            return AciError(
                f"The service accepted the definition of {self.task.what}, but still shows other values for {names}.",
                code="NotApplied",
                result=planned_result(rest.plan, container_group=group_facts(rest.live)),
            )

        rest, live = wait_until(late, probe, not_applied)
        tags = {name: value for name, value in (rest.body.get("tags") or {}).items() if name not in OWN_TAGS}
        tags |= {name: value for name, value in (plan.body.get("tags") or {}).items() if name in OWN_TAGS}
        return live if tags == (live.get("tags") or {}) else self.patch_tags(tags, live)

    def overridden(self, live: ArmJson) -> list[Change]:
        """The tags that differ from the task although they were just written. Warns of them.

        A policy may modify tags silently within the request. This can happen to tags only: any other property that
        differs from what was sent is an error, see verify.
        """
        found = self.remaining(live).with_effect(Effect.TAGS)
        if found:
            listed = "; ".join(f"{change.property} is {change.before!r}, not {change.after!r}" for change in found)
            self.task.context.warn(
                f"A policy or another writer overrides tags of {self.task.what}: {listed}. Leave them out of tags, and "
                "with purge_tags name them in ignore_tags."
            )
        return found

    def patch_tags(self, tags: Mapping[str, str], live: ArmJson) -> ArmJson:
        """Replaces all tags, which does not restart anything."""
        body = {"tags": dict(tags)}
        client = self.task.context.client
        try:
            answer = client.patch_group(self.task.resource_group, self.task.name, body, deadline=self.task.deadline.at)
        except Ambiguous:
            answer = client.patch_group(self.task.resource_group, self.task.name, body, deadline=self.task.deadline.at)
        return answer or {**live, **body}

    def delete(self, wait: bool) -> ArmJson | None:
        """Deletes the group, and with ``wait`` waits until it can no longer be read. Returns its last known state."""
        self.task.context.progress(f"Deleting {self.task.what}")
        client = self.task.context.client
        last = None
        try:
            last = client.delete_group(self.task.resource_group, self.task.name, deadline=self.task.deadline.at)
        except Ambiguous:
            if client.get_group(self.task.resource_group, self.task.name) is not None:
                last = client.delete_group(self.task.resource_group, self.task.name, deadline=self.task.deadline.at)
        if wait:
            self.waits.wait_until_gone()
        return last

    def move(self, action: str, live: ArmJson) -> ArmJson:
        """Starts, stops or restarts the group and waits for it."""
        client = self.task.context.client
        before = start_times(live)
        self.save_logs(live)
        if action == "repulled":
            # Only a start certainly pulls the images; a restart does so only if the service notices a newer one.
            if states.group_state(live) != "Stopped":
                live = self.move("stopped", live)
                self.save_logs(live)  # with what the containers wrote while stopping
            action = "started"
        verbs = {"started": "Starting", "stopped": "Stopping", "restarted": "Restarting"}
        self.task.context.progress(f"{verbs[action]} {self.task.what}")
        if action == "stopped":
            stop = client.stop_group
            self.post_if_unapplied(
                lambda: stop(self.task.resource_group, self.task.name, deadline=self.task.deadline.at),
                states.is_finished,
            )
            return self.waits.wait_until_finished() if self.task.params["wait"] else self.waits.reread()
        begin = client.start_group if action == "started" else client.restart_group
        operation = self.post_if_unapplied(
            lambda: begin(self.task.resource_group, self.task.name, deadline=self.task.deadline.at),
            lambda now: has_begun(live, now),
        )
        if not self.task.params["wait"]:
            return self.waits.reread()
        return self.waits.settle(operation, before)

    def post_if_unapplied(self, send: Callable[[], T], is_applied: Callable[[ArmJson], bool]) -> T | None:
        """Sends a POST. If its outcome is unknown, reads the group, and sends it again if nothing has happened.

        It is retried until the deadline: while the platform repairs a group, restarts fail with 500.
        Returns None if it was applied, but its operation is not known.
        """
        return self._until_taken(
            send, lambda error: isinstance(error, Ambiguous), lambda: is_applied(self.waits.reread())
        )

    def _until_taken(
        self,
        send: Callable[[], T],
        is_retried: Callable[[AciError], bool],
        is_applied: Callable[[], bool] = lambda: False,
    ) -> T | None:
        """Sends a request, and retries until the deadline after errors for which ``is_retried``, unless applied."""
        failures: list[AciError] = []

        def probe() -> Poll[T | None]:
            try:
                return Poll(send(), True)
            except AciError as error:
                if not is_retried(error):
                    raise
                failures.append(error)
                if is_applied():
                    return Poll(None, True)
                left = self.task.deadline.left
                wait = max(min(LONGEST_PAUSE, 2.0 ** min(len(failures) - 1, 10)), error.retry_after or 0.0)
                self.task.context.progress(
                    f"{error.msg} Trying again in {min(wait, left):.0f} s, for up to {left:.0f} s."
                )
                return Poll(None, False, wait)

        def given_up(_value: T | None) -> AciError:
            error = failures[-1]
            seconds = self.task.deadline.seconds
            error.msg = f"{error.msg} It was tried {len(failures)} times within {seconds:g} s (wait_timeout)."
            return error

        return wait_until(self.task.deadline, probe, given_up)

    def subnet_locks(self, plan: Plan) -> contextlib.ExitStack:
        """Waits for the locks on the new group's subnets, if it has any; closing the result releases them."""
        with contextlib.ExitStack() as stack:
            # In a fixed order, so that two tasks never wait for each other.
            for subnet_id in sorted(subnet_ids(plan.body)):
                others = self.task.subnet_workers - 1
                stack.enter_context(
                    lock_subnet(self.task.context.client, subnet_id, self.task.resource_id, self.task.deadline, others)
                )
            return stack.pop_all()


def may_pass(error: AciError) -> bool:
    """Whether the service may accept the definition of a deleted group later, although it does not now.

    Such errors are: no capacity in the region, a quota that still counts the deleted group, a name that is not free yet
    (409), 429, 5xx, and a lost connection.
    """
    if isinstance(error, Ambiguous) or error.transient:
        return True
    return error.status == 409 or error.code == QUOTA_REACHED


def as_applied(changes: Sequence[Change], overridden: Sequence[Change]) -> list[Change]:
    """The changes as actually applied: an overridden tag has changed to the live value, or not at all."""
    live = {change.property: change.before for change in overridden}
    shown = [
        change._replace(after=live[change.property])
        if change.effect is Effect.TAGS and change.property in live
        else change
        for change in changes
    ]
    return [change for change in shown if change.effect is not Effect.TAGS or change.before != change.after]


def has_begun(before: ArmJson, now: ArmJson) -> bool:
    """Whether a start or restart of unknown outcome was carried out, judging by the group before and after it.

    An operation that was already under way is no evidence: the group is being repaired with or without the request.
    """
    if start_times(now) != start_times(before):
        return True
    if states.is_finished(before) and not states.is_finished(now):
        return True
    changed = states.provisioning_state(now) != states.provisioning_state(before)
    return changed and not states.provisioning_ended(now)
