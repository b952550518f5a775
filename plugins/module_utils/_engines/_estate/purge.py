# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""What left the list of an estate, and its removal: only what is surely meant, and never much at once."""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import partial
from typing import Any

from ..._azure.client import Client
from ..._azure.pace import Pace
from ..._common.errors import AzureError, InvalidArguments, Refused
from ..._common.lifetime import moment
from ..._common.masking import shown
from ..._group.estate import Key, Leaving, estate_of, key_of, leaving, most_removed, reason_to_stay
from ..._group.facts import resource_group_of
from ..._group.preflight import locks_in_words
from ..._group.wire import ArmJson
from ..._module import Context
from ..._reconcile.in_order import Rules, Step, run_in_order
from .entries import checked_entry
from .jobs import Job, new_job, perform
from .prices import Prices

FROM_DEFAULTS = ("save_logs", "recovery_dir", "wait", "wait_timeout", "failure_log_lines")
"""The defaults of the entries that also hold for what is removed."""

MOST_LOCKED = 20
"""How many groups beyond ``purge_limit`` are asked about locks, which would save them from being removed."""


class Purge:
    """The groups of one task that left its list."""

    def __init__(self, context: Context, estate: str | None, pace: Pace) -> None:
        self.context = context
        self.params = context.params
        self.estate = estate or ""
        self.pace = pace
        self.wanted = bool(self.params["purge"])
        self.jobs: list[Job] = []
        self._kept: list[tuple[ArmJson, str]] = []
        self._members = 0
        self._created: Mapping[str, str] = {}
        self._left: str | None = None

    def check_options(self) -> None:
        """Refuses a list that cannot be the whole of an estate. Raises InvalidArguments."""
        most_removed(self.params["purge_limit"], 0)
        if not self.params["protect_tag"].strip():
            raise InvalidArguments("protect_tag must be the name of a tag.")
        if not self.wanted:
            return
        if not self.params["groups"]:
            raise InvalidArguments(
                "purge: groups is empty, so every group of the estate would be removed. An empty list is usually due "
                "to a missing variable in a template. To remove all groups, list each with state: absent."
            )
        for option in ("only", "slice"):
            if self.params[option] is not None:
                raise InvalidArguments(
                    f"purge: with {option}, the task has only a part of the list, and the rest would be removed. "
                    f"Purge in a task with the whole list, without {option}."
                )

    def select(self, client: Client, listed: Mapping[Key, ArmJson], keys: Set[Key]) -> None:
        """Finds what left the list, and what of that stays. Nothing is removed here."""
        if not self.wanted:
            return
        found: Leaving = leaving(listed.values(), keys, self.estate, self.params["protect_tag"])
        self._kept, self._members = found.kept, found.members
        if found.groups:
            self._created = self._created_times(client)
        # Far beyond the limit nobody needs to be asked: the task fails.
        asked = len(found.groups) <= most_removed(self.params["purge_limit"], found.members) + MOST_LOCKED
        for wire in found.groups:
            locks = self._locks(client, str(wire["id"])) if asked else []
            if locks:
                self._kept.append((wire, f"it is locked: {', '.join(locks)}"))
            else:
                self.jobs.append(self._job(client, wire))

    def _created_times(self, client: Client) -> Mapping[str, str]:
        try:
            return client.created_times()
        except AzureError as error:
            self.context.warn(f"Cannot determine the age of the groups that are no longer in the list: {error.msg}")
            return {}

    def _locks(self, client: Client, resource_id: str) -> list[str]:
        """The locks on a group and above it. One that cannot be read holds anyway: the service refuses the delete."""
        try:
            return locks_in_words(client.list_locks(resource_id))
        except AzureError as error:
            self.context.warn(f"Cannot determine whether {resource_id} is locked: {error.msg}")
            return []

    def _job(self, client: Client, wire: ArmJson) -> Job:
        defaults = self.params["defaults"] or {}
        options = {name: defaults[name] for name in FROM_DEFAULTS if defaults.get(name) is not None}
        options |= {
            "resource_group": resource_group_of(str(wire["id"])),
            "name": str(wire["name"]),
            "state": "absent",
        }
        job = new_job(self.context, client, checked_entry(self.context, options, "defaults"), None, 1)
        job.live = wire
        job.before = partial(self._check_again, job.name)
        return job

    def _check_again(self, name: str, live: ArmJson | None) -> None:
        """Refuses a group that is not what it was when it was listed. Raises Refused."""
        if live is None:
            return
        reason = reason_to_stay(live, self.params["protect_tag"])
        if estate_of(live) != self.estate:
            reason = f"it no longer belongs to the estate {self.estate}"
        if reason is not None:
            raise Refused(
                f"The container group {name} was not removed, because it changed in the meantime: {reason}.",
                code="NotPurged",
            )

    def check_limit(self) -> None:
        """Refuses more than the limit, before anything is written. Raises Refused."""
        most = most_removed(self.params["purge_limit"], self._members)
        if len(self.jobs) > most:
            names = ", ".join(job.name for job in self.jobs[:10])
            more = f" and {len(self.jobs) - 10} more" if len(self.jobs) > 10 else ""
            raise Refused(
                f"purge: {len(self.jobs)} of the {self._members} groups of the estate {self.estate} are not in groups, "
                f"but purge_limit ({self.params['purge_limit']}) allows {most} removals: {names}{more}. Nothing was "
                "changed. If the list is complete, raise purge_limit; otherwise complete it, or give each part of the "
                "list an estate of its own.",
                code="PurgeLimit",
                result={"purged": self.result(None)},
            )

    def carry_out(self, rules: Rules, check_mode: bool) -> None:
        """Removes what left the list, or foretells that."""
        steps = [Step(index) for index, job in enumerate(self.jobs) if job.error is None]
        failed = [index for index, job in enumerate(self.jobs) if job.error is not None]
        skipped = run_in_order(steps, lambda index: perform(self.jobs[index], self.pace, check_mode), rules, failed)
        for index, reason in skipped.items():
            self.jobs[index].skipped = reason.value

    def leave(self, reason: str) -> None:
        """Removes nothing."""
        if self.jobs and self._left is None:
            number = len(self.jobs)
            self.context.warn(f"purge: {number} {'group was' if number == 1 else 'groups were'} {reason}.")
        self._left = reason
        for job in self.jobs:
            job.result = {} if job.error is None else job.result

    def result(self, prices: Prices | None) -> list[dict[str, Any]]:
        """The groups that left the list, with what a person decides by."""
        now = self.context.client.now()
        found = []
        for wire, removed, reason, job in self._all():
            created = moment(self._created.get(str(wire["id"]).lower()))
            hourly, monthly = (None, None) if prices is None else prices.of(wire)
            tags = {str(name).lower(): value for name, value in (wire.get("tags") or {}).items()}
            found.append(
                {
                    "name": wire.get("name"),
                    "resource_group": resource_group_of(str(wire["id"])),
                    "id": wire["id"],
                    "removed": removed,
                    "reason": reason,
                    "created_at": None if created is None else created.isoformat(),
                    "age": None if created is None else int((now - created).total_seconds()),
                    "owner": shown(tags.get(self.params["owner_tag"].lower())),
                    "hourly": hourly,
                    "monthly": monthly,
                    "saved_logs": [] if job is None else job.result.get("saved_logs", []),
                    "error": None if job is None else job.result.get("error"),
                }
            )
        return found

    def _all(self) -> list[tuple[ArmJson, bool, str | None, Job | None]]:
        """Each group that left: as it was listed, whether it is gone, why not, and its job."""
        found: list[tuple[ArmJson, bool, str | None, Job | None]] = []
        for job in self.jobs:
            if job.live is not None:
                reason = job.skipped or self._left or (None if job.error is None else str(job.error))
                found.append((job.live, job.action == "deleted", reason, job))
        found += [(wire, False, reason, None) for wire, reason in self._kept]
        return sorted(found, key=lambda each: key_of(each[0]))

    def diff(self) -> list[dict[str, Any]]:
        """What diff mode shows of the groups that are gone."""
        return [job.result["diff"] for job in self.jobs if job.action == "deleted"]
