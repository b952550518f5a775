# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check with REUSE that every file says its copyright and license, itself or in `REUSE.toml`.

Exits with 75 where the environment cannot be made since the package index does not respond.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import tree
from environments import UNAVAILABLE, EnvironmentFailed, Offline, environment


def main() -> int:
    try:
        programs = environment("reuse", ["reuse>=5.0"])
    except EnvironmentFailed as error:
        print(f"make reuse: {error}", file=sys.stderr)
        return UNAVAILABLE if isinstance(error, Offline) else 1
    return subprocess.run([str(programs / "reuse"), "lint"], cwd=tree.ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
