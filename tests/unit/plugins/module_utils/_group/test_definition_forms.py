# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The forms of a group's definition, which all yield the same group; and unknown names."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group import definition_forms as forms
from ansible_collections.azure_containers.aci.plugins.module_utils._group.definition import (
    Definition,
    checked_definition,
)

IDENTITY = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/me"


def plain_group() -> dict[str, Any]:
    """The group that all forms represent."""
    return {
        "location": "westeurope",
        "tags": {"owner": "shop"},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
        "properties": {
            "osType": "Linux",
            "sku": "Standard",
            "containers": [
                {
                    "name": "web",
                    "properties": {
                        "image": "example.com/web:1",
                        "command": ["serve", "8080", "true"],
                        "environmentVariables": [{"name": "PORT", "value": "8080"}, {"name": "ON", "value": "true"}],
                        "resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.5}},
                        "ports": [{"port": 80}],
                        "volumeMounts": [{"name": "scratch", "mountPath": "/data", "readOnly": True}],
                        "securityContext": {"privileged": False},
                    },
                }
            ],
            "volumes": [{"name": "scratch", "emptyDir": {}}],
            "subnetIds": [{"id": "/subnet"}],
        },
    }


def checked(given: Any) -> Definition:
    before = copy.deepcopy(given)
    found = checked_definition(given, "web")
    assert given == before
    return found


def web(group: dict[str, Any]) -> Any:
    return group["properties"]["containers"][0]["properties"]


def loose() -> dict[str, Any]:
    group = plain_group()
    web(group)["command"] = ["serve", 8080, True]
    web(group)["environmentVariables"] = [{"name": "PORT", "value": 8080}, {"name": "ON", "value": True}]
    return group


def quoted() -> dict[str, Any]:
    group = plain_group()
    web(group)["resources"]["requests"] = {"cpu": "1", "memoryInGB": "1.5"}
    web(group)["ports"] = [{"port": "80"}]
    web(group)["volumeMounts"][0]["readOnly"] = "True"
    web(group)["securityContext"]["privileged"] = "false"
    return group


def flat() -> dict[str, Any]:
    """As `az container show -o json` prints it."""
    group = plain_group()
    properties = group.pop("properties")
    properties["containers"] = [
        {**each["properties"], "name": each["name"], "livenessProbe": None, "instanceView": {"restartCount": 0}}
        for each in properties["containers"]
    ]
    properties["volumes"] = [{"name": "scratch", "emptyDir": {}, "azureFile": None, "gitRepo": None, "secret": None}]
    properties["subnetIds"] = [{"id": "/subnet", "name": None, "resourceGroup": "rg"}]
    return {
        **group,
        **properties,
        "identity": {
            **group["identity"],
            "principalId": None,
            "tenantId": None,
            "userAssignedIdentities": {IDENTITY: {"clientId": "c", "principalId": "p"}},
        },
        "extensions": None,
        "initContainers": None,
        "id": "/x",
        "resourceGroup": "rg",
        "provisioningState": "Succeeded",
        "instanceView": {"state": "Running"},
        "type": "Microsoft.ContainerInstance/containerGroups",
        "zones": None,
    }


def exported_by_az() -> dict[str, Any]:
    group = plain_group()
    group["identity"]["user_assigned_identities"] = group["identity"].pop("userAssignedIdentities")
    return {**group, "additional_properties": {}, "extended_location": None, "apiVersion": "2024-05-01-preview"}


def generic() -> dict[str, Any]:
    nothing = dict.fromkeys(
        ("extendedLocation", "kind", "managedBy", "plan", "sku", "changedTime", "createdTime", "provisioningState")
    )
    group = {**plain_group(), **nothing, "id": "/x", "resourceGroup": "rg", "systemData": {"a": "b"}, "etag": None}
    group["properties"] |= {"provisioningState": "Succeeded", "instanceView": {}, "isCustomProvisioningTimeout": False}
    web(group)["instanceView"] = {"restartCount": 0}
    return group


def in_other_case() -> dict[str, Any]:
    group = plain_group()
    group["Properties"] = {"OSTYPE" if key == "osType" else key: item for key, item in group.pop("properties").items()}
    return {"API_VERSION": "2021-10-01", **group}


def with_nulls() -> dict[str, Any]:
    group = plain_group()
    group["identity"]["userAssignedIdentities"] = {IDENTITY: None}
    group["properties"]["volumes"] = [{"name": "scratch", "emptyDir": None}]
    web(group)["livenessProbe"] = None
    return group


def of_a_template() -> dict[str, Any]:
    return {**plain_group(), "api-version": "2021-10-01", "dependsOn": [], "comments": "web", "condition": True}


@pytest.mark.parametrize(
    "form",
    [plain_group, loose, quoted, flat, exported_by_az, generic, in_other_case, with_nulls, of_a_template],
)
def test_every_form_is_the_same_group(form: Any) -> None:
    found = checked(form())
    assert found.wire == plain_group()
    assert found.unknown == ()


