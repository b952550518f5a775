# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start, stop and restart of container groups.

Recorded from 2021 to 2024: stop answers 204 at once, also for a stopped group; start answers 204 with an operation,
without one for a running group; restart answers 204 with an operation, also while one runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import ArmError
from . import operations
from .groups import Caller, Groups, Outcome, several
from .quotas import needs
from .refusals import refuse

if TYPE_CHECKING:
    from ..runtime.supervisor import Supervisor


class Actions:
    """What a client asks a group to do."""

    def __init__(self, groups: Groups, supervisor: Supervisor) -> None:
        self._groups = groups
        self._supervisor = supervisor

    def stop(self, caller: Caller) -> Outcome:
        """Ends the containers; a finished group stays as it is."""
        key, record = self._groups.require(caller)
        if self._groups.state(key) not in ("Stopped", "Succeeded", "Failed"):
            self._groups.require_settled(key, record, caller.name)
            self._supervisor.stop(key)
        return Outcome(204)

    def start(self, caller: Caller) -> Outcome:
        """Deploys a stopped or finished group anew, with a new address; nothing happens to a running one."""
        key, record = self._groups.require(caller)
        self._groups.require_settled(key, record, caller.name)
        if self._groups.state(key) in ("Running", "Pending"):
            return Outcome(204)
        self._check(key, record, caller)
        self._groups.drop_address(record)
        operation = self._groups.begin(record, operations.PENDING)
        record["provisioningState"] = operations.PENDING
        self._groups.store_record(key, record)
        self._supervisor.start(key)
        self._groups.on_event(key)
        return Outcome(int(self._groups.position("start-answer")), operation=operation)

    def restart(self, caller: Caller) -> Outcome:
        """Runs all containers again; one that is asked for while another runs joins it."""
        key, record = self._groups.require(caller)
        running = record.get("operation")
        if running and record["provisioningState"] == operations.UPDATING:
            return Outcome(204, operation=self._groups.operations.get(running))
        self._groups.require_settled(key, record, caller.name)
        state = self._groups.state(key)
        if state == "Stopped" and self._groups.position("restart-stopped") == "refuse":
            raise refuse("restart_stopped", group=caller.name, resource_group=caller.resource_group)
        try:
            self._check(key, record, caller)
        except ArmError as error:
            # Recorded by users: on a restart even a single refusal of an image comes wrapped.
            raise several([error]) from None
        operation = self._groups.begin(record, operations.UPDATING)
        record["provisioningState"] = operations.UPDATING
        self._groups.store_record(key, record)
        self._supervisor.restart(key)
        self._groups.on_event(key)
        return Outcome(204, operation=operation)

    def _check(self, key: str, record: dict[str, Any], caller: Caller) -> None:
        """Images are pulled and cores taken again."""
        properties = record["properties"]
        self._groups.check_images(caller.name, properties)
        self._groups.usage.check(key, caller.subscription, str(record["region"]), needs(properties))
