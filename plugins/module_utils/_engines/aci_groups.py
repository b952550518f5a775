# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_groups module: makes many container groups what the task says, as one estate."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from .._azure.client import Client
from .._azure.pace import Pace
from .._common.entries import Entries
from .._common.errors import AciError, AzureError, InvalidArguments, Refused
from .._common.lifetime import PROTECT_TAG
from .._common.price_options import COST_ARGUMENTS
from .._common.workers import checked_workers
from .._group.estate import (
    Key,
    checked_estate,
    chosen,
    key_of,
    merged_entries,
    needed_quota,
    needs,
    short_quota,
)
from .._group.wire import ArmJson
from .._module import Context, ModuleSpec
from .._reconcile.in_order import Rules, Step, run_in_order
from ._estate.entries import ENTRY, check_once, checked_entries
from ._estate.jobs import HEALTHY, NOT_CHECKED, UNHEALTHY, Alike, Job, look, new_job, perform
from ._estate.last_changes import LastChanges
from ._estate.plans import EstatePlan
from ._estate.prices import Prices
from ._estate.purge import Purge

MOST_LISTED = 5
"""How many of the groups that failed are named in the message; the result has them all."""

MOST_WARNED = 20
"""How many of the groups' warnings are shown as the task's; the result has them all."""


def run(context: Context) -> dict[str, Any]:
    """Makes all groups what the task says, and removes what left the list where that is asked for.

    Returns ``changed``, ``container_groups``, ``purged`` and ``summary``, and ``diff`` in diff mode. Raises AciError,
    with the same in its ``result``, where a group failed.
    """
    estate = _Estate(context)
    try:
        estate.prepare()
        estate.look()
        estate.check()
        estate.carry_out()
        result = estate.result()
    finally:
        estate.prices.close()
    for text in estate.warnings():
        context.warn(text)
    estate.raise_failures(result)
    return result


