# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans as documents: the same bytes for the same plan, and Markdown from which no value can escape."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group import estate_plan


def group(name: str, action: str = "updated", **more: Any) -> dict[str, Any]:
    change = {"property": "containers[web].image", "before": "nginx:1", "after": "nginx:2", "effect": "in_place"}
    found = {
        "name": name,
        "resource_group": "Shop",
        "action": action,
        "changes": [] if action == "none" else [change],
        "restarts": action != "none",
        "lost": [],
        "doubts": [],
        "unverified": [],
        "cost": None,
        "error": None,
        "live": "0" * 64,
    }
    return {**found, **more}


def removed(name: str, **more: Any) -> dict[str, Any]:
    found = {"name": name, "resource_group": "shop", "action": "deleted", "changes": [], "owner": None, "live": "1"}
    return {**found, "hourly": None, "monthly": None, **more}


def plan(groups: list[dict[str, Any]], gone: list[dict[str, Any]] | None = None, least: float = 0) -> dict[str, Any]:
    return estate_plan.document("shop", "s", groups, gone or [], least, "USD")


def test_the_order_of_what_is_given_changes_no_byte() -> None:
    groups = [group(f"w{index}", cost={"before": {"hourly": "0.1"}, "after": {"hourly": "0.2"}}) for index in range(12)]
    gone = [removed(f"x{index}") for index in range(5)]
    first = plan(groups, gone)
    dice = random.Random(7)
    for _each in range(5):
        dice.shuffle(groups)
        dice.shuffle(gone)
        mixed = [dict(sorted(each.items(), key=lambda item: dice.random())) for each in groups]
        again = plan(mixed, gone)
        assert estate_plan.as_json(again) == estate_plan.as_json(first)
        assert estate_plan.as_markdown(again) == estate_plan.as_markdown(first)
    assert estate_plan.read_plan(estate_plan.as_json(first), "p") == first


def test_a_time_to_live_stands_in_place_of_the_time_that_it_makes() -> None:
    changes = [
        {"property": "tags[expires_at]", "before": None, "after": "2026-05-04T09:31:11Z", "effect": "create"},
        {"property": "image", "before": None, "after": "x", "effect": "create"},
    ]
    found = estate_plan.planned_changes(changes, "2h")
    assert [each["property"] for each in found] == ["image", "tags[expires_at]"]
    assert found[1]["after"] == "2h after creation"
    assert estate_plan.planned_changes(changes, None)[1]["after"] == "2026-05-04T09:31:11Z"


@pytest.mark.parametrize(
    ("effect", "ends", "lost"),
    [
        ("tags", False, []),
        ("config_map", False, []),
        ("create", False, []),
        ("in_place", True, []),
        ("restart", True, []),
        ("stop", True, []),
        ("redeploy", True, ["perhaps its address"]),
        ("start", True, ["perhaps its address"]),
        ("in_place_or_recreate", True, []),
    ],
)
def test_what_a_change_costs(effect: str, ends: bool, lost: list[str]) -> None:
    changes = [{"property": "x", "effect": "tags"}, {"property": "y", "effect": effect}]
    assert estate_plan.restarts(changes) is ends
    assert estate_plan.losses(changes, []) == lost
    assert estate_plan.losses(changes, ["the address 1.2.3.4"]) == ["the address 1.2.3.4"]


def test_digests_tell_definitions_apart_and_not_states() -> None:
    live: dict[str, Any] = {"id": "/x", "name": "web", "tags": {"a": "1"}, "properties": {"osType": "Linux"}}
    same = {**live, "properties": {"osType": "Linux", "instanceView": {"state": "Stopped"}}}
    assert estate_plan.live_digest(live) == estate_plan.live_digest(same)
    assert estate_plan.live_digest(live) != estate_plan.live_digest({**live, "tags": {"a": "2"}})
    assert estate_plan.live_digest(live) != estate_plan.live_digest({**live, "properties": {"osType": "Windows"}})
    assert estate_plan.live_digest(None) is None


def test_costs_are_summed_where_all_are_known() -> None:
    known = {"before": {"hourly": "0.1"}, "after": {"hourly": "0.25"}}
    summary = plan([group("a", cost=known), group("b", cost=known)], [removed("c", hourly="0.05")])["summary"]
    assert (summary["hourly_before"], summary["hourly"]) == ("0.25", "0.5")
    assert plan([group("a", cost=known), group("b")])["summary"]["hourly"] is None


@pytest.mark.parametrize(
    ("planned", "words"),
    [
        (None, "not in the plan"),
        (group("a", live=None), "live definition"),
        (group("a", action="recreated"), "something else than the plan"),
        (group("a", changes=[]), "something else than the plan"),
        (group("a"), None),
        (group("a", doubts=["x"], cost={"before": {"hourly": None}, "after": {"hourly": "1"}}), None),
    ],
)
def test_what_keeps_a_plan_from_being_applied(planned: dict[str, Any] | None, words: str | None) -> None:
    found = estate_plan.differs(planned, group("a"))
    assert found is None if words is None else words in str(found)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON"),
        (b"[" * 100000, "not JSON"),
        (b"[]", "not a plan"),
        (b"{}", "not a plan"),
        (b'{"groups": [1], "removed": []}', "not a plan"),
        (b'{"groups": [{"name": 1, "resource_group": "x"}], "removed": []}', "not a plan"),
        (b'{"groups": [], "removed": [], "format": 99}', "another release"),
    ],
)
def test_files_that_are_no_plan(content: bytes, words: str) -> None:
    with pytest.raises(InvalidArguments, match=words):
        estate_plan.read_plan(content, "p.json")


