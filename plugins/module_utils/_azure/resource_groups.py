# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The requests for resource groups, and for lists of the resources in them or in the subscription."""

from __future__ import annotations

from typing import Any

from .._common.errors import AzureError
from .exchange import NAMESPACE, RESOURCES_API_VERSION, Request
from .operation import Operation
from .sdk import body_of
from .sender import Sender
from .shapes import RESOURCE


class ResourceGroups:
    """Requests of one client, which raise what its own methods raise."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def get(self, name: str) -> dict[str, Any] | None:
        """See ``Client.get_resource_group``."""
        action_text = f"Could not read resource group {name}"
        try:
            answer = self._sender.sdk.call(action_text, self._resource_group("GET", name))
            return body_of(action_text, answer, RESOURCE)
        except AzureError as error:
            if error.code == "ResourceGroupNotFound":
                return None
            raise

    def put(self, name: str, body: dict[str, Any], *, deadline: float | None = None) -> dict[str, Any]:
        """Create the resource group, or replace its tags."""
        action_text = f"Could not create or update resource group {name}"
        request = self._resource_group("PUT", name, body=body, expected=(200, 201))
        answer = self._sender.write(action_text, request, deadline)
        return body_of(action_text, answer, RESOURCE, write=True)

    def patch(self, name: str, body: dict[str, Any], *, deadline: float | None = None) -> dict[str, Any]:
        """Update the resource group; ``tags`` replace the whole map."""
        action_text = f"Could not update resource group {name}"
        answer = self._sender.write(
            action_text, self._resource_group("PATCH", name, body=body, expected=(200,)), deadline
        )
        return body_of(action_text, answer, RESOURCE, write=True)

    def list_all(self) -> list[dict[str, Any]]:
        """All resource groups of the subscription."""
        action_text = f"Could not list the resource groups of subscription {self._sender.sdk.subscription_id}"
        request = Request("GET", self._sender.path("resourcegroups"), RESOURCES_API_VERSION)
        return self._sender.pages(action_text, request, RESOURCE)

    def delete(self, name: str, *, deadline: float | None = None) -> Operation:
        """Begin to delete the resource group with everything in it."""
        action_text = f"Could not delete resource group {name}"
        request = self._resource_group("DELETE", name, expected=(200, 202))
        return self._sender.begin(action_text, request, deadline, write=False)

    def resources(self, resource_group: str, top: int | None = None) -> list[dict[str, Any]]:
        """What is in a resource group: at most ``top`` resources, or all."""
        action_text = f"Could not list the resources of resource group {resource_group}"
        path = self._sender.path("resourceGroups", resource_group, "resources")
        request = Request("GET", path, RESOURCES_API_VERSION, {} if top is None else {"$top": str(top)})
        return self._sender.pages(action_text, request, RESOURCE, limit=top)

    def created_times(self) -> dict[str, str]:
        """See ``Client.created_times``."""
        action_text = f"Could not list the container groups of subscription {self._sender.sdk.subscription_id}"
        query = {"$filter": f"resourceType eq '{NAMESPACE}/containerGroups'", "$expand": "createdTime"}
        request = Request("GET", self._sender.path("resources"), RESOURCES_API_VERSION, query)
        found = self._sender.pages(action_text, request, RESOURCE)
        return {str(item.get("id")).lower(): str(item["createdTime"]) for item in found if item.get("createdTime")}

    def _resource_group(self, method: str, name: str, **rest: Any) -> Request:
        return Request(method, self._sender.path("resourcegroups", name), RESOURCES_API_VERSION, **rest)
