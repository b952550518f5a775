# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables in the values of a compose file."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.interpolation import (
    BadTemplate,
    Required,
    interpolated,
)

VARIABLES = {"A": "one", "EMPTY": "", "_b1": "two"}


def text(template: str, missing: list[str] | None = None) -> str:
    return interpolated(template, VARIABLES, (missing if missing is not None else []).append)


@pytest.mark.parametrize(
    ("template", "wanted"),
    [
        ("plain", "plain"),
        ("$A", "one"),
        ("${A}", "one"),
        ("$A-$_b1", "one-two"),
        ("$$A", "$A"),
        ("$$$A", "$one"),
        ("$${A}", "${A}"),
        ("${EMPTY:-d}", "d"),
        ("${EMPTY-d}", ""),
        ("${NONE-d}", "d"),
        ("${NONE:-}", ""),
        ("${NONE:-${A}}", "one"),
        ("${NONE:-${ALSO:-$A}}/x", "one/x"),
        ("${NONE:-a$$b}", "a$b"),
        ("${A:+yes}", "yes"),
        ("${EMPTY:+yes}", ""),
        ("${EMPTY+yes}", "yes"),
        ("${NONE+yes}", ""),
        ("${A:?must}", "one"),
        ("${EMPTY?must}", ""),
        ("${A:-${NONE:?not asked}}", "one"),
        ("${NONE:-{a}}", "{a}"),
    ],
)
def test_what_stands_for_what(template: str, wanted: str) -> None:
    if template == "${NONE:-{a}}":
        wanted = "{a}"  # the first brace ends the default, and the second one is literal
    assert text(template) == wanted


def test_a_variable_without_a_value_is_empty_and_told() -> None:
    missing: list[str] = []
    assert text("a${NONE}b$ALSO", missing) == "ab"
    assert missing == ["NONE", "ALSO"]
    missing.clear()
    assert text("${NONE-d}${A:-$ALSO}${NONE+$ALSO}", missing) == "done"
    assert missing == []


@pytest.mark.parametrize(
    ("template", "words"), [("${NONE:?a tag}", "a tag"), ("${EMPTY:?}", "EMPTY"), ("${NONE?$A}", "one")]
)
def test_required_variables(template: str, words: str) -> None:
    with pytest.raises(Required, match=words):
        text(template)


@pytest.mark.parametrize(
    "template", ["$", "a$ b", "${", "${A", "${}", "${1}", "${A!b}", "$1", "${A:-", "${A:b}", "pa$%"]
)
def test_what_a_dollar_cannot_stand_before(template: str) -> None:
    with pytest.raises(BadTemplate) as caught:
        text(template)
    assert template not in str(caught.value) or len(template) < 3


@given(st.text())
def test_a_text_with_doubled_dollars_is_itself(given_text: str) -> None:
    assert text(given_text.replace("$", "$$")) == given_text


@given(st.text())
def test_values_are_never_read_again(value: str) -> None:
    assert interpolated("<${V}>", {"V": value}, lambda _name: None) == f"<{value}>"


@given(st.text(alphabet="$AB{}:-?+ ", max_size=12))
def test_every_text_has_a_value_or_an_error_of_ours(template: str) -> None:
    with contextlib.suppress(BadTemplate, Required):
        assert isinstance(text(template), str)
