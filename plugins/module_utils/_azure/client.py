# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The interface to Azure: resource groups and container groups, as the plain JSON of Azure Resource Manager.

No model of the SDK leaves this package. Reads and deletes are retried until the task's deadline, see
_common/retry.py. Other writes are sent once, and again only if they were certainly not applied: 429, a group in
transition, an unknown API version, or no connection to send them over.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from .._common import api_versions
from .._common.errors import AciError, Ambiguous, AzureError
from .._common.provisioning import is_final
from .._common.retry import Retries, told
from .._common.run_cache import RunCache
from .exchange import NAMESPACE, Answer, Request
from .sdk import Sdk, Session, body_of, items_of
from .shapes import CONTAINER_GROUP

if TYPE_CHECKING:  # a module is compiled for every task, and few tasks need this import
    from .group_actions import GroupActions
    from .locations import Locations
    from .operation import Operation
    from .pace import Pace
    from .profiles import Profiles
    from .registry import Registry
    from .resource_groups import ResourceGroups
    from .sender import Sender
    from .subnets import Subnets
    from .surroundings import Surroundings

T = TypeVar("T")

WRITE_DEADLINE = 300.0
"""Seconds for which to retry a write that the service did not apply, unless the caller sets a deadline."""

NOT_APPLIED = frozenset({"ContainerGroupTransitioning"})
UNKNOWN_VERSION = frozenset({"NoRegisteredProviderFound", "InvalidApiVersionParameter", "InvalidResourceType"})


def connect(params: Mapping[str, Any], store: RunCache | None = None) -> Client:
    """A client for a task's connection options. It finds credentials and signs in on the first request."""
    return Client(Session(params, store), api_version=params.get("api_version"))


