# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start, stop and restart of container groups.

Recorded from 2018 to 2024: stop answers 204 at once, even for a stopped group and just after a restart; start answers
204 with an operation, but without one for a running group; restart answers 204 with an operation of its own, even while
another restart runs. While a group is Repairing, two restarts are answered with 500 and the third is accepted (2021);
the responses to a PUT and a start are not known then: they are refused as during an operation.
"""

from __future__ import annotations

from typing import Any

from ...arm.errors import ArmError
from ...platform import Platform
from ..definition.refusals import refuse
from ..definition.validation import unavailable
from ..group_request import Answer, GroupRequest
from ..state import operations
from ..state.deployments import GROUPS, INACTIVE, several
from .groups import Groups


class Actions:
    """The actions on container groups."""

    def __init__(self, platform: Platform, groups: Groups) -> None:
        self._store = platform.store
        self._supervisor = platform.supervisor
        self._groups = groups
        self._deployments = groups.deployments

    def stop(self, group_request: GroupRequest) -> Answer:
        """Ends the containers; a finished group is left as it is."""
        key, record = self._groups.require(group_request)
        if self._deployments.view(key, record).state not in INACTIVE:
            repairing = record["provisioningState"] == operations.REPAIRING
            if self._groups.position("operations-while-transitioning") == "refuse" and not repairing:
                self._deployments.require_settled(key, record)
            self._deployments.stop(key, record)
        return Answer(204)

    def start(self, group_request: GroupRequest) -> Answer:
        """Redeploys a stopped or finished group with a new address; has no effect on a running one."""
        key, record = self._groups.require(group_request)
        self._deployments.require_settled(key, record)
        if self._deployments.view(key, record).state not in INACTIVE:
            return Answer(204)
        self._check(key, record)
        self._groups.placement.drop_address(record)
        operation = self._begin(key, record, operations.PENDING)
        self._deployments.start(key)
        return Answer(int(self._groups.position("start-answer")), operation=operation)

    def restart(self, group_request: GroupRequest) -> Answer:
        """Restarts all containers."""
        key, record = self._groups.require(group_request)
        if record["provisioningState"] == operations.REPAIRING:
            if self._supervisor.refuses_restart(key):
                error = refuse("internal", activity=group_request.activity, correlation=group_request.correlation)
                error.headers["x-ms-failure-cause"] = "service"
                raise error
        elif record["provisioningState"] != operations.UPDATING:
            self._deployments.require_settled(key, record)
        state = self._deployments.view(key, record).state
        if state in INACTIVE and self._groups.position("restart-stopped") == "refuse":
            raise refuse("stopped", group=group_request.name, resource_group=group_request.resource_group)
        self._check(key, record, wrapped=True)
        operation = self._begin(key, record, operations.UPDATING)
        self._deployments.restart(key)
        return Answer(204, operation=operation)

    def _begin(self, key: str, record: dict[str, Any], status: str) -> dict[str, Any]:
        operation = self._deployments.begin(record, status)
        record["provisioningState"] = status
        self._store.put(GROUPS, key, record)
        return operation

    def _check(self, key: str, record: dict[str, Any], *, wrapped: bool = False) -> None:
        """Checks images and capacity, because images are pulled and cores allocated again. For a restart, even a single
        error about an image is wrapped (documented)."""
        properties = record["properties"]
        try:
            self._deployments.check_images(record["name"], properties)
        except ArmError as error:
            if wrapped and error.code != "MultipleErrorsOccurred":
                raise several([error]) from None
            raise
        room = self._deployments.check_room(key, record["subscription"], record["region"], properties)
        if not room or "shortage" in record:
            raise unavailable(properties, properties.get("containers") or [], record["region"])
