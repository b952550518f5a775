# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start, stop, restart, logs, and information about regions."""

from __future__ import annotations

import uuid

import pytest

from aci_emulator.container_instance.api.logs import last_lines

from .conftest import VERSION, Server, container, definition

PUBLIC = {"type": "Public", "ports": [{"port": 80}]}


@pytest.fixture
def name() -> str:
    return f"g{uuid.uuid4().hex[:12]}"


def test_stop_is_synchronous_and_keeps_the_address(server: Server, name: str):
    server.create(name, definition(ipAddress={**PUBLIC, "dnsNameLabel": name}))
    before = server.get(name).body["properties"]["ipAddress"]
    answer = server.post(name, "stop")
    assert (answer.status, answer.text) == (204, "")
    assert "azure-asyncoperation" not in answer.headers
    shown = server.get(name).body["properties"]
    assert shown["provisioningState"] == "Succeeded"
    assert shown["instanceView"]["state"] == "Stopped"
    assert shown["ipAddress"] == before
    again = server.post(name, "stop")
    assert again.status == 204


def test_start_is_an_operation_with_a_new_address(server: Server, name: str):
    server.create(name, definition(ipAddress={**PUBLIC, "dnsNameLabel": name}))
    before = server.get(name).body["properties"]["ipAddress"]
    running = server.post(name, "start")
    assert running.status == 204
    assert "azure-asyncoperation" not in running.headers
    server.post(name, "stop")
    answer = server.post(name, "start")
    assert (answer.status, answer.text) == (204, "")
    assert server.send("GET", answer.headers["azure-asyncoperation"]).body["status"] == "Pending"
    assert server.get(name).body["properties"]["provisioningState"] == "Pending"
    assert server.finish(answer).body["status"] == "Succeeded"
    after = server.get(name).body["properties"]
    assert after["instanceView"]["state"] == "Running"
    assert after["ipAddress"]["fqdn"] == before["fqdn"]
    assert after["ipAddress"]["ip"] != before["ip"]


def test_restart_is_updating_and_a_second_one_is_another_operation(server: Server, name: str):
    server.create(name, definition(ipAddress=PUBLIC))
    before = server.get(name).body["properties"]["ipAddress"]
    answer = server.post(name, "restart")
    assert answer.status == 204
    assert server.send("GET", answer.headers["azure-asyncoperation"]).body["status"] == "Updating"
    shown = server.get(name).body["properties"]
    assert shown["provisioningState"] == "Updating"
    assert shown["instanceView"]["state"] == "Running"
    second = server.post(name, "restart")
    assert second.status == 204
    assert second.headers["azure-asyncoperation"] != answer.headers["azure-asyncoperation"]
    assert server.finish(answer).body["status"] == "Succeeded"
    assert server.finish(second).body["status"] == "Succeeded"
    after = server.get(name).body["properties"]
    assert after["provisioningState"] == "Succeeded"
    assert after["ipAddress"] == before


def test_restart_of_a_stopped_group(server: Server, serve, name: str):
    server.create(name, definition())
    server.post(name, "stop")
    answer = server.post(name, "restart")
    assert answer.status == 409
    assert answer.body["error"]["message"] == f"Container Group '{name}' in resource group 'rg1' is stopped"
    other = serve(switches={"restart-stopped": "start"})
    other.create(name, definition())
    other.post(name, "stop")
    other.finish(other.post(name, "restart"))
    assert other.get(name).body["properties"]["instanceView"]["state"] == "Running"


def test_stop_right_after_a_restart(server: Server, serve, name: str):
    server.create(name, definition())
    server.post(name, "restart")
    assert server.post(name, "stop").status == 204
    assert server.get(name).body["properties"]["instanceView"]["state"] == "Stopped"
    other = serve(switches={"operations-while-transitioning": "refuse"})
    other.create(name, definition())
    other.post(name, "restart")
    assert other.post(name, "stop").code == "ContainerGroupTransitioning"
    assert other.delete(name).code == "ContainerGroupTransitioning"


def test_what_has_finished_is_not_restarted(server: Server, name: str):
    server.create(name, definition(restartPolicy="Never", containers=[container(image="emulator.local/exit:0")]))
    server.advance(5)
    assert server.get(name).body["properties"]["instanceView"]["state"] == "Succeeded"
    assert server.post(name, "restart").code == "ContainerGroupStopped"
    assert server.post(name, "start").status == 204


def test_no_terminal_in_a_stopped_group(server: Server, serve, name: str):
    end, body = "/containers/web/exec", {"command": "sh"}
    server.create(name, definition())
    assert server.send("POST", server.path(name, end=end), body).status == 200
    server.post(name, "stop")
    answer = server.send("POST", server.path(name, end=end), body)
    assert (answer.status, answer.code) == (409, "ContainerGroupStopped")
    other = serve(switches={"exec-stopped": "accept"})
    other.create(name, definition())
    other.post(name, "stop")
    assert other.send("POST", other.path(name, end=end), body).status == 200


