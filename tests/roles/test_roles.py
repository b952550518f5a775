# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each row in rows.yml with exactly its actions, and without each of them: the engines, over TLS, as an
application with only this role."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from aci_emulator.cli.control_client import call
from aci_emulator.identity.directory import Directory, Role
from ansible_collections.azure_containers.aci.plugins.module_utils import _engines
from ansible_collections.azure_containers.aci.plugins.module_utils._azure.client import connect
from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError
from ansible_collections.azure_containers.aci.plugins.module_utils._engines import (
    aci_compose,
    aci_cost_info,
    aci_cp,
    aci_exec,
    aci_group,
    aci_group_info,
    aci_group_profile,
    aci_groups,
    aci_location_info,
    aci_logs,
    aci_prune,
    aci_run,
    resource_group,
    resource_group_info,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from emulator import RunningEmulator, emulator

ROWS = yaml.safe_load((Path(__file__).parent / "rows.yml").read_text())
SPECS = {
    module.__name__.rpartition(".")[2]: module.SPEC
    for module in (
        aci_compose,
        aci_cost_info,
        aci_cp,
        aci_exec,
        aci_group,
        aci_group_info,
        aci_group_profile,
        aci_groups,
        aci_location_info,
        aci_logs,
        aci_prune,
        aci_run,
        resource_group,
        resource_group_info,
    )
}
CODES = ("AuthorizationFailed", "LinkedAuthorizationFailed")


def title(row: dict[str, Any]) -> str:
    return f"{row['module']} {row['when']}".replace("`", "").strip()


@dataclass
class Stage:
    """An emulator with an owner, and with applications whose roles the tests choose."""

    azure: RunningEmulator
    folder: Path
    project: Path
    """The directory of a compose project."""
    names: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def application(self, actions: list[str]) -> tuple[str, dict[str, Any]]:
        """A new application with only these actions: its name and connection options."""
        name = f"application-{next(self.names)}"
        directory = Directory.load(self.azure.state_dir)
        principal = directory.give_role(name, Role(name, actions))
        directory.save()
        return name, {"client_id": principal.client_id, "client_secret": principal.secrets[0]}

    def used(self, name: str) -> list[str]:
        found: list[str] = call(self.azure.state_dir, "GET", f"/emulator/actions?principal={name}")["value"]
        return found

    def run(
        self,
        module: str,
        options: dict[str, Any],
        identity: dict[str, Any] | None = None,
        check: bool = False,
        warned: list[str] | None = None,
    ) -> dict[str, Any]:
        """Run a module's engine. Raises AciError."""
        spec = SPECS[module]
        params = {name: entry.get("default") for name, entry in spec.argument_spec().items()}
        params |= self.azure.connection()
        if "wait_timeout" in spec.arguments:
            params["wait_timeout"] = 60
        if "recovery_dir" in spec.arguments:
            params["recovery_dir"] = str(self.folder)
        client = connect(params | (identity or {}) | options)
        try:
            warn = ([] if warned is None else warned).append
            return spec.perform(Context(params | (identity or {}) | options, check, True, client, warn))
        finally:
            client.close()

    def prepare(self, row: dict[str, Any]) -> dict[str, Any]:
        """Run the preparation of a row as an owner; return the options of its task."""
        name = f"row-{next(self.names)}"
        group = f"/subscriptions/{self.azure.connection()['subscription_id']}/resourceGroups/roles"
        subnet = f"{group}/providers/Microsoft.Network/virtualNetworks/{name}/subnets/aci"
        if row.get("network"):
            self._network(name)

        def filled(value: Any) -> Any:
            text = json.dumps(value).replace("NAME", name).replace("GROUP", group).replace("SUBNET", subnet)
            text = text.replace("PROJECT", str(self.project))
            return json.loads(text)

        for module, options in row.get("before", []):
            self.run(module, filled(options))
        found: dict[str, Any] = filled(row["options"])
        return found

    def _network(self, name: str) -> None:
        delegation = {"name": "aci", "properties": {"serviceName": "Microsoft.ContainerInstance/containerGroups"}}
        subnet = {"name": "aci", "properties": {"addressPrefix": "10.0.0.0/24", "delegations": [delegation]}}
        properties = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]}
        path = f"resourceGroups/roles/providers/Microsoft.Network/virtualNetworks/{name}"
        self.azure.put(path, "2024-05-01", {"location": "westeurope", "properties": properties})


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with emulator(runtime="process", speed=100) as azure:
        project = tmp_path_factory.mktemp("project")
        (project / "compose.yaml").write_text("services: {web: {image: example.com/web, restart: always}}\n")
        found = Stage(azure, tmp_path_factory.mktemp("recovery"), project)
        found.run("resource_group", {"name": "roles", "location": "westeurope"})
        yield found


@pytest.mark.parametrize("row", ROWS, ids=title)
def test_exactly_its_actions_are_enough_and_all_are_used(stage: Stage, row: dict[str, Any]) -> None:
    options = stage.prepare(row)
    name, identity = stage.application(row["actions"])
    stage.run(row["module"], options, identity, row.get("check", False))
    assert sorted(stage.used(name)) == sorted(row["actions"])


@pytest.mark.parametrize(
    ("row", "left_out"),
    [pytest.param(row, action, id=f"{title(row)} without {action}") for row in ROWS for action in row["actions"]],
)
def test_one_action_less_is_not_enough(stage: Stage, row: dict[str, Any], left_out: str) -> None:
    options = stage.prepare(row)
    _name, identity = stage.application([action for action in row["actions"] if action != left_out])
    with pytest.raises(AciError) as caught:
        stage.run(row["module"], options, identity, row.get("check", False))
    # What a module does of many groups, or at its end, has a code of its own.
    assert caught.value.code in (*CODES, "NotRemoved", "CleanupFailed")
    if caught.value.code in CODES:
        assert [each["action"] for each in caught.value.result["missing_actions"]] == [left_out]
    assert f"a role that allows {left_out} on /subscriptions/" in caught.value.msg


@pytest.mark.parametrize("row", [row for row in ROWS if row.get("optional")], ids=title)
def test_all_that_a_task_can_do_without_is_used_if_allowed(stage: Stage, row: dict[str, Any]) -> None:
    options = stage.prepare(row)
    allowed = [*row["actions"], *row["optional"]]
    name, identity = stage.application(allowed)
    warned: list[str] = []
    stage.run(row["module"], options, identity, row.get("check", False), warned)
    assert sorted(stage.used(name)) == sorted(allowed)
    assert not [text for text in warned if "Cannot determine" in text]


@pytest.mark.parametrize(
    ("row", "left_out"),
    [
        pytest.param(row, action, id=f"{title(row)} without {action}")
        for row in ROWS
        for action in row.get("optional", ())
    ],
)
def test_what_a_task_can_do_without_is_warned_of(stage: Stage, row: dict[str, Any], left_out: str) -> None:
    options = stage.prepare(row)
    allowed = [action for action in (*row["actions"], *row["optional"]) if action != left_out]
    _name, identity = stage.application(allowed)
    warned: list[str] = []
    stage.run(row["module"], options, identity, row.get("check", False), warned)
    told = f"Give the identity a role that allows {left_out} on /subscriptions/"
    assert [text for text in warned if text.startswith("Cannot determine") and told in text]


def test_every_module_has_a_row() -> None:
    modules = {path.stem for path in Path(_engines.__path__[0]).glob("*.py")} - {"__init__"}
    assert {row["module"] for row in ROWS} == modules == set(SPECS)
