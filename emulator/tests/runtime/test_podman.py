# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups with real containers. Skipped if Podman is missing and cannot be installed (which requires root and apt-get).

The image contains only a static busybox, because no registry is reachable.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import functools
import io
import json
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from aci_emulator.core.clock import Clock
from aci_emulator.runtime.engines.archive import archive, pause_archive
from aci_emulator.runtime.engines.engine import Engine, ask
from aci_emulator.runtime.supervisor import Supervisor
from machine import PODMAN, install, podman

from . import test_process as process
from .conftest import GROUP, container, group
from .test_process import deploy

aiodocker = pytest.importorskip("aiodocker", reason="the package aiodocker is not installed")

IMAGE = "registry.test/busybox:1"

# Engines are slow on busy machines.
PATIENCE = 60.0
output = functools.partial(process.output, timeout=PATIENCE)
run = functools.partial(process.run, timeout=2 * PATIENCE)
until = functools.partial(process.until, timeout=PATIENCE)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Podman's service with a separate storage, which has one image."""
    if reason := install(["podman", "busybox"], [*PODMAN, "busybox-static"]):
        pytest.skip(reason)
    with podman() as (engine, _folder):
        try:
            if reason := asyncio.run(furnish(engine)):
                pytest.skip(reason)
            yield engine
        finally:
            with contextlib.suppress(aiodocker.DockerError):
                asyncio.run(clear(engine))


async def furnish(engine: Engine) -> str:
    """Loads the image and tries a container; returns the reason if this does not work here."""
    busybox = Path(shutil.which("busybox") or "").read_bytes()
    programs = ["sh", "cat", "echo", "sleep", "httpd", "wget", "ls", "id", "dd", "stty", "tty", "true", "env", "touch"]
    image = archive(
        IMAGE,
        {"bin/busybox": busybox},
        architecture=engine.architecture,
        config={"Entrypoint": ["/bin/sh", "-c"], "Cmd": ["echo of its own; sleep 1000"], "Env": ["PATH=/bin"]},
        links={f"bin/{name}": "busybox" for name in programs},
        folders=["tmp", "etc", "proc", "sys", "dev"],
    )
    docker = aiodocker.Docker(url=engine.url)
    try:
        await docker.images.import_image(io.BytesIO(image))
        trial = await docker.containers.create({"Image": IMAGE, "Entrypoint": ["true"]})
        await trial.start()
        await trial.wait()
        await trial.delete(force=True)
    except aiodocker.DockerError as error:
        return f"containers do not run here: {error}"
    finally:
        await docker.close()
    return ""


async def clear(engine: Engine) -> None:
    docker = aiodocker.Docker(url=engine.url)
    for one in await docker.containers.list(all=True):
        await one.delete(force=True)
    await docker.close()


@asynccontextmanager
async def supervising(engine: Engine, path: Path, speed: float = 100.0, **options: Any) -> AsyncIterator[Supervisor]:
    from aci_emulator.runtime.engines.podman import PodmanRuntime

    clock = Clock(speed=speed)
    borrowed = Engine(engine.url.removeprefix("unix://"), ask(engine.url.removeprefix("unix://")) or {})
    supervisor = Supervisor(clock, path, PodmanRuntime(clock, path, borrowed, **options))
    try:
        yield supervisor
    finally:
        await supervisor.close()


