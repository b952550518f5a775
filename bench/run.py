# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the benchmarks of this folder one after another, so that none disturbs another's figures.

    make bench                       all of them
    make bench STEPS=emulator_scale  some, by the names of their files

Each is a program with figures of its own, and says what they are. Exits with 1 when one missed what it asks for.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(wanted: list[str]) -> int:
    programs = {path.stem: path for path in sorted(HERE.glob("*.py")) if path != Path(__file__).resolve()}
    unknown = [name for name in wanted if name not in programs]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)} (there are {', '.join(programs)})", file=sys.stderr)
        return 2
    missed = []
    for name in wanted or programs:
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, str(programs[name])], cwd=HERE.parent, check=False).returncode:
            missed.append(name)
    if missed:
        print(f"missed: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
