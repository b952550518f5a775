# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's entry point: its result, its errors and its line in the system log, complete and without secrets."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import Refused
from ansible_collections.azure_containers.aci.plugins.module_utils._common.interpreter import RARELY
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context, ModuleSpec, collected_rarely
from ansible_collections.azure_containers.aci.tests.unit.support.doors import by_module

LINES = "canary-one\ncanary-two"
ARGUMENTS: dict[str, Any] = {
    "name": {"type": "str", "required": True},
    "count": {"type": "int"},
    "url": {"type": "str"},
    "items": {"type": "list", "elements": "dict", "options": {"value": {"type": "str", "no_log": True}}},
}


def played(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], run: Any, args: dict[str, Any]
) -> tuple[dict[str, Any], str]:
    """The output of a module, and its entries in the system log."""
    return by_module(monkeypatch, capsys, ModuleSpec("c", ARGUMENTS, run), {"name": "x", **args})


def tell(context: Context) -> dict[str, Any]:
    context.warn("warned of canary-two")
    return {"changed": True, "state": "Running", "ip": "10.1.80.1", "said": "canary-one", "message": "80 is Running"}


def test_a_result(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    items = [{"value": LINES}, {"value": "80"}, {"value": "Running"}]
    args = {"items": items, "url": "https://u:canary-url@h/"}
    result, log = played(monkeypatch, capsys, tell, args)
    assert "canary" not in str(result)
    assert (result["state"], result["ip"], result["message"]) == ("Running", "10.1.80.1", "80 is ********")
    assert sum("shorter than 4" in str(warning) for warning in result["warnings"]) == 1
    assert result["invocation"]["module_args"]["url"] == "https://********@h/"
    assert "url=https://********@h/" in log
    assert "canary" not in log


@pytest.mark.parametrize("args", [{"count": "many"}, {"items": ["canary-one"]}, {"vlue": "canary-one"}])
def test_a_refusal_of_the_options(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], args: dict[str, Any]
) -> None:
    result, _log = played(monkeypatch, capsys, tell, {"items": [{"value": LINES}, {"value": "int"}], **args})
    assert result["failed"] is True
    assert "canary" not in str(result)
    assert "invocation" in result


@pytest.mark.parametrize("error", [Refused("no canary-one, https://u:other-url@h/"), KeyError("canary-two")])
def test_a_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception) -> None:
    def fail(_context: Context) -> dict[str, Any]:
        raise error

    result, _log = played(monkeypatch, capsys, fail, {"items": [{"value": LINES}]})
    assert result["failed"] is True
    assert result["msg"].startswith(("no ********", "Unexpected failure: KeyError"))
    assert "canary" not in str(result)
    assert "other-url" not in str(result)


def test_garbage_is_looked_for_as_before_once_groups_are_made() -> None:
    before = gc.get_threshold()
    with collected_rarely():
        assert gc.get_threshold()[0] == RARELY
    assert gc.get_threshold() == before
