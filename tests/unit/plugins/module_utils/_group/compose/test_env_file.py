# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of environment variables."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.env_file import (
    raw_variables_of,
    variables_of,
)


def variables(text: str, **environment: str) -> dict[str, str | None]:
    return variables_of(text.encode(), "app.env", environment, lambda _name: None)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("A=b", "b"),
        ("A = b ", "b"),
        ("export A=b", "b"),
        ("A: b", "b"),
        ("A=", ""),
        ("A=b # comment", "b"),
        ("A=b#c", "b#c"),
        ("A=#c", ""),
        ("A='b # $C'", "b # $C"),
        ('A="b # ${C}"', "b # see"),
        (r'A="b\n\"c\" \$C \\"', 'b\n"c" $C \\'),
        ("A='b' # comment", "b"),
        ("A=${C}-${D:-d}", "see-d"),
        ("A=it's", "it's"),
        ("A=a=b", "a=b"),
        ("A='two\nlines'", "two\nlines"),
        ('A="two\nlines"', "two\nlines"),
        ("A=b\r", "b"),
    ],
)
def test_values(line: str, wanted: str) -> None:
    assert variables(f"# comment\n\n{line}\nZ=z\n", C="see") == {"A": wanted, "Z": "z"}


def test_a_value_may_refer_to_those_above_and_the_environment_wins() -> None:
    assert variables("A=1\nB=$A-$C\n", C="c") == {"A": "1", "B": "1-c"}
    assert variables("A=1\nB=$A\n", A="2") == {"A": "1", "B": "2"}


def test_a_name_alone_has_no_value() -> None:
    assert variables("A\nB # comment\n") == {"A": None, "B": None}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A='open", "line 1: a quote is not closed"),
        ('X=1\nA="open', "line 2: a quote is not closed"),
        ("A='b' c", "line 1: there is text after"),
        ("A b", "line 1: = is missing"),
        ("=b", "line 1: the line must start"),
        ("A=pa$", "line 1: a single"),
        ("A=${NONE:?give it}", "line 1: give it"),
    ],
)
def test_errors_have_the_line_and_not_its_text(text: str, words: str) -> None:
    with pytest.raises(InvalidArguments, match=words):
        variables(text)


def test_raw_files_are_taken_as_they_stand() -> None:
    text = b"# comment\nA='b' # $C\nB\nC = d=e \n"
    assert raw_variables_of(text, "f") == {"A": "'b' # $C", "B": None, "C": " d=e "}


def test_what_is_no_text() -> None:
    for read in (raw_variables_of, lambda content, path: variables_of(content, path, {}, lambda _name: None)):
        with pytest.raises(InvalidArguments, match="UTF-8"):
            read(b"A=\xff\xfe", "f")


@given(
    st.dictionaries(
        st.from_regex(r"[A-Z_][A-Z0-9_]{0,5}", fullmatch=True),
        st.text(st.characters(codec="utf-8", exclude_characters="\r")),
    )
)
def test_quoted_values_are_read_back(given_variables: dict[str, str]) -> None:
    def quoted(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$") + '"'

    text = "".join(f"{name}={quoted(value)}\n" for name, value in given_variables.items())
    assert variables(text) == given_variables


@given(st.text(alphabet="AB= '\"#$\\\n{}:", max_size=20))
def test_every_file_has_variables_or_an_error_of_ours(text: str) -> None:
    with contextlib.suppress(InvalidArguments):
        assert isinstance(variables(text), dict)
