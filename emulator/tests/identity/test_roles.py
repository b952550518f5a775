# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Roles: the actions that a request requires, on its resource and on those that it refers to."""

from __future__ import annotations

from typing import Any

import pytest

from aci_emulator.arm.paths import literals_of, parse, split
from aci_emulator.identity.authorization import IDENTITY_ASSIGN, PROFILE_READ, SUBNET_JOIN, action_of
from aci_emulator.identity.directory import Directory, Role

GROUPS = "Microsoft.ContainerInstance/containerGroups"
RESOURCE_GROUPS = "Microsoft.Resources/subscriptions/resourceGroups"
NETWORK = "providers/Microsoft.Network/virtualNetworks/net"
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
DEFINITION: dict[str, Any] = {
    "location": "westus2",
    "properties": {
        "osType": "Linux",
        "containers": [
            {
                "name": "web",
                "properties": {
                    "image": "mcr.microsoft.com/azuredocs/aci-helloworld",
                    "resources": {"requests": {"cpu": 1, "memoryInGB": 1}},
                },
            }
        ],
    },
}


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("GET", "/resourceGroups", f"{RESOURCE_GROUPS}/read"),
        ("PATCH", "/resourceGroups/rg", f"{RESOURCE_GROUPS}/write"),
        ("GET", "/resourceGroups/rg/resources", f"{RESOURCE_GROUPS}/resources/read"),
        ("GET", "/operationresults/abc", "Microsoft.Resources/subscriptions/operationresults/read"),
        ("GET", "/resources", "Microsoft.Resources/subscriptions/resources/read"),
        ("GET", "/providers/Microsoft.ContainerInstance", "Microsoft.Resources/subscriptions/providers/read"),
        ("POST", "/providers/Microsoft.ContainerInstance/register", "Microsoft.ContainerInstance/register/action"),
        ("GET", f"/providers/{GROUPS}", f"{GROUPS}/read"),
        ("DELETE", f"/resourceGroups/rg/providers/{GROUPS}/g", f"{GROUPS}/delete"),
        ("POST", f"/resourceGroups/rg/providers/{GROUPS}/g/start", f"{GROUPS}/start/action"),
        ("GET", f"/resourceGroups/rg/providers/{GROUPS}/g/containers/c/logs", f"{GROUPS}/containers/logs/read"),
        ("POST", f"/resourceGroups/rg/providers/{GROUPS}/g/containers/c/exec", f"{GROUPS}/containers/exec/action"),
        (
            "DELETE",
            f"/resourceGroups/rg/{NETWORK}/subnets/s/providers/Microsoft.ContainerInstance/serviceAssociationLinks/default",
            "Microsoft.ContainerInstance/serviceAssociationLinks/delete",
        ),
    ],
)
def test_what_a_request_needs(method: str, path: str, action: str) -> None:
    literals = literals_of(["/subscriptions/x/providers"])
    assert action_of(method, parse(split(f"/subscriptions/s{path}".encode()), literals)) == action


def test_patterns() -> None:
    role = Role("r", [f"{GROUPS}/*", "*/read"], [f"{GROUPS}/containers/*", "Microsoft.Network/*"])
    assert role.allows(f"{GROUPS}/WRITE")
    assert role.allows(f"{GROUPS.lower()}/start/action")
    assert role.allows("Microsoft.Resources/subscriptions/resources/read")
    assert not role.allows(f"{GROUPS}/containers/logs/read")
    assert not role.allows("Microsoft.Network/virtualNetworks/read")
    assert not role.allows(f"{RESOURCE_GROUPS}/write")
    assert not Role("r", []).allows("x/read")


def test_both_forms_of_a_definition() -> None:
    flat = {"Name": "r", "IsCustom": True, "Actions": ["a"], "NotActions": [], "AssignableScopes": ["/"]}
    nested = {"properties": {"roleName": "r", "permissions": [{"actions": ["a"], "notActions": []}]}}
    assert Role.of_definition(flat) == Role.of_definition(nested) == Role("r", ["a"])


