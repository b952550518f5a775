# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Retries the provisioning of a new group if none of its containers has started (``provisioning_attempts``).

Such a failure has nothing to do with the containers: the region lacks capacity, the host is faulty, or the registry did
not answer it. Once a container has run, on the other hand, it may have done something that must not be done twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from .._common.errors import AciError, AzureError, TimedOut
from .._group.runs import has_started
from .._group.wire import ArmJson
from .task import GroupTask
from .writes import GroupWrites

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 60.0

NO_CAPACITY = "ServiceUnavailable"
"""The error code, with status 409, for a group for which the region has no capacity."""

_FAILED = frozenset({"ProvisioningFailed", "ImagePullFailed", "MountFailed", "ContainerFailed"})
"""Error codes of the waits for a group that has failed or is stuck."""

T = TypeVar("T")


class Attempts:
    """The attempts of one task to provision a group that did not exist before."""

    def __init__(self, task: GroupTask, writes: GroupWrites, say: Callable[[str], None] | None = None) -> None:
        self._task = task
        self._writes = writes
        self._say = say or task.context.progress
        self._limit = int(task.params["provisioning_attempts"])
        self._made: list[dict[str, Any]] = []

    def as_result(self) -> dict[str, Any]:
        """``attempts`` for the task's result, if there was any."""
        return {"attempts": list(self._made)} if self._made else {}

    def run(self, provision: Callable[[], T], is_own: Callable[[ArmJson], bool] = lambda _live: True) -> T:
        """Calls ``provision`` until it succeeds, or fails in a way that another attempt would not fix.

        The group left by an attempt is deleted before the next one, if it is this task's according to ``is_own``.
        Raises the last attempt's error, with all attempts in its result.
        """
        clock = self._task.context
        while True:
            begin = clock.monotonic()
            try:
                done = provision()
            except AciError as error:
                self._note(begin, error)
                if len(self._made) < self._limit and is_provisioning_failure(error):
                    self._make_way(error, is_own)
                    continue
                if len(self._made) > 1:
                    error.msg = f"{error.msg} It was tried {len(self._made)} times (provisioning_attempts)."
                error.result = {**error.result, **self.as_result()}
                raise
            self._note(begin, None)
            return done

    def _note(self, begin: float, error: AciError | None) -> None:
        self._made.append(
            {
                "attempt": len(self._made) + 1,
                "succeeded": error is None,
                "code": None if error is None else error.code,
                "message": None if error is None else str(error),
                "duration": round(self._task.context.monotonic() - begin, 3),
            }
        )

    def _make_way(self, error: AciError, is_own: Callable[[ArmJson], bool]) -> None:
        """Removes what a failed attempt left, and waits. Raises ``error`` if there must not be another attempt."""
        task, made = self._task, len(self._made)
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(made - 1, 10))
        if error.retry_after is not None:
            pause = max(pause, error.retry_after)
        if task.deadline.left <= pause:
            self._give_up(error, "wait_timeout leaves no time for it")
        self._say(f"{error.msg} Trying again in {pause:.0f} s (attempt {made + 1} of {self._limit})")
        try:
            live = task.context.client.get_group(task.resource_group, task.name)
            if live is not None:
                if not is_own(live):
                    self._give_up(error, "another group has taken its place")
                if has_started(live):
                    self._give_up(error, "a container has started")
                last = self._writes.delete(wait=True)
                if last is not None and has_started(last):
                    self._give_up(error, "a container started just before the group was deleted")
        except AciError as second:
            if second is error:
                raise
            self._give_up(error, f"what it left could not be removed: {second.msg}")
        task.context.sleep(pause)

    def _give_up(self, error: AciError, reason: str) -> None:
        """Raises the error of an attempt that is the last one, although more are allowed."""
        error.msg = f"{error.msg} It was not tried again (provisioning_attempts), since {reason.rstrip('.')}."
        error.result = {**error.result, **self.as_result()}
        raise error


def is_provisioning_failure(error: AciError) -> bool:
    """Whether provisioning itself failed, as opposed to a request that was wrong or not authorised."""
    if isinstance(error, TimedOut):
        return False
    if error.code in _FAILED or error.code == NO_CAPACITY:
        return True
    if not isinstance(error, AzureError):
        return False
    if error.status is None:
        return "container_group" in error.result  # an operation that was accepted and then failed
    return error.status >= 500
