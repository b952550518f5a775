# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Definitions in tasks: from files, and the strings in them that are secrets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_group, aci_group_profile
from ansible_collections.azure_containers.aci.plugins.module_utils._group import task_definition as given

BEGIN = "properties: {containers: [{name: web, properties: {image: x}}]}"


def from_file(tmp_path: Path, text: str) -> Any:
    path = tmp_path / "definition.yml"
    path.write_text(text)
    definition, _warnings = given.given_definition({"name": "web", "definition_file": str(path)})
    return definition.wire


@pytest.mark.parametrize(
    "text",
    [
        "a: !!int planted",
        "a: !!float planted",
        "tags: {d: 2024-13-45}",
        "[" * 3000,
        "tags: !!set {planted, e}",
        "? [planted, b]\n: c",
        "tags: {d: .nan}",
        "- planted",
        "1: planted",
        "a: planted: b",
        "\u0000",
    ],
)
def test_a_file_that_holds_no_definition(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidArguments) as caught:
        from_file(tmp_path, text)
    assert "planted" not in caught.value.msg


def test_dates_are_text(tmp_path: Path) -> None:
    found = from_file(tmp_path, f"{BEGIN}\ntags: {{day: 2024-01-02, time: 2024-01-02 03:04:05}}")
    assert found["tags"] == {"day": "2024-01-02", "time": "2024-01-02T03:04:05"}


@pytest.mark.parametrize(
    "definition",
    [
        '{"properties": {"a": "planted"',
        {"containers": {"properties": {"environmentVariables": [{"name": "A", "secureValue": "planted"}]}}},
        {"properties": {"containers": [{"name": "a", "properties": {"environmentVariables": ["A=planted"]}}]}},
        {"properties": {"volumes": [{"name": "v", "azureFile": "planted"}]}},
        {"properties": {"imageRegistryCredentials": {"password": "planted"}}},
        {"type": "planted", "properties": {}},
        {"planted": 1, "os_type": "Linux", "properties": {}},
    ],
)
def test_a_definition_that_is_none_is_hidden_as_a_whole(definition: Any) -> None:
    params = {"name": "web", "definition": definition}
    assert "planted" not in str(aci_group.SPEC.shown(params))
    with pytest.raises(InvalidArguments) as caught:
        given.given_definition(params)
    assert "planted" not in caught.value.msg


@pytest.mark.parametrize("name", ["secureValue", "SecureValue", "secure_value", "securevalue"])
def test_a_secret_under_a_misspelled_name(name: str) -> None:
    variable = {"name": "A", name: "planted"}
    container = {"name": "web", "properties": {"image": "x", "environmentVariables": [variable]}}
    found = given.given_secrets({"name": "web", "definition": {"properties": {"containers": [container]}}})
    assert found == {"planted"}


@pytest.mark.parametrize("spec", [aci_group.SPEC, aci_group_profile.SPEC])
@pytest.mark.parametrize(
    "extra",
    [{"imageRegistryCredentials": [{"server": "s", "username": "u", "password": "planted"}]}, {"containers": 5}],
)
def test_secrets_in_extra_properties(spec: Any, extra: Any) -> None:
    params = {"name": "web", "extra_properties": extra}
    masked = spec.masker(params).text("planted for a service")
    assert masked == ("******** for a service" if "imageRegistryCredentials" in extra else "planted for a service")
    assert "planted" not in str(spec.shown(params))


def test_a_definition_of_another_group() -> None:
    with pytest.raises(InvalidArguments, match=r"definition\.name must be that of the task, web") as caught:
        given.given_definition({"name": "web", "definition": {"name": "planted", "properties": {}}})
    assert "planted" not in caught.value.msg


def test_extra_properties_that_are_none() -> None:
    assert "planted" not in str(aci_group.SPEC.shown({"extra_properties": '{"clientSecret": "planted"'}))


def test_names_without_case(tmp_path: Path) -> None:
    found = from_file(
        tmp_path,
        """
        Location: westeurope
        Properties:
          restartpolicy: Never
          ipAddress: {dnsnamelabel: web, Ports: [{port: '80'}]}
          volumes: [{name: v, azureFile: {sharename: s, storageaccountname: a, storageAccountkey: planted}}]
          Containers:
            - name: web
              properties:
                image: x
                resources: {requests: {cpu: 1, memoryInGb: 1.5}}
                environmentvariables: [{name: A}]
        """,
    )
    properties = found["properties"]
    assert properties["restartPolicy"] == "Never"
    assert properties["ipAddress"] == {"dnsNameLabel": "web", "ports": [{"port": 80}]}
    assert properties["volumes"][0]["azureFile"] == {
        "shareName": "s",
        "storageAccountName": "a",
        "storageAccountKey": "planted",
    }
    container = properties["containers"][0]["properties"]
    assert container["resources"]["requests"] == {"cpu": 1.0, "memoryInGB": 1.5}
    assert container["environmentVariables"] == [{"name": "A"}]
