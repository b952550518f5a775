# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Started, stopped, restarted, present and absent, with every state of the service."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError, Ambiguous
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient

from .test_aci_group import containers, run

ENDED = {"currentState": {"state": "Terminated", "exitCode": 0, "detailStatus": "Completed", "startTime": "0"}}
FAILED = {"currentState": {"state": "Terminated", "exitCode": 2, "detailStatus": "Error", "startTime": "0"}}
RUNNING = {"currentState": {"state": "Running", "startTime": "0", "detailStatus": ""}}
BROKEN = {"currentState": {"state": "Terminated", "detailStatus": "Infrastructure Error", "startTime": "0"}}
UNHEARD = {"currentState": {"state": "Hibernated", "detailStatus": ""}}
STOPPED = {"currentState": {"state": "Terminated", "detailStatus": "Container stopped per client request"}}

# State of the service: (group's state, provisioning state, restart policy, container's instance view)
STATES: dict[str, tuple[str, str, str, dict[str, Any] | None]] = {
    "Pending": ("Pending", "Pending", "Always", None),
    "Running": ("Running", "Succeeded", "Always", RUNNING),
    "Succeeded": ("Succeeded", "Succeeded", "Never", ENDED),
    "Failed": ("Failed", "Succeeded", "Never", FAILED),
    "Stopped": ("Stopped", "Succeeded", "Always", STOPPED),
    "Unhealthy": ("Running", "Unhealthy", "Always", RUNNING),
    "transitioning": ("Running", "Updating", "Always", RUNNING),
    "Unknown": ("Unknown", "Repairing", "Never", BROKEN),
    "unheard of": ("Hibernated", "Waking", "Always", UNHEARD),
    "unheard of, yet running": ("Degraded", "Succeeded", "Always", RUNNING),
}

# (state of the service, wanted state): the action, or the code of the error
EXPECTED: dict[tuple[str, str], str] = {
    ("missing", "present"): "created",
    ("missing", "started"): "created",
    ("missing", "restarted"): "created",
    ("missing", "stopped"): "ContainerGroupNotFound",
    ("missing", "absent"): "none",
    ("Pending", "present"): "none",
    ("Pending", "started"): "none",
    ("Pending", "stopped"): "stopped",
    ("Pending", "restarted"): "restarted",
    ("Running", "present"): "none",
    ("Running", "started"): "none",
    ("Running", "stopped"): "stopped",
    ("Running", "restarted"): "restarted",
    ("Succeeded", "present"): "none",
    ("Succeeded", "started"): "none",
    ("Succeeded", "stopped"): "none",
    ("Succeeded", "restarted"): "started",
    ("Failed", "present"): "ContainerFailed",
    ("Failed", "started"): "ContainerFailed",
    ("Failed", "stopped"): "none",
    ("Failed", "restarted"): "started",
    ("Stopped", "present"): "none",
    ("Stopped", "started"): "started",
    ("Stopped", "stopped"): "none",
    ("Stopped", "restarted"): "started",
    ("Unhealthy", "present"): "none",
    ("Unhealthy", "started"): "none",
    ("Unhealthy", "stopped"): "stopped",
    ("Unhealthy", "restarted"): "restarted",
    ("transitioning", "present"): "none",
    ("transitioning", "started"): "none",
    ("transitioning", "stopped"): "stopped",
    ("transitioning", "restarted"): "restarted",
    ("Unknown", "present"): "none",
    ("Unknown", "started"): "started",
    ("Unknown", "stopped"): "stopped",
    ("Unknown", "restarted"): "restarted",
    ("unheard of", "present"): "none",
    ("unheard of", "started"): "started",
    ("unheard of", "stopped"): "stopped",
    ("unheard of", "restarted"): "restarted",
    ("unheard of, yet running", "present"): "none",
    ("unheard of, yet running", "started"): "none",
    ("unheard of, yet running", "stopped"): "stopped",
    ("unheard of, yet running", "restarted"): "restarted",
} | {(state, "absent"): "deleted" for state in STATES}


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))


