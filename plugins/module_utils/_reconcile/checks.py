# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Checks a plan before anything is sent: whether it is possible, and whether the task allows its effects."""

from __future__ import annotations

from typing import Any

from .._common.errors import AzureError, InvalidArguments, Refused
from .._group import state as states
from .._group.doubts import GROUP_NAME, doubts_about_name, doubts_about_subnet, sentences, validated
from .._group.facts import orchestrator_of
from .._group.plan import Plan
from .._group.recreation import loses_identity, lost_by_recreation
from .._group.schema import Effect
from .._group.subnets import subnet_ids, subnet_parts
from .._group.validation import Finding
from .._group.wire import ArmJson, missing_secrets, put_body
from .._group.wire_secrets import with_secrets_of, without_values
from .task import GroupTask


class GroupChecks:
    """The checks of one task's plan. They raise AciError if nothing may be sent."""

    def __init__(self, task: GroupTask) -> None:
        self.task = task

    def warn_of_owner(self, live: ArmJson, action: str) -> None:
        """Warns if an NGroup created the group that this task is about to change."""
        owner = orchestrator_of(live)
        if owner is None or action == "none":
            return
        self.task.context.warn(
            f"The {self.task.what} belongs to the NGroup {owner}, which may undo what this task changes, or replace "
            "the group. Deleting it lowers the NGroup's count, or makes the NGroup create another one. Change the "
            "NGroup or its profile instead."
        )

    def checked(self, plan: Plan, live: ArmJson | None) -> Plan:
        """Returns the plan with the doubts about it, and warns of them. Refuses a plan that cannot be sent."""
        if plan.action == "created" and plan.missing_secrets:
            raise without_values(plan.missing_secrets, self.how_to_give_secrets)
        named = doubts_about_name(self.task.name, GROUP_NAME, "container group") if live is None else []
        mode = str(self.task.params["validation"])
        subnets = [] if mode == "off" else self.subnet_doubts(plan, live)
        api_version = self.task.context.client.api_version
        doubts = validated(plan.body, live, api_version, mode, [*named, *subnets])
        for doubt in doubts:
            self.task.context.warn(f"{doubt} It is sent anyway. ({doubt.evidence})")
        if (
            self.task.params["wait"]
            and self.task.params["wait_for"] == "completed"
            and states.restart_policy(plan.body).lower() == "always"
        ):
            raise InvalidArguments(
                "restart_policy: with Always a group never completes, which is what this task waits for; use OnFailure "
                "or Never."
            )
        return plan._replace(doubts=doubts)

    def subnet_doubts(self, plan: Plan, live: ArmJson | None) -> list[Finding]:
        """The doubts about subnets that are new for the group, as far as these can be read."""
        known = {subnet_id.lower() for subnet_id in subnet_ids(live or {})}
        doubts = []
        for subnet_id in subnet_ids(plan.body):
            if subnet_id.lower() in known or subnet_parts(subnet_id) is None:
                continue
            try:
                subnet = self.task.context.client.get_subnet(subnet_id)
            except AzureError:
                continue  # permission to join a subnet does not imply permission to read it
            if subnet is not None:
                doubts += doubts_about_subnet(subnet)
        return doubts

    def check_doubts(self, plan: Plan, live: ArmJson) -> None:
        """Refuses a plan that the service may reject only after the running containers are gone."""
        running = not states.is_finished(live)
        doubts = (
            plan.doubts
            if plan.with_effect(Effect.RECREATE)
            else [doubt for doubt in plan.doubts if doubt.late and running]
        )
        if doubts:
            raise Refused(
                f"The {self.task.what} would be replaced by a definition that the service may refuse only when it is "
                f"too late: {sentences(doubts)} Nothing was changed. Use validation: off to send it anyway.",
                code="Doubtful",
                result=planned_result(plan),
            )

    def check_secrets(self, plan: Plan) -> None:
        """Refuses a PUT that would remove secrets of the live group."""
        if plan.missing_secrets:
            raise Refused(
                f"Changing {self.task.what} sends its whole definition, but the service does not return its secrets, "
                f"and the task does not give these: {', '.join(plan.missing_secrets)}. Give them, so that they are not "
                f"lost (or an empty value for one that does not exist).{self.how_to_give_secrets}",
                code="SecretsMissing",
                result=planned_result(plan, secrets_missing=list(plan.missing_secrets)),
            )

    @property
    def how_to_give_secrets(self) -> str:
        """What to do about secrets missing in a definition, as text to append; empty without a definition."""
        if self.task.wanted.definition is None:
            return ""
        return (
            " Exports and answers of the service never hold secrets, so the definition has none there. Put each in its "
            "place in the definition; in a YAML file it may be ${NAME}, with the value in definition_variables."
        )

    def check_recreate(self, plan: Plan, live: ArmJson, refusal: AzureError | None = None) -> None:
        """Refuses a recreation that the task does not allow; ``refusal`` is the service's error that requires one."""
        needing = plan.with_effect(Effect.RECREATE)
        if refusal is not None and not needing:
            needing = plan.with_effect(Effect.UNKNOWN) or plan.put_changes
        if not needing:
            return
        if self.may_recreate(live):
            if self.task.params["recreate"] == "probed" and not self.task.params["wait"]:
                raise InvalidArguments(
                    "recreate: probed waits for the group that tries the definition, so it requires wait."
                )
            self.check_restorable(plan, live)
            return
        identity = self.would_lose_identity(live)
        listed = "; ".join(map(str, needing))
        lost = lost_by_recreation(live, plan.body)
        also = f" Recreating it also loses {', '.join(lost)}." if lost else ""
        said = f" The service says: {refusal.message}" if refusal is not None else ""
        raise Refused(
            f"The {self.task.what} would have to be deleted and recreated to change {listed}.{also}{said} "
            f"Allow it with recreate: when_needed{' and recreate_identity: true' if identity else ''}.",
            code="RecreateNeeded",
            status=refusal.status if refusal else None,
            request_id=refusal.request_id if refusal else None,
            result=planned_result(plan, lost=lost),
        )

    def may_recreate(self, live: ArmJson) -> bool:
        """Whether the task allows this group to be recreated."""
        return self.task.params["recreate"] != "never" and not self.would_lose_identity(live)

    def would_lose_identity(self, live: ArmJson) -> bool:
        """Whether a recreation would lose an identity without the task allowing it."""
        return loses_identity(live) and not self.task.params["recreate_identity"]

    def check_restorable(self, plan: Plan, live: ArmJson) -> None:
        """Refuses a recreation that could not be undone if the task requires that it can be."""
        missing = missing_secrets(previous_body(self.task, plan, live))
        if self.task.params["on_failed_recreate"] == "restore" and missing:
            raise Refused(
                f"The {self.task.what} would be deleted and could not be restored (on_failed_recreate: restore). The "
                f"service does not return these secrets, and the task does not give them: {', '.join(missing)}. "
                "Nothing was changed. Give them, or use on_failed_recreate: leave.",
                code="NotRestorable",
                result=planned_result(plan, secrets_missing=missing),
            )


def previous_body(task: GroupTask, plan: Plan, live: ArmJson) -> ArmJson:
    """The body of the PUT that restores the live group once it is deleted.

    With ``on_failed_recreate: restore``, the old group's secrets are taken from those that the task gives.
    """
    body = put_body(live, keep_ip=False)
    return with_secrets_of(body, plan.body) if task.params["on_failed_recreate"] == "restore" else body


def planned_result(plan: Plan, **more: Any) -> dict[str, Any]:
    """The part of a refused plan that the failed result shows."""
    doubts = {"doubts": [doubt.as_result() for doubt in plan.doubts]} if plan.doubts else {}
    return {"changes": [change.as_result() for change in plan.changes], **doubts, **more}
