# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of Azure Policy that affects requests: rules that deny, and rules that add or change tags."""

from __future__ import annotations

import copy
import fnmatch
import json
import re
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..arm.errors import ArmError

_TAG = re.compile(r"tags(?:\.([\w.-]+)|\['((?:[^']|'')+)'\]|\[([^\]']+)\])", re.IGNORECASE)
_PARAMETER = re.compile(r"\[parameters\('([^']+)'\)\]", re.IGNORECASE)
_GROUP = re.compile(r"\[resourceGroup\(\)\.(?:location|tags(?:\['([^']+)'\]|\.(\w+)))\]", re.IGNORECASE)
_EFFECTS = ("deny", "modify", "append", "audit", "disabled")


class BadPolicy(ValueError):
    """A policy is invalid or not supported; the message names the part."""


@dataclass(frozen=True)
class Policy:
    """A policy and its assignment to a scope: the ID of a subscription or resource group, or "" for everything."""

    name: str
    scope: str
    condition: Mapping[str, Any]
    effect: str
    details: list[dict[str, Any]] = field(default_factory=list)
    source: Mapping[str, Any] = field(default_factory=dict)

    def reference(self, subscription: str) -> dict[str, str]:
        """Returns the IDs of the definition and of its assignment, as in responses that refer to them."""
        base = f"/subscriptions/{subscription}"
        return {
            "policyDefinitionId": f"{base}/providers/Microsoft.Authorization/policyDefinitions/{self.name}",
            "policyAssignmentId": (
                f"{self.scope or base}/providers/Microsoft.Authorization/policyAssignments/{self.name}"
            ),
        }


class Policies:
    """The policies in force."""

    def __init__(self) -> None:
        self._policies: list[Policy] = []

    def replace(self, documents: Any) -> None:
        """Replaces all policies with the given ones. Raises BadPolicy."""
        if not isinstance(documents, list):
            raise BadPolicy("policies must be a list")
        self._policies = [read_policy(each, number) for number, each in enumerate(documents, 1)]

    def describe(self) -> list[Mapping[str, Any]]:
        """Returns the policies as they were given."""
        return [policy.source for policy in self._policies]

    def apply(self, resource: dict[str, Any], group: Mapping[str, Any] | None) -> dict[str, Any]:
        """Returns a resource (``id``, ``name``, ``type`` and its body) with the changes that policies make to it.

        ``group`` is its resource group. Raises ArmError 403 if one denies it.
        """
        resource = copy.deepcopy(resource)
        violated = self._evaluate(resource, group, {"deny"})
        if violated:
            raise _denial(resource, violated)
        return resource

    def violated(
        self, resource: Mapping[str, Any], group: Mapping[str, Any] | None, effects: Container[str]
    ) -> list[Policy]:
        """Returns the policies with these effects that a resource violates after the changes by other policies."""
        return self._evaluate(copy.deepcopy(dict(resource)), group, effects)

    def _evaluate(
        self, resource: dict[str, Any], group: Mapping[str, Any] | None, effects: Container[str]
    ) -> list[Policy]:
        scope = str(resource["id"]).lower()
        applying = [policy for policy in self._policies if _covers(policy.scope, scope)]
        for policy in applying:
            if policy.effect in ("modify", "append") and _holds(policy.condition, resource):
                for detail in policy.details:
                    _change(resource, detail, group)
        return [policy for policy in applying if policy.effect in effects and _holds(policy.condition, resource)]


