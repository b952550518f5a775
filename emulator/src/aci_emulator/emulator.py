# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The object that holds one emulator together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .core.clock import Clock
from .core.settings import Settings, reachable, unbound
from .core.statedir import StateError, prepare
from .core.store import Store
from .faults.faults import Faults
from .faults.outcome import Outcome
from .faults.throttle import Rate, Throttle
from .identity.directory import Directory
from .identity.endpoints import Identity
from .identity.managed_identity import ManagedIdentity
from .identity.oidc_issuer import Issuer
from .identity.tokens import Tokens
from .resources.locks import NAMESPACE as LOCKS_NAMESPACE
from .resources.locks import TYPES as LOCKS_TYPES
from .resources.locks import Locks
from .resources.policies import Policies
from .resources.resource_groups import ResourceManager
from .runtime import make_runtime
from .runtime.faulty import FaultySupervisor
from .serving.access import Access
from .serving.proxy import Proxy
from .serving.request_log import RequestLog

if TYPE_CHECKING:
    from .container_instance import ContainerInstance

_log = logging.getLogger(__name__)
_CLOCK = ("emulator", "clock")
_PROXY = ("emulator", "proxy")
_CLOCK_SECONDS = 2.0


@dataclass
class Emulator:
    """One emulator. Made by ``build``, served by ``app.create_app``."""

    settings: Settings
    access: Access
    store: Store
    clock: Clock
    directory: Directory
    tokens: Tokens
    identity: Identity
    managed_identity: ManagedIdentity
    issuer: Issuer
    throttle: Throttle
    resource_manager: ResourceManager
    supervisor: FaultySupervisor
    faults: Faults = field(default_factory=Faults)
    requests: RequestLog = field(default_factory=RequestLog)
    policies: Policies = field(default_factory=Policies)
    locks: Locks = field(init=False)
    container_instance: ContainerInstance = field(init=False)
    proxy: Proxy = field(init=False)
    _keeper: asyncio.Task[None] | None = field(default=None, init=False, repr=False)

    async def start(self) -> None:
        """Takes up what the state directory holds, and begins to serve the proxy."""
        await self.resource_manager.resume()
        await self.container_instance.resume()
        await self._start_proxy()
        if self.clock.speed != 1:
            self._keeper = asyncio.get_running_loop().create_task(self._keep_clock())

    async def reset(self) -> None:
        """Removes everything that clients have made. Who may sign in stays the same."""
        await self.resource_manager.reset()
        self.throttle.reset()
        self.container_instance.reset()
        self.clear_faults()
        self.requests.clear()

    def arm(self, target: str, outcome: Outcome) -> None:
        """Decides how the operation ends that the request being served begins on ``target``, an id."""
        segments = target.strip("/").split("/")
        if len(segments) == 4:
            self.resource_manager.arm_deletion(segments[1], segments[3], outcome)
        else:
            self.supervisor.arm(target.lower(), outcome)

    def disarm(self, target: str) -> None:
        """Takes back what ``arm`` said, if the request has begun no operation."""
        segments = target.strip("/").split("/")
        if len(segments) == 4:
            self.resource_manager.disarm_deletion(segments[1], segments[3])
        else:
            self.supervisor.disarm(target.lower())

    def clear_faults(self) -> None:
        """Removes all faults, and lets operations that they hold go on."""
        self.faults.clear()
        self.supervisor.forget_outcomes()
        self.resource_manager.forget_outcomes()

    async def close(self) -> None:
        """Stops everything that was started. The store keeps what is needed to go on later."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        await self.proxy.close()
        with _logged():
            self.container_instance.save()
        await self.resource_manager.close()
        await self.supervisor.close()
        with _logged():
            self.save_clock()
        self.store.close()

    def save_clock(self) -> None:
        """Writes down what time it is, so that time does not go back when the emulator starts again."""
        self.store.put(*_CLOCK, {"now": self.clock.now().isoformat()})

    async def _start_proxy(self) -> None:
        settings = self.settings
        # For port 0 the one served last is taken if it is free, so that clients find it again.
        last = self.store.get(*_PROXY)
        for port in [settings.proxy_port] if settings.proxy_port or last is None else [int(last["port"]), 0]:
            try:
                await self.proxy.start(settings.host, port)
                break
            except OSError as error:
                if port in (settings.proxy_port, 0):
                    raise unbound(error, settings.host, port, "--proxy-port") from error
        self.store.put(*_PROXY, {"port": self.proxy.port})
        settings.proxy_url = f"http://{reachable(settings.host)}:{self.proxy.port}"

    async def _keep_clock(self) -> None:
        while True:
            await asyncio.sleep(_CLOCK_SECONDS)
            with _logged():
                self.save_clock()


def build(settings: Settings) -> Emulator:
    """Returns an emulator over a state directory. It runs once ``start`` was awaited.

    Raises ValueError for settings that make no sense, StateError if the state directory or a file in it cannot be used.
    """
    # Here, since the API needs the whole object.
    from .container_instance import ContainerInstance
    from .container_instance.definition.registration import NAMESPACE, TYPES

    settings.state_dir = prepare(settings.state_dir)
    store = Store(settings.state_dir / "state.db")
    clock = Clock(settings.speed, _saved_time(store))
    directory = Directory.load(settings.state_dir)
    tokens = Tokens(settings, clock, directory)
    rates = {kind: Rate.parse(text) for kind, text in settings.throttle.items()}
    supervisor = FaultySupervisor(
        clock,
        settings.state_dir,
        make_runtime(settings.runtime, clock, settings.state_dir, pull_policy=settings.image_pull),
        unreachable_registries=settings.unreachable_registries,
        provisioning_seconds=settings.provisioning_seconds,
        pull_seconds=settings.pull_seconds,
        storage_accounts=settings.storage_accounts,
    )
    emulator = Emulator(
        settings=settings,
        access=Access(settings),
        store=store,
        clock=clock,
        directory=directory,
        tokens=tokens,
        identity=Identity(settings, directory, tokens),
        managed_identity=ManagedIdentity(directory, tokens, instance_metadata=settings.instance_metadata),
        issuer=Issuer(settings.state_dir, directory),
        throttle=Throttle(clock, rates),
        resource_manager=ResourceManager(settings, store, clock, directory),
        supervisor=supervisor,
    )
    emulator.locks = Locks(store)
    emulator.policies.replace(settings.policies)
    emulator.resource_manager.on_group_gone(emulator.locks.remove_below)
    emulator.resource_manager.providers.add(LOCKS_NAMESPACE, LOCKS_TYPES)
    emulator.resource_manager.providers.add(NAMESPACE, TYPES)
    emulator.container_instance = ContainerInstance(emulator)
    emulator.proxy = Proxy(emulator.container_instance.resolve, supervisor.endpoint)
    return emulator


@contextlib.contextmanager
def _logged() -> Iterator[None]:
    """Has work go on that is worth more than what could not be written."""
    try:
        yield
    except StateError as error:
        _log.error("%s", error)


def _saved_time(store: Store) -> datetime | None:
    saved = store.get(*_CLOCK)
    return None if saved is None else max(datetime.fromisoformat(saved["now"]), datetime.now(UTC))
