# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runtime with real containers, through Docker's API, which both Podman and Docker serve.

A group is a network: a container that only waits owns it and publishes the group's ports on free ports of 127.0.0.1;
the others join it, so that they reach each other through ``localhost``. Every run of a container is a new container, as
in the service. Volumes are folders of the state directory. Everything gets labels, by which it is found and removed if
the emulator was killed.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import hashlib
import logging
import os
import re
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import aiodocker
import aiohttp
from aiodocker.containers import DockerContainer
from aiodocker.exceptions import DockerError
from aiodocker.networks import DockerNetwork

from ...core.clock import Clock
from ..base import ExecRefused, Handle, Observer, Pulled, Runtime, Terminal
from ..definition import ContainerSpec, GroupSpec
from ..images import Digests, normalise_registry, parse_image
from ..log import LogBuffer
from .archive import PAUSE, pause_archive
from .engine import Engine
from .folders import CONFIG_MAPS, PODS, Folders, file_name, write_config_map
from .process import GRACE, ProcessRuntime
from .sample_images import OWN_REGISTRY, sample_of

_log = logging.getLogger(__name__)

LABEL = "io.aci-emulator"
KILLED = 137
_CLOSING_PATIENCE = 15.0  # real seconds
_RESIZE_ATTEMPTS = 25
_GIGABYTE = 1024**3
_LEAST_MEMORY = 6 * 1024**2  # Docker's minimum
_WITHOUT_FILES = re.compile(r'getting container from store "([0-9a-f]{64})"')  # in Podman's response to a list