def read_policy(document: Any, number: int) -> Policy:
    """Reads a policy from JSON: ``{"name", "scope", "parameters", "policyRule": {"if", "then"}}``.

    Raises BadPolicy.
    """
    if not isinstance(document, dict) or not isinstance(document.get("policyRule"), dict):
        raise BadPolicy("a policy must be an object with a policyRule")
    unknown = sorted(set(document) - {"name", "scope", "parameters", "policyRule"})
    if unknown:
        raise BadPolicy(f"{unknown[0]} is not a known member of a policy")
    rule = _with_parameters(document["policyRule"], document.get("parameters") or {})
    then = rule.get("then")
    effect = str(then.get("effect", "")).lower() if isinstance(then, dict) else ""
    if effect not in _EFFECTS:
        raise BadPolicy(f"the effect of a policy must be one of {', '.join(_EFFECTS)}")
    condition = rule.get("if")
    _check_condition(condition)
    details = then.get("details") if isinstance(then, dict) else None
    if effect == "modify":
        operations = details.get("operations") if isinstance(details, dict) else None
        details = _check_details(operations)
    elif effect == "append":
        details = _check_details(details)
    else:
        details = []
    name, scope = document.get("name", f"policy-{number}"), document.get("scope", "")
    if not isinstance(name, str) or not isinstance(scope, str):
        raise BadPolicy("name and scope of a policy must be strings")
    return Policy(name, scope.rstrip("/").lower(), condition, effect, details, document)


def _with_parameters(value: Any, parameters: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_parameters(each, parameters) for name, each in value.items()}
    if isinstance(value, list):
        return [_with_parameters(each, parameters) for each in value]
    match = _PARAMETER.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    try:
        return parameters[match[1]]["value"]
    except (KeyError, TypeError):
        raise BadPolicy(f"the parameter {match[1]} has no value") from None


def _check_details(details: Any) -> list[dict[str, Any]]:
    if not isinstance(details, list) or not details:
        raise BadPolicy("modify requires details.operations, append a list of details")
    for each in details:
        if not isinstance(each, dict) or _TAG.fullmatch(str(each.get("field", ""))) is None:
            raise BadPolicy("only tags can be changed: field must be like tags['name']")
        if str(each.get("operation", "add")).lower() not in ("add", "addorreplace", "remove"):
            raise BadPolicy("operation must be add, addOrReplace or remove")
        value = each.get("value", "")
        if not isinstance(value, str) or (value.startswith("[") and _GROUP.fullmatch(value) is None):
            raise BadPolicy("value must be a string, [parameters('x')], [resourceGroup().location] or .tags['x']")
    return details


def _check_condition(condition: Any) -> None:
    if not isinstance(condition, dict):
        raise BadPolicy("a condition must be an object")
    for name in ("allOf", "anyOf"):
        if name in condition:
            if not isinstance(condition[name], list):
                raise BadPolicy(f"{name} must be a list")
            for each in condition[name]:
                _check_condition(each)
            return
    if "not" in condition:
        _check_condition(condition["not"])
        return
    operators = set(condition) - {"field"}
    if not isinstance(condition.get("field"), str) or len(operators) != 1 or not operators <= set(_TESTS):
        raise BadPolicy(f"a condition must have a field and one of {', '.join(_TESTS)}")


def _covers(policy_scope: str, scope: str) -> bool:
    return not policy_scope or scope == policy_scope or scope.startswith(policy_scope + "/")


def _holds(condition: Mapping[str, Any], resource: Mapping[str, Any]) -> bool:
    if "allOf" in condition:
        return all(_holds(each, resource) for each in condition["allOf"])
    if "anyOf" in condition:
        return any(_holds(each, resource) for each in condition["anyOf"])
    if "not" in condition:
        return not _holds(condition["not"], resource)
    name = next(each for each in condition if each != "field")
    values = _values(str(condition["field"]), resource)
    return all(_TESTS[name](value, condition[name]) for value in values)


def _values(name: str, resource: Mapping[str, Any]) -> list[Any]:
    """Returns the values of a field: one, or those of an array if the field has ``[*]``."""
    tag = _TAG.fullmatch(name)
    if tag is not None:
        wanted = (tag[1] or tag[2] or tag[3]).replace("''", "'").lower()
        tags = resource.get("tags") or {}
        return [next((value for key, value in tags.items() if key.lower() == wanted), None)]
    kind = f"{resource['type']}/"
    if name.lower().startswith(kind.lower()):
        values: list[Any] = [resource.get("properties")]
        for part in name[len(kind) :].split("."):
            values = [_member(value, part.removesuffix("[*]")) for value in values]
            if part.endswith("[*]"):
                values = [item for value in values if isinstance(value, list) for item in value]
        return values
    return [_member(resource, name)]


