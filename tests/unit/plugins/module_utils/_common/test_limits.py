# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The minimum duration of many requests."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.limits import least_seconds


@pytest.mark.parametrize(
    ("requests", "seconds"),
    [
        ({}, 0),
        ({"reads": 250}, 0),
        ({"reads": 1000}, 30),
        ({"creations": 100}, 0),
        ({"creations": 101}, 300),
        ({"creations": 301}, 3600),
        ({"deletions": 250}, 600),
        ({"creations": 50, "other_writes": 250}, 10),
        ({"reads": 1000, "creations": 101}, 300),
    ],
)
def test_the_slowest_limit_counts(requests: dict[str, int], seconds: float) -> None:
    assert least_seconds(**requests) == seconds
