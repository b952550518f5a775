# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The returned groups: with the names of the options, and without secrets."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common import telling_names
from ansible_collections.azure_containers.aci.plugins.module_utils._common.masking import MASK
from ansible_collections.azure_containers.aci.plugins.module_utils._group import facts
from ansible_collections.azure_containers.aci.plugins.module_utils._group.facts import snake_cased
from ansible_collections.azure_containers.aci.plugins.module_utils._group.names import FINGERPRINT_TAG
from ansible_collections.azure_containers.aci.plugins.module_utils._group.schema import Kind, Property, walk


@pytest.mark.parametrize(
    ("wire", "option"),
    [
        ("memoryInGB", "memory_in_gb"),
        ("dnsNameLabel", "dns_name_label"),
        ("name", "name"),
        ("", ""),
        ("isCreatedFromStandbyPool", "is_created_from_standby_pool"),
        ("secretReferenceUri", "secret_reference_uri"),
    ],
)
def test_names(wire: str, option: str) -> None:
    assert facts.snake_case(wire) == option


@pytest.mark.parametrize(
    ("wire", "found"),
    [
        ({"password": "p", "storageAccountKey": "p", "workspaceKey": "p", "protectedSettings": {"a": "p"}}, {}),
        ({"secret": {"file": "p"}}, {"secret": {}}),
        ({"clientSecret": "p"}, {"client_secret": MASK}),
        ({"clientSecret": None}, {"client_secret": None}),
        ({"keyValuePairs": {"camelCase": "1"}}, {"key_value_pairs": {"camelCase": "1"}}),
        ({"properties": {"osType": "Linux"}}, {"os_type": "Linux"}),
        (
            {"userAssignedIdentities": {"/Sub/X": {"principalId": "1"}}},
            {"user_assigned_identities": {"/Sub/X": {"principal_id": "1"}}},
        ),
        ([{"aB": [{"cD": 1}]}, None, 1.5], [{"a_b": [{"c_d": 1}]}, None, 1.5]),
    ],
)
def test_values(wire: Any, found: Any) -> None:
    assert facts.snake_cased(wire) == found


@pytest.mark.parametrize(
    ("resource_id", "name"),
    [
        ("/subscriptions/s/resourceGroups/Shop/providers/x", "Shop"),
        ("/SUBSCRIPTIONS/s/RESOURCEGROUPS/shop/x", "shop"),
        ("/subscriptions/s/resourceGroups/shop", None),  # the resource group itself is not inside one
        ("", None),
        (None, None),
    ],
)
def test_the_resource_group_of_an_id(resource_id: str | None, name: str | None) -> None:
    assert facts.resource_group_of(resource_id) == name


def test_the_fingerprint_of_secrets_is_no_tag_of_the_user() -> None:
    assert facts.group_facts({"tags": {FINGERPRINT_TAG: "v1:x:y", "a": "1"}})["tags"] == {"a": "1"}


def test_what_a_list_does_not_tell() -> None:
    found = facts.group_facts({"name": "web", "properties": {}})
    assert found["state"] is None
    assert found["provisioning_state"] is None
    assert found["restart_policy"] == "Always"
    assert (found["events"], found["containers"], found["init_containers"]) == ([], [], [])


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        ({}, ("", None, {}, None)),
        (
            {"id": "/subscriptions/s-1/resourceGroups/g", "tags": None},
            ("/subscriptions/s-1/resourceGroups/g", "s-1", {}, None),
        ),
        (
            {"id": "/subscriptions", "properties": {"provisioningState": "Succeeded"}},
            ("/subscriptions", None, {}, "Succeeded"),
        ),
    ],
)
def test_a_resource_group(wire: dict[str, Any], expected: tuple[Any, ...]) -> None:
    found = facts.resource_group_facts(wire)
    assert (found["id"], found["subscription_id"], found["tags"], found["provisioning_state"]) == expected


def test_facts_are_in_snake_case_without_secrets() -> None:
    wire = {
        "id": "/subscriptions/s-1/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/g",
        "name": "g",
        "tags": {"CamelCase": "x"},
        "properties": {
            "provisioningState": "Succeeded",
            "containers": [
                {
                    "name": "c",
                    "properties": {
                        "environmentVariables": [{"name": "A", "secureValue": "canary"}],
                        "resources": {"requests": {"memoryInGB": 1.5}},
                        "instanceView": {"currentState": {"exitCode": 0}},
                    },
                }
            ],
            "volumes": [{"name": "v", "secret": {"f": "canary"}}],
            "ipAddress": {"ip": "1.2.3.4", "fqdn": "x.y", "dnsNameLabel": "x"},
            "instanceView": {"state": "Running", "events": []},
        },
    }
    found = facts.group_facts(wire)
    assert "canary" not in str(found)
    assert (found["resource_group"], found["subscription_id"]) == ("rg", "s-1")
    assert (found["state"], found["provisioning_state"]) == ("Running", "Succeeded")
    assert (found["ip"], found["fqdn"]) == ("1.2.3.4", "x.y")
    assert found["ip_address"]["dns_name_label"] == "x"
    assert found["tags"] == {"CamelCase": "x"}
    assert found["containers"][0]["resources"]["requests"]["memory_in_gb"] == 1.5
    assert found["containers"][0]["instance_view"]["current_state"]["exit_code"] == 0
    assert found["volumes"] == [{"name": "v", "secret": {}}]


@pytest.mark.parametrize("wire", [{}, {"properties": None}, {"properties": {"ipAddress": None}}, {"id": None}])
def test_facts_of_strange_answers(wire: dict[str, Any]) -> None:
    found = facts.group_facts(wire)
    assert found["ip"] is None
    assert found["containers"] == []


LEAVES = [(path, prop) for path, prop in walk() if not prop.children]
FREE = [(path, prop) for path, prop in LEAVES if prop.kind in (Kind.MAP, Kind.FREE) and not prop.secret]


def last_name(prop: Property) -> str:
    return prop.wire.rpartition(".")[2]


def value_of(prop: Property) -> Any:
    return {"camelCase": "planted"} if prop.kind in (Kind.MAP, Kind.FREE) else "planted"


@pytest.mark.parametrize(("path", "prop"), [(path, prop) for path, prop in LEAVES if prop.secret])
def test_a_secret_of_the_table_is_in_no_facts(path: str, prop: Property) -> None:
    facts = snake_cased({last_name(prop): value_of(prop), "image": "web"})
    assert facts["image"] == "web"
    assert facts.get(path.rpartition(".")[2], {}) == {}  # an empty map shows that it exists


@pytest.mark.parametrize(("path", "prop"), FREE)
def test_keys_that_users_choose_stay_as_they_are(path: str, prop: Property) -> None:
    assert snake_cased({last_name(prop): {"camelCase": "kept"}}) == {path.rpartition(".")[2]: {"camelCase": "kept"}}


def test_masking_knows_the_same_free_maps() -> None:
    """It is not in the table, so it has its own list."""
    assert {telling_names.plain_name(last_name(prop)) for _path, prop in FREE} | {"tags"} == telling_names.FREE_MAPS
