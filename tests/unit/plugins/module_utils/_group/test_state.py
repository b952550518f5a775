# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Predicates on instance views."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group import state as states
from ansible_collections.azure_containers.aci.tests.unit.support.views import ended, group


@pytest.mark.parametrize("state", ["Unknown", "Hibernated", "Unhealthy", "Pending", "Running", None])
def test_only_a_group_that_is_known_to_be_finished_is(state: str | None) -> None:
    wire = group(str(state), ended(None))
    if state is None:
        del wire["properties"]["instanceView"]
    assert not states.is_finished(wire)
    assert all(states.is_finished(group(each)) for each in ("Stopped", "Succeeded", "Failed"))
