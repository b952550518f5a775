# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the benchmarks that the guide on speed quotes, and write what they print into it.

.venv/bin/python scripts/speed_page.py [doors connection large_estates peers]

Run it on a machine that does nothing else. A benchmark that misses a goal says so in its last lines, which are quoted
too; one that fails otherwise leaves the guide as it was.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs/docsite/rst/guide_speed.rst"
BENCHES = {
    "doors": "tasks and plays",
    "connection": "tasks in a container",
    "large_estates": "thousands of container groups",
    "peers": "other ways to do the same",
}
"""What each measures, in the order of the guide, which has a place for each."""

_ROW = re.compile(r"(\S.*?) {2,}\d")
_PATH = re.compile(r"(?<!\w)/(?:home|root|tmp|work|Users)/\S+")


def quoted(guide: str, name: str) -> list[str]:
    """The lines of a benchmark's output in the guide; none where it was never written."""
    lines = _parts(guide, name)[1].splitlines()
    return [line.strip() for line in lines if line.startswith("   ") and line.strip()]


def rows(lines: list[str]) -> list[str]:
    """The names of the rows with figures among the lines of an output."""
    return [found[1] for line in lines if (found := _ROW.match(line))]


def written(guide: str, name: str, output: str) -> str:
    """The guide with this output of a benchmark."""
    before, _old, after = _parts(guide, name)
    lines = [line.rstrip() for line in output.strip("\n").splitlines()]
    block = "\n".join(f"   {line}" if line else "" for line in lines)
    return f"{before}\n``bench/{name}.py``, {BENCHES[name]}:\n\n.. code-block:: text\n\n{block}\n\n{after}"


def _parts(guide: str, name: str) -> tuple[str, str, str]:
    """The guide up to a benchmark's output with the mark before it, the output, and the rest."""
    begin, end = f".. What bench/{name}.py prints:\n", f".. That was bench/{name}.py.\n"
    before, found, rest = guide.partition(begin)
    output, closed, after = rest.partition(end)
    if not (found and closed):
        raise SystemExit(f"{GUIDE} has no place for the output of bench/{name}.py")
    return before + begin, output, end + after


def main(wanted: list[str]) -> int:
    """Run the benchmarks one after another, and write each output when it is complete."""
    unknown = [name for name in wanted if name not in BENCHES]
    if unknown:
        print(f"no such benchmark of the guide: {', '.join(unknown)} (there are {', '.join(BENCHES)})", file=sys.stderr)
        return 2
    for name in wanted or BENCHES:
        print(f"== {name}", flush=True)
        program = [sys.executable, str(ROOT / "bench" / f"{name}.py")]
        done = subprocess.run(program, cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
        print(done.stdout, end="", flush=True)
        if done.returncode not in (0, 1) or not rows(done.stdout.splitlines()) or _PATH.search(done.stdout):
            print(f"bench/{name}.py failed, so the guide stays as it was", file=sys.stderr)
            return 1
        GUIDE.write_text(written(GUIDE.read_text(encoding="utf-8"), name, done.stdout), encoding="utf-8")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
