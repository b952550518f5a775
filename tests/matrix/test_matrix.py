# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lifecycle of every property in the table: created, changed as predicted, removed, unchanged.

Each runs through the controller's entry point with an emulator with the documented switches, and through the module's
with one that refuses all changes in place that were ever reported as refused.
"""

from __future__ import annotations

import typing as t

import pytest
from matrix_cases import CARRIERS, VALUES, Case, Options, case, properties
from matrix_doors import Group, Result

POSSIBLE = {"in_place_or_recreate": ("in_place", "recreate"), "config_map": ("config_map", "in_place")}
"""The possible real effects for an effect that check mode predicts, as the service decides."""

CONSENT: Options = {"recreate": "when_needed", "recreate_identity": True}


def test_every_property_has_a_case() -> None:
    known = {path for path, _prop in properties()}

    assert known - set(VALUES) - CARRIERS == set(), "give these properties a case in matrix_cases.py"
    assert set(VALUES) - known == set(), "these properties are no more in the table"


def effects(result: Result) -> dict[str, str]:
    assert not result.get("failed"), result["msg"]
    return {change["property"]: change["effect"] for change in result["changes"]}


def named_in_diff(result: Result) -> set[str]:
    return {*result["diff"]["before"], *result["diff"]["after"]}


def assert_unchanged(result: Result) -> None:
    assert effects(result) == {}
    assert (result["changed"], result["action"]) == (False, "none")
    assert named_in_diff(result) == set()


def change(group: Group, options: Options, expected: dict[str, t.Any]) -> None:
    """Predict a change, apply it, and compare both with the table."""
    prices = {label: effect.value for label, effect in expected.items()}
    predicted = group.run({**options, **CONSENT}, check=True)
    assert effects(predicted).keys() == prices.keys()
    assert predicted["changed"]
    recreated = "recreate" in prices.values()
    assert predicted["action"] == ("recreated" if recreated else "updated")
    if not recreated:
        assert effects(predicted) == prices

    done = group.run({**options, **CONSENT})
    assert effects(done).keys() == prices.keys()
    assert done["changed"]
    assert named_in_diff(done) == named_in_diff(predicted) == set(prices)
    possible = {price for effect in prices.values() for price in POSSIBLE.get(effect, (effect,))}
    assert set(effects(done).values()) <= possible
    assert done["action"] == ("recreated" if "recreate" in effects(done).values() else "updated")
    assert_unchanged(group.run(options))


def refused(group: Group, options: Options, expected: dict[str, t.Any]) -> None:
    """Changes that cannot be made in place are refused without permission, also in check mode, and nothing is sent."""
    if "recreate" not in {effect.value for effect in expected.values()}:
        return
    for check in (True, False):
        result = group.run(options, check)
        assert result["error"]["code"] == "RecreateNeeded", result["msg"]
        assert all(label in result["msg"] for label, effect in expected.items() if effect.value == "recreate")


@pytest.mark.parametrize("path", sorted(set(VALUES) - CARRIERS))
def test_life(path: str, group: Group) -> None:
    life = case(path)
    created = group.run(life.first)
    assert created.get("action") == "created", created.get("msg")
    assert_unchanged(group.run(life.first))

    if life.prop.secret:
        live_with_a_secret(group, life)
        return
    if life.changes:
        refused(group, life.second, life.changes)
        change(group, life.second, life.changes)
    assert_unchanged(group.run(life.without))  # omitted properties remain ...
    assert_unchanged(group.run(life.second))  # ... unchanged

    if life.removed is not None:
        if life.removals:
            change(group, life.removed, life.removals)
        assert_unchanged(group.run(life.removed))


def live_with_a_secret(group: Group, life: Case) -> None:
    """A secret is not compared, but named; it is sent if requested, and never shown."""
    label = next(iter(life.changes))
    unseen = group.run(life.second)
    assert_unchanged(unseen)
    assert label in unseen["secrets_not_compared"]

    always = {**life.second, "update_secrets": "always"}
    predicted = group.run(always, check=True)
    done = group.run(always)
    assert effects(predicted) == effects(done) == {"secrets": "in_place"}
    assert "secret-" not in str(done)
    assert "c2VjcmV0" not in str(done)

    missing = group.run({**life.without, "containers": [{"name": "web", "image": "example.com/app:2"}]})
    assert missing["error"]["code"] == "SecretsMissing"
