# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The part of Microsoft.Network that container groups use: virtual networks, subnets with their delegations, the NAT
gateways and public addresses through which they reach the internet, and the network profiles of API versions before
2021-07-01.

Gateways and addresses are stored and returned, and a subnet refers to its gateway, but no traffic passes through them.

Everything is synchronous. A subnet cannot be deleted while it has container groups or the service association link of
Microsoft.ContainerInstance; neither can its network.
"""

from __future__ import annotations

import functools
import ipaddress
import uuid
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..arm.errors import ArmError
from ..arm.responses import JsonResponse
from ..arm.tags import check_tags
from ..platform import Platform

NAMESPACE = "Microsoft.Network"
DELEGATION = "Microsoft.ContainerInstance/containerGroups"
LINK = "acisal"
_VERSIONS = [
    *(f"2018-{month}-01" for month in ("02", "04", "06", "08", "10", "11", "12")),
    *(f"2019-{month}-01" for month in ("02", "04", "06", "07", "08", "09", "11", "12")),
    *(f"2020-{month}-01" for month in ("03", "04", "05", "06", "07", "08", "11")),
    *(f"2021-{month}-01" for month in ("02", "03", "05", "08")),
    *(f"2022-{month}-01" for month in ("01", "05", "07", "09", "11")),
    *(f"2023-{month}-01" for month in ("02", "04", "05", "06", "09", "11")),
    *(f"2024-{month}-01" for month in ("01", "03", "05", "07", "10")),
    *(f"2025-{month}-01" for month in ("01", "03", "05", "07")),  # az 2.91 sends the last
]
_OUTBOUND = ("natGateways", "publicIPAddresses")
TYPES = {
    "virtualNetworks": _VERSIONS,
    "virtualNetworks/subnets": _VERSIONS,
    "networkProfiles": _VERSIONS,
    **dict.fromkeys(_OUTBOUND, _VERSIONS),
}

_NETWORKS = "virtual_networks"
_PROFILES = "network_profiles"
_WAYS_OUT = "network_ways_out"
_USERS = "subnet_users"
_LINKS = "subnet_links"
_PATH = f"/subscriptions/{{subscription}}/resourceGroups/{{group}}/providers/{NAMESPACE}/virtualNetworks"
_ONE = f"{_PATH}/{{network}}"
_SUBNETS = f"{_ONE}/subnets"
_SUBNET = f"{_SUBNETS}/{{subnet}}"
_PROFILE_PATH = f"/subscriptions/{{subscription}}/resourceGroups/{{group}}/providers/{NAMESPACE}/networkProfiles"
_PROFILE = f"{_PROFILE_PATH}/{{network}}"
_WAY_OUT = f"/subscriptions/{{subscription}}/resourceGroups/{{group}}/providers/{NAMESPACE}"


class Network:
    """Virtual networks. A network is stored as it is returned, including its subnets."""

    def __init__(self, platform: Platform) -> None:
        self._store = platform.store
        self._settings = platform.settings
        self._manager = platform.resource_manager
        self._manager.providers.add(NAMESPACE, TYPES)
        self._manager.on_group_delete(self._remove_all)
        self._manager.add_resource_lister(self._generic)

    # -- for container groups

    def subnet(self, subnet_id: str) -> dict[str, Any] | None:
        """The subnet with an ID, with its network's `location`; None if one of them does not exist."""
        network = self._store.get(_NETWORKS, subnet_id.lower().partition("/subnets/")[0])
        if network is None:
            return None
        for subnet in network["properties"]["subnets"]:
            if subnet["id"].lower() == subnet_id.lower():
                return {**subnet, "location": network["location"]}
        return None

    def has_network(self, subnet_id: str) -> bool:
        """Whether the network in a subnet's ID exists."""
        return self._store.get(_NETWORKS, subnet_id.lower().partition("/subnets/")[0]) is not None

    def profile(self, profile_id: str) -> dict[str, Any] | None:
        """The network profile with an ID; None if there is none."""
        return self._store.get(_PROFILES, profile_id.lower())

    def has_profiles(self, profile_id: str) -> bool:
        """Whether there is any network profile in the resource group of a network profile's ID."""
        return bool(self._store.list(_PROFILES, profile_id.lower().rpartition("/")[0] + "/", limit=1))

    def join(self, subnet_id: str, group: str) -> None:
        """Records that a container group (its key) is in a subnet, which gets the link."""
        self._store.put(_USERS, f"{subnet_id.lower()}@{group}", {"group": group})
        self._store.put(_LINKS, subnet_id.lower(), {"id": subnet_id})

    def leave(self, subnet_id: str, group: str, *, keep_link: bool) -> None:
        """Records that a container group has left a subnet. The link goes with the last one, unless ``keep_link``."""
        self._store.delete(_USERS, f"{subnet_id.lower()}@{group}")
        if not keep_link and not self.users(subnet_id):
            self._store.delete(_LINKS, subnet_id.lower())

    def users(self, subnet_id: str) -> list[str]:
        """The container groups in a subnet."""
        return [each["group"] for _, each in self._store.list(_USERS, f"{subnet_id.lower()}@")]

    def unlink(self, subnet_id: str) -> bool:
        """Removes the link of a subnet; False if it had none. Raises ArmError 409 while groups are in the subnet."""
        users = self.users(subnet_id)
        if users:
            raise ArmError(
                409,
                "SubnetServiceAssociationLinkInUse",
                f"The service association link of subnet '{subnet_id}' is in use by '{users[0]}' and cannot be "
                "deleted.",
            )
        return self._store.delete(_LINKS, subnet_id.lower())

    # -- HTTP

    # -- for the pages

    def all_networks(self) -> list[dict[str, Any]]:
        """All virtual networks in the form of a response, in the order of IDs."""
        return [self._shown(network) for _, network in self._store.list(_NETWORKS)]

    def all_profiles(self) -> list[dict[str, Any]]:
        """All network profiles in the form of a response, in the order of IDs."""
        return [profile for _, profile in self._store.list(_PROFILES)]

    def routes(self) -> list[BaseRoute]:
        """The routes of virtual networks and subnets."""
        return [
            Route(f"/subscriptions/{{subscription}}/providers/{NAMESPACE}/virtualNetworks", self.list_all),
            Route(_PATH, self.list_of_group),
            Route(_ONE, self.put, methods=["PUT"]),
            Route(_ONE, self.delete, methods=["DELETE"]),
            Route(_ONE, self.get, methods=["GET"]),
            Route(_SUBNETS, self.list_subnets),
            Route(_SUBNET, self.put_subnet, methods=["PUT"]),
            Route(_SUBNET, self.delete_subnet, methods=["DELETE"]),
            Route(_SUBNET, self.get_subnet, methods=["GET"]),
            Route(
                f"/subscriptions/{{subscription}}/providers/{NAMESPACE}/networkProfiles",
                self.list_profiles,
                methods=["GET"],
            ),
            Route(_PROFILE_PATH, self.list_profiles, methods=["GET"]),
            Route(_PROFILE, self.put_profile, methods=["PUT"]),
            Route(_PROFILE, self.delete_profile, methods=["DELETE"]),
            Route(_PROFILE, self.get_profile, methods=["GET"]),
            *(
                Route(f"{_WAY_OUT}/{kind}/{{network}}", functools.partial(handler, kind=kind), methods=[method])
                for kind in _OUTBOUND
                for method, handler in (
                    ("PUT", self.put_way_out),
                    ("GET", self.get_way_out),
                    ("DELETE", self.delete_way_out),
                )
            ),
        ]

    async def list_all(self, request: Request) -> Response:
        """Lists the networks of a subscription."""
        return self._list(f"/subscriptions/{request.path_params['subscription']}/")

    async def list_of_group(self, request: Request) -> Response:
        """Lists the networks of a resource group."""
        return self._list(_network_id(request).rpartition("/virtualNetworks")[0] + "/")

    def _list(self, prefix: str) -> Response:
        return JsonResponse({"value": [self._shown(each) for _, each in self._store.list(_NETWORKS, prefix.lower())]})

    async def get(self, request: Request) -> Response:
        """Shows a network with its subnets."""
        return JsonResponse(self._shown(self._require(request)))

    async def put(self, request: Request) -> Response:
        """Creates or replaces a network. Subnets that are not in the request are removed."""
        body = request.state.json
        location = body.get("location")
        if not isinstance(location, str) or self._settings.region(location) is None:
            raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
        properties = _object(body, "properties")
        spaces = _object(properties, "addressSpace").get("addressPrefixes") or ["10.0.0.0/16"]
        for prefix in _texts(spaces, "addressPrefixes"):
            _check_prefix(prefix)
        key = _network_id(request).lower()
        live = self._store.get(_NETWORKS, key)
        network = {
            "name": live["name"] if live else request.path_params["network"],
            "id": live["id"] if live else _network_id(request),
            "etag": f'W/"{uuid.uuid4()}"',
            "type": f"{NAMESPACE}/virtualNetworks",
            "location": self._settings.region(location),
            "tags": check_tags(body.get("tags")) or {},
            "properties": {
                "provisioningState": "Succeeded",
                "resourceGuid": live["properties"]["resourceGuid"] if live else str(uuid.uuid4()),
                "addressSpace": {"addressPrefixes": spaces},
                "subnets": [],
            },
        }
        for each in _list(properties, "subnets"):
            if not isinstance(each, Mapping) or not isinstance(each.get("name"), str) or not each["name"]:
                raise _invalid("Each of 'subnets' must have a name.")
            self._check_gateway(each.get("properties"), f"{network['id']}/subnets/{each['name']}")
            network["properties"]["subnets"].append(_subnet(network["id"], each["name"], each, spaces))
        kept = {each["id"].lower() for each in network["properties"]["subnets"]}
        for each in live["properties"]["subnets"] if live else []:
            if each["id"].lower() not in kept:
                self._check_free(each)
        self._store.put(_NETWORKS, key, network)
        return JsonResponse(self._shown(network), status_code=200 if live else 201)

    async def delete(self, request: Request) -> Response:
        """Deletes a network: 200, or 204 if it does not exist."""
        key = _network_id(request).lower()
        live = self._store.get(_NETWORKS, key)
        if live is None:
            return Response(status_code=204)
        for each in live["properties"]["subnets"]:
            self._check_free(each)
        self._store.delete(_NETWORKS, key)
        return Response(status_code=200)

    async def list_subnets(self, request: Request) -> Response:
        """Lists the subnets of a network."""
        return JsonResponse({"value": self._shown(self._require(request))["properties"]["subnets"]})

    async def get_subnet(self, request: Request) -> Response:
        """Shows a subnet."""
        network, name = self._require(request), request.path_params["subnet"]
        for each in self._shown(network)["properties"]["subnets"]:
            if each["name"].lower() == name.lower():
                return JsonResponse(each)
        raise ArmError(404, "NotFound", f"Resource {network['id']}/subnets/{name} not found.")

    async def put_subnet(self, request: Request) -> Response:
        """Creates or replaces a subnet."""
        network, name = self._require(request), request.path_params["subnet"]
        subnets = network["properties"]["subnets"]
        spaces = network["properties"]["addressSpace"]["addressPrefixes"]
        self._check_gateway(request.state.json.get("properties"), f"{network['id']}/subnets/{name}")
        subnet = _subnet(network["id"], name, request.state.json, spaces)
        live = next((each for each in subnets if each["name"].lower() == name.lower()), None)
        if live is not None:
            if is_delegated(live) and not is_delegated(subnet):
                self._check_free(live)
            subnets[subnets.index(live)] = subnet
        else:
            subnets.append(subnet)
        self._store.put(_NETWORKS, network["id"].lower(), network)
        return JsonResponse(self._subnet_shown(subnet), status_code=200 if live else 201)

    async def delete_subnet(self, request: Request) -> Response:
        """Deletes a subnet: 200, or 204 if it does not exist."""
        network, name = self._require(request), request.path_params["subnet"]
        subnets = network["properties"]["subnets"]
        live = next((each for each in subnets if each["name"].lower() == name.lower()), None)
        if live is None:
            return Response(status_code=204)
        self._check_free(live)
        subnets.remove(live)
        self._store.put(_NETWORKS, network["id"].lower(), network)
        return Response(status_code=200)

    # -- network profiles

    async def put_profile(self, request: Request) -> Response:
        """Creates or replaces a network profile, which names subnets for the interfaces of container groups."""
        body = request.state.json
        location = body.get("location")
        if not isinstance(location, str) or self._settings.region(location) is None:
            raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
        interfaces = _list(_object(body, "properties"), "containerNetworkInterfaceConfigurations")
        for subnet in _subnets_of(interfaces):
            if self.has_network(subnet) and self.subnet(subnet) is None:
                raise _invalid(f"The subnet '{subnet}' does not exist.")
        identity = _network_id(request, "networkProfiles")
        live = self._store.get(_PROFILES, identity.lower())
        profile = {
            "name": live["name"] if live else request.path_params["network"],
            "id": live["id"] if live else identity,
            "etag": f'W/"{uuid.uuid4()}"',
            "type": f"{NAMESPACE}/networkProfiles",
            "location": self._settings.region(location),
            "tags": check_tags(body.get("tags")) or {},
            "properties": {
                "provisioningState": "Succeeded",
                "resourceGuid": live["properties"]["resourceGuid"] if live else str(uuid.uuid4()),
                "containerNetworkInterfaces": [],
                "containerNetworkInterfaceConfigurations": interfaces,
            },
        }
        self._store.put(_PROFILES, identity.lower(), profile)
        return JsonResponse(profile, status_code=200 if live else 201)

    async def get_profile(self, request: Request) -> Response:
        """Shows a network profile."""
        found = self.profile(_network_id(request, "networkProfiles"))
        if found is None:
            raise _missing(request, "networkProfiles")
        return JsonResponse(found)

    async def delete_profile(self, request: Request) -> Response:
        """Deletes a network profile: 200, or 204 if it is not there."""
        gone = self._store.delete(_PROFILES, _network_id(request, "networkProfiles").lower())
        return Response(status_code=200 if gone else 204)

    async def list_profiles(self, request: Request) -> Response:
        """Lists the network profiles of a subscription or a resource group."""
        prefix = f"/subscriptions/{request.path_params['subscription']}/"
        if "group" in request.path_params:
            prefix += f"resourcegroups/{request.path_params['group']}/"
        return JsonResponse({"value": [each for _, each in self._store.list(_PROFILES, prefix.lower())]})

    # -- NAT gateways and public addresses

    async def put_way_out(self, request: Request, kind: str) -> Response:
        """Creates or replaces a NAT gateway or a public address."""
        body = request.state.json
        location = body.get("location")
        if not isinstance(location, str) or self._settings.region(location) is None:
            raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
        for each in _list(_object(body, "properties"), "publicIpAddresses"):
            self._check_way_out(each, _network_id(request, kind))
        identity = _network_id(request, kind)
        live = self._store.get(_WAYS_OUT, identity.lower())
        resource = {
            "name": live["name"] if live else request.path_params["network"],
            "id": live["id"] if live else identity,
            "etag": f'W/"{uuid.uuid4()}"',
            "type": f"{NAMESPACE}/{kind}",
            "location": self._settings.region(location),
            "tags": check_tags(body.get("tags")) or {},
            "sku": dict(_object(body, "sku")),
            "properties": {**_object(body, "properties"), "provisioningState": "Succeeded"},
        }
        self._store.put(_WAYS_OUT, identity.lower(), resource)
        return JsonResponse(resource, status_code=200 if live else 201)

    async def get_way_out(self, request: Request, kind: str) -> Response:
        """Shows a NAT gateway or a public address."""
        found = self._store.get(_WAYS_OUT, _network_id(request, kind).lower())
        if found is None:
            raise _missing(request, kind)
        return JsonResponse(found)

    async def delete_way_out(self, request: Request, kind: str) -> Response:
        """Deletes a NAT gateway or a public address: 200, or 204 if it does not exist."""
        gone = self._store.delete(_WAYS_OUT, _network_id(request, kind).lower())
        return Response(status_code=200 if gone else 204)

    def _check_gateway(self, subnet: Any, referrer: str) -> None:
        if isinstance(subnet, Mapping) and subnet.get("natGateway"):
            self._check_way_out(subnet["natGateway"], referrer)

    def _check_way_out(self, reference: Any, referrer: str) -> None:
        """Raises ArmError 400 if a referenced gateway or address does not exist."""
        identity = reference.get("id") if isinstance(reference, Mapping) else None
        if not isinstance(identity, str) or self._store.get(_WAYS_OUT, identity.lower()) is None:
            raise ArmError(
                400,
                "InvalidResourceReference",
                f"Resource {identity} referenced by resource {referrer} was not found. Please make sure that the "
                "referenced resource exists, and that both resources are in the same region.",
            )

    # -- helpers

    def _require(self, request: Request) -> dict[str, Any]:
        found = self._store.get(_NETWORKS, _network_id(request).lower())
        if found is None:
            raise _missing(request, "virtualNetworks")
        return found

    def _check_free(self, subnet: Mapping[str, Any]) -> None:
        users = self.users(subnet["id"])
        if not users and self._store.get(_LINKS, subnet["id"].lower()) is None:
            return
        by = users[0] if users else f"{subnet['id']}/serviceAssociationLinks/{LINK}"
        raise ArmError(
            400,
            "InUseSubnetCannotBeDeleted",
            f"Subnet {subnet['name']} is in use by {by} and cannot be deleted. In order to delete the subnet, delete "
            "all the resources within the subnet. See aka.ms/deletesubnet.",
        )

    def _shown(self, network: Mapping[str, Any]) -> dict[str, Any]:
        properties = network["properties"]
        subnets = [self._subnet_shown(each) for each in properties["subnets"]]
        return {**network, "properties": {**properties, "subnets": subnets}}

    def _subnet_shown(self, subnet: Mapping[str, Any]) -> dict[str, Any]:
        if self._store.get(_LINKS, subnet["id"].lower()) is None:
            return dict(subnet)
        link = {
            "name": LINK,
            "id": f"{subnet['id']}/serviceAssociationLinks/{LINK}",
            "properties": {
                "provisioningState": "Succeeded",
                "linkedResourceType": DELEGATION,
                "allowDelete": False,
            },
        }
        return {**subnet, "properties": {**subnet["properties"], "serviceAssociationLinks": [link]}}

    def _generic(self, subscription: str, group: str | None) -> list[dict[str, Any]]:
        prefix = f"/subscriptions/{subscription}/".lower()
        if group is not None:
            prefix += f"resourcegroups/{group}/".lower()
        return [
            {name: each[name] for name in ("id", "name", "type", "location", "tags")}
            for kind in (_NETWORKS, _PROFILES, _WAYS_OUT)
            for _, each in self._store.list(kind, prefix)
        ]

    async def _remove_all(self, subscription: str, group: str) -> None:
        prefix = f"/subscriptions/{subscription}/resourcegroups/{group}/".lower()
        for kind in (_NETWORKS, _LINKS, _PROFILES, _WAYS_OUT):
            for key, _ in self._store.list(kind, prefix):
                self._store.delete(kind, key)


