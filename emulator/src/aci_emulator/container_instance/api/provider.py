# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The resource provider Microsoft.ContainerInstance."""

from __future__ import annotations

from starlette.routing import BaseRoute

from ...core import switches
from ...network.network import Network
from ...platform import Platform
from .exec import Exec
from .groups import Groups
from .handlers import Handlers
from .profiles import Profiles


class ContainerInstance:
    """The provider of container groups, which may be in the subnets of a network provider."""

    def __init__(self, platform: Platform, network: Network) -> None:
        switches.check(platform.settings.switches)
        self.profiles = Profiles(platform)
        self.groups = Groups(platform, network, self.profiles)
        self._handlers = Handlers(platform, self.groups, network)
        self._exec = Exec(platform, self.groups)
        platform.resource_manager.on_group_delete(self.groups.remove_all)
        platform.resource_manager.add_resource_lister(self.groups.generic)

    def routes(self) -> list[BaseRoute]:
        """The routes of the provider, with literals in the service's case."""
        return [
            *self._handlers.routes(),
            *self._exec.routes(),
            *self.profiles.routes(),
        ]

    async def resume(self) -> None:
        """Resumes all groups after a restart with the same state."""
        self.groups.deployments.resume()

    def save(self) -> None:
        """Stores pending changes, before the containers are stopped because the emulator ends."""
        self.groups.deployments.save()

    def reset(self) -> None:
        """Resets the request counters."""
        self.groups.rates.reset()

    def repair(self, key: str, seconds: float) -> None:
        """Simulates that the platform repairs a group (its ID in lower case) for ``seconds``, or until a restart."""
        self.groups.deployments.repair(key, seconds)

    def take_room(self, key: str) -> None:
        """Simulates a lack of capacity for a group, until ``give_room``."""
        self.groups.deployments.crowded.add(key)

    def give_room(self, key: str) -> None:
        """Reverts ``take_room``."""
        self.groups.deployments.crowded.discard(key)

    def keep_counting(self, key: str, seconds: float) -> None:
        """Makes quotas count a group for ``seconds`` after it is removed."""
        self.groups.deployments.counted_after[key] = seconds

    def resolve(self, host: str) -> str | None:
        """The group (its ID in lower case, as used by the supervisor) with a DNS name or an address."""
        return self.groups.addresses.resolve(host)
