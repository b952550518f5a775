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
from ansible_collections.azure_containers.aci.plugins.module_utils._common.masking import Masker
from ansible_collections.azure_containers.aci.plugins.module_utils._group import estate_plan
from ansible_collections.azure_containers.aci.plugins.module_utils._group.names import FINGERPRINT_TAG


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


def wire(**properties: Any) -> dict[str, Any]:
    container = {"image": "nginx:1", "ports": [{"port": 80}], "environmentVariables": [{"name": "P"}]}
    return {
        "id": "/x",
        "name": "web",
        "location": "westeurope",
        "tags": {"Owner": "team"},
        "properties": {
            "osType": "Linux",
            "containers": [{"name": "b", "properties": container}, {"name": "a", "properties": container}],
            "ipAddress": {"type": "Public", "ports": [{"port": 80, "protocol": "TCP"}]},
            **properties,
        },
    }


def outcome(group_wire: dict[str, Any] | None, **more: Any) -> str | None:
    return estate_plan.outcome_digest(group_wire, **{"has_ttl": False, "has_digests": False, **more})


def test_what_the_service_adds_to_a_group_does_not_change_what_it_comes_to() -> None:
    planned = wire()
    del planned["location"]
    live = wire(restartPolicy="Always", provisioningState="Succeeded", instanceView={"state": "Running"})
    live["systemData"] = {"createdBy": "ann"}
    live["tags"] = {"owner": "team", "hidden-link": "x", FINGERPRINT_TAG: "y"}
    live["properties"]["ipAddress"] |= {"ip": "203.0.113.7", "fqdn": "web.example.com"}
    live["properties"]["containers"].reverse()
    for each in live["properties"]["containers"]:
        each["properties"] = {**each["properties"], "instanceView": {"restartCount": 1}}
    assert outcome(live) == outcome(planned)
    # A secret is not read back, so that the group looks the same with one and without one.
    planned["properties"]["containers"][0]["properties"]["environmentVariables"] = [{"name": "P", "secureValue": "x"}]
    assert outcome(live) == outcome(planned)


def changed(path: str) -> dict[str, Any]:
    found = json.loads(json.dumps(wire()))
    container = found["properties"]["containers"][1]["properties"]
    if path == "image":
        container["image"] = "nginx:2"
    elif path == "variable":
        container["environmentVariables"].append({"name": "Q", "value": "1"})
    elif path == "tag":
        found["tags"]["by"] = "hand"
    elif path == "port":
        found["properties"]["ipAddress"]["ports"].append({"port": 81})
    elif path == "volume":
        found["properties"]["volumes"] = [{"name": "v", "emptyDir": {}}]
    else:
        found["properties"]["restartPolicy"] = "Never"
    return found


@pytest.mark.parametrize("path", ["image", "variable", "tag", "port", "volume", "policy"])
def test_whatever_else_is_changed_comes_to_something_else(path: str) -> None:
    assert outcome(changed(path)) != outcome(wire())
    assert outcome(None) is None


def test_times_and_digests_that_the_task_makes_do_not_count() -> None:
    later = wire()
    later["tags"] = {**later["tags"], "expires_at": "2026-05-04T09:31:11Z"}
    assert outcome(later) != outcome(wire())
    assert outcome(later, has_ttl=True) == outcome(wire(), has_ttl=True)
    pinned = changed("image")
    for container in pinned["properties"]["containers"]:
        container["properties"]["image"] = f"nginx:1@sha256:{'0' * 64}"
    assert outcome(pinned) != outcome(wire())
    assert outcome(pinned, has_digests=True) == outcome(wire(), has_digests=True)


def test_the_digest_is_of_what_is_shown() -> None:
    secret, other = wire(), wire()
    secret["tags"]["note"], other["tags"]["note"] = "see hunter2hunter2", "see hunter3hunter3"
    masker = Masker(["hunter2hunter2", "hunter3hunter3"])
    assert outcome(secret) != outcome(other)
    assert outcome(secret, mask=masker.result) == outcome(other, mask=masker.result)


@pytest.mark.parametrize(
    ("planned", "now", "same", "done"),
    [
        (group("a", expected="1"), group("a", "none"), "1", True),
        (group("a", "none", expected="1"), group("a", "none"), "1", True),
        (group("a", expected="1"), group("a", "none"), "2", False),
        (group("a", expected="1"), group("a"), "1", False),
        (group("a", expected="1"), group("a", "none", error={"code": "x", "msg": "y"}), "1", False),
        (group("a", expected="1", error={"code": "x", "msg": "y"}), group("a", "none"), "1", False),
        (group("a"), group("a", "none"), "1", False),
        (group("a"), group("a", "none"), None, False),
        (None, group("a", "none"), "1", False),
        (group("a", "deleted", expected=None), group("a", "none", live=None), None, True),
        (group("a", "deleted", expected=None), group("a", "none"), "1", False),
    ],
)
def test_when_a_plan_was_applied(
    planned: dict[str, Any] | None, now: dict[str, Any], same: str | None, done: bool
) -> None:
    assert estate_plan.is_done(planned, now, same) is done


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


