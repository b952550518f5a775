# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults, the request log, locks and policies, over HTTP."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from aci_emulator.serving.connections import ConnectionCut

VERSION = "2023-05-01"
GROUP = "resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/web"
DEFINITION: dict[str, Any] = {
    "location": "westus2",
    "properties": {
        "osType": "Linux",
        "containers": [
            {
                "name": "c",
                "properties": {
                    "image": "nginx",
                    "resources": {"requests": {"cpu": 1, "memoryInGB": 1}},
                    "environmentVariables": [{"name": "TOKEN", "secureValue": "canary-1"}],
                },
            }
        ],
        "imageRegistryCredentials": [{"server": "x.example", "username": "u", "password": "canary-2"}],
        "volumes": [{"name": "secrets", "secret": {"file": "Y2FuYXJ5LTM="}}],
    },
}


def code(response: Any) -> str:
    return str(response.json()["error"]["code"])


def fault(api: Any, kind: str, **details: Any) -> int:
    response = api.client.post("/emulator/faults", json={"kind": kind, **details})
    assert response.status_code == 201, response.text
    return int(response.json()["id"])


def put(api: Any, definition: dict[str, Any] = DEFINITION) -> Any:
    return api.call("PUT", GROUP, definition, version=VERSION)


def get(api: Any) -> Any:
    return api.call("GET", GROUP, version=VERSION)


@pytest.fixture
def rg(api: Any) -> Any:
    api.group()
    return api


def test_answers_after_some_and_so_many_times(rg: Any) -> None:
    number = fault(
        rg, "answer", methods=["GET"], paths=["*/RESOURCEGROUPS/rg"], after=1, times=2, status=503,
        code="ServerBusy", message="Busy.", headers={"Retry-After": "1"},
    )  # fmt: skip
    statuses = [rg.call("GET", "resourceGroups/rg").status_code for _ in range(5)]
    assert statuses == [200, 503, 503, 200, 200]
    assert rg.call("GET", "resourceGroups").status_code == 200
    shown = rg.client.get("/emulator/faults").json()["value"]
    assert [(each["id"], each["seen"], each["hits"]) for each in shown] == [(number, 5, 2)]
    rg.client.delete("/emulator/faults")
    fault(rg, "answer", status=429, code="TooManyRequests", headers={"Retry-After": "7"})
    response = rg.call("GET", "resourceGroups/rg")
    assert (response.status_code, code(response), response.headers["retry-after"]) == (429, "TooManyRequests", "7")


def test_lots_are_drawn_again_with_the_same_seed(rg: Any) -> None:
    def drawn(seed: int) -> list[int]:
        rg.client.delete("/emulator/faults")
        fault(rg, "answer", probability=0.5, seed=seed, status=500)
        return [rg.call("GET", "resourceGroups/rg").status_code for _ in range(20)]

    first = drawn(1)
    assert set(first) == {200, 500}
    assert drawn(1) == first
    assert drawn(2) != first


def test_a_fault_strikes_sign_in_too(rg: Any) -> None:
    fault(rg, "answer", paths=["*/oauth2/v2.0/token"], status=503)
    assert rg.client.post(f"/{rg.directory.main.tenant_id}/oauth2/v2.0/token").status_code == 503


def test_disconnect_before_and_after_acting(rg: Any) -> None:
    fault(rg, "disconnect", methods=["PUT"], when="before", times=1)
    with pytest.raises(ConnectionCut):
        put(rg)
    assert get(rg).status_code == 404
    fault(rg, "disconnect", methods=["PUT"], when="after", times=1)
    with pytest.raises(ConnectionCut):
        put(rg)
    assert get(rg).status_code == 200


def test_an_operation_that_fails(rg: Any) -> None:
    fault(
        rg, "fail-operation", paths=["*/containerGroups/web"], code="InsufficientCapacity", message="No room.", times=1
    )
    created = put(rg)
    assert created.status_code == 201
    operation = created.headers["azure-asyncoperation"]
    assert rg.call("GET", operation).json()["status"] == "Pending"
    rg.advance(60)
    assert rg.call("GET", operation).json()["status"] == "Failed"
    shown = get(rg).json()["properties"]
    assert shown["provisioningState"] == "Failed"
    assert shown["instanceView"]["events"][0]["name"] == "InsufficientCapacity"
    put(rg)
    rg.advance(60)
    assert get(rg).json()["properties"]["provisioningState"] == "Succeeded"