def in_state(state: str) -> FakeClient:
    """A client whose group is in a state of the table; operations end at the second read."""
    client = FakeClient()
    if state == "missing":
        return client
    group_state, provisioning, policy, view = STATES[state]
    run(client, containers=containers(), location="eastus", restart_policy=policy)
    assert client.group is not None
    properties = client.group["properties"]
    properties["provisioningState"] = provisioning
    properties["instanceView"]["state"] = group_state
    properties["containers"][0]["properties"].pop("instanceView", None)
    if view is not None:
        properties["containers"][0]["properties"]["instanceView"] = copy.deepcopy(view)
    reads: list[int] = []
    original = client.get_group

    def get_group(rg: str, name: str) -> dict[str, Any] | None:
        found = original(rg, name)
        reads.append(1)
        if len(reads) > 2 and client.runs == 1 and provisioning not in ("Succeeded", "Unhealthy"):
            properties["provisioningState"] = "Succeeded"
            properties["instanceView"]["state"] = "Running"
            properties["containers"][0]["properties"]["instanceView"] = copy.deepcopy(RUNNING)
        return found

    client.get_group = get_group  # type: ignore[method-assign]
    client.calls.clear()
    return client


def outcome(client: FakeClient, wanted: str, state: str, check: bool = False) -> str:
    policy = STATES[state][2] if state != "missing" else None
    options: dict[str, Any] = {"state": wanted}
    if wanted != "absent":
        options |= {"containers": containers(), "location": "eastus", "restart_policy": policy}
    try:
        return str(run(client, check=check, **options)["action"])
    except AciError as error:
        return error.code


def test_the_table_is_complete() -> None:
    wanted = ("present", "started", "stopped", "restarted", "absent")
    assert set(EXPECTED) == {(state, way) for state in ["missing", *STATES] for way in wanted}


@pytest.mark.parametrize(("state", "wanted"), EXPECTED)
def test_every_state(state: str, wanted: str) -> None:
    expected = EXPECTED[state, wanted]
    assert outcome(in_state(state), wanted, state, check=True) == expected
    client = in_state(state)
    assert outcome(client, wanted, state) == expected
    again = outcome(client, wanted, state)
    if wanted == "restarted":
        assert again == "restarted"  # restarted is an action, not a state: it happens each time
    elif expected[0].islower():
        assert again == "none"
    else:
        assert again == expected


POSTS = {"started": "start", "stopped": "stop", "restarted": "restart"}


@pytest.mark.parametrize(("state", "wanted"), [key for key in EXPECTED if key[1] in POSTS])
def test_an_action_on_a_state_is_a_request(state: str, wanted: str) -> None:
    client = in_state(state)
    action = outcome(client, wanted, state)
    sent = [call for call in client.calls if call in POSTS.values()]
    assert sent == ([POSTS[action]] if action in POSTS else [])


def refusing(client: FakeClient, verb: str, times: int) -> list[str]:
    """Lets a client answer this many POST requests with 500, without a change. Returns the remaining POST requests."""
    sent: list[str] = []

    def refuse(which: str) -> None:
        sent.append(which)
        if which == verb and sent.count(verb) <= times:
            raise Ambiguous("Could not do it: Encountered an internal server error.", code="InternalServerError")

    client.on_post = refuse
    return sent


@pytest.mark.parametrize("wanted", POSTS)
@pytest.mark.parametrize("state", ["Unknown", "unheard of"])
def test_what_is_refused_with_500_is_asked_for_until_it_is_taken(state: str, wanted: str) -> None:
    client = in_state(state)
    sent = refusing(client, POSTS[wanted], 2)
    # The operation must not end by itself here, but because of the request.
    client.get_group = lambda _rg, _name: copy.deepcopy(client.group)  # type: ignore[method-assign]
    assert outcome(client, wanted, state) == wanted
    assert sent == [POSTS[wanted]] * 3


def test_a_restart_that_is_refused_until_the_deadline_fails_with_the_services_words() -> None:
    client = in_state("Running")
    sent = refusing(client, "restart", 1_000_000)
    with pytest.raises(AciError, match="internal server error") as caught:
        run(client, state="restarted", wait_timeout=300)
    assert caught.value.code == "InternalServerError"
    assert f"It was tried {len(sent)} times within 300 s (wait_timeout)." in caught.value.msg
    assert 10 < len(sent) < 40


def test_a_stop_whose_answer_is_lost_is_sent_again_to_a_group_that_went_on() -> None:
    client = in_state("Unknown")
    sent: list[str] = []

    def lose(verb: str) -> None:
        sent.append(verb)
        assert client.group is not None
        if len(sent) == 1:
            # The repair ends meanwhile: the state changes, but not to the requested one.
            client.state = "Running"
            client.deploy()
            raise Ambiguous("connection lost", code="ConnectionLost")

    client.on_post = lose
    result = run(client, state="stopped")
    assert (result["action"], result["container_group"]["state"], sent) == ("stopped", "Stopped", ["stop", "stop"])