def test_start_can_answer_202(serve, name: str):
    server = serve(switches={"start-answer": "202"})
    server.create(name, definition())
    server.post(name, "stop")
    answer = server.post(name, "start")
    assert answer.status == 202
    assert "/operationresults/" in answer.headers["location"]


@pytest.mark.parametrize("action", ["start", "stop", "restart"])
def test_actions_on_nothing(server: Server, action: str):
    assert server.post("nothing", action).code == "ResourceNotFound"


def logs(server: Server, name: str, which: str = "web", **query: object):
    return server.send("GET", server.path(name, end=f"/containers/{which}/logs", **query))


def test_logs_are_not_available_before_the_container_is_there(server: Server, name: str):
    server.put(name, definition())
    answer = logs(server, name)
    assert (answer.status, answer.code) == (404, "ContainerLogNotAvailable")
    assert answer.body["error"]["message"] == (
        f"Log of container 'web' in container group '{name}' is not available yet. Please check container "
        "'InstanceView' for more information or retry later."
    )


def test_logs_with_tail_and_timestamps(serve, name: str):
    server = serve(runtime="process", speed=50)
    script = "i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo line $i; done; sleep 60"
    shell = container(image="emulator.local/sh", command=["sh", "-c", script], ports=[])
    answer = server.put(name, definition(containers=[shell]))
    _wait(lambda: server.send("GET", answer.headers["azure-asyncoperation"]).body["status"] == "Succeeded")
    _wait(lambda: (logs(server, name).body.get("content") or "").endswith("line 30\n"))
    assert logs(server, name, tail=2).body == {"content": "line 29\nline 30\n"}
    stamped = logs(server, name, tail=1, timestamps="true").body["content"]
    stamp, _, rest = stamped.partition(" ")
    assert rest == "line 30\n"
    assert stamp.endswith("Z")
    assert logs(server, name, tail=0).status == 400
    assert logs(server, name, tail="x").status == 400
    assert logs(server, name, "other").status == 404


def _wait(condition) -> None:
    import time

    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_empty_log(serve, name: str):
    server = serve()
    server.create(name, definition())
    assert logs(server, name).body["content"] in (None, "") or logs(server, name).status == 200


@pytest.mark.parametrize(
    ("text", "count", "kept"),
    [("a\nb\nc\n", 2, "b\nc\n"), ("a\nb", 1, "b"), ("a\n", 5, "a\n"), ("", 3, ""), ("a\n\n", 1, "\n")],
)
def test_last_lines(text: str, count: int, kept: str):
    assert last_lines(text, count) == kept


def location(server: Server, what: str, region: str = "westus2"):
    return server.send(
        "GET",
        f"/subscriptions/{server.subscription}/providers/Microsoft.ContainerInstance/locations/{region}/{what}"
        f"?api-version={VERSION}",
    )


def test_usages_are_of_what_runs(serve, name: str):
    server = serve()
    server.create(name, definition())
    usages = {each["name"]["value"]: each for each in location(server, "usages").body["value"]}
    assert len(usages) == 10
    assert (usages["ContainerGroups"]["currentValue"], usages["StandardCores"]["currentValue"]) == (1, 1)
    assert usages["ContainerGroups"]["limit"] == 100
    server.post(name, "stop")
    usages = {each["name"]["value"]: each for each in location(server, "usages", "West%20US%202").body["value"]}
    assert (usages["ContainerGroups"]["currentValue"], usages["StandardCores"]["currentValue"]) == (1, 0)
    assert location(server, "usages", "eastus").body["value"][0]["currentValue"] == 0


def test_what_a_region_offers(server: Server):
    capabilities = location(server, "capabilities").body["value"]
    assert [each["gpu"] for each in capabilities] == ["None", "None", "V100"]
    assert location(server, "cachedImages").body["value"][0].keys() == {"osType", "image"}
    assert location(server, "usages", "mars").status == 400


def test_operations_of_the_provider(server: Server):
    answer = server.send("GET", f"/providers/Microsoft.ContainerInstance/operations?api-version={VERSION}")
    assert answer.status == 200
    assert {"name", "display", "origin"} == answer.body["value"][0].keys()
    assert len(answer.body["value"]) == 24


def test_outbound_endpoints_are_an_empty_list(server: Server, name: str):
    server.create(name, definition())
    answer = server.send("GET", server.path(name, end="/outboundNetworkDependenciesEndpoints"))
    assert (answer.status, answer.body) == (200, [])


def test_an_operation_that_is_not_there(server: Server):
    assert location(server, f"operations/{uuid.uuid4()}").status == 404
