# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both entry points of the engine of aci_group, in this process, so that tests need neither forks nor interpreters."""

from __future__ import annotations

import io
import itertools
import json
import typing as t
from contextlib import redirect_stdout, suppress
from types import SimpleNamespace

from ansible.module_utils import basic

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.arguments import CONNECTION_ARGUMENTS
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import aci_group_info, aci_groups
from ansible_collections.azure_containers.aci.plugins.module_utils._engines.aci_group import SPEC
from ansible_collections.azure_containers.aci.plugins.module_utils._module import ModuleSpec
from ansible_collections.azure_containers.aci.plugins.modules import aci_group
from ansible_collections.azure_containers.aci.plugins.plugin_utils._in_process import InProcessAction

Result = dict[str, t.Any]
RunModule = t.Callable[[dict[str, t.Any], bool], Result]

RESOURCE_GROUP = "matrix"
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
_names = itertools.count(1)


def controller(options: dict[str, t.Any], check: bool, spec: ModuleSpec = SPEC) -> Result:
    """Run through the action plugin, as in a worker process of the controller."""
    door = type("Plugin", (InProcessAction,), {"SPEC": spec, "__init__": lambda self: None})()
    door._task = SimpleNamespace(
        args=options, action=f"azure_containers.aci.{spec.name}", check_mode=check, diff=True, no_log=False
    )
    door._display = SimpleNamespace(verbosity=0)
    return {"changed": False, **door._here({})}


def module(options: dict[str, t.Any], check: bool) -> Result:
    """Run through the module, as in a separate interpreter."""
    arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": True}
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
    basic._ANSIBLE_PROFILE = "legacy"  # required by newer versions of ansible-core
    output = io.StringIO()
    with redirect_stdout(output), suppress(SystemExit):
        aci_group.main()
    result = json.loads(output.getvalue().strip().splitlines()[-1])
    assert isinstance(result, dict)
    return {"changed": False, **result}


DOORS: dict[str, RunModule] = {"controller": controller, "module": module}


class Group:
    """A container group with a unique name, through one entry point."""

    def __init__(self, door: RunModule, connection: dict[str, t.Any]) -> None:
        self._run = door
        self.subscription = str(connection["subscription_id"])
        self._options = {
            **connection,
            "resource_group": RESOURCE_GROUP,
            "name": f"group-{next(_names)}",
            "wait_for": "provisioned",
        }

    def definition(self) -> dict[str, t.Any]:
        """The group as aci_group_info exports it, with the emulator's own subscription."""
        (found,) = controller(
            {name: self._options[name] for name in self._options if name != "wait_for"}, False, aci_group_info.SPEC
        )["container_groups"]
        definition = found["definition"]
        assert isinstance(definition, dict)
        return definition

    def estate(self, options: dict[str, t.Any], check: bool = False) -> Result:
        """The result of aci_groups for the group, as the only one in its list."""
        text = json.dumps(options).replace(SUBSCRIPTION, self.subscription)
        entry = {**self._options, **json.loads(text)}
        connection = {name: entry.pop(name) for name in CONNECTION_ARGUMENTS if name in entry}
        result = controller({**connection, "groups": [entry]}, check, aci_groups.SPEC)
        result = json.loads(json.dumps(result).replace(self.subscription, SUBSCRIPTION))
        assert "container_groups" in result, result["msg"]
        (found,) = result["container_groups"]
        assert found["error"] is None, found["error"]
        assert isinstance(found, dict)
        return found

    def run(self, options: dict[str, t.Any], check: bool = False) -> Result:
        """The result of the task with these options, in which SUBSCRIPTION represents the emulator's."""
        text = json.dumps(options).replace(SUBSCRIPTION, self.subscription)
        result = self._run({**self._options, **json.loads(text)}, check)
        found = json.loads(json.dumps(result).replace(self.subscription, SUBSCRIPTION))
        assert isinstance(found, dict)
        return found
