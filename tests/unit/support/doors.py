# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both entry points of a module, without the rest of Ansible."""

from __future__ import annotations

import datetime
import json
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings
from ansible.module_utils.common.parameters import PASS_VARS

from ansible_collections.azure_containers.aci.plugins.module_utils import _module
from ansible_collections.azure_containers.aci.plugins.module_utils._module import ModuleSpec
from ansible_collections.azure_containers.aci.plugins.plugin_utils import _in_process
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient


def by_module(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], spec: ModuleSpec, args: dict[str, Any]
) -> tuple[dict[str, Any], str]:
    """The output of a module with a FakeClient, and its entries in the system log."""
    logged: list[str] = []
    internal: dict[str, Any] = {"_ansible_verbosity": 3}
    if "inject_invocation" in PASS_VARS:  # older versions of ansible-core always return the options
        internal["_ansible_inject_invocation"] = True
    given = {"ANSIBLE_MODULE_ARGS": {**args, **internal}}
    monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps(given, default=datetime.date.isoformat).encode())
    monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
    monkeypatch.setattr(basic, "has_journal", False)
    # Newer versions of ansible-core mistake the process for the controller's if another test has loaded a part of it.
    if hasattr(warnings, "_internal"):
        monkeypatch.setattr(warnings._internal, "is_controller", False)
    # A module's process runs one task, and collects warnings for its whole lifetime.
    for name in ("_global_warnings", "_global_deprecations"):
        if hasattr(warnings, name):
            monkeypatch.setattr(warnings, name, type(getattr(warnings, name))())
    monkeypatch.setattr(basic.AnsibleModule, "_log_to_syslog", lambda _self, text: logged.append(text))
    monkeypatch.setattr(_module, "connect", lambda _params: FakeClient())
    with pytest.raises(SystemExit):
        _module.run_module(spec)
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1]), "\n".join(logged)


def door(spec: ModuleSpec, **more: Any) -> Any:
    """The action plugin of a module, for a task with the properties ``more``."""
    task = {"args": {}, "action": f"azure_containers.aci.{spec.name}", "check_mode": False, "diff": False}
    task |= {"no_log": False, "environment": [{}], "async_val": 0} | more
    found = object.__new__(type("ActionModule", (_in_process.InProcessAction,), {"SPEC": spec}))
    found._task = SimpleNamespace(**task)
    found._play_context = SimpleNamespace(become=False)
    found._connection = SimpleNamespace(transport="local")
    found._templar = SimpleNamespace(template=lambda value: value.replace("{{ no }}", "no"))
    found._display = SimpleNamespace(verbosity=0, display=lambda *_args, **_more: None)
    return found


def in_process(monkeypatch: pytest.MonkeyPatch, spec: ModuleSpec, args: dict[str, Any]) -> dict[str, Any]:
    """The result of a task in the controller's process, with a FakeClient."""
    monkeypatch.setattr(_in_process, "shared_client", lambda _params: FakeClient())
    monkeypatch.setattr(_in_process, "_shows_invocation", lambda _variables: True)  # for newer cores
    result: dict[str, Any] = door(spec, args=args)._here({})
    return result