def test_a_refused_request_uses_no_outcome_up(rg: Any) -> None:
    fault(rg, "hang-operation", methods=["PUT"], times=1)
    broken = copy.deepcopy(DEFINITION)
    broken["properties"]["osType"] = "BeOS"
    assert put(rg, broken).status_code == 400
    put(rg)
    rg.advance(60)
    assert get(rg).json()["properties"]["provisioningState"] == "Succeeded"


def test_an_operation_that_never_ends_until_the_fault_is_cleared(rg: Any) -> None:
    fault(rg, "hang-operation", methods=["PUT"])
    operation = put(rg).headers["azure-asyncoperation"]
    rg.advance(1000)
    assert rg.call("GET", operation).json()["status"] == "Pending"
    assert rg.client.delete("/emulator/faults").status_code == 204
    assert rg.call("GET", operation).json()["status"] == "Succeeded"


def test_deletions_of_resource_groups_that_fail_or_hang(rg: Any) -> None:
    fault(rg, "fail-operation", methods=["DELETE"], code="ResourceGroupDeletionBlocked", message="Blocked.", times=1)
    location = rg.call("DELETE", "resourceGroups/rg").headers["location"]
    assert rg.call("GET", location).status_code == 202
    rg.advance(10)
    failed = rg.call("GET", location)
    assert (failed.status_code, code(failed)) == (409, "ResourceGroupDeletionBlocked")
    assert rg.call("GET", "resourceGroups/rg").json()["properties"]["provisioningState"] == "Succeeded"
    fault(rg, "hang-operation", methods=["DELETE"], times=1)
    location = rg.call("DELETE", "resourceGroups/rg").headers["location"]
    rg.advance(1000)
    assert rg.call("GET", location).status_code == 202
    rg.client.delete("/emulator/faults")
    rg.advance(10)
    assert rg.call("GET", location).status_code == 200


def test_a_poll_is_lost(rg: Any) -> None:
    operation = put(rg).headers["azure-asyncoperation"]
    fault(rg, "lose-poll", times=1)
    with pytest.raises(ConnectionCut):
        rg.call("GET", operation)
    assert rg.call("GET", operation).status_code == 200


def test_reads_lag_behind_a_write(rg: Any) -> None:
    put(rg)
    rg.advance(60)
    fault(rg, "stale-read", methods=["PATCH", "DELETE"], seconds=30, times=2)
    assert rg.call("PATCH", GROUP, {"tags": {"a": "1"}}, version=VERSION).json()["tags"] == {"a": "1"}
    assert "tags" not in get(rg).json()
    rg.advance(31)
    assert get(rg).json()["tags"] == {"a": "1"}
    rg.call("DELETE", GROUP, version=VERSION)
    assert get(rg).status_code == 200
    rg.advance(31)
    assert get(rg).status_code == 404


def test_a_spot_group_is_evicted(rg: Any) -> None:
    definition = copy.deepcopy(DEFINITION)
    definition["properties"]["priority"] = "Spot"
    assert put(rg, definition).status_code == 201
    rg.advance(60)
    fault(rg, "evict", methods=["GET"], paths=["*/web"], times=1)
    shown = get(rg).json()["properties"]["instanceView"]
    assert "Preempted" in str(shown["events"])


def repairing(rg: Any, **details: Any) -> dict[str, Any]:
    """A group with an address whose repair has just started, as the next read shows it."""
    definition = copy.deepcopy(DEFINITION)
    definition["properties"]["containers"][0]["properties"]["ports"] = [{"port": 80}]
    definition["properties"]["ipAddress"] = {"type": "Public", "ports": [{"port": 80}], "dnsNameLabel": "repairing"}
    assert put(rg, definition).status_code == 201
    rg.advance(60)
    before = get(rg).json()["properties"]
    assert before["ipAddress"]["ip"]
    fault(rg, "repair", methods=["GET"], paths=["*/web"], times=1, **details)
    shown: dict[str, Any] = get(rg).json()["properties"]
    started = before["containers"][0]["properties"]["instanceView"]["currentState"]["startTime"]
    current = {"state": "Terminated", "startTime": started, "detailStatus": "Infrastructure Error"}
    assert shown["containers"][0]["properties"]["instanceView"] == {"restartCount": 0, "currentState": current}
    assert (shown["provisioningState"], shown["instanceView"]) == ("Repairing", {"events": [], "state": "Unknown"})
    assert "ip" not in shown["ipAddress"]
    assert shown["ipAddress"]["fqdn"] == before["ipAddress"]["fqdn"]
    return shown


