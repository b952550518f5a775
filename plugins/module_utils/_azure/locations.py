# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The requests about what regions offer, and what the subscription uses there."""

from __future__ import annotations

from typing import Any

from .exchange import NAMESPACE, RESOURCES_API_VERSION, Request
from .sdk import body_of
from .sender import Sender

USAGE = {"name": {"value": str}, "currentValue": float, "limit": float}
CAPABILITIES = {"osType": str, "ipAddressType": str, "gpu": str, "capabilities": {"": float}}
CACHED_IMAGE = {"osType": str, "image": str}
PROVIDER = {
    "resourceTypes": [
        {
            "resourceType": str,
            "locations": [str],
            "apiVersions": [str],
            "zoneMappings": [{"location": str, "zones": [str]}],
        }
    ]
}


class Locations:
    """Requests of one client, which raise what its own methods raise."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def usage(self, location: str) -> list[dict[str, Any]]:
        """See ``Client.list_usage``."""
        action_text = f"Could not read the usages of location {location}"
        return self._sender.versioned(
            lambda: self._sender.pages(action_text, self._location(location, "usages"), USAGE)
        )

    def capabilities(self, location: str) -> list[dict[str, Any]]:
        """The group sizes that a region offers: one entry per combination of OS, kind of IP address and GPU."""
        action_text = f"Could not read the capabilities of location {location}"
        return self._sender.versioned(
            lambda: self._sender.pages(action_text, self._location(location, "capabilities"), CAPABILITIES)
        )

    def cached_images(self, location: str) -> list[dict[str, Any]]:
        """The images cached in a region: ``osType`` and ``image``."""
        action_text = f"Could not read the cached images of location {location}"
        return self._sender.versioned(
            lambda: self._sender.pages(action_text, self._location(location, "cachedImages"), CACHED_IMAGE)
        )

    def container_group_type(self) -> dict[str, Any]:
        """The resource type containerGroups as Resource Manager describes it: ``locations``, ``zoneMappings``."""
        action_text = f"Could not read the provider {NAMESPACE} of subscription {self._sender.sdk.subscription_id}"
        answer = self._sender.sdk.call(
            action_text, Request("GET", self._sender.path("providers", NAMESPACE), RESOURCES_API_VERSION)
        )
        types = body_of(action_text, answer, PROVIDER).get("resourceTypes") or []
        return next((kind for kind in types if str(kind.get("resourceType")).lower() == "containergroups"), {})

    def _location(self, location: str, kind: str) -> Request:
        return Request(
            "GET", self._sender.path("providers", NAMESPACE, "locations", location, kind), self._sender.version()
        )
