# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Podman's service if none is running: it is started, and ends with the emulator."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import stand_in_podman
from aci_emulator.core.clock import Clock
from aci_emulator.runtime import factory
from aci_emulator.runtime.engines import engine as engines
from aci_emulator.runtime.engines.leftovers import Leftovers, started
from aci_emulator.testing import running_emulator
from machine import PODMAN, install, remove_storage

pytest.importorskip("aiodocker", reason="the package aiodocker is not installed")


@pytest.fixture
def no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_paths", list)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_service: None) -> None:
    stand_in_podman.install(tmp_path / "bin")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")


def services(state_dir: Path) -> list[int]:
    """The processes that are recorded in a state directory and still running."""
    records = [json.loads(path.read_text()) for path in (state_dir / "processes").glob("*.json")]
    return [each["pid"] for each in records if started(each["pid"]) == each["started"]]


def test_the_service_that_was_started_goes_on(tmp_path: Path, stand_in: None) -> None:
    async def test() -> None:
        runtime = factory.make_runtime("podman", Clock(), tmp_path)
        try:
            assert len(services(tmp_path)) == 1
            assert await runtime.engine() == {"name": "Podman 0.1", "status": "ok", "message": ""}
        finally:
            await runtime.close()
        assert services(tmp_path) == []

    asyncio.run(test())


def test_a_service_that_has_ended_is_not_called_well(tmp_path: Path, stand_in: None) -> None:
    async def test() -> None:
        runtime = factory.make_runtime("podman", Clock(), tmp_path)
        try:
            [service] = services(tmp_path)
            os.kill(service, signal.SIGKILL)
            os.waitid(os.P_PID, service, os.WEXITED | os.WNOWAIT)
            state = await runtime.engine()
            assert state is not None
            assert state["status"] == "unreachable"
            assert state["message"].startswith("The Podman service that the emulator started has ended (-9).")
        finally:
            await runtime.close()

    asyncio.run(test())


def test_the_service_goes_on_while_leftovers_are_removed(
    tmp_path: Path, stand_in: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "pods").mkdir()
    asyncio.run(factory.remove_leftovers(tmp_path))
    assert caplog.messages == []
    assert services(tmp_path) == []


def test_what_podman_keeps_without_a_file_system_is_removed(
    tmp_path: Path, stand_in: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("STAND_IN_REMAINS", "c8b05f9167b708c206771783583380094fe0c1788b98e550057a8a21d20ac0fa")

    async def test() -> None:
        runtime: Any = factory.make_runtime("podman", Clock(), tmp_path)
        await runtime.docker()
        await runtime.close()

    asyncio.run(test())
    assert caplog.messages == []


@pytest.mark.parametrize("runtime", ["simulated", "process", "podman"])
def test_what_a_killed_emulator_left_is_ended_by_every_runtime(tmp_path: Path, stand_in: None, runtime: str) -> None:
    left = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    try:
        Leftovers(tmp_path).add(left.pid)

        async def test() -> None:
            await factory.make_runtime(runtime, Clock(), tmp_path).close()

        asyncio.run(test())
        assert left.wait(5) == -signal.SIGKILL
    finally:
        left.kill()
        left.communicate()


@pytest.fixture
def storage() -> Iterator[dict[str, str]]:
    """Environment variables for a separate storage of Podman."""
    folder = Path(tempfile.mkdtemp(prefix="aci_test_", dir="/var/tmp"))
    settings = folder / "storage.conf"
    settings.write_text(f'[storage]\ndriver = "overlay"\ngraphroot = "{folder}/root"\nrunroot = "{folder}/run"\n')
    yield {"CONTAINERS_STORAGE_CONF": str(settings)}
    remove_storage(folder)


def test_serve_starts_the_service_of_the_podman_that_is_installed(
    storage: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if reason := install(["podman"], PODMAN):
        pytest.skip(reason)
    if engines.find_engine() is not None:
        pytest.skip("a container engine runs here already")
    for name, value in storage.items():
        monkeypatch.setenv(name, value)
    with running_emulator("--runtime", "podman") as emulator:
        health: dict[str, Any] = emulator.health()
        assert health["status"] == "ok"
        assert health["engine"]["name"].startswith("Podman ")
        assert health["engine"]["status"] == "ok"
        [service] = services(emulator.state_dir)
        os.killpg(service, signal.SIGKILL)
        deadline = time.monotonic() + 20  # a killed process may take a moment to disappear
        while "has ended" not in (health := emulator.health())["engine"]["message"]:
            assert time.monotonic() < deadline
        assert health["status"] == "unreachable"
    assert started(service) == ""
