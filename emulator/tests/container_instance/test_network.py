# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Subnets: delegation, addresses, and what prevents their deletion."""

from __future__ import annotations

import pytest

from .conftest import Answer, Server, definition

NETWORK_VERSION = "2023-11-01"
DELEGATED = {
    "delegations": [{"name": "aci", "properties": {"serviceName": "Microsoft.ContainerInstance/containerGroups"}}]
}


def network_id(server: Server, subnet: str = "") -> str:
    network = f"/subscriptions/{server.subscription}/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/net"
    return f"{network}/subnets/{subnet}" if subnet else network


def send(server: Server, method: str, resource: str, body: object = None) -> Answer:
    return server.send(method, f"{resource}?api-version={NETWORK_VERSION}", body)


def in_subnet(server: Server, subnet: str) -> dict:
    return definition(
        ipAddress={"type": "Private", "ports": [{"port": 80}]}, subnetIds=[{"id": network_id(server, subnet)}]
    )


@pytest.fixture
def server(serve) -> Server:
    return with_network(serve())


def with_network(server: Server) -> Server:
    body = {
        "location": "westus2",
        "properties": {
            "addressSpace": {"addressPrefixes": ["10.7.0.0/16"]},
            "subnets": [
                {"name": "mine", "properties": {"addressPrefix": "10.7.1.0/29", **DELEGATED}},
                {"name": "bare", "properties": {"addressPrefix": "10.7.2.0/24"}},
            ],
        },
    }
    answer = send(server, "PUT", network_id(server), body)
    assert answer.status == 201, answer.text
    return server


def test_networks_and_subnets_are_shown(server: Server):
    shown = send(server, "GET", network_id(server)).body
    assert [each["name"] for each in shown["properties"]["subnets"]] == ["mine", "bare"]
    subnet = send(server, "GET", network_id(server, "mine")).body
    assert subnet["properties"]["delegations"][0]["properties"]["serviceName"].endswith("containerGroups")
    listed = send(server, "GET", network_id(server).rpartition("/")[0]).body["value"]
    assert [each["name"] for each in listed] == ["net"]
    resources = f"/subscriptions/{server.subscription}/resources?api-version=2021-04-01"
    assert [each["type"] for each in server.send("GET", resources).body["value"]] == [
        "Microsoft.Network/virtualNetworks"
    ]


def test_a_subnet_keeps_its_route_table(server: Server):
    table = network_id(server).replace("virtualNetworks", "routeTables")
    properties = {"addressPrefix": "10.7.3.0/24", "routeTable": {"id": table}}
    assert send(server, "PUT", network_id(server, "out"), {"properties": properties}).status == 201
    shown = send(server, "GET", network_id(server, "out")).body["properties"]
    assert shown["routeTable"] == {"id": table}
    assert "natGateway" not in shown
    properties["routeTable"] = {"id": 1}
    assert send(server, "PUT", network_id(server, "out"), {"properties": properties}).status == 400


def test_a_group_gets_an_address_of_its_subnet(server: Server):
    for number in (4, 5, 6):
        server.create(f"g{number}", in_subnet(server, "mine"))
        assert server.get(f"g{number}").body["properties"]["ipAddress"]["ip"] == f"10.7.1.{number}"


def test_a_given_address_must_be_free_and_in_the_subnet(server: Server):
    body = in_subnet(server, "mine")
    for wrong in ("10.8.0.4", "nonsense"):
        body["properties"]["ipAddress"]["ip"] = wrong
        assert server.put("g1", body).code == "PrivateIPAddressNotAvailable"
    body["properties"]["ipAddress"]["ip"] = "10.7.1.6"
    server.create("g1", body)
    assert server.get("g1").body["properties"]["ipAddress"]["ip"] == "10.7.1.6"
    assert server.put("g2", body).code == "PrivateIPAddressNotAvailable"
    server.create("g1", body)
    assert server.get("g1").body["properties"]["ipAddress"]["ip"] == "10.7.1.6"


def test_a_subnet_must_be_delegated(server: Server):
    answer = server.put("g1", in_subnet(server, "bare"))
    assert (answer.status, answer.code) == (400, "SubnetMissingRequiredDelegation")
    assert server.put("g1", in_subnet(server, "none")).code == "SubnetNotFound"
    elsewhere = {**in_subnet(server, "mine"), "location": "eastus"}
    assert server.put("g1", elsewhere).code == "InvalidSubnetIds"