class PodmanRuntime(Runtime):
    """Runs containers on an engine.

    The sample images and those of ``emulator.local`` run as in the process runtime, unless the engine has an image with
    the same name. ``pull_policy`` is missing (pull images that are not local), always or never.
    """

    name = "podman"

    def __init__(
        self,
        clock: Clock,
        state_dir: Path,
        engine: Engine,
        *,
        pull_policy: str = "missing",
        digests: Digests | None = None,
    ) -> None:
        self.clock = clock
        self._engine = engine
        self.closing = False
        self._policy = pull_policy
        self._owner = hashlib.sha256(str(state_dir.resolve()).encode()).hexdigest()[:16]
        self._processes = ProcessRuntime(clock, state_dir, digests)
        self._folders = Folders(state_dir, PODS)
        self._pods: dict[str, _Pod] = {}
        self._local: dict[str, str] = {}  # image -> digest, of the engine's images
        self._docker: aiodocker.Docker | None = None
        self._ready: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._networking = asyncio.Lock()
        self._removals: dict[str, asyncio.Task[None]] = {}
        with contextlib.suppress(RuntimeError):  # without a running loop, this happens on first use
            asyncio.get_running_loop()
            self.spawn(self._begin())

    def describe(self) -> str:
        """Returns a sentence for the user."""
        return (
            f"podman: images run as containers of {self._engine.name}; the samples and {OWN_REGISTRY}/sh as processes "
            "if it does not have them"
        )

    async def engine(self) -> dict[str, str] | None:
        """Queries the engine's current state."""
        message = await asyncio.to_thread(self._engine.failure)
        return {"name": self._engine.name, "status": "unreachable" if message else "ok", "message": message}

    # -- images

    def pull(self, image: str, credentials: Sequence[dict[str, Any]], done: Callable[[Pulled], None]) -> None:
        """Looks the image up in the engine, and pulls it from the registry according to the policy."""
        self.spawn(self._pull(image, credentials, done))

    def digest(self, image: str) -> str:
        """Returns the digest of an image, if it is already known."""
        return self._local.get(image, "")

    async def _pull(self, image: str, credentials: Sequence[dict[str, Any]], done: Callable[[Pulled], None]) -> None:
        docker = await self.docker()
        own = _is_own(image)
        found = await _inspect(docker, image)
        if own and found is None:
            self._local.pop(image, None)
            self._processes.pull(image, credentials, done)
            return
        error = ""
        if not own and (self._policy == "always" or (found is None and self._policy == "missing")):
            try:
                await docker.images.pull(image, auth=_auth(image, credentials))
                found = await _inspect(docker, image)
            except DockerError as refused:
                error = str(refused.message)
        elif found is None:
            error = "rpc error: code 2 desc Error: image not found, and none is pulled"
        if error or found is None:
            done(Pulled(error=error or "rpc error: code 2 desc Error: image not found"))
            return
        self._local[image] = _digest(found)
        done(Pulled(digest=self._local[image]))

    # -- groups

    def prepare(self, group: GroupSpec) -> None:
        """Starts to create the group's network and volumes. Raises MountFailed."""
        self._processes.prepare(group)
        specs = (*group.init_containers, *group.containers)
        if not any(self._contains(spec.image) for spec in specs):
            return
        previous = self._pods.pop(group.id, None)
        deployment = self._folders.prepare(group)
        self._pods[group.id] = _Pod(self, group, deployment, previous)

    def start(self, group: GroupSpec, container: ContainerSpec, observer: Observer) -> Handle:
        """Starts a container, or a process for an image that this package has and the engine does not."""
        pod = self._pods.get(group.id)
        if pod is None or not self._contains(container.image):
            return self._processes.start(group, container, observer)
        return _Container(self, pod, container, observer)

    def refresh(self, group: GroupSpec) -> None:
        """Writes the configuration maps into the folders mounted in containers. A container that had no map has no
        folder, and gets one when it is created the next time."""
        self._processes.refresh(group)
        pod = self._pods.get(group.id)
        if pod is not None:
            for container in group.containers:
                folder = _config_map(pod.deployment, container)
                if folder.exists():
                    write_config_map(folder, container.config_map)

    def release(self, group_id: str) -> None:
        """Removes the group's network and volumes."""
        self._processes.release(group_id)
        pod = self._pods.pop(group_id, None)
        if pod is not None:
            self.spawn(self._leave(pod, group_id))

    def endpoint(self, group_id: str, port: int) -> tuple[str, int] | None:
        """Returns the published port of a group."""
        pod = self._pods.get(group_id)
        if pod is not None and port in pod.ports:
            return ("127.0.0.1", pod.ports[port])
        return self._processes.endpoint(group_id, port)

    def join(self, group_id: str, subnet: str, prefix: str, address: str) -> None:
        """Connects a group to the engine's network that represents the subnet."""
        pod = self._pods.get(group_id)
        if pod is not None and pod.joined != (subnet, address):
            pod.joined = (subnet, address)
            self.spawn(self._join(pod, subnet, prefix, address))

    def resumes(self, image: str) -> bool:
        """As in the process runtime; the engine's containers end with the emulator, or when it starts again."""
        return not self._contains(image) and self._processes.resumes(image)

    async def close(self) -> None:
        """Removes all containers that were created, and ends all processes."""
        await self._processes.close()
        self.closing = True
        if self._docker is not None:
            # Networks are removed last: Podman leaves a network behind if a container joins it during its removal.
            await self._try_to_purge(self._docker, networks=False)
            # Wait for containers that are being created: Podman leaves them behind if their creation is interrupted.
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=_CLOSING_PATIENCE)
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, *self._removals.values(), return_exceptions=True)
            await self._try_to_purge(self._docker)
            await self._docker.close()
            self._docker = None
        self._engine.close()

    async def remove(self, container: DockerContainer) -> None:
        """Removes a container, running or not. Never cancelled: Podman may leave a container behind in that case."""
        removal = self._removals.get(container.id)
        if removal is None:
            removal = asyncio.get_running_loop().create_task(_remove(container))
            self._removals[container.id] = removal
            removal.add_done_callback(lambda _: self._removals.pop(container.id, None))
        await asyncio.shield(removal)

    async def purge(self) -> None:
        """Removes all containers created by an emulator with this state directory."""
        try:
            await self.docker()
        finally:
            await self.close()

    # -- for pods and containers

    @property
    def product(self) -> str:
        """Podman or Docker."""
        return self._engine.product

    async def docker(self) -> aiodocker.Docker:
        """Returns the connection, after leftovers were removed and the pause image was loaded."""
        if self._docker is None:
            self._docker = self._connect()
        if self._ready is None or (self._ready.done() and (self._ready.cancelled() or self._ready.exception())):
            self._ready = asyncio.get_running_loop().create_task(self._get_ready(self._docker))
        await asyncio.shield(self._ready)
        return self._docker

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Runs a coroutine in the background; errors are logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def labels(self, group_id: str, container: str) -> dict[str, str]:
        """Returns the labels of a container."""
        return {LABEL: self._owner, f"{LABEL}.group": group_id, f"{LABEL}.container": container}

    def _contains(self, image: str) -> bool:
        return not _is_own(image) or image in self._local

    def _connect(self) -> aiodocker.Docker:
        # Each running container keeps two connections open, so there must be no limit.
        connector = aiohttp.UnixConnector(self._engine.url.removeprefix("unix://"), limit=0)
        session = aiohttp.ClientSession(connector=connector)
        return _OwnedDocker(url="unix://localhost", connector=connector, session=session)

    async def _begin(self) -> None:
        await self.docker()

    async def _get_ready(self, docker: aiodocker.Docker) -> None:
        await self._try_to_purge(docker)
        if await _inspect(docker, PAUSE) is None:
            await docker.images.import_image(pause_archive(self._engine.architecture))

    async def _try_to_purge(self, docker: aiodocker.Docker, *, networks: bool = True) -> None:
        try:
            await self._purge(docker, networks=networks)
        except (DockerError, aiohttp.ClientError) as error:
            _log.warning("could not list containers: %s", error)

    async def _purge(self, docker: aiodocker.Docker, *, networks: bool) -> None:
        found = await self._own(docker)
        # The pause containers come last, because others use their networks.
        rest = [one for one in found if one["Labels"].get(f"{LABEL}.container")]
        await asyncio.gather(*(self.remove(one) for one in rest))
        if not networks:
            return
        await asyncio.gather(*(self.remove(one) for one in found if one not in rest))
        for network in await docker.networks.list(filters={"label": f"{LABEL}={self._owner}"}):
            with contextlib.suppress(DockerError):
                await (await docker.networks.get(network["Id"])).delete()

    async def _own(self, docker: aiodocker.Docker) -> list[DockerContainer]:
        """Returns the containers created by an emulator with this state directory. Raises DockerError.

        If a container joins another one's network while Podman removes the other one, which happens if the emulator is
        killed, Podman keeps a container without a file system. From then on it answers this request with 500, until
        the container named in the response is removed again.
        """
        removed: set[str] = set()
        while True:
            try:
                return await every_container(docker, filters=f'{{"label":["{LABEL}={self._owner}"]}}')
            except DockerError as error:
                broken = _WITHOUT_FILES.search(str(error.message))
                if broken is None or broken[1] in removed:
                    raise
                removed.add(broken[1])
                await self.remove(docker.containers.container(broken[1]))

    async def _join(self, pod: _Pod, subnet: str, prefix: str, address: str) -> None:
        docker = await self.docker()
        name = f"aci-{self._owner}-{hashlib.sha256(subnet.encode()).hexdigest()[:12]}"
        async with self._networking:
            try:
                network = await docker.networks.get(name)
            except DockerError as error:
                if error.status != 404:
                    raise
                network = await docker.networks.create(
                    {"Name": name, "Labels": {LABEL: self._owner}, "IPAM": {"Config": [{"Subnet": prefix}]}}
                )
        await pod.connect(network, address)

    async def _leave(self, pod: _Pod, group_id: str) -> None:
        await pod.remove()
        if group_id not in self._pods:
            self._folders.release(group_id)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("the container engine failed: %s", error)


