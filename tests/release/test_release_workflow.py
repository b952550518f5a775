# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the commands of the release workflow, with stand-ins here for GitHub, Galaxy and the package index."""

from __future__ import annotations

import base64
import email
import hashlib
import json
import os
import re
import shlex
import shutil
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

import release as script
import tree
from aci_emulator.serving.tls import ensure_certificates
from environments import Offline, environment

WORKFLOW = yaml.safe_load((tree.ROOT / ".github/workflows/release.yml").read_text())
JOBS = WORKFLOW["jobs"]
TOKEN = "canary-token-of-galaxy"
Play = Callable[..., subprocess.CompletedProcess[str]]
REQUEST_TOKEN = "canary-token-of-the-job"  # what the job asks GitHub with for a token that says who it is
UPLOAD_TOKEN = "pypi-canary-token-of-the-upload"
GH = """\
#!/bin/sh
printf '%s\\n' "$@" > "$GH_STAND_IN"
"""


def step(job: str, name: str) -> dict[str, Any]:
    [found] = [each for each in JOBS[job]["steps"] if each.get("name") == name]
    return dict(found)


class StandIn(ThreadingHTTPServer):
    """A server on this machine that keeps what is uploaded: the header Authorization, and the parts of the form."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.host = f"127.0.0.1:{self.server_port}"
        self.uploads: list[tuple[str, dict[str, bytes]]] = []

    def __enter__(self) -> StandIn:
        self._thread = threading.Thread(target=self.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_details: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    server: StandIn

    def log_message(self, *_args: object) -> None:
        """Does not log, because nobody reads it."""

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def keep_upload(self) -> None:
        content_type = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = email.message_from_bytes(content_type + self.body())
        parts = {
            str(part.get_param("name", header="content-disposition")): bytes(part.get_payload(decode=True))
            for part in form.walk()
            if not part.is_multipart()
        }
        self.server.uploads.append((self.headers.get("Authorization", ""), parts))

    def answer(self, content: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Galaxy(Handler):
    """Takes an artifact as Galaxy's API does, and says that it was imported."""

    def do_GET(self) -> None:
        if "/imports/" in self.path:
            self.answer({"state": "completed", "finished_at": "2026-01-01T00:00:00Z", "messages": [], "error": None})
        else:
            self.answer({"available_versions": {"v3": "v3/"}})

    def do_POST(self) -> None:
        self.keep_upload()
        task = f"http://{self.server.host}/api/v3/imports/collections/00000000-0000-0000-0000-000000000001/"
        self.answer({"task": task})


def identity(audience: str) -> str:
    """The token with which GitHub says who a job is, here without a signature."""
    claims = {"iss": "https://token.actions.githubusercontent.com", "aud": audience, "environment": "pypi"}
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims))
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), ""])


class Index(Handler):
    """Takes a wheel from a trusted publisher as the package index does, and tells jobs who they are as GitHub does."""

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/_/oidc/audience":
            self.answer({"audience": "index"})
        elif url.path == "/identity" and self.headers["Authorization"].lower() == f"bearer {REQUEST_TOKEN}":
            self.answer({"value": identity(parse_qs(url.query)["audience"][0])})
        else:
            self.answer({"message": "not allowed"}, 403)

    def do_POST(self) -> None:
        if self.path == "/_/oidc/mint-token":
            if json.loads(self.body())["token"] == identity("index"):
                self.answer({"success": True, "token": UPLOAD_TOKEN})
            else:
                self.answer({"message": "not a trusted publisher", "errors": []}, 422)
        elif self.path == "/legacy/":
            self.keep_upload()
            self.answer({})
        else:
            self.answer({"message": "there is nothing"}, 404)


@pytest.fixture
def galaxy() -> Iterator[StandIn]:
    with StandIn(Galaxy) as server:
        yield server


