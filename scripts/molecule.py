# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the Molecule scenario of `extensions/molecule`, in an environment of its own.

Molecule looks at the folder that it runs in, so it runs in a copy. Exits with 75 where the environment cannot be made
since the package index does not respond.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import tree
from emulator import clean_environment
from environments import UNAVAILABLE, EnvironmentFailed, Offline, environment

PACKAGES = ("molecule>=25.1.0", "-r", "requirements.txt", "-e", "./emulator")


def main() -> int:
    try:
        programs = environment("molecule", PACKAGES)
    except EnvironmentFailed as error:
        print(f"make molecule: {error}", file=sys.stderr)
        return UNAVAILABLE if isinstance(error, Offline) else 1
    with tempfile.TemporaryDirectory(prefix="aci_molecule_") as name:
        folder = Path(name)
        collection = tree.copy(tree.collection_files(), folder)
        variables = clean_environment() | {
            "ANSIBLE_COLLECTIONS_PATH": str(folder),
            "ANSIBLE_HOME": str(folder / "ansible-home"),
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "HOME": str(folder / "home"),
            "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8"),
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        }
        (folder / "home").mkdir()
        command = [str(programs / "molecule"), "test", "-s", "default"]
        return subprocess.run(command, cwd=collection / "extensions", env=variables, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
