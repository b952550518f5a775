# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual environments beside `.venv`'s own, for tools whose requirements would not agree with the project's."""

from __future__ import annotations

import contextlib
import fcntl
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import tree

UNAVAILABLE = 75  # what a script exits with when its environment needs a network that is not there
FOLDER = tree.ROOT / ".venv" / "environments"


NO_ANSWER = (
    "Max retries exceeded",
    "NewConnectionError",
    "NameResolutionError",
    "ConnectTimeoutError",
    "Network is unreachable",
)


class EnvironmentFailed(Exception):
    """The environment could not be made; the text has the words of the program that failed."""


class Offline(EnvironmentFailed):
    """The environment could not be made since the package index did not answer."""


def environment(name: str, packages: Iterable[str], python: str = sys.executable) -> Path:
    """The folder of programs of an environment with these packages, recreated if it has others.

    A package is what pip takes: a name with or without versions, or the path of a folder. They come in their newest
    versions of the day on which the environment is made; `make clean` ends that day.
    """
    wanted = [*packages]
    folder = FOLDER / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    stamp = folder / "packages"
    content = "\n".join([python, str(folder), *wanted])
    with _locked(folder):
        if not stamp.exists() or stamp.read_text() != content:
            print(f"making {folder.relative_to(tree.ROOT)}", file=sys.stderr, flush=True)
            _run([python, "-m", "venv", "--clear", str(folder)])
            _install(folder, wanted)
            stamp.write_text(content)
    return folder / "bin"


def add_requirements(programs: Path, requirements: Path) -> None:
    """Install what a file of requirements lists that came with a package of the environment, unless it is there."""
    folder = programs.parent
    stamp = folder / "requirements"
    with _locked(folder):
        if not stamp.exists() or stamp.read_bytes() != requirements.read_bytes():
            _install(folder, ["-r", str(requirements)])
            stamp.write_bytes(requirements.read_bytes())


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let no other process change the environment in this folder meanwhile."""
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(folder: Path, wanted: list[str]) -> None:
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, *wanted])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=tree.ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        output = done.stdout + done.stderr
        kind = Offline if any(words in output for words in NO_ANSWER) else EnvironmentFailed
        raise kind(f"{' '.join(command)} failed:\n{output}")
