# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The interface of an emulator for the code that serves requests and pages."""

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
    """A platform with the checks that every request passes through, and the settings that change responses."""

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
        """Resumes the content of the state directory, and starts the proxy."""

    @abstractmethod
    def intercept(self, app: ASGIApp) -> None:
        """Lets an application answer the requests of the proxy's clients to Azure. Must be called before ``start``."""

    @abstractmethod
    async def reset(self) -> None:
        """Removes everything that clients have created. The principals that may sign in remain."""

    @abstractmethod
    async def close(self) -> None:
        """Stops everything that was started."""

    @abstractmethod
    def repair(self, group_id: str, seconds: float) -> None:
        """Lets the platform repair a container group, for ``seconds`` or until it is restarted."""

    @abstractmethod
    def take_room(self, group_id: str) -> None:
        """Leaves no capacity for a container group in its region, for the current request."""

    @abstractmethod
    def keep_counting(self, group_id: str, seconds: float) -> None:
        """Lets quotas count a container group for ``seconds`` after the current request has deleted it."""

    @abstractmethod
    def give_room(self, group_id: str) -> None:
        """Undoes ``take_room``."""

    def arm(self, target: str, outcome: Outcome) -> None:
        """Sets the outcome of the operation that the current request starts on ``target``, an ID."""
        segments = target.strip("/").split("/")
        if len(segments) == 4:
            self.resource_manager.arm_deletion(segments[1], segments[3], outcome)
        else:
            self.supervisor.arm(target.lower(), outcome)

    def disarm(self, target: str) -> None:
        """Undoes ``arm``, unless the request has started an operation."""
        self.give_room(target.lower())
        segments = target.strip("/").split("/")
        if len(segments) == 4:
            self.resource_manager.disarm_deletion(segments[1], segments[3])
        else:
            self.supervisor.disarm(target.lower())

    def clear_faults(self) -> None:
        """Removes all faults, and lets operations that they hold up continue."""
        self.faults.clear()
        self.supervisor.forget_outcomes()
        self.resource_manager.forget_outcomes()