class _OwnedDocker(aiodocker.Docker):
    """A client that also closes its session."""

    async def close(self) -> None:
        await super().close()
        await self.session.close()


class _Pod:
    """The network of one deployment of a group."""

    def __init__(self, runtime: PodmanRuntime, group: GroupSpec, deployment: Path, previous: _Pod | None) -> None:
        self.group = group
        self.deployment = deployment
        self.ports: dict[int, int] = {}
        self.joined: tuple[str, str] | None = None  # a subnet, and the address in it
        self._runtime = runtime
        self._previous = previous
        self._infra: DockerContainer | None = None
        self._task = runtime.spawn(self._make())

    async def network(self) -> str:
        """Returns the network mode for containers of the pod. Raises DockerError."""
        await asyncio.shield(self._task)
        if self._infra is None:
            raise DockerError(500, "the network of the group could not be created")
        return f"container:{self._infra.id}"

    async def connect(self, network: DockerNetwork, address: str) -> None:
        """Connects the pod to another network with an address. Raises DockerError."""
        await self.network()
        if self._infra is not None:
            await network.connect(
                {"Container": self._infra.id, "EndpointConfig": {"IPAMConfig": {"IPv4Address": address}}}
            )

    async def remove(self) -> None:
        """Removes the network."""
        with contextlib.suppress(DockerError, asyncio.CancelledError):
            await self._task
        if self._infra is not None:
            await self._runtime.remove(self._infra)
            self._infra = None

    async def _make(self) -> None:
        if self._previous is not None:
            await self._previous.remove()
            self._previous = None
        docker = await self._runtime.docker()
        ports = {f"{port}/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}] for port in sorted(self._wanted())}
        self._infra = await docker.containers.create(
            {
                "Image": PAUSE,
                "Entrypoint": ["/pause"],
                "Labels": self._runtime.labels(self.group.id, ""),
                "ExposedPorts": {port: {} for port in ports},
                "HostConfig": {"PortBindings": ports},
            }
        )
        await self._infra.start()
        shown = await self._infra.show()
        for port, bindings in (shown["NetworkSettings"]["Ports"] or {}).items():
            if bindings:
                self.ports[int(port.partition("/")[0])] = int(bindings[0]["HostPort"])

    def _wanted(self) -> set[int]:
        """The ports of the group and of its probes."""
        ports = {*self.group.ports, *(port for spec in self.group.containers for port in spec.ports)}
        for spec in self.group.containers:
            for probe in (spec.liveness, spec.readiness):
                if probe and probe.get("httpGet"):
                    ports.add(int(probe["httpGet"]["port"]))
        return ports


class _Container(Handle):
    """One run of a container."""

    def __init__(self, runtime: PodmanRuntime, pod: _Pod, spec: ContainerSpec, observer: Observer) -> None:
        self.log = LogBuffer(runtime.clock.now)
        self._runtime = runtime
        self._pod = pod
        self._spec = spec
        self._observer = observer
        self._container: DockerContainer | None = None
        self._running = False
        self._stopped = False
        self._terminals: set[_ExecTerminal] = set()
        runtime.spawn(self._live())

    def stop(self, *, now: bool = False) -> None:
        """Asks the engine to stop the container."""
        self._stopped = True
        if self._container is not None and self._running:
            self._runtime.spawn(self._stop(0 if now else round(GRACE)))

    async def run(self, command: Sequence[str], timeout: float) -> tuple[int, str]:
        """Runs a command in the container and collects its output."""
        container = self._require_running()
        output = b""
        async with asyncio.timeout(timeout):
            try:
                process = await container.exec(list(command), stdout=True, stderr=True)
                async with process.start(detach=False) as stream:
                    while (message := await stream.read_out()) is not None:
                        output += message.data
                code = int((await process.inspect()).get("ExitCode") or 0)
            except DockerError as error:
                return 127, str(error.message)
        return code, output.decode("utf-8", "replace")

    async def open(self, command: Sequence[str], rows: int, cols: int) -> Terminal:
        """Starts a command in the container, on a terminal."""
        container = self._require_running()
        try:
            process = await container.exec(
                list(command), stdin=True, stdout=True, stderr=True, tty=True, environment={"TERM": "xterm"}
            )
            terminal = _ExecTerminal(process, self._runtime)
            await terminal.begin(rows, cols)
        except DockerError as error:
            raise ExecRefused(str(error.message)) from error
        self._terminals = {one for one in self._terminals if not one.ended} | {terminal}
        return terminal

    def _require_running(self) -> DockerContainer:
        if self._container is None or not self._running:
            raise ExecRefused("the container is not running")
        return self._container

    async def _live(self) -> None:
        try:
            docker = await self._runtime.docker()
            network = await self._pod.network()
            self._container = await docker.containers.create(self._description(network))
            async with self._container.attach(stdout=True, stderr=True) as stream:
                reading = asyncio.create_task(self._read(stream))
                code = await self._begin(self._container)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reading, GRACE if self._running else 0)
        except (DockerError, aiohttp.ClientError) as error:
            await self._give_up(str(getattr(error, "message", "") or error))
            return
        self._running = False
        for terminal in self._terminals:
            terminal.close()
        self.log.close()
        await self._runtime.remove(self._container)
        self._observer.exited(code)

    async def _read(self, stream: Any) -> None:
        while (message := await stream.read_out()) is not None:
            self.log.write(message.data)

    async def _begin(self, container: DockerContainer) -> int:
        """Runs the container and returns its exit code. Does not start it if it was stopped before."""
        if self._asked_to_stop():
            return KILLED
        await container.start()
        self._running = True
        self._observer.started()
        if self._asked_to_stop():
            await self._stop(0)
        return int((await container.wait())["StatusCode"])

    def _asked_to_stop(self) -> bool:
        return self._stopped or self._runtime.closing

    async def _give_up(self, message: str) -> None:
        was_running, self._running = self._running, False
        self.log.close()
        if self._container is not None:
            await self._runtime.remove(self._container)
        if was_running:
            self._observer.exited(KILLED)
        else:
            self._observer.failed(message)

    async def _stop(self, grace: int) -> None:
        assert self._container is not None  # noqa: S101
        with contextlib.suppress(DockerError):
            if grace:
                await self._container.stop(t=grace)
            else:
                await self._container.kill()

    def _description(self, network: str) -> dict[str, Any]:
        spec, security = self._spec, self._spec.security
        host: dict[str, Any] = {"NetworkMode": network, "Binds": _binds(self._pod.deployment, spec)}
        if spec.memory:
            host["Memory"] = max(_LEAST_MEMORY, int(spec.memory * _GIGABYTE))
        if spec.cpu:
            host["NanoCpus"] = int(min(spec.cpu, float(os.cpu_count() or 1)) * 1e9)
        capabilities = security.get("capabilities") or {}
        host["CapAdd"] = list(capabilities.get("add") or ())
        host["CapDrop"] = list(capabilities.get("drop") or ())
        host["Privileged"] = bool(security.get("privileged"))
        host["SecurityOpt"] = _security_options(security)
        description: dict[str, Any] = {
            "Image": spec.image,
            "Hostname": "SandboxHost" if self._runtime.product == "Podman" else "",
            "Env": [f"{name}={value}" for name, value in spec.environment.items()],
            "Labels": self._runtime.labels(self._pod.group.id, spec.name),
            "HostConfig": host,
        }
        if spec.command:  # replaces the image's entrypoint and arguments
            description["Entrypoint"], description["Cmd"] = [spec.command[0]], list(spec.command[1:])
        if (user := security.get("runAsUser")) is not None:
            group = security.get("runAsGroup")
            description["User"] = str(user) if group is None else f"{user}:{group}"
        return description


