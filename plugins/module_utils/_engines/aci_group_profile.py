# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_group_profile module: brings one container group profile into the desired state.

A profile is a definition without a group. Its properties are those in the table of container groups. Every change,
except to tags, creates a new revision; the service keeps the old ones for the groups that refer to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from .._common.errors import AciError, Ambiguous, AzureError, Refused
from .._common.masking import shown
from .._common.wait import Deadline
from .._group.changes import Change, diff_of
from .._group.doubts import PROFILE_NAME, doubts_about_name, explain, validated
from .._group.environment import group_options
from .._group.facts import resource_group_of, snake_cased
from .._group.plan import Plan, TagPolicy, Wanted, make_plan
from .._group.schema import Effect, group_arguments
from .._group.shared_arguments import CONTAINER_GROUP, DESIRED
from .._group.tables import PROFILE
from .._group.wire import ArmJson, drop_path, get_path, read
from .._group.wire_secrets import masked, without_values
from .._module import Context, ModuleSpec

SERVER_OWNED = ("properties.revision", "properties.registeredRevisions")


def run(context: Context) -> dict[str, Any]:
    """Create, change or delete the profile. Raises AciError."""
    return ProfileTask(context, Deadline(context, 300.0)).run()


@dataclass
class ProfileTask:
    """One run of the module."""

    context: Context
    deadline: Deadline

    @property
    def resource_group(self) -> str:
        """The name of the resource group."""
        return str(self.context.params["resource_group"])

    @property
    def name(self) -> str:
        """The name of the profile."""
        return str(self.context.params["name"])

    @property
    def what(self) -> str:
        """The profile, in words."""
        return f"container group profile {self.name} in resource group {self.resource_group}"

    def run(self) -> dict[str, Any]:
        """Reads the profile and makes the necessary changes."""
        absent = self.context.params["state"] == "absent"
        try:
            live = self.context.client.profiles.get(self.resource_group, self.name)
        except AzureError as error:
            # In check mode, an earlier task may be the one that would create the resource group.
            if error.code != "ResourceGroupNotFound" or not (absent or self.context.check_mode):
                raise
            live = None
        if absent:
            return self.absent(live)
        plan = make_plan(None if live is None else without_revision(live), self.wanted(live))
        return self.create(plan) if live is None else self.update(plan, live)

    def wanted(self, live: ArmJson | None) -> Wanted:
        """The desired state."""
        params = self.context.params
        options = {**group_options(params, PROFILE), "tags": params.get("tags")}
        if live is None:
            if not options.get("containers"):
                raise Refused(
                    f"The {self.what} does not exist; give containers to create it.",
                    code="ProfileNotFound",
                )
            if not options["location"]:
                group = self.context.client.get_resource_group(self.resource_group)
                options["location"] = None if group is None else group.get("location")
        return Wanted(
            options=options,
            extra_properties=params["extra_properties"],
            tags=TagPolicy(bool(params["purge_tags"]), tuple(params["ignore_tags"])),
            update_secrets="always" if params["update_secrets"] == "always" else "with_changes",
            profile=True,
        )

    def absent(self, live: ArmJson | None) -> dict[str, Any]:
        """Deletes the profile with all its revisions."""
        if live is None:
            return self.result("none", [], None)
        changes = [
            Change(option, value, None, Effect.DELETE)
            for option, value in masked(PROFILE, read(PROFILE, without_revision(live))).items()
        ]
        revisions = self.revisions()
        if not self.context.check_mode:
            self.context.client.profiles.delete(self.resource_group, self.name, deadline=self.deadline.at)
        return self.result("deleted", changes, live, revisions)

    def create(self, plan: Plan) -> dict[str, Any]:
        """Creates the first revision."""
        plan = self.checked(plan, None)
        if plan.missing_secrets:
            raise without_values(plan.missing_secrets)
        if self.context.check_mode:
            return self.result("created", plan.changes, self.predicted(plan.desired, 1), plan=plan)
        return self.result("created", plan.changes, self.put(plan), self.revisions(), plan)

    def update(self, plan: Plan, live: ArmJson) -> dict[str, Any]:
        """Creates the next revision, or changes only the tags."""
        moved = next((change for change in plan.changes if change.property == "location"), None)
        if moved is not None:
            raise Refused(
                f"The {self.what} is in location {moved.before}, and cannot move to {moved.after}. Leave location out, "
                "or delete the profile first with state: absent.",
                code="LocationCannotChange",
            )
        if not plan.changes:
            return self.result("none", [], live, self.revisions(), plan)
        if not plan.put_changes:
            after = {**live, "tags": plan.body.get("tags") or {}}
            if not self.context.check_mode:
                body = {"tags": plan.body.get("tags") or {}}
                self.context.client.profiles.patch(self.resource_group, self.name, body, deadline=self.deadline.at)
                after = self.reread()
            return self.result("tagged", plan.changes, after, self.revisions(), plan)
        if plan.missing_secrets:
            raise Refused(
                f"A new revision of {self.what} needs its whole definition, but the service does not return its "
                f"secrets, and the task does not give these: {', '.join(plan.missing_secrets)}.",
                code="SecretsMissing",
                result={"secrets_missing": list(plan.missing_secrets)},
            )
        plan = self.checked(plan, without_revision(live))
        if self.context.check_mode:
            number = int(get_path(live, "properties.revision") or 0) + 1
            return self.result("updated", plan.changes, self.predicted(plan.desired, number), self.revisions(), plan)
        return self.result("updated", plan.changes, self.put(plan), self.revisions(), plan)

    def checked(self, plan: Plan, live: ArmJson | None) -> Plan:
        """Returns the plan with the doubts about it, and warns of them. Refuses a plan that cannot be sent."""
        named = doubts_about_name(self.name, PROFILE_NAME, "container group profile") if live is None else []
        doubts = validated(
            plan.body, live, self.context.client.profiles.version, str(self.context.params["validation"]), named
        )
        for doubt in doubts:
            self.context.warn(f"{doubt} It is sent anyway. ({doubt.evidence})")
        return plan._replace(doubts=doubts)

    def put(self, plan: Plan) -> ArmJson:
        """Sends the definition, and repeats that only if it was certainly not applied. Returns the profile as read."""
        client = self.context.client
        try:
            client.profiles.put(self.resource_group, self.name, plan.body, deadline=self.deadline.at)
        except AzureError as error:
            if not isinstance(error, Ambiguous):
                explain(error, plan.doubts)
                raise
            live = client.profiles.get(self.resource_group, self.name)
            if live is None or self.remaining(live).put_changes:
                client.profiles.put(self.resource_group, self.name, plan.body, deadline=self.deadline.at)
        live = self.reread()
        rest = self.remaining(live)
        if rest.put_changes:
            names = ", ".join(change.property for change in rest.put_changes)
            raise AciError(
                f"The service accepted the definition of {self.what}, but still shows other values for {names}.",
                code="NotApplied",
                result={"changes": [shown_change(change) for change in rest.changes]},
            )
        if (live.get("tags") or {}) != (rest.body.get("tags") or {}):
            body = {"tags": rest.body.get("tags") or {}}
            client.profiles.patch(self.resource_group, self.name, body, deadline=self.deadline.at)
            live = self.reread()
        return live

    def remaining(self, live: ArmJson) -> Plan:
        """What remains to be changed after a write."""
        return make_plan(without_revision(live), self.wanted(live)._replace(update_secrets="with_changes"))

    def reread(self) -> ArmJson:
        """The profile as it is now. Raises AzureError if it no longer exists."""
        live = self.context.client.profiles.get(self.resource_group, self.name)
        if live is None:
            raise AzureError(
                f"The {self.what} no longer exists: another client deleted it.", code="ResourceNotFound", status=404
            )
        return live

    def revisions(self) -> list[dict[str, Any]]:
        """All revisions as the module returns them, oldest first."""
        found = self.context.client.profiles.revisions(self.resource_group, self.name)
        return sorted((facts(each) for each in found), key=lambda each: int(each.get("revision") or 0))

    def predicted(self, desired: ArmJson, revision: int) -> ArmJson:
        """The profile as check mode expects to read it."""
        properties = {**(desired.get("properties") or {}), "revision": revision}
        subscription = self.context.params.get("subscription_id") or ""
        base = f"/subscriptions/{subscription}/resourceGroups/{self.resource_group}"
        kind = "Microsoft.ContainerInstance/containerGroupProfiles"
        named = {"id": f"{base}/providers/{kind}/{self.name}", "name": self.name, "type": kind}
        return {**named, **desired, "properties": properties}

    def result(
        self,
        action: str,
        changes: list[Change],
        wire: ArmJson | None,
        revisions: list[dict[str, Any]] | None = None,
        plan: Plan | None = None,
    ) -> dict[str, Any]:
        """The task's result."""
        result: dict[str, Any] = {
            "changed": action != "none",
            "action": action,
            "changes": [shown_change(change) for change in changes],
            "container_group_profile": None if wire is None else facts(wire),
            "revisions": revisions or [],
            "secrets_not_compared": list(plan.secrets_not_compared) if plan is not None else [],
            "doubts": [doubt.as_result() for doubt in plan.doubts] if plan is not None else [],
        }
        if self.context.diff_mode:
            result["diff"] = diff_of(f"{self.resource_group}/{self.name}", changes)
        return result


