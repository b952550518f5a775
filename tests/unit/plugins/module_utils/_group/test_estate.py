# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Computations on an estate: options, order, membership, quotas."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group import estate
from ansible_collections.azure_containers.aci.plugins.module_utils._group.plan import TagPolicy, Wanted


def group(name: str, resource_group: str = "RG", **more: Any) -> dict[str, Any]:
    where = f"/subscriptions/s/resourceGroups/{resource_group}/providers/Microsoft.ContainerInstance"
    return {"id": f"{where}/containerGroups/{name}", "name": name, **more}


@pytest.mark.parametrize(
    ("defaults", "entry", "found"),
    [
        ({"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 3}),
        ({"a": 1}, {"a": None}, {}),
        ({"tags": {"a": "1", "b": "1"}}, {"tags": {"b": "2"}}, {"tags": {"a": "1", "b": "2"}}),
        ({"tags": {"a": "1"}}, {"tags": None}, {}),
        ({"tags": "a=1"}, {"tags": {"b": "2"}}, {"tags": {"b": "2"}}),
        ({"ip_address": {"type": "Public"}}, {"ip_address": {"ports": []}}, {"ip_address": {"ports": []}}),
        ({"definition_file": "f"}, {"definition": {"a": 1}}, {"definition": {"a": 1}}),
        ({"definition": {"a": 1}}, {"definition_file": "f"}, {"definition_file": "f"}),
        (
            {"definition_variables": {"A": "1"}},
            {"definition_variables": {"B": "2"}},
            {"definition_variables": {"A": "1", "B": "2"}},
        ),
        ({"definition_variables": {"A": "1"}}, {"name": "a"}, {"name": "a"}),
        (
            {"definition_variables": {"A": "1"}},
            {"definition_file": "f"},
            {"definition_variables": {"A": "1"}, "definition_file": "f"},
        ),
    ],
)
def test_defaults_beneath_an_entry(defaults: dict[str, Any], entry: dict[str, Any], found: dict[str, Any]) -> None:
    assert estate.merged(defaults, entry) == found


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"groups": [{"name": "a"}, "b"], "defaults": {"x": 1}}, [{"x": 1, "name": "a"}, {"x": 1}]),
        ({"groups": "a", "defaults": {"x": 1}}, [{"x": 1}]),
        ({"groups": [], "defaults": "x"}, [{}]),
        ({}, [{}]),
    ],
)
def test_entries_of_whatever_was_given(params: dict[str, Any], found: list[dict[str, Any]]) -> None:
    assert estate.merged_entries(params) == found


KEYS = [("rg", "web"), ("rg", "api"), ("other", "api"), ("rg", "db")]


def test_names_of_what_comes_before() -> None:
    assert estate.needs(KEYS, [["RG/api", "db"], ["DB"], [], []]) == [{1, 3}, {3}, set(), set()]


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ([["api"], [], [], []], ["rg/web", "rg/api, other/api"]),
        ([["nobody"], [], [], []], ["rg/web", "nobody"]),
        ([["web"], [], [], []], ["rg/web after rg/web"]),
        ([["db"], [], [], ["web"]], ["rg/web after rg/db after rg/web"]),
        ([[], ["db"], ["web"], ["rg/api"]], ["rg/api after rg/db after rg/api"]),
    ],
)
def test_orders_that_are_none(after: list[list[str]], words: list[str]) -> None:
    with pytest.raises(InvalidArguments) as caught:
        estate.needs(KEYS, after)
    assert all(word in caught.value.msg for word in words), caught.value.msg


def test_a_long_row_is_no_circle() -> None:
    keys = [("rg", f"w{index}") for index in range(500)]
    after = [[], *([f"w{index}"] for index in range(499))]
    assert estate.needs(keys, after)[499] == {498}


def test_every_entry_is_in_exactly_one_slice() -> None:
    taken = [estate.chosen(KEYS, None, f"{number}/3") for number in (1, 2, 3)]
    assert [sum(each) for each in zip(*taken, strict=True)] == [1, 1, 1, 1]


@pytest.mark.parametrize("part", ["0/2", "3/2", "1", "1/0", "a/b", "1/2/3", "-1/2", ""])
def test_slices_that_are_none(part: str) -> None:
    with pytest.raises(InvalidArguments):
        estate.chosen(KEYS, None, part)


