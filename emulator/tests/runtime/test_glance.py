# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A group's summary: its problem, whatever its state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aci_emulator.faults.outcome import Outcome
from aci_emulator.runtime.engines.simulated import SimulatedRuntime
from aci_emulator.runtime.faulty import FaultySupervisor
from aci_emulator.runtime.glance import Glance, Trouble

from .conftest import GROUP, Bench, container, group


def glance(bench: Bench) -> Glance:
    return bench.supervisor.glance(GROUP)


def run(bench: Bench, definition: dict[str, Any], seconds: float = 30) -> Glance:
    bench.deploy(definition)
    bench.clock.advance(seconds)
    return glance(bench)


def test_a_group_that_runs(bench: Bench) -> None:
    found = run(bench, group(container(), container(name="side")))
    assert found == Glance("Running", None, 2, 2, 0, found.newest, None)
    assert found.newest == max(event["lastTimestamp"] for event in bench.web()["events"])


def test_before_anything_has_happened(bench: Bench) -> None:
    bench.deploy(group(container()))
    assert glance(bench) == Glance("Pending", None, 0, 1, 0, "", None)


def test_a_crash_loop_is_trouble_also_while_it_runs(bench: Bench) -> None:
    bench.deploy(group(container("emulator.local/exit-after:5-3")))
    seen = set()
    for _ in range(120):
        bench.clock.advance(1)
        found = glance(bench)
        if found.restarts >= 2:
            current = bench.web()["currentState"]["state"]
            assert (found.state, bench.view().state) == ("Running", "Running")
            assert found.trouble is not None, current
            assert found.trouble.container == "web"
            seen.add((current, found.trouble.reason))
    assert {("Waiting", "CrashLoopBackOff"), ("Running", "Restarting")} <= seen
    assert "restarted" in str(found.trouble).lower()
    assert "exit code 3" in str(found.trouble)


def test_after_ten_minutes_it_has_calmed_down(bench: Bench) -> None:
    found = run(bench, group(container("emulator.local/exit-after:900-3")), 905)
    assert (found.restarts, found.trouble) == (1, None)  # a single restart is not a loop
    bench.clock.advance(900)
    assert glance(bench).restarts == 2
    assert glance(bench).trouble == Trouble(
        "Restarting", "Restarted 2 times; the last run ended with exit code 3.", "web"
    )
    bench.clock.advance(600)
    assert glance(bench).trouble is None


def test_an_image_that_cannot_be_pulled(bench: Bench) -> None:
    found = run(bench, group(container(), container("emulator.local/missing:v1", name="side")))
    assert found.state == "Pending"
    assert found.trouble == Trouble(
        "ImagePullBackOff",
        'Failed to pull image "emulator.local/missing:v1": rpc error: code 2 desc Error: image '
        "emulator.local/missing:v1 not found",
        "side",
    )
    assert found.running == 1


@pytest.mark.parametrize(
    ("image", "policy", "state", "trouble"),
    [
        ("emulator.local/exit:3", "Never", "Failed", Trouble("Error", "Ended with exit code 3.", "web")),
        ("emulator.local/exit:0", "Never", "Succeeded", None),
        ("emulator.local/exit:0", "OnFailure", "Succeeded", None),
    ],
)
def test_what_has_ended(bench: Bench, image: str, policy: str, state: str, trouble: Trouble | None) -> None:
    found = run(bench, group(container(image), restartPolicy=policy))
    assert (found.state, found.trouble) == (state, trouble)


def test_an_init_container_that_fails(bench: Bench) -> None:
    init = [container("emulator.local/exit:1", name="first")]
    found = run(bench, group(container(), init=init, restartPolicy="Never"))
    assert found.trouble == Trouble("Error", "Ended with exit code 1.", "first")


def test_a_stopped_group_has_no_trouble(bench: Bench) -> None:
    run(bench, group(container("emulator.local/exit:3")))
    bench.supervisor.stop(GROUP)
    assert (glance(bench).state, glance(bench).trouble) == ("Stopped", None)


