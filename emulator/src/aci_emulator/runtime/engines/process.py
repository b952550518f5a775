# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runtime with processes: the sample images and ``emulator.local/sh`` really run, others are simulated."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ... import samples
from ...core.clock import Clock
from ..base import ExecRefused, Handle, Observer, Pulled, Runtime, Terminal
from ..definition import ContainerSpec, GroupSpec
from ..images import Digests
from ..log import LogBuffer
from .folders import Folders
from .leftovers import Leftovers
from .sample_images import HELLOWORLD, SIDECAR, WORDCOUNT, is_shell, sample_of
from .simulated import SimulatedRuntime
from .terminal import PtyTerminal

_log = logging.getLogger(__name__)

GRACE = 2.0  # real seconds between SIGTERM and SIGKILL
_SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_CHUNK = 65536
# The files and the default command of each sample image.
_SAMPLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    HELLOWORLD: (("helloworld.py",), ("python", "helloworld.py")),
    SIDECAR: (("sidecar.py",), ("python", "sidecar.py")),
    WORDCOUNT: (("wordcount.py", "hamlet.txt"), ("python", "wordcount.py")),
}
_DEFAULT_PORT = 80


class ProcessRuntime(Runtime):
    """Runs known images as processes on this machine, as the user who runs the emulator, without any isolation.

    A process has a private folder as its working directory and home, a clean environment, and its own process group.
    Its environment is the container's, plus ``PATH``, ``HOME``, ``LANG``, ``HOSTNAME``; ``ACI_EMULATOR_ROOT``, the
    folder (see Folders for the volumes); for each port n of a container in its group, ``ACI_EMULATOR_PORT_<n>``, the
    free port on this machine that represents it; ``PORT``, the one that represents the container's first port (or the
    definition's ``PORT``); and ``ACI_EMULATOR_CONTAINER_PORT``, the port that this one represents.
    """

    name = "process"

    def __init__(self, clock: Clock, state_dir: Path, digests: Digests | None = None) -> None:
        self._clock = clock
        self._simulated = SimulatedRuntime(clock, digests)
        self.digests = self._simulated.digests
        self._folders = Folders(state_dir)
        self._leftovers = Leftovers(state_dir)
        self._deployments: dict[str, Path] = {}
        self._ports: dict[str, dict[int, int]] = {}
        self._running: set[_Process] = set()

    def describe(self) -> str:
        """Returns a sentence for the user."""
        return "process: the sample images and emulator.local/sh run as processes, other images are simulated"

    def pull(self, image: str, credentials: Sequence[dict[str, Any]], done: Callable[[Pulled], None]) -> None:
        """As in the simulation: no registry is contacted."""
        self._simulated.pull(image, credentials, done)

    def digest(self, image: str) -> str:
        """As in the simulation."""
        return self._simulated.digest(image)

    def resumes(self, image: str) -> bool:
        """Returns True for simulated images; processes end with the emulator."""
        return not _runs(image)

    def prepare(self, group: GroupSpec) -> None:
        """Creates folders, volumes and the map of ports. Raises MountFailed."""
        if not any(_runs(container.image) for container in (*group.init_containers, *group.containers)):
            return
        self._deployments[group.id] = self._folders.prepare(group)
        self._ports[group.id] = _free_ports(_ports_of(group))

    def start(self, group: GroupSpec, container: ContainerSpec, observer: Observer) -> Handle:
        """Starts the process, or the simulation of an unknown image."""
        deployment = self._deployments.get(group.id)
        if not _runs(container.image) or deployment is None:
            return self._simulated.start(group, container, observer)
        root = self._folders.root(deployment, container)
        command = self._furnish(root, container)
        process = _Process(self._clock, command, root, self._environment(group, container, root), observer)
        process.begin(self._running, self._leftovers)
        return process

    def refresh(self, group: GroupSpec) -> None:
        """Writes the configuration maps to the roots of the containers."""
        deployment = self._deployments.get(group.id)
        if deployment is not None:
            for container in group.containers:
                self._folders.refresh(deployment, container)

    def release(self, group_id: str) -> None:
        """Removes the group's folder and its map of ports."""
        self._ports.pop(group_id, None)
        if self._deployments.pop(group_id, None) is not None:
            self._folders.release(group_id)

    def endpoint(self, group_id: str, port: int) -> tuple[str, int] | None:
        """Returns the address on this machine that represents a port of the group."""
        real = self._ports.get(group_id, {}).get(port)
        return ("127.0.0.1", real) if real is not None else None

    async def close(self) -> None:
        """Ends all processes: terminates them, waits for the grace period, and kills those that remain."""
        running = list(self._running)
        for process in running:
            process.stop()
        deadline = asyncio.get_running_loop().time() + GRACE + 1.0
        while self._running and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.01)
        for process in list(self._running):
            process.kill()

    def _furnish(self, root: Path, container: ContainerSpec) -> list[str]:
        """Copies the image's files to a container's root. Returns the command to run."""
        binaries = root / "bin"
        if not binaries.exists():
            binaries.mkdir()
            for name in ("python", "python3"):
                (binaries / name).symlink_to(sys.executable)
        sample = sample_of(container.image)
        if sample is None:
            return list(container.command or ("sh",))
        files, command = _SAMPLES[sample]
        for name in files:
            shutil.copyfile(Path(samples.__file__).with_name(name), root / name)
        return list(container.command or command)

    def _environment(self, group: GroupSpec, container: ContainerSpec, root: Path) -> dict[str, str]:
        ports = self._ports.get(group.id, {})
        environment = {
            "PATH": f"{root / 'bin'}:{_SEARCH_PATH}",
            "HOME": str(root),
            "LANG": "C.UTF-8",
            "HOSTNAME": "SandboxHost",
            **container.environment,
            "ACI_EMULATOR_ROOT": str(root),
            **{f"ACI_EMULATOR_PORT_{port}": str(real) for port, real in ports.items()},
        }
        own = _own_port(container)
        if own in ports:
            environment["PORT"] = str(ports[own])
            environment["ACI_EMULATOR_CONTAINER_PORT"] = str(own)
        return environment


