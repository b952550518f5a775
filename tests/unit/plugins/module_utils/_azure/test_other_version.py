# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API version that is used with an endpoint that does not support the newest one."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._azure import other_version
from ansible_collections.azure_containers.aci.plugins.module_utils._common import api_versions as versions


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            "No registered resource provider found for location 'x' and API version 'y' for type 'z'. The supported "
            "api-versions are '2021-03-01, 2023-05-01'. The supported locations are 'westeurope'.",
            ["2021-03-01", "2023-05-01"],
        ),
        ("The supported versions are 2024-11-01-preview.", ["2024-11-01-preview"]),
        ("Something of 2023-05-01.", []),
        ("", []),
    ],
)
def test_versions_that_a_refusal_names(message: str, expected: list[str]) -> None:
    assert other_version.named(message) == expected


@pytest.mark.parametrize(
    ("offered", "since", "expected"),
    [
        (["2023-05-01", versions.PROFILES], versions.OLDEST, versions.PROFILES),
        (["2023-05-01", "2026-08-01-Preview"], versions.OLDEST, "2023-05-01"),
        (["2026-08-01-Preview"], versions.OLDEST, "2026-08-01-preview"),
        (["2023-05-01"], versions.PROFILES, None),
        (["2099-01-01"], versions.OLDEST, None),
        ([], versions.OLDEST, None),
    ],
)
def test_the_best_that_both_know(offered: list[str], since: str, expected: str | None) -> None:
    assert other_version.best(offered, since) == expected


def test_the_next_older_one() -> None:
    assert other_version.next_after(versions.NEWEST) == versions.PROFILES
    assert other_version.next_after(versions.PROFILES) == versions.OLDEST
    assert other_version.next_after(versions.PROFILES, versions.PROFILES) is None
    assert other_version.next_after(versions.OLDEST) is None
