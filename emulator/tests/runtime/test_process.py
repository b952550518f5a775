# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups with real processes as containers. Emulated time is fast, so that no test waits for a back-off."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from aci_emulator.core.clock import Clock
from aci_emulator.runtime.engines.leftovers import Leftovers, started
from aci_emulator.runtime.engines.process import ProcessRuntime
from aci_emulator.runtime.supervisor import Supervisor

from .conftest import GROUP, container, group

SH = "emulator.local/sh"
HELLO = "mcr.microsoft.com/azuredocs/aci-helloworld"


@asynccontextmanager
async def supervising(path: Path, speed: float = 200.0) -> AsyncIterator[Supervisor]:
    clock = Clock(speed=speed)
    supervisor = Supervisor(clock, path, ProcessRuntime(clock, path))
    try:
        yield supervisor
    finally:
        await supervisor.close()


async def until(condition: Callable[[], Any], timeout: float = 10.0) -> Any:
    deadline = asyncio.get_running_loop().time() + timeout
    while not (value := condition()):
        assert asyncio.get_running_loop().time() < deadline, "did not happen in time"
        await asyncio.sleep(0.01)
    return value


def shell(script: str, name: str = "web", **properties: Any) -> dict[str, Any]:
    return container(SH, name=name, command=["sh", "-c", script], **properties)


def deploy(supervisor: Supervisor, *containers: dict[str, Any], policy: str = "Never", **properties: Any) -> None:
    definition = group(*containers, restartPolicy=policy, **properties)
    supervisor.deploy(GROUP, definition, on_event=lambda group_id: None)


async def output(supervisor: Supervisor, name: str = "web", timeout: float = 10.0) -> tuple[int, str]:
    await until(lambda: supervisor.view(GROUP).state in ("Succeeded", "Failed"), timeout)
    return supervisor.view(GROUP).containers[name]["currentState"]["exitCode"], supervisor.logs(GROUP, name) or ""


def run(test: Awaitable[None], timeout: float = 30.0) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(timeout):
            await test

    asyncio.run(bounded())


def test_a_command_has_its_output_environment_and_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMULATOR_SECRET", "hunter2")

    async def test() -> None:
        async with supervising(tmp_path) as supervisor:
            environment = [{"name": "PLAIN", "value": "a b"}, {"name": "HIDDEN", "secureValue": "s3cret"}]
            deploy(
                supervisor,
                shell('echo "$PLAIN $HIDDEN"; echo oops >&2; env; pwd; exit 7', environmentVariables=environment),
            )
            code, log = await output(supervisor)
            assert code == 7
            assert log.startswith("a b s3cret\noops\n")
            assert "hunter2" not in log
            assert str(tmp_path) in log.splitlines()[-1]
            assert "s3cret" not in json.dumps(supervisor.snapshot(GROUP)["history"])

    run(test())


