# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Set up `.venv`: Ansible, requirements, tools, the emulator and the collection; redo only what changed.

Run by `make develop` with the interpreter that the environment is to have. It needs nothing but the standard library.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import tree

ROOT = tree.ROOT
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stamps"
VERSION = ".".join(map(str, sys.version_info[:3]))


class Failed(Exception):
    """A stage did not succeed; the text says which and why."""


def main() -> int:
    VENV.mkdir(exist_ok=True)
    with (VENV / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            make_environment()
            package_files = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt", ROOT / "emulator/pyproject.toml"]
            stage(
                "packages",
                "installing Ansible, the Azure SDK, the tools and the emulator",
                package_files,
                install_packages,
            )
            stage("collection", "installing the collection", tree.collection_files(), install_collection)
            link_sources()
        except Failed as error:
            print(f"make develop: {error}", file=sys.stderr)
            return 1
    return 0


def make_environment() -> None:
    """Create the environment, again if it has another Python or was moved."""
    wanted = f"{VERSION} {VENV}"
    stamp = STAMPS / "environment"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"creating {VENV} with Python {VERSION}", flush=True)
    for entry in VENV.iterdir():
        if entry.name != "lock":
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode:
        raise Failed(
            f"{sys.executable} -m venv failed; on Debian and Ubuntu its package is python3-venv.\n"
            f"{made.stdout}{made.stderr}"
        )
    STAMPS.mkdir()
    stamp.write_text(wanted)


def stage(name: str, title: str, inputs: Iterable[Path], action: Callable[[], None]) -> None:
    """Run the action unless the content of its inputs is that of its last success."""
    digest = hashlib.sha256()
    for path in sorted(inputs):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    stamp = STAMPS / name
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    print(title, end=" ", flush=True)
    started = time.monotonic()
    action()
    stamp.write_text(digest.hexdigest())
    print(f"({time.monotonic() - started:.0f} s)", flush=True)


def install_packages() -> None:
    requirements = ["-r", "requirements.txt", "-r", "requirements-dev.txt", "-e", "./emulator[podman,test]"]
    run([str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements])


def install_collection() -> None:
    galaxy = str(VENV / "bin" / "ansible-galaxy")
    with tree.temporary_copy(tree.collection_files()) as source:
        run([galaxy, "collection", "build", "--output-path", str(source.parent)], cwd=source)
        artifact = next(source.parent.glob("*.tar.gz"))
        target = str(VENV / "collections")
        run([galaxy, "collection", "install", str(artifact), "-p", target, "--offline", "--no-deps", "--force"])


def link_sources() -> None:
    """Make the checkout importable as ansible_collections.azure_containers.aci, for pytest and mypy."""
    link = VENV / "src" / "ansible_collections" / tree.NAMESPACE / tree.NAME
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink():
        link.symlink_to(ROOT, target_is_directory=True)


def run(command: list[str], cwd: Path = ROOT) -> None:
    # Settings of the user's own Ansible must not reach the build: it would install to, or warn of, other places.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment |= {
        "ANSIBLE_HOME": str(VENV / "ansible-home"),
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "LC_ALL": environment.get("LC_ALL", "C.UTF-8"),
    }
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    sys.exit(main())
