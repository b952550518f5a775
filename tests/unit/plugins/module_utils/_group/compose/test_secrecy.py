# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables that are treated as secrets."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.secrecy import (
    holds,
    looks_secret,
    matches,
)


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("DB_PASSWORD", "", True),
        ("RABBITMQ_DEFAULT_PASS", "guest", True),
        ("REDIS_AUTH", "hunter2", True),
        ("SALT", "mysalt", True),
        ("ENABLE_AUTH", "1", False),
        ("USE_AUTH", "false", False),
        ("COMPASS", "north", False),
        ("DB_PASSWORD_FILE", "/run/secrets/db", False),
        ("URL", "redis://:pw@h/0", True),
        ("URL", "redis://h/0", False),
    ],
)
def test_what_looks_like_a_secret(name: str, value: str, wanted: bool) -> None:
    assert looks_secret(name, value) is wanted


def test_patterns_and_texts() -> None:
    assert matches("DB_HOST", ["API_*", "DB_*"])
    assert not matches("db_host", ["DB_*"])
    assert holds("Password=hunter2;", {"hunter2"})
    assert holds("https://u:p@h/", set())
    assert not holds("Password=x", {"hunter2"})