def test_a_crash_loop_of_processes_counts_restarts(tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(tmp_path) as supervisor:
            deploy(supervisor, shell("echo one; exit 1"), policy="Always")
            await until(lambda: (supervisor.view(GROUP).containers["web"] or {}).get("restartCount", 0) >= 3)
            await until(lambda: supervisor.view(GROUP).containers["web"]["currentState"]["state"] == "Waiting")
            assert supervisor.logs(GROUP, "web") == "one\n"  # only of the last run

    run(test())


def test_a_program_that_does_not_exist(tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(tmp_path) as supervisor:
            deploy(supervisor, container(SH, command=["no-such-program"]))
            await until(lambda: supervisor.view(GROUP).state == "Failed")
            view = supervisor.view(GROUP).containers["web"]
            assert view["currentState"]["exitCode"] == 128
            assert view["events"][-1]["name"] == "Failed"
            assert "no-such-program" in view["events"][-1]["message"]

    run(test())


def test_stop_ends_the_whole_process_group(tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(tmp_path) as supervisor:
            deploy(supervisor, shell("trap '' TERM; sleep 1000 & echo $!; wait; sleep 1000"), policy="Always")
            child = int(await until(lambda: supervisor.logs(GROUP, "web")))
            supervisor.stop(GROUP)
            assert supervisor.view(GROUP).state == "Stopped"
            await until(lambda: not running(child))

    run(test())


def test_helloworld_serves_its_page_and_the_sidecar_sees_it(tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(tmp_path) as supervisor:
            deploy(
                supervisor,
                container(HELLO, name="web", ports=[{"port": 80}]),
                container("microsoft/aci-tutorial-sidecar:latest", name="sidecar"),
                policy="Always",
                ipAddress={"type": "Public", "ports": [{"port": 80, "protocol": "TCP"}]},
            )
            await until(lambda: "listening on port 80" in (supervisor.logs(GROUP, "web") or ""))
            address = supervisor.endpoint(GROUP, 80)
            assert address is not None
            reader, writer = await asyncio.open_connection(*address)
            writer.write(b"GET / HTTP/1.0\r\n\r\n")
            page = (await reader.read()).decode()
            writer.close()
            assert "Welcome to Azure Container Instances!" in page
            await until(lambda: '"GET / HTTP/1.0" 200' in (supervisor.logs(GROUP, "web") or ""))
            await until(lambda: "HTTP/1.1 200 OK" in (supervisor.logs(GROUP, "sidecar") or ""))
            assert supervisor.endpoint(GROUP, 81) is None
            supervisor.stop(GROUP)
            assert supervisor.endpoint(GROUP, 80) is None

    run(test())


def test_helloworld_listens_where_port_says(tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(tmp_path) as supervisor:
            deploy(
                supervisor,
                container(HELLO, environmentVariables=[{"name": "PORT", "value": "9000"}]),
                ipAddress={"type": "Public", "ports": [{"port": 9000}]},
            )
            await until(lambda: "listening on port 9000" in (supervisor.logs(GROUP, "web") or ""))
            assert supervisor.endpoint(GROUP, 9000) is not None
            assert supervisor.endpoint(GROUP, 80) is None

    run(test())


def test_wordcount_counts_and_fails_clearly(tmp_path: Path) -> None:
    words = [{"name": "NumWords", "value": "2"}, {"name": "MinLength", "value": "8"}]
    image = "mcr.microsoft.com/azuredocs/aci-wordcount:latest"

    async def test() -> None:
        async with supervising(tmp_path) as supervisor:
            deploy(supervisor, container(image, environmentVariables=words))
            assert await output(supervisor) == (0, "[('BERNARDO', 20), ('MARCELLUS', 20)]\n")
            url = "http://shakespeare.mit.edu/romeo_juliet/full.html"
            deploy(supervisor, container(image, command=["python", "wordcount.py", url]))
            await until(lambda: supervisor.view(GROUP).phase == "provisioned")
            code, log = await output(supervisor)
            assert code == 1
            assert "cannot read" in log
            assert url in log

    run(test())


def test_wordcount_reads_a_container_of_its_group(tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(tmp_path) as supervisor:
            deploy(
                supervisor,
                container(HELLO, name="web", ports=[{"port": 80}]),
                container(
                    "microsoft/aci-wordcount",
                    name="words",
                    command=["python3", "wordcount.py", "http://localhost/"],
                    environmentVariables=[{"name": "NumWords", "value": "1"}, {"name": "MinLength", "value": "9"}],
                ),
                policy="OnFailure",
            )
            await until(lambda: "Container" in (supervisor.logs(GROUP, "words") or ""))

    run(test())


def test_volumes_are_folders_of_the_container(tmp_path: Path) -> None:
    secret = base64.b64encode(b"geheim").decode()
    volumes = [
        {"name": "scratch", "emptyDir": {}},
        {"name": "keys", "secret": {"token": secret}},
        {"name": "share", "azureFile": {"shareName": "data", "storageAccountName": "acc", "storageAccountKey": "k"}},
    ]
    mounts = [
        {"name": "scratch", "mountPath": "/scratch"},
        {"name": "keys", "mountPath": "/mnt/keys"},
        {"name": "share", "mountPath": "/mnt/share"},
    ]

    async def test() -> None:
        async with supervising(tmp_path) as supervisor:
            init = [shell("echo from-init > scratch/file; echo kept > mnt/share/file", name="first")]
            init[0]["properties"]["volumeMounts"] = mounts
            script = 'cat scratch/file "$ACI_EMULATOR_ROOT/mnt/keys/token" mnt/share/file'
            deploy(supervisor, shell(script, volumeMounts=mounts), initContainers=init, volumes=volumes)
            assert await output(supervisor) == (0, "from-init\ngeheimkept\n")
            supervisor.remove(GROUP)
            await until(lambda: not list((tmp_path / "containers").iterdir()))
            assert (tmp_path / "shares" / "acc" / "data" / "file").read_text() == "kept\n"

    run(test())


def test_a_git_repository_is_refused_clearly(tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(tmp_path) as supervisor:
            volumes = [{"name": "repo", "gitRepo": {"repository": "https://example.org/x.git"}}]
            deploy(supervisor, shell("true", volumeMounts=[{"name": "repo", "mountPath": "/r"}]), volumes=volumes)
            await until(lambda: supervisor.view(GROUP).phase == "failed")
            assert "gitRepo" in supervisor.view(GROUP).message
            assert supervisor.view(GROUP).events[0]["type"] == "Warning"

    run(test())


def test_no_path_or_name_leads_out_of_the_state_directory(tmp_path: Path) -> None:
    state = tmp_path / "state"

    async def test() -> None:
        async with supervising(state) as supervisor:
            share = {"shareName": "../../up", "storageAccountName": "..", "storageAccountKey": "k"}
            volumes = [{"name": "../v", "azureFile": share}, {"name": "s", "secret": {"../../x": "eA=="}}]
            mounts = [{"name": "../v", "mountPath": "/../../../up"}, {"name": "s", "mountPath": "/s"}]
            deploy(supervisor, shell("ls", name="../web", volumeMounts=mounts), volumes=volumes)
            code, _ = await output(supervisor, "../web")
            assert code == 0

    run(test())
    assert [entry.name for entry in tmp_path.iterdir()] == ["state"]


def test_a_container_may_have_the_name_of_a_folder(tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(tmp_path) as supervisor:
            volumes = [{"name": "keys", "secret": {"token": base64.b64encode(b"x").decode()}}]
            mounts = [{"name": "keys", "mountPath": "/keys"}]
            deploy(supervisor, shell("cat keys/token", name="volumes", volumeMounts=mounts), volumes=volumes)
            assert await output(supervisor, "volumes") == (0, "x")

    run(test())


def test_liveness_probes_restart_and_readiness_probes_tell(tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(tmp_path, speed=20.0) as supervisor:
            probe = {"exec": {"command": ["cat", "healthy"]}, "periodSeconds": 1, "failureThreshold": 2}
            get = {"httpGet": {"path": "/", "port": 8080}, "periodSeconds": 5}
            deploy(
                supervisor,
                shell("sleep 1000", livenessProbe=probe, readinessProbe=get, ports=[{"port": 8080}]),
                policy="Always",
            )
            await until(lambda: (supervisor.view(GROUP).containers["web"] or {}).get("restartCount", 0) >= 1)
            events = supervisor.view(GROUP).containers["web"]["events"]
            messages = {event["name"]: event["message"] for event in events}
            assert messages["Killing"] == "Container web failed liveness probe, will be restarted"
            unhealthy = [event for event in events if event["name"] == "Unhealthy"]
            assert {event["type"] for event in unhealthy} == {"Warning"}
            assert any(event["message"].startswith("Liveness probe failed: cat: ") for event in unhealthy)
            assert any(event["message"].startswith("Readiness probe failed: Get ") for event in unhealthy)

    run(test())


def test_a_container_is_not_reached_before_it_is_ready(tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(tmp_path, speed=20.0) as supervisor:
            probe = {"exec": {"command": ["test", "-e", "ready"]}, "periodSeconds": 1}
            deploy(
                supervisor,
                shell("sleep 1000", readinessProbe=probe, ports=[{"port": 80}]),
                ipAddress={"type": "Public", "ports": [{"port": 80}]},
            )
            await until(lambda: "Unhealthy" in str(supervisor.view(GROUP).containers["web"]))
            assert supervisor.view(GROUP).state == "Running"
            assert supervisor.endpoint(GROUP, 80) is None
            next((tmp_path / "containers").glob("*/*/roots/web")).joinpath("ready").touch()
            await until(lambda: supervisor.endpoint(GROUP, 80))

    run(test())


def test_closing_ends_every_process(tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(tmp_path) as supervisor:
            deploy(supervisor, shell("echo $$; sleep 1000 & echo $!; wait"))
            await until(lambda: (supervisor.logs(GROUP, "web") or "").count("\n") == 2)
            pids.extend(int(line) for line in (supervisor.logs(GROUP, "web") or "").split())

    pids: list[int] = []
    run(test())
    assert len(pids) == 2
    assert not any(running(pid) for pid in pids)
    assert not list((tmp_path / "processes").iterdir())


def test_processes_that_a_killed_emulator_left_are_ended(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"], start_new_session=True)
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"], start_new_session=True)
    try:
        Leftovers(tmp_path).add(process.pid)
        Leftovers(tmp_path).add(other.pid)
        record = tmp_path / "processes" / f"{other.pid}.json"
        record.write_text(json.dumps({"pid": other.pid, "started": "another moment"}))
        assert Leftovers(tmp_path).end() == 1
        assert process.wait(timeout=5) == -signal.SIGKILL
        assert other.poll() is None
    finally:
        for one in (process, other):
            one.kill()
            one.wait()
    assert started(process.pid) == ""


def test_a_restored_group_runs_its_processes_again(tmp_path: Path) -> None:
    definition = group(shell("echo $$; sleep 1000"), container(name="plain"), restartPolicy="Always")
    told: list[str] = []

    async def first() -> None:
        async with supervising(tmp_path) as supervisor:
            supervisor.deploy(GROUP, definition, on_event=told.append)
            await until(lambda: supervisor.logs(GROUP, "web"))
            saved.update(json.loads(json.dumps(supervisor.snapshot(GROUP))))

    async def second() -> None:
        async with supervising(tmp_path) as supervisor:
            supervisor.restore(GROUP, definition, saved, told.append)
            await until(lambda: supervisor.logs(GROUP, "web"))
            view = supervisor.view(GROUP)
            assert view.state == "Running"
            assert view.containers["web"]["restartCount"] == 1
            assert view.containers["web"]["previousState"]["exitCode"] == 137
            assert view.containers["plain"]["restartCount"] == 0

    saved: dict[str, Any] = {}
    run(first())
    run(second())


def test_a_terminal_runs_a_shell_beside_the_container(tmp_path: Path) -> None:
    async def test() -> None:
        async with supervising(tmp_path) as supervisor:
            deploy(supervisor, shell("sleep 1000", environmentVariables=[{"name": "WHO", "value": "inside"}]))
            await until(lambda: supervisor.handle(GROUP, "web"))
            handle = supervisor.handle(GROUP, "web")
            assert handle is not None
            terminal = await handle.open(["sh"], 30, 100)
            terminal.write(b"stty -echo; echo $WHO; stty size; exit\n")
            said = b""
            while data := await terminal.read():
                said += data
            assert b"inside\r\n30 100\r\n" in said

    run(test())


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
