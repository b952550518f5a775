# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The short forms of an environment: the resulting list, and the errors."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.environment import group_options
from ansible_collections.azure_containers.aci.plugins.module_utils._group.plan import Wanted, make_plan
from ansible_collections.azure_containers.aci.plugins.module_utils._group.tables import PROFILE

LONG = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}, {"name": "C", "secure_value": "canary"}]
KINDS = ("containers", "init_containers")


def variables(kind: str = "containers", **container: Any) -> Any:
    return group_options({kind: [{"name": "web", **container}]})[kind][0].get("environment_variables")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"env": None, "secure_env": None, "environment_variables": LONG}, LONG),
        ({"environment_variables": LONG[:1], "env": {"B": 2}, "secure_env": {"C": "canary"}}, LONG),
        ({"env": {"A": "1", "B": 2}, "secure_env": {"C": "canary"}}, LONG),
        ({"env": {}}, []),
        ({"secure_env": {}}, []),
        ({"env": {"a": "1", "A": "2"}}, [{"name": "a", "value": "1"}, {"name": "A", "value": "2"}]),
        ({"env": {1: "x"}}, [{"name": "1", "value": "x"}]),
    ],
)
def test_the_list_that_they_make(kind: str, given: dict[str, Any], expected: Any) -> None:
    before = copy.deepcopy(given)
    assert variables(kind, **given) == expected
    assert given == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"environment_variables": LONG, "env": {"A": "1"}}, "A is given twice, in environment_variables and in env"),
        (
            {"environment_variables": LONG, "secure_env": {"C": "x"}},
            "C is given twice, in environment_variables and in",
        ),
        (
            {"env": {"A": "1"}, "secure_env": {"A": "canary"}},
            "A is given twice, in env and in secure_env; give it once",
        ),
        ({"env": {"A": True}}, r"\[web\]\.env\[A\] must be a string, but YAML parsed it as a boolean"),
        ({"env": {"A": 1.5}}, r"\.env\[A\] must be a string, but YAML parsed it as a number"),
        (
            {"env": {"A": None}},
            r"\.env\[A\] must be a string, but null was given; write '' for an empty one, or leave it out\.",
        ),
        ({"secure_env": {"A": ["canary"]}}, r"\.secure_env\[A\] must be a string, but a list was given"),
        ({"secure_env": {"A": {"b": "canary"}}}, r"\.secure_env\[A\] must be a string, but a dictionary was given"),
    ],
)
def test_what_is_refused(kind: str, given: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidArguments, match=words) as caught:
        variables(kind, **given)
    assert f"{kind}[web]" in caught.value.msg
    assert "canary" not in caught.value.msg


def test_names_that_differ_by_case_are_one_on_windows() -> None:
    options = group_options({"os_type": "Windows", "containers": [{"name": "web", "env": {"a": "1", "A": "2"}}]})
    with pytest.raises(InvalidArguments, match="a and A are the same name"):
        make_plan(None, Wanted(options=options))


@pytest.mark.parametrize("profile", [False, True])
def test_they_are_the_same_as_the_long_form(profile: bool) -> None:
    """Both forms give the same body of a PUT, and do not change a group created with the other form."""

    def wanted(**container: Any) -> Wanted:
        given = {
            "location": "westeurope",
            "containers": [{"name": "web", "image": "nginx", **container}],
            "init_containers": [{"name": "prepare", "image": "busybox", **container}],
        }
        return Wanted(options=group_options(given, PROFILE) if profile else group_options(given), profile=profile)

    long = make_plan(None, wanted(environment_variables=LONG))
    short = make_plan(None, wanted(env={"B": 2, "A": "1"}, secure_env={"C": "canary"}))
    assert "canary" in str(long.body)

    def in_order(body: Any) -> Any:
        body = copy.deepcopy(body)
        for kind in ("containers", "initContainers"):
            for container in body["properties"][kind]:
                container["properties"]["environmentVariables"].sort(key=lambda item: item["name"])
        return body

    assert in_order(short.body) == in_order(long.body)
    live = copy.deepcopy(long.body)
    for kind in ("containers", "initContainers"):
        del live["properties"][kind][0]["properties"]["environmentVariables"][2]["secureValue"]
    again = make_plan(live, wanted(env={"A": 1, "B": "2"}, secure_env={"C": "canary"}))
    assert (again.action, again.changes) == ("none", [])
    changed = make_plan(live, wanted(env={"A": 1, "B": "3"}, secure_env={"C": "canary"}))
    assert [change.property for change in changed.changes] == [
        "containers[web].environment_variables[B].value",
        "init_containers[prepare].environment_variables[B].value",
    ]
    assert make_plan(live, wanted(env={})).changes
