# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""A task on one container group, as far as it writes: create, change, start, stop, restart, delete, and the waits."""

from __future__ import annotations

import contextlib
import typing as t
from dataclasses import replace

from .._azure.client import Operation, OperationStatus
from .._common.errors import AciError, Ambiguous, AzureError, InvalidArguments, Refused, TimedOut
from .._common.lifetime import EXPIRES_AT, duration, stamp
from .._common.wait import LONGEST_PAUSE, Deadline, wait_until
from .._group import state as states
from .._group.doubts import GROUP_NAME, doubts_about_name, explain, sentences, validated
from .._group.facts import group_facts, orchestrator_of
from .._group.plan import (
    OWN_TAGS,
    Change,
    Plan,
    Wanted,
    as_recreated,
    loses_identity,
    lost_by_recreation,
    make_plan,
    tag_changes,
)
from .._group.quota import needs_more, quota_shortage
from .._group.schema import GROUP, Effect
from .._group.subnets import groups_in_subnet, subnet_ids, subnet_parts
from .._group.wire import ArmJson, get_path, masked, missing_secrets, put_body, read, without_secrets
from .blockers import BlockerTimer
from .recovery import RecoveryFile
from .subnet_lock import lock_subnet
from .task import GroupTask

SETTLE_SECONDS = 30.0
"""How long after an operation a container may show its old run before that is taken for the one that stays."""


T = t.TypeVar("T")


