# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The requests about what allows or forbids changes of a resource, and about its past changes.

These are locks, permissions, policies and the activity log.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from .exchange import POLICY_NAMESPACE, Request
from .sdk import body_of
from .sender import Sender, id_path
from .shapes import RESOURCE

LOCKS_API_VERSION = "2020-05-01"
PERMISSIONS_API_VERSION = "2022-04-01"
POLICY_API_VERSION = "2023-03-01"
ACTIVITY_API_VERSION = "2015-04-01"

PERMISSION = {"actions": [str], "notActions": [str]}
POLICY_RESTRICTIONS = {
    "contentEvaluationResult": {
        "policyEvaluations": [
            {
                "policyInfo": {"policyAssignmentId": str, "policyDefinitionId": str},
                "evaluationResult": str,
                "effectDetails": {"policyEffect": str},
            }
        ]
    }
}
EVENT = {
    "caller": str,
    "correlationId": str,
    "eventTimestamp": str,
    "operationId": str,
    "operationName": {"value": str},
    "resourceId": str,
    "status": {"value": str},
}
"""An event of the activity log."""


class Surroundings:
    """Requests of one client, which raise what its own methods raise."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list_locks(self, resource_id: str) -> list[dict[str, Any]]:
        """See ``Client.list_locks``."""
        action_text = f"Could not list the locks on {resource_id}"
        path = f"{id_path(resource_id)}/providers/Microsoft.Authorization/locks"
        return self._sender.pages(
            action_text, Request("GET", path, LOCKS_API_VERSION, {"$filter": "atScope()"}), RESOURCE
        )

    def list_permissions(self, scope: str) -> list[dict[str, Any]]:
        """See ``Client.list_permissions``."""
        action_text = f"Could not list the permissions on {scope}"
        path = f"{id_path(scope)}/providers/Microsoft.Authorization/permissions"
        return self._sender.pages(action_text, Request("GET", path, PERMISSIONS_API_VERSION), PERMISSION)

    def check_policy_restrictions(self, resource_group: str, content: dict[str, Any]) -> dict[str, Any]:
        """See ``Client.check_policy_restrictions``."""
        action_text = f"Could not ask Azure Policy about {content.get('name')} in resource group {resource_group}"
        path = self._sender.path(
            "resourceGroups", resource_group, "providers", POLICY_NAMESPACE, "checkPolicyRestrictions"
        )
        body = {"resourceDetails": {"resourceContent": content, "apiVersion": self._sender.version()}}
        answer = self._sender.sdk.call(action_text, Request("POST", path, POLICY_API_VERSION, body=body))
        return body_of(action_text, answer, POLICY_RESTRICTIONS)

    def list_activity(self, resource_id: str, since: datetime) -> list[dict[str, Any]]:
        """See ``Client.list_activity``."""
        action_text = f"Could not read the activity log of {resource_id}"
        start = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        quoted = resource_id.replace("'", "''")
        # Not $select: the documentation does not list caller among the properties that it takes.
        query = {"$filter": f"eventTimestamp ge '{start}' and resourceUri eq '{quoted}'"}
        path = self._sender.path("providers", "Microsoft.Insights", "eventtypes", "management", "values")
        events = self._sender.pages(action_text, Request("GET", path, ACTIVITY_API_VERSION, query), EVENT)
        # The other properties may contain the request.
        return [{name: event.get(name) for name in EVENT} for event in events]
