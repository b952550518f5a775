# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Further attempts to provision a new group: what causes them, what prevents them, and what is reported about each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import (
    AciError,
    Ambiguous,
    AzureError,
    ConnectionFailed,
    InvalidArguments,
    Refused,
    TimedOut,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.attempts import (
    Attempts,
    is_provisioning_failure,
)
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.task import GroupTask
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.waits import GroupWaits
from ansible_collections.azure_containers.aci.plugins.module_utils._reconcile.writes import GroupWrites
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClient
from ansible_collections.azure_containers.aci.tests.unit.support.tasks import body, group_task, live


def no_room() -> AzureError:
    return AzureError("There is no room.", code="ServiceUnavailable", status=409)


def waiting() -> dict[str, Any]:
    """A group of which no container has started."""
    group = body()
    group["properties"]["containers"][0]["properties"]["instanceView"] = {"currentState": {"state": "Waiting"}}
    return group


class Bench:
    def __init__(self, attempts: int = 3, **options: Any) -> None:
        self.client = FakeClient()
        self.task: GroupTask = group_task(self.client, provisioning_attempts=attempts, **options)
        self.said: list[str] = []
        writes = GroupWrites(self.task, GroupWaits(self.task))
        self.attempts = Attempts(self.task, writes, self.said.append)
        self.tries = 0

    def failing(
        self, times: int, error: Callable[[], AciError] = no_room, left: dict[str, Any] | None = None
    ) -> Callable[[], str]:
        def provision() -> str:
            self.tries += 1
            assert self.client.group is None, "the group of the last attempt must be gone"
            if self.tries <= times:
                self.client.group = left
                raise error()
            return "done"

        return provision

    def failure(self, provision: Callable[[], str], **rest: Any) -> AciError:
        with pytest.raises(AciError) as caught:
            self.attempts.run(provision, **rest)
        return caught.value


@pytest.mark.parametrize("left", [None, waiting()])
def test_what_fails_before_a_container_starts_is_tried_again(left: dict[str, Any] | None) -> None:
    bench = Bench()
    assert bench.attempts.run(bench.failing(2, left=left)) == "done"
    made = bench.attempts.as_result()["attempts"]
    assert [(each["attempt"], each["succeeded"], each["code"]) for each in made] == [
        (1, False, "ServiceUnavailable"),
        (2, False, "ServiceUnavailable"),
        (3, True, None),
    ]
    assert made[0]["message"] == "There is no room."
    assert bench.task.context.monotonic() == 15.0  # 5 s, then 10 s
    assert "attempt 2 of 3" in bench.said[0]
    assert bench.client.calls.count("delete") == (0 if left is None else 2)


def test_the_default_is_one_attempt() -> None:
    bench = Bench(attempts=1)
    error = bench.failure(bench.failing(1))
    assert (bench.tries, error.msg, bench.client.calls) == (1, "There is no room.", [])
    assert [each["succeeded"] for each in error.result["attempts"]] == [False]


def test_after_the_last_attempt_all_are_told() -> None:
    bench = Bench()
    error = bench.failure(bench.failing(9))
    assert (bench.tries, error.code, error.status) == (3, "ServiceUnavailable", 409)
    assert "tried 3 times (provisioning_attempts)" in error.msg
    assert len(error.result["attempts"]) == 3


def started(**view: Any) -> dict[str, Any]:
    group = waiting()
    group["properties"]["containers"][0]["properties"]["instanceView"] = view
    return group


@pytest.mark.parametrize(
    "left",
    [
        live(),
        live("Terminated"),
        started(currentState={"state": "Waiting"}, previousState={"state": "Terminated", "startTime": "1"}),
        started(currentState={"state": "Waiting"}, restartCount=1),
        started(currentState={"state": "Waiting"}, events=[{"name": "Started"}]),
        started(currentState={"state": "Terminated"}),
        {"properties": {"containers": [], "initContainers": live()["properties"]["containers"]}},
    ],
)
def test_never_once_a_container_has_run(left: dict[str, Any]) -> None:
    bench = Bench()
    error = bench.failure(bench.failing(1, left=left))
    assert bench.tries == 1
    assert "delete" not in bench.client.calls
    assert "not tried again (provisioning_attempts), since a container has started" in error.msg
    assert len(error.result["attempts"]) == 1


def test_a_container_that_starts_just_before_the_delete() -> None:
    bench = Bench()

    def start() -> None:
        bench.client.group = live()

    bench.client.on["delete"] = start
    error = bench.failure(bench.failing(1, left=waiting()))
    assert (bench.tries, bench.client.group) == (1, None)
    assert "started just before" in error.msg


def test_a_group_of_somebody_else_is_not_deleted() -> None:
    bench = Bench()
    error = bench.failure(bench.failing(1, left=waiting()), is_own=lambda _live: False)
    assert "another group has taken its place" in error.msg
    assert "delete" not in bench.client.calls


@pytest.mark.parametrize("request_name", ["get", "delete"])
def test_what_cannot_be_cleared_away_ends_it(request_name: str) -> None:
    bench = Bench()

    def refuse() -> None:
        raise AzureError("It is locked.", code="ScopeLocked", status=409)

    bench.client.on[request_name] = refuse
    error = bench.failure(bench.failing(1, left=waiting()))
    assert (bench.tries, error.code) == (1, "ServiceUnavailable")
    assert "It is locked" in error.msg


def test_no_time_no_attempt() -> None:
    bench = Bench(attempts=9)
    error = bench.failure(bench.failing(9))
    assert bench.task.context.monotonic() < 60
    assert "wait_timeout leaves no time" in error.msg
    assert 1 < bench.tries < 9


def test_the_pause_that_the_service_asks_for() -> None:
    def later() -> AciError:
        error = no_room()
        error.retry_after = 30.0
        return error

    bench = Bench()
    bench.attempts.run(bench.failing(1, later))
    assert bench.task.context.monotonic() == 30.0


def of_group(error: AciError) -> AciError:
    error.result = {"container_group": {}}
    return error


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (no_room(), True),
        (AzureError("x", code="InternalServerError", status=500), True),
        (Ambiguous("x", status=503), True),
        (AciError("x", code="ImagePullFailed"), True),
        (AciError("x", code="MountFailed"), True),
        (AciError("x", code="ProvisioningFailed"), True),
        (of_group(AzureError("x", code="SubscriptionDeploymentTimeout")), True),
        (AzureError("x", code="InvalidAnswer"), False),
        (AzureError("x", code="ContainerGroupQuotaReached", status=400), False),
        (AzureError("x", code="RequestDisallowedByPolicy", status=403), False),
        (AzureError("x", code="InaccessibleImage", status=400), False),
        (of_group(TimedOut("x")), False),
        (of_group(AciError("x", code="NotApplied")), False),
        (Ambiguous("x"), False),
        (ConnectionFailed("x"), False),
        (Refused("x"), False),
        (InvalidArguments("x"), False),
    ],
)
def test_which_failures_are_worth_another_attempt(error: AciError, again: bool) -> None:
    assert is_provisioning_failure(error) is again
