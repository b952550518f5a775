# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client with many container groups, and a task of aci_groups that uses it."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import AciError, AzureError
from ansible_collections.azure_containers.aci.plugins.module_utils._engines.aci_groups import SPEC
from ansible_collections.azure_containers.aci.plugins.module_utils._module import Context
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClock, FakeOperation

Hook = Callable[[str, str], None]


class FakeEstate:
    """Keeps the groups of several resource groups. Each group is running as soon as it is put.

    ``on`` is called with the names of each request and its group, before anything is stored; it may raise.
    """

    subscription_id = "s"
    api_version = "2025-09-01"

    def __init__(self, *resource_groups: str) -> None:
        self.groups: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in resource_groups or ("rg",)}
        self.calls: list[tuple[str, str]] = []
        self.bodies: dict[str, dict[str, Any]] = {}
        self.on: Hook = lambda _call, _name: None
        self.usages: list[dict[str, Any]] = []
        self.locks: dict[str, list[dict[str, Any]]] = {}
        self.activity: dict[str, list[dict[str, Any]]] = {}
        self.state = "Running"

    def call(self, name: str, of: str = "") -> None:
        self.calls.append((name, of))
        self.on(name, of)

    def named(self, call: str) -> list[str]:
        """The groups that a request was about, in order."""
        return [of for name, of in self.calls if name == call]

    @property
    def writes(self) -> list[tuple[str, str]]:
        return [each for each in self.calls if each[0] in ("put", "patch", "delete", "start", "stop", "restart")]

    def paced(self, _pace: object) -> FakeEstate:
        return self

    def of_task(self, _retries: object) -> FakeEstate:
        return self

    def of_version(self, _version: str) -> FakeEstate:
        return self

    def begin_task(self, _retries: object) -> None:
        """Ignored, because nothing is repeated here."""

    def without_retries(self) -> FakeEstate:
        return self

    def within(self, _seconds: float) -> FakeEstate:
        return self

    def now(self) -> datetime.datetime:
        return datetime.datetime(2026, 3, 1, 9, 0, tzinfo=datetime.UTC)

    def created_times(self) -> dict[str, str]:
        self.call("created times")
        return {
            wire["id"].lower(): "2026-02-27T09:00:00Z" for groups in self.groups.values() for wire in groups.values()
        }

    def list_locks(self, resource_id: str) -> list[dict[str, Any]]:
        self.call("locks", resource_id.rsplit("/", 1)[-1])
        return self.locks.get(resource_id.rsplit("/", 1)[-1], [])

    def list_activity(self, resource_id: str, _since: datetime.datetime) -> list[dict[str, Any]]:
        name = resource_id.rsplit("/", 1)[-1]
        self.call("activity", name)
        return self.activity.get(name, [])

    def list_permissions(self, _scope: str) -> list[dict[str, Any]]:
        return [{"actions": ["*"]}]

    def check_policy_restrictions(self, _rg: str, _content: dict[str, Any]) -> dict[str, Any]:
        return {"contentEvaluationResult": {"policyEvaluations": []}}

    def list_usage(self, _location: str) -> list[dict[str, Any]]:
        self.call("usage")
        return self.usages

    def get_resource_group(self, name: str) -> dict[str, Any] | None:
        self.call("get resource group", name)
        return {"location": "westeurope"} if name in self.groups else None

    def get_subnet(self, _subnet_id: str) -> dict[str, Any] | None:
        return None

    def each_group(self, resource_group: str | None = None) -> Iterator[dict[str, Any]]:
        self.call("list", resource_group or "")
        found = list(self._of(resource_group).values()) if resource_group else []
        for wire in found or [
            wire for groups in self.groups.values() for wire in groups.values() if not resource_group
        ]:
            self.on("page", resource_group or "")
            listed = copy.deepcopy(wire)
            listed["properties"].pop("instanceView", None)
            for container in listed["properties"]["containers"]:
                container["properties"].pop("instanceView", None)
            yield listed

    def get_group(self, resource_group: str, name: str) -> dict[str, Any] | None:
        self.call("get", name)
        return copy.deepcopy(self._of(resource_group).get(name))

    def put_group(self, resource_group: str, name: str, body: dict[str, Any], *, deadline: float) -> FakeOperation:
        self.call("put", name)
        self.bodies[name] = copy.deepcopy(body)
        self.store(resource_group, name, body)
        return FakeOperation()

    def store(self, resource_group: str, name: str, body: dict[str, Any]) -> None:
        """Keep a group in the form of the service's response."""
        wire = copy.deepcopy(body)
        where = f"/subscriptions/s/resourceGroups/{resource_group}/providers/Microsoft.ContainerInstance"
        wire |= {"id": f"{where}/containerGroups/{name}", "name": name}
        properties = wire["properties"]
        properties |= {"provisioningState": "Succeeded", "instanceView": {"state": self.state, "events": []}}
        for container in properties["containers"]:
            for variable in container["properties"].get("environmentVariables", []):
                variable.pop("secureValue", None)
            current = {"state": "Running", "startTime": str(len(self.calls))}
            container["properties"]["instanceView"] = {"restartCount": 0, "currentState": current}
        self.groups[resource_group][name] = wire

    def patch_group(self, resource_group: str, name: str, body: dict[str, Any], *, deadline: float) -> dict[str, Any]:
        self.call("patch", name)
        self.groups[resource_group][name].update(copy.deepcopy(body))
        return copy.deepcopy(self.groups[resource_group][name])

    def delete_group(self, resource_group: str, name: str, *, deadline: float) -> dict[str, Any] | None:
        self.call("delete", name)
        return self.groups[resource_group].pop(name, None)

    def logs(self, _resource_group: str, name: str, _container: str, _tail: int | None = None) -> str | None:
        self.call("logs", name)
        return f"log of {name}\n"

    def _of(self, resource_group: str) -> dict[str, dict[str, Any]]:
        if resource_group not in self.groups:
            raise AzureError("not there", code="ResourceGroupNotFound", status=404)
        return self.groups[resource_group]


def entry(name: str, **options: Any) -> dict[str, Any]:
    """An entry with one container."""
    image = options.pop("image", "nginx:1")
    return {"name": name, "containers": [{"name": "main", "image": image}], **options}


def estate_context(client: FakeEstate, groups: list[dict[str, Any]], check: bool = False, **options: Any) -> Context:
    """A task of aci_groups, whose defaults name the resource group ``rg`` and a region."""
    clock = FakeClock()
    defaults = {"resource_group": "rg", "location": "westeurope", **options.pop("defaults", {})}
    warn = options.pop("warned", []).append
    told = options.pop("told", []).append
    params = {name: spec.get("default") for name, spec in SPEC.arguments.items()}
    params |= {"groups": groups, "defaults": defaults, **options}
    fake: Any = client
    masker = SPEC.masker(params)
    return Context(params, check, True, fake, warn, told, masker, sleep=clock.sleep, monotonic=clock.monotonic)


def run_estate(client: FakeEstate, groups: list[dict[str, Any]], check: bool = False, **options: Any) -> dict[str, Any]:
    """The result of such a task. Raises AciError."""
    return SPEC.run(estate_context(client, groups, check, **options))


def failed_estate(client: FakeEstate, groups: list[dict[str, Any]], check: bool = False, **options: Any) -> AciError:
    """The error that such a task fails with."""
    try:
        run_estate(client, groups, check, **options)
    except AciError as error:
        return error
    raise AssertionError("The task did not fail.")


def actions(result: dict[str, Any]) -> dict[str, str]:
    """The actions, by the names of the groups."""
    return {each["name"]: each["action"] for each in result["container_groups"]}
