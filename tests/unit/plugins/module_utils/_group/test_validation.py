# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The results of checks, and their helper functions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group import validation
from ansible_collections.azure_containers.aci.plugins.module_utils._group.validation import (
    Body,
    Check,
    Finding,
    findings,
)


def _names(body: Body) -> Iterator[tuple[str, str]]:
    for path, container in validation.all_containers(body):
        if container.get("name") == "bad":
            yield f"{path}.name", "bad is not a good name."


def _twice(body: Body) -> Iterator[tuple[str, str]]:
    yield from _names(body)
    yield from _names(body)


CHECK = Check("names", "Names are good.", "a recording", _names, late=True)


def group(*names: str, init: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "properties": {
            "containers": [{"name": name} for name in names],
            "initContainers": [{"name": name} for name in init],
        }
    }


def test_a_finding_has_all_that_its_check_says() -> None:
    (found,) = findings([CHECK], group("good", "bad"))
    assert found == Finding("names", "containers[bad].name", "bad is not a good name.", "a recording", late=True)
    assert str(found) == "containers[bad].name: bad is not a good name."
    assert found.as_result() == {
        "rule": "names",
        "path": "containers[bad].name",
        "message": "bad is not a good name.",
        "evidence": "a recording",
    }


def test_the_order_is_that_of_the_checks_and_nothing_is_told_twice() -> None:
    other = Check("twice", "", "", _twice)
    found = findings([other, CHECK], group("bad", init=("bad",)))
    assert [(each.rule, each.path) for each in found] == [
        ("twice", "containers[bad].name"),
        ("twice", "init_containers[bad].name"),
        ("names", "containers[bad].name"),
        ("names", "init_containers[bad].name"),
    ]


@pytest.mark.parametrize(
    ("live", "paths"),
    [
        (None, ["containers[bad].name", "init_containers[bad].name"]),
        (group("good"), ["containers[bad].name", "init_containers[bad].name"]),
        (group("bad"), ["init_containers[bad].name"]),
        (group("bad", init=("bad",)), []),
    ],
)
def test_what_the_live_group_has_already_is_not_found(live: dict[str, Any] | None, paths: list[str]) -> None:
    assert [each.path for each in findings([CHECK], group("bad", init=("bad",)), live)] == paths


@pytest.mark.parametrize("body", [{}, {"properties": None}, {"properties": []}, {"properties": {"containers": "x"}}])
def test_strange_bodies_have_nothing(body: dict[str, Any]) -> None:
    assert list(validation.all_containers(body)) == []
    assert validation.objects(validation.properties_of(body), "containers") == []
    assert not validation.has_profile(body)


def test_objects_leaves_out_what_is_none() -> None:
    assert validation.objects({"a": {"b": [{"x": 1}, None, "text", []]}}, "a.b") == [{"x": 1}]


def test_a_profile() -> None:
    assert validation.has_profile({"properties": {"containerGroupProfile": {}}})


@pytest.mark.parametrize(("value", "expected"), [(1, 1.0), (0.5, 0.5), (True, 0.0), ("3", 0.0), (None, 0.0), ([], 0.0)])
def test_numbers(value: Any, expected: float) -> None:
    assert validation.number(value) == expected


@pytest.mark.parametrize(
    ("value", "default", "expected"), [("Linux", "", "linux"), (None, "Always", "always"), ("", "X", "x"), (5, "", "5")]
)
def test_enumerations(value: Any, default: str, expected: str) -> None:
    assert validation.lower(value, default) == expected
