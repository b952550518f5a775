# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lifecycle of simulated groups, with a clock that is advanced, so that no test waits."""

from __future__ import annotations

import json
import re

import pytest

from aci_emulator.runtime.base import ImageRefused
from aci_emulator.runtime.engines.simulated import SimulatedRuntime
from aci_emulator.runtime.supervisor import Supervisor

from .conftest import GROUP, Bench, container, group

HELLO = "mcr.microsoft.com/azuredocs/aci-helloworld"


def test_create_goes_from_pending_to_running_as_recorded(bench: Bench) -> None:
    bench.deploy(group(container(HELLO)))
    assert (bench.view().phase, bench.view().state, bench.view().containers) == ("pending", "Pending", {"web": None})
    assert bench.told == []
    bench.clock.advance(1.0)
    assert bench.view().phase == "creating"
    assert bench.web()["currentState"] == {"state": "Waiting", "detailStatus": ""}
    assert bench.events() == [("Pulling", 1)]
    bench.clock.advance(1.0)
    view = bench.view()
    assert (view.phase, view.state, view.events) == ("provisioned", "Running", [])
    web = bench.web()
    assert list(web) == ["restartCount", "currentState", "events"]
    assert web["currentState"] == {"state": "Running", "startTime": "2025-11-18T09:00:02.771Z", "detailStatus": ""}
    names = [event["name"] for event in web["events"]]
    assert names == ["Pulling", "Pulled", "Started"]
    assert web["events"][0]["firstTimestamp"] == "2025-11-18T09:00:01Z"
    assert re.fullmatch(rf'pulling image "{HELLO}@sha256:[0-9a-f]{{64}}"', web["events"][0]["message"])
    assert web["events"][2] == {
        "count": 1,
        "firstTimestamp": "2025-11-18T09:00:02Z",
        "lastTimestamp": "2025-11-18T09:00:02Z",
        "name": "Started",
        "message": "Started container",
        "type": "Normal",
    }
    assert set(bench.told) == {GROUP}


def test_stop_shows_at_once_what_was_recorded_and_start_runs_anew(bench: Bench) -> None:
    bench.deploy(group(container()))
    bench.clock.advance(5)
    bench.supervisor.stop(GROUP)
    assert bench.view().state == "Stopped"
    web = bench.web()
    assert list(web["currentState"]) == ["state", "finishTime", "detailStatus"]
    assert web["currentState"]["finishTime"] == "2025-11-18T09:00:05.7710000Z"
    assert web["currentState"]["detailStatus"] == "Container stopped per client request"
    assert web["previousState"]["state"] == "Running"
    bench.supervisor.stop(GROUP)
    bench.clock.advance(5)
    bench.supervisor.start(GROUP)
    assert (bench.view().phase, bench.view().state) == ("pending", "Pending")
    bench.clock.advance(5)
    assert bench.view().state == "Running"
    assert bench.events() == [("Pulling", 2), ("Pulled", 2), ("Started", 2)]
    assert "previousState" not in bench.web()


def test_restart_keeps_running_for_a_moment_and_does_not_pull_again(bench: Bench) -> None:
    bench.deploy(group(container()))
    bench.clock.advance(5)
    bench.supervisor.restart(GROUP)
    before = bench.web()["currentState"]["startTime"]
    assert (bench.view().phase, bench.view().state) == ("pending", "Running")
    bench.clock.advance(5)
    web = bench.web()
    assert (bench.view().phase, bench.view().state) == ("provisioned", "Running")
    assert web["restartCount"] == 0
    assert web["currentState"]["startTime"] > before
    assert bench.events() == [("Pulling", 1), ("Pulled", 1), ("Started", 2), ("Killing", 1)]
    assert web["events"][3]["message"] == "Killing container web (platform initiated)."