class Client:
    """Resource groups and container groups of one subscription.

    All methods raise CredentialsError, ConnectionFailed, MissingLibrary or AzureError; a write may raise Ambiguous.
    ``deadline`` is a value of ``monotonic``: until then, a write that was not applied is sent again.
    """

    def __init__(
        self,
        session: Session,
        *,
        api_version: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._api_version = api_version or api_versions.NEWEST
        self._forced = api_version is not None
        self._retries = Retries(sleep, monotonic)
        self._retrying = True
        self._pace: Pace | None = None

    def begin_task(self, retries: Retries) -> None:
        """Use the client for another task: from now on, its ``retries`` apply."""
        self._retries = retries

    def for_subscription(self, subscription_id: str) -> Client:
        """A client like this one, with the same identity, for another subscription."""
        other = Client(
            self._session.for_subscription(subscription_id), api_version=self._api_version if self._forced else None
        )
        other.begin_task(self._retries)
        return other

    def of_version(self, api_version: str) -> Client:
        """This client, fixed to one API version."""
        other = copy(self)
        other._api_version, other._forced = api_version, True
        return other

    def without_retries(self) -> Client:
        """This client, but raising on 429 and 5xx at once, for callers with their own retries."""
        other = copy(self)
        other._retrying = False
        return other

    def within(self, seconds: float) -> Client:
        """This client, but retrying for at most ``seconds``, and not beyond the task's deadline."""
        other = copy(self)
        other._retries = self._retries.within(seconds)
        return other

    def of_task(self, retries: Retries) -> Client:
        """This client for one of several tasks that run in parallel, each with its own ``retries``."""
        other = copy(self)
        other._retries = retries
        return other

    def paced(self, pace: Pace) -> Client:
        """This client, but keeping its requests within the rate limits of the service."""
        other = copy(self)
        other._pace = pace
        return other

    @property
    def subscription_id(self) -> str:
        """The subscription that the client works in."""
        return self._sdk.subscription_id

    @property
    def api_version(self) -> str:
        """The version of Microsoft.ContainerInstance in use: after the first request, the newest that both support."""
        return self._api_version

    def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        self._session.close()

    def now(self) -> datetime:
        """The current time in UTC, corrected to Azure's clock if the local one is wrong."""
        return self._sdk.now()

    # -- resource groups ---------------------------------------------------------------------------------------------

    def get_resource_group(self, name: str) -> dict[str, Any] | None:
        """The resource group, or None."""
        return self.resource_groups.get(name)

    def created_times(self) -> dict[str, str]:
        """When each container group of the subscription was created, by its resource id in lower case.

        Only the generic list of Resource Manager has it, and only on request.
        """
        return self.resource_groups.created_times()

    # -- container groups --------------------------------------------------------------------------------------------

    def get_group(self, resource_group: str, name: str) -> dict[str, Any] | None:
        """The container group with its instance view, or None. A missing resource group is an error."""
        action_text = f"Could not read container group {name} in resource group {resource_group}"
        try:
            answer = self._versioned(lambda: self._sdk.call(action_text, self._group("GET", resource_group, name)))
        except AzureError as error:
            if error.code == "ResourceNotFound":
                return None
            raise
        return body_of(action_text, answer, CONTAINER_GROUP)

    def list_groups(self, resource_group: str | None = None) -> list[dict[str, Any]]:
        """All container groups of a resource group, or of the subscription. Lists have no instance views."""
        return list(self.each_group(resource_group))

    def each_group(self, resource_group: str | None = None) -> Iterator[dict[str, Any]]:
        """The same, page by page: each page is requested once the groups of the previous one are consumed."""
        if resource_group is None:
            action_text = f"Could not list the container groups of subscription {self.subscription_id}"
            return self._each(action_text, ("providers", NAMESPACE, "containerGroups"))
        action_text = f"Could not list the container groups of resource group {resource_group}"
        return self._each(action_text, ("resourceGroups", resource_group, "providers", NAMESPACE, "containerGroups"))

    def _each(self, action_text: str, segments: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """The items of a list of container groups. The request for the first page settles the API version."""

        def begin() -> tuple[Answer | None, Iterator[Answer]]:
            pages = self._sdk.pages(action_text, Request("GET", self._path(*segments), self._api_version))
            return next(pages, None), pages

        first, rest = self._versioned(begin)
        for page in chain(() if first is None else (first,), rest):
            yield from items_of(action_text, page, CONTAINER_GROUP)

    def put_group(
        self, resource_group: str, name: str, body: dict[str, Any], *, deadline: float | None = None
    ) -> Operation:
        """Begin to create the container group, or to replace its definition."""
        action_text = f"Could not create or update container group {name} in resource group {resource_group}"
        return self._versioned(
            lambda: self._begin(
                action_text,
                self._group("PUT", resource_group, name, body=body, expected=(200, 201)),
                deadline,
                is_busy=lambda: self._is_busy(resource_group, name),
            )
        )

    def patch_group(
        self, resource_group: str, name: str, body: dict[str, Any], *, deadline: float | None = None
    ) -> dict[str, Any]:
        """Replace the tags of the container group; the service changes nothing else this way."""
        return self._group_actions.patch_group(resource_group, name, body, deadline=deadline)

    def delete_group(self, resource_group: str, name: str, *, deadline: float | None = None) -> dict[str, Any] | None:
        """Delete the container group and return its last state, or None if it did not exist.

        The service answers at once, but the group may remain readable for a moment.
        """
        action_text = f"Could not delete container group {name} in resource group {resource_group}"
        operation = self._versioned(
            lambda: self._begin(
                action_text,
                self._group("DELETE", resource_group, name, expected=(200, 202, 204)),
                deadline,
                write=False,
                is_busy=lambda: self._is_busy(resource_group, name),
            )
        )
        return operation.initial

    def start_group(self, resource_group: str, name: str, *, deadline: float | None = None) -> Operation:
        """Begin to start the container group: its containers are deployed again, from freshly pulled images."""
        return self._group_actions.start_group(resource_group, name, deadline=deadline)

    def restart_group(self, resource_group: str, name: str, *, deadline: float | None = None) -> Operation:
        """Begin to restart all containers of the container group in place."""
        return self._group_actions.restart_group(resource_group, name, deadline=deadline)

    def stop_group(self, resource_group: str, name: str, *, deadline: float | None = None) -> None:
        """Stop the container group. The service answers once it has stopped."""
        self._group_actions.stop_group(resource_group, name, deadline=deadline)

    def logs(
        self, resource_group: str, name: str, container: str, tail: int | None = None, timestamps: bool = False
    ) -> str | None:
        """The log of a container, its last ``tail`` lines or all of it; None if it is not available yet.

        The service keeps 4 MB for a running container, and 16 KB or 1000 lines for one that has terminated.
        """
        return self._group_actions.logs(resource_group, name, container, tail, timestamps)

    @property
    def ca_bundle(self) -> str | None:
        """The CA bundle that verifies connections, or None if the options and the environment name none."""
        return self._sdk.ca_bundle

    def execute_command(self, resource_group: str, name: str, container: str, body: dict[str, Any]) -> dict[str, Any]:
        """Prepare a terminal in a container, on which a program will run: its ``webSocketUri`` and ``password``.

        ``body`` contains ``command``, the program without arguments, and ``terminalSize``.
        """
        return self._group_actions.execute_command(resource_group, name, container, body)

    def list_usage(self, location: str) -> list[dict[str, Any]]:
        """The subscription's quotas in a region and their use: ``name.value``, ``currentValue`` and ``limit``."""
        return self.locations.usage(location)

    # -- checks before a write ---------------------------------------------------------------------------------------

    def list_locks(self, resource_id: str) -> list[dict[str, Any]]:
        """The locks on a resource and its parent scopes: ``id``, ``properties.level`` (CanNotDelete or ReadOnly)."""
        return self._surroundings.list_locks(resource_id)

    def list_permissions(self, scope: str) -> list[dict[str, Any]]:
        """The caller's permissions on a resource or resource group: per role, ``actions`` and ``notActions``."""
        return self._surroundings.list_permissions(scope)

    def check_policy_restrictions(self, resource_group: str, content: dict[str, Any]) -> dict[str, Any]:
        """Asks Azure Policy about a resource that does not exist yet: ``content`` is its ``type``, ``name`` and body.

        The answer has ``contentEvaluationResult.policyEvaluations``, one entry per policy that it violates.
        """
        return self._surroundings.check_policy_restrictions(resource_group, content)

    def list_activity(self, resource_id: str, since: datetime) -> list[dict[str, Any]]:
        """The events of the activity log about a resource since a time, in no particular order.

        The log keeps 90 days, shows an event minutes after it happened, and may be empty for an identity that has no
        role in the subscription. Only the properties that identify a change are kept: the others may contain the
        request.
        """
        return self._surroundings.list_activity(resource_id, since)

    # -- subnets -----------------------------------------------------------------------------------------------------

    def get_subnet(self, subnet_id: str) -> dict[str, Any] | None:
        """The subnet with this resource id, or None."""
        return self._subnets.get_subnet(subnet_id)

    def delete_subnet_association(self, resource_group: str, network: str, subnet: str) -> Operation:
        """Begin to remove the link that container groups leave in a subnet, which prevents changes to the subnet."""
        return self._subnets.delete_subnet_association(resource_group, network, subnet)

    # -- registries --------------------------------------------------------------------------------------------------

    def registry(self) -> Registry:
        """A client for image registries. It uses the task's identity only for registries hosted by Azure."""
        from .registry import SCOPE, Registry

        sdk = self._sdk
        return Registry(sdk.ca_bundle, lambda: sdk.token(SCOPE), sdk.resource_manager)

    # -- requests in other modules -----------------------------------------------------------------------------------
    # A module is compiled for every task, and few tasks need these imports.

    @property
    def resource_groups(self) -> ResourceGroups:
        """The requests for resource groups, and for lists of resources."""
        from .resource_groups import ResourceGroups

        return ResourceGroups(self._sender)

    @property
    def profiles(self) -> Profiles:
        """The requests for container group profiles."""
        from .profiles import Profiles

        return Profiles(self._sender)

    @property
    def _group_actions(self) -> GroupActions:
        from .group_actions import GroupActions

        return GroupActions(self._sender)

    @property
    def locations(self) -> Locations:
        """The requests about what regions offer."""
        from .locations import Locations

        return Locations(self._sender)

    @property
    def _surroundings(self) -> Surroundings:
        from .surroundings import Surroundings

        return Surroundings(self._sender)

    @property
    def _subnets(self) -> Subnets:
        from .subnets import Subnets

        return Subnets(self._sender)

    @property
    def _sender(self) -> Sender:
        from .sender import Sender

        return Sender(
            self._sdk,
            path=self._path,
            group=self._group,
            version=self._version,
            versioned=self._versioned,
            pages=self._pages,
            write=self._write,
            begin=self._begin,
        )

    # -- helpers -----------------------------------------------------------------------------------------------------

    @property
    def _sdk(self) -> Sdk:
        sdk = self._session.sdk(self._retries)
        if self._pace is not None:
            sdk = sdk.paced(self._pace)
        return sdk if self._retrying else sdk.repeating(None)

    def _path(self, *segments: str) -> str:
        """A path below the subscription."""
        return "/".join(("/subscriptions", *(quote(part, safe="") for part in (self.subscription_id, *segments))))

    def _group(self, method: str, resource_group: str, name: str, *more: str, **rest: Any) -> Request:
        """A request for a container group, or for ``more`` below it, with the API version currently in use."""
        path = self._path("resourceGroups", resource_group, "providers", NAMESPACE, "containerGroups", name, *more)
        return Request(method, path, self._api_version, **rest)

    def _version(self, since: str = api_versions.OLDEST) -> str:
        """The API version in use, at least ``since`` unless the task has chosen one."""
        return self._api_version if self._forced else max(self._api_version, since)

    def _pages(self, action_text: str, request: Request, shape: Any, limit: int | None = None) -> list[dict[str, Any]]:
        """All items of a list, or the first ``limit``."""
        found: list[dict[str, Any]] = []
        for answer in self._sdk.pages(action_text, request):
            found.extend(items_of(action_text, answer, shape))
            if limit is not None and len(found) >= limit:
                break
        return found[:limit]

    def _write(self, action_text: str, request: Request, deadline: float | None) -> Answer:
        """Send a write that is complete once the service answers."""
        return self._until_applied(deadline, lambda: self._sdk.call(action_text, request, write=True))

    def _begin(
        self,
        action_text: str,
        request: Request,
        deadline: float | None,
        write: bool = True,
        is_busy: Callable[[], bool] | None = None,
    ) -> Operation:
        """Begin an asynchronous operation. ``write`` is false if it can safely be repeated."""
        from .operation import Operation

        answer, get = self._until_applied(deadline, lambda: self._sdk.begin(action_text, request, write), is_busy)
        body_of(action_text, answer, CONTAINER_GROUP, write)
        return Operation(answer, get)

    def _until_applied(
        self, deadline: float | None, send: Callable[[], T], is_busy: Callable[[], bool] | None = None
    ) -> T:
        """Send a write, and repeat it until the deadline while it is certain that it was not applied.

        ``is_busy`` tells whether the group is still in the transition for which the service refused the write.
        """
        retries = self._retries
        until = retries.monotonic() + WRITE_DEADLINE if deadline is None else deadline
        pause = 0.5
        while True:
            try:
                return send()
            except AciError as error:
                if not self._is_not_applied(error):
                    raise
                failure = error
            while True:
                wait = pause if failure.retry_after is None else max(failure.retry_after, 0.05)
                if retries.monotonic() + wait > until:
                    raise told(failure) from None
                if failure.transient:
                    retries.tell(f"{failure.msg} Trying again in {wait:.0f} s")
                retries.sleep(wait)
                pause = min(pause * 2, 10.0)
                if is_busy is None or failure.code not in NOT_APPLIED or not is_busy():
                    break

    def _is_busy(self, resource_group: str, name: str) -> bool:
        """Whether an operation on a group is under way; false if that cannot be read.

        Container Instances counts every PUT and DELETE of a group, refused ones included, and permits only a few
        hundred in an hour. Reads are plentiful.
        """
        try:
            group = self.get_group(resource_group, name)
        except AciError:
            return False
        return group is not None and not is_final((group.get("properties") or {}).get("provisioningState"))

    def _is_not_applied(self, error: AciError) -> bool:
        """Whether a failed write was certainly not applied: the service says so, or the request was never sent."""
        if error.code in NOT_APPLIED:
            return True
        if not self._retrying or isinstance(error, Ambiguous) or not error.transient:
            return False
        return error.status == 429 or self._retries.has_answered

    def _versioned(self, request: Callable[[], T], since: str = api_versions.OLDEST) -> T:
        """Send a request with the newest API version, at least ``since``, that both sides support, and remember it."""
        refused: set[str] = set()
        while True:
            tried = max(self._api_version, since)
            try:
                return request()
            except AzureError as error:
                if error.code not in UNKNOWN_VERSION or self._forced:
                    raise
                refused.add(tried)
                if self._api_version <= since or self._api_version in refused:
                    # Otherwise another thread has found the version in the meantime.
                    from .other_version import other_version

                    other = other_version(error, tried, since, self.locations.container_group_type)
                    if other is None or other in refused:
                        raise
                    self._api_version = other
