# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the collection's artifact in `.build`, from the files of the checkout alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import tree


def main() -> int:
    galaxy = str(tree.ROOT / ".venv" / "bin" / "ansible-galaxy")
    with tree.temporary_copy(tree.collection_files(with_tests=True)) as source:
        command = [galaxy, "collection", "build", "--force", "--output-path", str(tree.ROOT / ".build")]
        return subprocess.run(command, cwd=source, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
