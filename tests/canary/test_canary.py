# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plants secrets in every option that accepts one, and searches for them in all output and files of a run."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from emulator import RunningEmulator, clean_environment, emulator
from tree import ROOT

HERE = Path(__file__).parent

# None is part of another, or of a word that could be printed for another reason.
SECRETS = {
    "environment": "canary-Vb7qLw2environment",
    "registry": "canary-Rk4xTz9registry",
    "file": "canary-Hn3mPd6file",
    "storage": base64.b64encode(b"canary-Jc8sYf1storage").decode(),
    "workspace": base64.b64encode(b"canary-Gt5vKe0workspace").decode(),
    "wrong": "canary-Wx6bNq4wrong",
    "broken": "canary-Za2dMr7broken",
    "stdin": "canary-Qp6wLs3stdin",
    "variable": "canary-Ue9vTy1variable",
    "lines": "canary-Fa1bXc5begin\ncanary-Oi8nKj2middle\ncanary-Pd4sMz7end",
    "file_lines": "canary-Yt3gHb6open\ncanary-Lw5rVn8shut\n",
    "git": "canary-Cs7dFq4git",
    "signature": "canary-Eb2hNr9signature",
    "image": "canary-Ix6jPw3image",
    "query": "canary-Mk1tZv8query",
    "tag": "canary-Du4yGa7tag",
    "unknown": "canary-Rj9xCe2unknown",
    "connection": "canary-Bn5uKl6connection",
    "sas": "canary-Ts8oWf1sas",
    "extra": "canary-Ah3qJd4extra",
    "endpoint": "canary-Zg7mUi5endpoint",
    "short": "canary-Nf4sWb8short",
    "landed": "canary-Kw2hDs9landed",
    "joined": "canary-Vx5tLe3joined",
    "compose_file": "canary-Qd8nRw4inCompose",
    "compose_url": "canary-Lh2vXk7inUrl",
    "compose_env_file": "canary-Tp5jYb9inEnvFile",
    "compose_dotenv": "canary-Wc3gMs6inDotenv",
    "compose_secret": "canary-Fz7uHq1inSecret",
    "compose_variable": "canary-Bk9rPe4inVariable",
    "compose_key": base64.b64encode(b"canary-Sj6dNv2inKey").decode(),
}

DEFINITION = """\
name: canary-defined
location: westeurope
properties:
  osType: Linux
  restartPolicy: Never
  containers:
    - name: shell
      properties:
        image: emulator.local/sh
        command: [sh, -c, 'while true; do sleep 1; done']
        environmentVariables:
          - name: TOKEN
            secureValue: ${LANDED}
          - name: SITE
            value: before-${JOINED}-after
        resources: {requests: {cpu: 1, memoryInGB: 1}}
"""

COMPOSE = {
    "compose.yaml": """\
services:
  web:
    image: ${IMAGE:?what about $X_TOKEN and $Y_KEY}
    restart: always
    entrypoint: [sh, -c, 'while true; do sleep 1; done']
    env_file: compose.env
    environment:
      DB_PASSWORD: COMPOSE_FILE
      DSN: Server=db;Password=${X_TOKEN}
      URL: postgres://user:COMPOSE_URL@db/x
      KEY_FROM_DOTENV: ${Y_KEY}
    ports: ["80:80"]
    secrets: [certificate]
    cpus: ${CPUS:-1}
secrets:
  certificate: {file: compose.pem}
""",
    "shares.yaml": """\
services: {web: {volumes: ["data:/data"]}}
volumes:
  data: {driver: azure_file, driver_opts: {share_name: data, storage_account_name: data}}
""",
    "compose.env": "API_TOKEN=COMPOSE_ENV_FILE\n",
    ".env": "Y_KEY=COMPOSE_DOTENV\n",
    "compose.pem": "COMPOSE_SECRET\n",
}

PLAYBOOKS = ("playbook.yml", "refusals.yml", "urls.yml")
GIVEN = ("variables.json", "broken.json", *COMPOSE)


@dataclass(frozen=True)
class Played:
    code: int
    places: dict[str, str]  # the place of output or of a file -> the text
    secrets: dict[str, str]  # must not be in any of them; includes the emulator's client secret


@pytest.fixture(scope="module", params=["true", "false"], ids=["in-process", "by-module"])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Run the playbook through both entry points, at the highest verbosity."""
    folder = tmp_path_factory.mktemp("canary")
    with emulator(runtime="process", speed=20) as azure:
        code, printed = play(folder, azure, request.param)
        places = {"output": printed, "the emulator's log": azure.log.read_text(errors="replace")}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name not in GIVEN:
                places[str(path.relative_to(folder))] = path.read_text(errors="replace")
        yield Played(code, places, SECRETS | {"client": azure.variables["AZURE_CLIENT_SECRET"]})


def play(folder: Path, azure: RunningEmulator, in_process: str) -> tuple[int, str]:
    broken = folder / "broken.json"
    broken.write_text('{"clientId": "x", "clientSecret": "' + SECRETS["broken"] + '", "tenantId": ')
    variables = folder / "variables.json"
    inventory = folder / "canary.aci.yml"
    inventory.write_text("plugin: azure_containers.aci.aci\nhosts: containers\n")
    definition = folder / "definition.yml"
    definition.write_text(DEFINITION)
    project = folder / "project"
    project.mkdir()
    for name, text in COMPOSE.items():
        for secret in ("compose_file", "compose_url", "compose_env_file", "compose_dotenv", "compose_secret"):
            text = text.replace(secret.upper(), SECRETS[secret])
        (project / name).write_text(text)
    given = {
        "canary": SECRETS,
        "canary_project": str(project),
        "canary_broken_auth_file": str(broken),
        "canary_inventory": str(inventory),
        "canary_definition_file": str(definition),
    }
    variables.write_text(json.dumps(given))
    environment = clean_environment() | azure.variables
    environment |= {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv/collections"),
        "ANSIBLE_AZURE_ACI_IN_PROCESS": in_process,
        "ANSIBLE_HOME": str(folder / "home"),
        "ANSIBLE_REMOTE_TMP": str(folder / "remote"),
        "ANSIBLE_LOG_PATH": str(folder / "log"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_AZURE_ACI_PROGRESS": "true",
        "PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}",
    }
    command = [
        str(ROOT / ".venv/bin/ansible-playbook"),
        "-vvvv",
        "--diff",
        "-e",
        f"@{variables}",
        *(str(HERE / playbook) for playbook in PLAYBOOKS),
    ]
    done = subprocess.run(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_playbook_does_what_it_says(played: Played) -> None:
    assert played.code == 0, played.places["output"][-6000:]
    assert "log" in played.places


@pytest.mark.parametrize("name", [*SECRETS, "client"])
def test_the_secret_is_nowhere(played: Played, name: str) -> None:
    secret = played.secrets[name]
    forms = {*secret.splitlines(), base64.b64encode(secret.encode()).decode().rstrip("=")[:-1]}
    forms |= {urllib.parse.quote(secret, safe=""), json.dumps(secret)[1:-1]}
    for place, text in played.places.items():
        for form in forms:
            lines = [line for line in text.splitlines() if form in line]
            assert not lines, f"the {name} secret is in {place}: {lines[0][:300]}"