async def kill(runtime: Any) -> None:
    """Ends a runtime like a kill: nothing is removed."""
    tasks = list(runtime._tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await runtime._docker.close()


async def containers(engine: Engine) -> list[str]:
    from aci_emulator.runtime.engines.podman import every_container

    docker = aiodocker.Docker(url=engine.url)
    try:
        found = await every_container(docker)
        return [one["Labels"].get("io.aci-emulator.container", "?") for one in found]
    finally:
        await docker.close()


def script(text: str, name: str = "web", **properties: Any) -> dict[str, Any]:
    return container(IMAGE, name=name, command=["sh", "-c", text], **properties)


def test_environment_command_log_and_exit_code(engine: Engine, tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(engine, tmp_path) as supervisor:
            environment = [{"name": "A", "value": "b c"}, {"name": "S", "secureValue": "hidden"}]
            deploy(supervisor, script('echo "$A $S"; echo oops >&2; exit 7', environmentVariables=environment))
            code, log = await output(supervisor)
            assert code == 7
            assert sorted(log.splitlines()) == ["b c hidden", "oops"]
            assert supervisor.view(GROUP).containers["web"]["events"][0]["message"].startswith("pulling image")

    run(test())


def test_an_image_runs_its_own_command(engine: Engine, tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(engine, tmp_path) as supervisor:
            deploy(supervisor, container(IMAGE), policy="Always")
            await until(lambda: supervisor.logs(GROUP, "web") == "of its own\n")
            await until(lambda: supervisor.view(GROUP).state == "Running")
            supervisor.stop(GROUP)
            assert supervisor.view(GROUP).state == "Stopped"
            supervisor.start(GROUP)
            await until(lambda: supervisor.view(GROUP).state == "Running")
            events = {event["name"]: event["count"] for event in supervisor.view(GROUP).containers["web"]["events"]}
            assert events["Started"] == 2
            supervisor.remove(GROUP)
            for _ in range(500):
                if not await containers(engine):
                    break
                await asyncio.sleep(0.02)
            assert await containers(engine) == []

    run(test())


def test_containers_of_a_group_share_localhost_and_ports_are_published(engine: Engine, tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(engine, tmp_path) as supervisor:
            serve = "echo page > /tmp/index.html; httpd -f -p 80 -h /tmp"
            ask_it = "until wget -q -O - http://localhost/; do sleep 0.1; done; sleep 1000"
            deploy(
                supervisor,
                script(serve, ports=[{"port": 80}]),
                script(ask_it, name="side"),
                policy="Always",
                ipAddress={"type": "Public", "ports": [{"port": 80}]},
            )
            await until(lambda: "page" in (supervisor.logs(GROUP, "side") or ""))
            address = supervisor.endpoint(GROUP, 80)
            assert address is not None
            reader, writer = await asyncio.open_connection(*address)
            writer.write(b"GET / HTTP/1.0\r\n\r\n")
            assert b"page" in await reader.read()
            writer.close()

    run(test())


def test_volumes_and_init_containers(engine: Engine, tmp_path: Path) -> None:
    volumes = [
        {"name": "scratch", "emptyDir": {}},
        {"name": "keys", "secret": {"token": base64.b64encode(b"geheim").decode()}},
        {"name": "share", "azureFile": {"shareName": "data", "storageAccountName": "acc", "storageAccountKey": "k"}},
    ]
    mounts = [
        {"name": "scratch", "mountPath": "/scratch"},
        {"name": "keys", "mountPath": "/mnt/keys", "readOnly": True},
        {"name": "share", "mountPath": "/mnt/share"},
    ]

    async def test() -> None:
        async with supervising(engine, tmp_path) as supervisor:
            first = script("echo from-init > /scratch/file; echo kept > /mnt/share/file", name="first")
            first["properties"]["volumeMounts"] = mounts
            text = "cat /scratch/file /mnt/keys/token /mnt/share/file; touch /mnt/keys/x"
            deploy(supervisor, script(text, volumeMounts=mounts), initContainers=[first], volumes=volumes)
            code, log = await output(supervisor)
            assert code == 1
            assert log.startswith("from-init\ngeheimkept\n")
            assert "Read-only" in log
            assert (tmp_path / "shares" / "acc" / "data" / "file").read_text() == "kept\n"

    run(test())


def test_a_crash_loop_and_a_memory_limit(engine: Engine, tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(engine, tmp_path) as supervisor:
            hungry = "echo hungry; dd if=/dev/zero of=/dev/null bs=300M count=1"
            resources = {"requests": {"cpu": 0.5, "memoryInGB": 0.05}}
            deploy(supervisor, script(hungry, resources=resources), policy="Always")
            await until(lambda: (supervisor.view(GROUP).containers["web"] or {}).get("restartCount", 0) >= 2)
            view = supervisor.view(GROUP).containers["web"]
            assert view["previousState"]["exitCode"] == 137
            await until(lambda: supervisor.logs(GROUP, "web"))
            assert (supervisor.logs(GROUP, "web") or "").count("hungry") == 1

    run(test())


def test_security_context_and_probes(engine: Engine, tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(engine, tmp_path, speed=20.0) as supervisor:
            security = {"runAsUser": 1234, "runAsGroup": 4321, "allowPrivilegeEscalation": False}
            probe = {"exec": {"command": ["cat", "/tmp/healthy"]}, "periodSeconds": 1, "failureThreshold": 1}
            deploy(
                supervisor,
                script("id -u; id -g; sleep 1000", securityContext=security, livenessProbe=probe),
                policy="Always",
            )
            await until(lambda: supervisor.logs(GROUP, "web") == "1234\n4321\n")
            await until(lambda: "Liveness probe failed: cat" in str(supervisor.view(GROUP).containers["web"]))
            await until(lambda: supervisor.view(GROUP).containers["web"]["restartCount"] >= 1)

    run(test())


def test_images_that_are_not_there_and_programs_that_are_not(engine: Engine, tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(engine, tmp_path, pull_policy="never") as supervisor:
            deploy(supervisor, container("registry.test/nothing:1"))
            await until(lambda: "Failed to pull image" in str(supervisor.view(GROUP).containers["web"]))
            assert "ImagePullBackOff" in supervisor.view(GROUP).containers["web"]["currentState"]["detailStatus"]
            deploy(supervisor, container(IMAGE, command=["/nope"]))
            await until(lambda: supervisor.view(GROUP).state == "Failed")
            assert "Failed to start container web" in str(supervisor.view(GROUP).containers["web"]["events"])

    run(test())


def test_a_terminal_inside_a_container(engine: Engine, tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(engine, tmp_path) as supervisor:
            deploy(supervisor, script("sleep 1000", environmentVariables=[{"name": "WHO", "value": "inside"}]))
            handle = await until(lambda: supervisor.handle(GROUP, "web"))
            terminal = await handle.open(["sh"], 30, 100)
            terminal.write(b"stty -echo; echo $WHO; stty size; exit\n")
            said = b""
            while data := await terminal.read():
                said += data
            assert b"inside\r\n" in said
            assert b"30 100\r\n" in said

    run(test())


def test_groups_of_a_subnet_reach_each_other_by_private_addresses(engine: Engine, tmp_path: Path) -> None:
    net = f"10.{os.getpid() % 100 + 130}.{os.getpid() // 100 % 256}"  # the engines of a machine share its networks

    async def test() -> None:
        async with supervising(engine, tmp_path) as supervisor:
            serve = "echo page > /tmp/index.html; httpd -f -p 80 -h /tmp"
            ask_it = f"until wget -q -O - http://{net}.4/; do sleep 0.1; done; sleep 1000"
            for name, text, address in (("a", serve, f"{net}.4"), ("b", ask_it, f"{net}.5")):
                definition = group(script(text), restartPolicy="Always")
                supervisor.deploy(name, definition, on_event=lambda group_id: None)
                await until(lambda name=name: supervisor.view(name).state == "Running")
                supervisor.join(name, "subnet", f"{net}.0/24", address)
                supervisor.join(name, "subnet", f"{net}.0/24", address)
            await until(lambda: "page" in (supervisor.logs("b", "web") or ""))

    run(test())


def test_samples_run_as_processes_where_the_engine_has_no_such_image(engine: Engine, tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(engine, tmp_path) as supervisor:
            deploy(supervisor, container("mcr.microsoft.com/azuredocs/aci-wordcount"))
            code, log = await output(supervisor)
            assert code == 0
            assert "HORATIO" in log
            assert await containers(engine) == []

    run(test())


def test_what_a_killed_emulator_left_is_removed(engine: Engine, tmp_path: Path) -> None:
    definition = group(script("sleep 1000"), restartPolicy="Always")
    saved: dict[str, Any] = {}

    async def killed() -> None:
        async with supervising(engine, tmp_path) as supervisor:
            supervisor.deploy(GROUP, definition, on_event=lambda group_id: None)
            await until(lambda: supervisor.view(GROUP).state == "Running")
            saved.update(json.loads(json.dumps(supervisor.snapshot(GROUP))))
            assert sorted(await containers(engine)) == ["", "web"]

            supervisor.runtime.close = functools.partial(kill, supervisor.runtime)  # type: ignore[method-assign]

    async def again() -> None:
        assert sorted(await containers(engine)) == ["", "web"]
        async with supervising(engine, tmp_path) as supervisor:
            supervisor.restore(GROUP, definition, saved)
            await until(lambda: supervisor.view(GROUP).containers["web"]["restartCount"] == 1)
            await until(lambda: supervisor.view(GROUP).state == "Running")
            await until(lambda: supervisor.handle(GROUP, "web"))
            assert sorted(await containers(engine)) == ["", "web"]
        assert await containers(engine) == []

    run(killed())
    run(again())


def test_a_network_is_not_removed_while_a_container_joins_it(engine: Engine, tmp_path: Path) -> None:
    happened: list[str] = []

    async def test() -> None:
        async with supervising(engine, tmp_path) as supervisor:
            runtime: Any = supervisor.runtime
            docker = await runtime.docker()
            create, remove, purge, ended = (
                docker.containers.create,
                runtime.remove,
                runtime._try_to_purge,
                asyncio.Event(),
            )

            async def create_late(description: dict[str, Any]) -> Any:
                if "NetworkMode" not in description["HostConfig"]:
                    return await create(description)
                happened.append("joins")
                await ended.wait()
                made = await create(description)
                happened.append("joined")
                return made

            async def record_removal(one: Any) -> None:
                happened.append("removed")
                await remove(one)

            async def purge_and_go_on(*arguments: Any, **options: Any) -> None:
                await purge(*arguments, **options)
                ended.set()

            docker.containers.create = create_late
            runtime.remove, runtime._try_to_purge = record_removal, purge_and_go_on
            deploy(supervisor, script("sleep 1000"))
            await until(lambda: happened)
        assert await containers(engine) == []

    run(test())
    assert happened == ["joins", "joined", "removed", "removed"]


@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
def test_the_image_that_waits_is_small_and_complete(architecture: str) -> None:
    assert len(pause_archive(architecture)) < 32768