@pytest.mark.parametrize(
    ("value", "text"), [(8080, "8080"), (True, "true"), (False, "false"), (1.5, "1.5"), ("yes", "yes"), ("", "")]
)
def test_text_without_quotes_is_what_it_is_in_json(value: Any, text: str) -> None:
    assert forms.text_of(value, "x") == text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ports", [{"port": True}]),
        ("ports", [{"port": 80.5}]),
        ("ports", [{"port": ""}]),
        ("resources", {"requests": {"cpu": True}}),
        ("securityContext", {"privileged": "yes"}),
        ("securityContext", {"privileged": 2}),
    ],
)
def test_values_of_another_type(name: str, value: Any) -> None:
    group = plain_group()
    web(group)[name] = value
    with pytest.raises(InvalidArguments, match=rf"definition\.properties\.containers\[0\]\.properties\.{name}"):
        checked(group)


@pytest.mark.parametrize("number", ["80", 80.0, " 80 ", "+80"])
def test_whole_numbers(number: Any) -> None:
    group = plain_group()
    web(group)["ports"] = [{"port": number}]
    assert web(checked(group).wire)["ports"] == [{"port": 80}]


@pytest.mark.parametrize(
    ("volume", "found"),
    [
        ({"name": "v", "secret": None}, {"name": "v", "secret": {}}),
        ({"name": "v", "secret": {}}, {"name": "v", "secret": {}}),
        ({"name": "v", "secret": {"a": None}}, {"name": "v", "secret": {}}),
        ({"name": "v", "azureFile": None, "emptyDir": None, "secret": None}, {"name": "v", "secret": {}}),
        ({"name": "v", "emptyDir": None}, {"name": "v", "emptyDir": {}}),
        ({"name": "v", "azureFile": None}, {"name": "v"}),
        ({"name": "v", "secret": None, "secretReference": {"a": "b"}}, {"name": "v", "secretReference": {"a": "b"}}),
        ({"name": "v"}, {"name": "v"}),
    ],
)
def test_the_kind_of_a_volume_whose_value_is_null(volume: dict[str, Any], found: dict[str, Any]) -> None:
    group = plain_group()
    group["properties"]["volumes"] = [volume]
    assert checked(group).wire["properties"]["volumes"] == [found]


@pytest.mark.parametrize(
    ("place", "name", "says"),
    [
        ("top", "locaton", "definition.locaton is not a property .* did you mean location?"),
        ("top", "extendedLocation", "definition.extendedLocation is not"),
        ("top", "additional_properties", "definition.additional_properties is not"),
        ("properties", "restartPolcy", "definition.properties.restartPolcy .* did you mean restartPolicy?"),
        ("properties", "restart_policy", "definition.properties.restart_policy .* did you mean restartPolicy?"),
        (
            "container",
            "enviromentVariables",
            r"containers\[0\].properties.enviromentVariables .* environmentVariables?",
        ),
        ("container", "somethingElse", r"containers\[0\].properties.somethingElse is not .* ignored\. Use"),
        ("container", "planted secret=1", r"A name in definition.properties.containers\[0\].properties is not"),
        ("resources", "request", r"containers\[0\].properties.resources.request .* did you mean requests?"),
        ("mount", "mountpaths", r"volumeMounts\[0\].mountpaths .* did you mean mountPath?"),
        ("volume", "properties", r"volumes\[0\].properties is not"),
        ("identity", "clientId", "definition.identity.clientId is not"),
    ],
)
def test_names_that_no_version_knows(place: str, name: str, says: str) -> None:
    group = plain_group()
    places = {
        "top": group,
        "properties": group["properties"],
        "container": web(group),
        "resources": web(group)["resources"],
        "mount": web(group)["volumeMounts"][0],
        "volume": group["properties"]["volumes"][0],
        "identity": group["identity"],
    }
    places[place][name] = {"planted": "planted"}
    found = checked(group)
    assert found.wire == plain_group()
    (sentence,) = found.unknown
    assert "planted" not in sentence
    assert re.search(says.replace("?", r"\?"), sentence)


def test_names_that_people_choose_are_not_looked_at() -> None:
    group = plain_group()
    group["tags"]["restartPolcy"] = "x"
    group["properties"] |= {
        "diagnostics": {"logAnalytics": {"workspaceId": "w", "workspaceKey": "k", "metadata": {"any": "x"}}},
        "extensions": [{"name": "e", "properties": {"extensionType": "t", "version": "1", "settings": {"any": 1}}}],
        "networkProfile": {"id": "/p"},
        "orchestratorId": "/o",
    }
    web(group)["configMap"] = {"keyValuePairs": {"any": "x"}}
    found = checked(group)
    assert found.unknown == ()
    assert found.wire == group
