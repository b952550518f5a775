# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks before anything is created: whether this principal has the permissions to create and clean up. Reads only."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ansible_collections.azure_containers.aci.plugins.module_utils._group import costs
from live_client import Answer, Arm
from live_plan import Plan, cores_of
from live_probes import Probe
from live_targets import Target

SUBSCRIPTIONS = "2022-12-01"
GROUPS = "2021-04-01"
PERMISSIONS = "2022-04-01"
LOCKS = "2016-09-01"
POLICY = "2023-03-01"
NAMESPACE = "Microsoft.ContainerInstance"
NETWORK = "2023-09-01"

_NEEDED = (
    f"{NAMESPACE}/containerGroups/read",
    f"{NAMESPACE}/containerGroups/write",
    f"{NAMESPACE}/containerGroups/delete",
    f"{NAMESPACE}/containerGroups/start/action",
    f"{NAMESPACE}/containerGroups/stop/action",
    f"{NAMESPACE}/containerGroups/restart/action",
    f"{NAMESPACE}/containerGroups/containers/exec/action",
    f"{NAMESPACE}/containerGroups/containers/logs/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
)
_PERMISSIONS_PATH = "providers/Microsoft.Authorization/permissions"
_FOR_A_GROUP_OF_ITS_OWN = (
    "Microsoft.Resources/subscriptions/resourceGroups/write",
    "Microsoft.Resources/subscriptions/resourceGroups/delete",
)


Item = Probe | Target


@dataclass
class Preflight:
    """What was found. ``problems`` keep a run from starting; ``denied`` has policies by what they forbid to play."""

    subscription: str = ""
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    denied: dict[str, str] = field(default_factory=dict)


def check(arm: Arm, plan: Plan, items: Sequence[Item], *, existing: bool) -> Preflight:
    """Looks at subscription, provider, permissions, locks, subnet, quota and policies."""
    found = Preflight()
    subscription = arm.ask("GET", "", version=SUBSCRIPTIONS)
    if not subscription.ok:
        found.problems.append(f"subscription {arm.subscription} cannot be read: {subscription}")
        return found
    found.subscription = str(subscription.body.get("displayName") or arm.subscription)
    if subscription.body.get("state") not in (None, "Enabled"):
        found.problems.append(f"subscription {found.subscription} is {subscription.body['state']}")
    scope = f"resourceGroups/{plan.resource_group}" if existing else ""
    group = arm.ask("GET", f"resourceGroups/{plan.resource_group}", version=GROUPS)
    if existing and not group.ok:
        found.problems.append(f"resource group {plan.resource_group} cannot be read: {group}")
        return found
    if not existing and group.status != 404:
        found.problems.append(f"resource group {plan.resource_group} is there already, or cannot be asked for: {group}")
    _check_provider(arm, plan, found)
    needed = _NEEDED if existing else _NEEDED + _FOR_A_GROUP_OF_ITS_OWN
    _check_permissions(arm, scope, needed, found)
    _check_locks(arm, scope, plan, found, existing=existing)
    if plan.subnet:
        _check_subnet(arm, plan, found)
    _check_quota(arm, plan, items, found)
    _check_policies(arm, scope, plan, items, found)
    return found


def _check_provider(arm: Arm, plan: Plan, found: Preflight) -> None:
    provider = arm.ask("GET", f"providers/{NAMESPACE}", version=GROUPS)
    if not provider.ok:
        found.problems.append(f"resource provider {NAMESPACE} cannot be read: {provider}")
        return
    state = provider.body.get("registrationState")
    if state != "Registered":
        found.problems.append(f"resource provider {NAMESPACE} is {state}: az provider register --namespace {NAMESPACE}")
    kinds = {str(each.get("resourceType")).lower(): each for each in provider.body.get("resourceTypes") or []}
    regions = [_plain(each) for each in kinds.get("containergroups", {}).get("locations") or []]
    if regions and _plain(plan.location) not in regions:
        found.problems.append(f"{plan.location} is not a region of container groups: choose another with --location")


def _check_permissions(arm: Arm, scope: str, needed: Iterable[str], found: Preflight) -> None:
    path = f"{scope}/{_PERMISSIONS_PATH}" if scope else _PERMISSIONS_PATH
    answer = arm.ask("GET", path, version=PERMISSIONS)
    if not answer.ok:
        found.notes.append(f"permissions could not be read ({answer}): a run that lacks one says so when it needs it")
        return
    missing = [each for each in needed if not _allowed(each, answer.body.get("value") or [])]
    if missing:
        found.problems.append(f"these permissions are missing: {', '.join(missing)}")


def _allowed(action: str, permissions: Iterable[Mapping[str, Any]]) -> bool:
    def fits(patterns: Iterable[str] | None) -> bool:
        return any(
            re.fullmatch(".*".join(map(re.escape, each.split("*"))), action, re.IGNORECASE) for each in patterns or ()
        )

    return any(fits(each.get("actions")) and not fits(each.get("notActions")) for each in permissions)


