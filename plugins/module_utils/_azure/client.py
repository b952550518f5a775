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
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from .._common import api_versions
from .._common.errors import AciError, Ambiguous, AzureError
from .._common.provisioning import is_final
from .._common.retry import Retries, told
from .._common.run_cache import RunCache
from . import shapes
from .operation import Answer, Operation, OperationStatus
from .sdk import POLICY_NAMESPACE, RESOURCES_API_VERSION, Request, Sdk, Session, invalid_answer

if TYPE_CHECKING:
    from .pace import Pace
    from .registry import Registry

T = TypeVar("T")

__all__ = ["Client", "Operation", "OperationStatus", "connect"]

WRITE_DEADLINE = 300.0
"""Seconds for which to retry a write that the service did not apply, unless the caller sets a deadline."""

NETWORK_API_VERSION = "2024-05-01"
LOCKS_API_VERSION = "2020-05-01"
PERMISSIONS_API_VERSION = "2022-04-01"
POLICY_API_VERSION = "2023-03-01"
ACTIVITY_API_VERSION = "2015-04-01"
NAMESPACE = "Microsoft.ContainerInstance"

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
        action_text = f"Could not read resource group {name}"
        try:
            answer = self._sdk.call(action_text, self._resource_group("GET", name))
            return _body(action_text, answer, shapes.RESOURCE)
        except AzureError as error:
            if error.code == "ResourceGroupNotFound":
                return None
            raise

    def put_resource_group(self, name: str, body: dict[str, Any], *, deadline: float | None = None) -> dict[str, Any]:
        """Create the resource group, or replace its tags."""
        action_text = f"Could not create or update resource group {name}"
        request = self._resource_group("PUT", name, body=body, expected=(200, 201))
        answer = self._write(action_text, request, deadline)
        return _body(action_text, answer, shapes.RESOURCE, write=True)

    def patch_resource_group(self, name: str, body: dict[str, Any], *, deadline: float | None = None) -> dict[str, Any]:
        """Update the resource group; ``tags`` replace the whole map."""
        action_text = f"Could not update resource group {name}"
        answer = self._write(action_text, self._resource_group("PATCH", name, body=body, expected=(200,)), deadline)
        return _body(action_text, answer, shapes.RESOURCE, write=True)

    def list_resource_groups(self) -> list[dict[str, Any]]:
        """All resource groups of the subscription."""
        action_text = f"Could not list the resource groups of subscription {self.subscription_id}"
        request = Request("GET", self._path("resourcegroups"), RESOURCES_API_VERSION)
        return self._pages(action_text, request, shapes.RESOURCE)

    def delete_resource_group(self, name: str, *, deadline: float | None = None) -> Operation:
        """Begin to delete the resource group with everything in it."""
        action_text = f"Could not delete resource group {name}"
        request = self._resource_group("DELETE", name, expected=(200, 202))
        return self._begin(action_text, request, deadline, write=False)

    def list_resources(self, resource_group: str, top: int | None = None) -> list[dict[str, Any]]:
        """What is in a resource group: at most ``top`` resources, or all."""
        action_text = f"Could not list the resources of resource group {resource_group}"
        path = self._path("resourceGroups", resource_group, "resources")
        request = Request("GET", path, RESOURCES_API_VERSION, {} if top is None else {"$top": str(top)})
        return self._pages(action_text, request, shapes.RESOURCE, limit=top)

    def created_times(self) -> dict[str, str]:
        """When each container group of the subscription was created, by its resource id in lower case.

        Only the generic list of Resource Manager has it, and only on request.
        """
        action_text = f"Could not list the container groups of subscription {self.subscription_id}"
        query = {"$filter": f"resourceType eq '{NAMESPACE}/containerGroups'", "$expand": "createdTime"}
        request = Request("GET", self._path("resources"), RESOURCES_API_VERSION, query)
        found = self._pages(action_text, request, shapes.RESOURCE)
        return {str(item.get("id")).lower(): str(item["createdTime"]) for item in found if item.get("createdTime")}

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
        return _body(action_text, answer, shapes.CONTAINER_GROUP)

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
            yield from _items(action_text, page, shapes.CONTAINER_GROUP)

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
        action_text = f"Could not update the tags of container group {name} in resource group {resource_group}"
        answer = self._versioned(
            lambda: self._write(
                action_text, self._group("PATCH", resource_group, name, body=body, expected=(200,)), deadline
            )
        )
        return _body(action_text, answer, shapes.CONTAINER_GROUP, write=True)

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
        action_text = f"Could not start container group {name} in resource group {resource_group}"
        return self._versioned(
            lambda: self._begin(
                action_text, self._group("POST", resource_group, name, "start", expected=(202, 204)), deadline
            )
        )

    def restart_group(self, resource_group: str, name: str, *, deadline: float | None = None) -> Operation:
        """Begin to restart all containers of the container group in place."""
        action_text = f"Could not restart container group {name} in resource group {resource_group}"
        return self._versioned(
            lambda: self._begin(
                action_text, self._group("POST", resource_group, name, "restart", expected=(204,)), deadline
            )
        )

    def stop_group(self, resource_group: str, name: str, *, deadline: float | None = None) -> None:
        """Stop the container group. The service answers once it has stopped."""
        action_text = f"Could not stop container group {name} in resource group {resource_group}"
        self._versioned(
            lambda: self._write(
                action_text, self._group("POST", resource_group, name, "stop", expected=(204,)), deadline
            )
        )

    def logs(
        self, resource_group: str, name: str, container: str, tail: int | None = None, timestamps: bool = False
    ) -> str | None:
        """The log of a container, its last ``tail`` lines or all of it; None if it is not available yet.

        The service keeps 4 MB for a running container, and 16 KB or 1000 lines for one that has terminated.
        """
        action_text = f"Could not read the log of container {container} of container group {name}"
        query = {"timestamps": "true"} if timestamps else {}
        if tail is not None:
            query["tail"] = str(tail)
        try:
            answer = self._versioned(
                lambda: self._sdk.call(
                    action_text,
                    self._group("GET", resource_group, name, "containers", container, "logs", query=query),
                )
            )
        except AzureError as error:
            if error.code == "ContainerLogNotAvailable":
                return None
            raise
        # For a container that wrote nothing, the content is null.
        return str(_body(action_text, answer, shapes.LOG).get("content") or "")

    @property
    def ca_bundle(self) -> str | None:
        """The CA bundle that verifies connections, or None if the options and the environment name none."""
        return self._sdk.ca_bundle

    def execute_command(self, resource_group: str, name: str, container: str, body: dict[str, Any]) -> dict[str, Any]:
        """Prepare a terminal in a container, on which a program will run: its ``webSocketUri`` and ``password``.

        ``body`` contains ``command``, the program without arguments, and ``terminalSize``.
        """
        action_text = f"Could not run a command in container {container} of container group {name}"
        # Safe to retry: the program starts only when the WebSocket is opened.
        answer = self._versioned(
            lambda: self._sdk.call(
                action_text,
                self._group("POST", resource_group, name, "containers", container, "exec", body=body),
            )
        )
        return _body(action_text, answer, shapes.EXEC)

    def list_usage(self, location: str) -> list[dict[str, Any]]:
        """The subscription's quotas in a region and their use: ``name.value``, ``currentValue`` and ``limit``."""
        action_text = f"Could not read the usages of location {location}"
        return self._versioned(lambda: self._pages(action_text, self._location(location, "usages"), shapes.USAGE))

    def list_capabilities(self, location: str) -> list[dict[str, Any]]:
        """The group sizes that a region offers: one entry per combination of OS, kind of IP address and GPU."""
        action_text = f"Could not read the capabilities of location {location}"
        return self._versioned(
            lambda: self._pages(action_text, self._location(location, "capabilities"), shapes.CAPABILITIES)
        )

    def list_cached_images(self, location: str) -> list[dict[str, Any]]:
        """The images cached in a region: ``osType`` and ``image``."""
        action_text = f"Could not read the cached images of location {location}"
        return self._versioned(
            lambda: self._pages(action_text, self._location(location, "cachedImages"), shapes.CACHED_IMAGE)
        )

    def container_group_type(self) -> dict[str, Any]:
        """The resource type containerGroups as Resource Manager describes it: ``locations``, ``zoneMappings``."""
        action_text = f"Could not read the provider {NAMESPACE} of subscription {self.subscription_id}"
        answer = self._sdk.call(action_text, Request("GET", self._path("providers", NAMESPACE), RESOURCES_API_VERSION))
        types = _body(action_text, answer, shapes.PROVIDER).get("resourceTypes") or []
        return next((kind for kind in types if str(kind.get("resourceType")).lower() == "containergroups"), {})

    # -- checks before a write ---------------------------------------------------------------------------------------

    def list_locks(self, resource_id: str) -> list[dict[str, Any]]:
        """The locks on a resource and its parent scopes: ``id``, ``properties.level`` (CanNotDelete or ReadOnly)."""
        action_text = f"Could not list the locks on {resource_id}"
        path = f"{_id_path(resource_id)}/providers/Microsoft.Authorization/locks"
        return self._pages(
            action_text, Request("GET", path, LOCKS_API_VERSION, {"$filter": "atScope()"}), shapes.RESOURCE
        )

    def list_permissions(self, scope: str) -> list[dict[str, Any]]:
        """The caller's permissions on a resource or resource group: per role, ``actions`` and ``notActions``."""
        action_text = f"Could not list the permissions on {scope}"
        path = f"{_id_path(scope)}/providers/Microsoft.Authorization/permissions"
        return self._pages(action_text, Request("GET", path, PERMISSIONS_API_VERSION), shapes.PERMISSION)

    def check_policy_restrictions(self, resource_group: str, content: dict[str, Any]) -> dict[str, Any]:
        """Asks Azure Policy about a resource that does not exist yet: ``content`` is its ``type``, ``name`` and body.

        The answer has ``contentEvaluationResult.policyEvaluations``, one entry per policy that it violates.
        """
        action_text = f"Could not ask Azure Policy about {content.get('name')} in resource group {resource_group}"
        path = self._path("resourceGroups", resource_group, "providers", POLICY_NAMESPACE, "checkPolicyRestrictions")
        body = {"resourceDetails": {"resourceContent": content, "apiVersion": self._api_version}}
        answer = self._sdk.call(action_text, Request("POST", path, POLICY_API_VERSION, body=body))
        return _body(action_text, answer, shapes.POLICY_RESTRICTIONS)

    def list_activity(self, resource_id: str, since: datetime) -> list[dict[str, Any]]:
        """The events of the activity log about a resource since a time, in no particular order.

        The log keeps 90 days, shows an event minutes after it happened, and may be empty for an identity that has no
        role in the subscription. Only the properties that identify a change are kept: the others may contain the
        request.
        """
        action_text = f"Could not read the activity log of {resource_id}"
        start = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        quoted = resource_id.replace("'", "''")
        # Not $select: the documentation does not list caller among the properties that it takes.
        query = {"$filter": f"eventTimestamp ge '{start}' and resourceUri eq '{quoted}'"}
        path = self._path("providers", "Microsoft.Insights", "eventtypes", "management", "values")
        events = self._pages(action_text, Request("GET", path, ACTIVITY_API_VERSION, query), shapes.EVENT)
        return [{name: event.get(name) for name in shapes.EVENT} for event in events]

    # -- profiles ----------------------------------------------------------------------------------------------------

    def get_profile(self, resource_group: str, name: str) -> dict[str, Any] | None:
        """The newest revision of a container group profile, or None. A missing resource group is an error."""
        action_text = f"Could not read container group profile {name} in resource group {resource_group}"
        try:
            answer = self._versioned(
                lambda: self._sdk.call(action_text, self._profile("GET", resource_group, name)), api_versions.PROFILES
            )
            return _body(action_text, answer, shapes.CONTAINER_GROUP)
        except AzureError as error:
            if error.code == "ResourceNotFound":
                return None
            raise

    def put_profile(
        self, resource_group: str, name: str, body: dict[str, Any], *, deadline: float | None = None
    ) -> dict[str, Any]:
        """Create the profile, or its next revision. The service answers once that is done."""
        action_text = f"Could not create or update container group profile {name} in resource group {resource_group}"
        operation = self._versioned(
            lambda: self._begin(
                action_text,
                self._profile("PUT", resource_group, name, body=body, expected=(200, 201, 202)),
                deadline,
            ),
            api_versions.PROFILES,
        )
        return operation.initial or {}

    def patch_profile(
        self, resource_group: str, name: str, body: dict[str, Any], *, deadline: float | None = None
    ) -> dict[str, Any]:
        """Replace the tags of the profile, which does not create a revision."""
        action_text = f"Could not update the tags of container group profile {name} in resource group {resource_group}"
        operation = self._versioned(
            lambda: self._begin(
                action_text, self._profile("PATCH", resource_group, name, body=body, expected=(200, 202)), deadline
            ),
            api_versions.PROFILES,
        )
        return operation.initial or {}

    def delete_profile(self, resource_group: str, name: str, *, deadline: float | None = None) -> None:
        """Delete the profile with all its revisions."""
        action_text = f"Could not delete container group profile {name} in resource group {resource_group}"
        self._versioned(
            lambda: self._begin(
                action_text,
                self._profile("DELETE", resource_group, name, expected=(200, 202, 204)),
                deadline,
                write=False,
            ),
            api_versions.PROFILES,
        )

    def list_profile_revisions(self, resource_group: str, name: str) -> list[dict[str, Any]]:
        """All revisions of the profile, in the order of their creation."""
        action_text = (
            f"Could not read the revisions of container group profile {name} in resource group {resource_group}"
        )
        answer = self._versioned(
            lambda: self._sdk.call(action_text, self._profile("GET", resource_group, name, "revisions")),
            api_versions.PROFILES,
        )
        return list(_items(action_text, answer, shapes.CONTAINER_GROUP))

    @property
    def profile_version(self) -> str:
        """The API version for requests about profiles, which the oldest versions do not support."""
        return self._api_version if self._forced else max(self._api_version, api_versions.PROFILES)

    def _profile(self, method: str, resource_group: str, name: str, *more: str, **rest: Any) -> Request:
        path = self._path(
            "resourceGroups", resource_group, "providers", NAMESPACE, "containerGroupProfiles", name, *more
        )
        return Request(method, path, self.profile_version, **rest)

    # -- subnets -----------------------------------------------------------------------------------------------------

    def get_subnet(self, subnet_id: str) -> dict[str, Any] | None:
        """The subnet with this resource id, or None."""
        action_text = f"Could not read subnet {subnet_id}"
        try:
            answer = self._sdk.call(action_text, Request("GET", _id_path(subnet_id), NETWORK_API_VERSION))
            return _body(action_text, answer, shapes.RESOURCE)
        except AzureError as error:
            if error.status == 404:
                return None
            raise

    def delete_subnet_association(self, resource_group: str, network: str, subnet: str) -> Operation:
        """Begin to remove the link that container groups leave in a subnet, which prevents changes to the subnet."""
        action_text = f"Could not remove the service association link of subnet {subnet} in network {network}"
        network_path = self._path(
            "resourcegroups", resource_group, "providers", "Microsoft.Network", "virtualNetworks", network
        )
        path = f"{network_path}/subnets/{quote(subnet, safe='')}/providers/{NAMESPACE}/serviceAssociationLinks/default"
        return self._versioned(
            lambda: self._begin(
                action_text,
                Request("DELETE", path, self._api_version, expected=(200, 202, 204)),
                None,
                write=False,
            )
        )

    # -- registries --------------------------------------------------------------------------------------------------

    def registry(self) -> Registry:
        """A client for image registries. It uses the task's identity only for registries hosted by Azure."""
        from .registry import SCOPE, Registry

        sdk = self._sdk
        return Registry(sdk.ca_bundle, lambda: sdk.token(SCOPE), sdk.resource_manager)

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

    def _resource_group(self, method: str, name: str, **rest: Any) -> Request:
        return Request(method, self._path("resourcegroups", name), RESOURCES_API_VERSION, **rest)

    def _group(self, method: str, resource_group: str, name: str, *more: str, **rest: Any) -> Request:
        """A request for a container group, or for ``more`` below it, with the API version currently in use."""
        path = self._path("resourceGroups", resource_group, "providers", NAMESPACE, "containerGroups", name, *more)
        return Request(method, path, self._api_version, **rest)

    def _location(self, location: str, kind: str) -> Request:
        return Request("GET", self._path("providers", NAMESPACE, "locations", location, kind), self._api_version)

    def _pages(self, action_text: str, request: Request, shape: Any, limit: int | None = None) -> list[dict[str, Any]]:
        """All items of a list, or the first ``limit``."""
        found: list[dict[str, Any]] = []
        for answer in self._sdk.pages(action_text, request):
            found.extend(_items(action_text, answer, shape))
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
        answer, get = self._until_applied(deadline, lambda: self._sdk.begin(action_text, request, write), is_busy)
        _body(action_text, answer, shapes.CONTAINER_GROUP, write)
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
                    other = self._other_version(error, tried, since)
                    if other is None or other in refused:
                        raise
                    self._api_version = other

    def _other_version(self, error: AzureError, tried: str, since: str) -> str | None:
        """The version to try after ``tried`` was refused; None if the version was not the reason, or none is left.

        The error usually lists the supported versions. Only if it does not is the provider asked, which requires a
        permission that not every identity has; without it, the next older version is as good a guess as any.
        """
        offered = api_versions.named(error.message)
        if not offered:
            try:
                offered = self.container_group_type().get("apiVersions") or []
            except AzureError as failure:
                if failure.status not in (403, 404):
                    raise
        if not offered:
            return api_versions.next_after(tried, since)
        return None if tried in offered else api_versions.best(offered, since)


def _id_path(resource_id: str) -> str:
    """The path of a resource id."""
    return f"/{quote(resource_id.lstrip('/'), safe='/')}"


def _body(action_text: str, answer: Answer, shape: Any, write: bool = False) -> dict[str, Any]:
    """The object in an answer. Raises AzureError if it does not have the shape that users of the client rely on."""
    body = answer.body()
    wrong = shapes.misfit(body, shape)
    if wrong:
        raise invalid_answer(action_text, answer, f"JSON in which {wrong}", write)
    return body


def _items(action_text: str, page: Answer, shape: Any) -> list[dict[str, Any]]:
    """The items on a page of a list. Raises AzureError if it has no list at all, as opposed to an empty one."""
    body = page.body()
    if body.get("value") is None:
        raise invalid_answer(action_text, page, "JSON without value, which every list has")
    return list(_body(action_text, page, {**shapes.LIST, "value": [shape]})["value"])
