# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Responses that do not have the form that the collection relies on."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.shapes import CONTAINER_GROUP, misfit

SHAPE = {"a": {"b": [{"c": str, "d": float, "e": int, "f": bool}], "": dict}, "g": {"": str}}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": None, "unknown": [1]},
        {"a": {"b": None}},
        {"a": {"b": []}},
        {"a": {"b": [{"c": "", "d": 1, "e": 2.0, "f": False}, {"c": None}]}},
        {"g": {"any": "text", "other": None}},
    ],
)
def test_what_fits(value: Any) -> None:
    assert misfit(value, {**SHAPE, "a": {"b": SHAPE["a"]["b"]}}) is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "the answer is a list instead of an object"),
        ("text", "the answer is a string instead of an object"),
        ({"a": "text"}, "a is a string instead of an object"),
        ({"a": {"b": {}}}, "a.b is an object instead of a list"),
        ({"a": {"b": [None]}}, "a.b[] is null"),
        ({"a": {"b": [[]]}}, "a.b[] is a list instead of an object"),
        ({"a": {"b": [{"c": 1}]}}, "a.b[].c is a whole number instead of a string"),
        ({"a": {"b": [{"d": "1"}]}}, "a.b[].d is a string instead of a number"),
        ({"a": {"b": [{"d": True}]}}, "a.b[].d is true or false instead of a number"),
        ({"a": {"b": [{"d": 10**400}]}}, "a.b[].d is a number outside the valid range"),
        ({"a": {"b": [{"d": -1e300}]}}, "a.b[].d is a number outside the valid range"),
        ({"a": {"b": [{"e": 1.5}]}}, "a.b[].e is a number instead of a whole number"),
        ({"a": {"b": [{"f": 1}]}}, "a.b[].f is a whole number instead of true or false"),
        ({"g": {"\x1bplanted": 1}}, "g.* is a whole number instead of a string"),
    ],
)
def test_what_does_not(value: Any, said: str) -> None:
    assert misfit(value, {**SHAPE, "a": {"b": SHAPE["a"]["b"]}}) == said


def test_a_group() -> None:
    assert misfit({"properties": "text"}, CONTAINER_GROUP) == "properties is a string instead of an object"
