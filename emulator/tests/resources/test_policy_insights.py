# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks in advance: policies, locks, permissions."""

from __future__ import annotations

from typing import Any

import pytest

from aci_emulator.identity.directory import Role

VERSION = "2023-03-01"
ASK = "resourceGroups/rg/providers/Microsoft.PolicyInsights/checkPolicyRestrictions"
GROUP = "Microsoft.ContainerInstance/containerGroups"
PUBLIC = {"field": f"{GROUP}/ipAddress.type", "equals": "Public"}


def policy(name: str, condition: dict[str, Any], effect: str = "deny", **then: Any) -> dict[str, Any]:
    return {"name": name, "policyRule": {"if": condition, "then": {"effect": effect, **then}}}


def content(**more: Any) -> dict[str, Any]:
    resource = {"type": GROUP, "name": "web", "location": "westus2", "properties": {"ipAddress": {"type": "Public"}}}
    return {"resourceDetails": {"resourceContent": {**resource, **more}, "apiVersion": "2025-09-01"}}


def ask(api: Any, body: dict[str, Any], path: str = ASK) -> Any:
    return api.call("POST", path, body, version=VERSION)


def test_policies_that_would_deny_are_named(api: Any) -> None:
    api.group()
    api.emulator.policies.replace([policy("no-public", PUBLIC), policy("watched", PUBLIC, "audit")])
    answer = ask(api, content()).json()
    base = f"/subscriptions/{api.subscription}/providers/Microsoft.Authorization"
    assert answer["contentEvaluationResult"]["policyEvaluations"] == [
        {
            "policyInfo": {
                "policyDefinitionId": f"{base}/policyDefinitions/no-public",
                "policyAssignmentId": f"{base}/policyAssignments/no-public",
            },
            "evaluationResult": "NonCompliant",
            "evaluationDetails": {"evaluatedExpressions": []},
            "effectDetails": {"policyEffect": "Deny"},
        }
    ]
    audited = ask(api, {**content(), "includeAuditEffect": True}).json()["contentEvaluationResult"]
    assert [each["effectDetails"]["policyEffect"] for each in audited["policyEvaluations"]] == ["Deny", "Audit"]
    private = content(properties={"ipAddress": {"type": "Private"}})
    assert ask(api, private).json() == {
        "fieldRestrictions": [],
        "contentEvaluationResult": {"policyEvaluations": []},
    }


def test_what_it_says_is_what_a_put_does(api: Any) -> None:
    api.group(tags={"owner": "team"})
    tagged = policy("owned", {"field": "tags['owner']", "exists": False})
    added = {"operations": [{"operation": "add", "field": "tags['owner']", "value": "[resourceGroup().tags['owner']]"}]}
    api.emulator.policies.replace([tagged])
    assert len(ask(api, content()).json()["contentEvaluationResult"]["policyEvaluations"]) == 1
    # A tag that another policy adds exists before policies deny.
    inherited = policy("inherited", {"field": "type", "equals": GROUP}, "modify", details=added)
    api.emulator.policies.replace([tagged, inherited])
    assert ask(api, content()).json()["contentEvaluationResult"]["policyEvaluations"] == []


def test_a_policy_of_another_resource_group_does_not_count(api: Any) -> None:
    api.group()
    scope = f"/subscriptions/{api.subscription}/resourceGroups/other"
    api.emulator.policies.replace([{**policy("no-public", PUBLIC), "scope": scope}])
    assert ask(api, content()).json()["contentEvaluationResult"]["policyEvaluations"] == []


def test_pending_values_of_a_field(api: Any) -> None:
    api.group()
    api.emulator.policies.replace([policy("regions", {"field": "location", "notIn": ["westus2", "eastus"]})])
    pending = [{"field": "location", "values": ["westus2", "westeurope"]}, {"field": "tags"}]
    body = {**content(), "pendingFields": pending}
    (found,) = ask(api, body).json()["fieldRestrictions"]
    assert found["field"] == "location"
    assert (found["restrictions"][0]["result"], found["restrictions"][0]["values"]) == ("Deny", ["westeurope"])


def test_the_subscription_can_be_asked_as_well(api: Any) -> None:
    api.emulator.policies.replace([policy("no-public", PUBLIC)])
    answer = ask(api, content(), "providers/Microsoft.PolicyInsights/checkPolicyRestrictions").json()
    assert len(answer["contentEvaluationResult"]["policyEvaluations"]) == 1


@pytest.mark.parametrize("body", [{}, {"resourceDetails": []}, {"resourceDetails": {"resourceContent": {"name": "x"}}}])
def test_a_request_without_a_resource(api: Any, body: dict[str, Any]) -> None:
    api.group()
    answer = ask(api, body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidCheckRestrictionsRequest")


def test_a_reader_may_ask(api: Any) -> None:
    api.group()
    reader = next(each for each in api.directory.principals if each.name == "emulator-reader")
    headers = {"Authorization": api.token(reader)}
    assert api.call("POST", ASK, content(), version=VERSION, headers=headers).status_code == 200
    own = "resourceGroups/rg/providers/Microsoft.Authorization/permissions"
    assert api.call("GET", own, version="2022-04-01", headers=headers).json()["value"][0]["actions"] == ["*/read"]
    assert api.call("GET", own, version="2022-04-01").json() == {
        "value": [{"actions": ["*"], "notActions": [], "dataActions": [], "notDataActions": []}]
    }
    role = Role(
        "Watcher", ["Microsoft.ContainerInstance/*/read", "Microsoft.Authorization/permissions/read"], ["x/read"]
    )
    headers = {"Authorization": api.token(api.directory.give_role("watcher", role))}
    (mine,) = api.call("GET", own, version="2022-04-01", headers=headers).json()["value"]
    assert (mine["actions"], mine["notActions"]) == (role.actions, role.not_actions)
    at_resource = f"resourceGroups/rg/providers/{GROUP}/web/providers/Microsoft.Authorization/permissions"
    assert api.call("GET", at_resource, version="2022-04-01").status_code == 200


def test_locks_above_are_listed_and_below_only_without_a_filter(api: Any) -> None:
    api.group()
    locks = "providers/Microsoft.Authorization/locks"
    resource = f"resourceGroups/rg/providers/{GROUP}/web"
    for scope in ("", "resourceGroups/rg/", f"{resource}/"):
        body = {"properties": {"level": "ReadOnly"}}
        assert api.call("PUT", f"{scope}{locks}/l", body, version="2020-05-01").status_code == 201

    def listed(scope: str, wanted: str | None = None) -> int:
        query = None if wanted is None else {"$filter": wanted}
        answer = api.call("GET", f"{scope}{locks}", version="2020-05-01", query=query)
        return len(answer.json()["value"]) if answer.status_code == 200 else answer.status_code

    assert [listed(f"{resource}/"), listed("resourceGroups/rg/"), listed("")] == [3, 3, 3]
    scopes = (f"{resource}/", "resourceGroups/rg/", "")
    assert [listed(scope, "atScope()") for scope in scopes] == [3, 2, 1]
    assert listed("", "level eq 'ReadOnly'") == 400