def test_crash_loop_backs_off_and_counts(bench: Bench) -> None:
    bench.deploy(group(container("emulator.local/exit:3")))
    bench.clock.advance(2.5)
    assert bench.web()["currentState"]["state"] == "Running"
    bench.clock.advance(2.0)  # ended after a second, restarted immediately, ended again
    web = bench.web()
    assert bench.view().state == "Running"
    assert bench.view().phase == "provisioned"
    assert web["restartCount"] == 1
    assert web["currentState"] == {
        "state": "Waiting",
        "detailStatus": "CrashLoopBackOff: Back-off 10s restarting failed",
    }
    assert web["previousState"]["exitCode"] == 3
    assert web["previousState"]["detailStatus"] == "Error"
    bench.clock.advance(11.0)
    assert bench.web()["restartCount"] == 2
    assert bench.web()["currentState"]["detailStatus"] == "CrashLoopBackOff: Back-off 20s restarting failed"
    bench.clock.advance(3600)
    assert bench.web()["currentState"]["detailStatus"] == "CrashLoopBackOff: Back-off 5m0s restarting failed"
    counts = dict(bench.events())
    assert counts["Started"] == bench.web()["restartCount"] + 1
    assert counts["BackOff"] == bench.web()["restartCount"]


def test_back_off_is_forgotten_after_ten_minutes_of_running(bench: Bench) -> None:
    bench.deploy(group(container("emulator.local/exit-after:700-1")))
    bench.clock.advance(5 * 701 + 10)
    assert bench.web()["restartCount"] == 5
    assert bench.web()["currentState"]["state"] == "Running"


@pytest.mark.parametrize(
    ("policy", "image", "state", "restarted"),
    [
        ("Never", "emulator.local/exit:0", "Succeeded", False),
        ("Never", "emulator.local/exit:2", "Failed", False),
        ("OnFailure", "emulator.local/exit:0", "Succeeded", False),
        ("OnFailure", "emulator.local/exit:2", "Running", True),
        ("Always", "emulator.local/exit:0", "Running", True),
    ],
)
def test_restart_policies(bench: Bench, policy: str, image: str, state: str, restarted: bool) -> None:
    bench.deploy(group(container(image), restartPolicy=policy))
    bench.clock.advance(30)
    assert bench.view().phase == "provisioned"
    assert bench.view().state == state
    assert (bench.web()["restartCount"] > 0) is restarted
    if not restarted:
        code = int(image[-1])
        current = bench.web()["currentState"]
        assert list(current) == ["state", "startTime", "exitCode", "finishTime", "detailStatus"]
        assert (current["exitCode"], current["detailStatus"]) == (code, "Error" if code else "Completed")
        bench.supervisor.stop(GROUP)  # a finished group does not change
        assert bench.view().state == state


def test_init_containers_run_in_order_and_again_on_start(bench: Bench) -> None:
    first = container("emulator.local/exit-after:10", name="first")
    second = container("emulator.local/exit-after:20", name="second")
    bench.deploy(group(container(), init=[first, second]))
    bench.clock.advance(5)
    view = bench.view()
    assert (view.state, view.phase) == ("Pending", "creating")
    assert view.init_containers["first"]["currentState"]["state"] == "Running"
    assert view.init_containers["second"] is None
    assert view.containers["web"] is None
    bench.clock.advance(10)
    assert bench.view().init_containers["first"]["currentState"]["detailStatus"] == "Completed"
    assert bench.view().init_containers["second"]["currentState"]["state"] == "Running"
    bench.clock.advance(25)
    assert (bench.view().state, bench.view().phase) == ("Running", "provisioned")
    bench.supervisor.restart(GROUP)
    bench.clock.advance(3)
    assert bench.view().init_containers["first"]["currentState"]["state"] == "Running"
    assert bench.view().state == "Pending"


def test_a_failed_init_container_fails_the_group_under_never(bench: Bench) -> None:
    init = [container("emulator.local/exit:1", name="first")]
    bench.deploy(group(container(), init=init, restartPolicy="Never"))
    bench.clock.advance(30)
    assert (bench.view().state, bench.view().phase) == ("Failed", "provisioned")
    assert bench.view().containers["web"] is None


def test_an_init_container_is_tried_again_under_always(bench: Bench) -> None:
    bench.deploy(group(container(), init=[container("emulator.local/exit:1", name="first")]))
    bench.clock.advance(30)
    view = bench.view()
    assert (view.state, view.phase) == ("Pending", "creating")
    assert view.init_containers["first"]["restartCount"] == 2
    bench.clock.advance(1800)
    assert (bench.view().phase, bench.view().code) == ("failed", "ResourceDeploymentFailure")


