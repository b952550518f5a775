# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build what a release consists of in `.build`, from the files of the checkout alone.

That is the collection's artifact, the emulator's wheel, and the Containerfile that makes an image of the wheel.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import tree

BUILD = tree.ROOT / ".build"
BIN = tree.ROOT / ".venv" / "bin"


def main() -> int:
    return build_collection() or build_emulator()


def build_collection() -> int:
    with tree.temporary_copy(tree.collection_files(with_tests=True)) as source:
        command = [str(BIN / "ansible-galaxy"), "collection", "build", "--force", "--output-path", str(BUILD)]
        return subprocess.run(command, cwd=source, check=False).returncode


def build_emulator() -> int:
    with tempfile.TemporaryDirectory(prefix="aci_emulator_") as name:
        source, wheels = tree.copy_emulator(Path(name)), Path(name) / "wheels"
        command = [str(BIN / "python"), "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
        code = subprocess.run([*command, "--wheel-dir", str(wheels), str(source)], check=False).returncode
        for path in (*wheels.glob("*.whl"), source / "Containerfile"):
            print(f"Created {shutil.copy2(path, BUILD)}")
    return code


if __name__ == "__main__":
    sys.exit(main())