class _Process(Handle):
    """A process and its output."""

    def __init__(
        self, clock: Clock, command: list[str], root: Path, environment: dict[str, str], observer: Observer
    ) -> None:
        self.log = LogBuffer(clock.now)
        self._command = command
        self._root = root
        self._environment = environment
        self._observer = observer
        self._process: subprocess.Popen[bytes] | None = None
        self._output = -1
        self._watch = -1
        self._killer: asyncio.TimerHandle | None = None
        self._terminals: set[PtyTerminal] = set()

    def begin(self, running: set[_Process], leftovers: Leftovers) -> None:
        """Starts the process and watches it. Requires a running event loop."""
        self._running, self._leftovers = running, leftovers
        self._loop = asyncio.get_running_loop()
        reading, writing = os.pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603
                self._command,
                executable=_program(self._command[0], self._root, self._environment),
                cwd=self._root,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            os.close(reading)
            reason = getattr(error, "strerror", None) or str(error)
            self._loop.call_soon(self._observer.failed, f'exec: "{self._command[0]}": {reason}')
            return
        finally:
            os.close(writing)
        running.add(self)
        leftovers.add(self._process.pid)
        self._output = reading
        os.set_blocking(reading, False)
        self._loop.add_reader(reading, self._read)
        self._observer.started()
        self._await_exit()

    def stop(self, *, now: bool = False) -> None:
        """SIGTERM to the process group, SIGKILL after the grace period."""
        if self._process is None or self not in self._running:
            return
        self._signal(signal.SIGKILL if now else signal.SIGTERM)
        if self._killer is None and not now:
            self._killer = self._loop.call_later(GRACE, self._signal, signal.SIGKILL)

    def kill(self) -> None:
        """Kills the process without waiting for it."""
        self._signal(signal.SIGKILL)

    async def run(self, command: Sequence[str], timeout: float) -> tuple[int, str]:
        """Runs a command in the container's folder and environment."""
        self._require_running()
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                executable=_program(command[0], self._root, self._environment),
                cwd=self._root,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return 127, f'exec: "{command[0]}": {error.strerror}'
        self._leftovers.add(process.pid)
        try:
            output, _ = await asyncio.wait_for(process.communicate(), timeout)
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            self._leftovers.discard(process.pid)
        return process.returncode or 0, output.decode("utf-8", "replace")

    async def open(self, command: Sequence[str], rows: int, cols: int) -> Terminal:
        """Starts a command on a pseudo-terminal, in the container's folder and environment."""
        self._require_running()
        terminal = PtyTerminal(
            _program(command[0], self._root, self._environment),
            command,
            self._root,
            {**self._environment, "TERM": "xterm"},
            rows,
            cols,
            self._leftovers,
        )
        self._terminals = {one for one in self._terminals if not one.ended} | {terminal}
        return terminal

    def _require_running(self) -> None:
        if self not in self._running:
            raise ExecRefused("the container is not running")

    def _signal(self, number: int) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)

    def _read(self) -> None:
        try:
            data = os.read(self._output, _CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self.log.write(data)
        else:
            self._close_output()

    def _close_output(self) -> None:
        if self._output >= 0:
            self._loop.remove_reader(self._output)
            os.close(self._output)
            self._output = -1

    def _await_exit(self) -> None:
        assert self._process is not None  # noqa: S101
        if hasattr(os, "pidfd_open"):
            try:
                self._watch = os.pidfd_open(self._process.pid)
            except OSError:
                self._watch = -1
        if self._watch >= 0:
            self._loop.add_reader(self._watch, self._poll)
        else:
            self._loop.call_later(0.02, self._poll)

    def _poll(self) -> None:
        assert self._process is not None  # noqa: S101
        code = self._process.poll()
        if code is None:
            if self._watch < 0:
                self._loop.call_later(0.02, self._poll)
            return
        if self._watch >= 0:
            self._loop.remove_reader(self._watch)
            os.close(self._watch)
            self._watch = -1
        self._finish(code)

    def _finish(self, code: int) -> None:
        """Ends the container's other processes, as a container ends with its first one."""
        assert self._process is not None  # noqa: S101
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for terminal in self._terminals:
            terminal.close()
        if self._killer is not None:
            self._killer.cancel()
        self._drain()
        self._close_output()
        self.log.close()
        self._leftovers.discard(self._process.pid)
        self._running.discard(self)
        self._observer.exited(code if code >= 0 else 128 - code)

    def _drain(self) -> None:
        while self._output >= 0:
            try:
                data = os.read(self._output, _CHUNK)
            except OSError:
                return
            if not data:
                return
            self.log.write(data)


def _runs(image: str) -> bool:
    return is_shell(image) or sample_of(image) is not None


def _own_port(container: ContainerSpec) -> int | None:
    """Returns the port on which the container listens, if its definition or image specifies it."""
    given = container.environment.get("PORT", "")
    if given.isdigit() and 0 < int(given) < 65536:
        return int(given)
    if container.ports:
        return container.ports[0]
    return _DEFAULT_PORT if sample_of(container.image) == HELLOWORLD else None


def _ports_of(group: GroupSpec) -> set[int]:
    ports = {port for container in group.containers for port in container.ports} | set(group.ports)
    own = {_own_port(container) for container in group.containers if _runs(container.image)}
    return ports | {port for port in own if port is not None}


def _free_ports(ports: set[int]) -> dict[int, int]:
    """Returns a free loopback port for each port. All are kept open until the last is found, so that they differ."""
    found: dict[int, int] = {}
    with contextlib.ExitStack() as held:
        for port in sorted(ports):
            listener = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            listener.bind(("127.0.0.1", 0))
            found[port] = listener.getsockname()[1]
    return found


def _program(name: str, root: Path, environment: Mapping[str, str]) -> str:
    """Returns the path of a program, in the container's folder or its PATH."""
    if "/" in name:
        private = root / name.lstrip("/")
        return str(private) if private.is_file() else name
    return shutil.which(name, path=environment.get("PATH")) or name
