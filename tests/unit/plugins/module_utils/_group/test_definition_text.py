# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Definition files as bytes: encodings, JSON with comments, YAML, and where ``${NAME}`` is a variable."""

from __future__ import annotations

import codecs
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group import definition_text as texts

TEXT = '{"name": "wéb", "properties": {}}'
VALUE = {"name": "wéb", "properties": {}}


def value(content: str | bytes, **variables: str) -> Any:
    return texts.parsed(content.encode() if isinstance(content, str) else content, variables).value


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
        codecs.BOM_UTF16_LE + "name: wéb\r\nproperties: {}\r\n".encode("utf-16-le"),
    ],
)
def test_encodings(content: bytes) -> None:
    assert value(content) == VALUE


@pytest.mark.parametrize("content", [b"name: w\xe9b", codecs.BOM_UTF16_LE + b"a"])
def test_an_encoding_that_is_none(content: bytes) -> None:
    with pytest.raises(texts.NotADocument, match="UTF-16 with a byte order mark"):
        value(content)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{ // it\'s the "group"\n"a": 1, /* and\nmore */ "b": [1, 2,],\n}', {"a": 1, "b": [1, 2]}),
        (
            '// first\n{"url": "https://a/*b*/c", "comma": ",}", "quote": "\\"//"}',
            {"url": "https://a/*b*/c", "comma": ",}", "quote": '"//'},
        ),
        ('{\t"a":\t1}', {"a": 1}),
        ('{"command": "two\nlines"}', {"command": "two\nlines"}),
        ("{name: web, tags: {a: b}}", {"name": "web", "tags": {"a": "b"}}),
        ("name: web\n", {"name": "web"}),
        ("---\nname: web\n---\n", {"name": "web"}),
        ("---\nname: web\n...\n", {"name": "web"}),
        ("a: 2024-01-02", {"a": "2024-01-02"}),
        ("", None),
    ],
)
def test_json_and_yaml(text: str, found: Any) -> None:
    assert value(text) == found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a": 1,\n "b": planted planted: {}', r"not valid JSON \(line 2\)"),
        ("a: b\nc: planted: d", r"not valid YAML or JSON \(line 2\)"),
        ("a: 1\n---\nplanted: 2\n---\nc: 3", "has 3 documents"),
        ("a: {planted: .nan}", "a value that JSON cannot hold"),
        ("[" * 5000, "nested too deeply"),
    ],
)
def test_what_is_no_document(text: str, says: str) -> None:
    with pytest.raises(texts.NotADocument, match=says) as caught:
        value(text)
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: ${X}", "one"),
        ("a: before-${X}-after ${X}", "before-one-after one"),
        ("a: ${X}${Y}", "onetwo"),
        ("a: '${X}'", "${X}"),
        ('a: "${X}"', "${X}"),
        ("a: |\n  ${X}\n", "${X}\n"),
        ("a: >-\n  ${X}\n", "${X}"),
        ("a: !!str ${X}", "${X}"),
        ("a: $X", "$X"),
        ('{"a": "${X}"}', "${X}"),
    ],
)
def test_where_a_variable_counts(text: str, found: str) -> None:
    document = texts.parsed(text.encode(), {"X": "one", "Y": "two"})
    assert document.value == {"a": found}
    assert document.missing == ()
    assert document.landed == (frozenset() if "$" in found else {found})
    assert document.literal == (("X",) if "${X}" in found else ())


@pytest.mark.parametrize("text", ["yes", "1", "a: b", "[x]", "${Y}", "line\nline", "# x", "null", "{{ x }}", '"'])
def test_a_value_is_text_whatever_it_contains(text: str) -> None:
    assert value("a: ${X}", X=text) == {"a": text}


def test_variables_without_a_value() -> None:
    document = texts.parsed(b"a: ${X}-${Y}\nb: [ '${Z}' ]\nc: ${some-name}\nd: ${X}", {"Y": "two"})
    assert document.missing == ("X", "some-name")
    assert document.landed == {"${X}-two"}


def test_variables_as_keys_and_in_what_is_repeated() -> None:
    assert value("a: &a {b: 1, c: d}\n${X}: *a", X="key") == {"a": {"b": 1, "c": "d"}, "key": {"b": 1, "c": "d"}}


def test_one_file_says_nothing_of_the_next() -> None:
    value("a: ${X}", X="one")
    import yaml

    assert yaml.safe_load("a: ${X}") == {"a": "${X}"}