class GroupReconciler(GroupTask):
    """One task that has something to do. What is known of the group is passed along; nothing is kept here."""

    # -- the three ways ------------------------------------------------------------------------------------------------

    def absent(self, live: ArmJson | None) -> dict[str, t.Any]:
        """Deletes the group and waits until it cannot be read any more."""
        if live is None:
            return self.result("none", [], None)
        self.warn_of_owner(live, "deleted")
        before = masked(GROUP, read(GROUP, live))
        changes = [Change(option, value, None, Effect.DELETE) for option, value in before.items()]
        changes += [replace(change, effect=Effect.DELETE) for change in tag_changes(live.get("tags"), {})]
        if not self.context.check_mode:
            free_subnets = bool(self.params["wait_for_subnet"] or self.params["remove_subnet_association"])
            self.delete(wait=bool(self.params["wait"]) or free_subnets)
            self.recovery_file().remove()
            if free_subnets:
                self.free_subnets(live)
        return self.result("deleted", changes, live)

    def free_subnets(self, live: ArmJson) -> None:
        """Waits until the subnets that the deleted group was in are free of it, removing their link on request."""
        for subnet_id in subnet_ids(live):
            others = groups_in_subnet(self.context.client.list_groups(), subnet_id)
            if others:
                self.context.warn(f"Subnet {subnet_id} stays in use by {_listed(others)}.")
                continue
            parts = subnet_parts(subnet_id)
            if self.params["remove_subnet_association"] and parts is not None:
                operation = self.context.client.delete_subnet_association(*parts)
                self.wait_for_end(operation)
            if self.params["wait_for_subnet"]:
                self.wait_for_subnet(subnet_id)

    def wait_for_subnet(self, subnet_id: str) -> None:
        """Waits until no service association link is left in a subnet."""

        def probe() -> tuple[ArmJson, bool, float | None]:
            subnet = self.context.client.get_subnet(subnet_id) or {}
            return subnet, not get_path(subnet, "properties.serviceAssociationLinks"), None

        def late(_subnet: ArmJson) -> TimedOut:
            return TimedOut(
                f"The {self.what} is deleted, but its subnet {subnet_id} was not free within "
                f"{self.params['wait_timeout']} s (wait_timeout). Run the task again later, or let it remove the "
                "service association link with remove_subnet_association: true."
            )

        wait_until(self.deadline, probe, late)

    def create(self) -> dict[str, t.Any]:
        """Creates a missing group."""
        if self.state == "stopped":
            raise Refused(
                f"There is no {self.what}, so it cannot be stopped.",
                code="ContainerGroupNotFound",
            )
        wanted, recovered = self.resumed()
        options = wanted.options
        if wanted.definition is None and not any(
            options.get(name) for name in ("containers", "container_group_profile")
        ):
            raise Refused(
                f"There is no {self.what}, and without containers it cannot be created.",
                code="ContainerGroupNotFound",
            )
        if not options.get("location") and not (wanted.definition or {}).get("location"):
            wanted = replace(wanted, options={**options, "location": self.location_of_resource_group()})
        plan = self.checked(make_plan(None, self.expiring(wanted)), None)
        if self.context.check_mode:
            return self.result("created", plan.changes, self.with_identity(plan.desired), plan)
        with self.subnet_locks(plan) as locks:
            self.context.progress(f"Creating {self.what}")
            live = self.put_and_wait(plan, None, locks)
        if recovered is not None:
            recovered.remove()
        overridden = self.overridden(live) if self.params["wait"] else []
        return self.result("created", plan.changes, live, plan, overridden)

    def expiring(self, wanted: Wanted) -> Wanted:
        """What is wanted of a new group, with the tag that says when it expires where O(ttl) asks for it."""
        ttl = self.params.get("ttl")
        tags = wanted.options.get("tags")
        if tags is None:
            tags = (wanted.definition or {}).get("tags")
        if ttl is None or any(str(name).lower() == EXPIRES_AT for name in tags or {}):
            return wanted
        expires_at = stamp(self.context.client.now() + duration(str(ttl), "ttl"))
        return replace(wanted, options={**wanted.options, "tags": {**(tags or {}), EXPIRES_AT: expires_at}})

    def resumed(self) -> tuple[Wanted, RecoveryFile | None]:
        """What the task asks for, over what an interrupted recreation left in its recovery file, if it left one."""
        recovered = self.recovery_file()
        definition = recovered.read()
        if definition is None:
            return self.wanted, None
        if self.wanted.definition is not None:
            return self.wanted, recovered
        self.context.warn(
            f"The {self.what} was being recreated when an earlier run ended; going on from {recovered.path}."
        )
        return replace(self.wanted, definition=definition), recovered

    def update(self, live: ArmJson, plan: Plan, transition: tuple[str, Change] | None) -> dict[str, t.Any]:
        """Brings an existing group up to date and into the wanted state."""
        # A stopped group that is redeployed and stopped again has changed its state for a moment only.
        stopped_again = transition is not None and transition[1].before == transition[1].after == "Stopped"
        state_changes = [] if transition is None or stopped_again else [transition[1]]
        if plan.put_changes:
            self.check_secrets(plan)
            plan = self.checked(plan, live)
            self.check_recreate(plan, live)
            self.check_doubts(plan, live)
        if plan.with_effect(Effect.RECREATE):
            plan = replace(plan, changes=as_recreated(plan.changes))
        action = plan.action
        if action == "none":
            if transition is None:
                return self.result("none", [], self.wait_for_condition({}), plan)
            action = transition[0]
        self.warn_of_owner(live, action)
        if self.context.check_mode:
            return self.result(action, plan.changes + state_changes, self.predicted(plan, transition), plan)
        changes, overridden = plan.changes, []
        if plan.put_changes:
            action, changes, live = self.apply(plan, live)
            overridden = self.overridden(live) if self.params["wait"] else []
            changes = applied(changes, overridden)
        elif plan.changes:
            self.context.progress(f"Updating the tags of {self.what}")
            live = self.patch_tags(plan.body.get("tags") or {}, live)
            overridden = self.overridden(live)
            changes = applied(changes, overridden)
            if not changes:
                action = "none" if transition is None else transition[0]
        if transition is not None:
            live = self.move(transition[0], live)
        return self.result(action, changes + state_changes, live, plan, overridden)

    # -- checks before anything is sent ------------------------------------------------------------------------------

    def warn_of_owner(self, live: ArmJson, action: str) -> None:
        """Says that an NGroup made the group, before this task changes it against the NGroup's will."""
        owner = orchestrator_of(live)
        if owner is None or action == "none":
            return
        self.context.warn(
            f"The {self.what} belongs to the NGroup {owner}, which may undo what this task changes, or replace the "
            "group. Deleting it lowers the NGroup's count, or makes the NGroup create another one. Change the NGroup "
            "or its profile instead."
        )

    def checked(self, plan: Plan, live: ArmJson | None) -> Plan:
        """The plan with the doubts about it, of which it warns. Refuses what cannot be sent."""
        named = doubts_about_name(self.name, GROUP_NAME, "container group") if live is None else []
        mode = str(self.params["validation"])
        doubts = validated(plan.body, live, self.context.client.api_version, mode, named)
        for doubt in doubts:
            self.context.warn(f"{doubt} It is sent all the same. ({doubt.evidence})")
        if (
            self.params["wait"]
            and self.params["wait_for"] == "completed"
            and states.restart_policy(plan.body).lower() == "always"
        ):
            raise InvalidArguments(
                "wait_for: a group with restart_policy Always never completes; use OnFailure or Never, "
                "or wait for running."
            )
        if plan.action == "created" and plan.missing_secrets:
            raise InvalidArguments(f"{_listed(plan.missing_secrets)}: a value is required.")
        return replace(plan, doubts=doubts)

    def check_doubts(self, plan: Plan, live: ArmJson) -> None:
        """Refuses what the service may turn down only when the containers that run now are gone."""
        running = not states.is_finished(live)
        doubts = (
            plan.doubts
            if plan.with_effect(Effect.RECREATE)
            else [doubt for doubt in plan.doubts if doubt.late and running]
        )
        if doubts:
            raise Refused(
                f"The {self.what} would be replaced by a definition that the service may refuse when it is too late: "
                f"{sentences(doubts)} Nothing was changed. Use validation: off to send it all the same.",
                code="Doubtful",
                result=self.planned_result(plan),
            )

    def check_secrets(self, plan: Plan) -> None:
        """Refuses a PUT that would drop secrets which the live group has."""
        if plan.missing_secrets:
            raise Refused(
                f"Changing {self.what} sends its whole definition, but the service does not tell its secrets, and the "
                f"task does not give these: {_listed(plan.missing_secrets)}. Give them, so that they are not lost "
                "(or an empty value for one that does not exist).",
                code="SecretsMissing",
                result=self.planned_result(plan, secrets_missing=plan.missing_secrets),
            )

    def check_recreate(self, plan: Plan, live: ArmJson, refusal: AzureError | None = None) -> None:
        """Refuses a recreation without consent; O(refusal) is the service's own word that one is needed."""
        needing = plan.with_effect(Effect.RECREATE)
        if refusal is not None and not needing:
            needing = plan.with_effect(Effect.UNKNOWN) or plan.put_changes
        if not needing:
            return
        identity = loses_identity(live) and not self.params["recreate_identity"]
        if self.params["recreate"] == "when_needed" and not identity:
            return
        listed = "; ".join(f"{change.property} from {change.before!r} to {change.after!r}" for change in needing)
        lost = lost_by_recreation(live, plan.body)
        also = f" Recreating it also loses {', '.join(lost)}." if lost else ""
        said = f" The service says: {refusal.message}" if refusal is not None else ""
        raise Refused(
            f"The {self.what} would have to be deleted and created anew to change {listed}.{also}{said} "
            f"Allow it with recreate: when_needed{' and recreate_identity: true' if identity else ''}.",
            code="RecreateNeeded",
            status=refusal.status if refusal else None,
            request_id=refusal.request_id if refusal else None,
            result=self.planned_result(plan, lost=lost),
        )

    def planned_result(self, plan: Plan, **more: t.Any) -> dict[str, t.Any]:
        """What a refusal shows of the plan that it refuses."""
        doubts = {"doubts": [doubt.as_result() for doubt in plan.doubts]} if plan.doubts else {}
        return {"changes": [change.as_result() for change in plan.changes], **doubts, **more}

    def location_of_resource_group(self) -> str | None:
        """Where a new group goes when the task does not say: where its resource group is."""
        group = self.context.client.get_resource_group(self.resource_group)
        if group is None:
            return None  # in check mode: the resource group is not made yet
        return str(group.get("location"))

    # -- states --------------------------------------------------------------------------------------------------------

    def move(self, action: str, live: ArmJson) -> ArmJson:
        """Starts, stops or restarts the group and waits for it."""
        client = self.context.client
        before = states.start_times(live)
        if action == "repulled":
            # Only a start is sure to pull the images again; a restart pulls only where the service sees a newer one.
            if states.group_state(live) != "Stopped":
                live = self.move("stopped", live)
            action = "started"
        verbs = {"started": "Starting", "stopped": "Stopping", "restarted": "Restarting"}
        self.context.progress(f"{verbs[action]} {self.what}")
        if action == "stopped":
            stop = client.stop_group
            self.post_if_unapplied(
                lambda: stop(self.resource_group, self.name, deadline=self.deadline.at), states.is_finished
            )
            return self.wait_until_finished() if self.params["wait"] else self.reread()
        begin = client.start_group if action == "started" else client.restart_group
        operation = self.post_if_unapplied(
            lambda: begin(self.resource_group, self.name, deadline=self.deadline.at),
            lambda now: has_begun(live, now),
        )
        if not self.params["wait"]:
            return self.reread()
        return self.settle(operation, before)

    def post_if_unapplied(self, send: t.Callable[[], T], is_applied: t.Callable[[ArmJson], bool]) -> T | None:
        """Sends a POST; while its outcome is unknown, looks at the group, and sends it again if nothing happened.

        It is sent until the deadline: a group that the platform repairs refuses restarts with 500 until it takes one.
        None means that it was applied, but that its operation is not known.
        """
        failures: list[Ambiguous] = []

        def probe() -> tuple[T | None, bool, float | None]:
            try:
                return send(), True, None
            except Ambiguous as error:
                failures.append(error)
                if is_applied(self.reread()):
                    return None, True, None
                self.context.progress(f"{error.msg} Trying again.")
                wait = min(LONGEST_PAUSE, 2.0 ** min(len(failures) - 1, 10))
                return None, False, max(wait, error.retry_after or 0.0)

        def given_up(_value: T | None) -> AciError:
            error = failures[-1]
            error.msg = (
                f"{error.msg} It was tried {len(failures)} times within {self.deadline.seconds:g} s (wait_timeout)."
            )
            return error

        return wait_until(self.deadline, probe, given_up)

    def wait_until_finished(self) -> ArmJson:
        """Waits until nothing of the group runs any more."""

        def probe() -> tuple[ArmJson, bool, float | None]:
            live = self.reread()
            return live, states.is_finished(live), None

        return wait_until(self.deadline, probe, self.timed_out)

    def subnet_locks(self, plan: Plan) -> contextlib.ExitStack:
        """Waits for the new group's turn in its subnet, if it is put into one; closing what is returned ends it."""
        with contextlib.ExitStack() as stack:
            # In an order, so that no two tasks wait for each other.
            for subnet_id in sorted(subnet_ids(plan.body)):
                stack.enter_context(lock_subnet(self.context.client, subnet_id, self.resource_id, self.deadline))
            return stack.pop_all()

    # -- writes ------------------------------------------------------------------------------------------------------

    def apply(self, plan: Plan, live: ArmJson) -> tuple[str, list[Change], ArmJson]:
        """Makes the planned changes by a PUT, in place if the service lets it, and says what they really cost."""
        finished = states.is_finished(live)
        if plan.with_effect(Effect.RECREATE):
            return self.recreate(plan, live)
        self.context.progress(f"Updating {self.what}: {', '.join(change.property for change in plan.put_changes)}")
        try:
            now = self.put_and_wait(plan, live)
        except AzureError as error:
            if error.code != "InvalidContainerGroupUpdate":
                raise
            self.check_recreate(plan, live, error)
            plan = replace(plan, changes=as_recreated(plan.changes))
            self.check_doubts(plan, live)
            return self.recreate(plan, live)
        effect = Effect.REDEPLOY if finished else Effect.IN_PLACE
        open_effects = {Effect.UNKNOWN}
        if states.start_times(now) != states.start_times(live):
            open_effects.add(Effect.CONFIG_MAP)  # the service restarted the containers all the same
        changes = [
            replace(change, effect=effect) if change.effect in open_effects else change for change in plan.changes
        ]
        return plan.action, changes, now

    def recreate(self, plan: Plan, live: ArmJson) -> tuple[str, list[Change], ArmJson]:
        """Deletes the group and creates it anew, with everything that the task omits as it was.

        The definition is in the recovery file from before the delete until after the create. When the create fails, the
        old group is restored if none of its secrets is missing; else the definition stays in the file and the result.
        """
        self.check_quota(plan, live)
        lost = lost_by_recreation(live, plan.body)
        if lost:
            self.context.warn(f"Recreating the {self.what} loses {', '.join(lost)}.")
        with self.subnet_locks(plan) as locks:
            recovery = self.recovery_file()
            recovery.write(plan.body, self.context.client.api_version)
            self.context.progress(f"Recreating {self.what}; its definition is kept in {recovery.path} meanwhile")
            try:
                self.delete(wait=True)
            except AciError as error:
                if self.read_or_none() is not None:
                    recovery.remove()
                else:
                    error.result = {**error.result, "recovery_file": str(recovery.path)}
                raise
            try:
                now = self.put_and_wait(plan, None, locks)
            except AciError as error:
                self.after_failed_recreation(error, plan, live, recovery)
                raise
        recovery.remove()
        return "recreated", as_recreated(plan.changes), now

    def after_failed_recreation(self, error: AciError, plan: Plan, live: ArmJson, recovery: RecoveryFile) -> None:
        """Says in O(error) what a failed create left behind, and restores the old group where that is possible."""
        kept = f"Its definition is in {recovery.path} (without secrets); run the task again to go on from it."
        error.result = {
            **error.result,
            "recovery_file": str(recovery.path),
            "definition": without_secrets(plan.body),
            "restored": False,
        }
        try:
            left = self.context.client.get_group(self.resource_group, self.name)
        except AciError as second:
            error.msg = f"{error.msg} Whether the {self.what} is there could not be read: {second.msg} {kept}"
            return
        if left is not None:
            recovery.remove()
            for name in ("recovery_file", "definition", "restored"):
                del error.result[name]
            return
        secrets = missing_secrets(live)
        if secrets:
            error.msg = (
                f"{error.msg} The {self.what} was deleted to be recreated and is gone. It cannot be restored, since "
                f"the service does not tell these secrets of it: {_listed(secrets)}. {kept}"
            )
            return
        try:
            old = replace(plan, body=put_body(live, keep_ip=False))
            operation = self.put(old, lambda: self.context.client.get_group(self.resource_group, self.name) is not None)
            if operation is not None and self.params["wait"]:
                self.wait_for_end(operation)
        except AciError as second:
            error.msg = (
                f"{error.msg} The {self.what} was deleted to be recreated and is gone; restoring it failed too: "
                f"{second.msg} {kept}"
            )
            return
        recovery.remove()
        del error.result["recovery_file"]
        error.result["restored"] = True
        error.msg = f"{error.msg} The {self.what} was deleted to be recreated; its old definition was restored."

    def read_or_none(self) -> ArmJson | None:
        """The group as it is now, or None: there is none, or it cannot be read."""
        try:
            return self.context.client.get_group(self.resource_group, self.name)
        except AciError:
            return None

    def check_quota(self, plan: Plan, live: ArmJson) -> None:
        """Refuses a recreation for which the quota has no room: the group would be gone for nothing."""
        if not needs_more(live, plan.body):
            return
        location = str(plan.body.get("location") or live.get("location"))
        short = quota_shortage(self.context.client.list_usage(location), live, plan.body)
        if short:
            raise Refused(
                f"The {self.what} would have to be recreated, but {short}. Nothing was deleted.",
                code="QuotaExceeded",
                result=self.planned_result(plan),
            )

    def delete(self, wait: bool) -> None:
        """Deletes the group; it is gone when it cannot be read any more."""
        self.context.progress(f"Deleting {self.what}")
        client = self.context.client
        try:
            client.delete_group(self.resource_group, self.name, deadline=self.deadline.at)
        except Ambiguous:
            if client.get_group(self.resource_group, self.name) is not None:
                client.delete_group(self.resource_group, self.name, deadline=self.deadline.at)
        if not wait:
            return

        def probe() -> tuple[ArmJson, bool, float | None]:
            live = client.get_group(self.resource_group, self.name)
            return live or {}, live is None, None

        wait_until(self.deadline, probe, self.timed_out)

    def patch_tags(self, tags: t.Mapping[str, str], live: ArmJson) -> ArmJson:
        """Replaces the whole tag map, which restarts nothing."""
        body = {"tags": dict(tags)}
        client = self.context.client
        try:
            answer = client.patch_group(self.resource_group, self.name, body, deadline=self.deadline.at)
        except Ambiguous:
            answer = client.patch_group(self.resource_group, self.name, body, deadline=self.deadline.at)
        return answer or {**live, **body}

    def put_and_wait(self, plan: Plan, live: ArmJson | None, locks: contextlib.ExitStack | None = None) -> ArmJson:
        """Sends the PUT, waits as the task says, and makes sure that the group is what was sent.

        O(locks) ends with the answer to the PUT: from then on others see for themselves that the group is provisioned.
        """
        before = states.start_times(live or {})
        try:
            with locks or contextlib.nullcontext():
                operation = self.put(plan, lambda: self.is_applied(plan, before))
            if not self.params["wait"]:
                initial = operation.initial if operation is not None else None
                return initial or self.reread()
            # Where nothing starts again, there is no new run to wait for.
            now = self.settle(operation, before if live is None or plan.runs_anew else {})
        except AzureError as error:
            explain(error, plan.doubts)
            raise
        return self.verify(plan, now)

    def put(self, plan: Plan, is_applied: t.Callable[[], bool]) -> Operation | None:
        """Sends the PUT; when its outcome is unknown, asks, and sends it once more only if it was not applied.

        None means that it was applied, but that its operation is not known.
        """
        client = self.context.client
        for last in (False, True):
            try:
                return client.put_group(self.resource_group, self.name, plan.body, deadline=self.deadline.at)
            except Ambiguous:
                if is_applied():
                    return None
                if last:
                    raise
        return None

    def is_applied(self, plan: Plan, before: t.Mapping[str, str]) -> bool:
        """Whether a PUT of unknown outcome was applied: the live group is what the task says, tags aside.

        Secrets cannot be read: where they are all that changes, only a new run of the containers shows it.
        """
        live = self.context.client.get_group(self.resource_group, self.name)
        if live is None or self.remaining(live).put_changes:
            return False
        if all(change.property == "secrets" for change in plan.put_changes):
            return not states.provisioning_ended(live) or states.start_times(live) != before
        return True

    def remaining(self, live: ArmJson) -> Plan:
        """What a write left undone, as far as it can be read."""
        return make_plan(live, replace(self.wanted, update_secrets="with_changes"))

    def verify(self, plan: Plan, live: ArmJson) -> ArmJson:
        """Plans again after a write: tags that a PUT left out are patched, anything else that remains is an error."""
        late = Deadline(self.context, min(SETTLE_SECONDS, self.deadline.left))
        seen = [live]

        def probe() -> tuple[tuple[Plan, ArmJson], bool, float | None]:
            now = seen.pop() if seen else self.reread()
            rest = self.remaining(now)
            return (rest, now), not rest.put_changes, None

        def not_applied(value: tuple[Plan, ArmJson]) -> AciError:
            names = _listed([change.property for change in value[0].put_changes])
            return AciError(
                f"The service accepted the definition of {self.what}, but still shows other values for {names}.",
                code="NotApplied",
                result=self.planned_result(value[0], container_group=group_facts(value[1])),
            )

        rest, live = wait_until(late, probe, not_applied)
        tags = {name: value for name, value in (rest.body.get("tags") or {}).items() if name not in OWN_TAGS}
        tags |= {name: value for name, value in (plan.body.get("tags") or {}).items() if name in OWN_TAGS}
        return live if tags == (live.get("tags") or {}) else self.patch_tags(tags, live)

    def overridden(self, live: ArmJson) -> list[Change]:
        """The tags that the group does not have as the task says, though they were written; it warns of them.

        A policy that modifies tags does so within the request, and says nothing. Only tags can end so: another property
        that is not as it was sent is an error, see verify.
        """
        found = self.remaining(live).with_effect(Effect.TAGS)
        if found:
            listed = "; ".join(f"{change.property} is {change.before!r}, not {change.after!r}" for change in found)
            self.context.warn(
                f"A policy or another writer overrides tags of {self.what}: {listed}. Leave them out of tags, and with "
                "purge_tags name them in ignore_tags."
            )
        return found

    # -- waiting -----------------------------------------------------------------------------------------------------

    def settle(self, operation: Operation | None, before: t.Mapping[str, str]) -> ArmJson:
        """Waits until the operation has ended and until what the task waits for holds of the runs begun since."""
        if operation is not None:
            self.wait_for_end(operation)
        return self.wait_for_condition(before)

    def wait_for_end(self, operation: Operation) -> None:
        """Waits for an operation; a failed one is an error, and so is a blocker that lasts (an image, a volume)."""
        blocker_timer = BlockerTimer(self.context, float(self.params["image_pull_timeout"]))

        def probe() -> tuple[OperationStatus, bool, float | None]:
            status = operation.poll()
            found = states.blocker_in_events(status.events)
            looked = found is None and not status.done and blocker_timer.is_time_to_look()
            if looked:
                found = states.blocker(self.reread_after_write())
            return status, status.done or blocker_timer.is_over(found, looked), status.retry_after

        status = wait_until(self.deadline, probe, lambda _status: self.timed_out(self.reread()))
        if not status.done:
            self.fail_blocked(self.reread(), blocker_timer)
        if not status.succeeded:
            live = self.reread()
            error = status.error or {}
            events = " ".join(f"{event.get('name')} {event.get('message')}" for event in status.events[-3:])
            said = error.get("message") or events
            raise AzureError(
                f"The operation on {self.what} ended as {status.status}: "
                f"{said} {' '.join(states.reasons(live))}".strip(),
                code=str(error.get("code") or "OperationFailed"),
                message=str(said) or None,
                result={"container_group": group_facts(live)},
            )

    def wait_for_condition(self, before: t.Mapping[str, str]) -> ArmJson:
        """Waits until the group has ended its operation and O(wait_for) holds."""
        wait_for = str(self.params["wait_for"])
        ended_at: list[float] = []
        blocker_timer = BlockerTimer(self.context, float(self.params["image_pull_timeout"]))
        clock = self.deadline.clock

        def probe() -> tuple[ArmJson, bool, float | None]:
            live = self.reread_after_write()
            if not states.provisioning_ended(live):
                return live, False, None
            ended_at.append(clock.monotonic())
            if states.provisioning_failed(live):
                self.fail(live, "ProvisioningFailed", "Its provisioning failed.")
            if wait_for == "provisioned":
                return live, True, None
            settled = clock.monotonic() - ended_at[0] >= SETTLE_SECONDS
            if not states.is_fresh(live, before) and not settled:
                return live, False, None
            verdict = self.verdict(live)
            if verdict.failed:
                self.fail(live, verdict.code, verdict.reason)
            found = None if verdict.done else states.blocker(live)
            if blocker_timer.is_over(found):
                self.fail_blocked(live, blocker_timer)
            return live, verdict.done, None

        return wait_until(self.deadline, probe, self.timed_out)

    def fail_blocked(self, live: ArmJson, blocker_timer: BlockerTimer) -> None:
        """Fails because of an image or a volume, if it is that which went on for too long."""
        if blocker_timer.blocker is not None:
            self.fail(live, blocker_timer.blocker.code, blocker_timer.sentence(live))

    def timed_out(self, live: ArmJson) -> TimedOut:
        """The error of a wait that took too long, with the last state seen and why."""
        facts = group_facts(live) if live else {}
        why = " ".join(states.reasons(live)) if live else ""
        state = f"its provisioning state is {facts.get('provisioning_state')}, its state {facts.get('state')}."
        return TimedOut(
            f"The {self.what} did not get there within {self.params['wait_timeout']} s (wait_timeout): "
            f"{state} {why}".strip(),
            last_state=facts,
            result={"container_group": facts},
        )

    def reread_after_write(self) -> ArmJson:
        """The group as it is now; empty while it is not there yet, since a read may be behind a write for a moment."""
        if self.deadline.elapsed < SETTLE_SECONDS:
            return self.context.client.get_group(self.resource_group, self.name) or {}
        return self.reread()

    def reread(self) -> ArmJson:
        """The group as it is now. Raises AzureError when it has vanished."""
        live = self.context.client.get_group(self.resource_group, self.name)
        if live is None:
            raise AzureError(
                f"The {self.what} vanished while the task worked on it: somebody else deleted it.",
                code="ResourceNotFound",
                status=404,
            )
        return live

    # -- predictions ---------------------------------------------------------------------------------------------------

    def with_identity(self, desired: ArmJson) -> ArmJson:
        """A group that does not exist yet, as it will be read."""
        return {
            **desired,
            "name": self.name,
            "id": self.resource_id,
            "type": "Microsoft.ContainerInstance/containerGroups",
        }

    def predicted(self, plan: Plan, transition: tuple[str, Change] | None) -> ArmJson:
        """The group as check mode expects to read it."""
        desired = dict(plan.desired)
        if transition is not None:
            properties = dict(desired.get("properties") or {})
            view = dict(properties.get("instanceView") or {})
            view["state"] = transition[1].after
            desired["properties"] = {**properties, "instanceView": view}
        return desired


def applied(changes: t.Sequence[Change], overridden: t.Sequence[Change]) -> list[Change]:
    """The changes as they came out: a tag that was overridden has changed to what is live, or not at all."""
    live = {change.property: change.before for change in overridden}
    shown = [
        replace(change, after=live[change.property])
        if change.effect is Effect.TAGS and change.property in live
        else change
        for change in changes
    ]
    return [change for change in shown if change.effect is not Effect.TAGS or change.before != change.after]


def has_begun(before: ArmJson, now: ArmJson) -> bool:
    """Whether a start or a restart of unknown outcome was carried out, by the group before it and now.

    An operation that was under way before says nothing: a group in repair is so with and without the request.
    """
    if states.start_times(now) != states.start_times(before):
        return True
    if states.is_finished(before) and not states.is_finished(now):
        return True
    changed = states.provisioning_state(now) != states.provisioning_state(before)
    return changed and not states.provisioning_ended(now)


def _listed(names: t.Sequence[str]) -> str:
    return ", ".join(names)
