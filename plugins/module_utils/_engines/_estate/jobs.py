# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""One group of aci_groups: a task of aci_group, looked at in a list, and carried out by that module's own engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ..._azure.client import Client
from ..._azure.pace import Pace
from ..._common.errors import AciError, InvalidArguments, NotReached, OperationFailed, Refused, TimedOut
from ..._common.limits import CREATIONS, DELETIONS
from ..._common.wait import Deadline
from ..._group import state as states
from ..._group.costs import is_billed
from ..._group.estate import Key, estate_of, in_estate, label
from ..._group.plan import Plan, make_plan
from ..._group.schema import Effect
from ..._group.subnets import subnet_ids
from ..._group.wire import ArmJson
from ..._module import Context
from ..aci_group import Prepared, carried_out, prepared
from .entries import Entry, as_result, named

HEALTHY, UNHEALTHY, NOT_CHECKED, GONE = "healthy", "failed", "not_checked", "absent"


@dataclass
class Job:
    """One group: what is asked for, what the list says of it, and what came of it."""

    entry: Entry
    ready: Prepared
    warnings: list[str]
    live: ArmJson | None = None
    """The group as it was listed, or None."""
    seen: ArmJson | None = None
    """The group as it was read before its change, with its instance view; None where it was not read."""
    plan: Plan | None = None
    """By the list, None where the group is not there, or has to go."""
    open: bool = False
    """Whether it must be read, because something differs or the list does not show enough."""
    before: Callable[[ArmJson | None], None] = lambda _live: None
    """What is checked of the group just before it is changed; raises AciError."""
    result: dict[str, Any] = field(default_factory=dict)
    error: AciError | None = None
    health: str = NOT_CHECKED
    skipped: str | None = None

    @property
    def key(self) -> Key:
        """What names the group."""
        return self.entry.key

    @property
    def name(self) -> str:
        """The group's name as it was given, with that of its resource group."""
        return label((str(self.entry.params["resource_group"]), str(self.entry.params["name"])))

    @property
    def state(self) -> str:
        """The wanted state."""
        return self.ready.task.state

    @property
    def action(self) -> str:
        """What was done, or will be; none for what failed or was skipped."""
        return str(self.result.get("action", "none"))

    @property
    def differs(self) -> bool:
        """Whether the list shows a difference: the group is missing, is to go, or is not as it should be."""
        if self.state == "absent":
            return self.live is not None
        return self.live is None or (self.plan is not None and self.plan.action != "none")

    @property
    def desired(self) -> ArmJson | None:
        """The group as it should be, as far as the list tells; None where it has to go."""
        return None if self.state == "absent" or self.plan is None else self.plan.desired

    @property
    def billed(self) -> tuple[ArmJson | None, ArmJson | None]:
        """The group as it is billed before and after its change; None where it costs nothing then.

        The list does not show whether a group has stopped, so that one that was not read counts as running.
        """
        runs = self.seen is None or is_billed(self.seen)
        starts = self.live is None or self.action in ("started", "restarted")
        reruns = self.plan is not None and self.plan.runs_anew
        ends = self.state in ("absent", "stopped")
        return self.live if runs else None, self.desired if (runs or starts or reruns) and not ends else None

    @property
    def subnets(self) -> frozenset[str]:
        """The subnets that a new group, or a new definition, is put into."""
        body = self.plan.body if self.plan is not None else {}
        return frozenset(each.lower() for each in subnet_ids(body))

    @property
    def actions(self) -> tuple[str, ...]:
        """What the service counts of the work that the list shows."""
        if self.state == "absent":
            return (DELETIONS,) if self.live is not None else ()
        if self.plan is None or not (self.live is None or self.plan.put_changes):
            return ()
        return (CREATIONS, DELETIONS) if self.plan.with_effect(Effect.RECREATE) else (CREATIONS,)


def new_job(context: Context, client: Client, entry: Entry, estate: str | None, subnet_workers: int) -> Job:
    """A job for an entry. Raises InvalidArguments, which names the entry."""
    warnings: list[str] = []
    version = entry.params.get("api_version")
    own = replace(
        context,
        params=entry.params,
        client=client if version is None else client.of_version(str(version)),
        warn=warnings.append,
    )
    joins = estate is not None and entry.params["state"] != "absent"
    try:
        ready = prepared(own, partial(in_estate, estate=str(estate))) if joins else prepared(own)
    except InvalidArguments as error:
        raise named(error, entry.where) from None
    ready = ready._replace(task=ready.task._replace(subnet_workers=subnet_workers))
    job = Job(entry, ready, warnings)
    if estate is not None:
        job.before = partial(check_estate, job.name, estate)
    return job


def check_estate(name: str, estate: str, live: ArmJson | None) -> None:
    """Refuses a group of another estate: it is neither changed nor taken over."""
    other = estate_of(live)
    if other is not None and other != estate:
        raise Refused(
            f"The container group {name} belongs to the estate {other}, not to {estate}. It was not changed. Remove it "
            "from one of the lists; to move it, remove its tag aci_estate first.",
            code="OtherEstate",
        )


# -- what the list shows -----------------------------------------------------------------------------------------------


