# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Provisioning states: which of them end an operation."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.provisioning import is_final


@pytest.mark.parametrize("state", ["Succeeded", "Failed", "Canceled", "Unhealthy", "succeeded"])
def test_final_states(state: str) -> None:
    assert is_final(state)


@pytest.mark.parametrize("state", ["Creating", "Pending", "Updating", "Repairing", "Deleting", "Unknown", "", None, 5])
def test_other_states(state: Any) -> None:
    assert not is_final(state)
