# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the resource_group module: brings one resource group into the desired state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._azure.client import Client
from .._azure.operation import Operation
from .._common.errors import Ambiguous, AzureError, InvalidArguments, Refused, TimedOut
from .._common.masking import shown
from .._common.polling import Poll, wait_until
from .._common.wait import Deadline
from .._group.facts import resource_group_facts
from .._group.names import place
from .._group.tags import resulting_tags
from .._module import Context, ModuleSpec

MAX_LISTED = 5
"""The number of resources named in the error if a resource group is not empty."""

Group = dict[str, Any]


def run(context: Context) -> dict[str, Any]:
    """Create, update or delete the resource group. Raises AciError."""
    task = _ResourceGroupTask(context, Deadline(context, context.params["wait_timeout"]))
    live = task.client.get_resource_group(task.name)
    return task.absent(live) if context.params["state"] == "absent" else task.present(live)


@dataclass
class _ResourceGroupTask:
    context: Context
    deadline: Deadline

    @property
    def client(self) -> Client:
        return self.context.client

    @property
    def name(self) -> str:
        return str(self.context.params["name"])

    # -- present -----------------------------------------------------------------------------------------------------

    def present(self, live: Group | None) -> dict[str, Any]:
        params = self.context.params
        if live is not None and _is_going(live):
            # Treat it as gone: the service refuses changes to it, and accepts the name again afterwards.
            if not self.context.check_mode:
                self._until_gone(None)
            live = None
        tags = resulting_tags((live or {}).get("tags"), params["tags"], params["purge_tags"], params["ignore_tags"])
        if live is None:
            return self._created(tags)
        location = params["location"]
        if location and place(location) != place(live.get("location")):
            raise Refused(
                f"Resource group {self.name} is in location {live.get('location')}, and cannot move to "
                f"{location}. Leave location out, or delete the group first with state=absent.",
                code="LocationCannotChange",
                result={"resource_group": resource_group_facts(live)},
            )
        if tags == dict(live.get("tags") or {}):
            return self._result("none", live, live)
        if self.context.check_mode:
            return self._result("tagged", live, {**live, "tags": tags})
        after = self.client.resource_groups.patch(self.name, {"tags": tags}, deadline=self.deadline.at)
        return self._result("tagged", live, after)

    def _created(self, tags: dict[str, str]) -> dict[str, Any]:
        location = self.context.params["location"]
        if not location:
            raise InvalidArguments(f"Resource group {self.name} does not exist: give location to create it.")
        body = {"location": location, "tags": tags}
        if self.context.check_mode:
            subscription = self.client.subscription_id
            predicted = {**body, "id": f"/subscriptions/{subscription}/resourceGroups/{self.name}", "name": self.name}
            return self._result("created", None, predicted)
        return self._result("created", None, self._put(body))

    def _put(self, body: Group) -> Group:
        """Create the group. If the outcome is unknown, read the group; creating it again is harmless."""
        try:
            return self.client.resource_groups.put(self.name, body, deadline=self.deadline.at)
        except Ambiguous:
            made = self.client.get_resource_group(self.name)
            if made is not None:
                return made
        return self.client.resource_groups.put(self.name, body, deadline=self.deadline.at)

    # -- absent ------------------------------------------------------------------------------------------------------

    def absent(self, live: Group | None) -> dict[str, Any]:
        wait = self.context.params["wait"]
        if live is None:
            return self._result("none", None, None)
        if _is_going(live):
            if wait and not self.context.check_mode:
                self._until_gone(None)
            return self._result("none", live, None)
        if not self.context.params["force"]:
            self._refuse_unless_empty()
        if not self.context.check_mode:
            operation = self._delete()
            if wait:
                self._until_gone(operation)
        return self._result("deleted", live, None)

    def _refuse_unless_empty(self) -> None:
        """Raise Refused if the group contains any resources."""
        resources = self.client.resource_groups.resources(self.name, top=MAX_LISTED + 1)
        if not resources:
            return
        names = [str(resource.get("name")) for resource in resources]
        more = " and more" if len(names) > MAX_LISTED else ""
        raise Refused(
            f"Resource group {self.name} is not empty: it holds {', '.join(names[:MAX_LISTED])}{more}. "
            "Use force=true to delete it with everything in it.",
            code="NotEmpty",
        )

    def _delete(self) -> Operation | None:
        try:
            return self.client.resource_groups.delete(self.name, deadline=self.deadline.at)
        except AzureError as error:
            if error.code in ("ResourceGroupNotFound", "ResourceGroupBeingDeleted"):
                return None
            raise

    def _until_gone(self, operation: Operation | None) -> None:
        """Wait until the operation has ended and the group no longer exists."""
        self.context.progress(f"Waiting for the deletion of resource group {self.name}")
        ended = operation is None

        def probe() -> Poll[Group | None]:
            nonlocal ended
            if operation is not None and not ended:
                status = operation.poll()
                if status.done and not status.succeeded:
                    raise AzureError(
                        f"Resource group {self.name} could not be deleted: {_reason(status.error)}",
                        code=str((status.error or {}).get("code") or status.status),
                    )
                if not status.done:
                    return Poll(None, False, status.retry_after)
                ended = True
            live = self.client.get_resource_group(self.name)
            return Poll(live, live is None)

        wait_until(self.deadline, probe, self._too_slow)

    def _too_slow(self, live: Group | None) -> TimedOut:
        facts = resource_group_facts(live) if live else {}
        return TimedOut(
            f"Resource group {self.name} is still there after {self.deadline.seconds:g} s. The deletion continues; "
            "increase wait_timeout to wait longer.",
            last_state=facts,
            result={"resource_group": facts} if facts else {},
        )

    # -- result ------------------------------------------------------------------------------------------------------

    def _result(self, action: str, before: Group | None, after: Group | None) -> dict[str, Any]:
        result: dict[str, Any] = {"changed": action != "none", "action": action}
        told = after if after is not None else before
        if told is not None:
            result["resource_group"] = resource_group_facts(told)
        if self.context.diff_mode:
            header = f"resource group {self.name}"
            result["diff"] = {
                "before": _compared(before),
                "after": _compared(before if action == "none" else after),
                "before_header": header,
                "after_header": header,
            }
        return result


def _state(group: Group) -> str | None:
    properties = group.get("properties")
    state = properties.get("provisioningState") if isinstance(properties, dict) else None
    return str(state) if state else None


def _is_going(group: Group) -> bool:
    """Whether the group is being deleted."""
    return _state(group) in ("Deleting", "Deprovisioning")


def _compared(group: Group | None) -> dict[str, Any]:
    """The properties that the diff compares."""
    return {} if group is None else {"location": group.get("location"), "tags": shown(group.get("tags") or {})}


def _reason(error: dict[str, Any] | None) -> str:
    return str((error or {}).get("message") or "the service does not say why.")


SPEC = ModuleSpec(
    name="resource_group",
    arguments={
        "name": {"type": "str", "required": True},
        "location": {"type": "str"},
        "tags": {"type": "dict"},
        "purge_tags": {"type": "bool", "default": False},
        "ignore_tags": {"type": "list", "elements": "str", "default": ["hidden-*"]},
        "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
        "force": {"type": "bool", "default": False},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 2100},
    },
    run=run,
)