def _check_locks(arm: Arm, scope: str, plan: Plan, found: Preflight, *, existing: bool) -> None:
    answer = arm.ask("GET", f"{scope}/providers/Microsoft.Authorization/locks".lstrip("/"), version=LOCKS)
    if not answer.ok:
        found.notes.append(f"locks could not be read ({answer})")
        return
    for lock in answer.body.get("value") or []:
        place = str(lock.get("id", "")).partition("/providers/Microsoft.Authorization/locks/")[0]
        here = place.lower() == f"/subscriptions/{arm.subscription}".lower() or (
            existing and place.lower().endswith(f"/resourcegroups/{plan.resource_group}".lower())
        )
        if here:
            level = (lock.get("properties") or {}).get("level")
            found.problems.append(
                f"lock {lock.get('name')} ({level}) on {place}: what is made there could not be removed"
            )


def _check_subnet(arm: Arm, plan: Plan, found: Preflight) -> None:
    network = arm.ask("GET", plan.subnet.partition("/subnets/")[0], version=NETWORK)
    subnet = arm.ask("GET", plan.subnet, version=NETWORK)
    for answer in (network, subnet):
        if not answer.ok:
            found.problems.append(f"the subnet of --subnet cannot be read: {answer}")
            return
    if _plain(network.body.get("location", "")) != _plain(plan.location):
        found.problems.append(
            f"the network of --subnet is in {network.body.get('location')}, not in {plan.location}, and groups have to "
            "be in the region of their network"
        )
    if not _is_delegated(subnet):
        found.problems.append(
            f"the subnet of --subnet is not delegated to {NAMESPACE}/containerGroups: az network vnet subnet update "
            f"--ids ID --delegations {NAMESPACE}/containerGroups"
        )
    _check_permissions(arm, plan.subnet, ["Microsoft.Network/virtualNetworks/subnets/join/action"], found)


def _is_delegated(subnet: Answer) -> bool:
    services = [
        (each.get("properties") or {}).get("serviceName") for each in subnet.properties.get("delegations") or []
    ]
    return f"{NAMESPACE}/containerGroups".lower() in [str(each).lower() for each in services]


def _check_quota(arm: Arm, plan: Plan, items: Sequence[Item], found: Preflight) -> None:
    answer = arm.ask("GET", f"providers/{NAMESPACE}/locations/{_plain(plan.location)}/usages")
    if not answer.ok:
        found.notes.append(f"quotas could not be read ({answer})")
        return
    # One thing is played at a time. Of probes there are two groups at the most: one, and the one that wants its label.
    bodies = [list(each.definitions(plan).values()) for each in items]
    wanted = {
        "ContainerGroups": max([2, *map(len, bodies)]),
        "StandardCores": max([3, *(math.ceil(sum(map(cores_of, each))) for each in bodies)]),
    }
    for usage in answer.body.get("value") or []:
        name = (usage.get("name") or {}).get("value")
        if name in wanted and usage.get("limit", 0) - usage.get("currentValue", 0) < wanted[name]:
            found.problems.append(
                f"quota {name} of {plan.location}: {usage.get('currentValue')} of {usage.get('limit')} are used, and "
                f"{wanted[name]} are needed"
            )


def _check_policies(arm: Arm, scope: str, plan: Plan, items: Iterable[Item], found: Preflight) -> None:
    path = f"{scope}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions".lstrip("/")
    for item in items:
        for name, body in item.definitions(plan).items():
            content = {**_without_password(body), "type": f"{NAMESPACE}/containerGroups", "name": name}
            answer = arm.ask(
                "POST",
                path,
                {"resourceDetails": {"resourceContent": content, "apiVersion": "2023-05-01"}},
                version=POLICY,
            )
            if not answer.ok:
                found.notes.append(f"policies could not be asked about ({answer})")
                return
            result = answer.body.get("contentEvaluationResult") or {}
            for each in result.get("policyEvaluations") or []:
                effect = (each.get("effectDetails") or {}).get("policyEffect", "Deny")
                if each.get("evaluationResult") == "NonCompliant" and str(effect).lower() == "deny":
                    policy = str((each.get("policyInfo") or {}).get("policyAssignmentId", "")).rpartition("/")[2]
                    found.denied[item.name] = policy or "(no name)"


def _without_password(body: Mapping[str, Any]) -> dict[str, Any]:
    """A definition without what policies need not know."""
    properties = dict(body["properties"])
    if "imageRegistryCredentials" in properties:
        properties["imageRegistryCredentials"] = [
            {key: value for key, value in each.items() if key != "password"}
            for each in properties["imageRegistryCredentials"]
        ]
    return {**body, "properties": properties}


def most(plan: Plan, items: Iterable[Item], rows: Iterable[Mapping[str, Any]]) -> Decimal | None:
    """What a run costs at most in US dollars, with the rows of the Retail Prices API; None where a price is missing.

    Every group of a probe counts as running until its own end, as often as it may be started; every group of a target,
    from its beginning until it is ended.
    """
    rates = costs.rates_of(rows)
    total = Decimal(0)
    for item in items:
        for body in item.definitions(plan).values():
            try:
                hourly = costs.hourly_cost(body, rates)[0]
            except costs.Unpriced:
                return None
            total += hourly * item.seconds / 3600
    return total.quantize(Decimal("0.01"))


def _plain(region: str) -> str:
    return str(region).replace(" ", "").lower()
