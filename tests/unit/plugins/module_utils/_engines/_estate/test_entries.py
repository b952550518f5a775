# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The entries of aci_groups are checked like the options of aci_group, and both entry points hide their secrets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_groups
from ansible_collections.azure_containers.aci.tests.unit.support.doors import by_module, in_process
from ansible_collections.azure_containers.aci.tests.unit.support.estates import (
    FakeEstate,
    entry,
    failed_estate,
    run_estate,
)


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def test_defaults_lie_beneath_each_entry() -> None:
    client = FakeEstate()
    defaults = {"tags": {"team": "x", "env": "prod"}, "restart_policy": "Never", "wait_for": "provisioned"}
    run_estate(client, [entry("a", tags={"env": "dev"}), entry("b", restart_policy="Always")], defaults=defaults)
    assert client.bodies["a"]["tags"] == {"team": "x", "env": "dev"}
    assert client.bodies["a"]["properties"]["restartPolicy"] == "Never"
    assert client.bodies["b"]["properties"]["restartPolicy"] == "Always"


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ([entry("a"), entry("b", restart_polcy="x")], ["groups[1] (b)", "restart_polcy", "restart_policy"]),
        ([{"name": "a", "containers": [{"name": "m", "ports": [80]}]}], ["groups[0] (a)", "containers[0].ports[0]"]),
        ([{"containers": []}], ["groups[0]", "name"]),
        ([entry("a", definition={"x": 1}, definition_file="/x")], ["groups[0] (a)", "mutually exclusive"]),
        ([entry("a"), entry("A")], ["groups[0] (a)", "groups[1] (A)", "rg/a"]),
        ([entry("a/../b")], ["groups[0]", "not a valid name"]),
        ([entry("a", ttl="soon")], ["groups[0] (a)", "ttl"]),
        ([entry("a", after=["x"])], ["rg/a", "after", "x"]),
        ([entry("a", after="b"), entry("b", after=["a"])], ["circle", "rg/a after rg/b after rg/a"]),
        ([entry("a", subscription_id="x")], ["groups[0] (a)", "subscription_id"]),
    ],
)
def test_wrong_options_are_refused_with_the_entry_that_has_them(groups: list[dict[str, Any]], words: list[str]) -> None:
    client = FakeEstate()
    error = failed_estate(client, groups)
    assert isinstance(error, InvalidArguments)
    assert all(word in error.msg for word in words), error.msg
    assert not client.calls


def test_the_mistakes_of_many_entries_are_told_together_but_not_endlessly() -> None:
    error = failed_estate(FakeEstate(), [entry(f"w{index}", nope=1) for index in range(9)])
    assert "groups[0] (w0)" in error.msg
    assert "groups[4] (w4)" in error.msg
    assert "groups[5]" not in error.msg
    assert "4 more entries are invalid" in error.msg


CANARY = "canary-4711"
HELD: list[dict[str, Any]] = [
    {
        "resource_group": "rg",
        "groups": [
            {
                "name": "a",
                "containers": [
                    {"name": "m", "image": "i", "environment_variables": [{"name": "P", "secure_value": CANARY}]}
                ],
                "tags": {"t": "seen"},
                "nope": 1,
            }
        ],
    },
    {
        "groups": [
            {"name": "a", "definition": {"properties": {"containers": [{"x": {"secureValue": CANARY}}]}}, "no": 1}
        ]
    },
    {"groups": [{"name": "a", "fingerprint_key": CANARY, "no": 1}]},
    {"groups": [CANARY]},
    {"groups": CANARY},
    {"groups": [], "defaults": CANARY},
    {"groups": [{"name": "a", "no": 1}], "defaults": {"fingerprint_key": CANARY}},
    {"groups": [{"name": "a", "nope": CANARY}]},
    {"groups": [{"name": "a", "nope": 1}], "defaults": {"definition_variables": {"A": CANARY}}},
]


@pytest.mark.parametrize("args", HELD)
def test_secrets_of_entries_are_in_nothing_that_either_door_shows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], args: dict[str, Any]
) -> None:
    args = {name: value for name, value in args.items() if name != "resource_group"}
    args.setdefault("defaults", {"resource_group": "rg"})
    module, logged = by_module(monkeypatch, capsys, aci_groups.SPEC, args)
    door = in_process(monkeypatch, aci_groups.SPEC, args)
    assert module["failed"]
    assert door["failed"]
    assert module["msg"] == door["msg"]
    assert CANARY not in f"{module}{logged}{door}"


def test_what_is_not_secret_in_an_entry_stays_readable(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    args = {"groups": HELD[0]["groups"], "defaults": {"resource_group": "rg"}}
    for result in (
        by_module(monkeypatch, capsys, aci_groups.SPEC, args)[0],
        in_process(monkeypatch, aci_groups.SPEC, args),
    ):
        shown = result["invocation"]["module_args"]["groups"][0]
        assert shown["tags"] == {"t": "seen"}
        assert shown["name"] == "a"
        assert "groups[0] (a): nope is not an option" in result["msg"]
