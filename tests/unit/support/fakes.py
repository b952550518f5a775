# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The common fakes of the unit tests: a clock that never waits, and a client with one container group."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Iterable
from typing import Any

from ansible_collections.azure_containers.aci.plugins.module_utils._azure.operation import OperationStatus

SUCCEEDED = OperationStatus("Succeeded", True, True)
PENDING = OperationStatus("Pending", False, False)

Step = tuple[str, dict[str, Any], str | None]
"""A group's state, the current state of its containers, and their log."""


class FakeClock:
    """Time in seconds, which passes only during sleeps."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now
        self.sleeps: list[float] = []

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.sleeps.append(seconds)
        self.now += seconds

    def monotonic(self) -> float:
        return self.now


class FakeOperation:
    """An operation that reports one status per poll, the last one forever."""

    def __init__(
        self, statuses: Iterable[OperationStatus] = (SUCCEEDED,), initial: dict[str, Any] | None = None
    ) -> None:
        self.initial = initial
        self.statuses = list(statuses)

    def poll(self) -> OperationStatus:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


class FakeRegistry:
    """Every registry: the digest of each tag, as ``host/repository:tag``, and the members of each index.

    Values that are errors are raised.
    """

    def __init__(self) -> None:
        self.tags: dict[str, str | Exception] = {}
        self.indexes: dict[str, frozenset[str] | Exception] = {}
        self.asked: list[tuple[str, Any]] = []

    def digest(self, host: str, repository: str, tag: str, login: Any = None) -> str:
        self.asked.append((f"{host}/{repository}:{tag}", login))
        found = self.tags[f"{host}/{repository}:{tag}"]
        if isinstance(found, Exception):
            raise found
        return found

    def members(self, _host: str, _repository: str, digest: str, _login: Any = None) -> frozenset[str]:
        found = self.indexes.get(digest, frozenset())
        if isinstance(found, Exception):
            raise found
        return found


class FakeClient:
    """Keeps one group, which is running as soon as it is put. With ``steps``, reads show them in turn, then the last.

    ``on_put`` and ``on_post`` may raise, or change what is about to be stored. What ``on`` has for the name of a
    request is called once that was recorded in ``calls``, for a PUT once it was stored.
    """

    subscription_id = "s"
    api_version = "2025-09-01"
    ca_bundle = "/ca.pem"

    def __init__(self, *steps: Step, group: dict[str, Any] | None = None) -> None:
        self.group = group
        self.steps = list(steps)
        self.scripted = bool(self.steps)
        self.log: str | None = None
        self.others: dict[str, dict[str, Any]] = {}
        """The other groups of the resource group, by name."""
        self.calls: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.executed: list[tuple[Any, ...]] = []
        self.runs = 0
        self.on: dict[str, Callable[[], None]] = {}
        self.on_put: Callable[[dict[str, Any]], None] = lambda body: None
        self.on_post: Callable[[str], None] = lambda verb: None
        self.statuses = [SUCCEEDED] if self.scripted else [PENDING, SUCCEEDED]
        self.view: Callable[[int], dict[str, Any]] = lambda run: {
            "restartCount": 0,
            "currentState": {"state": "Running", "startTime": str(run)},
        }
        self.state = "Running"
        self.put_tags = True
        self.usages: list[dict[str, Any]] = []
        self.subnets: dict[str, dict[str, Any]] = {}
        self.images = FakeRegistry()
        self.locks: list[dict[str, Any]] = []
        self.permissions: dict[str, list[dict[str, Any]]] = {}
        """The caller's permissions, by the requested ID; all permissions for other IDs."""
        self.evaluations: list[dict[str, Any]] = []
        """The evaluation of policies for a group."""
        self.asked: list[dict[str, Any]] = []
        """The requests for an evaluation of policies."""

    def call(self, name: str) -> None:
        self.calls.append(name)
        self.on.get(name, lambda: None)()

    def begin_task(self, _retries: object) -> None:
        """Ignored, because nothing is repeated here."""

    def within(self, _seconds: float) -> FakeClient:
        return self

    def list_locks(self, _resource_id: str) -> list[dict[str, Any]]:
        self.call("locks")
        return self.locks

    def list_permissions(self, scope: str) -> list[dict[str, Any]]:
        self.call("permissions")
        return self.permissions.get(scope, [{"actions": ["*"]}])

    def check_policy_restrictions(self, _rg: str, content: dict[str, Any]) -> dict[str, Any]:
        self.call("policy")
        self.asked.append(copy.deepcopy(content))
        return {"contentEvaluationResult": {"policyEvaluations": self.evaluations}}

    def without_retries(self) -> FakeClient:
        return self

    def now(self) -> datetime.datetime:
        return datetime.datetime(2026, 3, 1, 9, 0, tzinfo=datetime.UTC)

    def get_resource_group(self, _name: str) -> dict[str, Any] | None:
        self.call("get resource group")
        return {"location": "westeurope"}

    def get_subnet(self, subnet_id: str) -> dict[str, Any] | None:
        self.call("get subnet")
        return self.subnets.get(subnet_id)

    def registry(self) -> FakeRegistry:
        return self.images

    def list_usage(self, _location: str) -> list[dict[str, Any]]:
        self.call("usage")
        return self.usages

    def get_group(self, _rg: str, name: str) -> dict[str, Any] | None:
        if name in self.others:
            return copy.deepcopy(self.others[name])
        self.call("get")
        if self.group is not None and self.steps:
            self._show(*(self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]))
        return copy.deepcopy(self.group)

    def _show(self, state: str, current: dict[str, Any], log: str | None) -> None:
        assert self.group is not None
        self.log = log
        properties = self.group["properties"]
        properties["provisioningState"] = "Succeeded"
        properties["instanceView"] = {"state": state, "events": []}
        for container in properties["containers"]:
            restarts = {"restartCount": current.get("restarts", 0)}
            container["properties"]["instanceView"] = {"currentState": current, **restarts}

    def list_groups(self, _rg: str) -> list[dict[str, Any]]:
        self.call("list")
        return copy.deepcopy(list(self.others.values()))

    def put_group(self, _rg: str, _name: str, body: dict[str, Any], *, deadline: float) -> FakeOperation:
        self.bodies.append(copy.deepcopy(body))
        self.calls.append("put")
        self.on_put(body)
        self.store(body)
        self.on.get("put", lambda: None)()
        return FakeOperation(self.statuses, None if self.scripted else copy.deepcopy(self.group))

    def store(self, body: dict[str, Any]) -> None:
        body = copy.deepcopy(body)
        if not self.put_tags and self.group is not None:
            body["tags"] = self.group.get("tags")
        self.group = body
        if not self.scripted:
            self.deploy()

    def deploy(self) -> None:
        assert self.group is not None
        self.runs += 1
        properties = self.group["properties"]
        properties["provisioningState"] = "Succeeded"
        properties["instanceView"] = {"state": self.state, "events": []}
        for container in properties["containers"]:
            for variable in container["properties"].get("environmentVariables", []):
                variable.pop("secureValue", None)
            container["properties"]["instanceView"] = self.view(self.runs)

    def patch_group(self, _rg: str, _name: str, body: dict[str, Any], *, deadline: float) -> dict[str, Any]:
        self.call("patch")
        assert self.group is not None
        self.group.update(copy.deepcopy(body))
        return copy.deepcopy(self.group)

    def delete_group(self, _rg: str, name: str, *, deadline: float) -> dict[str, Any] | None:
        if name in self.others:
            return self.others.pop(name)
        self.call("delete")
        gone, self.group = self.group, None
        return gone

    def post(self, verb: str, state: str) -> FakeOperation:
        self.call(verb)
        self.on_post(verb)
        assert self.group is not None
        self.state = state
        self.deploy()
        return FakeOperation()

    def start_group(self, _rg: str, _name: str, *, deadline: float) -> FakeOperation:
        return self.post("start", "Running")

    def restart_group(self, _rg: str, _name: str, *, deadline: float) -> FakeOperation:
        return self.post("restart", "Running")

    def stop_group(self, _rg: str, _name: str, *, deadline: float) -> None:
        self.post("stop", "Stopped")

    def logs(self, _rg: str, _name: str, _container: str, _tail: int | None = None) -> str | None:
        self.call("logs")
        return self.log

    def execute_command(self, *asked: Any) -> dict[str, Any]:
        self.executed.append(asked)
        return {"webSocketUri": "wss://host/exec", "password": "secret[[EOM]]"}
