# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start an emulator on a free loopback port for as long as a block runs, and tell how to reach it."""

from __future__ import annotations

import json
import os
import selectors
import shlex
import signal
import ssl
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tree import ROOT

COMMAND = ROOT / ".venv" / "bin" / "aci-emulator"
START_TIMEOUT = 60.0
STOP_TIMEOUT = 20.0


class EmulatorFailed(Exception):
    """The emulator did not start; the text has its own words."""


@dataclass(frozen=True)
class RunningEmulator:
    url: str  # https://127.0.0.1:PORT
    pid: int
    state_dir: Path
    variables: dict[str, str]  # what `aci-emulator env` exports
    log: Path  # what it wrote to its standard error

    @property
    def auth_file(self) -> Path:
        return self.state_dir / "credentials.json"

    @property
    def ca(self) -> Path:
        return self.state_dir / "ca.pem"

    @property
    def proxy(self) -> str:
        return self.variables["ACI_EMULATOR_PROXY"]

    def connection(self) -> dict[str, Any]:
        """The connection options of the modules, as for module_defaults."""
        return {
            "tenant_id": self.variables["AZURE_TENANT_ID"],
            "client_id": self.variables["AZURE_CLIENT_ID"],
            "client_secret": self.variables["AZURE_CLIENT_SECRET"],
            "subscription_id": self.variables["AZURE_SUBSCRIPTION_ID"],
            "resource_manager_endpoint": self.variables["AZURE_RESOURCE_MANAGER_ENDPOINT"],
            "authority_host": self.variables["AZURE_AUTHORITY_HOST"],
            "instance_discovery": False,
            "ca_bundle": str(self.ca),
        }

    def intercepted(self) -> RunningEmulator:
        """The same emulator for programs that were written for Azure: it answers in Azure's place."""
        variables = json.loads(self._ask("env", "--intercept", "--format", "json"))
        return replace(self, variables=variables)

    def with_role(self, name: str, actions: Sequence[str]) -> RunningEmulator:
        """The same emulator for an application that may do just these actions, by its variables and connection."""
        definition = self.state_dir / f"{name}.role.json"
        definition.write_text(json.dumps({"Name": name, "Actions": list(actions)}))
        known = json.loads(self._ask("role", name, str(definition)))
        identity = {"AZURE_CLIENT_ID": known["clientId"], "AZURE_CLIENT_SECRET": known["clientSecret"]}
        return replace(self, variables=self.variables | identity)

    def actions(self, name: str) -> list[str]:
        """The actions that the application of that name has needed so far."""
        found: list[str] = json.loads(self._ask("actions", "--principal", name))
        return found

    def _ask(self, command: str, *arguments: str) -> str:
        whole = [str(COMMAND), command, "--state-dir", str(self.state_dir), *arguments]
        return subprocess.run(whole, capture_output=True, text=True, check=True, env=_environment()).stdout

    def put(self, resource: str, api_version: str, body: Mapping[str, Any]) -> None:
        """Put a resource that no module makes; its path begins below the subscription."""
        trust = ssl.create_default_context(cafile=str(self.ca))

        def send(request: urllib.request.Request) -> Any:
            with urllib.request.urlopen(request, context=trust, timeout=30) as answer:  # noqa: S310 - to loopback
                return json.load(answer)

        known = self.connection()
        form = {
            "grant_type": "client_credentials",
            "client_id": known["client_id"],
            "client_secret": known["client_secret"],
            "scope": f"{known['resource_manager_endpoint'].rstrip('/')}/.default",
        }
        token_url = f"{self.url}/{known['tenant_id']}/oauth2/v2.0/token"
        token = send(urllib.request.Request(token_url, urllib.parse.urlencode(form).encode()))["access_token"]  # noqa: S310
        url = f"{self.url}/subscriptions/{known['subscription_id']}/{resource}?api-version={api_version}"
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        send(urllib.request.Request(url, json.dumps(body).encode(), headers, method="PUT"))  # noqa: S310


@contextmanager
def emulator(
    *, runtime: str = "process", speed: float = 20, arguments: tuple[str, ...] = ()
) -> Iterator[RunningEmulator]:
    """Serve from a state directory that is removed afterwards. Speed is emulated seconds per second."""
    with tempfile.TemporaryDirectory(prefix="aci_emulator_") as folder:
        state_dir = Path(folder)
        log = state_dir.with_name(state_dir.name + ".log")
        command = [str(COMMAND), "serve", "--host", "127.0.0.1", "--port", "0", "--state-dir", str(state_dir)]
        command += ["--runtime", runtime, "--speed", str(speed), *arguments]
        with log.open("wb") as errors:
            # A session of its own: an interrupt from the terminal reaches us, and we stop it in order.
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                env=_environment(),
            )
        try:
            url = _wait_ready(process, log)
            yield RunningEmulator(url, process.pid, state_dir, _variables(state_dir), log)
        finally:
            _stop(process)
            log.unlink(missing_ok=True)


def clean_environment() -> dict[str, str]:
    """The caller's environment without settings of Azure, Ansible or a proxy that would change what runs."""
    prefixes = ("ANSIBLE_", "AZURE_", "ARM_", "ACI_", "PYTHON")
    proxies = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(prefixes) and name.lower() not in proxies
    }


def _environment() -> dict[str, str]:
    return clean_environment() | {"PYTHONUNBUFFERED": "1"}


def _wait_ready(process: subprocess.Popen[bytes], log: Path) -> str:
    assert process.stdout is not None  # noqa: S101 - given by PIPE
    deadline = time.monotonic() + START_TIMEOUT
    printed = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < deadline:
            if not selector.select(timeout=deadline - time.monotonic()):
                break
            chunk = os.read(process.stdout.fileno(), 4096)
            if not chunk:
                break
            printed += chunk
            for line in printed.decode(errors="replace").splitlines(keepends=True):
                if line.startswith("ready ") and line.endswith("\n"):
                    return line.split()[1]
    raise EmulatorFailed(
        f"aci-emulator was not ready in time: {printed.decode(errors='replace')}{log.read_text(errors='replace')}"
    )


def _variables(state_dir: Path) -> dict[str, str]:
    printed = subprocess.run(
        [str(COMMAND), "env", "--state-dir", str(state_dir)],
        capture_output=True,
        text=True,
        check=True,
        env=_environment(),
    ).stdout
    variables = {}
    for line in printed.splitlines():
        words = shlex.split(line)
        if len(words) == 2 and words[0] == "export":
            name, _, value = words[1].partition("=")
            variables[name] = value
    return variables


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()
