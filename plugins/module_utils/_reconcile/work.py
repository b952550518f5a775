# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Carries out a task on one container group that has something to change, and decides how.

The waits are in _reconcile/waits.py, the writes in writes.py, the checks before them in checks.py, and recreation in
recreation.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._common.errors import AzureError, Refused
from .._common.lifetime import EXPIRES_AT, duration, stamp
from .._common.wait import Deadline
from .._group import state as states
from .._group.changes import Change
from .._group.plan import Plan, Wanted, make_plan
from .._group.recreation import as_recreated
from .._group.runs import start_times
from .._group.schema import GROUP, Effect
from .._group.subnets import groups_in_subnet, subnet_ids, subnet_parts
from .._group.tags import tag_changes
from .._group.wire import ArmJson, read
from .._group.wire_secrets import masked
from .attempts import Attempts
from .checks import GroupChecks
from .recovery import RecoveryFile
from .task import GroupTask, Transition
from .waits import GroupWaits
from .writes import Applied, GroupWrites, as_applied

if TYPE_CHECKING:
    from .preflight import GroupPreflight


class GroupReconciler:
    """One task that has something to change. It has no state: knowledge about the live group is passed along."""

    def __init__(self, task: GroupTask) -> None:
        self.task = task
        self.checks = GroupChecks(task)
        self.waits = GroupWaits(task)
        self.writes = GroupWrites(task, self.waits)

    def absent(self, live: ArmJson | None) -> dict[str, Any]:
        """Deletes the group and waits until it can no longer be read."""
        if live is None:
            return self.task.result("none", [], None)
        self.checks.warn_of_owner(live, "deleted")
        before = masked(GROUP, read(GROUP, live))
        changes = [Change(option, value, None, Effect.DELETE) for option, value in before.items()]
        changes += [change._replace(effect=Effect.DELETE) for change in tag_changes(live.get("tags"), {})]
        self.writes.save_logs(live)
        if not self.task.context.check_mode:
            free_subnets = bool(self.task.params["wait_for_subnet"] or self.task.params["remove_subnet_association"])
            self.writes.delete(wait=bool(self.task.params["wait"]) or free_subnets)
            self.task.recovery_file().remove()
            if free_subnets:
                self.free_subnets(live)
        return self.task.result("deleted", changes, live)

    def free_subnets(self, live: ArmJson) -> None:
        """Waits until the deleted group's subnets are free, and removes their link if the task asks for it."""
        for subnet_id in subnet_ids(live):
            others = groups_in_subnet(self.task.context.client.list_groups(), subnet_id)
            if others:
                self.task.context.warn(f"Subnet {subnet_id} is still in use by {', '.join(others)}.")
                continue
            parts = subnet_parts(subnet_id)
            if self.task.params["remove_subnet_association"] and parts is not None:
                operation = self.task.context.client.delete_subnet_association(*parts)
                self.waits.wait_for_end(operation)
            if self.task.params["wait_for_subnet"]:
                self.waits.wait_for_subnet(subnet_id)

    def create(self) -> dict[str, Any]:
        """Creates a missing group."""
        if self.task.state == "stopped":
            raise Refused(
                f"The {self.task.what} does not exist, so it cannot be stopped.",
                code="ContainerGroupNotFound",
            )
        wanted, recovered = self.resumed()
        options = wanted.options
        if wanted.definition is None and not any(
            options.get(name) for name in ("containers", "container_group_profile")
        ):
            raise Refused(
                f"The {self.task.what} does not exist; give containers to create it.",
                code="ContainerGroupNotFound",
            )
        if not options.get("location") and not (wanted.definition or {}).get("location"):
            wanted = wanted._replace(options={**options, "location": self.task.location_of_resource_group()})
        plan = self.checks.checked(make_plan(None, self.expiring(wanted)), None)
        if self.task.context.check_mode:
            return self.task.result("created", plan.changes, self.task.with_identity(plan.desired), plan)
        attempts = Attempts(self.task, self.writes)

        def provision() -> ArmJson:
            with self.writes.subnet_locks(plan) as locks:
                self.task.context.progress(f"Creating {self.task.what}")
                return self.writes.put_and_wait(plan, None, locks)

        live = attempts.run(provision)
        if recovered is not None:
            recovered.remove()
        overridden = self.writes.overridden(live) if self.task.params["wait"] else []
        return {**self.task.result("created", plan.changes, live, plan, overridden), **attempts.as_result()}

    def expiring(self, wanted: Wanted) -> Wanted:
        """The desired state of a new group, with the tag for its expiry if the task has ``ttl``."""
        ttl = self.task.params.get("ttl")
        tags = wanted.options.get("tags")
        if tags is None:
            tags = (wanted.definition or {}).get("tags")
        if ttl is None or any(str(name).lower() == EXPIRES_AT for name in tags or {}):
            return wanted
        expires_at = stamp(self.task.context.client.now() + duration(str(ttl), "ttl"))
        return wanted._replace(options={**wanted.options, "tags": {**(tags or {}), EXPIRES_AT: expires_at}})

    def resumed(self) -> tuple[Wanted, RecoveryFile | None]:
        """The desired state, on top of the definition in the recovery file of an interrupted recreation, if any."""
        from .recovery_content import read_recovery  # only a create needs it

        recovered = self.task.recovery_file()
        definition = read_recovery(recovered)
        if definition is None:
            return self.task.wanted, None
        if self.task.wanted.definition is not None:
            return self.task.wanted, recovered
        self.task.context.warn(
            f"The {self.task.what} was being recreated when an earlier run ended; continuing from {recovered.path}."
        )
        return self.task.wanted._replace(definition=definition), recovered

    def update(self, live: ArmJson, plan: Plan, transition: Transition | None) -> dict[str, Any]:
        """Updates an existing group and brings it into the wanted state."""
        # A stopped group that is redeployed and stopped again changes its state only temporarily.
        stopped_again = transition is not None and transition.change.before == transition.change.after == "Stopped"
        state_changes = [] if transition is None or stopped_again else [transition.change]
        if plan.put_changes:
            self.checks.check_secrets(plan)
            plan = self.checks.checked(plan, live)
            self.checks.check_recreate(plan, live)
            self.checks.check_doubts(plan, live)
        if plan.with_effect(Effect.RECREATE):
            plan = self.preflight().asked(plan._replace(changes=as_recreated(plan.changes)), live)
        elif self.task.context.check_mode and plan.with_effect(Effect.UNKNOWN) and self.checks.may_recreate(live):
            plan = self.preflight().foretold(plan, live)
        action = plan.action
        if action == "none":
            if transition is None:
                return self.task.result("none", [], self.waits.wait_for_condition({}), plan)
            action = transition.action
        self.checks.warn_of_owner(live, action)
        if self.task.context.check_mode:
            if plan.put_changes or transition is not None:
                self.writes.save_logs(live)
            return self.task.result(action, plan.changes + state_changes, self.predicted(plan, transition), plan)
        changes, overridden = plan.changes, []
        if plan.put_changes:
            action, changes, live, plan = self.apply(plan, live)
            overridden = self.writes.overridden(live) if self.task.params["wait"] else []
            changes = as_applied(changes, overridden)
        elif plan.changes:
            self.task.context.progress(f"Updating the tags of {self.task.what}")
            live = self.writes.patch_tags(plan.body.get("tags") or {}, live)
            overridden = self.writes.overridden(live)
            changes = as_applied(changes, overridden)
            if not changes:
                action = "none" if transition is None else transition.action
        if transition is not None:
            live = self.writes.move(transition.action, live)
        return self.task.result(action, changes + state_changes, live, plan, overridden)

    def apply(self, plan: Plan, live: ArmJson) -> Applied:
        """Makes the planned changes with a PUT, in place if possible, and returns them with their actual effects."""
        finished = states.is_finished(live)
        if plan.with_effect(Effect.RECREATE):
            return self.recreate(plan, live)
        self.task.context.progress(
            f"Updating {self.task.what}: {', '.join(change.property for change in plan.put_changes)}"
        )
        try:
            now = self.writes.put_and_wait(plan, live)
        except AzureError as error:
            if error.code != "InvalidContainerGroupUpdate":
                raise
            self.checks.check_recreate(plan, live, error)
            plan = plan._replace(changes=as_recreated(plan.changes))
            self.checks.check_doubts(plan, live)
            return self.recreate(self.preflight().asked(plan, live), live)
        effect = Effect.REDEPLOY if finished else Effect.IN_PLACE
        open_effects = {Effect.UNKNOWN}
        if start_times(now) != start_times(live):
            open_effects.add(Effect.CONFIG_MAP)  # the service restarted the containers anyway
        changes = [
            change._replace(effect=effect) if change.effect in open_effects else change for change in plan.changes
        ]
        return Applied(plan.action, changes, now, plan)

    def preflight(self) -> GroupPreflight:
        """The checks before a recreation."""
        from .preflight import GroupPreflight  # imported here, because few tasks need it

        return GroupPreflight(self.task)

    def recreate(self, plan: Plan, live: ArmJson) -> Applied:
        """Deletes and recreates the group, after testing its new definition if the task asks for that."""
        from .recreation import GroupRecreation  # imported here, because few tasks need it

        if plan.probe is None:
            return GroupRecreation(self.task, self.waits, self.writes).recreate(plan, live)
        from .probe import GroupProbe

        GroupProbe(self.task).run(plan)
        deadline = Deadline(self.task.context, self.task.deadline.seconds)  # the test had a deadline of its own
        self.task.context.retries.until(deadline)
        other = GroupReconciler(self.task._replace(deadline=deadline))
        return GroupRecreation(other.task, other.waits, other.writes).recreate(plan, live)

    def predicted(self, plan: Plan, transition: Transition | None) -> ArmJson:
        """The group as check mode expects to read it."""
        desired = dict(plan.desired)
        if transition is not None:
            properties = dict(desired.get("properties") or {})
            view = dict(properties.get("instanceView") or {})
            view["state"] = transition.change.after
            desired["properties"] = {**properties, "instanceView": view}
        return desired
