# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The name that a misspelt one probably means."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.similar import most_similar

REGIONS = ("northeurope", "westeurope", "westus2")


@pytest.mark.parametrize(
    ("name", "cutoff", "found"),
    [
        ("westeurop", 0.6, "westeurope"),
        ("westus", 0.6, "westus2"),
        ("mars", 0.6, None),
        ("", 0.6, None),
        ("wstrop", 0.6, "westeurope"),
        ("wstrop", 0.9, None),
    ],
)
def test_the_most_similar(name: str, cutoff: float, found: str | None) -> None:
    assert most_similar(name, REGIONS, cutoff) == found


def test_nothing_is_similar_to_none() -> None:
    assert most_similar("westeurope", iter(())) is None
