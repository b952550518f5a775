# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Masking: the forms of a secret that it finds, what it does not change, and what is secret because of its place."""

from __future__ import annotations

import base64
import functools
import json
import time
import urllib.parse
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common import masking
from ansible_collections.azure_containers.aci.plugins.module_utils._common.masked_results import masked
from ansible_collections.azure_containers.aci.plugins.module_utils._common.masking import HIDDEN, MASK, Masker

SECRET = 'pla "nted/+ü\\ value'
LINES = "-----BEGIN KEY-----\nfirst-line-of-it\r\n  second-line-of-it\n}\n-----END KEY-----\n"


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


class TestForms:
    @pytest.mark.parametrize(
        "form",
        [
            SECRET,
            encoded(SECRET),
            encoded(SECRET).rstrip("="),
            encoded(f"{SECRET}\n"),
            json.dumps(SECRET)[1:-1],
            json.dumps(SECRET, ensure_ascii=False)[1:-1],
            json.dumps(json.dumps(SECRET))[3:-3],
            urllib.parse.quote(SECRET),
            urllib.parse.quote(SECRET, safe=""),
            urllib.parse.quote_plus(SECRET),
        ],
    )
    def test_of_one_text(self, form: str) -> None:
        assert Masker({SECRET}).text(f"<{form}>").rstrip("=>") == f"<{MASK}"
        assert Masker({SECRET}).result({"a": [form]}) == {"a": [HIDDEN]}

    def test_of_many_lines(self) -> None:
        masker = Masker({LINES})
        assert masker.text(f"x\n{LINES}y") == f"x\n{MASK}y"
        for line in map(str.strip, LINES.splitlines()):
            if line != "}":
                assert line not in masker.text(f"job said {line}")
        assert masker.text("}") == MASK
        assert masker.text("{}}") == "{}}"
        assert "first-line" not in masker.text(json.dumps({"key": LINES}))

    @pytest.mark.parametrize("given", [encoded("a-file-in-a-volume\nwith two lines"), encoded(LINES)])
    def test_of_base64(self, given: str) -> None:
        masker = Masker({given})
        assert masker.text(f"is {given}") == f"is {MASK}"
        for line in base64.b64decode(given).decode().split("\n"):
            assert len(line) < 4 or line.strip() not in masker.text(f"is {line}")

    def test_what_only_looks_like_base64(self) -> None:
        assert Masker({"abcdefgh"}).text("i·") == "i·"

    def test_the_longest_first(self) -> None:
        assert Masker({"planted", "planted-too"}).text("planted-too planted") == f"{MASK} {MASK}"

    def test_a_mask_is_no_secret(self) -> None:
        assert Masker({MASK, HIDDEN, " ", "\n"}).text(f"{MASK} {HIDDEN}  ") == f"{MASK} {HIDDEN}  "

    def test_without_secrets_nothing_is_copied(self) -> None:
        result = {"a": [1, "b"]}
        assert Masker().result(result) is result

    def test_a_long_log_takes_no_time(self) -> None:
        masker = Masker({"\n".join(f"line-{number}-of-a-long-key" * 2 for number in range(50))})
        begin = time.process_time()
        masker.result({"content": "a line of a log without any secret\n" * 30_000})
        assert time.process_time() - begin < 5


class TestOptions:
    spec: dict[str, Any] = {
        "name": {"type": "str"},
        "secret": {"type": "str", "no_log": True, "aliases": ["old"]},
        "items": {
            "type": "list",
            "elements": "dict",
            "options": {"name": {"type": "str"}, "value": {"type": "raw", "no_log": True}},
        },
        "url": {"type": "str"},
    }

    @pytest.mark.parametrize(
        "params",
        [
            {"secret": "planted"},
            {"old": "planted"},
            {"items": [{"name": "a", "value": "planted"}]},
            {"items": [{"name": "a", "valu": "planted"}]},
            {"items": ["value=planted"]},
            {"items": "value=planted"},
            {"items": {"value": "planted"}},
            {"sceret": "planted"},
            {"url": "https://u:planted@h/"},
        ],
    )
    def test_hidden_whatever_their_shape(self, params: dict[str, Any]) -> None:
        given = {"name": "web", **params}
        shown = masking.shown_options(self.spec, given)
        assert "planted" not in str(shown)
        assert shown["name"] == "web"
        assert given["name"] == "web"
        assert "planted" in str(given)

    def test_texts(self) -> None:
        params = {"name": "web", "old": "a1", "items": [{"name": "x", "value": 5}, "misfit"]}
        assert set(masking.no_log_texts(self.spec, params)) == {"a1", "5", "misfit"}


