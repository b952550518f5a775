# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters: their results, their errors, and their documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.azure_containers.aci.plugins.filter.forms import FilterModule, env_list, ports
from ansible_collections.azure_containers.aci.plugins.module_utils._group.plan import Wanted, make_plan

FOLDER = Path(__file__).resolve().parents[4] / "plugins/filter"
TCP = {"port": 80, "protocol": "TCP"}


class Marked(str):
    """A string that Ansible has tagged."""

    __slots__ = ()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([80], [TCP]),
        (80, [TCP]),
        ("80", [TCP]),
        ("80/TCP", [TCP]),
        (["80/tcp", "80/udp"], [TCP, {"port": 80, "protocol": "UDP"}]),
        ([{"port": 80}], [TCP]),
        ([{"port": "80", "protocol": "tcp"}], [TCP]),
        ({"port": 80, "protocol": None}, [TCP]),
        ([], []),
        ([Marked("80")], [TCP]),
    ],
)
def test_ports(given: Any, expected: list[dict[str, Any]]) -> None:
    assert ports(given) == expected


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["8080:80"], "element 0 is '8080:80', which is not a port.*does not map ports"),
        ([80, 0], "element 1 is '0', which is not a port from 1 to 65535"),
        ([65536], "65535"),
        (["http"], "'http'"),
        (["80/sctp"], "'80/sctp'"),
        ([True], "is a boolean; give 80"),
        ([80.5], "is a number; give 80"),
        ([None], "is null"),
        ([[80]], "is a list"),
        ([{"protocol": "TCP"}], "has no port"),
        ([{"port": 80, "name": "web"}], r"has unknown keys \(name\)"),
        ([80, "80/tcp"], "80/TCP is given twice"),
    ],
)
def test_ports_that_are_none(given: Any, words: str) -> None:
    with pytest.raises(AnsibleFilterError, match=words):
        ports(given)


def test_env_list() -> None:
    marked = Marked("{{ x }}")
    made = env_list({"A": "1", "B": 2, "C": marked})
    assert made == [{"name": "A", "value": "1"}, {"name": "B", "value": 2}, {"name": "C", "value": marked}]
    assert made[2]["value"] is marked
    assert env_list({"A": "1"}, secure=True) == [{"name": "A", "secure_value": "1"}]
    assert env_list({}) == []


@pytest.mark.parametrize("value", [True, 1.5, None, ["canary"], {"a": "canary"}])
def test_values_that_cannot_be_sent_as_written(value: Any) -> None:
    with pytest.raises(AnsibleFilterError, match="the value of A must be a string") as caught:
        env_list({"A": value})
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("value", ["A=canary", ["canary"], None])
def test_what_is_no_dictionary(value: Any) -> None:
    with pytest.raises(AnsibleFilterError, match=r"a dictionary of names and values, not (a|null)") as caught:
        env_list(value)
    assert "canary" not in str(caught.value)


def test_what_they_make_is_the_long_form() -> None:
    def plan(**container: Any) -> Any:
        return make_plan(None, Wanted(options={"containers": [{"name": "a", "image": "b", **container}]})).body

    assert plan(ports=ports(["80/tcp", "53/udp"]), environment_variables=env_list({"A": 1})) == plan(
        ports=[{"port": 80, "protocol": "TCP"}, {"port": 53, "protocol": "UDP"}],
        environment_variables=[{"name": "A", "value": "1"}],
    )


def test_each_is_documented() -> None:
    documented = {path.stem: yaml.safe_load(path.read_text()) for path in FOLDER.glob("*.yml")}
    assert set(documented) == set(FilterModule().filters())
    assert all(text["DOCUMENTATION"]["name"] == name for name, text in documented.items())
    assert all(set(text) == {"DOCUMENTATION", "EXAMPLES", "RETURN"} for text in documented.values())
