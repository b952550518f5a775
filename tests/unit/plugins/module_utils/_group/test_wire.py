# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The conversion between options and JSON."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group import schema, wire


def live_group() -> dict[str, Any]:
    """A group as returned by the service (recorded in November 2025), with a secret variable and a registry."""
    return {
        "id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/web",
        "name": "web",
        "type": "Microsoft.ContainerInstance/containerGroups",
        "location": "westus2",
        "tags": {"Env": "test"},
        "identity": {
            "principalId": "p",
            "tenantId": "t",
            "type": "UserAssigned",
            "userAssignedIdentities": {"/subscriptions/s/x": {"principalId": "a", "clientId": "b"}},
        },
        "properties": {
            "sku": "Standard",
            "provisioningState": "Succeeded",
            "provisioningTimeoutInSeconds": 1800,
            "isCustomProvisioningTimeout": False,
            "isCreatedFromStandbyPool": False,
            "osType": "Linux",
            "containers": [
                {
                    "name": "web",
                    "properties": {
                        "image": "nginx:1",
                        "ports": [{"port": 80}],
                        "environmentVariables": [{"name": "A", "value": "1"}, {"name": "PASS"}],
                        "configMap": {"keyValuePairs": {}},
                        "resources": {"requests": {"memoryInGB": 1.5, "cpu": 1.0}},
                        "instanceView": {"restartCount": 0},
                        "somethingNew": {"kept": True},
                    },
                }
            ],
            "initContainers": [],
            "imageRegistryCredentials": [{"server": "r.example.com", "username": "u"}],
            "ipAddress": {
                "ports": [{"port": 80, "protocol": "TCP"}],
                "ip": "20.1.2.3",
                "type": "Public",
                "dnsNameLabel": "label",
                "fqdn": "label.westus2.azurecontainer.io",
            },
            "volumes": [{"name": "secrets", "secret": {}}],
            "instanceView": {"events": [], "state": "Running"},
        },
    }


def overlay(live: dict[str, Any] | None, **given: Any) -> dict[str, Any]:
    return wire.overlay(schema.GROUP, live, given)


def container(body: dict[str, Any], index: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = body["properties"]["containers"][index]["properties"]
    return found


def test_omitted_options_stay_as_they_are() -> None:
    live = live_group()
    assert overlay(live) == live
    assert overlay(live, containers=[{"name": "web"}]) == live


def test_the_live_group_is_not_touched() -> None:
    live = live_group()
    overlay(live, containers=[{"name": "web", "image": "nginx:2"}], volumes=[])
    assert live == live_group()


def test_a_list_is_complete_and_an_entry_keeps_what_it_omits() -> None:
    body = overlay(live_group(), containers=[{"name": "web", "image": "nginx:2"}, {"name": "new", "image": "x"}])
    assert container(body)["image"] == "nginx:2"
    assert container(body)["environmentVariables"] == [{"name": "A", "value": "1"}, {"name": "PASS"}]
    assert container(body)["somethingNew"] == {"kept": True}
    assert container(body, 1)["resources"] == {"requests": {"cpu": 1.0, "memoryInGB": 1.5}}
    assert overlay(live_group(), containers=[{"name": "other", "image": "x"}])["properties"]["containers"][0] == {
        "name": "other",
        "properties": {"image": "x", "resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.5}}},
    }


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"volumes": []}, "properties.volumes"),
        ({"ip_address": {"type": None, "ports": None}}, "properties.ipAddress"),
        ({"ip_address": {"dns_name_label": ""}}, "properties.ipAddress.dnsNameLabel"),
        ({"identity": {"type": None, "user_assigned_identities": None}}, "identity"),
        ({"image_registry_credentials": []}, "properties.imageRegistryCredentials"),
    ],
)
def test_what_is_emptied_is_removed(given: dict[str, Any], path: str) -> None:
    assert wire.get_path(live_group(), path) is not None
    assert wire.get_path(overlay(live_group(), **given), path) is None


def test_alternatives_remove_each_other() -> None:
    variables = [{"name": "A", "secure_value": "s"}, {"name": "PASS", "value": "plain"}]
    body = overlay(live_group(), containers=[{"name": "web", "environment_variables": variables}])
    assert container(body)["environmentVariables"] == [
        {"name": "A", "secureValue": "s"},
        {"name": "PASS", "value": "plain"},
    ]
    body = overlay(live_group(), volumes=[{"name": "secrets", "empty_dir": {}}])
    assert body["properties"]["volumes"] == [{"name": "secrets", "emptyDir": {}}]


def test_two_alternatives_at_once_are_refused() -> None:
    variables = [{"name": "A", "value": "1", "secure_value": "hidden-canary"}]
    with pytest.raises(InvalidArguments, match="value and secure_value exclude each other") as caught:
        overlay(live_group(), containers=[{"name": "web", "environment_variables": variables}])
    assert "hidden-canary" not in str(caught.value)


