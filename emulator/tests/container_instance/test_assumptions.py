# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Switches and their documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aci_emulator.cli import assumptions
from aci_emulator.container_instance.definition.refusals import EVIDENCE, REFUSALS
from aci_emulator.core import switches

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ROOT / "emulator" / "src" / "aci_emulator"


def test_the_page_of_choices_is_up_to_date():
    page = ROOT / "docs" / "docsite" / "rst" / "emulator_choices.rst"
    assert page.read_text() == assumptions.render(), (
        "run .venv/bin/python -m aci_emulator.cli.assumptions > docs/docsite/rst/emulator_choices.rst"
    )


@pytest.mark.parametrize("switch", switches.SWITCHES, ids=lambda switch: switch.name)
def test_every_switch_is_whole_and_used(switch: switches.Switch):
    assert {switch.default, switch.lenient, switch.strict} <= set(switch.values)
    assert len(set(switch.values)) == len(switch.values) > 1
    assert switch.help.endswith(".")
    assert switch.evidence.endswith(".")
    used = [
        path for path in SOURCES.rglob("*.py") if path.name != "switches.py" and f'"{switch.name}"' in path.read_text()
    ]
    assert used, f"nothing asks for the position of {switch.name}"


@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_is_used_and_says_where_it_is_from(name: str):
    refusal = REFUSALS[name]
    assert refusal.evidence in EVIDENCE
    assert refusal.source
    text = "".join(path.read_text() for path in SOURCES.rglob("*.py"))
    assert re.search(rf'refuse\(\s*"{name}"', text), f"nothing refuses with {name}"


def test_positions():
    assert switches.position({}, "put-tags") == "replace"
    assert switches.position({"put-tags": "keep"}, "put-tags") == "keep"
    with pytest.raises(KeyError):
        switches.position({}, "nothing")


def test_profiles():
    assert switches.profile("strict")["mutability"] == "strict"
    assert switches.profile("lenient")["put-tags"] == "replace"
    with pytest.raises(ValueError, match="lenient, strict"):
        switches.profile("other")


@pytest.mark.parametrize("wrong", [{"put-tag": "keep"}, {"put-tags": "kept"}])
def test_wrong_switches_are_named(wrong: dict):
    with pytest.raises(ValueError, match="put-tag"):
        switches.check(wrong)


@pytest.mark.parametrize("profile", switches.PROFILES)
def test_both_profiles_serve(serve, profile: str):
    from .conftest import definition

    server = serve(switches=switches.profile(profile))
    server.create("g1", definition())
    assert server.create("g1", definition()).status in (200, 201)
    assert server.post("g1", "stop").status == 204
    assert server.post("g1", "start").status in (202, 204)
