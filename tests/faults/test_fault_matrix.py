# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every operation, cut after each of its requests by each fault: what is left, what is said, and how a rerun ends.

An operation is run once without faults to see its requests. Then, for each of them and each fault, it is run on a fresh
group with that one request hit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from .conftest import Bench, Outcome

GROUP = "faults"
STALE_SECONDS = 60
REPAIR_SECONDS = 100
CANARY = "canary-4711"


def definition(**web: Any) -> dict[str, Any]:
    return {
        "containers": [{"name": "web", "image": "nginx:1", **web}],
        "location": "eastus",
        "tags": {"a": "1"},
    }


@dataclass(frozen=True)
class Operation:
    """Something that a user does, from a state that ``prepare`` makes."""

    options: dict[str, Any]
    existing: bool = True
    stopped: bool = False
    module: str = "aci_group"
    gone: bool = False
    """Whether the resource is meant to be gone afterwards."""
    may_vanish: bool = False
    """Whether it is gone for a while on the way."""
    once: tuple[str, ...] = ()
    """Requests that must not be carried out twice: a part of their paths, or their method."""

    def prepare(self, bench: Bench) -> dict[str, Any]:
        """Makes the state before, and returns the options that name the resource."""
        if self.module == "resource_group":
            name = bench.name("rg")
            if self.existing:
                assert not bench.run("resource_group", name=name, location="eastus").failed
            return {"name": name}
        name = bench.name("g")
        naming = {"resource_group": GROUP, "name": name}
        if self.existing:
            assert not bench.run("aci_group", **naming, **definition()).failed
        if self.stopped:
            assert not bench.run("aci_group", **naming, state="stopped").failed
        return naming

    def run(self, bench: Bench, naming: dict[str, Any]) -> Outcome:
        """Does it."""
        return bench.run(self.module, **naming, **self.options)

    def remove(self, bench: Bench, naming: dict[str, Any]) -> None:
        """Cleans up, so that the next case has the quota to itself."""
        if self.module == "resource_group":
            bench.run("resource_group", **naming, state="absent", force=True)
        elif naming:
            bench.run("aci_group", **naming, state="absent")

    def exists(self, bench: Bench, naming: dict[str, Any]) -> bool:
        """Whether the resource is there, asked for without faults."""
        if self.module == "resource_group":
            found = bench.run("resource_group", check=True, **naming, state="absent", force=True)
            return bool(found.result["changed"])
        found = bench.run("aci_group_info", **naming)
        return bool(found.result["container_groups"])


SECRET = {"environment_variables": [{"name": "P", "secure_value": CANARY}]}
RECREATED = {**definition(**SECRET), "restart_policy": "OnFailure", "recreate": "when_needed"}

OPERATIONS: dict[str, Operation] = {
    "create": Operation(definition(**SECRET), existing=False, once=("PUT",)),
    "update": Operation(definition(image="nginx:2", **SECRET), once=("PUT",)),
    "tag": Operation({**definition(), "tags": {"a": "2"}}),
    "recreate": Operation(RECREATED, may_vanish=True, once=("PUT",)),
    "start": Operation({"state": "started"}, stopped=True, once=("/start",)),
    "stop": Operation({"state": "stopped"}),
    "restart": Operation({"state": "restarted"}, once=("/restart",)),
    "delete": Operation({"state": "absent"}, gone=True),
    "resource group create": Operation({"location": "eastus"}, existing=False, module="resource_group"),
    "resource group delete": Operation({"state": "absent", "force": True}, module="resource_group", gone=True),
    "logs": Operation({}, module="aci_logs"),
    "list": Operation({"resource_group": GROUP}, module="aci_group_info", existing=False),
}

FAULTS: dict[str, dict[str, Any]] = {
    "cut before acting": {"kind": "disconnect", "when": "before"},
    "cut after acting": {"kind": "disconnect", "when": "after"},
    "500": {"kind": "answer", "status": 500, "code": "InternalServerError", "message": "An internal error."},
    "429": {
        "kind": "answer",
        "status": 429,
        "code": "TooManyRequests",
        "message": "Slow down.",
        "headers": {"Retry-After": "1", "retry-after-ms": "50"},
    },
    "409 transitioning": {
        "kind": "answer",
        "status": 409,
        "code": "ContainerGroupTransitioning",
        "message": "The container group is still transitioning, please retry later.",
    },
    "operation fails": {"kind": "fail-operation"},
    "operation never ends": {"kind": "hang-operation"},
    "poll lost": {"kind": "lose-poll"},
    "stale read": {"kind": "stale-read", "seconds": STALE_SECONDS},
    "being repaired": {"kind": "repair", "seconds": REPAIR_SECONDS},
}
BEGINS_OPERATION = ("operation fails", "operation never ends", "stale read")


def is_poll(entry: dict[str, Any]) -> bool:
    return "/operations/" in entry["path"].lower() or "/operationresults/" in entry["path"].lower()


def begins_operation(entry: dict[str, Any]) -> bool:
    """Whether the service answers a request with an operation that continues after it."""
    path = entry["path"].lower()
    if "/containergroups/" in path:
        return bool(entry["method"] == "PUT" or path.endswith(("/start", "/restart")))
    return bool(entry["method"] == "DELETE")