def post(api: Any, verb: str) -> Any:
    return api.call("POST", f"{GROUP}/{verb}", version=VERSION)


def test_a_group_in_repair_is_restarted_at_the_third_time_and_stopped_right_after(rg: Any) -> None:
    repairing(rg)
    for _ in range(2):
        refused = post(rg, "restart")
        assert (refused.status_code, code(refused)) == (500, "InternalServerError")
        assert refused.headers["x-ms-failure-cause"] == "service"
    assert get(rg).json()["properties"]["provisioningState"] == "Repairing"
    restarted = post(rg, "restart")
    assert restarted.status_code == 204
    assert rg.call("GET", restarted.headers["azure-asyncoperation"]).json()["status"] == "Updating"
    rg.advance(1)
    assert post(rg, "stop").status_code == 204
    shown = get(rg).json()["properties"]
    assert (shown["provisioningState"], shown["instanceView"]["state"]) == ("Succeeded", "Stopped")


def test_a_restart_ends_a_repair(rg: Any) -> None:
    repairing(rg)
    assert [post(rg, "restart").status_code for _ in range(3)] == [500, 500, 204]
    rg.advance(60)
    shown = get(rg).json()["properties"]
    assert (shown["provisioningState"], shown["instanceView"]["state"]) == ("Succeeded", "Running")
    assert shown["ipAddress"]["ip"]


def test_a_group_in_repair_is_stopped_and_deleted_at_once(rg: Any) -> None:
    repairing(rg)
    assert post(rg, "stop").status_code == 204
    assert get(rg).json()["properties"]["instanceView"]["state"] == "Stopped"
    assert post(rg, "start").status_code == 204
    rg.advance(60)
    fault(rg, "repair", methods=["DELETE"], times=1)
    deleted = rg.call("DELETE", GROUP, version=VERSION)
    assert (deleted.status_code, deleted.json()["properties"]["provisioningState"]) == (200, "Repairing")
    assert get(rg).status_code == 404


def test_a_repair_ends_by_itself_after_its_seconds(rg: Any) -> None:
    before = repairing(rg, seconds=30)["containers"][0]["properties"]["instanceView"]["currentState"]
    assert (put(rg).status_code, code(post(rg, "start"))) == (409, "ContainerGroupTransitioning")
    rg.advance(29)
    assert get(rg).json()["properties"]["instanceView"]["state"] == "Unknown"
    rg.advance(60)
    shown = get(rg).json()["properties"]
    current = shown["containers"][0]["properties"]["instanceView"]["currentState"]
    assert (shown["provisioningState"], shown["instanceView"]["state"]) == ("Succeeded", "Running")
    assert current["state"] == "Running"
    assert current["startTime"] > before["startTime"]


def test_clearing_the_faults_ends_a_repair(rg: Any) -> None:
    repairing(rg)
    rg.client.delete("/emulator/faults")
    shown = get(rg).json()["properties"]
    assert (shown["provisioningState"], shown["instanceView"]["state"]) == ("Succeeded", "Running")


def test_only_running_groups_fall_into_repair(rg: Any) -> None:
    fault(rg, "repair", paths=["*/web", "*/rg"])
    assert rg.call("GET", "resourceGroups/rg").status_code == 200
    assert get(rg).status_code == 404
    assert put(rg).status_code == 201
    assert get(rg).json()["properties"]["provisioningState"] == "Pending"
    rg.client.delete("/emulator/faults")
    rg.advance(60)
    post(rg, "stop")
    fault(rg, "repair")
    assert get(rg).json()["properties"]["instanceView"]["state"] == "Stopped"


@pytest.mark.parametrize(
    "description",
    [
        {},
        {"kind": "repair", "seconds": -1},
        {"kind": "explode"},
        {"kind": "answer", "status": 99},
        {"kind": "answer", "status": "503"},
        {"kind": "answer", "headers": {"a b": "c"}},
        {"kind": "answer", "headers": {"a": "b\nc"}},
        {"kind": "delay"},
        {"kind": "delay", "seconds": -1},
        {"kind": "answer", "seconds": 1},
        {"kind": "disconnect", "when": "later"},
        {"kind": "answer", "probability": 2},
        {"kind": "answer", "after": True},
        {"kind": "answer", "paths": [1]},
    ],
)
def test_faults_that_make_no_sense(api: Any, description: dict[str, Any]) -> None:
    response = api.client.post("/emulator/faults", json=description)
    assert (response.status_code, code(response)) == (400, "InvalidControlRequest")


