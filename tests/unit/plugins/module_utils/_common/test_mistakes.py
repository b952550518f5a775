# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes in options: everything that Ansible's own validation would refuse or change is found before."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.azure_containers.aci.plugins.module_utils._common.mistakes import Mistake, kind_of, search

SPEC: dict[str, Any] = {
    "text": {"type": "str"},
    "needed": {"type": "str", "required": True, "aliases": ["wanted"]},
    "with_default": {"type": "str", "default": "x"},
    "choice": {"type": "str", "choices": ["warn", "strict", "off"]},
    "raw": {"type": "raw"},
    "flag": {"type": "bool"},
    "whole": {"type": "int"},
    "number": {"type": "float"},
    "free": {"type": "dict"},
    "texts": {"type": "list", "elements": "str"},
    "raws": {"type": "list", "elements": "raw"},
    "wholes": {"type": "list", "elements": "int"},
    "names": {"type": "list", "elements": "str", "choices": ["a", "b"]},
    "inner": {
        "type": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            "secret": {"type": "str", "no_log": True},
            "items": {"type": "list", "elements": "dict", "options": {"port": {"type": "int", "required": True}}},
        },
    },
}


def found(**params: Any) -> list[tuple[str, str]]:
    return [(mistake.kind, mistake.path) for mistake in search(SPEC, {"needed": "x", **params}).mistakes]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.floats()
    | st.sampled_from(
        ["", "a", "b", "a,b", "a, b", "k=v", "k=v,l=w", "{}", '{"name": "x"}', "80", "1.5", "off", "yes", "[1]"]
    )
    | st.sampled_from(["{", "name=x port=y", "inf", "nan", "1e400"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "secret", "items", "port", "other"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*SPEC, "wanted", "other"]), VALUES, max_size=4))
def test_ansible_finds_nothing_else(params: dict[str, Any]) -> None:
    """Accepted options are valid for Ansible, and its validation does not change them."""
    result = search(SPEC, params)
    if result.mistakes:
        return
    validated = ArgumentSpecValidator(SPEC).validate(params)
    assert validated.error_messages == []
    for option in ("texts", "raws"):
        value = params.get(option)
        if isinstance(value, str):
            assert validated.validated_parameters[option] == [value]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"text": 1, "flag": "yes", "whole": "5", "number": "1.5", "raw": 5, "free": "a=b"}, []),
        ({"text": 1.5, "whole": 5.0, "number": 5, "flag": 1, "free": '{"a": 1}', "choice": False}, []),
        ({"text": None, "whole": None, "inner": None, "texts": None}, []),
        ({"inner": "name=x", "texts": [1, True], "names": "a,b", "wholes": [1, "2"]}, []),
        ({"needed": None}, [("missing", "needed")]),
        ({"with_default": None}, [("type", "with_default")]),
        ({"text": ["a"]}, [("type", "text")]),
        ({"raw": True}, [("type", "raw")]),
        ({"raw": 1.1}, [("type", "raw")]),
        ({"whole": True}, [("type", "whole")]),
        ({"whole": 1.5}, [("type", "whole")]),
        ({"number": "nan"}, [("type", "number")]),
        ({"flag": "perhaps"}, [("type", "flag")]),
        ({"choice": "of"}, [("choice", "choice")]),
        ({"free": "text"}, [("type", "free")]),
        ({"texts": "a b"}, [("split", "texts")]),
        ({"texts": "a,b"}, [("split", "texts")]),
        ({"texts": ""}, [("split", "texts")]),
        ({"texts": {"a": 1}}, [("type", "texts")]),
        ({"texts": [None, ["a"]]}, [("type", "texts[0]"), ("type", "texts[1]")]),
        ({"raws": [1.5]}, [("type", "raws[0]")]),
        ({"wholes": ["x", 1]}, [("type", "wholes[0]")]),
        ({"names": "a, b"}, [("split", "names")]),
        ({"names": ["c"]}, [("choice", "names[0]")]),
        ({"inner": {"nme": "x"}}, [("unknown", "inner.nme"), ("missing", "inner.name")]),
        ({"inner": {"name": "x", "items": [{"port": 1}, {"port": "x"}]}}, [("type", "inner.items[1].port")]),
        ({"inner": {"name": "x", "items": [80, {}]}}, [("type", "inner.items[0]"), ("missing", "inner.items[1].port")]),
        ({"inner": {"name": "x", "items": "port=80,port=81"}}, [("split", "inner.items")]),
        ({"other": 1}, [("unknown", "other")]),
    ],
)
def test_mistakes(params: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(**params) == expected


def test_an_alias_is_as_good_as_the_name() -> None:
    assert search(SPEC, {"wanted": "x"}).mistakes == []
    assert [mistake.path for mistake in search(SPEC, {"wanted": ["x"]}).mistakes] == ["wanted"]


@pytest.mark.parametrize(
    ("params", "path"),
    [
        ({"texts": "a"}, "texts"),
        ({"raws": "a"}, "raws"),
        ({"texts": 5}, "texts"),
        ({"inner": {"name": "x", "items": "port=80"}}, "inner.items"),
    ],
)
def test_a_single_value_is_one_element_for_now(params: dict[str, Any], path: str) -> None:
    result = search(SPEC, {"needed": "x", **params})
    assert result.mistakes == []
    assert [mistake.path for mistake in result.texts_as_lists] == [path]


def test_a_text_of_names_is_split_as_ever() -> None:
    result = search(SPEC, {"needed": "x", "names": "a,b"})
    assert (result.mistakes, result.texts_as_lists) == ([], [])


@pytest.mark.parametrize(
    ("params", "hidden"),
    [
        ({"inner": {"name": "x", "secret": ["s"]}}, True),
        ({"inner": "secret"}, True),
        ({"inner": "c2VjcmV0=="}, True),
        ({"inner": {"name": "x", "items": 5}}, False),
        ({"whole": "five"}, False),
    ],
)
def test_what_may_be_a_secret_is_marked(params: dict[str, Any], hidden: bool) -> None:
    mistakes = [each for each in search(SPEC, {"needed": "x", **params}).mistakes if each.kind != "missing"]
    assert {mistake.hidden for mistake in mistakes} == {hidden}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "a boolean"),
        ("a", "a string"),
        (1, "a whole number"),
        (1.5, "a number"),
        ({}, "a dictionary"),
        ([], "a list"),
        ((), "a list"),
    ],
)
def test_kinds_have_the_words_of_yaml(value: Any, words: str) -> None:
    assert kind_of(value) == words
    assert isinstance(Mistake("type", "a", ("a",), {}, value).options, tuple)
