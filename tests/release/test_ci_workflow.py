# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the commands of CI's job that runs playbooks on an emulator, the one job whose steps are more than a target."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import yaml

import tree

STEPS = yaml.safe_load((tree.ROOT / ".github/workflows/ci.yml").read_text())["jobs"]["playbooks"]["steps"]


def test_the_playbooks_of_ci_run_on_an_emulator_that_they_wait_for(
    tmp_path: Path, play: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    state = tmp_path / "azure"
    state.mkdir(mode=0o700)
    variables = {
        "RUNNER_TEMP": str(tmp_path),
        "ACI_EMULATOR_STATE_DIR": str(state),
        "ANSIBLE_HOME": str(tmp_path / "home"),
    }
    commands = [step["run"] for step in STEPS if "run" in step]
    assert commands[0] == "make develop"  # it is set up already, or this would not run
    assert any(" env --wait " in command for command in commands)
    try:
        # The last step is for a job that failed; it has to work then.
        for command in commands[1:]:
            done = play(command, tree.ROOT, **variables)
            assert done.returncode == 0, done.stdout
    finally:
        play(".venv/bin/aci-emulator stop", tree.ROOT, **variables)
    assert "changed=0" in (tmp_path / "second.txt").read_text()
