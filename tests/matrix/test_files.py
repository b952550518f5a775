# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users' files work unchanged, and a group with any property in the table can be restored from its exported file.

The output of az, the portal and the REST documentation is imitated here, each with the expected result of the
collection. The files in ../shared/cases/definitions are tested as well, if this folder exists.
"""

from __future__ import annotations

import copy
import json
import re
import typing as t
from pathlib import Path

import pytest
import yaml
from matrix_cases import CARRIERS, VALUES, case
from matrix_doors import SUBSCRIPTION, Group

from ansible_collections.azure_containers.aci.plugins.module_utils._group.definition_file import file_text

ROOT = Path(__file__).resolve().parents[2]
OTHERS = ROOT.parent / "shared" / "cases" / "definitions"

IDENTITY = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/me"
)

CONTAINER: dict[str, t.Any] = {
    "image": "example.com/web:1",
    "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}},
    "ports": [{"port": 80, "protocol": "TCP"}],
    "environmentVariables": [{"name": "A", "value": "b"}, {"name": "S", "secureValue": "planted-secret"}],
    "volumeMounts": [{"name": "data", "mountPath": "/data"}],
}
PLAIN: dict[str, t.Any] = {
    "location": "westeurope",
    "tags": {"owner": "shop"},
    "type": "Microsoft.ContainerInstance/containerGroups",
    "properties": {
        "osType": "Linux",
        "restartPolicy": "OnFailure",
        "containers": [{"name": "web", "properties": CONTAINER}],
        "volumes": [{"name": "data", "emptyDir": {}}],
        "ipAddress": {"type": "Public", "ports": [{"port": 80, "protocol": "TCP"}]},
    },
}


def plain(**more: t.Any) -> dict[str, t.Any]:
    return {**copy.deepcopy(PLAIN), **more}


def container(**more: t.Any) -> dict[str, t.Any]:
    group = plain()
    group["properties"]["containers"][0]["properties"] |= copy.deepcopy(more)
    return group


def properties(**more: t.Any) -> dict[str, t.Any]:
    group = plain()
    group["properties"] |= more
    return group


def shown_by_az() -> dict[str, t.Any]:
    group = plain()
    lifted = {**group.pop("properties"), "instanceView": {"state": "Running"}, "extensions": None}
    lifted["containers"] = [{"name": "web", **CONTAINER, "livenessProbe": None, "instanceView": {"restartCount": 0}}]
    return {**group, **lifted, "id": "/x", "resourceGroup": "rg", "identity": None, "zones": None}


def dumped(value: t.Any) -> bytes:
    return yaml.safe_dump(value, sort_keys=False).encode()


AS_JSON = json.dumps(plain(), indent=1)
TEMPLATE = {"$schema": "https://example.com/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "parameters": {}}

WORKS: dict[str, bytes] = {
    "yaml for az": dumped(plain(apiVersion="2021-10-01")),
    "api-version": dumped(plain(**{"api-version": "2021-10-01"})),
    "az container export": dumped(
        plain(additional_properties={}, extended_location=None, apiVersion="2024-05-01-preview")
    ),
    "identity of az container export": dumped(
        plain(identity={"type": "UserAssigned", "user_assigned_identities": {IDENTITY: {}}})
    ),
    "identity without a value": dumped(
        plain(identity={"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: None}})
    ),
    "az container show": json.dumps(shown_by_az()).encode(),
    "az resource show": json.dumps(
        plain(extendedLocation=None, kind=None, managedBy=None, plan=None, sku=None, changedTime=None, id="/x")
    ).encode(),
    "az rest": json.dumps(
        properties(provisioningState="Succeeded", isCustomProvisioningTimeout=False, instanceView={"events": []})
    ).encode(),
    "a public address": dumped(
        properties(ipAddress={**PLAIN["properties"]["ipAddress"], "ip": "20.1.2.3", "fqdn": "x.azurecontainer.io"})
    ),
    "resource of a template": json.dumps(plain(dependsOn=[], comments="web", condition=True)).encode(),
    "template": json.dumps({**TEMPLATE, "resources": [{"type": "Microsoft.Storage/x"}, plain()]}).encode(),
    "example of the REST documentation": json.dumps(
        {"parameters": {"containerGroup": plain()}, "responses": {}}
    ).encode(),
    "json with comments": ("// the group\n" + AS_JSON.replace("{", "{ /* more */", 1)[:-1] + ",\n}").encode(),
    "utf-16": AS_JSON.encode("utf-16"),
    "utf-8 with a mark": AS_JSON.encode("utf-8-sig"),
    "numbers and booleans as variables": dumped(
        container(environmentVariables=[{"name": "A", "value": 8080}, {"name": "B", "value": True}])
    ),
    "quoted booleans and numbers": dumped(
        container(
            securityContext={"privileged": "false"},
            volumeMounts=[{"name": "data", "mountPath": "/data", "readOnly": "true"}],
            ports=[{"port": "80"}],
            resources={"requests": {"cpu": "1", "memoryInGB": "1.5"}},
        )
    ),
    "a command with a variable of the shell": dumped(container(command=["sh", "-c", "echo 1"])).replace(
        b"echo 1", b"'echo ${HOME}'"
    ),
    "a bracket that is not an expression": dumped(container(command=["[a](b)", "[info(x)]"])),
    "half a cpu": dumped(container(resources={"requests": {"cpu": 0.5, "memoryInGB": 0.5}})),
}

REFUSED: dict[str, tuple[bytes, str]] = {
    "variable without a value": (dumped(plain()).replace(b"value: b", b"value: ${DB}"), r"\$\{DB\}.*"),
    "expression": (dumped(container(command=["[parameters('x')]"])), r"\[parameters\('x'\)\].*what-if.*aci_group_info"),
    "location of a template": (
        dumped(plain(location="[resourceGroup().location]")),
        r"\[resourceGroup\(\)\.location\]",
    ),
    "two documents": (b"---\n".join([dumped(plain())] * 2), "2 documents"),
    "compose file": (b"services:\n  web:\n    image: nginx\n", "compose file"),
    "network profile": (dumped({**properties(networkProfile={"id": "/x"}), "apiVersion": "2019-12-01"}), "subnetIds"),
    "secret of a volume": (
        dumped(properties(volumes=[{"name": "data", "secret": None}])),
        r"volumes\[data\]: .*Exports",
    ),
    "value of a variable": (
        dumped(container(environmentVariables=[{"name": "A", "value": None}])),
        r"environment_variables\[A\]: .*Exports",
    ),
    "another name": (dumped(plain(name="another")), "must be that of the task"),
}


def assert_taken(group: Group, options: dict[str, t.Any], capsys: pytest.CaptureFixture[str]) -> str:
    """The group is created from a file as predicted, and then matches the file. Returns the warnings."""
    capsys.readouterr()
    predicted = group.run(options, check=True)
    made = group.run(options)
    # Newer versions of ansible-core collect a module's warnings, and print them in the controller's process.
    warned = f"{made.get('warnings')} {capsys.readouterr().err}"
    assert predicted.get("action") == made.get("action") == "created", made.get("msg")
    for check in (True, False):
        again = group.run(options, check=check)
        assert (again.get("changes"), again["changed"]) == ([], False), again.get("msg")
    assert "planted-secret" not in str([predicted, made])
    assert "planted-secret" not in warned
    return warned


@pytest.mark.parametrize("form", WORKS)
def test_it_works_as_it_is(form: str, group: Group, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "group"
    path.write_bytes(WORKS[form].replace(SUBSCRIPTION.encode(), group.subscription.encode()))
    assert "definition" not in assert_taken(group, {"definition_file": str(path)}, capsys)


@pytest.mark.parametrize("form", REFUSED)
def test_it_is_refused_with_what_to_do(form: str, group: Group, tmp_path: Path) -> None:
    content, says = REFUSED[form]
    path = tmp_path / "group"
    path.write_bytes(content)
    for check in (True, False):
        result = group.run({"definition_file": str(path)}, check=check)
        assert result["error"]["code"] == "InvalidArguments"
        assert re.search(says, result["msg"]), result["msg"]
        assert "planted-secret" not in str(result)


def test_a_variable_is_put_in_and_masked(group: Group, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "group"
    path.write_bytes(dumped(plain()).replace(b"value: b", b"value: ${DB}").replace(b"web:1", b"web:${V}"))
    options = {"definition_file": str(path), "definition_variables": {"DB": "planted-secret", "V": "9"}}
    assert_taken(group, options, capsys)
    assert "planted-secret" not in str(group.run({**options, "tags": {"said": "planted-secret"}}))
    (container,) = group.definition()["properties"]["containers"]
    assert container["properties"]["image"] == "example.com/web:9"
    assert container["properties"]["environmentVariables"][0] == {"name": "A", "value": "planted-secret"}


def test_a_misspelled_name_is_warned_of(group: Group, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "group"
    path.write_bytes(dumped(properties(restartPolcy="Never")))
    assert "did you mean restartPolicy?" in assert_taken(group, {"definition_file": str(path)}, capsys)


@pytest.mark.parametrize("path", sorted(set(VALUES) - CARRIERS))
def test_an_export_that_is_applied_is_no_change(path: str, group: Group, tmp_path: Path) -> None:
    life = case(path)
    assert group.run(life.first).get("action") == "created"
    text = file_text(group.definition(), "matrix", "group.yml")
    assert "secret-one" not in text
    file = tmp_path / "group.yml"
    file.write_text(re.sub("'?<secret: [^>]*>'?", "c2VjcmV0", text))
    for check in (True, False):
        result = group.run({"definition_file": str(file)}, check=check)
        assert (result.get("changes"), result["changed"]) == ([], False), result.get("msg")
    if "<secret: " in text:
        file.write_text(text)
        assert "placeholder of an export" in group.run({"definition_file": str(file)})["msg"]


SAID: dict[str, str] = {
    "dollar_env.yaml": "DB_PASSWORD",
    "env_expr.yaml": "parameters",
    "env_null.yaml": "Exports and answers of the service never hold secrets",
    "loc_expr.yaml": "resourceGroup",
    "multidoc.yaml": "2 documents",
    "networkProfile.yaml": "subnetIds",
    "secret_null.yaml": "Exports and answers of the service never hold secrets",
}


@pytest.mark.skipif(not OTHERS.exists(), reason="there is no ../shared/cases/definitions beside the checkout")
@pytest.mark.parametrize("path", sorted(OTHERS.glob("*")), ids=lambda path: path.name)
def test_files_of_others(path: Path, group: Group, capsys: pytest.CaptureFixture[str]) -> None:
    options = {"definition_file": str(path), "name": None}
    if path.name in SAID:
        assert SAID[path.name] in group.run(options)["msg"]
        return
    if path.name == "name_missing.yaml":
        assert "name is required" in group.run(options)["msg"]
        del options["name"]
    try:
        warned = assert_taken(group, options, capsys)
    finally:
        group.run({**options, "state": "absent"})
    assert ("did you mean environmentVariables?" in warned) == (path.name == "typo.yaml")
