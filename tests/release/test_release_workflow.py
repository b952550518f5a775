# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the commands of the release workflow, with local substitutes for GitHub and Galaxy."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

import release as script
import tree

JOBS = yaml.safe_load((tree.ROOT / ".github/workflows/release.yml").read_text())["jobs"]
TOKEN = "canary-token-of-galaxy"
GH = """\
#!/bin/sh
printf '%s\\n' "$@" > "$GH_STAND_IN"
"""


def step(job: str, name: str) -> dict[str, Any]:
    [found] = [each for each in JOBS[job]["steps"] if each.get("name") == name]
    return dict(found)


def play(command: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a step's command like GitHub without an explicit shell."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    path = f"{tree.ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-c", command],
        cwd=folder,
        env=environment | {"PATH": path} | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )


class Galaxy(ThreadingHTTPServer):
    """Accepts an artifact like Galaxy's API, and reports that it was imported."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), GalaxyHandler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.uploads: list[tuple[str, bytes]] = []  # the Authorization header and the body


class GalaxyHandler(BaseHTTPRequestHandler):
    server: Galaxy

    def do_GET(self) -> None:
        if "/imports/" in self.path:
            self._answer({"state": "completed", "finished_at": "2026-01-01T00:00:00Z", "messages": [], "error": None})
        else:
            self._answer({"available_versions": {"v3": "v3/"}})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.uploads.append((self.headers.get("Authorization", ""), body))
        self._answer({"task": f"{self.server.url}/api/v3/imports/collections/00000000-0000-0000-0000-000000000001/"})

    def log_message(self, *_args: object) -> None:
        """Does not log, because nobody reads it."""

    def _answer(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def galaxy() -> Iterator[Galaxy]:
    with Galaxy() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def recipe(target: str) -> str:
    """The command of a Makefile target, without its prerequisites."""
    [command] = re.findall(rf"^{target}:.*\n\t@exec (.*)$", (tree.ROOT / "Makefile").read_text(), re.MULTILINE)
    return str(command)


def test_a_tag_becomes_a_release(checkout: Path, next_version: str, tmp_path: Path, galaxy: Galaxy) -> None:
    script.prepare(checkout, next_version)
    (checkout / ".venv").symlink_to(tree.ROOT / ".venv")
    (checkout / ".build").mkdir()
    tag = {"GITHUB_REF_NAME": next_version}

    # The job build. `make build` would first set up .venv, which already exists.
    runs = [each["run"] for each in JOBS["build"]["steps"] if "run" in each]
    assert runs[0] == "make build"
    for command in (recipe("build"), *runs[1:]):
        done = play(command, checkout, **tag)
        assert done.returncode == 0, done.stdout
    [upload] = [each for each in JOBS["build"]["steps"] if each.get("with", {}).get("name") == "release"]
    folder = tmp_path / "release"
    folder.mkdir()
    for pattern in upload["with"]["path"].split():
        [path] = checkout.glob(pattern)
        shutil.copy2(path, folder)
    artifact, wheel = f"azure_containers-aci-{next_version}.tar.gz", f"aci_emulator-{next_version}-py3-none-any.whl"
    assert {path.name for path in folder.iterdir()} == {artifact, wheel, "Containerfile", "notes.md"}
    assert "mend the rehearsed" in (folder / "notes.md").read_text()

    # The job github.
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "gh").write_text(GH)
    (programs / "gh").chmod(0o755)
    told = tmp_path / "told"
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    done = play(step("github", "Publish")["run"], tmp_path, PATH=path, GH_STAND_IN=str(told), **tag)
    assert done.returncode == 0, done.stdout
    words = told.read_text().splitlines()
    assert words[:3] == ["release", "create", next_version]
    assert words[-3:] == [f"release/{artifact}", f"release/{wheel}", "release/Containerfile"]
    assert "release/notes.md" in words

    # The job galaxy.
    publish = step("galaxy", "Publish")
    variables = {name: str(value) for name, value in publish["env"].items()}
    assert variables["ANSIBLE_GALAXY_SERVER_GALAXY_URL"] == "https://galaxy.ansible.com/"
    assert variables["ANSIBLE_GALAXY_SERVER_GALAXY_TOKEN"] == "${{ secrets.GALAXY_TOKEN }}"
    variables |= {
        "ANSIBLE_GALAXY_SERVER_GALAXY_URL": f"{galaxy.url}/",
        "ANSIBLE_GALAXY_SERVER_GALAXY_TOKEN": TOKEN,
        "ANSIBLE_HOME": str(tmp_path / "ansible-home"),
        "no_proxy": "127.0.0.1",
    }
    done = play(publish["run"], tmp_path, **variables)
    assert done.returncode == 0, done.stdout
    assert TOKEN not in done.stdout
    [(authorization, body)] = galaxy.uploads
    assert authorization == f"Token {TOKEN}"
    assert f'filename="{artifact}"'.encode() in body
    assert hashlib.sha256((folder / artifact).read_bytes()).hexdigest().encode() in body

    # The job index, except for the upload: the uploaded folder contains only the wheel.
    done = play(step("index", "Leave the wheel alone in its folder")["run"], tmp_path)
    assert done.returncode == 0, done.stdout
    [upload] = [each for each in JOBS["index"]["steps"] if "gh-action-pypi-publish" in each.get("uses", "")]
    assert [path.name for path in (tmp_path / upload["with"]["packages-dir"]).iterdir()] == [wheel]


def test_a_tag_of_another_name_is_not_released(checkout: Path, next_version: str) -> None:
    (checkout / ".venv").symlink_to(tree.ROOT / ".venv")
    command = step("build", "Compare the tag with the version and the changelog")["run"]
    done = play(command, checkout, GITHUB_REF_NAME=next_version)
    assert done.returncode == 1
    assert "galaxy.yml: " in done.stdout
