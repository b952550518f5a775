# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Comparison with other readers of compose files, if they are installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.forms import canonical_service
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.given import given_project

FILES = {
    "one.yaml": """
name: compared
x-app: &app {image: "busybox:${TAG:-1}", restart: always}
services:
  web:
    <<: *app
    command: echo 'a b' c
    env_file: web.env
    environment: {A: "1", B: "${NONE:-fallback}", C: "$$5", D: "${TAG}", E: "${EMPTY-unset}"}
    ports: ["80:80", "127.0.0.1:81:81/udp"]
    user: "1000"
  worker:
    <<: *app
    entrypoint: [sh, -c]
    command: ["sleep 1"]
    environment: [F=1, "G=a=b"]
    stop_grace_period: 1m30s
  idle: {<<: *app, profiles: [never]}
""",
    "two.yaml": """
services:
  web:
    command: [sleep, "7"]
    environment: [B=2, H=new]
    ports: ["82:82"]
""",
    "web.env": "A=file\nQUOTED='it is $TAG'\nDOUBLE=\"tag ${TAG}\" # comment\nPLAIN=x y # comment\n",
}
VARIABLES = {"TAG": "2", "EMPTY": ""}


def podman(folder: Path) -> Any:
    command = ["podman-compose", "-f", "one.yaml", "-f", "two.yaml", "config"]
    return yaml.safe_load(_run(command, folder))["services"]


def docker(folder: Path) -> Any:
    command = ["docker", "compose", "-f", "one.yaml", "-f", "two.yaml", "config", "--format", "json"]
    return json.loads(_run(command, folder))["services"]


def _run(command: list[str], folder: Path) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **VARIABLES}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


def _has_docker_compose() -> bool:
    if shutil.which("docker") is None:
        return False
    asked = subprocess.run(["docker", "compose", "version"], capture_output=True, text=True, check=False, timeout=60)
    return asked.returncode == 0 and "Docker Compose" in asked.stdout


READERS = [
    pytest.param(
        podman,
        id="podman-compose",
        marks=pytest.mark.skipif(shutil.which("podman-compose") is None, reason="podman-compose is not installed"),
    ),
    pytest.param(
        docker,
        id="docker compose",
        marks=pytest.mark.skipif(not _has_docker_compose(), reason="docker compose is not installed"),
    ),
]
COMPARED = ("image", "command", "entrypoint", "restart", "user", "environment", "ports")


def compared(services: dict[str, Any]) -> dict[str, Any]:
    """The common part of the readers' results: keys in one form, without those that only one of them adds."""
    result = {}
    for name, service in services.items():
        if "never" in (service.get("profiles") or ()):
            continue  # podman-compose lists it nevertheless
        form = canonical_service({key: value for key, value in service.items() if key in COMPARED}, name, ".")
        form["ports"] = sorted(
            (port["target"], str(port["published"]), port["host_ip"] or "", port["protocol"])
            for port in form.get("ports") or ()
        )
        form["environment"] = {key: str(value) for key, value in (form.get("environment") or {}).items()}
        result[name] = {key: value for key, value in form.items() if value is not None}
    return result


@pytest.mark.parametrize("reader", READERS)
def test_another_reader_makes_the_same_of_the_files(reader: Any, tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    project = given_project({"project_src": str(tmp_path), "files": ["one.yaml", "two.yaml"], "environment": VARIABLES})
    ours, theirs = compared(project.services), compared(reader(tmp_path))
    if reader is podman:  # it does not read env_file yet
        for name, service in theirs.items():
            service["environment"] = {
                **{
                    key: value
                    for key, value in ours[name]["environment"].items()
                    if key in ("QUOTED", "DOUBLE", "PLAIN")
                },
                **service["environment"],
            }
    assert theirs == ours
