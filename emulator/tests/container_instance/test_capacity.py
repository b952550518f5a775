# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regions without capacity, and provisioning that takes too long."""

from __future__ import annotations

from .conftest import container, definition

BIG = definition(containers=[container(resources={"requests": {"cpu": 3, "memoryInGB": 4}})])


def test_a_region_without_room_refuses(serve):
    server = serve(limits={"RegionCores": 4})
    server.create("g1", BIG)
    answer = server.put("g2", BIG)
    assert (answer.status, answer.code) == (409, "ServiceUnavailable")
    assert answer.body["error"]["message"] == (
        "The requested resource is not available in the location 'westus2' at this moment. Please retry with a "
        "different resource request or in another location. Resource requested: '3' CPU '4' GB memory 'Linux' OS"
    )
    assert server.get("g2").status == 404
    assert server.put("g2", {**BIG, "location": "eastus"}).status == 201


def test_a_region_without_room_can_fail_later(serve):
    server = serve(limits={"RegionCores": 4}, switches={"capacity-shortage": "fail"})
    server.create("g1", BIG)
    answer = server.put("g2", BIG)
    assert answer.status == 201
    assert server.post("g2", "start").code == "ContainerGroupTransitioning"
    ended = server.finish(answer).body
    assert ended["status"] == "Failed"
    assert ended["properties"]["events"][0]["name"] == "InsufficientCapacity."
    assert ended["error"].keys() == {"message"}
    shown = server.get("g2").body["properties"]
    assert shown["provisioningState"] == "Failed"
    assert shown["instanceView"]["state"] == "Pending"
    assert server.send("GET", server.path("g2", end="/containers/web/logs")).code == "ContainerLogNotAvailable"
    assert server.post("g2", "stop").status == 204
    assert server.post("g2", "restart").code == "ServiceUnavailable"


def test_the_service_keeps_trying(serve):
    server = serve(limits={"RegionCores": 4}, switches={"capacity-shortage": "fail", "failed-operation": "error"})
    server.create("g1", BIG)
    ended = server.finish(server.put("g2", BIG)).body
    assert ended["error"]["code"] == "InsufficientCapacity."
    server.delete("g1")
    server.advance(10)
    shown = server.get("g2").body["properties"]
    assert (shown["provisioningState"], shown["instanceView"]["state"]) == ("Succeeded", "Running")


def test_a_shortage_survives_a_restart(serve):
    settings = {"limits": {"RegionCores": 4}, "switches": {"capacity-shortage": "fail"}}
    first = serve(**settings)
    first.create("g1", BIG)
    operation = first.put("g2", BIG).headers["azure-asyncoperation"]
    path = operation.removeprefix(first.emulator.settings.base_url)
    first.stop()
    second = serve(**settings)
    second.advance(10)
    assert second.send("GET", path).body["status"] == "Failed"
    assert second.get("g2").body["properties"]["provisioningState"] == "Failed"


def test_an_image_that_never_comes_ends_in_a_failed_operation(serve):
    server = serve()
    answer = server.put("g1", definition(containers=[container(image="emulator.local/missing:1")]))
    assert answer.status == 201
    server.advance(60)
    assert server.get("g1").body["properties"]["provisioningState"] == "Creating"
    assert server.send("GET", answer.headers["azure-asyncoperation"]).body["status"] == "Creating"
    server.advance(1800)
    failed = server.send("GET", answer.headers["azure-asyncoperation"]).body
    assert failed["status"] == "Failed"
    messages = [each["message"] for each in failed["properties"]["events"]]
    last = "Subscription deployment didn't reach a successful provisioning state after '00:30:00'."
    assert failed["error"] == {"message": ";".join([*messages, last])}
    assert messages[0] == 'pulling image "emulator.local/missing:1"'
    assert server.get("g1").body["properties"]["provisioningState"] == "Failed"


def test_an_image_that_never_comes_can_be_mended(serve):
    server = serve()
    server.put("g1", definition(containers=[container(image="emulator.local/missing:1")]))
    server.advance(60)
    assert server.create("g1", definition()).status == 201
    assert server.get("g1").body["properties"]["instanceView"]["state"] == "Running"
    server.put("g2", definition(containers=[container(image="emulator.local/missing:1")]))
    server.advance(60)
    assert server.delete("g2").status == 200