def test_faults_are_removed_one_by_one(api: Any) -> None:
    number = fault(api, "answer")
    assert api.client.delete(f"/emulator/faults/{number}").status_code == 204
    assert api.client.delete(f"/emulator/faults/{number}").status_code == 404


def test_requests_are_counted_and_secrets_masked(rg: Any) -> None:
    put(rg)
    get(rg)
    main = rg.directory.main
    form = {"client_id": main.client_id, "client_secret": "canary-4"}
    rg.client.post(f"/{main.tenant_id}/oauth2/v2.0/token", data=form)
    everything = rg.client.get("/emulator/requests")
    assert "canary" not in everything.text
    assert "Y2FuYXJ5" not in everything.text
    assert main.secrets[0] not in everything.text
    assert rg.bearer.split()[1] not in everything.text
    log = everything.json()["value"]
    assert [(each["method"], each["status"]) for each in log] == [
        ("PUT", 201),
        ("PUT", 201),
        ("GET", 200),
        ("POST", 400),
    ]
    assert log[1]["body"]["properties"]["volumes"] == [{"name": "secrets", "secret": {"file": "********"}}]
    assert log[1]["principal"] == "emulator-owner"
    chosen = rg.client.get("/emulator/requests", params={"method": "put", "path": "*/containergroups/*"}).json()
    assert chosen["count"] == 1
    assert rg.client.get("/emulator/requests", params={"after": log[1]["number"]}).json()["count"] == 2
    rg.client.delete("/emulator/requests")
    assert rg.client.get("/emulator/requests").json() == {"count": 0, "value": []}


def test_locks(rg: Any) -> None:
    put(rg)
    lock = "resourceGroups/rg/providers/Microsoft.Authorization/locks/keep"
    locked = rg.call("PUT", lock, {"properties": {"level": "CanNotDelete", "notes": "n"}}, version="2020-05-01")
    assert locked.status_code == 201
    scope = f"/subscriptions/{rg.subscription}/resourceGroups/rg"
    for path, version in ((GROUP, VERSION), ("resourceGroups/rg", "2021-04-01")):
        refused = rg.call("DELETE", path, version=version)
        assert refused.status_code == 409
        assert refused.json()["error"] == {
            "code": "ScopeLocked",
            "message": f"The scope '/subscriptions/{rg.subscription}/{path}' cannot perform delete operation because "
            f"following scope(s) are locked: '{scope}'. Please remove the lock and try again.",
        }
    assert rg.call("PATCH", GROUP, {"tags": {}}, version=VERSION).status_code == 200
    rg.call("PUT", lock, {"properties": {"level": "ReadOnly"}}, version="2020-05-01")
    refused = rg.call("PATCH", GROUP, {"tags": {}}, version=VERSION)
    assert "cannot perform write operation" in refused.text
    assert get(rg).status_code == 200
    assert rg.call("DELETE", lock, version="2020-05-01").status_code == 200
    assert rg.call("DELETE", lock, version="2020-05-01").status_code == 204
    inner = f"{GROUP}/providers/Microsoft.Authorization/locks/inner"
    rg.call("PUT", inner, {"properties": {"level": "CanNotDelete"}}, version="2020-05-01")
    assert code(rg.call("DELETE", "resourceGroups/rg")) == "ScopeLocked"
    value = rg.call("GET", "providers/Microsoft.Authorization/locks", version="2020-05-01").json()["value"]
    assert [each["name"] for each in value] == ["inner"]
    assert rg.call("PUT", inner, {"properties": {"level": "x"}}, version="2020-05-01").status_code == 400
    assert rg.call("GET", inner, version="2020-05-01").json()["properties"] == {"level": "CanNotDelete"}