class _Estate:
    """One task: its jobs, what was listed, and what left the list."""

    def __init__(self, context: Context) -> None:
        self.context = replace(context, progress=_one_at_a_time(context.progress))
        self.params = context.params
        self.name = checked_estate(self.params["estate"])
        self.workers = checked_workers(self.params["workers"])
        if self.params["subnet_workers"] < 1:
            raise InvalidArguments(f"subnet_workers is {self.params['subnet_workers']}; use 1 or more.")
        self.pace = Pace(context)
        self.client: Client = context.client
        self.jobs: list[Job] = []
        self.needs: list[frozenset[int]] = []
        self.resource_groups: list[str] = []
        self.listed: dict[Key, ArmJson] = {}
        self.prices = Prices(self.context)
        self.purge = Purge(self.context, self.name, self.pace)
        self.plan = EstatePlan(self.context, self.name)
        self.last_changes = LastChanges(self.context, self.workers)
        self.locations: dict[str, str | None] = {}
        self.taken: list[bool] = []
        self.done = 0

    # -- before anything is sent -------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Checks the options of all entries. Raises InvalidArguments."""
        params = self.params
        self.purge.check_options()
        self.plan.check_options()
        entries = checked_entries(self.context)
        self.client = self.context.client.paced(self.pace)
        jobs = [new_job(self.context, self.client, each, self.name, params["subnet_workers"]) for each in entries]
        check_once([job.entry for job in jobs])  # here, since the name may be the definition's
        self.needs = needs([job.key for job in jobs], [job.entry.after for job in jobs])
        self.jobs = jobs
        self.taken = chosen([job.key for job in jobs], params["only"], params["slice"])
        names = [str(job.entry.params["resource_group"]) for job in jobs] + list(params["resource_groups"] or ())
        self.resource_groups = list({name.lower(): name for name in names}.values())

    def look(self) -> None:
        """Lists what there is, one request a page, and compares. Nothing is written before all of it was read."""
        for name in self.resource_groups:
            self.listed |= {key_of(wire): wire for wire in self._list(name)}
        alike = Alike()
        for job, taken in zip(self.jobs, self.taken, strict=True):
            if taken:
                look(job, self.listed.get(job.key), self.params["health"], alike)
        self.purge.select(self.client, self.listed, {job.key for job in self.jobs})

    def _list(self, resource_group: str) -> list[ArmJson]:
        """The groups of a resource group; none where it does not exist: the jobs say whether that is an error."""
        try:
            return list(self.client.each_group(resource_group))
        except AzureError as error:
            if error.code != "ResourceGroupNotFound":
                raise
            return []

    def check(self) -> None:
        """Refuses what must not begin at all: too many groups to purge, and more than the quotas have room for.

        Who made the differences is looked up now, before this task changes anything itself.
        """
        self.purge.check_limit()
        self._check_quota()
        self.last_changes.read(self.client, self._taken())

    def _check_quota(self) -> None:
        # What stays as it is needs nothing, so the difference of one that is recreated is what it needs.
        needed = needed_quota(
            (job.live, self._located(job)) for job in self._taken() if job.open and job.state != "absent"
        )
        freed = needed_quota((None, job.live) for job in self._taken() if job.open and job.state == "absent")
        short: list[str] = []
        for region, amounts in needed.items():
            try:
                usages = self.client.list_usage(region) if region else []
            except AzureError as error:
                self.context.warn(
                    f"Cannot determine whether the quotas of {region} suffice for all changes: {error.msg}"
                )
                continue
            left = _less(amounts, freed.get(region, {}))
            short += short_quota(usages, region, left)
            if not short_quota(usages, region, left) and (tight := short_quota(usages, region, amounts)):
                self.context.warn(
                    f"The quotas suffice only after the groups with state: absent are deleted: {'; '.join(tight)}."
                )
        if short:
            raise Refused(
                f"The quotas do not suffice for all changes together: {'; '.join(short)}. Nothing was changed. Ask for "
                "more quota, or leave groups out.",
                code="QuotaExceeded",
            )

    def _located(self, job: Job) -> ArmJson | None:
        """The group as it should be, with the region of its resource group where it names none."""
        desired = job.desired
        if desired is None or desired.get("location"):
            return desired
        name = str(job.entry.params["resource_group"])
        if name.lower() not in self.locations:
            found = self.client.get_resource_group(name)
            self.locations[name.lower()] = None if found is None else str(found.get("location"))
        return {**desired, "location": self.locations[name.lower()]}

    # -- the work ----------------------------------------------------------------------------------------------------

    def _taken(self) -> Iterable[Job]:
        return (job for job, taken in zip(self.jobs, self.taken, strict=True) if taken)

    def carry_out(self) -> None:
        """Does what differs, many groups at a time, and then removes what left the list; in check mode it foretells.

        A plan is foretold first, and written, or compared with the one to apply, before anything is changed.
        """
        check_mode = self.context.check_mode
        if check_mode or self.plan.is_wanted:
            self._work(check_mode=True)
            jobs = list(self._taken())
            self.plan.finish(jobs, self.purge.jobs, self.prices, self.client.subscription_id, self.listed)
        if not check_mode:
            self._work(check_mode=False)

    def _work(self, check_mode: bool) -> None:
        """Performs, or foretells, what is open."""
        steps = [
            Step(index, self.needs[index], job.subnets)
            for index, job in enumerate(self.jobs)
            if self.taken[index] and job.open
        ]
        failed = [index for index, job in enumerate(self.jobs) if job.error is not None]
        rules = Rules(self.workers, self.params["subnet_workers"], self.params["on_failure"] == "stop")
        self.done = 0
        if steps:
            self.context.progress(f"{len(steps)} of {len(self.jobs)} container groups must be read or changed")

        def work(index: int) -> bool:
            job = self.jobs[index]
            went_well = perform(job, self.pace, check_mode)
            self.done += 1
            said = job.action if went_well else "failed"
            self.context.progress(f"{job.name}: {said} ({self.done} of {len(steps)})")
            return went_well

        skipped = run_in_order(steps, work, rules, failed)
        for index, job in enumerate(self.jobs):
            job.skipped = None if index not in skipped else skipped[index].value
            if job.skipped is not None:
                job.result = {"action": "none", "changed": False}
        if not any(job.error is not None or job.skipped for job in self.jobs):
            self.purge.carry_out(rules, check_mode)
        else:
            self.purge.leave("not removed, since not every group of the list is as it should be")

    # -- the result --------------------------------------------------------------------------------------------------

    def warnings(self) -> list[str]:
        """The warnings of all groups, the first of them only where there are very many."""
        told = [
            text if job.entry.params["name"] in text else f"{job.name}: {text}"
            for job in (*self.jobs, *self.purge.jobs)
            for text in dict.fromkeys(job.warnings)
        ]
        if len(told) <= MOST_WARNED:
            return told
        more = f"{len(told) - MOST_WARNED} more warnings are in the result, in container_groups."
        return [*told[:MOST_WARNED], more]

    def result(self) -> dict[str, Any]:
        """What the task returns."""
        reported = [self._reported(job) for job in self._taken()]
        purged = self.purge.result(self.prices)
        removed = [each for each in purged if each["removed"]]
        result: dict[str, Any] = {
            "changed": any(each["changed"] for each in reported) or bool(removed),
            "container_groups": reported,
            "purged": purged,
            "summary": self._summary(reported, len(removed)),
        }
        if self.context.diff_mode:
            result["diff"] = [job.result["diff"] for job in self._taken() if job.result.get("changed")]
            result["diff"] += self.purge.diff()
        return result

    def _reported(self, job: Job) -> dict[str, Any]:
        """One group, as the result shows it."""
        more = {name: value for name, value in job.result.items() if name not in ("diff", "msg")}
        return {
            "changed": False,
            "action": "none",
            "changes": [],
            "doubts": [],
            "lost": [],
            "secrets_not_compared": [],
            "error": None,
            "container_group": None,
            **more,
            "name": job.entry.params["name"],
            "resource_group": job.entry.params["resource_group"],
            "id": job.ready.task.resource_id if job.live is None else job.live.get("id"),
            "health": job.health,
            "skipped": job.skipped,
            "cost": self.prices.change(*job.billed),
            **self.last_changes.of(job),
            "warnings": list(dict.fromkeys(job.warnings)),
        }

    def _summary(self, reported: Sequence[Mapping[str, Any]], removed: int) -> dict[str, Any]:
        actions = Counter(str(each["action"]) for each in reported if each["error"] is None and not each["skipped"])
        health = Counter(str(each["health"]) for each in reported)
        return {
            "container_groups": len(reported),
            "changed": sum(bool(each["changed"]) for each in reported),
            "failed": sum(each["error"] is not None for each in reported),
            "skipped": sum(each["skipped"] is not None for each in reported),
            "purged": removed,
            "actions": dict(sorted(actions.items())),
            "healthy": health[HEALTHY],
            "unhealthy": health[UNHEALTHY],
            "not_checked": health[NOT_CHECKED],
        }

    def raise_failures(self, result: dict[str, Any]) -> None:
        """Raises an AciError that names the groups that failed, if any did."""
        failed = [(job.name, job.error) for job in (*self.jobs, *self.purge.jobs) if job.error is not None]
        if not failed:
            return
        told = "; ".join(f"{name}: {error}" for name, error in failed[:MOST_LISTED])
        more = f"; and {len(failed) - MOST_LISTED} more" if len(failed) > MOST_LISTED else ""
        skipped = sum(job.skipped is not None for job in self.jobs)
        left = f" {skipped} more {'was' if skipped == 1 else 'were'} skipped." if skipped else ""
        first = failed[0][1]
        missing = [each for _name, error in failed for each in error.result.get("missing_actions", ())]
        if missing:
            result = {
                **result,
                "missing_actions": [each for at, each in enumerate(missing) if each not in missing[:at]],
            }
        total = sum(self.taken) + len(self.purge.jobs)
        raise AciError(
            f"{len(failed)} of {total} container groups failed.{left} {told}{more}",
            code=first.code if len(failed) == 1 else "GroupsFailed",
            status=first.status,
            request_id=first.request_id,
            result=result,
        )


