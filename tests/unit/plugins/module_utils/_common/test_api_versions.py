# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What API versions have."""

from __future__ import annotations

from ansible_collections.azure_containers.aci.plugins.module_utils._common import api_versions as versions


def test_previews_count_as_their_day() -> None:
    assert versions.has("2024-11-01-preview", versions.OLDEST)
    assert not versions.has("2024-11-01-preview", versions.PROFILES)
