# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private: may change at any time. Not for use outside of this collection.

"""The seam to Azure: resource groups and container groups, as the plain JSON of Azure Resource Manager.

Models of the SDK never cross it. Reads (and deletes) are retried by the SDK's own pipeline. Other writes are sent once:
sent again only where the service says that it did not apply them (429, a group in transition, an unknown API version).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from ._errors import AzureError
from ._operation import Answer, Operation, OperationStatus, retry_after
from ._sdk import Sdk, Session

__all__ = ["API_VERSIONS", "Client", "Operation", "OperationStatus", "connect"]

API_VERSIONS = ("2025-09-01", "2023-05-01")
"""The versions of Microsoft.ContainerInstance that the collection knows, newest first."""

WRITE_DEADLINE = 300.0
"""Seconds for which a write that the service did not apply is sent again, unless the caller knows better."""

NOT_APPLIED = frozenset({"ContainerGroupTransitioning"})
UNKNOWN_VERSION = frozenset({"NoRegisteredProviderFound", "InvalidApiVersionParameter", "InvalidResourceType"})


def connect(params: Mapping[str, Any]) -> Client:
    """A client for a task's connection options. It looks for credentials and signs in at the first request."""
    return Client(Session(params), api_version=params.get("api_version"))


class Client:
    """Resource groups and container groups of one subscription.

    Every method raises CredentialsError, ConnectionFailed, MissingLibrary or AzureError; a write may raise Ambiguous.
    ``deadline`` is a time of ``monotonic``: until then a write that was not applied is sent again.
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
        self._api_version = api_version or API_VERSIONS[0]
        self._forced = api_version is not None
        self._sleep = sleep
        self._monotonic = monotonic

    @property
    def subscription_id(self) -> str:
        """The subscription that the client works in."""
        return self._sdk.subscription_id

    @property
    def api_version(self) -> str:
        """The version of Microsoft.ContainerInstance in use: the newest that both sides know, once something was read."""
        return self._api_version

    # -- resource groups ---------------------------------------------------------------------------------------------

    def get_resource_group(self, name: str) -> dict[str, Any] | None:
        """The resource group, or None."""
        groups = self._sdk.resources().resource_groups
        try:
            return self._read(f"Could not read resource group {name!r}", groups.get, name).body()
        except AzureError as error:
            if error.status == 404 and error.code == "ResourceGroupNotFound":
                return None
            raise

    def put_resource_group(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Create the resource group, or replace its tags."""
        groups = self._sdk.resources().resource_groups
        what = f"Could not create or update resource group {name!r}"
        return self._write(what, None, lambda: groups.create_or_update, name, _bytes(body), **_JSON).body()

    def patch_resource_group(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Update the resource group; ``tags`` replace the whole map."""
        groups = self._sdk.resources().resource_groups
        what = f"Could not update resource group {name!r}"
        return self._write(what, None, lambda: groups.update, name, _bytes(body), **_JSON).body()

    def delete_resource_group(self, name: str) -> Operation:
        """Begin to delete the resource group with everything in it."""
        groups = self._sdk.resources().resource_groups
        return self._begin(f"Could not delete resource group {name!r}", None, lambda: groups.begin_delete, name)

    def list_resources(self, resource_group: str, top: int | None = None) -> list[dict[str, Any]]:
        """What is in a resource group: at most ``top`` resources, or all."""
        resources = self._sdk.resources().resources
        what = f"Could not list the resources of resource group {resource_group!r}"
        options = {} if top is None else {"top": top}
        found = self._pages(what, lambda: resources.list_by_resource_group, resource_group, limit=top, **options)
        return found if top is None else found[:top]

    # -- container groups --------------------------------------------------------------------------------------------

    def get_group(self, resource_group: str, name: str) -> dict[str, Any] | None:
        """The container group with its instance view, or None. A missing resource group is an error."""
        what = f"Could not read container group {name!r} in resource group {resource_group!r}"
        try:
            return self._versioned(
                lambda: self._read(what, self._groups().get, resource_group, name),
            ).body()
        except AzureError as error:
            if error.status == 404 and error.code == "ResourceNotFound":
                return None
            raise

    def list_groups(self, resource_group: str | None = None) -> list[dict[str, Any]]:
        """All container groups of a resource group, or of the subscription. Lists have no instance views."""
        if resource_group is None:
            what = "Could not list the container groups of the subscription"
            return self._versioned(lambda: self._pages(what, lambda: self._groups().list))
        what = f"Could not list the container groups of resource group {resource_group!r}"
        return self._versioned(
            lambda: self._pages(what, lambda: self._groups().list_by_resource_group, resource_group)
        )

    def put_group(
        self, resource_group: str, name: str, body: dict[str, Any], *, deadline: float | None = None
    ) -> Operation:
        """Begin to create the container group, or to replace its definition."""
        what = f"Could not create or update container group {name!r} in resource group {resource_group!r}"
        return self._versioned(
            lambda: self._begin(
                what,
                deadline,
                lambda: self._groups().begin_create_or_update,
                resource_group,
                name,
                _bytes(body),
                **_JSON,
            )
        )

    def patch_group(
        self, resource_group: str, name: str, body: dict[str, Any], *, deadline: float | None = None
    ) -> dict[str, Any]:
        """Replace the tags of the container group: all that the service changes this way."""
        what = f"Could not update the tags of container group {name!r} in resource group {resource_group!r}"
        return self._versioned(
            lambda: self._write(
                what, deadline, lambda: self._groups().update, resource_group, name, _bytes(body), **_JSON
            )
        ).body()

    def delete_group(self, resource_group: str, name: str, *, deadline: float | None = None) -> dict[str, Any] | None:
        """Delete the container group and return its last state, or None when there was none.

        The service answers at once; the group may be readable for a moment longer.
        """
        what = f"Could not delete container group {name!r} in resource group {resource_group!r}"
        operation = self._versioned(
            lambda: self._begin(
                what, deadline, lambda: self._groups().begin_delete, resource_group, name, repeatable=True
            )
        )
        return operation.initial

    def start_group(self, resource_group: str, name: str, *, deadline: float | None = None) -> Operation:
        """Begin to start the container group: its containers are deployed again, from freshly pulled images."""
        what = f"Could not start container group {name!r} in resource group {resource_group!r}"
        return self._versioned(
            lambda: self._begin(what, deadline, lambda: self._groups().begin_start, resource_group, name)
        )

    def restart_group(self, resource_group: str, name: str, *, deadline: float | None = None) -> Operation:
        """Begin to restart all containers of the container group in place."""
        what = f"Could not restart container group {name!r} in resource group {resource_group!r}"
        return self._versioned(
            lambda: self._begin(what, deadline, lambda: self._groups().begin_restart, resource_group, name)
        )

    def stop_group(self, resource_group: str, name: str, *, deadline: float | None = None) -> None:
        """Stop the container group. The service answers when that is done."""
        what = f"Could not stop container group {name!r} in resource group {resource_group!r}"
        self._versioned(lambda: self._write(what, deadline, lambda: self._groups().stop, resource_group, name))

    def logs(
        self, resource_group: str, name: str, container: str, tail: int | None = None, timestamps: bool = False
    ) -> str | None:
        """The log of a container; None where it is not available yet.

        Newest lines only with ``tail``. The service keeps 4 MB of a running container, and 16 KB or 1000 lines of
        one that ended.
        """
        what = f"Could not read the log of container {container!r} of container group {name!r}"
        options: dict[str, Any] = {"timestamps": timestamps}
        if tail is not None:
            options["tail"] = tail
        try:
            answer = self._versioned(
                lambda: self._read(
                    what, self._sdk.container_instance(self._api_version).containers.list_logs,
                    resource_group, name, container, **options,
                )
            )
        except AzureError as error:
            if error.code == "ContainerLogNotAvailable":
                return None
            raise
        # A container that wrote nothing has null as its content.
        return answer.body().get("content") or ""

    # -- how ---------------------------------------------------------------------------------------------------------

    @property
    def _sdk(self) -> Sdk:
        return self._session.sdk()

    def _groups(self) -> Any:
        return self._sdk.container_instance(self._api_version).container_groups

    def _read(self, what: str, method: Callable[..., Any], *args: Any, **options: Any) -> Answer:
        return self._sdk.call(what, method, *args, **options)[-1]

    def _pages(
        self, what: str, method: Callable[[], Callable[..., Any]], *args: Any, limit: int | None = None, **options: Any
    ) -> list[dict[str, Any]]:
        """All pages of a list, or as many as ``limit`` items need."""
        found: list[dict[str, Any]] = []
        for answer in self._sdk.pages(what, method(), *args, **options):
            found.extend(item for item in answer.body().get("value") or [] if isinstance(item, dict))
            if limit is not None and len(found) >= limit:
                break
        return found

    def _begin(
        self,
        what: str,
        deadline: float | None,
        method: Callable[[], Callable[..., Any]],
        *args: Any,
        repeatable: bool = False,
        **options: Any,
    ) -> Operation:
        handover = self._sdk.handover()
        answer = self._write(what, deadline, method, *args, polling=handover, repeatable=repeatable, **options)
        sdk = self._sdk
        return Operation(answer, lambda url: sdk.get(what, handover.client, url))

    def _write(
        self,
        what: str,
        deadline: float | None,
        method: Callable[[], Callable[..., Any]],
        *args: Any,
        repeatable: bool = False,
        **options: Any,
    ) -> Answer:
        """Send a write, again for as long as the service says that it was not applied, until the deadline."""
        until = self._monotonic() + WRITE_DEADLINE if deadline is None else deadline
        pause = 0.5
        while True:
            try:
                return self._sdk.call(what, method(), *args, write=not repeatable, **options)[-1]
            except AzureError as error:
                if error.status != 429 and error.code not in NOT_APPLIED:
                    raise
                asked = getattr(error, "retry_after", None)
                wait = pause if asked is None else max(asked, 0.05)
                if self._monotonic() + wait > until:
                    raise
            self._sleep(wait)
            pause = min(pause * 2, 10.0)

    def _versioned(self, request: Callable[[], Any]) -> Any:
        """Make a request with the newest API version that both sides know, and remember which that is."""
        try:
            return request()
        except AzureError as error:
            older = None if self._forced else _older_version(error, self._api_version)
            if older is None:
                raise
            self._api_version = older
        return request()


_JSON: dict[str, Any] = {"content_type": "application/json"}


def _bytes(body: dict[str, Any]) -> bytes:
    """A body that the SDK passes on as it is; a dictionary would lose what its models do not know."""
    return json.dumps(body).encode()


def _older_version(error: AzureError, current: str) -> str | None:
    """The newest version that the endpoint's refusal of ``current`` names and that is known here."""
    if error.code not in UNKNOWN_VERSION:
        return None
    offered = re.findall(r"\d{4}-\d{2}-\d{2}(?:-preview)?", error.message.partition("supported api-versions are")[2])
    if current in offered:
        return None
    known = [version for version in API_VERSIONS if version in offered]
    return known[0] if known else None