NASTY = "`x` | </td><script>a</script> [a](http://b) @team\n## Heading\x1b[31m ``` \\| *b*"


def test_nothing_that_others_wrote_becomes_markdown() -> None:
    nasty = group(
        NASTY,
        changes=[{"property": NASTY, "before": NASTY, "after": {"k": NASTY}, "effect": "<b>in_place"}],
        lost=[NASTY],
        doubts=[NASTY],
        unverified=[NASTY],
        error={"code": NASTY, "msg": NASTY},
    )
    text = estate_plan.as_markdown(plan([nasty], [removed(NASTY, owner=NASTY)])).decode()
    assert "\x1b" not in text
    assert "<b>" not in text
    for line in text.splitlines():
        if line.startswith("|"):
            assert len(line.replace("\\|", "").split("|")) == len(text.splitlines()[_header(text, line)].split("|"))
        assert not line.startswith("## Heading")
        # No part of the value is outside code spans.
        outside = _outside_code(line)
        assert not any(sign in outside for sign in ("<script", "[a]", "@team", "*b*")), line


def _header(text: str, row: str) -> int:
    lines = text.splitlines()
    at = lines.index(row)
    while at > 0 and lines[at - 1].startswith("|"):
        at -= 1
    return at


def _outside_code(line: str) -> str:
    """A line without its code spans, which in CommonMark end at the next run of the same number of backticks."""
    found, at = "", 0
    while at < len(line):
        if line[at] != "`":
            found += line[at]
            at += 1
            continue
        length = len(line[at:]) - len(line[at:].lstrip("`"))
        end = at + length
        while end < len(line):
            if line[end] != "`":
                end += 1
                continue
            run = len(line[end:]) - len(line[end:].lstrip("`"))
            end += run
            if run == length:
                break
        at = end
    return found


def test_a_plan_for_people() -> None:
    gone = removed("old", owner="ann", hourly="0.05")
    groups = [
        group("web", lost=["the address 1.2.3.4"], cost={"before": {"hourly": "0.1"}, "after": {"hourly": "0.2"}}),
        group("api", "none", cost={"before": {"hourly": "0.1"}, "after": {"hourly": "0.1"}}),
        group(
            "db", error={"code": "RecreateNeeded", "msg": "It would have to be recreated."}, action="none", changes=[]
        ),
    ]
    text = estate_plan.as_markdown(plan(groups, [gone], 300)).decode()
    assert text.startswith("# Plan for estate `shop`\n")
    assert "1 to leave alone, 1 to update, **1 to remove**, no longer in the list." in text
    assert "**1 would fail.** Nothing is removed until that is fixed." in text
    assert "Minimum duration due to Azure's limits: 300 s" in text
    assert "| `Shop/web` | update | yes | 0.1 | 0.2 |" in text
    assert "| `containers[web].image` | `nginx:1` | `nginx:2` | in place |" in text
    assert "- Lost: `the address 1.2.3.4`" in text
    assert "**Fails** with `RecreateNeeded`" in text
    assert "| `shop/old` | `ann` | 0.05 |" in text
    assert "api" not in text
    assert text.endswith("|\n")


def test_what_fails_neither_counts_nor_costs_anything_new() -> None:
    error = {"code": "RecreateNeeded", "msg": "x" * 1500 + " Allow it."}
    failing = group("a", error=error, cost={"before": {"hourly": "0.1"}, "after": {"hourly": "0.9"}}, restarts=False)
    found = plan([failing])
    assert found["summary"]["actions"] == {}
    assert found["summary"]["hourly"] == "0.1"
    text = estate_plan.as_markdown(found).decode()
    assert "0.9" not in text
    assert "Allow it." in text
    assert "Nothing is removed" not in text


def test_what_was_not_set_is_told_from_what_is_empty() -> None:
    changes = [{"property": "x", "before": None, "after": "", "effect": "tags"}]
    assert "| `x` | *not set* | `  ` | tags |" in estate_plan.as_markdown(plan([group("a", changes=changes)])).decode()


def test_a_plan_without_anything_to_do() -> None:
    text = estate_plan.as_markdown(plan([group("a", "none")])).decode()
    assert "1 to leave alone." in text
    assert "| group" not in text
    assert json.loads(estate_plan.as_json(plan([])))["groups"] == []


def test_long_values_are_cut_for_people_only() -> None:
    long = [{"property": "x", "before": None, "after": "y" * 5000, "effect": "in_place"}]
    found = plan([group("a", changes=long)])
    assert len(estate_plan.as_markdown(found)) < 2000
    assert b"y" * 5000 in estate_plan.as_json(found)
