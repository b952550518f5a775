# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ends the processes of a killed emulator: they are recorded when they start, and ended by the next emulator."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from pathlib import Path

RECORDS = "processes"


class Leftovers:
    """Records of running processes, one file each. A process is identified by its ID and start time, so that another
    process that got the same ID is never ended."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / RECORDS

    def add(self, pid: int) -> None:
        """Records a process, which must be the leader of its own process group."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / f"{pid}.json").write_text(json.dumps({"pid": pid, "started": started(pid)}), encoding="utf-8")

    def discard(self, pid: int) -> None:
        """Removes the record of a process that has ended."""
        (self._folder / f"{pid}.json").unlink(missing_ok=True)

    def end(self) -> int:
        """Ends all recorded processes that are still running. Returns their number."""
        ended = 0
        for record in self._folder.glob("*.json") if self._folder.is_dir() else ():
            try:
                entry = json.loads(record.read_text(encoding="utf-8"))
                pid, moment = int(entry["pid"]), str(entry["started"])
            except (OSError, ValueError, KeyError, TypeError):
                record.unlink(missing_ok=True)
                continue
            if moment and started(pid) == moment:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(pid, signal.SIGKILL)
                    ended += 1
            record.unlink(missing_ok=True)
        return ended


def started(pid: int) -> str:
    """Returns the start time of a process in the system's own format; empty if there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "" if Path("/proc/self/stat").exists() else _started_by_ps(pid)
    return stat.rpartition(")")[2].split()[19]


def _started_by_ps(pid: int) -> str:
    result = subprocess.run(  # noqa: S603
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return result.stdout.strip()
