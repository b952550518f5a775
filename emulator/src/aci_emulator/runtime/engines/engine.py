# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds Podman or Docker, and starts Podman's service if none is running."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from .leftovers import Leftovers

_PATIENCE = 2.0  # real seconds in which an engine must answer
_HEALTH_PATIENCE = 15.0  # the same for an engine that has answered before, and may be busy
_START_PATIENCE = 45.0  # for Podman's service, which ends immediately if it cannot work


class _Connection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str, patience: float) -> None:
        super().__init__("localhost", timeout=patience)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Engine:
    """A container engine that answers on a Unix socket; ``name`` is its name and version."""

    def __init__(self, path: str, version: dict[str, Any], service: Service | None = None) -> None:
        self.url = f"unix://{path}"
        self._path = path
        components = [str(part.get("Name", "")) for part in version.get("Components") or ()]
        self.product = "Podman" if any("Podman" in name for name in components) else "Docker"
        self.name = f"{self.product} {version.get('Version', '')}".strip()
        self.architecture = str(version.get("Arch", ""))
        self._service = service

    def failure(self) -> str:
        """Returns why the engine does not answer, or empty if it does. Blocks for at most 15 seconds."""
        if ask(self._path, _HEALTH_PATIENCE) is not None:
            return ""
        if self._service is not None and (code := self._service.exit_code()) is not None:
            return f"The Podman service that the emulator started has ended ({code}). Start the emulator again."
        return f"{self.name} does not respond at {self.url}."

    def close(self) -> None:
        """Ends the service, if the emulator started it."""
        if self._service is not None:
            self._service.close()


class Service:
    """Podman's service, started by the emulator with settings that need no special capabilities."""

    def __init__(self, program: str, leftovers: Leftovers) -> None:
        self._leftovers = leftovers
        self._folder = Path(tempfile.mkdtemp(prefix="aci-"))  # a socket's path must be short
        self.path = str(self._folder / "podman.sock")
        settings = self._folder / "containers.conf"
        settings.write_text(containers_conf(), encoding="utf-8")
        self._process = subprocess.Popen(  # noqa: S603
            [program, "system", "service", "--time=0", f"unix://{self.path}"],
            cwd=self._folder,  # conmon writes a file there if a container runs out of memory
            env={**os.environ, "CONTAINERS_CONF": str(settings)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        leftovers.add(self._process.pid)

    def version(self) -> dict[str, Any] | None:
        """Waits for the service and returns the version that it reports; None if it does not start."""
        deadline = time.monotonic() + _START_PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            if (version := ask(self.path)) is not None:
                return version
            time.sleep(0.05)
        return None

    def exit_code(self) -> int | None:
        """Returns the exit code of the service; None while it is running."""
        return self._process.poll()

    def close(self) -> None:
        """Ends the service. Containers do not depend on it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._leftovers.discard(self._process.pid)
        shutil.rmtree(self._folder, ignore_errors=True)


def find_engine() -> Engine | None:
    """Returns an engine that answers: that of ``CONTAINER_HOST`` or ``DOCKER_HOST``, then Podman, then Docker."""
    for path in _paths():
        if (version := ask(path)) is not None:
            return Engine(path, version)
    return None


def start_engine(state_dir: Path) -> Engine | None:
    """Starts Podman's service, if Podman is installed and works."""
    program = shutil.which("podman")
    if program is None:
        return None
    service = Service(program, Leftovers(state_dir))
    version = service.version()
    if version is None:
        service.close()
        return None
    return Engine(service.path, version, service)


def ask(path: str, patience: float = _PATIENCE) -> dict[str, Any] | None:
    """Returns the version reported by the engine on a Unix socket; None if there is none, or no answer in time."""
    if not Path(path).is_socket():
        return None
    connection = _Connection(path, patience)
    try:
        connection.request("GET", "/version")
        answer = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return answer if isinstance(answer, dict) and "Version" in answer else None


def _paths() -> list[str]:
    given = [os.environ.get(name, "") for name in ("CONTAINER_HOST", "DOCKER_HOST")]
    paths = [value.removeprefix("unix://") for value in given if value.startswith("unix://")]
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        paths.append(f"{runtime}/podman/podman.sock")
    return [*paths, "/run/podman/podman.sock", "/run/docker.sock", str(Path.home() / ".docker/run/docker.sock")]


def containers_conf() -> str:
    """Returns a containers.conf with limits that need no capabilities, and a runtime that supports older cgroups."""
    files = min(16384, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    lines = ["[containers]", f'default_ulimits = ["nofile={files}:{files}", "nproc=16384:16384"]', "[engine]"]
    # The monitor of a command in a container waits this long (seconds) after its end; the default is five minutes.
    lines += ['events_logger = "file"', "exit_command_delay = 5"]
    if not Path("/run/systemd/system").is_dir():
        lines.append('cgroup_manager = "cgroupfs"')
    if not Path("/sys/fs/cgroup/cgroup.controllers").exists() and shutil.which("runc"):
        lines.append('runtime = "runc"')
    if Path("/usr/lib/podman/netavark").exists():
        lines += ["[network]", 'network_backend = "netavark"']
    return "\n".join(lines) + "\n"
