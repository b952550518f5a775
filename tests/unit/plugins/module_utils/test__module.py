# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module's door: its result, its refusals and its line in the system's log, without secrets and without damage."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings
from ansible.module_utils.common.parameters import PASS_VARS

from ansible_collections.azure_containers.aci.plugins.module_utils import _module
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import Refused
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context, ModuleSpec
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient

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
    """What a module prints, and what it writes to the system's log."""
    logged: list[str] = []
    internal: dict[str, Any] = {"_ansible_verbosity": 3}
    if "inject_invocation" in PASS_VARS:  # older cores always return the options
        internal["_ansible_inject_invocation"] = True
    given = {"ANSIBLE_MODULE_ARGS": {"name": "x", **args, **internal}}
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps(given).encode())
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    monkeypatch.setattr(basic, "has_journal", False)
    # Newer cores take the process for the controller's once another test has loaded a part of that.
    if hasattr(warnings, "_internal"):
        monkeypatch.setattr(warnings._internal, "is_controller", False)
    monkeypatch.setattr(basic.AnsibleModule, "_log_to_syslog", lambda _self, text: logged.append(text))
    monkeypatch.setattr(_module, "connect", lambda _params: FakeClient())
    with pytest.raises(SystemExit):
        _module.run_module(ModuleSpec("c", ARGUMENTS, run))
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1]), "\n".join(logged)


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
