# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Timestamps in options."""

from __future__ import annotations

import datetime
from typing import Any

from ansible_collections.azure_containers.aci.plugins.module_utils._common.timestamps import (
    timestamp_mistakes,
    timestamps_in,
)

SPEC: dict[str, Any] = {
    "needed": {"type": "str", "required": True},
    "free": {"type": "dict"},
    "texts": {"type": "list", "elements": "str"},
    "inner": {"type": "dict", "options": {"secret": {"type": "str", "no_log": True}}},
}


def test_timestamps() -> None:
    moment = datetime.datetime(2024, 1, 1, 10)
    args = {
        "needed": "x",
        "texts": ["a", moment],
        "free": {"a": {"b": moment}, "settings": {"when": moment}, "day": datetime.date(2024, 1, 1)},
        "inner": {"secret": moment, "other": moment},
    }
    places = list(timestamps_in(args))
    assert places == [("texts", 1), ("free", "a", "b"), ("inner", "secret"), ("inner", "other")]
    plain = {"needed": "x", "texts": ["a", "t"], "free": {"a": {"b": "t"}}, "inner": {"secret": "t", "other": "t"}}
    mistakes = list(timestamp_mistakes(SPEC, plain, places))
    assert {each.kind for each in mistakes} == {"timestamp"}
    assert [(each.path, each.given, each.hidden) for each in mistakes] == [
        ("texts[1]", "t", False),
        ("free[a][b]", "t", False),
        ("inner.secret", "t", True),
        ("inner.other", "t", True),
    ]