@pytest.fixture
def index(tmp_path: Path) -> Iterator[tuple[StandIn, Path]]:
    """The index over TLS, as uv requires it, and the authority to trust."""
    folder = tmp_path / "certificates"
    folder.mkdir(mode=0o700)
    certificates = ensure_certificates(folder, "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.certificate, certificates.key)
    server = StandIn(Index)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with server:
        yield server, certificates.ca


def recipe(target: str) -> str:
    """The command of a Makefile target, without its prerequisites."""
    [command] = re.findall(rf"^{target}:.*\n\t@exec (.*)$", (tree.ROOT / "Makefile").read_text(), re.MULTILINE)
    return str(command)


def test_a_tag_becomes_a_release(
    checkout: Path, next_version: str, tmp_path: Path, galaxy: StandIn, play: Play
) -> None:
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
        "ANSIBLE_GALAXY_SERVER_GALAXY_URL": f"http://{galaxy.host}/",
        "ANSIBLE_GALAXY_SERVER_GALAXY_TOKEN": TOKEN,
        "ANSIBLE_HOME": str(tmp_path / "ansible-home"),
        "no_proxy": "127.0.0.1",
    }
    for command in (step("galaxy", "Install Ansible")["run"], publish["run"]):
        done = play(command, tmp_path, **variables)
        assert done.returncode == 0, done.stdout
    assert TOKEN not in done.stdout
    [(authorization, parts)] = galaxy.uploads
    assert authorization == f"Token {TOKEN}"
    assert parts["file"] == (folder / artifact).read_bytes()
    assert parts["sha256"].decode() == hashlib.sha256(parts["file"]).hexdigest()


def test_the_wheel_is_published_by_who_the_job_is(
    release: Path, tmp_path: Path, index: tuple[StandIn, Path], play: Play
) -> None:
    """No token is stored: the job asks GitHub who it is, and the index for a token of a few minutes."""
    server, authority = index
    shutil.copytree(release, tmp_path / "release")
    install, publish = (step("index", name) for name in ("Install uv", "Publish"))
    [wanted] = shlex.split(install["run"].removeprefix("python -m pip install "))
    try:
        programs = environment("uv", [wanted])
    except Offline:
        pytest.skip("the package index does not respond")
    variables = {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "SSL_CERT_FILE": str(authority),
        "GITHUB_ACTIONS": "true",
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"https://{server.host}/identity?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": REQUEST_TOKEN,
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "no_proxy": "127.0.0.1",
    }
    done = play(install["run"], tmp_path, **variables)
    assert done.returncode == 0, done.stdout
    assert publish["env"] == {"UV_PUBLISH_URL": "https://upload.pypi.org/legacy/"}
    done = play(publish["run"], tmp_path, **variables, UV_PUBLISH_URL=f"https://{server.host}/legacy/")
    assert done.returncode == 0, done.stdout
    # GitHub masks what a command declares as secret; nothing else may print a token.
    shown = [line for line in done.stdout.splitlines() if not line.startswith("::add-mask::")]
    assert not [line for line in shown if UPLOAD_TOKEN in line or REQUEST_TOKEN in line]
    [(authorization, parts)] = server.uploads
    assert base64.b64decode(authorization.removeprefix("Basic ")).decode() == f"__token__:{UPLOAD_TOKEN}"
    [wheel] = (tmp_path / "release").glob("*.whl")
    assert parts["content"] == wheel.read_bytes()
    assert parts["sha256_digest"].decode() == hashlib.sha256(parts["content"]).hexdigest()
    assert parts["name"].decode().replace("_", "-") == "aci-emulator"
    assert parts["version"].decode() == script.current(tree.ROOT)

    # Another job gets nothing: the index does not know it.
    server.uploads.clear()
    done = play(
        publish["run"],
        tmp_path,
        **variables | {"ACTIONS_ID_TOKEN_REQUEST_TOKEN": "another"},
        UV_PUBLISH_URL=f"https://{server.host}/legacy/",
    )
    assert done.returncode != 0
    assert server.uploads == []


def test_the_tag_of_a_version_starts_the_workflow(next_version: str) -> None:
    [pattern] = WORKFLOW[True]["push"]["tags"]  # YAML reads the key "on" as true
    matched = re.compile(pattern.replace(".", r"\."))  # GitHub's patterns: a set of characters, and + for more of them
    assert matched.fullmatch(next_version)
    assert not matched.fullmatch(f"v{next_version}")
    assert not matched.fullmatch(f"{next_version}-rc1")


def test_a_tag_of_another_name_is_not_released(checkout: Path, next_version: str, play: Play) -> None:
    (checkout / ".venv").symlink_to(tree.ROOT / ".venv")
    command = step("build", "Compare the tag with the version and the changelog")["run"]
    done = play(command, checkout, GITHUB_REF_NAME=next_version)
    assert done.returncode == 1
    assert "galaxy.yml: " in done.stdout