def is_delegated(subnet: Mapping[str, Any]) -> bool:
    """Whether a subnet is delegated to container groups."""
    delegations = subnet["properties"].get("delegations") or []
    return any(str(each["properties"]["serviceName"]).lower() == DELEGATION.lower() for each in delegations)


def _subnet(network_id: str, name: str, body: Mapping[str, Any], spaces: list[str]) -> dict[str, Any]:
    properties = _object(body, "properties")
    prefix = properties.get("addressPrefix") or next(iter(_list(properties, "addressPrefixes")), None)
    if not isinstance(prefix, str):
        raise _invalid("The 'addressPrefix' of a subnet must be given.")
    space = _check_prefix(prefix)
    if not any(space.version == (wide := _check_prefix(each)).version and _inside(space, wide) for each in spaces):
        raise ArmError(
            400,
            "NetcfgSubnetRangeOutsideVnet",
            f"Subnet '{name}' is not valid because its IP address range is outside the IP address range of virtual "
            "network.",
        )
    identity = f"{network_id}/subnets/{name}"
    delegations = []
    for each in _list(properties, "delegations"):
        service = _object(each, "properties").get("serviceName") if isinstance(each, Mapping) else None
        if not isinstance(service, str):
            raise _invalid("Each of 'delegations' must have a serviceName.")
        delegation_name = str(each.get("name") or service)
        delegations.append(
            {
                "name": delegation_name,
                "id": f"{identity}/delegations/{delegation_name}",
                "properties": {
                    "provisioningState": "Succeeded",
                    "serviceName": service,
                    "actions": ["Microsoft.Network/virtualNetworks/subnets/action"],
                },
            }
        )
    return {
        "name": name,
        "id": identity,
        "etag": f'W/"{uuid.uuid4()}"',
        "properties": {
            "provisioningState": "Succeeded",
            "addressPrefix": prefix,
            **{
                kind: {"id": reference}
                for kind in ("natGateway", "routeTable")
                if (reference := _reference(properties, kind))
            },
            "delegations": delegations,
        },
        "type": f"{NAMESPACE}/virtualNetworks/subnets",
    }


