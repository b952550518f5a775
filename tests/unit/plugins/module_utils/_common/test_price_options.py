# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options for prices, which are the same wherever costs are shown."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.price_options import (
    COST_ARGUMENTS,
    PRICE_ARGUMENTS,
    RATES,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_cost_info, aci_group, aci_prune


def test_each_meter_has_one_rate() -> None:
    assert len(set(RATES.values())) == len(RATES)
    assert set(PRICE_ARGUMENTS["prices"]["options"]) == set(RATES)


@pytest.mark.parametrize(
    ("spec", "options"),
    [
        (aci_cost_info.SPEC, PRICE_ARGUMENTS),
        (aci_group.SPEC, COST_ARGUMENTS),
        (aci_prune.SPEC, COST_ARGUMENTS),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_modules_take_them_as_they_are(spec: aci_group.ModuleSpec, options: dict[str, object]) -> None:
    assert {name: spec.arguments[name] for name in options} == options


def test_nothing_is_shown_and_asked_unless_a_task_wants_it() -> None:
    assert COST_ARGUMENTS["show_cost"]["default"] is False
