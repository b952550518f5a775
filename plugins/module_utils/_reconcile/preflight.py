# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Checks, before a group is deleted, whether it can be created again; in check mode as well.

Separate from the other checks, because only a recreation needs it: each check is a request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar

from .._azure.registry import RegistryError
from .._common.errors import AzureError, ConnectionFailed, CredentialsError, Refused
from .._group.images import parse_reference, registry_host
from .._group.plan import Plan
from .._group.preflight import (
    Unverified,
    denying_policies,
    images_of,
    is_allowed,
    locks_in_words,
    needed_rights,
    policy_content,
    undecided_policies,
)
from .._group.probe import probe_plan
from .._group.quota import needs_more, quota_shortage
from .._group.recreation import lost_by_recreation
from .._group.wire import ArmJson, get_path
from .checks import planned_result
from .image_update import logins_of
from .task import GroupTask

T = TypeVar("T")

ASKING_SECONDS = 30.0
"""For how long to retry one check while the service does not answer. Without an answer, it remains unverified."""


class GroupPreflight:
    """The checks before one recreation."""

    def __init__(self, task: GroupTask) -> None:
        self.task = task
        self.client = task.context.client.within(ASKING_SECONDS)
        self.unverified: list[Unverified] = []

    def asked(self, plan: Plan, live: ArmJson) -> Plan:
        """The plan, completed with what could not be verified and what will be lost.

        Raises Refused if an answer shows that the delete or the create would be refused.
        """
        plan = self.with_cost(plan, live)
        self.task.context.progress(f"Checking whether {self.task.what} can be recreated")
        self.ask_locks(plan)
        self.ask_rights(plan)
        self.ask_policies(plan)
        self.ask_quota(plan, live)
        location = plan.body.get("location") or live.get("location")
        self.leave("capacity", f"Azure does not say in advance whether region {location} has capacity for the group.")
        self.ask_images(plan)
        return plan._replace(unverified=self.unverified)

    def foretold(self, plan: Plan, live: ArmJson) -> Plan:
        """The same for a recreation that may not be necessary: an obstacle is only a warning."""
        try:
            return self.asked(plan, live)
        except Refused as refusal:
            self.task.context.warn(f"If the service does not make the change in place: {refusal.msg}")
            return self.with_cost(plan, live)._replace(unverified=self.unverified)

    @property
    def is_probed(self) -> bool:
        """Whether the new definition is tested first."""
        return bool(self.task.params["recreate"] == "probed")

    def with_cost(self, plan: Plan, live: ArmJson) -> Plan:
        """The plan, completed with what the recreation loses, and what a test before it needs."""
        seconds = float(self.task.params["wait_timeout"])
        probe = probe_plan(plan.body, self.task.name, seconds) if self.is_probed else None
        return plan._replace(lost=lost_by_recreation(live, plan.body), probe=probe)

    def ask_locks(self, plan: Plan) -> None:
        """Checks for locks on the group and its parent scopes."""
        locks = self.ask("locks", "Locks", lambda: self.client.list_locks(self.task.resource_id))
        found = locks_in_words(locks or [])
        if found:
            self.refuse(plan, "ScopeLocked", f"these locks prevent it: {', '.join(found)}. Remove them first.")

    def ask_rights(self, plan: Plan) -> None:
        """Checks the caller's permissions on every resource that the new group requires."""
        resource_group_id = self.task.resource_id.partition("/providers/")[0]
        for right in needed_rights(plan.body, resource_group_id):
            permissions = self.ask(
                "permissions",
                f"The permission {right.action} on {right.scope}",
                lambda scope=right.scope: self.client.list_permissions(scope),  # type: ignore[misc]
            )
            if permissions is not None and not is_allowed(permissions, right.action):
                self.refuse(
                    plan,
                    "AuthorizationFailed",
                    f"the identity of this task lacks the permission {right.action} on {right.scope}, without which "
                    "the group cannot be created. Assign it a role that has it.",
                )

    def ask_policies(self, plan: Plan) -> None:
        """Checks the complete new definition with Azure Policy."""
        content = policy_content(plan.body, self.task.name)
        answer = self.ask(
            "policy",
            "Azure Policy",
            lambda: self.client.check_policy_restrictions(self.task.resource_group, content),
        )
        if answer is None:
            return
        denying = denying_policies(answer)
        if denying:
            self.refuse(
                plan,
                "RequestDisallowedByPolicy",
                f"these policy assignments deny the new definition: {', '.join(denying)}. Change the definition, or "
                "have it exempted.",
            )
        for policy in undecided_policies(answer):
            self.leave("policy", f"Azure Policy could not evaluate the assignment {policy}.")

    def ask_quota(self, plan: Plan, live: ArmJson) -> None:
        """Checks the region's quota, if the new group needs more than the old one frees.

        If the new definition is tested first, the old group frees nothing during the test.
        """
        if not needs_more(live, plan.body) and not self.is_probed:
            return
        location = str(plan.body.get("location") or live.get("location"))
        usages = self.ask("quota", f"The quota of {location}", lambda: self.client.list_usage(location))
        short = quota_shortage(usages or [], live, plan.body)
        if short:
            self.refuse(plan, "QuotaExceeded", f"{short}.")
        if self.is_probed and (short := quota_shortage(usages or [], None, plan.body)):
            self.refuse(
                plan, "QuotaExceeded", f"its new definition cannot be tried beside it (recreate: probed): {short}."
            )

    def ask_images(self, plan: Plan) -> None:
        """Checks whether the images exist in the registries for which the definition has credentials."""
        logins = logins_of(plan.body)
        credentials = get_path(plan.body, "properties.imageRegistryCredentials") or []
        hosts = {registry_host(str(each.get("server"))) for each in credentials}
        registry = None
        for image in images_of(plan.body):
            reference = parse_reference(image)
            if reference is None or reference.host not in hosts:
                self.leave(
                    "image", f"The registry of image {image} was not queried: the definition has no credentials for it."
                )
                continue
            try:
                registry = registry or self.client.registry()
                tag, login = reference.digest or reference.tag, logins.get(reference.host)
                registry.digest(reference.host, reference.repository, tag, login)
            except (RegistryError, CredentialsError, ConnectionFailed) as error:
                if error.status == 404:
                    self.refuse(plan, "ImageNotFound", f"its image {image} does not exist. {error.msg} Push it first.")
                self.leave("image", f"Could not check whether image {image} exists: {error.msg}")

    def ask(self, check: str, subject: str, question: Callable[[], T]) -> T | None:
        """The answer to a question. If there is none, returns None and records the check as unverified."""
        try:
            return question()
        except (AzureError, ConnectionFailed) as error:
            self.leave(check, f"{subject} could not be checked: {error.msg}")
            return None

    def leave(self, check: str, reason: str) -> None:
        """Records what could not be verified."""
        self.unverified.append(Unverified(check, reason))

    def refuse(self, plan: Plan, code: str, reason: str) -> NoReturn:
        """Refuses the recreation; ``reason`` completes a sentence."""
        raise Refused(
            f"The {self.task.what} would have to be recreated, but {reason} Nothing was deleted.",
            code=code,
            result=planned_result(
                plan, lost=list(plan.lost), unverified=[each.as_result() for each in self.unverified]
            ),
        )
