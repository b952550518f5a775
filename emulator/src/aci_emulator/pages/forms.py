# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Converts the fields of a form to the JSON of a control endpoint, which validates them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from ..arm.errors import ArmError
from ..serving.access import CSRF_FIELD, MOST_FIELDS

_WHOLE = ("after", "times", "seed", "status")
_NUMBERS = ("probability", "seconds")
_LISTS = ("methods", "paths")


class BadForm(ValueError):
    """A field cannot be parsed; the message names it."""


def fields(body: bytes) -> dict[str, str]:
    """Returns the fields of a form by name, with Unix line endings; the last value wins. Raises ArmError."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise ArmError(400, "InvalidForm", "The form could not be read.") from None
    return {name: value.replace("\r\n", "\n") for name, value in pairs if name != CSRF_FIELD}


def fault(form: Mapping[str, str]) -> dict[str, Any]:
    """Returns a fault in the format of ``/emulator/faults``. Raises BadForm."""
    found: dict[str, Any] = {"kind": form.get("kind", "")}
    for name in ("code", "message", "when"):
        if form.get(name, "").strip():
            found[name] = form[name]
    for name in _LISTS:
        if given := form.get(name, "").replace(",", " ").split():
            found[name] = given
    for name in _WHOLE:
        if given_number := form.get(name, "").strip():
            found[name] = whole(name, given_number)
    for name in _NUMBERS:
        if given_number := form.get(name, "").strip():
            found[name] = number(name, given_number)
    if lines := [line for line in form.get("headers", "").split("\n") if line.strip()]:
        found["headers"] = dict(_header(line) for line in lines)
    return found


def clock(form: Mapping[str, str]) -> dict[str, Any]:
    """Returns the body of a request to ``/emulator/clock``. Raises BadForm."""
    action = form.get("action", "")
    if action == "advance":
        return {"action": action, "seconds": number("seconds", form.get("seconds", ""))}
    if action == "set":
        return {"action": action, "now": form.get("now", "")}
    return {"action": action}


def throttle(form: Mapping[str, str]) -> dict[str, Any]:
    """Returns the body of a request to ``/emulator/throttle``: the buckets whose fields are not empty."""
    return {kind: form[kind].strip() for kind in ("reads", "writes") if form.get(kind, "").strip()}


def whole(name: str, text: str) -> int:
    """Parses an integer. Raises BadForm."""
    try:
        return int(text)
    except ValueError:
        raise BadForm(f"{name} must be a whole number") from None


def number(name: str, text: str) -> float:
    """Parses a number. Raises BadForm."""
    try:
        found = float(text)
    except ValueError:
        raise BadForm(f"{name} must be a number") from None
    return found


def _header(line: str) -> tuple[str, str]:
    name, mark, value = line.partition("=")
    if not mark:
        raise BadForm("headers must be lines of NAME=VALUE")
    return name.strip(), value.strip()
