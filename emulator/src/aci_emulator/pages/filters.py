# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Formats states, times and strings for a page. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup

# The tone of a state: a word for the style sheet. The state itself is always written too.
_TONES = {
    "running": "good",
    "succeeded": "good",
    "pending": "busy",
    "waiting": "busy",
    "creating": "busy",
    "updating": "busy",
    "deleting": "busy",
    "repairing": "busy",
    "failed": "bad",
    "trouble": "bad",
    "unhealthy": "bad",
    "warning": "bad",
}
# A terminal's escape sequences for colours, cursor movements and the title.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_CONTROLS = {code: chr(0x2400 + code) for code in range(32) if chr(code) not in "\t\n"} | {127: "\u2421"}
# C1 control characters, and those that change the direction of text.
_TRICKS = dict.fromkeys((*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd")
_GUID = re.compile(r"\b([0-9a-fA-F]{8})(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b")
_DIGEST = re.compile(r"\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b")
# A part of a name and the punctuation marks at its end; a line may break after them.
_PARTS = re.compile(r"[^/\-._:@=,&]*[/\-._:@=,&]+|[^/\-._:@=,&]+")
_HALVES = re.compile("[\ud800-\udfff]")


def tone(state: str | None) -> str:
    """Returns the tone of a state: good, busy, bad or idle."""
    return _TONES.get((state or "").lower(), "idle")


def container_tone(state: Mapping[str, Any]) -> str:
    """Returns the tone of a container's state; if the container has terminated, its exit code decides."""
    if state.get("state") == "Terminated":
        return "idle" if state.get("exitCode") in (0, None) else "bad"
    if _waits_off(state):
        return "bad"
    return tone(state.get("state"))


def container_word(state: Mapping[str, Any]) -> str:
    """Returns a container's state in a word or two: the reason of a back-off is more useful than Waiting."""
    if _waits_off(state):
        return str(state["detailStatus"]).partition(":")[0]
    return str(state.get("state") or "")


def _waits_off(state: Mapping[str, Any]) -> bool:
    return state.get("state") == "Waiting" and "BackOff" in str(state.get("detailStatus", "")).partition(":")[0]


def status_tone(status: int | None) -> str:
    """Returns the tone of an HTTP status; None stands for no answer."""
    if status is None or status >= 500:
        return "bad"
    return "busy" if status >= 400 else "good"


def stamp(text: str) -> str:
    """Returns a time in a readable format: ``2026-01-31 12:00:05``. Other strings remain unchanged."""
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return text


def plain(text: str) -> str:
    """Returns a string that is safe to display: without escape sequences, and with visible control characters."""
    text = _ESCAPES.sub("", text.replace("\r\n", "\n"))
    return _HALVES.sub("\ufffd", text.translate(_CONTROLS).translate(_TRICKS))


def path(text: str) -> Markup:
    """Returns a path for a narrow column: GUIDs are shortened to their first part, lines break between words."""
    return wrap(_GUID.sub("\\1\u2026", text))


def wrap(text: str) -> Markup:
    """Returns a name, an address or an image, safe to display, with line breaks only between its parts."""
    return Markup("<wbr>").join(_PARTS.findall(_DIGEST.sub("\\1\u2026", plain(str(text)))))


def count(number: int, singular: str, plural: str = "") -> str:
    """Returns a number with its noun."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"