def test_a_missing_image_backs_off_until_the_deployment_times_out(bench: Bench) -> None:
    bench.supervisor.check_image("emulator.local/missing:v1", [])
    bench.deploy(group(container("emulator.local/missing:v1")))
    bench.clock.advance(3)
    web = bench.web()
    assert web["currentState"] == {
        "state": "Waiting",
        "detailStatus": 'ImagePullBackOff: Back-off pulling image "emulator.local/missing:v1"',
    }
    assert [(e["name"], e["type"], e["message"]) for e in web["events"]] == [
        ("Pulling", "Normal", 'pulling image "emulator.local/missing:v1"'),
        (
            "Failed",
            "Warning",
            'Failed to pull image "emulator.local/missing:v1": rpc error: code 2 desc Error: '
            "image emulator.local/missing:v1 not found",
        ),
        ("BackOff", "Normal", 'Back-off pulling image "emulator.local/missing:v1"'),
    ]
    assert bench.view().phase == "creating"
    bench.clock.advance(60)
    assert bench.events() == [("Pulling", 3), ("Failed", 3), ("BackOff", 3)]
    bench.clock.advance(1800)
    assert bench.view().phase == "failed"
    assert bench.view().state == "Pending"
    bench.deploy(group(container("nginx")), update=True)
    bench.clock.advance(5)
    assert (bench.view().phase, bench.view().state) == ("provisioned", "Running")


@pytest.mark.parametrize(
    ("image", "code"),
    [
        ("MyApp", "InaccessibleImage"),
        ("mcr.microsoft.com/azuredocs/ACI-helloworld", "InaccessibleImage"),
        ("a b", "InaccessibleImage"),
        ("nginx:", "InaccessibleImage"),
        ("", "InaccessibleImage"),
        ("-x/y", "InaccessibleImage"),
        ("nginx", "RegistryErrorResponse"),
        ("docker.io/library/nginx:1", "RegistryErrorResponse"),
    ],
)
def test_images_that_are_refused_at_once(bench: Bench, image: str, code: str) -> None:
    with pytest.raises(ImageRefused) as refused:
        bench.supervisor.check_image(image, [])
    assert refused.value.code == code
    if code == "RegistryErrorResponse":
        assert refused.value.registry == "index.docker.io"


@pytest.mark.parametrize(
    "image",
    [HELLO, "myregistry.azurecr.io/a/b_c:v1.0", "localhost:5000/x", "ghcr.io/x/y@sha256:" + "a" * 64, "Reg.io/x"],
)
def test_images_that_may_exist(bench: Bench, image: str) -> None:
    bench.supervisor.check_image(image, [])


def test_an_update_replaces_the_containers_and_forgets_their_events(bench: Bench) -> None:
    bench.deploy(group(container()))
    bench.clock.advance(5)
    bench.deploy(group(container("redis"), container("nginx", name="new")), update=True)
    view = bench.view()
    assert (view.phase, view.state) == ("creating", "Pending")
    creating = {"restartCount": 0, "currentState": {"state": "Waiting", "detailStatus": "ContainerCreating"}}
    assert view.containers == {"web": creating, "new": creating}
    bench.clock.advance(5)
    assert bench.view().phase == "provisioned"
    assert bench.events() == [("Pulling", 1), ("Pulled", 1), ("Started", 1)]
    assert dict(bench.events("new"))["Started"] == 1


def test_logs_are_those_of_the_current_run(bench: Bench) -> None:
    definition = group(
        container(
            "mcr.microsoft.com/azuredocs/aci-wordcount",
            environmentVariables=[{"name": "NumWords", "value": "3"}, {"name": "MinLength", "value": "5"}],
        ),
        restartPolicy="OnFailure",
    )
    bench.deploy(definition)
    assert bench.supervisor.logs(GROUP, "web") is None
    bench.clock.advance(10)
    assert bench.view().state == "Succeeded"
    log = bench.supervisor.logs(GROUP, "web")
    assert log == "[('HORATIO', 29), ('HAMLET', 21), ('BERNARDO', 20)]\n"
    stamped = bench.supervisor.logs(GROUP, "web", timestamps=True)
    assert stamped == f"2025-11-18T09:00:02.771000000Z {log}"
    bench.supervisor.start(GROUP)
    assert bench.supervisor.logs(GROUP, "web") is None