def test_patterns_of_names() -> None:
    assert estate.chosen(KEYS, ["a*"], None) == [False, True, True, False]
    assert estate.chosen(KEYS, ["RG/*"], None) == [True, True, False, True]
    assert estate.chosen(KEYS, ["rg/*"], "1/2") == [True, False, False, False]
    with pytest.raises(InvalidArguments):
        estate.chosen(KEYS, ["a*", "x"], None)


def test_the_tag_of_an_estate_beside_all_others() -> None:
    purging = TagPolicy(True, ("hidden-*",))
    plain = estate.in_estate(Wanted({"tags": None}, tags=purging), "shop")
    assert plain.options["tags"] == {"aci_estate": "shop"}
    assert not plain.tags.purge  # a task without tags does not purge any
    given = estate.in_estate(Wanted({"tags": {"a": "1", "ACI_ESTATE": "x"}}, tags=purging), "shop")
    assert given.options["tags"] == {"a": "1", "aci_estate": "shop"}
    assert given.tags.purge
    defined = estate.in_estate(Wanted({"tags": None}, definition={"tags": {"b": "2"}}, tags=purging), "shop")
    assert defined.options["tags"] == {"b": "2", "aci_estate": "shop"}
    assert estate.estate_of({"tags": {"Aci_Estate": "shop"}}) == "shop"
    assert estate.estate_of({"tags": None}) is None
    assert estate.estate_of(None) is None


@pytest.mark.parametrize("name", ["", " ", "a\n", "x" * 257])
def test_names_that_no_estate_has(name: str) -> None:
    with pytest.raises(InvalidArguments):
        estate.checked_estate(name)


def test_what_left_is_sorted_and_counted() -> None:
    tags = {"aci_estate": "shop"}
    listed = [
        group("c", tags=tags),
        group("a", tags=tags),
        group("kept", tags={**tags, "keep": "x"}),
        group("here", tags=tags),
        group("foreign", tags={"aci_estate": "blog"}),
        group("free"),
    ]
    found = estate.leaving(listed, {("rg", "here")}, "shop", "keep")
    assert [each["name"] for each in found.groups] == ["a", "c"]
    assert [(each["name"], reason) for each, reason in found.kept] == [("kept", "it has the tag keep")]
    assert found.members == 4


@pytest.mark.parametrize(
    ("limit", "members", "most"),
    [
        ("10%", 0, 1),
        ("10%", 19, 1),
        ("10%", 20, 2),
        ("10 %", 39, 3),
        ("0%", 50, 1),
        ("100%", 7, 7),
        ("0", 9, 0),
        ("5", 2, 5),
    ],
)
def test_how_many_may_go(limit: str, members: int, most: int) -> None:
    assert estate.most_removed(limit, members) == most


@pytest.mark.parametrize("limit", ["", "ten", "-1", "1.5", "101%", "%"])
def test_limits_that_are_none(limit: str) -> None:
    with pytest.raises(InvalidArguments):
        estate.most_removed(limit, 10)


def sized(cpu: float, location: str) -> dict[str, Any]:
    container = {"properties": {"resources": {"requests": {"cpu": cpu}}}}
    return {"location": location, "properties": {"sku": "Standard", "containers": [container]}}


def test_quotas_are_summed_by_region_and_only_what_grows_counts() -> None:
    pairs = [
        (None, sized(2, "West Europe")),
        (None, sized(1, "westeurope")),
        (sized(1, "eastus"), sized(4, "eastus")),
        (sized(4, "northeurope"), sized(1, "northeurope")),
        (sized(1, "southindia"), None),
    ]
    needed = estate.needed_quota(pairs)
    assert needed == {
        "westeurope": {"ContainerGroups": 2, "StandardCores": 3.0},
        "eastus": {"StandardCores": 3.0},
    }
    usages = [
        {"name": {"value": "StandardCores"}, "currentValue": 8, "limit": 10},
        {"name": {"value": "ContainerGroups"}, "currentValue": 1, "limit": 3},
        {"name": {"value": "Other"}, "currentValue": 9, "limit": 3},
        {"name": {"value": "StandardCores"}, "limit": "x"},
    ]
    short = estate.short_quota(usages, "westeurope", needed["westeurope"])
    assert short == ["StandardCores in westeurope: the limit is 10, 8 are in use and 3 more are needed"]