@pytest.mark.parametrize(
    "document", [[], {}, {"Name": "r"}, {"Name": "", "Actions": []}, {"Name": "r", "Actions": "a"}]
)
def test_what_is_no_definition(document: Any) -> None:
    with pytest.raises(ValueError, match="role definition"):
        Role.of_definition(document)


def headers(api: Any, *actions: str) -> dict[str, str]:
    """An application with only these actions."""
    return {"Authorization": api.token(api.directory.give_role("deployer", Role("deployer", [*actions])))}


def test_a_role_is_kept_replaced_and_given_to_no_application_of_the_emulator(api: Any) -> None:
    headers(api, "a")
    first = api.directory.give_role("deployer", Role("deployer", ["b"]))
    api.directory.save()
    again = Directory.load(api.directory.path.parent)
    assert again.roles == [Role("deployer", ["b"])]
    assert again.principal(first.tenant_id, first.client_id) == first
    for name, role in (("emulator-owner", Role("r", [])), ("deployer", Role("Owner", []))):
        with pytest.raises(ValueError, match=r"built.in"):
            api.directory.give_role(name, role)


def test_one_action_and_not_another(api: Any) -> None:
    api.group()
    path = f"resourceGroups/rg/providers/{GROUPS}/g"
    allowed = headers(api, f"{GROUPS}/write")
    made = api.call("PUT", path, DEFINITION, version="2023-05-01", headers=allowed)
    assert made.status_code == 201
    refused = api.call("GET", path, version="2023-05-01", headers=allowed)
    assert refused.status_code == 403
    assert f"perform action '{GROUPS}/read' over scope" in refused.json()["error"]["message"]
    listed = api.client.get("/emulator/actions", params={"principal": "deployer"}).json()["value"]
    assert listed == [f"{GROUPS}/write"]
    everybody = api.client.get("/emulator/actions").json()["value"]
    assert everybody == [f"{RESOURCE_GROUPS}/write", f"{GROUPS}/write"]


def linked(api: Any, action: str) -> dict[str, Any]:
    subscription = f"/subscriptions/{api.subscription}/resourceGroups/rg"
    if action == SUBNET_JOIN:
        more = {
            "properties": {**DEFINITION["properties"], "subnetIds": [{"id": f"{subscription}/{NETWORK}/subnets/s"}]}
        }
    elif action == PROFILE_READ:
        reference = {
            "id": f"{subscription}/providers/Microsoft.ContainerInstance/containerGroupProfiles/p",
            "revision": 1,
        }
        more = {"properties": {"containerGroupProfile": reference}}
    else:
        identity = f"{subscription}/providers/{IDENTITY}/puller"
        more = {"identity": {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}}}
    return {**DEFINITION, **more}


@pytest.mark.parametrize("action", [SUBNET_JOIN, IDENTITY_ASSIGN, PROFILE_READ])
def test_what_a_group_refers_to(api: Any, action: str) -> None:
    api.group()
    path = f"resourceGroups/rg/providers/{GROUPS}/g"
    body = linked(api, action)
    refused = api.call("PUT", path, body, version="2025-09-01", headers=headers(api, f"{GROUPS}/write"))
    error = refused.json()["error"]
    assert (refused.status_code, error["code"]) == (403, "LinkedAuthorizationFailed")
    assert f"does not have permission to perform action(s) '{action}' on the linked scope(s) '/subs" in error["message"]
    passed = api.call("PUT", path, body, version="2025-09-01", headers=headers(api, f"{GROUPS}/write", action))
    assert passed.status_code != 403


@pytest.mark.parametrize(
    "broken", [{"properties": {"subnetIds": [1, {}]}}, {"identity": {"userAssignedIdentities": 1}}]
)
def test_malformed_references_are_the_providers_to_refuse(api: Any, broken: dict[str, Any]) -> None:
    api.group()
    path = f"resourceGroups/rg/providers/{GROUPS}/g"
    refused = api.call("PUT", path, {**DEFINITION, **broken}, version="2023-05-01")
    assert refused.status_code == 400
