# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a compose file says, cut at each of its requests: the group is what the file says after the next run.

The project has two services, secrets from the environment and from a file, a volume and a public address, so that a
group that was cut short of any of them differs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from .conftest import Bench, Outcome
from .test_fault_matrix import CANARY, FAULTS, GROUP, Operation, hold, is_possible

FILE_CANARY = "canary-file-4711"

Services = dict[str, dict[str, Any]]


def services(image: str = "nginx:1", **web: Any) -> Services:
    return {
        "web": {
            "image": image,
            "restart": "always",
            "ports": ["80:80"],
            "environment": {"DB_PASSWORD": "${PW}", "MODE": "x"},
            "secrets": ["pw"],
            "volumes": ["cache:/cache"],
            **web,
        },
        "side": {"image": "nginx:1", "restart": "always"},
    }


@dataclass(frozen=True)
class Compose(Operation):
    """A task of aci_compose on a project."""

    module: str = "aci_compose"
    wanted: Services | None = None
    """The services of the project; those of ``prepare`` if there are none."""

    def prepare(self, bench: Bench) -> dict[str, Any]:
        """Makes the group that the first state of the project is."""
        naming = {"resource_group": GROUP, "name": bench.name("compose")}
        if self.existing:
            assert not self._run(bench, naming, services()).failed
        if self.stopped:
            assert not bench.run("aci_group", **naming, state="stopped").failed
        return naming

    def run(self, bench: Bench, naming: dict[str, Any]) -> Outcome:
        """Does it. Whatever comes of it, no secret of the project is in the result or in a progress line."""
        outcome = self._run(bench, naming, self.wanted or services(), **self.options)
        assert FILE_CANARY not in f"{outcome.result}{bench.told}"
        assert CANARY not in f"{outcome.result}{bench.told}"
        if not outcome.failed and not self.gone:
            self._check(bench, naming)
        return outcome

    def _run(self, bench: Bench, naming: dict[str, Any], wanted: Services, **options: Any) -> Outcome:
        folder = bench.recovery_dir / f"project-{naming['name']}"
        folder.mkdir(exist_ok=True)
        (folder / "password").write_text(FILE_CANARY)
        document = {
            "services": wanted,
            "volumes": {"cache": {}},
            "secrets": {"pw": {"file": "password"}},
        }
        (folder / "compose.yaml").write_text(json.dumps(document))  # JSON is YAML
        given = {
            "project_src": str(folder),
            "location": "eastus",
            "public": True,
            "ephemeral_volumes": ["cache"],
            "resolve": "none",
            "environment": {"PW": CANARY},
            **options,
        }
        return bench.run("aci_compose", **naming, **given)

    def _check(self, bench: Bench, naming: dict[str, Any]) -> None:
        """A run that says that all is well has made all of it."""
        found = bench.run("aci_group_info", **naming).result["container_groups"]
        if not found:
            return  # a stale read may still hide it
        wanted = self.wanted or services()
        images = {each["name"]: each["image"] for each in found[0]["containers"]}
        assert images == {name: each["image"] for name, each in wanted.items()}
        web = next(each for each in found[0]["containers"] if each["name"] == "web")
        assert {each["name"] for each in web["environment_variables"]} == {"DB_PASSWORD", "MODE"}
        assert len(web["volume_mounts"]) == 2
        assert found[0]["ip_address"]["ports"][0]["port"] == 80


OPERATIONS = {
    "create": Compose({}, existing=False, once=("PUT",)),
    "update": Compose({}, wanted=services("nginx:2"), once=("PUT",)),
    "recreate": Compose({"recreate": "when_needed"}, wanted=services(cpus=2), may_vanish=True, once=("PUT",)),
    "start": Compose({"state": "started"}, stopped=True, once=("/start",)),
    "stop": Compose({"state": "stopped"}),
    "delete": Compose({"state": "absent"}, gone=True),
}
STRIKING = ("cut before acting", "cut after acting", "500", "429", "operation fails", "poll lost", "stale read")
"""What hits the making of a group in different places; the rest is in the matrix of aci_group, whose engine it is."""

CASES = [
    (name, fault)
    for name in OPERATIONS
    for fault in STRIKING
    if is_possible(name, fault) and (fault.startswith("cut") or name in ("create", "update", "recreate"))
]


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("name", "fault"), CASES, ids=[" - ".join(case) for case in CASES])
def test_a_project_that_was_cut_short_is_completed(bench: Bench, name: str, fault: str) -> None:
    assert fault in FAULTS
    hold(bench, OPERATIONS[name], name, fault)
