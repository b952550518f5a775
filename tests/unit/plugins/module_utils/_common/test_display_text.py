# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Control characters are made visible."""

from __future__ import annotations

import unicodedata

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.display_text import (
    display_line,
    display_text,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("50%\r100%", "50%\\r100%"),
        ("\x7f\x9b2J", "\\x7f\\x9b2J"),
        ("\u202eback\u2069\u2028", "\\u202eback\\u2069\\u2028"),
        ("two\n\tlines", "two\n\tlines"),
        ("größer \u05d0 \U0001f600", "größer \u05d0 \U0001f600"),
    ],
)
def test_control_characters_are_shown(text: str, shown: str) -> None:
    assert display_text(text) == shown
    assert display_text(shown) == shown


def test_no_control_character_is_left() -> None:
    every = "".join(map(chr, range(0x3000)))
    left = {character for character in display_text(every) if unicodedata.category(character) in ("Cc", "Zl", "Zp")}
    assert left == {"\n", "\t"}
    assert not {character for character in display_text(every) if unicodedata.bidirectional(character) in BIDI}


BIDI = ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")


def test_a_line_is_one_line() -> None:
    assert display_line("ok\nfailed: [web]") == "ok\\nfailed: [web]"


def test_a_failure_shows_them_to_a_person_and_keeps_the_data() -> None:
    error = AciError("Event \x1b[2J.", message="\x1b[2J", result={"reason": "\x1b[2J"})
    failure = error.as_failure()
    assert failure["msg"] == str(error) == "Event \\x1b[2J."
    assert failure["error"]["message"] == "\\x1b[2J"
    assert failure["reason"] == "\x1b[2J"
