# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A purge is refused if the controller knows that the task has only a part of the list, for both entry points."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.action.aci_groups import ActionModule


def refused(variables: dict[str, Any], purge: Any = True, **task: Any) -> str | None:
    found = object.__new__(ActionModule)
    details = {"args": {"groups": [], "purge": purge}, "loop": None, "loop_with": None, "run_once": False, **task}
    found._task = SimpleNamespace(**details)
    return found._refused_here(variables)


HOSTS = {"ansible_play_hosts_all": ["a", "b"]}


@pytest.mark.parametrize(
    ("variables", "task", "word"),
    [
        ({}, {"loop": ["x"]}, "loop"),
        ({}, {"loop_with": "items", "loop": ["x"]}, "loop"),
        (HOSTS, {}, "once per host"),
        ({"ansible_limit": "a"}, {}, "--limit"),
        ({**HOSTS, "ansible_limit": "a"}, {"run_once": True}, "--limit"),
    ],
)
def test_a_part_of_the_list(variables: dict[str, Any], task: dict[str, Any], word: str) -> None:
    assert word in (refused(variables, **task) or "")
    assert refused(variables, purge=False, **task) is None
    assert refused(variables, purge="no", **task) is None
    assert refused(variables, purge="yes", **task) is not None


@pytest.mark.parametrize(
    ("variables", "task"), [({}, {}), ({"ansible_play_hosts_all": ["a"]}, {}), (HOSTS, {"run_once": True})]
)
def test_the_whole_list(variables: dict[str, Any], task: dict[str, Any]) -> None:
    assert refused(variables, **task) is None