class _ExecTerminal(Terminal):
    """An additional process in a container, on a terminal of the engine."""

    def __init__(self, process: Any, runtime: PodmanRuntime) -> None:
        self._process = process
        self._runtime = runtime
        self._stream: Any = None
        self._input: asyncio.Queue[bytes] = asyncio.Queue()
        self._writing: asyncio.Task[None] | None = None
        self.ended = False

    async def begin(self, rows: int, cols: int) -> None:
        """Starts the process. Raises DockerError."""
        self._stream = self._process.start(detach=False)
        await self._stream._init()
        await self._resize(rows, cols)
        self._writing = self._runtime.spawn(self._write())

    async def _resize(self, rows: int, cols: int) -> None:
        """Sets the size. For a moment after the response to the start, the terminal may not exist yet."""
        for _ in range(_RESIZE_ATTEMPTS):
            if (await self._process.inspect()).get("Running"):
                with contextlib.suppress(DockerError):
                    await self._process.resize(h=rows, w=cols)
                    return
            await asyncio.sleep(0.02)

    def write(self, data: bytes) -> None:
        """Sends input."""
        if data and not self.ended:
            self._input.put_nowait(data)

    async def read(self) -> bytes:
        """Returns the next output; empty at the end."""
        message = None if self.ended else await self._stream.read_out()
        if message is None:
            self.close()
            return b""
        return bytes(message.data)

    def close(self) -> None:
        """Closes the connection."""
        if not self.ended:
            self.ended = True
            if self._writing is not None:
                self._writing.cancel()
            self._runtime.spawn(self._hang_up())

    async def _write(self) -> None:
        while True:
            await self._stream.write_in(await self._input.get())

    async def _hang_up(self) -> None:
        await self._stream.close()


