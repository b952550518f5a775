# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Makes text from outside safe to print: control characters could clear a terminal or reorder its text. Pure."""

from __future__ import annotations

import re

# C0 except tab and line feed, DEL and C1; line and paragraph separators; bidirectional overrides and isolates.
# It is compiled at its first use: few tasks print text from outside, and this file takes part in the time of all.
_ORDERS = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"


def display_text(text: str) -> str:
    """The text, on as many lines as it has, with control characters made visible: ``\\x1b`` for an escape."""
    return re.sub(_ORDERS, _shown, text)


def display_line(text: str) -> str:
    """The same for a single line: line breaks are shown too, so that no part of it can pass for another message."""
    return display_text(text).replace("\n", "\\n")


def _shown(found: re.Match[str]) -> str:
    number = ord(found[0])
    if found[0] == "\r":
        return "\\r"
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