def _reference(properties: Mapping[str, Any], name: str) -> str | None:
    """The ID that a property refers to, None if there is none. Raises ArmError 400 if it is malformed."""
    if properties.get(name) is None:
        return None
    found = _object(properties, name).get("id")
    if not isinstance(found, str):
        raise _invalid(f"The '{name}' of a subnet must have an id.")
    return found


def _inside(
    narrow: ipaddress.IPv4Network | ipaddress.IPv6Network, wide: ipaddress.IPv4Network | ipaddress.IPv6Network
) -> bool:
    return narrow.network_address in wide and narrow.broadcast_address in wide


def _check_prefix(prefix: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(prefix)
    except ValueError:
        raise ArmError(
            400, "InvalidAddressPrefixFormat", f"Address prefix {prefix} of a network or subnet is not a valid CIDR."
        ) from None


def _network_id(request: Request, kind: str = "virtualNetworks") -> str:
    parts = request.path_params
    return (
        f"/subscriptions/{parts['subscription']}/resourceGroups/{parts['group']}/providers/{NAMESPACE}/{kind}"
        f"/{parts.get('network', '')}"
    )


def _missing(request: Request, kind: str) -> ArmError:
    name, group = request.path_params["network"], request.path_params["group"]
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource '{NAMESPACE}/{kind}/{name}' under resource group '{group}' was not found. For more details "
        "please go to https://aka.ms/ARMResourceNotFoundFix",
        gateway=True,
    )


