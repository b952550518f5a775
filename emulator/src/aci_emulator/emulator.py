# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The object that combines all parts of one emulator."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from .container_instance import ContainerInstance
from .container_instance.definition.registration import NAMESPACE, TYPES
from .core.clock import Clock
from .core.control_key import PROXY_KEY_FILE, ensure_key
from .core.settings import Settings, reachable, unbound
from .core.statedir import StateError, prepare
from .core.store import Store
from .faults.throttle import Rate, Throttle
from .identity import permissions
from .identity.directory import Directory
from .identity.endpoints import Identity
from .identity.managed_identity import ManagedIdentity
from .identity.oidc_issuer import Issuer
from .identity.tokens import Tokens
from .insights import activity_log
from .insights.activity_log import ActivityLog
from .network.network import Network
from .pages import Pages
from .pages.render import locked
from .platform import saved_time
from .pricing.retail_prices import RetailPrices
from .registry import ImageRegistry
from .resources import policy_insights
from .resources.locks import NAMESPACE as LOCKS_NAMESPACE
from .resources.locks import TYPES as LOCKS_TYPES
from .resources.locks import Locks
from .resources.resource_groups import ResourceManager
from .runtime import make_runtime
from .runtime.faulty import FaultySupervisor
from .runtime.images import Digests
from .serving.access import Access
from .serving.app import application
from .serving.control_api import Control
from .serving.controls import Controls
from .serving.interception import Interception
from .serving.interception_ca import InterceptionAuthority
from .serving.proxy import PassedHosts, Proxy

_log = logging.getLogger(__name__)
_PROXY = ("emulator", "proxy")
_CLOCK_SECONDS = 2.0


@dataclass(kw_only=True)
class Emulator(Controls):
    """One emulator: the platform, its providers, and the sign-in service. Created by ``build``."""

    identity: Identity
    issuer: Issuer
    registry: ImageRegistry
    network: Network = field(init=False)
    container_instance: ContainerInstance = field(init=False)
    proxy: Proxy = field(init=False)
    _keeper: asyncio.Task[None] | None = field(default=None, init=False, repr=False)

    async def start(self) -> None:
        """Resumes what is in the state directory, and starts the proxy."""
        await self.resource_manager.resume()
        await self.container_instance.resume()
        await self._start_proxy()
        if self.clock.speed != 1:
            self._keeper = asyncio.get_running_loop().create_task(self._keep_clock())

    def intercept(self, app: ASGIApp) -> None:
        """Makes ``app`` answer requests of the proxy's clients to Azure's hosts. Must be called before ``start``."""
        self.proxy.interception = Interception(InterceptionAuthority(self.settings.state_dir), app)

    async def reset(self) -> None:
        """Removes everything that clients have created, except the applications that can sign in."""
        await self.resource_manager.reset()
        self.throttle.reset()
        self.container_instance.reset()
        self.clear_faults()
        self.digests.reset()
        self.requests.clear()

    def repair(self, group_id: str, seconds: float) -> None:
        """Simulates that the platform repairs a container group, for ``seconds`` or until it is restarted."""
        self.container_instance.repair(group_id, seconds)

    def take_room(self, group_id: str) -> None:
        """Simulates that a container group's region has no capacity for it, during the current request."""
        self.container_instance.take_room(group_id)

    def give_room(self, group_id: str) -> None:
        """Reverts ``take_room``."""
        self.container_instance.give_room(group_id)

    def keep_counting(self, group_id: str, seconds: float) -> None:
        """Makes quotas count a container group for ``seconds`` after the current request has deleted it."""
        self.container_instance.keep_counting(group_id, seconds)

    async def close(self) -> None:
        """Stops everything. The store keeps what is needed to resume later."""
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

    async def _start_proxy(self) -> None:
        settings = self.settings
        # For port 0, reuse the last port if it is free, so that clients still find the proxy.
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
    """Returns an emulator for a state directory. It runs once ``start`` has been awaited.

    Raises ValueError for invalid settings, StateError if the state directory or a file in it cannot be used.
    """
    settings.state_dir = prepare(settings.state_dir)
    store = Store(settings.state_dir / "state.db")
    clock = Clock(settings.speed, saved_time(store))
    directory = Directory.load(settings.state_dir)
    tokens = Tokens(settings, clock, directory)
    rates = {kind: Rate.parse(text) for kind, text in settings.throttle.items()}
    digests = Digests(store)
    supervisor = FaultySupervisor(
        clock,
        settings.state_dir,
        make_runtime(settings.runtime, clock, settings.state_dir, pull_policy=settings.image_pull, digests=digests),
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
        activity_log=ActivityLog(settings, store, clock),
        locks=Locks(store),
        resource_manager=ResourceManager(settings, store, clock, directory),
        supervisor=supervisor,
        digests=digests,
        registry=ImageRegistry(settings, directory, tokens, digests),
    )
    emulator.policies.replace(settings.policies)
    emulator.resource_manager.on_group_gone(emulator.locks.remove_below)
    emulator.resource_manager.providers.add(LOCKS_NAMESPACE, {**LOCKS_TYPES, **permissions.TYPES})
    emulator.resource_manager.providers.add(policy_insights.NAMESPACE, policy_insights.TYPES)
    emulator.resource_manager.providers.add(activity_log.NAMESPACE, activity_log.TYPES)
    emulator.resource_manager.providers.add(NAMESPACE, TYPES)
    emulator.network = Network(emulator)
    emulator.container_instance = ContainerInstance(emulator, emulator.network)
    emulator.proxy = Proxy(
        emulator.container_instance.resolve,
        supervisor.endpoint,
        password=ensure_key(settings.state_dir, PROXY_KEY_FILE),
        passed=PassedHosts(settings.passed_hosts),
    )
    return emulator


@contextlib.contextmanager
def _logged() -> Iterator[None]:
    """Logs a StateError and continues, for work that matters more than the write that failed."""
    try:
        yield
    except StateError as error:
        _log.error("%s", error)


def create_app(emulator: Emulator) -> Starlette:
    """Returns the application of an emulator."""
    arm: list[BaseRoute] = [
        *emulator.locks.routes(),
        *permissions.routes(emulator.directory),
        *policy_insights.PolicyInsights(emulator.policies, emulator.resource_manager).routes(),
        *emulator.activity_log.routes(),
        *emulator.resource_manager.routes(),
        *emulator.container_instance.routes(),
        *emulator.network.routes(),
    ]
    routes: list[BaseRoute] = [
        *Control(emulator).routes(),
        *Pages(emulator, emulator.container_instance, emulator.network).routes(),
        *arm,
        *emulator.managed_identity.routes(),
        *emulator.issuer.routes(),
        *RetailPrices().routes(),
        *emulator.registry.routes(),
        *emulator.identity.routes(),
    ]

    return application(emulator, routes, arm, locked)


def launch(settings: Settings) -> tuple[Starlette, Emulator]:
    """Returns an emulator and its application, for the server. Raises the same as ``build``."""
    emulator = build(settings)
    return create_app(emulator), emulator
