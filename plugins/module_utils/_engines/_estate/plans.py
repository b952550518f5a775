# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The plan of an estate: written to be reviewed, and held against what there is when it is applied."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from ..._common.errors import InvalidArguments, Refused
from ..._common.limits import CREATIONS, DELETIONS, least_seconds
from ..._common.masking import shown
from ..._group.estate import Key, label
from ..._group.estate_plan import (
    SKIPPED,
    as_json,
    by_key,
    differs,
    document,
    is_done,
    live_digest,
    losses,
    outcome_digest,
    planned_changes,
    read_plan,
    restarts,
)
from ..._group.facts import resource_group_of
from ..._group.wire import ArmJson
from ..._module import Context
from .jobs import Job, fail
from .plan_files import applied_plan, plan_paths, write_plan
from .prices import Prices


class EstatePlan:
    """The options ``plan_file`` and ``apply_plan`` of one task."""

    def __init__(self, context: Context, estate: str | None) -> None:
        self.context = context
        self.estate = estate
        self._paths: tuple[Path, Path] | None = None
        self._applied: dict[str, Any] | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether the changes have to be foretold, in a real run too."""
        return self._paths is not None or self._applied is not None

    def check_options(self) -> None:
        """Reads the plan that is to be applied. Raises InvalidArguments."""
        params = self.context.params
        if params["plan_file"] is not None:
            self._paths = plan_paths(params["plan_file"])
        if params["apply_plan"] is not None:
            self._applied = applied_plan(params["apply_plan"])
            if self._applied.get("estate") != self.estate:
                raise InvalidArguments(
                    f"apply_plan: the plan is for the estate {self._applied.get('estate')!r}, but the task manages "
                    f"{self.estate!r}."
                )

    def finish(
        self,
        jobs: Sequence[Job],
        leaving: Sequence[Job],
        prices: Prices,
        subscription_id: str,
        listed: Container[Key],
    ) -> None:
        """Writes the plan of the predicted jobs, or refuses each job that differs from what was planned.

        ``listed`` are all existing groups. One that is already what the plan makes of it is left alone.
        """
        if not self.is_wanted:
            return
        groups = [self._group(job, prices) for job in jobs]
        removed = [self._removed(job, prices) for job in leaving]
        found = document(
            self.estate, subscription_id, groups, removed, _least(jobs, leaving), self.context.params["currency"]
        )
        plan: dict[str, Any] = self.context.masker.result(found)
        if self._paths is not None:
            write_plan(self._paths, plan)
        if self._applied is not None:
            self._compare(self._applied, plan, jobs, leaving, listed)

    def _compare(
        self,
        applied: Mapping[str, Any],
        plan: Mapping[str, Any],
        jobs: Sequence[Job],
        leaving: Sequence[Job],
        listed: Container[Key],
    ) -> None:
        if applied.get("subscription_id") != plan["subscription_id"]:
            raise InvalidArguments(
                f"apply_plan: the plan is for the subscription {applied.get('subscription_id')}, but the task uses "
                f"{plan['subscription_id']}."
            )
        for name, some in (("groups", jobs), ("removed", leaving)):
            planned, now = by_key(applied[name]), by_key(read_plan(as_json(plan), "plan")[name])
            for job in some:
                reason = differs(planned.get(job.key), now[job.key])
                if reason is not None and is_done(planned.get(job.key), now[job.key], self._outcome(job, job.live)):
                    continue
                if reason is not None and job.error is None:
                    fail(job, _outdated(job.name, reason))
                job.before = partial(_check_live, job.name, live_digest(job.live), job.before)
        if self.context.params["only"] is None and self.context.params["slice"] is None:
            known = {job.key for job in (*jobs, *leaving)}
            left = [
                label(key)
                for name in ("groups", "removed")
                for key in by_key(applied[name])
                if key not in known and (name == "groups" or key in listed)
            ]
            if left:
                self.context.warn(
                    f"apply_plan: these groups of the plan are neither in groups nor in the estate any more: "
                    f"{', '.join(left)}. They are left alone."
                )

    def _group(self, job: Job, prices: Prices) -> dict[str, Any]:
        """A group of the list, as the plan has it."""
        ttl = job.entry.params.get("ttl")
        changes = planned_changes(job.result.get("changes", ()), ttl)
        return {
            "name": str(job.entry.params["name"]),
            "resource_group": str(job.entry.params["resource_group"]),
            "action": job.action,
            "changes": changes,
            "restarts": job.live is not None and job.error is None and restarts(changes),
            "lost": losses(changes, job.result.get("lost", ())) if job.live is not None else [],
            "doubts": [str(doubt["message"]) for doubt in job.result.get("doubts", ())],
            "unverified": [str(each["reason"]) for each in job.result.get("unverified", ())],
            "secrets_not_compared": sorted(job.result.get("secrets_not_compared", ())),
            "cost": prices.change(*job.billed),
            "error": _error(job),
            "live": live_digest(job.live),
            "expected": None if job.error is not None else self._outcome(job, job.desired),
        }

    def _outcome(self, job: Job, wire: ArmJson | None) -> str | None:
        """What a definition of a job's group comes to. The secrets of the task do not show in it, in any form."""
        params = job.entry.params
        return outcome_digest(
            wire,
            has_ttl=params.get("ttl") is not None,
            has_digests=params.get("image_update", "ignore") != "ignore",
            mask=self.context.masker.result,
        )

    def _removed(self, job: Job, prices: Prices) -> dict[str, Any]:
        """A group that left the list, as the plan has it: without its age, which changes all the time."""
        wire = job.live or {}
        tags = {str(name).lower(): value for name, value in (wire.get("tags") or {}).items()}
        hourly, monthly = prices.of(wire)
        return {
            "name": str(wire.get("name")),
            "resource_group": resource_group_of(str(wire.get("id"))),
            "action": "deleted",
            "changes": [],
            "owner": shown(tags.get(self.context.params["owner_tag"].lower())),
            "hourly": hourly,
            "monthly": monthly,
            "live": live_digest(wire),
        }


def _error(job: Job) -> dict[str, Any] | None:
    """Why a group cannot be done as it is. What Azure says of that has ids and times, which a plan has not."""
    if job.skipped is not None:
        return {"code": SKIPPED, "msg": job.skipped}
    if job.error is None:
        return None
    msg = str(shown(str(job.error))) if job.error.status is None else "Azure refuses this; see the output of the run."
    return {"code": job.error.code, "msg": msg}


def _outdated(name: str, reason: str) -> Refused:
    return Refused(
        f"The plan (apply_plan) was not applied to the container group {name}: {reason}. Plan again, and have the new "
        "plan reviewed.",
        code="PlanOutdated",
    )


def _check_live(name: str, digest: str | None, before: Callable[[ArmJson | None], None], live: ArmJson | None) -> None:
    """Refuses a group that changed after the list was read. Raises Refused."""
    before(live)
    if live_digest(live) != digest:
        raise _outdated(name, "its live definition has changed since the plan was made")


def _least(jobs: Sequence[Job], leaving: Sequence[Job]) -> float:
    """How long the limits of the service make it take at least."""
    actions = [action for job in (*jobs, *leaving) if job.error is None for action in job.actions]
    busy = [job for job in jobs if job.action != "none"]
    return least_seconds(
        reads=sum(job.open for job in jobs) + len(leaving),
        creations=actions.count(CREATIONS),
        deletions=actions.count(DELETIONS),
        other_writes=sum(not job.actions for job in busy),
    )