def test_a_subnet_in_use_cannot_go_away(server: Server):
    server.create("g1", in_subnet(server, "mine"))
    subnet = network_id(server, "mine")
    assert send(server, "GET", subnet).body["properties"]["serviceAssociationLinks"][0]["name"] == "acisal"
    for method, target, body in (
        ("DELETE", subnet, None),
        ("DELETE", network_id(server), None),
        ("PUT", network_id(server), {"location": "westus2"}),
        ("PUT", subnet, {"properties": {"addressPrefix": "10.7.1.0/29"}}),
    ):
        answer = send(server, method, target, body)
        assert (answer.status, answer.code) == (400, "InUseSubnetCannotBeDeleted")
    server.delete("g1")
    assert send(server, "DELETE", subnet).status == 200
    assert send(server, "DELETE", subnet).status == 204
    assert send(server, "DELETE", network_id(server)).status == 200
    assert send(server, "DELETE", network_id(server)).status == 204


def test_a_link_can_stay_until_it_is_deleted(serve):
    server = with_network(serve(switches={"subnet-link": "keep"}))
    subnet = network_id(server, "mine")
    link = f"{subnet}/providers/Microsoft.ContainerInstance/serviceAssociationLinks/default?api-version=2023-05-01"
    assert server.send("DELETE", link).status == 204
    server.create("g1", in_subnet(server, "mine"))
    assert server.send("DELETE", link).status == 409
    server.delete("g1")
    assert send(server, "DELETE", subnet).code == "InUseSubnetCannotBeDeleted"
    assert server.send("DELETE", link).status == 200
    assert send(server, "DELETE", subnet).status == 200


def test_unknown_subnets_follow_their_switch(serve):
    server = serve(switches={"unknown-subnets": "refuse"})
    assert server.put("g1", in_subnet(server, "mine")).code == "SubnetNotFound"


@pytest.mark.parametrize(
    "body",
    [
        {"location": "westus2", "properties": {"addressSpace": {"addressPrefixes": ["x"]}}},
        {"location": "westus2", "properties": {"addressSpace": 1}},
        {"location": "westus2", "properties": {"subnets": 1}},
        {"location": "westus2", "properties": {"subnets": [{"name": "a"}]}},
        {
            "location": "westus2",
            "properties": {"subnets": [{"name": "a", "properties": {"addressPrefix": "1.0.0.0/8"}}]},
        },
        {"location": "westus2", "properties": {"subnets": [{"properties": {}}]}},
        {"location": 1},
    ],
)
def test_networks_that_make_no_sense(server: Server, body: dict):
    assert send(server, "PUT", network_id(server) + "x", body).status == 400


def test_the_way_out_of_a_subnet(server: Server):
    provider = network_id(server).partition("/virtualNetworks")[0]
    address, gateway = f"{provider}/publicIPAddresses/out", f"{provider}/natGateways/out"
    body = {"location": "westus2", "sku": {"name": "Standard"}, "properties": {"publicIpAddresses": [{"id": address}]}}
    refused = send(server, "PUT", gateway, body)
    assert (refused.status, refused.code) == (400, "InvalidResourceReference")
    assert f"Resource {address} referenced by resource {gateway} was not found" in refused.text
    made = send(server, "PUT", address, {"location": "westus2", "properties": {"publicIPAllocationMethod": "Static"}})
    assert (made.status, made.body["properties"]["provisioningState"]) == (201, "Succeeded")
    assert send(server, "PUT", gateway, body).status == 201
    assert send(server, "PUT", gateway, body).status == 200
    assert send(server, "GET", gateway).body["sku"] == {"name": "Standard"}
    subnet = {"properties": {"addressPrefix": "10.7.3.0/24", "natGateway": {"id": gateway}, **DELEGATED}}
    assert send(server, "PUT", network_id(server, "out"), subnet).status == 201
    assert send(server, "GET", network_id(server, "out")).body["properties"]["natGateway"] == {"id": gateway}
    subnet["properties"]["natGateway"] = {"id": f"{gateway}2"}
    assert send(server, "PUT", network_id(server, "out"), subnet).code == "InvalidResourceReference"
    assert send(server, "DELETE", gateway).status == 200
    assert send(server, "DELETE", gateway).status == 204
    assert send(server, "GET", gateway).code == "ResourceNotFound"
