# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every action of aci_group that ends a run of containers: the logs are saved before, or it is not performed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError, AzureError
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient

from .test_aci_group import containers, made, run

STOPPED = {"currentState": {"state": "Terminated", "startTime": "1"}}
NEW_IMAGE = {"containers": [{"name": "web", "image": "nginx:2"}]}

# (the group, the task): the requests that end a run
ACTS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "delete": ("Running", {"state": "absent"}, ["delete"]),
    "update in place": ("Running", NEW_IMAGE, ["put"]),
    "redeploy": ("Stopped", NEW_IMAGE, ["put"]),
    "recreate": ("Running", {"restart_policy": "Never", "recreate": "when_needed"}, ["delete", "put"]),
    "restart": ("Running", {"state": "restarted"}, ["restart"]),
    "stop": ("Running", {"state": "stopped"}, ["stop"]),
    "start": ("Stopped", {"state": "started"}, ["start"]),
    "repull": ("Running", {"repull": True}, ["stop", "start"]),
}
WRITES = ("put", "delete", "restart", "stop", "start")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "logs"


def group(state: str) -> FakeClient:
    client = made(FakeClient())
    client.log = "said\n"
    assert client.group is not None
    if state == "Stopped":
        client.group["properties"]["instanceView"]["state"] = state
        client.group["properties"]["containers"][0]["properties"]["instanceView"] = STOPPED
    return client


@pytest.mark.parametrize("act", ACTS)
def test_logs_are_saved_before_the_act_and_predicted(folder: Path, act: str) -> None:
    state, options, requests = ACTS[act]
    predicted = run(group(state), check=True, save_logs=str(folder), **options)
    assert not folder.exists()
    client = group(state)
    files_at_request: list[list[str]] = []
    for request in WRITES:
        client.on[request] = lambda: files_at_request.append(os.listdir(folder))
    result = run(client, save_logs=str(folder), **options)
    assert [call for call in client.calls if call in WRITES] == requests
    assert client.calls.index("logs") < client.calls.index(requests[0])
    (entry,) = result["saved_logs"]
    assert files_at_request[0] == [Path(entry["path"]).name]
    assert Path(entry["path"]).read_text() == "said\n"
    assert predicted["saved_logs"] == result["saved_logs"]
    assert predicted["action"] == result["action"]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("check", [True, False])
def test_without_the_logs_it_is_not_done(folder: Path, act: str, check: bool) -> None:
    state, options, _requests = ACTS[act]
    client = group(state)

    def refuse() -> None:
        raise AzureError("Out of order.", code="InternalServerError", status=500)

    client.on["logs"] = refuse
    with pytest.raises(AciError) as caught:
        run(client, check=check, save_logs=str(folder), recovery_dir=str(folder.parent / "recovery"), **options)
    assert caught.value.code == "LogsNotSaved"
    assert not set(client.calls) & set(WRITES)
    assert caught.value.result["saved_logs"][0]["path"] is None
    assert not list(folder.parent.rglob("*.json")), "a recovery file would be taken for that of an interrupted run"


@pytest.mark.parametrize("act", ACTS)
def test_a_folder_that_will_not_do_stops_the_act(folder: Path, act: str) -> None:
    state, options, _requests = ACTS[act]
    folder.mkdir()
    folder.chmod(0o777)
    client = group(state)
    with pytest.raises(AciError) as caught:
        run(client, save_logs=str(folder), **options)
    assert caught.value.code == "LogsUnwritable"
    assert not set(client.calls) & set(WRITES)


@pytest.mark.parametrize("options", [{}, {"tags": {"a": "2"}}])
def test_what_ends_no_run_reads_no_log(folder: Path, options: dict[str, Any]) -> None:
    client = group("Running")
    result = run(client, save_logs=str(folder), **options)
    assert result["saved_logs"] == []
    assert "logs" not in client.calls
    assert not folder.exists()


def test_a_new_group_has_no_logs(folder: Path) -> None:
    assert run(FakeClient(), save_logs=str(folder), containers=containers())["saved_logs"] == []


def test_without_the_option_there_is_nothing_in_the_result() -> None:
    client = group("Running")
    assert "saved_logs" not in run(client, state="absent")
    assert "logs" not in client.calls


def test_what_containers_say_when_they_are_stopped_is_saved_too(folder: Path) -> None:
    client = group("Running")

    def stopped() -> None:
        client.log = "said\nbye\n"

    client.on["stop"] = stopped
    (entry,) = run(client, save_logs=str(folder), repull=True)["saved_logs"]
    assert Path(entry["path"]).read_text() == "said\nbye\n"


def test_a_failure_after_the_act_names_the_files(folder: Path) -> None:
    client = group("Running")

    def refuse(_body: dict[str, Any]) -> None:
        raise AzureError("No capacity.", code="ServiceUnavailable", status=409)

    client.on_put = refuse
    with pytest.raises(AzureError) as caught:
        run(client, save_logs=str(folder), restart_policy="Never", recreate="when_needed")
    assert Path(caught.value.result["saved_logs"][0]["path"]).read_text() == "said\n"