def _less(amounts: Mapping[str, float], freed: Mapping[str, float]) -> dict[str, float]:
    return {name: amount - freed.get(name, 0.0) for name, amount in amounts.items()}


def _one_at_a_time(progress: Callable[[str], None]) -> Callable[[str], None]:
    """Progress that threads may call at a time."""
    lock = threading.Lock()

    def tell(text: str) -> None:
        with lock:
            progress(text)

    return tell


SPEC: Final = ModuleSpec(
    name="aci_groups",
    arguments={
        "groups": {"type": "list", "elements": "dict", "required": True, "no_log": True},
        "defaults": {"type": "dict", "no_log": True},
        "estate": {"type": "str"},
        "only": {"type": "list", "elements": "str"},
        "slice": {"type": "str"},
        "health": {"type": "str", "default": "changed", "choices": ["changed", "all"]},
        "activity_log": {"type": "bool", "default": False},
        "on_failure": {"type": "str", "default": "continue", "choices": ["continue", "stop"]},
        "workers": {"type": "int", "default": 16},
        "subnet_workers": {"type": "int", "default": 1},
        "purge": {"type": "bool", "default": False},
        "purge_limit": {"type": "str", "default": "10%"},
        "protect_tag": {"type": "str", "default": PROTECT_TAG},
        "owner_tag": {"type": "str", "default": "owner"},
        "resource_groups": {"type": "list", "elements": "str"},
        **COST_ARGUMENTS,
        "plan_file": {"type": "path"},
        "apply_plan": {"type": "path"},
    },
    mutually_exclusive=[("plan_file", "apply_plan")],
    required_if=[("purge", True, ("estate",))],
    entries=Entries(ENTRY, ("groups", "defaults"), merged_entries),
    run=run,
)
