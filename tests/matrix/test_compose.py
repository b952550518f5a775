# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lifecycle of compose keys: created, unchanged, changed as predicted, unchanged, and reverted."""

from __future__ import annotations

import itertools
import json
import typing as t
from pathlib import Path

import pytest
from matrix_cases import ENDING_IMAGE
from matrix_doors import RESOURCE_GROUP, Result, controller

from ansible_collections.azure_containers.aci.plugins.module_utils._engines.aci_compose import SPEC
from emulator import RunningEmulator

_names = itertools.count(1)

Part = dict[str, t.Any]

# The addition to a service, and the option for which the difference is reported.
CHANGES: dict[str, tuple[Part, str]] = {
    "image": ({"image": "example.com/web:2"}, "containers[web].image"),
    "command": ({"entrypoint": ["run"], "command": "a 'b c'"}, "containers[web].command"),
    "environment": ({"environment": {"A": "1", "B": ""}}, "containers[web].environment_variables[A]"),
    "secure environment": (
        {"environment": {"DB_PASSWORD": "planted-secret"}},
        "containers[web].environment_variables[DB_PASSWORD]",
    ),
    "ports": ({"ports": ["80:80", "53:53/udp"]}, "ip_address.ports[53/UDP]"),
    "expose": ({"expose": ["8080"]}, "containers[web].ports[8080/TCP]"),
    "sizes": ({"cpus": 0.5, "mem_limit": "300m"}, "containers[web].resources.requests.cpu"),
    "health check": (
        {"healthcheck": {"test": "true", "interval": "7s", "start_period": "5s"}},
        "containers[web].liveness_probe",
    ),
    "user": ({"user": "1000:1000"}, "containers[web].security_context"),
    "capabilities": ({"cap_add": ["NET_ADMIN"], "cap_drop": ["ALL"]}, "containers[web].security_context"),
    "privileges": ({"security_opt": ["no-new-privileges:true"]}, "containers[web].security_context"),
    "restart": ({"restart": "on-failure"}, "restart_policy"),
    "file share": ({"volumes": ["share:/share:ro"]}, "volumes[share]"),
    "empty directory": ({"volumes": ["cache:/cache"], "tmpfs": ["/tmp/x"]}, "volumes[cache]"),
    "secrets": ({"secrets": ["pw"], "configs": [{"source": "conf", "target": "/etc/app/x"}]}, "volumes[secrets-web-1]"),
    "job": ({"depends_on": {"job": {"condition": "service_completed_successfully"}}}, "init_containers[job]"),
    "second service": ({"x-second": True}, "containers[second]"),
}


class Project:
    """A project with its own group."""

    def __init__(self, folder: Path, azure: RunningEmulator) -> None:
        self._folder = folder
        self._options = {
            **azure.connection(),
            "resource_group": RESOURCE_GROUP,
            "name": f"compose-{next(_names)}",
            "project_src": str(folder),
            "public": True,
            "recreate": "when_needed",
            "resolve": "none",
            "ephemeral_volumes": ["cache"],
            "storage_account_keys": {"account": "a2V5a2V5"},
            "environment": {"PW": "planted-in-file"},
            "wait_for": "provisioned",
        }

    def run(self, part: Part, check: bool = False, **options: t.Any) -> Result:
        """The result of the task with this addition to the service."""
        services: Part = {"web": {"image": "example.com/web:1", "restart": "always", "ports": ["80:80"], **part}}
        if "depends_on" in part:
            services["job"] = {"image": ENDING_IMAGE}
        if part.get("x-second"):
            services["second"] = {"image": "example.com/second", "restart": "always"}
        document = {
            "services": services,
            "volumes": {
                "share": {
                    "driver": "azure_file",
                    "driver_opts": {"share_name": "share", "storage_account_name": "account"},
                },
                "cache": {},
            },
            "secrets": {"pw": {"environment": "PW"}},
            "configs": {"conf": {"content": "a=b"}},
        }
        (self._folder / "compose.yaml").write_text(json.dumps(document))
        result = controller({**self._options, **options}, check, SPEC)
        assert not result.get("failed"), result["msg"]
        assert "planted-" not in json.dumps(result)
        return result


@pytest.fixture(params=["documented", "strict"])
def project(
    request: pytest.FixtureRequest, tmp_path: Path, emulators: t.Callable[[str], RunningEmulator]
) -> t.Iterator[Project]:
    life = Project(tmp_path, emulators(request.param))
    yield life
    assert life.run({}, state="absent")["action"] == "deleted"


def properties(result: Result) -> set[str]:
    return {change["property"] for change in result["changes"]}


@pytest.mark.parametrize("name", CHANGES)
def test_life(name: str, project: Project) -> None:
    part, place = CHANGES[name]
    assert project.run({})["action"] == "created"
    for wanted in (part, {}):
        predicted = project.run(wanted, check=True)
        done = project.run(wanted)
        assert (predicted["changed"], done["changed"]) == (True, True)
        assert properties(predicted) == properties(done)
        assert any(each.startswith(place) for each in properties(done)), properties(done)
        again = project.run(wanted)
        assert (again["changed"], again["changes"]) == (False, [])
