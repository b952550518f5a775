# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of a plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError, InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._engines._estate import plan_files
from ansible_collections.azure_containers.aci.plugins.module_utils._group.estate_plan import document

PLAN = document("shop", "s", [], [], 0, "USD")


def test_both_files_by_the_name_of_either(tmp_path: Path) -> None:
    expected = tmp_path / "p.json", tmp_path / "p.md"
    assert plan_files.plan_paths(str(expected[0])) == plan_files.plan_paths(str(expected[1])) == expected
    plan_files.write_plan(expected, PLAN)
    plan_files.write_plan(expected, PLAN)
    assert sorted(tmp_path.iterdir()) == sorted(expected)
    assert plan_files.applied_plan(str(expected[0])) == PLAN


@pytest.mark.parametrize("name", ["plan", "plan.txt", "nowhere/plan.json"])
def test_places_where_no_plan_can_be(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidArguments, match="plan_file"):
        plan_files.plan_paths(str(tmp_path / name))


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "p.json").mkdir()
    (tmp_path / "p.json" / "full").touch()
    with pytest.raises(AciError) as caught:
        plan_files.write_plan((tmp_path / "p.json", tmp_path / "p.md"), PLAN)
    assert caught.value.code == "PlanUnwritable"
    assert [path.name for path in tmp_path.iterdir()] == ["p.json"]


def test_a_file_that_cannot_be_read_or_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidArguments, match="cannot be read"):
        plan_files.applied_plan(str(tmp_path / "none.json"))
    (tmp_path / "p.json").write_text("{}" * 10)
    monkeypatch.setattr(plan_files, "LARGEST", 10)
    with pytest.raises(InvalidArguments, match="too large"):
        plan_files.applied_plan(str(tmp_path / "p.json"))