def policy(condition: dict[str, Any], then: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": "p", "policyRule": {"if": condition, "then": then}, **more}


def set_policies(api: Any, *policies: Any) -> Any:
    return api.client.put("/emulator/policies", json={"value": list(policies)})


def test_a_policy_denies(rg: Any) -> None:
    condition = {
        "allOf": [
            {"field": "type", "equals": "Microsoft.ContainerInstance/containerGroups"},
            {
                "not": {
                    "field": "Microsoft.ContainerInstance/containerGroups/containers[*].image",
                    "like": "[parameters('images')]",
                }
            },
        ]
    }
    rule = policy(condition, {"effect": "Deny"}, parameters={"images": {"value": "good.example/*"}})
    assert set_policies(rg, rule).status_code == 200
    refused = put(rg)
    error = refused.json()["error"]
    assert (refused.status_code, error["code"], error["target"]) == (403, "RequestDisallowedByPolicy", "web")
    assert error["message"].startswith("Resource 'web' was disallowed by policy. Policy identifiers: '[{")
    assert error["additionalInfo"][0]["type"] == "PolicyViolation"
    good = copy.deepcopy(DEFINITION)
    good["properties"]["containers"][0]["properties"]["image"] = "good.example/x:1"
    assert put(rg, good).status_code == 201
    assert rg.call("GET", "resourceGroups/rg").status_code == 200
    assert set_policies(rg).json() == {"value": []}
    rg.client.delete("/emulator/requests")


def test_a_policy_adds_tags(rg: Any) -> None:
    rg.call("PATCH", "resourceGroups/rg", {"tags": {"Owner": "me"}})
    inherit = policy(
        {"field": "tags['owner']", "exists": "false"},
        {"effect": "append", "details": [{"field": "tags['owner']", "value": "[resourceGroup().tags['owner']]"}]},
    )
    force = policy(
        {"field": "name", "equals": "web"},
        {
            "effect": "modify",
            "details": {"operations": [{"operation": "addOrReplace", "field": "tags.env", "value": "prod"}]},
        },
    )
    set_policies(rg, inherit, force)
    assert put(rg).json()["tags"] == {"owner": "me", "env": "prod"}
    patched = rg.call("PATCH", GROUP, {"tags": {"owner": "you", "env": "dev"}}, version=VERSION).json()
    assert patched["tags"] == {"owner": "you", "env": "prod"}


@pytest.mark.parametrize(
    "document",
    [
        {},
        policy({}, {"effect": "deny"}),
        policy({"field": "name", "matches": "x"}, {"effect": "deny"}),
        policy({"field": "name", "equals": "x"}, {"effect": "explode"}),
        policy({"field": "name", "equals": "x"}, {"effect": "modify"}),
        policy({"field": "name", "equals": "[parameters('x')]"}, {"effect": "deny"}),
        policy({"field": "name", "equals": "x"}, {"effect": "append", "details": [{"field": "name", "value": "y"}]}),
    ],
)
def test_policies_that_are_not_understood(api: Any, document: Any) -> None:
    response = set_policies(api, document)
    assert (response.status_code, code(response)) == (400, "InvalidControlRequest")


def test_policies_from_the_start(start_api: Callable[..., Any]) -> None:
    api = start_api(policies=[policy({"field": "location", "notIn": ["eastus"]}, {"effect": "deny"})])
    assert code(api.call("PUT", "resourceGroups/rg", {"location": "westus2"})) == "RequestDisallowedByPolicy"
    assert api.call("PUT", "resourceGroups/rg", {"location": "eastus"}).status_code == 201


def test_capacity_returns_after_some_tries(rg: Any) -> None:
    fault(rg, "no-capacity", times=2)
    for _ in range(2):
        refused = put(rg)
        assert (refused.status_code, code(refused)) == (409, "ServiceUnavailable")
        assert "Resource requested: '1' CPU '1' GB memory 'Linux' OS" in refused.json()["error"]["message"]
        assert get(rg).status_code == 404
    assert put(rg).status_code == 201


def test_a_quota_that_lags_behind_a_deletion(start_api: Callable[..., Any]) -> None:
    api = start_api(limits={"ContainerGroups": 1})
    api.group()

    def used() -> int:
        path = "providers/Microsoft.ContainerInstance/locations/westus2/usages"
        usages = api.call("GET", path, version=VERSION).json()["value"]
        return next(int(each["currentValue"]) for each in usages if each["name"]["value"] == "ContainerGroups")

    assert put(api).status_code == 201
    fault(api, "quota-lag", seconds=30, times=1)
    assert api.call("DELETE", GROUP, version=VERSION).status_code == 200
    assert used() == 1
    refused = put(api)
    assert (refused.status_code, code(refused)) == (400, "ContainerGroupQuotaReached")
    api.advance(31)
    assert used() == 0
    assert put(api).status_code == 201
    assert api.call("DELETE", GROUP, version=VERSION).status_code == 200
    assert used() == 0


def test_a_quota_that_lags_needs_its_seconds(api: Any) -> None:
    response = api.client.post("/emulator/faults", json={"kind": "quota-lag"})
    assert (response.status_code, code(response)) == (400, "InvalidControlRequest")
