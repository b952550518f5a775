# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator as those know it that serve its requests and show its pages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from starlette.types import ASGIApp

from ..faults.faults import Faults
from ..faults.outcome import Outcome
from ..faults.throttle import Throttle
from ..identity.managed_identity import ManagedIdentity
from ..identity.tokens import Tokens
from ..insights.activity_log import ActivityLog
from ..platform import Platform
from ..resources.locks import Locks
from ..resources.policies import Policies
from ..runtime.images import Digests
from .access import Access
from .request_log import RequestLog


@dataclass(kw_only=True)
class Controls(Platform, ABC):
    """A platform with what every request passes before a route answers it, and what is set to change the answers."""

    access: Access
    tokens: Tokens
    managed_identity: ManagedIdentity
    throttle: Throttle
    activity_log: ActivityLog
    locks: Locks
    digests: Digests
    faults: Faults = field(default_factory=Faults)
    requests: RequestLog = field(default_factory=RequestLog)
    policies: Policies = field(default_factory=Policies)

    @abstractmethod
    async def start(self) -> None:
        """Takes up what the state directory holds, and begins to serve the proxy."""

    @abstractmethod
    def intercept(self, app: ASGIApp) -> None:
        """Has an application answer what the proxy's clients ask Azure's own hosts. To be called before ``start``."""

    @abstractmethod
    async def reset(self) -> None:
        """Removes everything that clients have made. Who may sign in stays the same."""

    @abstractmethod
    async def close(self) -> None:
        """Stops everything that was started."""

    @abstractmethod
    def repair(self, group_id: str, seconds: float) -> None:
        """Has the platform repair a container group, for ``seconds`` or until it is restarted."""

    @abstractmethod
    def take_room(self, group_id: str) -> None:
        """Leaves no room for a container group in its region, for the request being served."""

    @abstractmethod
    def keep_counting(self, group_id: str, seconds: float) -> None:
        """Has quotas count a container group for ``seconds`` after the request being served has deleted it."""

    @abstractmethod
    def give_room(self, group_id: str) -> None:
        """Takes back what ``take_room`` said."""

    def arm(self, target: str, outcome: Outcome) -> None:
        """Decides how the operation ends that the request being served begins on ``target``, an id."""
        segments = target.strip("/").split("/")
        if len(segments) == 4:
            self.resource_manager.arm_deletion(segments[1], segments[3], outcome)
        else:
            self.supervisor.arm(target.lower(), outcome)

    def disarm(self, target: str) -> None:
        """Takes back what ``arm`` said, if the request has begun no operation."""
        self.give_room(target.lower())
        segments = target.strip("/").split("/")
        if len(segments) == 4:
            self.resource_manager.disarm_deletion(segments[1], segments[3])
        else:
            self.supervisor.disarm(target.lower())

    def clear_faults(self) -> None:
        """Removes all faults, and lets operations that they hold continue."""
        self.faults.clear()
        self.supervisor.forget_outcomes()
        self.resource_manager.forget_outcomes()