def test_a_snapshot_brings_groups_back(bench: Bench) -> None:
    definition = group(
        container(),
        container("emulator.local/exit:1", name="crash"),
        container("microsoft/aci-wordcount", name="words"),
    )
    bench.deploy(definition | {"properties": definition["properties"] | {"restartPolicy": "OnFailure"}})
    definition["properties"]["restartPolicy"] = "OnFailure"
    bench.clock.advance(10)
    before = bench.view()
    saved = json.loads(json.dumps(bench.supervisor.snapshot(GROUP)))
    again = Supervisor(bench.clock, bench.supervisor.state_dir, SimulatedRuntime(bench.clock))
    again.restore(GROUP, definition, saved)
    after = again.view(GROUP)
    assert after.state == before.state
    assert after.phase == before.phase
    assert after.containers["web"] == before.containers["web"]
    assert after.containers["words"] == before.containers["words"]
    assert again.logs(GROUP, "words") == bench.supervisor.logs(GROUP, "words")
    assert after.containers["crash"]["currentState"]["state"] == "Waiting"
    bench.clock.advance(30)
    assert again.view(GROUP).containers["crash"]["restartCount"] > before.containers["crash"]["restartCount"]


def test_a_snapshot_of_a_pending_group_deploys_it_again(bench: Bench) -> None:
    bench.deploy(group(container()))
    saved = json.loads(json.dumps(bench.supervisor.snapshot(GROUP)))
    again = Supervisor(bench.clock, bench.supervisor.state_dir, SimulatedRuntime(bench.clock))
    again.restore(GROUP, group(container()), saved)
    bench.clock.advance(5)
    assert (again.view(GROUP).phase, again.view(GROUP).state) == ("provisioned", "Running")


def test_a_stopped_group_stays_stopped_over_a_snapshot(bench: Bench) -> None:
    bench.deploy(group(container()))
    bench.clock.advance(5)
    bench.supervisor.stop(GROUP)
    saved = json.loads(json.dumps(bench.supervisor.snapshot(GROUP)))
    again = Supervisor(bench.clock, bench.supervisor.state_dir, SimulatedRuntime(bench.clock))
    again.restore(GROUP, group(container()), saved)
    assert again.view(GROUP) == bench.view()
    bench.clock.advance(5)
    assert again.view(GROUP).state == "Stopped"


def test_a_removed_group_is_forgotten(bench: Bench) -> None:
    bench.deploy(group(container()))
    bench.clock.advance(5)
    bench.supervisor.remove(GROUP)
    with pytest.raises(KeyError):
        bench.view()
    told = len(bench.told)
    bench.clock.advance(60)
    assert len(bench.told) == told


def test_an_evicted_group_comes_back(bench: Bench) -> None:
    bench.deploy(group(container(), priority="Spot"))
    bench.clock.advance(5)
    before = bench.web()["currentState"]["startTime"]
    bench.supervisor.evict(GROUP)
    assert bench.view().events[0]["type"] == "Warning"
    bench.clock.advance(10)
    assert (bench.view().phase, bench.view().state) == ("provisioned", "Running")
    assert bench.web()["currentState"]["startTime"] > before
    assert dict(bench.events())["Killing"] == 1
    bench.supervisor.stop(GROUP)
    bench.supervisor.evict(GROUP)
    bench.clock.advance(10)
    assert bench.view().state == "Stopped"


def test_unknown_storage_accounts_fail_the_mount(bench: Bench) -> None:
    supervisor = Supervisor(
        bench.clock, bench.supervisor.state_dir, SimulatedRuntime(bench.clock), storage_accounts={"known": "key"}
    )
    share = {"shareName": "s", "storageAccountName": "unknown", "storageAccountKey": "key"}
    definition = group(
        container(volumeMounts=[{"name": "share", "mountPath": "/s"}]), volumes=[{"name": "share", "azureFile": share}]
    )
    supervisor.deploy(GROUP, definition, on_event=lambda group_id: None)
    bench.clock.advance(40)
    view = supervisor.view(GROUP)
    assert (view.phase, view.state) == ("creating", "Pending")
    assert view.events[0]["name"] == "FailedMountAzureFileVolume"
    assert view.events[0]["count"] > 1
    assert view.events[0]["message"] == "Failed to mount Azure File Volume."
    share["storageAccountName"] = "known"
    supervisor.deploy(GROUP, definition, on_event=lambda group_id: None)
    bench.clock.advance(5)
    assert supervisor.view(GROUP).state == "Running"