class Alike:
    """What was found of groups that the next ones may be like, name and address aside: that nothing differs.

    An estate may have hundreds of one kind, and to compare is most of the work about a group that stays as it is.
    """

    def __init__(self) -> None:
        self._plans: dict[str, Plan] = {}

    def plan(self, job: Job, live: ArmJson) -> Plan:
        """How a live group differs from what is wanted. Raises InvalidArguments."""
        key = self._key(job, live)
        if key in self._plans:
            return self._plans[key]._replace(body={}, desired=live)
        plan = make_plan(live, job.ready.task.wanted)
        if key and plan.action == "none":
            self._plans[key] = plan
        return plan

    @staticmethod
    def _key(job: Job, live: ArmJson) -> str:
        """What the comparison rests on; empty where it rests on more than that."""
        params = job.entry.params
        if job.ready.definition is not None or params["image_update"] != "ignore":
            return ""
        properties = dict(live.get("properties") or {})
        address = properties.get("ipAddress")
        if isinstance(address, dict) and (params.get("ip_address") or {}).get("ip") is None:
            properties["ipAddress"] = {name: value for name, value in address.items() if name not in ("ip", "fqdn")}
        # When each was made and changed differs in every group, and is compared with nothing.
        rest = {**live, "id": None, "name": None, "systemData": None, "properties": properties}
        return json.dumps([{**params, "name": None}, rest], sort_keys=True)


def look(job: Job, live: ArmJson | None, health: str, alike: Alike) -> None:
    """Compare a job with the list, and say whether there is more to do than that."""
    job.live = live
    try:
        job.before(live)
        if job.state == "absent":
            job.open = live is not None
        elif live is None:
            job.open = True
            job.plan = make_plan(None, job.ready.task.wanted)
        else:
            job.plan = alike.plan(job, live)
            job.open = job.plan.action != "none" or _says_too_little(job, live) or health == "all"
            if not job.open:
                _leave(job, live)
    except AciError as error:
        fail(job, error)
    if not job.open and job.error is None:
        job.result = {"action": "none", "changed": False}
        job.health = GONE if job.state == "absent" else NOT_CHECKED
        if job.plan is not None:
            job.result["secrets_not_compared"] = list(job.plan.secrets_not_compared)


def _says_too_little(job: Job, live: ArmJson) -> bool:
    """Whether only the group itself, with its instance view, shows if there is something to do."""
    params = job.entry.params
    return (
        job.state != "present"
        or params["repull"]
        or params["image_update"] != "ignore"
        or not states.provisioning_ended(live)
        or states.provisioning_failed(live)
    )


def _leave(job: Job, live: ArmJson) -> None:
    """What aci_group does of a group without a difference, short of reading it."""
    ready = job.ready
    if ready.definition is not None:
        from ..._reconcile.definition import warn_of_own_tags  # few estates have definitions

        warn_of_own_tags(ready.task.context, ready.definition, live)
        if ready.version is None:
            from ..._group.definition import check_network_profile

            check_network_profile(ready.definition.wire, live)
    if not ready.task.context.check_mode:
        ready.task.recovery_file().remove()  # of a recreation that was interrupted after its create


# -- the work ----------------------------------------------------------------------------------------------------------


def perform(job: Job, pace: Pace, check_mode: bool) -> bool:
    """Do what one group needs, in a thread of its own, and say whether that went well.

    The time that it has begins when its turn has come.
    """
    job.result, job.error, job.health = {}, None, NOT_CHECKED
    try:
        if not check_mode:
            for action in job.actions:
                pace.reserve(action)
        live = job.seen = _at_its_turn(job, check_mode).task.find()
        ready = _at_its_turn(job, check_mode)
        job.before(live)
        job.result = carried_out(ready, live)
        job.health = _health(job, ready, live)
    except AciError as error:
        fail(job, error)
    finally:
        pace.release()
    return job.error is None


def _at_its_turn(job: Job, check_mode: bool) -> Prepared:
    """The job with all of its time left, and requests of its own."""
    context = replace(job.ready.task.context, check_mode=check_mode)
    context.retries.has_answered = True  # the list was an answer
    context.client = context.client.of_task(context.retries)
    deadline = Deadline(context, float(context.params["wait_timeout"]))
    return job.ready._replace(task=job.ready.task._replace(context=context, deadline=deadline))


def fail(job: Job, error: AciError) -> None:
    """Note that a job failed."""
    job.error = error
    job.open = False
    job.health = UNHEALTHY if isinstance(error, (NotReached, OperationFailed, TimedOut)) else NOT_CHECKED
    job.result = {"changed": False, **as_result(error)}


def _health(job: Job, ready: Prepared, live: ArmJson | None) -> str:
    """What is known of a group now: only what was waited for, or read, is called healthy."""
    task = ready.task
    if job.state == "absent":
        return GONE
    if not task.params["wait"]:
        return NOT_CHECKED
    if task.context.check_mode:
        # What is foretold has not been seen; what is there and stays as it is has been.
        settled = live is not None and job.action == "none" and states.provisioning_ended(live)
        if not settled or live is None:
            return NOT_CHECKED
        stopped = job.state == "stopped" or states.group_state(live) == "Stopped"
        is_there = stopped or task.params["wait_for"] == "provisioned" or task.verdict(live).done
        return HEALTHY if is_there else NOT_CHECKED
    return HEALTHY