def without_revision(live: ArmJson) -> ArmJson:
    """A profile in the form of a group, without its revision numbers."""
    result = {**live, "properties": dict(live.get("properties") or {})}
    for path in SERVER_OWNED:
        drop_path(result, path)
    return result


def shown_change(change: Change) -> dict[str, Any]:
    """A change in the form of the result: effects that apply to groups, such as recreation, become ``revision``."""
    kept = (Effect.CREATE, Effect.DELETE, Effect.TAGS)
    return {**change.as_result(), "effect": change.effect.value if change.effect in kept else "revision"}


def facts(wire: ArmJson) -> dict[str, Any]:
    """A profile, or one revision of it, as the module returns it."""
    found: dict[str, Any] = snake_cased(wire)
    resource_id = str(wire.get("id") or "")
    parts = resource_id.split("/")
    found["resource_group"] = resource_group_of(resource_id)
    found["subscription_id"] = parts[2] if len(parts) > 2 else None
    found["tags"] = shown(wire.get("tags") or {})
    found.setdefault("revision", None)
    found.setdefault("containers", [])
    return found


def arguments() -> dict[str, Any]:
    """The options of the module, without the connection options."""
    return {
        **CONTAINER_GROUP,
        "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
        **DESIRED,
        "update_secrets": {
            "type": "str",
            "default": "with_changes",
            "choices": ["with_changes", "always"],
            "no_log": False,
        },
        **group_arguments(PROFILE),
    }


SPEC: Final = ModuleSpec(name="aci_group_profile", arguments=arguments(), run=run)