async def _remove(container: DockerContainer) -> None:
    """Removes a container, if it still exists."""
    try:
        await container.delete(force=True, v=True)
    except DockerError as error:
        if error.status not in (404, 409):
            _log.warning("a container could not be removed: %s", error.message)


def _is_own(image: str) -> bool:
    parsed = parse_image(image)
    return sample_of(image) is not None or (parsed is not None and parsed.registry == OWN_REGISTRY)


async def every_container(docker: aiodocker.Docker, **options: Any) -> list[DockerContainer]:
    """Returns the engine's containers, including those that have ended. Raises DockerError.

    Podman answers 500 if a container is removed while it lists them; the request is then repeated.
    """
    for _attempt in range(9):
        try:
            return await docker.containers.list(all=True, **options)
        except DockerError as error:
            if error.status != 500:
                raise
        await asyncio.sleep(0.1)
    return await docker.containers.list(all=True, **options)


async def _inspect(docker: aiodocker.Docker, image: str) -> dict[str, Any] | None:
    try:
        return await docker.images.inspect(image)
    except DockerError as error:
        if error.status == 404:
            return None
        raise


def _digest(inspected: dict[str, Any]) -> str:
    for reference in inspected.get("RepoDigests") or ():
        if digest := reference.partition("@")[2]:
            return str(digest)
    identity = str(inspected.get("Id", ""))
    return identity if identity.startswith("sha256:") else f"sha256:{identity}"


