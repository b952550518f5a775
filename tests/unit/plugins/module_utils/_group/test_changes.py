# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes, and how they are shown."""

from __future__ import annotations

from ansible_collections.azure_containers.aci.plugins.module_utils._group.changes import Change, diff_of
from ansible_collections.azure_containers.aci.plugins.module_utils._group.schema import Effect

RESTART = Change("restart_policy", None, "Never", Effect.RECREATE, "Always")
ZONES = Change("zones", ["1"], None, Effect.UNKNOWN)


def test_a_change_as_a_phrase() -> None:
    assert str(RESTART) == "restart_policy from 'Always' to 'Never'"
    assert str(ZONES) == "zones from ['1'] to nothing"


def test_a_change_in_a_result() -> None:
    expected = {"property": "zones", "before": ["1"], "after": None, "effect": "in_place_or_recreate"}
    assert ZONES.as_result() == expected


def test_the_diff_has_only_what_is_set() -> None:
    found = diff_of("rg/web", [RESTART, ZONES])
    assert (found["before"], found["after"]) == ({"zones": ["1"]}, {"restart_policy": "Never"})
    assert found["before_header"] == found["after_header"] == "rg/web"
