# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both entry points' errors about mistakes in options: the option, its value, and what to write."""

from __future__ import annotations

import importlib
import json
import re
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._module import ModuleSpec
from ansible_collections.azure_containers.aci.tests.unit.support import doors
from ansible_collections.azure_containers.aci.tests.unit.support.mistakes import TABLE, TIMESTAMPS, Row

# No implementation details: class names, Python's messages, and those of Ansible's own validation.
INTERNAL = re.compile(
    r"Traceback|<class|_Ansible|NoneType|\b(str|dict|bool|int|float|datetime)\b|unable to convert|could not parse"
)


def spec_of(module: str) -> ModuleSpec:
    package = "ansible_collections.azure_containers.aci.plugins.module_utils._engines"
    spec: ModuleSpec = importlib.import_module(f"{package}.{module}").SPEC
    return spec


def identity(row: Row) -> str:
    return f"{row.module}: {row.options}"


def check(result: dict[str, Any], row: Row) -> None:
    message = result["msg"]
    assert result["failed"] is True
    assert [word for word in row.words if word not in message] == [], message
    assert not INTERNAL.search(message), message
    assert "exception" not in result
    assert result["error"]["code"] == "InvalidArguments"


@pytest.mark.parametrize("row", TABLE, ids=identity)
def test_a_mistake(row: Row, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    here = doors.in_process(monkeypatch, spec_of(row.module), row.args)
    check(here, row)
    by_module, _log = doors.by_module(monkeypatch, capsys, spec_of(row.module), row.args)
    check(by_module, row)
    # Warnings are different: a module's process collects them for its whole lifetime.
    assert [by_module[name] for name in ("msg", "error", "invocation")] == [
        here[name] for name in ("msg", "error", "invocation")
    ]


@pytest.mark.parametrize("row", TIMESTAMPS, ids=identity)
@pytest.mark.parametrize("switch", [True, False], ids=["in-process", "by-module"])
def test_a_timestamp(row: Row, switch: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module gets a string, whatever the original type: the action plugin checks it for both entry points."""
    found = doors.door(spec_of(row.module), args=row.args)
    found._is_possible_here = lambda _variables: switch
    monkeypatch.setattr(type(found).__mro__[2], "run", lambda *_args: {})
    result = found.run(None, {})
    check(result, row)


def test_the_table_has_the_mistakes_of_every_module() -> None:
    assert {row.module for row in TABLE} >= {
        "aci_cp",
        "aci_exec",
        "aci_group",
        "aci_run",
        "aci_group_profile",
        "aci_prune",
    }
    assert len(TABLE) + len(TIMESTAMPS) > 150


SECRETS: list[tuple[str, dict[str, Any]]] = [
    (
        "aci_group",
        {"containers": [{"name": "a", "environment_variables": [{"name": "A", "secure_value": ["CANARY"]}]}]},
    ),
    ("aci_group", {"containers": [{"name": "a", "environment_variables": [{"name": "A", "secure_valu": "CANARY"}]}]}),
    ("aci_group", {"containers": [{"name": "a", "environment_variables": {"A": "CANARY"}}]}),
    ("aci_group", {"containers": [{"name": "a", "environment_variables": "A=CANARY"}]}),
    ("aci_group", {"containers": [{"name": "a", "environment_variables": ["CANARY"]}]}),
    ("aci_group", {"containers": [{"name": "a", "environment_variables": ["CANARY=x"]}]}),
    ("aci_group", {"containers": "CANARY"}),
    ("aci_group", {"volumes": [{"name": "v", "azure_file": "CANARY"}]}),
    ("aci_group", {"volumes": [{"name": "v", "azure_file": "CANARY=="}]}),
    ("aci_group", {"volumes": [{"name": "v", "azure_file": {"storage_account_key": {"a": "CANARY"}}}]}),
    ("aci_group", {"volumes": [{"name": "v", "secret": "CANARY"}]}),
    ("aci_group", {"volumes": [{"name": "v", "secret": {"a": ["CANARY"]}}]}),
    ("aci_group", {"image_registry_credentials": "user:CANARY"}),
    ("aci_group", {"image_registry_credentials": [{"server": "a", "username": "b", "password": ["CANARY"]}]}),
    ("aci_group", {"diagnostics": {"log_analytics": "CANARY"}}),
    ("aci_group", {"registry_password": "CANARY"}),
    ("aci_group", {"storage_account_key": "CANARY"}),
    ("aci_group", {"client_secret": ["CANARY"]}),
    ("aci_group", {"client_secret": "CANARY", "wait_timeout": "CANARY"}),
    ("aci_group", {"client_secret": "CANARY", "state": "CANARY"}),
    ("aci_group", {"extensions": [{"name": "a", "protected_settings": "CANARY"}]}),
    ("aci_group", {"resource_manager_endpoint": "https://u:CANARY@h/", "wait_timeout": "https://u:CANARY@h/"}),
    ("aci_exec", {"cmd": "ls", "env": ["CANARY"]}),
    ("aci_exec", {"cmd": "ls", "stdin": {"a": "CANARY"}}),
    (
        "aci_run",
        {"containers": [{"name": "a", "environment_variables": [{"name": "A", "secure_value": {"b": "CANARY"}}]}]},
    ),
]


@pytest.mark.parametrize(("module", "args"), SECRETS, ids=str)
def test_a_secret_in_a_mistake_is_nowhere(
    module: str, args: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the highest verbosity: in the message, in the returned options, and in the system log."""
    given = json.loads(json.dumps({"resource_group": "shop", "name": "web", **args}).replace("CANARY", "canary-Xy7"))
    here = doors.in_process(monkeypatch, spec_of(module), given)
    by_module, log = doors.by_module(monkeypatch, capsys, spec_of(module), given)
    assert here["failed"] is by_module["failed"] is True
    assert "invocation" in here
    assert "canary-Xy7" not in json.dumps([here, by_module]) + log


def test_a_result_with_a_path_is_the_same_by_both_doors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ansible would add the owner and mode of a file on this host, even if the path is in a container."""
    spec = ModuleSpec("other", {}, lambda _context: {"changed": False, "dest": "/etc/hosts"})
    here = doors.in_process(monkeypatch, spec, {})
    by_module, _log = doors.by_module(monkeypatch, capsys, spec, {})
    assert set(by_module) == set(here)