def _member(value: Any, name: str) -> Any:
    if not isinstance(value, dict):
        return None
    found = next((each for key, each in value.items() if key.lower() == name.lower()), None)
    if found is None and isinstance(value.get("properties"), dict) and "containers" not in value["properties"]:
        # Aliases leave out the "properties" inside a container.
        return _member(value["properties"], name)
    return found


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value).lower()


def _equals(value: Any, wanted: Any) -> bool:
    return value is not None and _text(value) == _text(wanted)


def _among(value: Any, wanted: Any) -> bool:
    return any(_equals(value, each) for each in wanted if isinstance(wanted, list))


def _like(value: Any, wanted: Any) -> bool:
    return value is not None and fnmatch.fnmatchcase(_text(value), _text(wanted))


def _contains(value: Any, wanted: Any) -> bool:
    return _text(wanted) in _text(value)


def _exists(value: Any, wanted: Any) -> bool:
    return (value is not None) == (_text(wanted) == "true")


def _greater(value: Any, wanted: Any) -> bool:
    numbers = isinstance(value, int | float) and isinstance(wanted, int | float)
    return bool(numbers and value > wanted)


def _less(value: Any, wanted: Any) -> bool:
    numbers = isinstance(value, int | float) and isinstance(wanted, int | float)
    return bool(numbers and value < wanted)


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": _equals,
    "notEquals": lambda value, wanted: not _equals(value, wanted),
    "in": _among,
    "notIn": lambda value, wanted: not _among(value, wanted),
    "like": _like,
    "notLike": lambda value, wanted: not _like(value, wanted),
    "contains": _contains,
    "notContains": lambda value, wanted: not _contains(value, wanted),
    "exists": _exists,
    "greater": _greater,
    "less": _less,
}


def _change(resource: dict[str, Any], detail: Mapping[str, Any], group: Mapping[str, Any] | None) -> None:
    tag = _TAG.fullmatch(str(detail["field"]))
    if tag is None:
        return
    wanted = (tag[1] or tag[2] or tag[3]).replace("''", "'")
    tags = resource.get("tags")
    tags = resource["tags"] = dict(tags) if isinstance(tags, dict) else {}
    present = next((key for key in tags if key.lower() == wanted.lower()), None)
    operation = str(detail.get("operation", "add")).lower()
    if operation == "remove":
        if present is not None:
            del tags[present]
        return
    if present is not None and operation == "add":
        return
    value = _value(str(detail.get("value", "")), group)
    if value is not None:
        tags[present or wanted] = value


def _value(text: str, group: Mapping[str, Any] | None) -> str | None:
    match = _GROUP.fullmatch(text)
    if match is None:
        return text
    name = match[1] or match[2]
    if group is None:
        return None
    if name is None:
        return str(group["location"])
    tags = group.get("tags") or {}
    return next((str(value) for key, value in tags.items() if key.lower() == name.lower()), None)


def _denial(resource: Mapping[str, Any], violated: list[Policy]) -> ArmError:
    subscription = str(resource["id"]).split("/")[2]
    references = [policy.reference(subscription) for policy in violated]
    identifiers = [
        {
            "policyAssignment": {"name": policy.name, "id": reference["policyAssignmentId"]},
            "policyDefinition": {"name": policy.name, "id": reference["policyDefinitionId"]},
        }
        for policy, reference in zip(violated, references)
    ]
    return ArmError(
        403,
        "RequestDisallowedByPolicy",
        f"Resource '{resource['name']}' was disallowed by policy. Policy identifiers: "
        f"'{json.dumps(identifiers, separators=(',', ':'))}'.",
        target=str(resource["name"]),
        additional_info=[
            {
                "type": "PolicyViolation",
                "info": {
                    "policyDefinitionDisplayName": policy.name,
                    "policyDefinitionId": reference["policyDefinitionId"],
                    "policyDefinitionName": policy.name,
                    "policyDefinitionEffect": "deny",
                    "policyAssignmentId": reference["policyAssignmentId"],
                    "policyAssignmentName": policy.name,
                    "policyAssignmentDisplayName": policy.name,
                    "policyAssignmentScope": policy.scope or f"/subscriptions/{subscription}",
                },
            }
            for policy, reference in zip(violated, references)
        ],
        gateway=True,
    )
