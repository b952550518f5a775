# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Complete definitions: which are accepted and refused, and the form of an exported group."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group import definition as definitions
from ansible_collections.azure_containers.aci.plugins.module_utils._group.schema import GROUP


def definition(**more: Any) -> dict[str, Any]:
    containers = [{"name": "web", "properties": {"image": "nginx:1"}}]
    return {"location": "westeurope", "properties": {"osType": "Linux", "containers": containers}, **more}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (None, "a dictionary with properties"),
        ([], "a dictionary with properties"),
        ({"location": "westeurope"}, "a dictionary with properties"),
        ({"properties": []}, "a dictionary with properties"),
        (definition(name="other"), "definition.name must be that of the task, web"),
        (definition(type="Microsoft.Web/sites"), "definition.type must be"),
        (definition(os_type="Linux"), "os_type is not allowed there"),
        (definition(planted=1, restart_policy="Never"), "restart_policy is not allowed there"),
        (definition(containers=[]), "containers is not allowed there"),
        (definition(sku="Confidential"), "sku is not allowed there"),
        ({"os_type": "Linux", "containers": [{"name": "planted", "image": "x"}]}, "os_type is not allowed there"),
        (
            {"containers": [{"name": "web", "image": "x", "environment_variables": [{"name": "planted"}]}]},
            "environment_variables is not allowed there",
        ),
        ({"properties": {"containers": {}}}, "properties.containers must be a list"),
        ({"properties": {"containers": ["x"]}}, r"properties.containers\[0\] must be a dictionary"),
        ({"properties": {"osType": ["Linux"]}}, "properties.osType must be a single value"),
        ({"properties": {"ipAddress": "x"}}, "properties.ipAddress must be a dictionary"),
        (
            {"properties": {"containers": [{"properties": {"environmentVariables": [{"name": "A", "value": []}]}}]}},
            "value must be a single value",
        ),
        (
            {"properties": {"containers": [{"properties": {"securityContext": {"privileged": "planted"}}}]}},
            "privileged must be true or false",
        ),
        (
            {"properties": {"containers": [{"properties": {"command": [["planted"]]}}]}},
            r"command\[0\] must be a string",
        ),
        (definition(tags=["planted"]), "definition.tags must be a dictionary"),
        (definition(tags={"a": ["planted"]}), r"definition.tags\[a\] must be a string"),
        (
            {"properties": {"containers": [{"properties": {"ports": [{"port": "http"}]}}]}},
            "port must be a whole number",
        ),
        (
            {"properties": {"containers": [{"properties": {"resources": {"requests": {"cpu": float("nan")}}}}]}},
            "cpu",
        ),
    ],
)
def test_what_is_refused(given: Any, says: str) -> None:
    with pytest.raises(InvalidArguments, match=says) as caught:
        definitions.checked_definition(given, "web")
    assert "planted" not in caught.value.msg


def test_names_are_taken_in_any_case() -> None:
    given = {"Location": "westeurope", "PROPERTIES": {"ostype": "Linux", "Containers": [{"Name": "web"}]}}
    assert definitions.checked_definition(given, "web").wire == {
        "location": "westeurope",
        "properties": {"osType": "Linux", "containers": [{"name": "web"}]},
    }


def test_null_means_that_it_is_not_there() -> None:
    given = definition(tags=None, identity={"type": "None", "userAssignedIdentities": None})
    checked = definitions.checked_definition(given, "web").wire
    assert "tags" not in checked
    assert checked["identity"] == {"type": "None"}


def test_what_the_service_alone_writes_is_dropped_and_the_rest_is_not_touched() -> None:
    given = definition(id="/x", name="web", type="microsoft.containerinstance/CONTAINERGROUPS", systemData={})
    given["properties"]["provisioningState"] = "Succeeded"
    before = copy.deepcopy(given)
    assert definitions.checked_definition(given, "web").wire == definition()
    assert given == before


def test_numbers_as_text_become_numbers() -> None:
    given = definition()
    given["properties"]["containers"][0]["properties"]["ports"] = [{"port": "80"}]
    checked = definitions.checked_definition(given, "web").wire
    assert checked["properties"]["containers"][0]["properties"]["ports"] == [{"port": 80}]


@pytest.mark.parametrize(
    ("task", "file", "found"),
    [("web", None, "web"), (None, "web", "web"), ("web", "web", "web"), ("web", "", "web"), (None, None, None)],
)
def test_the_name_is_that_of_the_task_or_of_the_definition(task: Any, file: Any, found: Any) -> None:
    assert definitions.checked_definition(definition(name=file), task).name == found


