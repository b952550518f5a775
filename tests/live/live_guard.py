# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a command for as long as whoever has started this keeps its standard input open.

When that is closed, also because its owner was killed, the command ends, with all that it has started: nothing may
create groups behind the back of a run that removes them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

_PATIENCE = 10.0  # seconds until a command that was interrupted is killed


def main() -> int:
    """Returns the exit code of the command."""
    # A session of its own: Ctrl-C is for the run, which closes the standard input of this.
    process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=True)
    threading.Thread(target=_watch, args=(process,), daemon=True).start()
    code = process.wait()
    return code if code >= 0 else 128 - code


def _watch(process: subprocess.Popen[bytes]) -> None:
    while os.read(0, 1024):  # without a buffer, whose lock would be in the way when this ends
        pass
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
        os.killpg(process.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