def _auth(image: str, credentials: Sequence[dict[str, Any]]) -> dict[str, str] | None:
    parsed = parse_image(image)
    for entry in credentials:
        server = str(entry.get("server", ""))
        if parsed and normalise_registry(server) == parsed.registry and entry.get("username"):
            return {
                "username": str(entry["username"]),
                "password": str(entry.get("password") or ""),
                "serveraddress": server,
            }
    return None


def _config_map(deployment: Path, container: ContainerSpec) -> Path:
    return deployment / "configmaps" / file_name(container.name)


def _binds(deployment: Path, container: ContainerSpec) -> list[str]:
    binds = []
    for mount in container.mounts:
        source = deployment / "volumes" / file_name(mount.volume)
        if source.exists():
            binds.append(f"{source.resolve()}:{mount.path}:{'ro' if mount.read_only else 'rw'}")
    if container.config_map:
        folder = _config_map(deployment, container)
        write_config_map(folder, container.config_map)
        binds.append(f"{folder.resolve()}:{CONFIG_MAPS}/{container.name}:ro")
    return binds


def _security_options(security: Any) -> list[str]:
    options = []
    if security.get("allowPrivilegeEscalation") is False:
        options.append("no-new-privileges")
    if profile := security.get("seccompProfile"):
        try:
            options.append(f"seccomp={base64.b64decode(profile, validate=True).decode()}")
        except (binascii.Error, ValueError):
            options.append(f"seccomp={profile}")
    return options
