# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks of the collection, recorded as they are on a stand-in for Azure, and replayed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aci_emulator.testing import RunningEmulator
from live_targets import ROOT

BIN = Path(sys.executable).parent


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".venv/src"), **variables}
    return subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.mark.parametrize("book", ["single_container", "multi_container", "task"])
def test_a_playbook_that_was_recorded_plays_without_a_difference(
    serve: Callable[..., RunningEmulator], tmp_path: Path, book: str
) -> None:
    server = serve("--runtime", "process", "--speed", "20")
    server.resume()
    record = [
        str(BIN / "aci-emulator"),
        "record",
        "--to",
        str(tmp_path / "r"),
        "--upstream-ca",
        os.environ["SSL_CERT_FILE"],
    ]
    play = [str(BIN / "ansible-playbook"), f"azure_containers.aci.{book}", "-e", "aci_prefix=petrel"]
    recorded = run(*record, "--", *play, ANSIBLE_HOME=str(tmp_path / "home"))
    assert recorded.returncode == 0, recorded.stdout + recorded.stderr
    text = (tmp_path / "r" / "recording-1.json").read_text()
    assert "petrel" not in text
    assert any(each["request"]["method"] == "PUT" for each in json.loads(text))
    # In a subscription of its own, since what the playbook has made is still there.
    other = serve("--runtime", "process", "--speed", "20")
    replayed = run(
        str(BIN / "aci-emulator"), "replay", str(tmp_path / "r"), "--state-dir", str(other.state_dir), "--no-explain"
    )
    assert (replayed.returncode, replayed.stdout.splitlines()[-1].partition(",")[2]) == (0, " 0 differences"), (
        replayed.stdout
    )