def markdown(*groups: dict[str, Any], gone: list[dict[str, Any]] | None = None) -> str:
    return estate_plan.as_markdown(plan(list(groups), gone)).decode()


CONTAINER = {
    "name": "web",
    "image": "nginx:1",
    "command": ["nginx", "-g", "daemon off;"],
    "ports": [{"port": 80}, {"port": 53, "protocol": "UDP"}],
    "environment_variables": [{"name": "MODE", "value": "x"}, {"name": "P", "secure_value": "********"}],
    "resources": {"requests": {"cpu": 1.0, "memory_in_gb": 1.5}},
    "volume_mounts": [{"name": "data", "mount_path": "/data"}, {"name": "data", "mount_path": "/more"}],
}
ROWS = [
    'command` | `["nginx", "-g", "daemon off;"]',
    "environment_variables[MODE].value` | `x",
    "environment_variables[P].secure_value` | `********",
    "image` | `nginx:1",
    'ports[80/TCP]` | `{"port": 80}',
    'ports[53/UDP]` | `{"port": 53, "protocol": "UDP"}',
    "resources.requests.cpu` | `1.0",
    "resources.requests.memory_in_gb` | `1.5",
    "volume_mounts[data].mount_path` | `/data",
    "volume_mounts[data].mount_path (2)` | `/more",
]


def test_every_value_of_a_new_group_has_a_row() -> None:
    created = [{"property": "containers", "before": None, "after": [CONTAINER], "effect": "create"}]
    text = markdown(group("a", "created", changes=created))
    rows = [line for line in text.splitlines() if line.startswith("| `containers")]
    assert rows == [f"| `containers[web].{row}` |" for row in ROWS]


def test_every_value_of_what_is_added_or_removed_has_a_row() -> None:
    probe = {"http_get": {"path": "/", "port": 80}, "period_seconds": 5}
    changes = [
        {"property": "containers[web]", "before": None, "after": CONTAINER, "effect": "in_place_or_recreate"},
        {"property": "containers[api].environment_variables[M]", "before": {"name": "M", "value": "x"}, "after": None}
        | {"effect": "in_place"},
        {"property": "containers[api].liveness_probe", "before": probe, "after": {**probe, "period_seconds": 9}}
        | {"effect": "in_place"},
    ]
    text = markdown(group("a", changes=changes))
    assert "| `containers[web].image` | *not set* | `nginx:1` | in place or recreate |" in text
    assert "| *not set* | *not set* |" not in text
    assert "| `containers[api].environment_variables[M].value` | `x` | *not set* | in place |" in text
    assert "| `containers[api].liveness_probe.period_seconds` | `5` | `9` | in place |" in text


def test_what_only_a_recreation_would_lose_is_told_so() -> None:
    unsure = [{"property": "x", "before": 1, "after": 2, "effect": "in_place_or_recreate"}]
    text = markdown(group("a", changes=unsure, lost=["the address 1.2.3.4"]))
    assert "| `Shop/a` | update, or recreate | yes |" in text
    assert "- Lost if it has to be recreated: `the address 1.2.3.4`" in text
    text = markdown(group("a", "recreated", changes=unsure, lost=["the address 1.2.3.4"]))
    assert "| `Shop/a` | recreate | yes |" in text
    assert "- Lost: `the address 1.2.3.4`" in text
    text = markdown(group("a", "none", error={"code": "RecreateNeeded", "msg": "x"}, lost=["the address 1.2.3.4"]))
    assert "1.2.3.4" not in text


def test_what_is_skipped_does_not_fail_itself() -> None:
    text = markdown(
        group("a", "none", error={"code": "RecreateNeeded", "msg": "x"}),
        group("b", "none", error={"code": "Skipped", "msg": "a group that it comes after failed"}),
    )
    assert "**1 would fail, 1 would be skipped.**" in text
    assert "| `Shop/b` | skipped |" in text
    assert "**Skipped**: `a group that it comes after failed`" in text


def test_nothing_is_removed_or_saved_while_a_group_fails() -> None:
    cost = {"before": {"hourly": "0.1"}, "after": {"hourly": "0.2"}}
    failing = group("a", "none", error={"code": "x", "msg": "y"}, cost=cost)
    assert plan([failing], [removed("old", hourly="0.05")])["summary"]["hourly"] == "0.15"
    assert plan([group("a", cost=cost)], [removed("old", hourly="0.05")])["summary"]["hourly"] == "0.2"


def test_secrets_that_are_sent_unseen_are_named_where_something_is_sent() -> None:
    secrets = {"secrets_not_compared": ["containers[web].environment_variables[P].secure_value"]}
    line = "- Secret, sent without being compared: `containers[web].environment_variables[P].secure_value`"
    assert line in markdown(group("a", **secrets))
    assert line not in markdown(group("a", "none", **secrets))
    assert line not in markdown(group("a", error={"code": "x", "msg": "y"}, **secrets))


def test_the_subscription_is_named() -> None:
    assert "- Subscription: `s`" in markdown(group("a"))


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
