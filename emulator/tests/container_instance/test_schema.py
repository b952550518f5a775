# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading and writing of definitions."""

from __future__ import annotations

import json

import pytest

from aci_emulator.arm.errors import ArmError
from aci_emulator.arm.responses import JsonResponse
from aci_emulator.container_instance.definition import models
from aci_emulator.container_instance.definition.schema import Reading

NEW = Reading("2025-09-01", group="g")


def read(body: object, reading: Reading = NEW) -> dict:
    return models.GROUP.read(body, "", reading)


def container(**properties: object) -> dict:
    return {"properties": {"containers": [{"name": "c", "properties": properties}]}}


def test_numbers_print_with_a_decimal_memory_first():
    group = read(container(resources={"requests": {"cpu": 1, "memoryInGB": "1.5"}}))
    body = JsonResponse(models.GROUP.write(group)).body
    assert b'"requests":{"memoryInGB":1.5,"cpu":1.0}' in bytes(body)


def test_keys_come_in_the_recorded_order_whatever_the_order_sent():
    body = {
        "location": "x",
        "properties": {"osType": "Linux", "restartPolicy": "Never", "containers": [], "sku": "Standard"},
    }
    assert list(models.GROUP.write(read(body))["properties"]) == [
        "sku",
        "containers",
        "initContainers",
        "restartPolicy",
        "osType",
    ]


def test_defaults_are_filled_where_recorded_and_nowhere_else():
    shown = models.GROUP.write(read(container(image="i", ports=[{"port": 80}])))["properties"]
    assert shown["sku"] == "Standard"
    assert shown["initContainers"] == []
    assert "restartPolicy" not in shown
    inner = shown["containers"][0]["properties"]
    assert inner["ports"] == [{"port": 80}]
    assert inner["environmentVariables"] == []
    assert inner["configMap"] == {"keyValuePairs": {}}
    assert "command" not in inner
    assert "volumeMounts" not in inner


def test_secrets_are_left_out_and_never_null():
    body = container(environmentVariables=[{"name": "A", "secureValue": "hush-1"}, {"name": "B", "value": "x"}])
    body["properties"] |= {
        "imageRegistryCredentials": [{"server": "r.io", "username": "u", "password": "hush-2"}],
        "volumes": [
            {
                "name": "files",
                "azureFile": {"shareName": "s", "storageAccountName": "a", "storageAccountKey": "hush-3"},
            },
            {"name": "keys", "secret": {"k": "hush-4"}},
        ],
        "diagnostics": {"logAnalytics": {"workspaceId": "w", "workspaceKey": "hush-5"}},
        "extensions": [{"name": "e", "properties": {"extensionType": "t", "protectedSettings": {"p": "hush-6"}}}],
    }
    shown = models.GROUP.write(read(body))
    text = json.dumps(shown)
    assert "hush" not in text
    assert "null" not in text
    assert shown["properties"]["containers"][0]["properties"]["environmentVariables"] == [
        {"name": "A"},
        {"name": "B", "value": "x"},
    ]
    assert shown["properties"]["volumes"][1] == {"name": "keys", "secret": {}}


def test_nulls_are_as_if_not_sent():
    assert read({"location": None, "properties": {"restartPolicy": None, "containers": None}})["properties"] == {
        "sku": "Standard",
        "initContainers": [],
    }


@pytest.mark.parametrize(("sent", "answered"), [("linux", "Linux"), ("WINDOWS", "Windows")])
def test_words_are_matched_without_case(sent, answered):
    assert read({"properties": {"osType": sent}})["properties"]["osType"] == answered


def test_another_word_is_refused_with_the_words_that_there_are():
    with pytest.raises(ArmError) as refused:
        read({"properties": {"restartPolicy": "Sometimes"}})
    assert (refused.value.status, refused.value.code) == (400, "InvalidRestartPolicy")
    assert "Always,OnFailure,Never" in refused.value.message


@pytest.mark.parametrize(
    "body",
    [
        {"properties": []},
        {"properties": {"containers": {}}},
        {"properties": {"containers": [None]}},
        {"properties": {"containers": ["x"]}},
        container(command="sh -c x"),
        container(ports=[{"port": "http"}]),
        container(ports=[{"port": 2**40}]),
        container(ports=[{"port": True}]),
        container(resources={"requests": {"cpu": "much"}}),
        container(resources={"requests": {"cpu": "NaN"}}),
        container(image={"a": 1}),
        container(volumeMounts=[{"readOnly": "perhaps"}]),
        {"tags": ["a"]},
    ],
)
def test_values_of_the_wrong_kind_are_refused(body):
    with pytest.raises(ArmError) as refused:
        read(body)
    assert (refused.value.status, refused.value.code) == (400, "InvalidRequestContent")


def test_text_of_numbers_is_taken():
    inner = read(container(ports=[{"port": "5432", "protocol": "tcp"}]))["properties"]["containers"][0]["properties"]
    assert inner["ports"] == [{"protocol": "TCP", "port": 5432}]


NEWER = {"properties": {"secretReferences": [], "nonsense": 1}}


def test_what_a_version_does_not_define_is_dropped():
    assert "secretReferences" not in read(NEWER, Reading("2023-05-01"))["properties"]
    assert "secretReferences" in read(NEWER)["properties"]
    assert "nonsense" not in read(NEWER)["properties"]


def test_unknown_members_can_be_kept():
    properties = read(NEWER, Reading("2023-05-01", "keep"))["properties"]
    assert properties["nonsense"] == 1
    assert "secretReferences" not in properties
    assert models.PROPERTIES.write(properties)["nonsense"] == 1


@pytest.mark.parametrize("version", ["2023-05-01", "2025-09-01"])
def test_unknown_members_can_be_refused(version):
    with pytest.raises(ArmError, match="Could not find member"):
        read(NEWER, Reading(version, "refuse"))


def test_server_fields_that_are_sent_back_are_ignored():
    group = read(
        {"id": "x", "properties": {"provisioningState": "Failed", "instanceView": {}, "ipAddress": {"fqdn": "f"}}}
    )
    assert "id" not in group
    assert "provisioningState" not in group["properties"]
    assert group["properties"]["ipAddress"] == {}