@pytest.mark.parametrize("value", [True, 1.1, {"a": 1}, ["x"]])
def test_values_that_yaml_changed_are_refused(value: Any) -> None:
    with pytest.raises(InvalidArguments, match=r"must be a string, .*(quote it|one string)"):
        overlay(None, containers=[{"name": "c", "environment_variables": [{"name": "A", "value": value}]}])
    with pytest.raises(InvalidArguments, match=r"must be a string, .*(quote it|one string)"):
        overlay(None, containers=[{"name": "c", "command": ["run", value]}])


def test_whole_numbers_become_text() -> None:
    body = overlay(None, containers=[{"name": "c", "image": "x", "command": ["sleep", 5]}])
    assert container(body)["command"] == ["sleep", "5"]


def test_an_element_given_twice_is_refused() -> None:
    with pytest.raises(InvalidArguments, match="given twice"):
        overlay(None, containers=[{"name": "c", "image": "x"}, {"name": "c", "image": "y"}])


def test_ports_without_protocol_are_tcp() -> None:
    body = overlay(live_group(), containers=[{"name": "web", "ports": [{"port": 80, "protocol": "TCP"}]}])
    assert container(body)["ports"] == [{"port": 80, "protocol": "TCP"}]
    with pytest.raises(InvalidArguments, match="80/TCP is given twice"):
        overlay(None, containers=[{"name": "c", "ports": [{"port": 80}, {"port": 80, "protocol": "TCP"}]}])


def test_identities_are_keys_on_the_wire_and_keep_their_spelling() -> None:
    body = overlay(live_group(), identity={"user_assigned_identities": ["/SUBSCRIPTIONS/s/x", "/new"]})
    assert list(body["identity"]["userAssignedIdentities"]) == ["/subscriptions/s/x", "/new"]


def test_missing_secrets_are_those_that_the_live_group_must_have() -> None:
    assert wire.missing_secrets(live_group()) == [
        "containers[web].environment_variables[PASS].secure_value",
        "image_registry_credentials[r.example.com].password",
        "volumes[secrets].secret",
    ]
    body = overlay(
        live_group(),
        containers=[{"name": "web", "environment_variables": [{"name": "PASS", "secure_value": "x"}]}],
        image_registry_credentials=[{"server": "R.EXAMPLE.COM", "password": "x"}],
        volumes=[{"name": "secrets", "secret": {"file": "eA=="}}],
    )
    assert wire.missing_secrets(body) == []
    assert len(wire.carried_secrets(body)) == 3


def test_an_empty_secret_says_that_there_is_none() -> None:
    volume = {"name": "share", "azure_file": {"share_name": "s", "storage_account_name": "a"}}
    assert wire.missing_secrets(overlay(None, volumes=[volume])) == ["volumes[share].azure_file.storage_account_key"]
    volume["azure_file"]["storage_account_key"] = ""  # type: ignore[index]
    body = overlay(None, volumes=[volume])
    assert wire.missing_secrets(body) == []
    assert wire.put_body(body, keep_ip=False)["properties"]["volumes"][0]["azureFile"] == {
        "shareName": "s",
        "storageAccountName": "a",
    }


def test_what_the_server_alone_writes_is_not_sent() -> None:
    body = wire.put_body(live_group(), keep_ip=False)
    assert set(body) == {"location", "tags", "identity", "properties"}
    assert body["identity"] == {"type": "UserAssigned", "userAssignedIdentities": {"/subscriptions/s/x": {}}}
    assert "provisioningState" not in body["properties"]
    assert "provisioningTimeoutInSeconds" not in body["properties"]
    assert "instanceView" not in body["properties"]
    assert "instanceView" not in container(body)
    assert "ip" not in body["properties"]["ipAddress"]
    assert "fqdn" not in body["properties"]["ipAddress"]
    assert container(body)["somethingNew"] == {"kept": True}
    assert wire.put_body(live_group(), keep_ip=True)["properties"]["ipAddress"]["ip"] == "20.1.2.3"


def test_what_identifies_an_element_is_read_alone() -> None:
    containers = schema.GROUP.child("containers")
    ports = containers.child("ports")
    assert wire.key_options(containers, live_group()["properties"]["containers"][0]) == {"name": "web"}
    assert wire.key_options(ports, {"port": 80}) == {"port": 80, "protocol": None}
    assert wire.element_label(ports, wire.key_options(ports, {"port": 80})) == "80/TCP"
    for _path, prop in schema.walk():
        assert [child.option for child in prop.key_children] == list(prop.key)


def test_what_holds_secrets_is_known() -> None:
    """What is not in this list is not searched for secrets."""
    secrets = [path for path, prop in schema.walk() if prop.secret]
    for path, prop in schema.walk():
        assert prop.holds_secret is any(secret.startswith(f"{path}.") for secret in secrets)


def test_a_copy_shares_nothing() -> None:
    live = live_group()
    copy = wire.copied(live)
    assert copy == live
    copy["properties"]["containers"][0]["properties"]["ports"][0]["port"] = 81
    copy["tags"]["Env"] = "other"
    assert live == live_group()
