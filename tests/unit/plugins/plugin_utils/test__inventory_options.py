# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors about mistakes in the configuration of the inventory."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from ansible_collections.azure_containers.aci.plugins.inventory.aci import DOCUMENTATION, EXAMPLES
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.plugin_utils._inventory_options import (
    check_options,
    unknown_options,
)


@pytest.mark.parametrize("config", list(yaml.safe_load_all(EXAMPLES)), ids=",".join)
def test_the_examples_are_right(config: dict[str, Any]) -> None:
    check_options(config, DOCUMENTATION)
    constructed = {"keyed_groups", "groups", "compose", "strict"}
    known = constructed | {"cache", "cache_plugin", "cache_connection", "cache_timeout"}
    assert list(unknown_options(config, DOCUMENTATION, known.__contains__)) == []


@pytest.mark.parametrize(
    "config",
    [
        {"filters": "aci_state == 'Running'", "hostnames": "aci_container_group"},
        {"resource_groups": "shop", "subscriptions": "a,b", "workers": "8", "instance_view": "no"},
        {"resource_groups": "{{ lookup('env', 'GROUPS') | split(',') }}", "workers": "{{ many }}"},
        {"tags": {"owner": None}, "filters": None, "secret": "x", "tenant": "y"},
        {"tags": ["owner", "stage:test"]},
    ],
)
def test_what_works_goes_on_working(config: dict[str, Any]) -> None:
    check_options(config, DOCUMENTATION)


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (
            {"hosts": "container"},
            "hosts must be one of groups, containers, but the string 'container'.*mean containers",
        ),
        ({"workers": "many"}, "workers must be a whole number, but the string 'many' was given. Write workers: 10"),
        ({"instance_view": "perhaps"}, "instance_view must be true or false, but the string 'perhaps'"),
        ({"resource_groups": {"shop": None}}, r"resource_groups must be a list of strings, but a dictionary.*\[shop, "),
        ({"resource_groups": "shop, test"}, r"resource_groups must.*Write resource_groups: \[shop, test\]"),
        (
            {"filters": "aci_state in ['Running', 'Pending']"},
            r"filters must be a list.*Write filters: \['aci_state in \[''",
        ),
        ({"client_secret": ["canary"]}, "client_secret must be a string, but a list was given"),
        ({"client_secret": "canary", "workers": "canary"}, r"workers must be a whole number, but the string '\*{8}'"),
    ],
)
def test_what_is_refused(config: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidArguments) as caught:
        check_options(config, DOCUMENTATION)
    assert re.search(words, caught.value.msg), caught.value.msg
    assert "canary" not in caught.value.msg


def test_names_that_are_no_options() -> None:
    config = {
        "plugin": "x",
        "resource_group": "a",
        "keyed_group": [],
        "\x1b[2J": 1,
        "x-base": {},
        "_base": {},
        "groups": {},
    }
    told = list(unknown_options(config, DOCUMENTATION, {"groups"}.__contains__))
    assert [text.partition(" is not")[0] for text in told] == ["resource_group", "keyed_group", "\\x1b[2J"]
    assert told[0].endswith("so it has no effect. Did you mean resource_groups?")
