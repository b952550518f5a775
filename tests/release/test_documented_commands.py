# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From installation to a second run: the commands in README and guides, in an empty folder and home directory.

Downloads are replaced by the files of the build; pip gets everything else as usual.
"""

from __future__ import annotations

import os
import re
import subprocess
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator import clean_environment
from tree import ROOT

PATIENCE = 900.0  # seconds per command, on a busy machine
PUBLISHED = re.compile(r"https://github\.com/azure-containers/azure_containers\.aci/releases/download/[^/\s]+")
GUIDE = "docs/docsite/rst/guide_emulator.rst"
# GitHub's command for `shell: bash`; otherwise, a failure in a pipe would go unnoticed.
BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]


@dataclass
class Newcomer:
    """A user with an empty home directory, an empty folder, and Python on PATH."""

    folder: Path
    environment: dict[str, str]

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*BASH, script],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=PATIENCE,
        )


@pytest.fixture
def newcomer(python: str, tmp_path: Path) -> Iterator[Newcomer]:
    folder, home = tmp_path / "repository", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    cache = os.environ.get("PIP_CACHE_DIR") or str(Path.home() / ".cache" / "pip")
    environment = clean_environment() | {
        "HOME": str(home),
        "PATH": f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}",
        "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8"),
        "PIP_CACHE_DIR": cache,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    yield Newcomer(folder, environment)
    for command in tmp_path.glob("*/**/bin/aci-emulator"):
        subprocess.run([command, "stop"], env=environment, check=False, capture_output=True)


def blocks(page: str, heading: str, language: str) -> list[str]:
    """The code blocks in a language after a heading on a page, until the next heading."""
    text = (ROOT / page).read_text(encoding="utf-8")
    if page.endswith(".md"):
        section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0] if heading else text
        return re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    section = re.split(r"\n[^\n]+\n-{3,}\n", text.partition(f"\n{heading}\n{'-' * len(heading)}\n")[2])[0]
    found = re.findall(rf"\.\. code-block:: {language}\n\n((?:   .*\n|\n)+)", section)
    return [textwrap.dedent(block).strip() + "\n" for block in found]


@pytest.mark.parametrize(
    ("page", "heading", "playbook"),
    [
        ("README.md", "Your own playbooks on the emulator", ("README.md", "")),
        (GUIDE, "From installation to a second run", (GUIDE, "From installation to a second run")),
    ],
    ids=["README", "guide"],
)
def test_the_commands_of(newcomer: Newcomer, release: Path, page: str, heading: str, playbook: tuple[str, str]) -> None:
    (newcomer.folder / "site.yml").write_text(blocks(*playbook, "yaml")[0])
    commands = "\n".join(blocks(page, heading, "console"))
    commands = re.sub(r"^\$ ", "", commands, flags=re.MULTILINE)
    assert len(PUBLISHED.findall(commands)) == 2, "README and guide install two files of a release"
    done = newcomer.run(PUBLISHED.sub(str(release), commands))
    assert done.returncode == 0, done.stdout
    recaps = re.findall(r"changed=(\d+) .*failed=(\d+)", done.stdout)
    assert recaps == [("2", "0"), ("0", "0")], done.stdout
    if "aci-emulator groups" in commands:
        assert re.search(r"^first +shop +shop-web +westeurope +Running +Succeeded$", done.stdout, re.MULTILINE)
    assert newcomer.run(". azure/bin/activate; aci-emulator env").returncode == 1, "it still serves"


def play(newcomer: Newcomer, steps: list[dict[str, Any]]) -> dict[str, subprocess.CompletedProcess[str]]:
    """Runs the steps of a job like GitHub: those for failures after a failure, the others before."""
    done: dict[str, subprocess.CompletedProcess[str]] = {}
    failed = False
    for step in steps:
        if "run" in step and failed == (step.get("if") == "failure()"):
            result = done[step["name"]] = newcomer.run(step["run"])
            failed = failed or result.returncode != 0
    return done


def test_the_workflow(newcomer: Newcomer, release: Path, python: str, tmp_path: Path) -> None:
    [text] = blocks("docs/docsite/rst/emulator.rst", "In a CI job", "yaml")
    job = yaml.safe_load(text)["jobs"]["playbooks"]
    assert job["defaults"]["run"]["shell"] == "bash"
    assert PUBLISHED.fullmatch(job["env"].pop("RELEASE"))
    assert job["env"] == {}, "this test does not set other variables of the job"
    uses = [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step]
    assert uses == ["actions/checkout", "actions/setup-python"]
    subprocess.run([python, "-m", "venv", str(tmp_path / "python")], check=True)
    newcomer.environment["PATH"] = f"{tmp_path / 'python' / 'bin'}{os.pathsep}{newcomer.environment['PATH']}"
    newcomer.environment["RELEASE"] = str(release)
    [playbook, *_others] = blocks(GUIDE, "From installation to a second run", "yaml")
    (newcomer.folder / "site.yml").write_text(playbook)

    done = play(newcomer, job["steps"])
    assert {name: each.stdout for name, each in done.items() if each.returncode} == {}
    assert list(done) == ["Install", "Start the emulator", "Run the playbook", "Run it again, without a change"]
    assert "changed=2 " in done["Run the playbook"].stdout

    assert newcomer.run("aci-emulator stop").returncode == 0
    change = "- hosts: localhost\n  gather_facts: false\n  tasks: [{command: 'true'}]\n"
    (newcomer.folder / "site.yml").write_text(f"{playbook}\n{change}")
    done = play(newcomer, job["steps"])
    assert [name for name, each in done.items() if each.returncode] == ["Run it again, without a change"]
    assert "/containerGroups/shop-web" in done["Print the requests"].stdout
