# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of profiles, and of groups with Windows."""

from __future__ import annotations

from ansible_collections.azure_containers.aci.plugins.module_utils._group.schema import GROUP, Compare, walk
from ansible_collections.azure_containers.aci.plugins.module_utils._group.tables import (
    ONLY_IN_PROFILES,
    PROFILE,
    table_of,
)


def test_windows_compares_names_without_case() -> None:
    def variable(os_type: str) -> Compare:
        return dict(walk(table_of(os_type)))["containers.environment_variables.name"].compare

    assert (variable("Windows"), variable("windows")) == (Compare.NO_CASE, Compare.NO_CASE)
    assert (variable("Linux"), variable("")) == (Compare.BY_OS, Compare.BY_OS)
    windows = dict(walk(table_of("Windows")))
    assert Compare.BY_OS not in {prop.compare for prop in windows.values()}
    assert list(windows) == [path for path, _prop in walk()]


def test_the_table_for_linux_is_the_table_itself() -> None:
    assert table_of("Linux") is GROUP
    assert table_of("Linux", profile=True) is PROFILE


def test_a_profile_has_what_profiles_share_with_groups_and_its_own() -> None:
    shared = [prop for prop in GROUP.children if prop.in_profiles]
    assert list(PROFILE.children) == [*shared, *ONLY_IN_PROFILES]
    assert "identity" not in {prop.option for prop in PROFILE.children}
