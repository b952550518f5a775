# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The types of documents that a definition may be, and those that are detected as something else."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.definition_kinds import group_in

TYPE = "Microsoft.ContainerInstance/containerGroups"


def group(**more: Any) -> dict[str, Any]:
    return {"type": TYPE, "name": "web", "location": "westeurope", "properties": {"osType": "Linux"}, **more}


def template(*resources: Any, **more: Any) -> dict[str, Any]:
    return {"$schema": "https://x/deploymentTemplate.json#", "resources": list(resources), **more}


OTHER = {"type": "Microsoft.Storage/storageAccounts", "name": "[parameters('x')]"}


@pytest.mark.parametrize(
    "document",
    [
        group(),
        template(group()),
        template(OTHER, group()),
        template(OTHER, group(name="other"), group()),
        template(group(name="other", condition=False), group()),
        {"contentVersion": "1.0.0.0", "languageVersion": "2.0", "resources": {"web": group(), "disk": OTHER}},
        {"status": "Succeeded", "changes": [{"after": group(), "changeType": "Create"}, {"before": OTHER}]},
    ],
)
def test_where_a_group_is(document: Any) -> None:
    assert group_in(document, "web") == group()


def test_an_example_of_the_rest_documentation() -> None:
    body = {"location": "west us", "properties": {}}
    example = {"parameters": {"containerGroupName": "demo1", "containerGroup": body}, "responses": {}}
    assert group_in(example, None) == {"name": "demo1", **body}


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (template(OTHER), "no resource of the type Microsoft.ContainerInstance/containerGroups"),
        (template(group(name="a"), group(name="b")), "has 2 container groups"),
        (template(group(copy={"name": "c", "count": 3})), r"several groups of this resource \(copy\)"),
        (template(group(condition=False)), "no resource of the type"),
        (group(condition=False), "condition is false"),
        ({"$schema": "https://x/deploymentParameters.json#", "parameters": {}}, "a parameter file"),
        ({"services": {"planted": {"image": "x"}}, "version": "3"}, "a compose file"),
        ({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "planted"}, "spec": {}}, "a Kubernetes manifest"),
        ([group(), group()], "a list of 2"),
        ({"value": [group()]}, "a list of 1"),
    ],
)
def test_what_is_something_else(document: Any, says: str) -> None:
    with pytest.raises(InvalidArguments, match=says) as caught:
        group_in(document, None)
    assert "planted" not in caught.value.msg


@pytest.mark.parametrize("document", [None, "text", 5, [], {}, {"properties": []}])
def test_what_is_not_looked_into(document: Any) -> None:
    assert group_in(document, None) == document


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[parameters('x')]", r"\[parameters\('x'\)\]"),
        ("[resourceGroup().location]", r"\[resourceGroup\(\)\.location\]"),
        ("[concat('planted', parameters('x'))]", r"\[concat\(\.\.\.\)\]"),
        ("[ listKeys(resourceId('a', 'b'), '2019-01-01').keys[0].value ]", r"\[listKeys\(\.\.\.\)\]"),
        ("[if(true(), 'planted', 'b')]", r"\[if\(\.\.\.\)\]"),
    ],
)
def test_expressions_are_named(text: str, shown: str) -> None:
    properties = {"containers": [{"properties": {"command": ["a", text]}}]}
    for document in (group(properties=properties), template(group(properties=properties))):
        with pytest.raises(InvalidArguments, match=r"containers\[0\]\.properties\.command\[1\]: " + shown) as caught:
            group_in(document, None)
        assert "planted" not in caught.value.msg
        assert "az deployment group what-if" in caught.value.msg
        assert "aci_group_info" in caught.value.msg


def test_expressions_as_keys_and_more_than_can_be_listed() -> None:
    identity = {"type": "UserAssigned", "userAssignedIdentities": {"[resourceId('a', 'b')]": {}}}
    with pytest.raises(InvalidArguments, match=r"a key of definition\.identity\.userAssignedIdentities: \[resourceId"):
        group_in(group(identity=identity), None)
    zones = [f"[parameters('z{number}')]" for number in range(8)]
    with pytest.raises(InvalidArguments, match=r"z4'\)\] and 3 more\."):
        group_in(group(zones=zones), None)


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "[]",
        "[1, 2]",
        "[INFO] it (works)",
        "[info(x)]",
        "[a-z]([-a-z]*)",
        "x[parameters('x')]",
        "[parameters]",
        "[[parameters('x')]",
        "[listen(80)]",
        "[parameters('x')] and more",
    ],
)
def test_what_only_begins_with_a_bracket(text: str) -> None:
    assert group_in(group(tags={"a": text}), None)["tags"]["a"] == text


def test_a_template_doubles_the_brackets_that_are_none_of_its_own() -> None:
    found = group_in(template(group(tags={"a": "[[parameters('x')]", "b": "[x]"}, zones=["1"])), None)
    assert found["tags"] == {"a": "[parameters('x')]", "b": "[x]"}


def test_expressions_that_only_say_how_to_deploy() -> None:
    document = template(group(dependsOn=["[resourceId('a', 'b')]"], apiVersion="[variables('v')]"))
    assert group_in(document, None)["name"] == "web"
