# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs README and the guides as they are: in one home directory, one document after another, all blocks in order.

README starts in a folder that is set up like a clone, and each guide with the shell at the end of README.
Blocks with a marker are skipped, so that the test run counts them and prints their reasons.
"""

from __future__ import annotations

import os
import re
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from console_blocks import Block, Command, blocks
from emulator import clean_environment
from shell_session import Shell
from tree import ROOT

GUIDES = ROOT / "docs/docsite/rst"
SECTIONS = yaml.safe_load((ROOT / "docs/docsite/extra-docs.yml").read_text())["sections"]
DOCUMENTS = [ROOT / "README.md", *(GUIDES / f"{name}.rst" for each in SECTIONS for name in each["toctree"])]
BLOCKS = [block for path in DOCUMENTS for block in blocks(path)]
MARKER = "not run by the tests:"


class Reader:
    """A reader of all documents, who types their commands."""

    def __init__(self, parent: Path) -> None:
        home = parent / "home"
        self._clone = home / "azure_containers.aci"
        self._clone.mkdir(parents=True)
        (self._clone / ".venv").symlink_to(ROOT / ".venv")
        (home / ".ansible").mkdir()
        # Replaces ansible-galaxy collection install.
        (home / ".ansible/collections").symlink_to(ROOT / ".venv/collections")
        # Replaces the auth file written by az ad sp create-for-rbac.
        (home / "azure.json").symlink_to(parent / "azure/credentials.json")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        # Replaces a path in the documents that only one user of a machine can use.
        self._state_dir = parent / "azure"
        replacements = {"/tmp/azure": str(self._state_dir), "8443": str(port)}
        variables = clean_environment() | {"HOME": str(home), "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8")}
        self.shell = Shell(home, self._clone, variables, replacements)
        self._document = "README.md"
        self._variables = variables

    def type(self, block: Block) -> None:
        """Save a file, or type the commands of a block."""
        if block.document != self._document:
            self._open(block.document)
        if block.file:
            path = self.shell.folder / Path(block.file.replace("~", str(self.shell.home), 1))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.shell.paste(block.content))
            for command in scheduled(block):
                self.shell.run(Command(command.replace("/opt/ansible/bin/", "")))
            return
        if re.search(r"aci-emulator serve\b", " ".join(command.text for command in block.commands)):
            self.shell.end()  # only one emulator at a time can use a state directory
        for command in block.commands:
            self.shell.run(command)

    def _open(self, document: str) -> None:
        if self._document == "README.md":
            self._variables = dict(self.shell.variables)
        self._document = document
        self.shell.variables, self.shell.folder = dict(self._variables), self._clone


def scheduled(block: Block) -> list[str]:
    """The playbooks in a systemd unit, a crontab or a GitHub workflow."""
    return re.findall(r"(?:ExecStart=|- run: |\* ansible )(\S*ansible-playbook .+)", block.content)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with tempfile.TemporaryDirectory(prefix="reader_") as folder:
        someone = Reader(Path(folder))
        yield someone
        someone.shell.end()


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.place)
def test_block(reader: Reader, block: Block) -> None:
    if block.not_run:
        pytest.skip(block.not_run)
    reader.type(block)


def test_every_marker_belongs_to_a_block() -> None:
    written = sum(path.read_text(encoding="utf-8").count(MARKER) for path in DOCUMENTS)
    assert written == sum(bool(block.not_run) for block in BLOCKS)


def test_every_guide_is_read() -> None:
    read = {path.name for path in DOCUMENTS}
    assert {path.name for path in GUIDES.glob("*.rst")} <= read


def test_the_console_blocks_are_found() -> None:
    written = sum(
        len(re.findall(r"^ *(?:```|\.\. code-block:: *)(?:console|shell|bash|sh)$", path.read_text(), re.MULTILINE))
        for path in DOCUMENTS
    )
    assert written == sum(not block.file for block in BLOCKS) > 20


def test_the_schedules_are_found() -> None:
    files = {block.file: scheduled(block) for block in BLOCKS if block.document == "guide_recipes.rst" and block.file}
    found = [file for file, commands in files.items() if len(commands) == 2]
    assert found == ["aci-nightly", "aci-nightly.service", ".github/workflows/nightly.yml"]
