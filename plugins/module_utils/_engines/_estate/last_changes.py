# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Who changed the groups of a task last. Nothing that cannot be read about it makes the task fail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from ..._azure.client import Client
from ..._common.errors import AciError
from ..._common.workers import Workers
from ..._group.estate import Key
from ..._group.last_change import change_by_log, change_by_system_data, last_change
from ..._module import Context
from .jobs import Job

DAYS: Final = 89
"""The log has 90 days, and refuses a request for more: a day less, for clocks that differ and for the last page."""

NOTHING_LOGGED = f"the activity log has no change of the group in the last {DAYS} days"


class LastChanges:
    """What ``systemData`` says of each group, and with ``activity_log`` what the log says of those that differ."""

    def __init__(self, context: Context, workers: int) -> None:
        self._context = context
        self._workers = workers
        self._found: dict[Key, dict[str, Any] | None] = {}
        self._unreadable: str | None = None

    def read(self, client: Client, jobs: Iterable[Job]) -> None:
        """Asks the log about the groups that differ. It must be asked before they are changed."""
        if not self._context.params["activity_log"]:
            return
        since = client.now() - timedelta(days=DAYS)
        unretried = client.without_retries()
        workers = Workers(self._workers, self._context.retries)

        def look(job: Job) -> None:
            if self._unreadable is None:
                resource_id = str((job.live or {}).get("id") or job.ready.task.resource_id)
                try:
                    events = workers.request(lambda: unretried.list_activity(resource_id, since))
                except AciError as error:
                    self._unreadable = error.msg
                else:
                    self._found[job.key] = change_by_log(events)

        workers.map(look, [job for job in jobs if job.differs])
        if self._unreadable is not None:
            self._context.warn(
                f"Cannot determine from the activity log who last changed the groups: {self._unreadable}"
            )

    def of(self, job: Job) -> dict[str, Any]:
        """``last_modified`` and ``last_modified_unknown`` of a group's result."""
        system = change_by_system_data(job.live)
        found = last_change(system, self._found.get(job.key))
        reason = None
        if self._context.params["activity_log"] and job.differs:
            if job.key not in self._found:
                reason = self._unreadable
            elif found is None:
                reason = NOTHING_LOGGED
        return {"last_modified": found, "last_modified_unknown": reason}