def first_subnet(profile: Mapping[str, Any]) -> str | None:
    """The ID of the subnet in which a network profile places container groups; None if it has none."""
    return next(iter(_subnets_of(profile["properties"]["containerNetworkInterfaceConfigurations"])), None)


def _subnets_of(interfaces: list[Any]) -> list[str]:
    found = []
    for interface in interfaces:
        if not isinstance(interface, Mapping):
            raise _invalid("Each of 'containerNetworkInterfaceConfigurations' must be an object.")
        for each in _list(_object(interface, "properties"), "ipConfigurations"):
            if not isinstance(each, Mapping):
                raise _invalid("Each of 'ipConfigurations' must be an object.")
            subnet = _object(_object(each, "properties"), "subnet").get("id")
            if not isinstance(subnet, str):
                raise _invalid("Each of 'ipConfigurations' must have a subnet with an id.")
            found.append(subnet)
    return found


def _object(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = holder.get(name)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise _invalid(f"'{name}' must be an object.")
    return found


def _list(holder: Mapping[str, Any], name: str) -> list[Any]:
    found = holder.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise _invalid(f"'{name}' must be an array.")
    return found


def _texts(value: Any, name: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise _invalid(f"'{name}' must be an array of strings.")
    return value


def _invalid(reason: str) -> ArmError:
    return ArmError(
        400,
        "InvalidRequestContent",
        f"The request content was invalid and could not be deserialized: '{reason}'.",
    )
