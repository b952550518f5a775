# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts, controls and stops an emulator, for the tests of other programs."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from .cli.control_client import call, environment, intercepted_environment
from .cli.state_file import load, save
from .core.control_key import KEY_HEADER, read_key
from .core.facts import read_facts

_START_SECONDS = 120.0
_STOP_SECONDS = 20.0


class EmulatorFailed(Exception):
    """The emulator did not start; the text includes its error output."""


class RunningEmulator:
    """A running emulator, in a process of its own."""

    def __init__(self, state_dir: Path, process_id: int) -> None:
        facts = read_facts(state_dir) or {}
        self.state_dir = state_dir
        self.process_id = process_id
        self.url: str = facts["url"]
        self.proxy: str = facts["proxy"]
        self.ca = Path(facts["ca"])
        self.tenant_id: str = facts["tenant_id"]
        self.subscription_id: str = facts["subscription_id"]
        self.second_subscription_id: str = facts["second_subscription_id"]

    def environment(self, way: str = "client-secret") -> dict[str, str]:
        """Returns the variables that ``aci-emulator env --as WAY`` prints."""
        return environment(self.state_dir, way)

    def intercepted_environment(self, way: str = "client-secret") -> dict[str, str]:
        """Returns the variables of ``aci-emulator env --intercept --as WAY``, for programs written for Azure."""
        return intercepted_environment(self.state_dir, way)

    def headers(self) -> dict[str, str]:
        """Returns the header that requests below ``/emulator`` require, for programs that send such requests."""
        return {KEY_HEADER: read_key(self.state_dir)}

    def link(self) -> str:
        """Returns a link to the pages that works for one browser, once, within 60 seconds."""
        return str(self._call("POST", "/emulator/links")["url"])

    def health(self) -> dict[str, Any]:
        """Returns what ``GET /emulator/health`` reports to holders of the key."""
        health: dict[str, Any] = self._call("GET", "/emulator/health")
        return health

    def reset(self) -> None:
        """Removes everything that clients have created, including faults and logged requests."""
        self._call("POST", "/emulator/reset")

    def freeze(self) -> None:
        """Stops the emulator's clock."""
        self._call("POST", "/emulator/clock", {"action": "freeze"})

    def resume(self) -> None:
        """Lets the emulator's clock run again."""
        self._call("POST", "/emulator/clock", {"action": "resume"})

    def advance(self, seconds: float) -> None:
        """Moves the emulator's clock forward; everything due by then has happened when this returns."""
        self._call("POST", "/emulator/clock", {"action": "advance", "seconds": seconds})

    def add_fault(self, kind: str, **details: Any) -> int:
        """Sets a fault for matching requests, with the fields of ``/emulator/faults``. Returns the fault's number."""
        return int(self._call("POST", "/emulator/faults", {"kind": kind, **details})["id"])

    def clear_faults(self) -> None:
        """Removes all faults."""
        self._call("DELETE", "/emulator/faults")

    def requests(self, method: str = "", path: str = "*", *, after: int = 0) -> list[dict[str, Any]]:
        """Returns the newest requests with this method and a path that matches the shell pattern, secrets masked."""
        query = urlencode({"method": method, "path": path, "after": after})
        value: list[dict[str, Any]] = self._call("GET", f"/emulator/requests?{query}")["value"]
        return value

    def clear_requests(self) -> None:
        """Forgets the requests so far."""
        self._call("DELETE", "/emulator/requests")

    def set_policies(self, policies: Sequence[dict[str, Any]]) -> None:
        """Replaces all policies in force."""
        self._call("PUT", "/emulator/policies", {"value": list(policies)})

    def load(self, path: Path) -> None:
        """Creates what a file written by ``aci-emulator save`` describes, in addition to what exists."""
        load(self.state_dir, path)

    def save(self, path: Path) -> None:
        """Writes resource groups with their content, and faults, to a file, without secrets."""
        save(self.state_dir, path)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        return call(self.state_dir, method, path, body)


@contextlib.contextmanager
def running_emulator(*arguments: str, state_dir: Path | None = None) -> Iterator[RunningEmulator]:
    """Runs an emulator while the block runs. ``arguments`` are those of ``aci-emulator serve``.

    Without ``state_dir``, its state is in a temporary folder. Raises EmulatorFailed.
    """
    with contextlib.ExitStack() as stack:
        if state_dir is None:
            state_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aci_emulator_")))
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "aci_emulator", "serve", "--state-dir", str(state_dir), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        errors, reader = _drain(process)
        stack.callback(reader.join)
        stack.callback(_stop, process)
        if not _first_line(process).startswith("ready "):
            _stop(process)
            reason = "".join(errors).strip() or f"it was not ready within {_START_SECONDS:.0f} s"
            raise EmulatorFailed(f"aci-emulator did not start: {reason}")
        yield RunningEmulator(state_dir.absolute(), process.pid)


def _first_line(process: subprocess.Popen[str]) -> str:
    stream = process.stdout
    if stream is None:
        return ""
    # If the process hangs, it is killed, which ends the read.
    timer = threading.Timer(_START_SECONDS, process.kill)
    timer.start()
    try:
        return stream.readline()
    finally:
        timer.cancel()


def _drain(process: subprocess.Popen[str]) -> tuple[list[str], threading.Thread]:
    """Reads the process's standard error in a thread, so that it never blocks. Returns the lines and the thread."""
    lines: list[str] = []

    def read() -> None:
        if process.stderr is not None:
            with process.stderr:
                lines.extend(process.stderr)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return lines, thread


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()
