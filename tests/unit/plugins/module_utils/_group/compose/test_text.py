# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""YAML as the compose specification reads it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.text import (
    Override,
    Reset,
    parsed,
)


def value(text: str) -> Any:
    return parsed(f"key: {text}\n".encode(), "compose.yaml")["key"]


@pytest.mark.parametrize(
    "text", ["53:53", "22:22", "1:20:30", "no", "yes", "on", "off", "y", "n", "2026-11-26", "=", "1_000", "0b1"]
)
def test_what_yaml_1_1_takes_for_something_else_is_text(text: str) -> None:
    assert value(text) == text
    assert isinstance(value(text), str)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("true", True), ("False", False), ("~", None), ("", None), ("null", None), ("12", 12), ("0x1F", 31), ("0o17", 15)],
)
def test_what_is_no_text(text: str, wanted: Any) -> None:
    assert value(text) == wanted


def test_numbers_know_how_they_are_written() -> None:
    assert value("0755").written == "0755"
    assert value("0755") == 755
    assert value("1.10").written == "1.10"
    assert value("1.10") == 1.1


def test_quoted_scalars_are_text() -> None:
    assert value('"12"') == "12"
    assert value("'true'") == "true"
    assert value("|\n  1\n") == "1\n"


def test_keys_are_text() -> None:
    assert parsed(b"1: a\non: b\ntrue: c\n", "f") == {"1": "a", "on": "b", "true": "c"}


def test_anchors_and_merges() -> None:
    text = b"x-a: &a {image: i, restart: always}\nservices:\n  web: {<<: *a, image: j}\n  all: {<<: [*a, {image: k}]}\n"
    found = parsed(text, "f")["services"]
    assert found["web"] == {"image": "j", "restart": "always"}
    assert found["all"] == {"image": "i", "restart": "always"}


def test_a_merged_mapping_may_be_used_twice() -> None:
    text = b"x: &a {a: 1}\ny: &b {<<: *a, a: 2}\nz: {<<: *b}\n"
    assert parsed(text, "f")["z"] == {"a": 2}


def test_tags_of_the_specification() -> None:
    found = parsed(b"a: !reset null\nb: !override [1, 2]\nc: !override {d: no}\ne: !override 5\n", "f")
    assert found == {"a": Reset(), "b": Override([1, 2]), "c": Override({"d": "no"}), "e": Override(5)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"a: 1\na: 2\n", "'a' stands twice"),
        (b"a: [1\n", "line"),
        (b"? [a]\n: b\n", "a key is not a string"),
        (b"", "is empty"),
        (b"- a\n", "must be a mapping"),
        (b"a: 1\n---\nb: 2\n", "2 documents"),
        (b"\xff\xfea", "UTF-8"),
        (b"a: !!python/name:os.system x\n", "not a valid compose file"),
        (b"a: &a [*a]\n", "line 1"),
        (b"a: &a {<<: *a}\n", "too deeply"),
        (b"a: {<<: 1}\n", "not a valid compose file"),
        (b"[" * 3000, "too deeply"),
    ],
)
def test_what_is_no_compose_file(text: bytes, words: str) -> None:
    with pytest.raises(InvalidArguments, match=words):
        parsed(text, "compose.yaml")


def test_errors_never_quote_the_file() -> None:
    for text in (b"password: hunter22\n  bad: [\n", b"a: !secret hunter22\n", b"a: *hunter22\n", b"hunter22"):
        with pytest.raises(InvalidArguments) as caught:
            parsed(text, "f")
        assert "hunter22" not in caught.value.msg


def test_references_that_multiply_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8)]
    with pytest.raises(InvalidArguments, match="not a valid compose file"):
        parsed("\n".join(lines).encode(), "f")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc-_.", min_size=1), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text("abc", min_size=1), JSON, min_size=1))
def test_what_a_dumper_writes_is_read_back(document: dict[str, Any]) -> None:
    text = yaml.safe_dump(document, default_style='"', allow_unicode=True)
    plain = parsed(yaml.safe_dump({"texts": [str(document)]}, default_style='"').encode(), "f")
    assert plain == {"texts": [str(document)]}
    assert parsed(text.encode(), "f").keys() == document.keys()
