# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The read-only part of a task on one container group: what it wants, what exists, and whether they match.

The code that changes a group is in _reconcile/work.py, which is not imported here: a module is compiled for every task
that runs it, and most tasks find nothing to change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from .._common.errors import AzureError, InvalidArguments, NotReached
from .._common.wait import Deadline
from .._group import state as states
from .._group.changes import Change, diff_of
from .._group.facts import group_facts
from .._group.plan import Plan, Wanted
from .._group.schema import Effect
from .._group.verdicts import Verdict, all_run, is_completed, is_running
from .._group.wire import ArmJson
from .._module import Context
from .recovery import RecoveryFile, recovery_file

if TYPE_CHECKING:  # a module is compiled for every task, and few tasks need this import
    from .._group.images import ImageDigests


class Transition(NamedTuple):
    """A request that changes the state of a group: started, stopped, restarted or repulled, with its change."""

    action: str
    change: Change


class GroupTask(NamedTuple):
    """One task on a group. The task itself is immutable; knowledge about the live group is passed as arguments."""

    context: Context
    wanted: Wanted
    deadline: Deadline
    images: ImageDigests | None = None
    """The digests of the images, if ``image_update`` asks for them."""
    found: ArmJson | None = None
    """The group as it was found, whose cost ``show_cost`` compares."""
    subnet_workers: int = 1
    """The number of groups that may be provisioned in one subnet at a time."""

    # -- options -----------------------------------------------------------------------------------------------------

    @property
    def params(self) -> dict[str, Any]:
        """The module's options."""
        return self.context.params

    @property
    def resource_group(self) -> str:
        """The name of the resource group."""
        return str(self.params["resource_group"])

    @property
    def name(self) -> str:
        """The name of the container group."""
        return str(self.params["name"])

    @property
    def state(self) -> str:
        """The wanted state."""
        return str(self.params["state"])

    @property
    def what(self) -> str:
        """The group, in words."""
        return f"container group {self.name} in resource group {self.resource_group}"

    @property
    def resource_id(self) -> str:
        """The group's resource ID, whether or not it exists."""
        return self.recovery_file().resource_id

    # -- live state --------------------------------------------------------------------------------------------------

    def find(self) -> ArmJson | None:
        """The live group, or None."""
        try:
            return self.context.client.get_group(self.resource_group, self.name)
        except AzureError as error:
            # In check mode, an earlier task may be the one that would create the resource group.
            if error.code != "ResourceGroupNotFound" or not (self.state == "absent" or self.context.check_mode):
                raise
            return None

    def location_of_resource_group(self) -> str | None:
        """The location of the resource group, which is the default for a new group."""
        group = self.context.client.get_resource_group(self.resource_group)
        if group is None:
            return None  # in check mode: the resource group does not exist yet
        return str(group.get("location"))

    def recovery_file(self) -> RecoveryFile:
        """The file that keeps the definition while the group is recreated."""
        subscription = self.context.client.subscription_id
        return recovery_file(self.params.get("recovery_dir"), subscription, self.resource_group, self.name)

    def transition(self, live: ArmJson, plan: Plan) -> Transition | None:
        """The start, stop or restart that the wanted state requires, with its change."""
        before = states.group_state(live) or "Pending"
        # A group that is not running pulls its images when it is started.
        moved = self.images is not None and bool(self.images.moved) and before not in states.FINISHED_STATES
        repull = self.params["repull"] or moved
        if repull and self.state in ("present", "started", "restarted") and not plan.runs_anew:
            return Transition("repulled", Change("state", before, "Running", Effect.START))
        if plan.runs_anew:
            # Such a PUT starts the group, whatever its state was.
            stop = Transition("stopped", Change("state", before, "Stopped", Effect.STOP))
            return stop if self.state == "stopped" else None
        # The request is sent unless the wanted state is reached, so an unknown state gets the request as well.
        finished = before in states.FINISHED_STATES
        if self.state == "stopped" and not finished:
            return Transition("stopped", Change("state", before, "Stopped", Effect.STOP))
        if self.state == "restarted" and not finished:
            return Transition("restarted", Change("state", before, "Running", Effect.RESTART))
        if self.state == "restarted" or (self.state == "started" and not self.is_started(before, live)):
            return Transition("started", Change("state", before, "Running", Effect.START))
        return None

    @staticmethod
    def is_started(state: str, live: ArmJson) -> bool:
        """Whether there is nothing to start: a group that has ended by itself has been started, and is left alone."""
        return (
            state in states.UNDER_WAY_STATES
            or (state in states.FINISHED_STATES and state != "Stopped")
            or all_run(live)
        )

    def is_settled(self, live: ArmJson) -> bool:
        """Whether a group without differences also meets ``wait_for``, if the task waits at all.

        Raises AciError if it never will: a crash loop is not ok on the second run of a task either.
        """
        wait_for = self.params["wait_for"]
        if not self.params["wait"]:
            return True
        if wait_for == "completed" and states.restart_policy(live).lower() == "always":
            raise InvalidArguments("wait_for: a group with restart_policy Always never completes; use running.")
        if self.state == "stopped" or (states.group_state(live) == "Stopped" and wait_for != "completed"):
            return True
        if not states.provisioning_ended(live):
            return self.context.check_mode
        self.check_provisioned(live)
        verdict = self.verdict(live)
        if verdict.failed:
            self.fail(live, verdict.code, verdict.reason)
        return verdict.done or wait_for == "provisioned" or self.context.check_mode

    def verdict(self, live: ArmJson) -> Verdict:
        """The verdict on the group according to ``wait_for``."""
        restarts = int(self.params["max_restarts"])
        if self.params["wait_for"] == "completed":
            return is_completed(live, restarts, self.params["allowed_exit_codes"])
        return is_running(live, restarts)

    def check_provisioned(self, live: ArmJson) -> None:
        """Raises AciError for a group whose last operation failed."""
        if states.provisioning_failed(live):
            from .._group.problems import reasons

            self.fail(live, "ProvisioningFailed", "Its provisioning failed.", *reasons(live))

    def fail(self, live: ArmJson, code: str, *reasons: str) -> NoReturn:
        """Fails with the group's last state. The reasons are complete sentences."""
        error = NotReached(
            f"The {self.what} did not reach wait_for: {self.params['wait_for']}. {' '.join(reasons)}",
            code=code,
            result={"container_group": group_facts(live)},
        )
        # Imported here, because few tasks fail, and a module is compiled for each task.
        from .failure_logs import explained

        raise explained(self.context, error, live)

    # -- results -------------------------------------------------------------------------------------------------------

    def with_identity(self, desired: ArmJson) -> ArmJson:
        """A group that does not exist yet, in the form in which it will be read."""
        return {
            **desired,
            "name": self.name,
            "id": self.resource_id,
            "type": "Microsoft.ContainerInstance/containerGroups",
        }

    def result(
        self,
        action: str,
        changes: list[Change],
        wire: ArmJson | None,
        plan: Plan | None = None,
        overridden: Sequence[Change] = (),
    ) -> dict[str, Any]:
        """The task's result. ``overridden`` are changes that were written but did not persist."""
        moved = self.images.moved if self.images is not None and action == "repulled" else []
        changes = [*moved, *changes]
        result: dict[str, Any] = {
            "changed": action != "none",
            "action": action,
            "changes": [change.as_result() for change in changes],
            "container_group": group_facts(wire) if wire is not None else None,
            "secrets_not_compared": list(plan.secrets_not_compared) if plan is not None else [],
            "doubts": [doubt.as_result() for doubt in plan.doubts] if plan is not None else [],
            "lost": list(plan.lost) if plan is not None else [],
            "probe": plan.probe if plan is not None else None,
            "unverified": [each.as_result() for each in plan.unverified] if plan is not None else [],
            "overridden": [
                {"property": change.property, "wanted": change.after, "live": change.before} for change in overridden
            ],
        }
        if self.images is not None:
            result["images"] = self.images.as_result()
            result["doubts"] += [doubt.as_result() for doubt in self.images.doubts]
        if self.params.get("save_logs"):
            result["saved_logs"] = []
        if self.context.diff_mode:
            result["diff"] = diff_of(f"{self.resource_group}/{self.name}", changes)
        if self.params.get("show_cost"):
            from .pricing import add_change_cost, billed_afterwards

            stops = action == "deleted" or self.state == "stopped"
            after = None if plan is None or stops else billed_afterwards(self.found, changes, plan)
            beside = [after] if plan is not None and plan.probe is not None else []
            add_change_cost(self.context, result, [self.found], [after], beside)
        return result


def check_log_lines(params: Mapping[str, Any]) -> None:
    """Raises InvalidArguments if failure_log_lines is not a number of lines."""
    if params["failure_log_lines"] < 0:
        raise InvalidArguments(
            f"failure_log_lines must be 0 or more lines, not {params['failure_log_lines']}; 0 shows no log."
        )
