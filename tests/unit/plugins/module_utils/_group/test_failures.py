# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The containers that are responsible for the failure of a group, and the description of how they ended."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group.failures import (
    FailedContainer,
    failed_containers,
    last_exit_codes,
)

ENDED = {"state": "Terminated", "exitCode": 0}
RUNNING = {"state": "Running", "startTime": "1"}
UNHEALTHY = {"name": "Unhealthy", "type": "Warning", "message": "Liveness probe failed: 500"}


def bad(code: int | None = 3) -> dict[str, Any]:
    return {"state": "Terminated", **({} if code is None else {"exitCode": code})}


def container(
    name: str, current: dict[str, Any], *, previous: Any = None, restarts: int = 0, events: Any = ()
) -> dict[str, Any]:
    view = {"currentState": current, "previousState": previous, "restartCount": restarts, "events": list(events)}
    return {"name": name, "properties": {"instanceView": view}}


def group(*containers: dict[str, Any], init: Any = (), policy: str = "Never") -> dict[str, Any]:
    return {"properties": {"restartPolicy": policy, "containers": list(containers), "initContainers": list(init)}}


LOOPING = {"state": "Waiting", "detailStatus": "CrashLoopBackOff: Back-off 10s"}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (group(container("a", RUNNING), container("b", bad())), ["b"]),
        (group(container("a", ENDED), container("b", bad(None))), ["b"]),
        (group(container("a", bad(4))), []),
        (group(container("a", ENDED), init=[container("i", bad(4))]), ["i"]),  # an init container must exit with 0
        (group(container("a", LOOPING, previous=ENDED), policy="Always"), ["a"]),
        (group(container("a", {"state": "Waiting"}, previous=bad()), policy="OnFailure"), ["a"]),
        (group(container("a", {"state": "Waiting"}), container("b", RUNNING)), []),
        (group(container("a", RUNNING, events=[UNHEALTHY]), container("b", RUNNING)), ["a"]),
        (group(container("a", RUNNING, restarts=2)), ["a"]),
        (group(container("a", {}), container("b", {"state": "Odd"})), []),
        ({}, []),
    ],
)
def test_who_failed(found: dict[str, Any], expected: list[str]) -> None:
    assert [each.name for each in failed_containers(found, allowed=(0, 4))] == expected


def test_who_is_late() -> None:
    found = group(container("a", RUNNING), container("b", {"state": "Waiting"}), init=[container("i", RUNNING)])
    assert [each.name for each in failed_containers(found, overdue=True)] == ["i"]
    assert [each.name for each in failed_containers(found, overdue=True, to_the_end=True)] == ["i", "a"]
    with_failure = group(container("a", RUNNING), container("b", bad()))
    assert [each.name for each in failed_containers(with_failure, overdue=True, to_the_end=True)] == ["b"]


@pytest.mark.parametrize(
    ("current", "more", "lines", "hint"),
    [
        (bad(137), {}, [], "memory_in_gb"),
        (bad(1) | {"detailStatus": "OOMKilled"}, {}, [], "memory_in_gb"),
        (bad(137), {"events": [UNHEALTHY]}, [], "probe"),
        (bad(127), {}, [], "not found"),
        (bad(126), {}, [], "cannot be executed"),
        (bad(139), {}, [], "SIGSEGV"),
        (bad(1), {}, ["exec /start: exec format error"], "linux/amd64"),
        (LOOPING, {"previous": ENDED}, [], "keeps running"),
        (bad(1), {}, ["no such table"], None),
    ],
)
def test_hints(current: dict[str, Any], more: dict[str, Any], lines: list[str], hint: str | None) -> None:
    said = FailedContainer(container("a", current, **more), init=False, restart_policy="Always").hint(lines)
    assert said is None if hint is None else hint in str(said)


def test_a_container_that_may_end_with_0_gets_no_hint() -> None:
    assert FailedContainer(container("a", ENDED), init=False, restart_policy="Never").hint() is None


def test_exit_codes() -> None:
    found = group(
        container("a", LOOPING, previous=bad(7)),
        container("b", RUNNING),
        container("c", bad(None)),
        init=[container("good", ENDED), container("broken", bad(9))],
    )
    assert last_exit_codes(found) == {"broken": 9, "a": 7, "c": None}