def test_a_deployment_that_is_given_up_keeps_the_better_reason(bench: Bench) -> None:
    found = run(bench, group(container("emulator.local/missing:v1")), 1900)
    assert bench.view().phase == "failed"
    assert found.trouble is not None
    assert found.trouble.reason == "ImagePullBackOff"


def test_a_mount_that_fails(bench: Bench) -> None:
    bench.supervisor._storage_accounts = {"other": ""}
    share = {"name": "s", "azureFile": {"shareName": "s", "storageAccountName": "a", "storageAccountKey": "k"}}
    web = container(volumeMounts=[{"name": "s", "mountPath": "/mnt"}])
    found = run(bench, group(web, volumes=[share]))
    assert found.state == "Pending"
    assert found.trouble == Trouble("FailedMountAzureFileVolume", "Failed to mount Azure File Volume.")


def test_a_probe_that_fails(bench: Bench) -> None:
    probe = {"exec": {"command": ["false"]}, "periodSeconds": 10}
    bench.deploy(group(container(readinessProbe=probe)))
    bench.clock.advance(10)
    assert glance(bench).trouble is None  # not ready yet does not mean unhealthy
    unwell = bench.supervisor._groups[GROUP].find("web")
    assert unwell is not None
    unwell.event("Unhealthy", "Readiness probe failed: no", "Warning")
    assert glance(bench).trouble == Trouble("Unhealthy", "Readiness probe failed: no", "web")
    assert unwell._prober is not None
    unwell._prober._probes[0].succeeding = True  # a success is not reported
    assert glance(bench).trouble is None


def test_a_group_that_is_not_there(bench: Bench) -> None:
    with pytest.raises(KeyError):
        glance(bench)
    assert bench.supervisor.group_ids() == []


CRASH = "emulator.local/exit-after:7-1"


@pytest.mark.parametrize(
    "definition",
    [
        group(container(), init=[container("emulator.local/exit:0", name="first")]),
        group(container(CRASH), container(name="side")),
        group(container("emulator.local/missing:v1")),
        group(container(CRASH), restartPolicy="Never"),
        group(container(), init=[container("emulator.local/exit:1", name="first")]),
        group(container(), priority="Spot"),
    ],
)
def test_what_is_kept_is_what_there_is(bench: Bench, definition: dict[str, Any]) -> None:
    """A summary is cached until something happens. It must never be outdated."""
    bench.deploy(definition)
    steps: dict[int, Callable[[], Any]] = {
        200: lambda: bench.supervisor.restart(GROUP),
        400: lambda: bench.supervisor.stop(GROUP),
        450: lambda: bench.supervisor.start(GROUP),
        600: lambda: bench.supervisor.evict(GROUP),
        700: lambda: bench.deploy(definition, update=True),
        800: lambda: bench.supervisor.refresh(GROUP, definition),
        900: lambda: bench.deploy(definition),
    }
    for second in range(1100):
        if second in steps:
            steps[second]()
        else:
            bench.clock.advance(1)
        kept, fresh = glance(bench), bench.supervisor._groups[GROUP]._look(bench.clock.now())
        assert kept == fresh, second


def test_a_fault_and_a_repair(bench: Bench) -> None:
    supervisor = FaultySupervisor(
        bench.clock, bench.supervisor.state_dir, SimulatedRuntime(bench.clock), storage_accounts=None
    )
    bench.supervisor = supervisor
    supervisor.arm(GROUP, Outcome("NoRoom", "No room."))
    found = run(bench, group(container()))
    assert found.trouble == Trouble("NoRoom", "No room.")
    assert found.newest >= bench.view().events[-1]["lastTimestamp"]
    supervisor.forget_outcomes()
    assert glance(bench).trouble is None
    assert supervisor.repair(GROUP, 60)
    found = glance(bench)
    assert (found.state, found.running) == (bench.view().state, 0)
    assert found.trouble is not None
    assert found.trouble.reason == "Repairing"
    bench.clock.advance(120)
    assert glance(bench) == Glance("Running", None, 1, 1, 0, glance(bench).newest, None)
