# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of Microsoft.PolicyInsights that evaluates policies in advance: ``checkPolicyRestrictions``.

Requests and responses follow the published specification (2023-03-01). The content of a resource is assumed to be
complete; of the pending fields, only name and location are evaluated, if they have values.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..arm.errors import ArmError
from ..arm.responses import JsonResponse
from .policies import Policies, Policy
from .resource_groups import ResourceManager

NAMESPACE = "Microsoft.PolicyInsights"
TYPES = {"checkPolicyRestrictions": ["2020-07-01", "2022-03-01", "2023-03-01"]}
READS = frozenset({f"{NAMESPACE}/checkPolicyRestrictions"})
"""POST requests that only read: their action in roles is ``read``."""

_SUBSCRIPTION = "/subscriptions/{subscription}"
_ACTION = f"/providers/{NAMESPACE}/checkPolicyRestrictions"


class PolicyInsights:
    """Reports which policies would deny a resource."""

    def __init__(self, policies: Policies, resource_manager: ResourceManager) -> None:
        self._policies = policies
        self._resource_manager = resource_manager

    def routes(self) -> list[BaseRoute]:
        """Returns the routes at subscriptions and resource groups."""
        return [
            Route(f"{scope}{_ACTION}", self.check, methods=["POST"])
            for scope in (_SUBSCRIPTION, f"{_SUBSCRIPTION}/resourceGroups/{{group}}")
        ]

    async def check(self, request: Request) -> Response:
        """Evaluates ``resourceDetails.resourceContent``, and the values of ``pendingFields``."""
        body = request.state.json
        details = body.get("resourceDetails")
        content = details.get("resourceContent") if isinstance(details, dict) else None
        if not isinstance(content, dict) or not isinstance(content.get("type"), str):
            raise ArmError(
                400,
                "InvalidCheckRestrictionsRequest",
                "The request is invalid. resourceDetails.resourceContent with a type is required.",
            )
        effects = {"deny", "audit"} if body.get("includeAuditEffect") is True else {"deny"}
        subscription, name = request.path_params["subscription"], request.path_params.get("group")
        group = None if name is None else self._resource_manager.find_group(subscription, name)
        scope = request.scope["path"].partition(_ACTION)[0]
        resource = {**content, "id": f"{scope}/providers/{content['type']}/{content.get('name', '')}"}
        resource.setdefault("name", "")
        found = self._policies.violated(resource, group, effects)
        return JsonResponse(
            {
                "fieldRestrictions": self._restrictions(body.get("pendingFields"), resource, group, effects, found),
                "contentEvaluationResult": {"policyEvaluations": [_evaluation(each, subscription) for each in found]},
            }
        )

    def _restrictions(
        self,
        pending: Any,
        resource: Mapping[str, Any],
        group: Mapping[str, Any] | None,
        effects: set[str],
        known: list[Policy],
    ) -> list[dict[str, Any]]:
        """Returns the values of pending fields that are denied by policies that do not deny the content itself."""
        subscription = str(resource["id"]).split("/")[2]
        restrictions = []
        for each in pending if isinstance(pending, list) else []:
            field, values = each.get("field"), each.get("values")
            if field not in ("name", "location") or not isinstance(values, list):
                continue
            denied: dict[str, list[str]] = {}
            policies = {}
            for value in values:
                for policy in self._policies.violated({**resource, field: value}, group, effects):
                    if policy not in known:
                        denied.setdefault(policy.name, []).append(value)
                        policies[policy.name] = policy
            if denied:
                found = [_restriction(policies[name], denied[name], subscription) for name in denied]
                restrictions.append({"field": field, "restrictions": found})
        return restrictions


def _restriction(policy: Policy, values: list[str], subscription: str) -> dict[str, Any]:
    return {
        "result": policy.effect.capitalize(),
        "values": values,
        "policy": policy.reference(subscription),
        "policyEffect": policy.effect.capitalize(),
        "reason": f"The policy {policy.name} does not allow these values.",
    }


def _evaluation(policy: Policy, subscription: str) -> dict[str, Any]:
    return {
        "policyInfo": policy.reference(subscription),
        "evaluationResult": "NonCompliant",
        "evaluationDetails": {"evaluatedExpressions": []},
        "effectDetails": {"policyEffect": policy.effect.capitalize()},
    }
