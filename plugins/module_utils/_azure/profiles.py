# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The requests for container group profiles."""

from __future__ import annotations

from typing import Any

from .._common import api_versions
from .._common.errors import AzureError
from .exchange import NAMESPACE, Request
from .sdk import body_of, items_of
from .sender import Sender
from .shapes import CONTAINER_GROUP


class Profiles:
    """Requests of one client, which raise what its own methods raise."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def get(self, resource_group: str, name: str) -> dict[str, Any] | None:
        """The newest revision of a container group profile, or None. A missing resource group is an error."""
        action_text = f"Could not read container group profile {name} in resource group {resource_group}"
        try:
            answer = self._sender.versioned(
                lambda: self._sender.sdk.call(action_text, self._profile("GET", resource_group, name)),
                api_versions.PROFILES,
            )
            return body_of(action_text, answer, CONTAINER_GROUP)
        except AzureError as error:
            if error.code == "ResourceNotFound":
                return None
            raise

    def put(
        self, resource_group: str, name: str, body: dict[str, Any], *, deadline: float | None = None
    ) -> dict[str, Any]:
        """Create the profile, or its next revision. The service answers once that is done."""
        action_text = f"Could not create or update container group profile {name} in resource group {resource_group}"
        operation = self._sender.versioned(
            lambda: self._sender.begin(
                action_text,
                self._profile("PUT", resource_group, name, body=body, expected=(200, 201, 202)),
                deadline,
            ),
            api_versions.PROFILES,
        )
        return operation.initial or {}

    def patch(
        self, resource_group: str, name: str, body: dict[str, Any], *, deadline: float | None = None
    ) -> dict[str, Any]:
        """Replace the tags of the profile, which does not create a revision."""
        action_text = f"Could not update the tags of container group profile {name} in resource group {resource_group}"
        operation = self._sender.versioned(
            lambda: self._sender.begin(
                action_text, self._profile("PATCH", resource_group, name, body=body, expected=(200, 202)), deadline
            ),
            api_versions.PROFILES,
        )
        return operation.initial or {}

    def delete(self, resource_group: str, name: str, *, deadline: float | None = None) -> None:
        """Delete the profile with all its revisions."""
        action_text = f"Could not delete container group profile {name} in resource group {resource_group}"
        self._sender.versioned(
            lambda: self._sender.begin(
                action_text,
                self._profile("DELETE", resource_group, name, expected=(200, 202, 204)),
                deadline,
                write=False,
            ),
            api_versions.PROFILES,
        )

    def revisions(self, resource_group: str, name: str) -> list[dict[str, Any]]:
        """All revisions of the profile, in the order of their creation."""
        action_text = (
            f"Could not read the revisions of container group profile {name} in resource group {resource_group}"
        )
        answer = self._sender.versioned(
            lambda: self._sender.sdk.call(action_text, self._profile("GET", resource_group, name, "revisions")),
            api_versions.PROFILES,
        )
        return list(items_of(action_text, answer, CONTAINER_GROUP))

    @property
    def version(self) -> str:
        """The API version for requests about profiles, which the oldest versions do not support."""
        return self._sender.version(api_versions.PROFILES)

    def _profile(self, method: str, resource_group: str, name: str, *more: str, **rest: Any) -> Request:
        path = self._sender.path(
            "resourceGroups", resource_group, "providers", NAMESPACE, "containerGroupProfiles", name, *more
        )
        return Request(method, path, self.version, **rest)
