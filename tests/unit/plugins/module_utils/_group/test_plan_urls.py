# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials in URLs, and secrets that are recognised by their names, from the plan to the export and back."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group import definition as _definition
from ansible_collections.azure_containers.aci.plugins.module_utils._group import facts
from ansible_collections.azure_containers.aci.plugins.module_utils._group import plan as plans
from ansible_collections.azure_containers.aci.plugins.module_utils._group.wire_secrets import without_secrets

URL = "https://user:planted@git.example.com/x.git?sig=planted"
MASKED = "https://********@git.example.com/x.git?sig=********"


def group(url: str = URL) -> dict[str, Any]:
    variables = [{"name": "SITE", "value": f"see {url}"}]
    container = {"image": "user:planted@registry.example.com/x:1", "environmentVariables": variables}
    container |= {"resources": {"requests": {"cpu": 1.0, "memoryInGB": 1.0}}, "command": ["curl", url]}
    container["instanceView"] = {"events": [{"message": f"pulled {MASKED} and {url}"}]}
    return {
        "name": "web",
        "location": "westeurope",
        "tags": {"source": url},
        "properties": {
            "osType": "Linux",
            "containers": [{"name": "web", "properties": container}],
            "volumes": [{"name": "sources", "gitRepo": {"repository": url}}],
            "future": {"clientSecret": "planted", "inner": [{"sas_token": "planted", "size": 5}]},
        },
    }


def volumes(url: str) -> plans.Wanted:
    return plans.Wanted(options={"volumes": [{"name": "sources", "git_repo": {"repository": url}}]})


def test_facts() -> None:
    found = facts.group_facts(group())
    assert "planted" not in str(found)
    assert found["volumes"][0]["git_repo"]["repository"] == MASKED
    assert found["future"]["inner"] == [{"sas_token": "********", "size": 5}]


def test_the_same_is_no_change() -> None:
    assert plans.make_plan(group(), volumes(URL)).action == "none"


def test_another_token_is_a_change() -> None:
    plan = plans.make_plan(group(), volumes(URL.replace("planted", "planted2")))
    assert [change.property for change in plan.changes] == ["volumes[sources].git_repo.repository"]
    assert "planted" not in str(plan.changes)
    assert "planted2" in str(plan.body)


def test_a_new_group() -> None:
    wanted = plans.Wanted(options={}, definition=group(), extra_properties={"other": {"API_KEY": "planted"}})
    plan = plans.make_plan(None, wanted)
    assert "planted" not in str(plan.changes)
    assert "planted" not in str(without_secrets(plan.body))


def test_extra_properties() -> None:
    extra = {"future": {"clientSecret": "planted2"}}
    plan = plans.make_plan(group(), plans.Wanted(options={}, extra_properties=extra))
    assert [change.property for change in plan.changes] == ["extra_properties.future"]
    assert "planted" not in str(plan.changes)
    extra = {"future": {"clientSecret": "planted"}}
    assert plans.make_plan(group(), plans.Wanted(options={}, extra_properties=extra)).action == "none"


def test_an_export_that_comes_back() -> None:
    live = group()
    before = copy.deepcopy(live)
    exported = _definition.exported(live, "2023-05-01")
    assert live == before
    assert "planted" not in str(exported)
    checked = _definition.checked_definition(exported, "web")
    assert any(sentence.startswith("definition.properties.future ") for sentence in checked.unknown)
    assert "future" not in checked.wire["properties"]
    with pytest.raises(InvalidArguments) as caught:
        plans.make_plan(live, plans.Wanted(options={}, definition=checked.wire))
    for path in ("volumes[sources].git_repo.repository", "containers[web].environment_variables[SITE].value"):
        assert path in caught.value.msg
    complete = _definition.checked_definition(group(), "web").wire
    assert plans.make_plan(live, plans.Wanted(options={}, definition=complete)).action == "none"


@pytest.mark.parametrize("live", [None, group()])
def test_a_mask_that_comes_back(live: Any) -> None:
    with pytest.raises(InvalidArguments, match="placeholder of an export, or the mask"):
        plans.make_plan(live, volumes(MASKED))


def test_a_mask_that_is_live_already() -> None:
    assert plans.make_plan(group(MASKED), volumes(MASKED)).action == "none"
    other = plans.Wanted(options={"tags": {"a": "b"}})
    assert plans.make_plan(group(MASKED), other).action == "tagged"