def test_many_secrets_are_taken_out_as_few_are() -> None:
    secrets = [f"pass-{index}-word" for index in range(200)]
    many, one = Masker(secrets), Masker(["pass-150-word"])
    for text in ("nothing here", "say pass-150-word twice: pass-150-word", "pass-150-wor", "", "pas", "pass-150-word"):
        assert many.text(text) == one.text(text)
    assert many.result({"a": ["x pass-7-word", "pass-x"]}) == {"a": ["x ********", "pass-x"]}


CANARIES = [
    "canary-plain-7Qx",
    'canary "quoted" 7Qx',
    "canary\\back\\7Qx",
    "canary\nin two\tlines",
    "canary/slash?7Qx=",
    "canary-ümläut-日本-7Qx",
    "canary-😀-7Qx",
    "canary-\ud800-7Qx",
    "canary-\x00\x1f\x7f-7Qx",
    "canary-</script>\u2028-7Qx",
    " canary with spaces ",
    "7340251",
    "-12.75",
    "1e+300",
    "true",
    "abc",
]


class TestSearchingAResultAsAWhole:
    """Where nothing is found, nobody looks at each text. So nothing may be missed."""

    @pytest.mark.parametrize("secret", CANARIES)
    @pytest.mark.parametrize("form", ["as it is", "in a sentence", "as JSON", "twice JSON", "base64", "quoted", "repr"])
    def test_lets_no_canary_through(self, secret: str, form: str) -> None:
        text = {
            "as it is": secret,
            "in a sentence": f"before {secret}, after",
            "as JSON": json.dumps({"key": secret}),
            "twice JSON": json.dumps(json.dumps({"key": secret})),
            "base64": base64.b64encode(secret.encode("utf-8", "replace")).decode(),
            "quoted": f"https://h/?x={urllib.parse.quote(secret.encode('utf-8', 'replace'), safe='')}",
            "repr": repr(secret),
        }[form]
        masker = Masker([secret])
        mask = functools.partial(masker.text, whole=HIDDEN)
        for value in (text, {"a": [{"b": {"tags": {"c": text}}}]}, [["x", (text,)], None, True]):
            assert masker.result(value) == masked(value, mask, masker._is_secret_number)
        if len(secret.strip()) >= masking.SHORT:
            assert secret.strip() not in str(masker.result({"a": [{"b": text}]})["a"][0]["b"])

    @pytest.mark.parametrize(
        ("secret", "number"), [("7340251", 7340251), ("-12.75", -12.75), ("1e+300", 1e300), ("-inf", float("-inf"))]
    )
    def test_lets_no_number_through(self, secret: str, number: float) -> None:
        assert Masker([secret]).result({"a": [number, "x"]}) == {"a": [HIDDEN, "x"]}

    @pytest.mark.parametrize("stranger", [{1, 2}, object(), b"bytes", {("a", "b"): 1}, float("nan")])
    def test_what_json_cannot_say_is_looked_at_text_by_text(self, stranger: Any) -> None:
        found = Masker(["canary-plain-7Qx"]).result({"stranger": stranger, "b": "see canary-plain-7Qx"})
        assert found == {"stranger": stranger, "b": f"see {MASK}"}

    def test_many_secrets(self) -> None:
        masker = Masker([f"canary-{number}-7Qx" for number in range(300)])
        assert masker.result({"a": ["x canary-299-7Qx"]}) == {"a": [f"x {MASK}"]}

    def test_without_a_secret_nothing_is_copied(self) -> None:
        value = {"container_groups": [{"name": f"web-{number}", "tags": {"team": "a"}} for number in range(50)]}
        assert Masker(["canary-plain-7Qx"]).result(value) is value