def applies(fault: str, entry: dict[str, Any]) -> bool:
    """Whether a fault can hit a request at all."""
    if fault == "poll lost":
        return is_poll(entry)
    if fault == "stale read":
        return bool(entry["method"] != "GET")
    if fault in BEGINS_OPERATION:
        return begins_operation(entry)
    if fault == "being repaired":
        return "/containergroups/" in entry["path"].lower()
    if fault == "409 transitioning":
        return "containergroups" in entry["path"].lower() and entry["method"] != "GET"
    return True


ASYNCHRONOUS = ("create", "update", "recreate", "start", "restart", "resource group delete")
READING = ("logs", "list")
ON_RESOURCE_GROUPS = ("resource group create", "resource group delete")


def is_possible(name: str, fault: str) -> bool:
    """Whether any request of an operation can be hit by a fault."""
    if fault in ("operation fails", "operation never ends", "poll lost"):
        return name in ASYNCHRONOUS
    if fault == "stale read":
        return name not in READING
    if fault == "being repaired":
        return name not in ("list", *ON_RESOURCE_GROUPS)
    return fault != "409 transitioning" or name not in (*READING, *ON_RESOURCE_GROUPS)


CASES = [(name, fault) for name in OPERATIONS for fault in FAULTS if is_possible(name, fault)]


# azure-mgmt-resource streams its answers, and leaves those of attempts that it repeats to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("name", "fault"), CASES, ids=[" - ".join(case) for case in CASES])
def test_matrix(bench: Bench, name: str, fault: str) -> None:
    hold(bench, OPERATIONS[name], name, fault)


def hold(bench: Bench, operation: Operation, name: str, fault: str) -> None:
    """Run an operation without faults to see its requests, then again for each of them that the fault can hit."""
    naming = {} if name == "list" else operation.prepare(bench)
    bench.control("DELETE", "requests")
    assert not operation.run(bench, naming).failed
    requests = bench.requests()
    operation.remove(bench, naming)
    assert requests
    struck = 0
    # Polls are alike, and there may be many: of a row of them the first stands for all.
    for index, entry in enumerate(requests):
        repeated = index > 0 and is_poll(entry) and is_poll(requests[index - 1])
        if applies(fault, entry) and not repeated:
            struck += 1
            cut(bench, operation, {} if name == "list" else operation.prepare(bench), index, fault)
    assert struck


def cut(bench: Bench, operation: Operation, naming: dict[str, Any], index: int, fault: str) -> None:
    """Runs an operation with one request hit, and holds what is left against what is promised."""
    description = {**FAULTS[fault], "paths": ["/subscriptions/*"], "times": 1}
    description["after"] = index if fault not in (*BEGINS_OPERATION, "poll lost") else 0
    bench.control("DELETE", "requests")
    bench.control("POST", "faults", description)
    try:
        outcome = operation.run(bench, naming)
        hits = bench.control("GET", "faults")["value"][0]["hits"]
    finally:
        bench.control("DELETE", "faults")
    where = f"request {index}: {outcome.result.get('msg')}"
    requests = bench.requests()
    if not hits:
        assert len(requests) <= index or fault == "poll lost", where  # fewer polls were needed this time
        return
    assert CANARY not in str(outcome.result), where
    assert CANARY not in str(requests), where
    if outcome.failed:
        assert outcome.result["msg"], where
        assert outcome.result["error"]["code"], where
    for part in operation.once:
        done = [entry for entry in requests if part in (entry["method"], *_ends(entry)) and _acted(entry, fault)]
        assert len(done) <= 1, f"{where}: sent twice: {done}"
    if operation.module in ("aci_compose", "aci_group", "resource_group"):
        there = operation.exists(bench, naming)
        kept = any(bench.recovery_dir.glob("*.json"))
        if operation.existing and not operation.gone:
            assert there or (operation.may_vanish and kept), f"{where}: the group is lost"
        if operation.gone and not outcome.failed:
            assert not there, where
    if fault == "stale read":
        bench.control("POST", "clock", {"action": "advance", "seconds": STALE_SECONDS})
    rerun(bench, operation, naming, fault, where)
    operation.remove(bench, naming)


def rerun(bench: Bench, operation: Operation, naming: dict[str, Any], fault: str, where: str) -> None:
    """A second run without faults ends right, and a third has nothing left to do."""
    second = operation.run(bench, naming)
    if second.failed:
        # A provisioning that failed stays an error until somebody changes or restarts the group.
        assert fault in ("operation fails", "operation never ends"), f"{where}; then: {second.result['msg']}"
        assert second.result["error"]["code"] in ("ProvisioningFailed", "TimedOut"), second.result["msg"]
    elif operation.options.get("state") != "restarted":
        third = operation.run(bench, naming)
        assert not third.failed, f"{where}; then: {third.result['msg']}"
        assert not third.result.get("changed"), where
    assert not any(bench.recovery_dir.glob("*.json")), where


def _ends(entry: dict[str, Any]) -> list[str]:
    path = entry["path"].lower()
    return [part for part in ("/start", "/restart") if path.endswith(part)]


def _acted(entry: dict[str, Any], fault: str) -> bool:
    """Whether the emulator carried a request out: not if a fault answered in its place or cut it off before."""
    if entry["faults"] and fault in ("cut before acting", "500", "429", "409 transitioning"):
        return False
    return entry["status"] is None or entry["status"] < 400