def test_tags_of_the_collection_are_not_those_of_a_definition() -> None:
    tags = {"owner": "shop", "build": 12, "expires_at": "2030-01-01T00:00:00Z", "Run_Id": "r"}
    found = definitions.checked_definition(definition(tags=tags), "web")
    assert found.wire["tags"] == {"owner": "shop", "build": "12"}
    assert found.own_tags == {"expires_at": "2030-01-01T00:00:00Z", "Run_Id": "r"}


def secret_group() -> dict[str, Any]:
    """A live group; the service returns secrets without their values, and a proxy could return one."""
    group = definition(id="/subscriptions/s/x", name="web", type="x", tags={"a": "1"})
    group["properties"] |= {
        "provisioningState": "Succeeded",
        "imageRegistryCredentials": [{"server": "r.example", "username": "u"}],
        "volumes": [{"name": "keys", "secret": {"a.pem": "planted"}}],
    }
    group["properties"]["containers"][0]["properties"] |= {
        "environmentVariables": [
            {"name": "TOKEN"},
            {"name": "URL", "value": "https://u:planted@h/"},
        ],
        "instanceView": {"restartCount": 0},
    }
    return group


def test_an_exported_group_has_placeholders_and_can_be_applied_again() -> None:
    exported = definitions.exported(secret_group(), "2025-09-01")
    assert "planted" not in str(exported)
    assert exported["apiVersion"] == "2025-09-01"
    assert exported["type"] == "Microsoft.ContainerInstance/containerGroups"
    assert "provisioningState" not in exported["properties"]
    assert "instanceView" not in str(exported)
    checked = definitions.checked_definition(exported, "web").wire
    assert checked["tags"] == {"a": "1"}
    assert checked["properties"]["volumes"] == exported["properties"]["volumes"]


def test_without_placeholders_the_secrets_are_missing() -> None:
    exported = definitions.exported(secret_group(), "2025-09-01")
    (volume,) = definitions.without_placeholders(exported)["properties"]["volumes"]
    assert volume["name"] == "keys"
    assert not volume.get("secret")
    assert "name" not in definitions.without_placeholders(exported)
    assert exported["properties"]["volumes"][0]["secret"]


@pytest.mark.parametrize(
    ("given", "secrets"),
    [
        (definition(), set()),
        ({"properties": {"imageRegistryCredentials": [{"password": "hush"}]}}, {"hush"}),
        ({"Properties": {"PASSWORD": "hush"}}, {"hush"}),
        ({"properties": {"containers": [{"properties": {"command": ["https://u:hush@h/"]}}]}}, {"hush"}),
        ({"properties": {"password": " "}}, set()),
        (None, set()),
        ("text", set()),
    ],
)
def test_the_secrets_of_a_definition(given: Any, secrets: set[str]) -> None:
    assert secrets <= definitions.secret_texts(given)
    assert bool(definitions.secret_texts(given)) == bool(secrets)


def test_what_the_table_does_not_know_is_carried_over_and_what_it_knows_is_gone() -> None:
    live = definition(tags={"a": "1"})
    live["properties"] |= {"restartPolicy": "Never", "somethingNew": {"a": 1}}
    live["properties"]["containers"][0]["properties"]["somethingElse"] = "kept"
    given = definition()
    result = definitions.completed(GROUP, live, given)
    assert result["properties"]["somethingNew"] == {"a": 1}
    assert result["properties"]["containers"][0]["properties"]["somethingElse"] == "kept"
    assert "restartPolicy" not in result["properties"]
    assert given == definition()
    assert definitions.completed(GROUP, None, given) == given


class TestProfile:
    def test_a_new_group_is_its_definition(self) -> None:
        given = definition()
        result = definitions.from_profile(None, given)
        assert result == given
        assert result is not given

    def test_what_the_profile_gave_stays(self) -> None:
        live = definition(tags={"a": "1"})
        live["properties"]["restartPolicy"] = "Never"
        result = definitions.from_profile(live, {"properties": {"priority": "Regular"}, "tags": {"b": "2"}})
        assert result["properties"]["restartPolicy"] == "Never"
        assert result["properties"]["priority"] == "Regular"
        assert result["properties"]["containers"] == live["properties"]["containers"]

    def test_the_only_container_may_have_another_name(self) -> None:
        given = {"properties": {"containers": [{"name": "mine", "properties": {"command": ["x"]}}]}}
        (container,) = definitions.from_profile(definition(), given)["properties"]["containers"]
        assert (container["name"], container["properties"]["image"]) == ("web", "nginx:1")
        assert container["properties"]["command"] == ["x"]

    def test_a_container_with_an_image_is_one_more(self) -> None:
        given = {"properties": {"containers": [{"name": "mine", "properties": {"image": "redis"}}]}}
        found = definitions.from_profile(definition(), given)["properties"]["containers"]
        assert [container["name"] for container in found] == ["web", "mine"]
