# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets and names in a playbook that is recorded, looked for in all that record and replay write and say."""

from __future__ import annotations

import base64
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from aci_emulator.testing import running_emulator
from emulator import COMMAND, clean_environment
from tree import ROOT

HERE = Path(__file__).parent
# None is part of another, nor of a word that could be written for another reason.
SECRETS = {
    "environment": "canary-Gk4vTw8environment",
    "registry": "canary-Yb2nLs6registry",
    "file": "canary-Wd9qRz3file",
    "stdin": "canary-Mp7cXj1stdin",
    "variable": "canary-Hf5sKe9variable",
    "printed": "canary-Tu3gBn4printed",
    "copied": "canary-Zc6yVm2copied",
}
NAMES = {
    "resource_group": "petrel-group",
    "group": "petrel-web",
    "container": "petrel-main",
    "owner": "petrel-owner",
    "value": "petrel-value",
    "user": "petrel-user",
    "file": "petrel-file",
}


@dataclass(frozen=True)
class Recorded:
    code: int
    written: str  # the recording
    shown: dict[str, str]  # what the commands say about it
    said: str  # by the recorder and by Ansible


@pytest.fixture(scope="module", params=[[], ["--keep-logs"]], ids=["without logs", "with logs"])
def recorded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    folder = tmp_path_factory.mktemp("recorded")
    variables = folder / "variables.json"
    copied = folder / "copied.txt"
    copied.write_text(SECRETS["copied"])
    variables.write_text(json.dumps({"secrets": SECRETS, "names": NAMES, "copied": str(copied)}))
    with running_emulator("--runtime", "process", "--speed", "20") as azure:
        environment = clean_environment() | azure.intercepted_environment()
        ansible = {
            "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv/collections"),
            "ANSIBLE_HOME": str(folder / "home"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
        }
        play = [str(COMMAND.with_name("ansible-playbook")), "-e", f"@{variables}", str(HERE / "recorded.yml")]
        ca = environment["SSL_CERT_FILE"]
        record = [str(COMMAND), "record", "--to", str(folder / "r"), "--upstream-ca", ca, *request.param, "--", *play]
        done = subprocess.run(
            record, env=environment | ansible, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        shown = {}
        for name, command in {
            "review": ["record", "--review", str(folder / "r")],
            "replay": ["replay", str(folder / "r"), "--state-dir", str(azure.state_dir), "--no-explain"],
        }.items():
            ended = subprocess.run(
                [str(COMMAND), *command], env=clean_environment(), capture_output=True, text=True, check=False
            )
            assert ended.returncode in (0, 3), ended.stderr
            shown[name] = ended.stdout + ended.stderr
    written = "".join(path.read_text() for path in (folder / "r").iterdir())
    return Recorded(done.returncode, written, shown, done.stdout + done.stderr)


def test_the_playbook_was_recorded(recorded: Recorded) -> None:
    assert recorded.code == 0, recorded.said[-6000:]
    assert recorded.written.count('"wss://') >= 2
    assert '"from": "service"' in recorded.written
    assert "/logs" in recorded.written


def forms(text: str) -> list[str]:
    return [text, base64.b64encode(text.encode()).decode().rstrip("=")[:-1], text[::-1]]


@pytest.mark.parametrize("name", SECRETS)
def test_the_secret_is_nowhere(recorded: Recorded, request: pytest.FixtureRequest, name: str) -> None:
    # What containers print is kept where that is asked for: the log, and what exec answers.
    printed = {"environment", "stdin", "variable", "printed", "copied"} if '"content"' in recorded.written else set()
    places = (
        recorded.shown | {"the output": recorded.said} | ({} if name in printed else {"recording": recorded.written})
    )
    if name in printed:
        places.pop("review")  # which shows all that is left, for somebody to find it
    for place, text in places.items():
        for form in forms(SECRETS[name]):
            assert form not in text, f"the {name} secret is in {place}"


@pytest.mark.parametrize("name", NAMES)
def test_the_name_is_nowhere(recorded: Recorded, name: str) -> None:
    for place, text in (recorded.shown | {"recording": recorded.written}).items():
        assert NAMES[name] not in text, f"the {name} is in {place}"
