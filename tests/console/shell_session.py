# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A shell with its own home directory that keeps variables, folder and background processes between blocks."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from console_blocks import Command

LIMIT = 300.0
"""The time limit of a command, in seconds."""

SETTLE = 30.0
"""The time limit for the output of background processes, in seconds."""


class Shell:
    """Runs commands one after another, like a user who pastes them."""

    def __init__(self, home: Path, folder: Path, variables: Mapping[str, str], replacements: Mapping[str, str]) -> None:
        self.home = home
        self.folder = folder
        self.variables = dict(variables)
        self._replacements = replacements
        self._background: list[int] = []
        self._count = 0

    def paste(self, text: str) -> str:
        """A document's text with the URLs of this test, and known values for ``NAME=...``."""
        for old, new in self._replacements.items():
            text = text.replace(old, new)

        def known(match: re.Match[str]) -> str:
            value = self.variables.get(match[1])
            return match[0] if value is None else f"{match[1]}={shlex.quote(value)}"

        return re.sub(r"\b([A-Z_]+)=\.\.\.", known, text)

    def run(self, command: Command) -> str:
        """Run a command and return its output. Raises AssertionError if it fails, or prints something else."""
        self._count += 1
        output = self.home.parent / f"output-{self._count}"
        state = self.home.parent / f"state-{self._count}"
        text = self.paste(command.text)
        # With -e, a failure of any line ends the script with its exit code.
        script = f"set -e -o pipefail\n{text}\nset +e\n{{ pwd; env -0; }} > {shlex.quote(str(state))}\n"
        with output.open("wb") as printed:
            process = subprocess.Popen(
                ["bash", "-c", script],
                cwd=self.folder,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._background.append(process.pid)
            try:
                code = process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                code = -1
        said = output.read_text(errors="replace")
        assert code == 0, f"$ {text}\nended with {code}:\n{said[-4000:]}"
        self._take_over(state)
        deadline = time.monotonic() + (SETTLE if text.rstrip().endswith("&") else 0)
        while missing := self._missing(command, said):
            assert time.monotonic() < deadline, f"$ {text}\nwas to print {missing!r}, and printed:\n{said[-4000:]}"
            time.sleep(0.1)
            said = output.read_text(errors="replace")
        return said

    def _take_over(self, state: Path) -> None:
        folder, _line_end, variables = state.read_text().partition("\n")
        self.folder = Path(folder)
        pairs = (each.partition("=") for each in variables.split("\0") if each)
        self.variables = {name: value for name, _sign, value in pairs if name not in ("_", "SHLVL", "PWD", "OLDPWD")}

    def _missing(self, command: Command, said: str) -> str:
        """The first line of the expected output that was not printed, or empty."""
        for line in command.output:
            pattern = ".*".join(re.escape(part) for part in self.paste(line).split("..."))
            if not re.search(rf"^{pattern}\s*$", said, re.MULTILINE):
                return line
        return ""

    def end(self) -> None:
        """End background processes with their children."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            self._background = [group for group in self._background if _signal(group, number)]
            deadline = time.monotonic() + 20
            while self._background and time.monotonic() < deadline:
                time.sleep(0.1)
                self._background = [group for group in self._background if _signal(group, 0)]


def _signal(group: int, number: int) -> bool:
    """Send a signal to a process group; False if it no longer exists."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True
