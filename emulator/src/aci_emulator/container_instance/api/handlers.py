# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTTP layer of container groups: turns requests into calls, and answers into responses."""

from __future__ import annotations

import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ...arm.listing import next_link, parse_skip_token
from ...arm.responses import JsonResponse
from ...core.settings import normalise_location
from ...identity.asked_url import asked_url
from ...network.network import Network
from ...platform import Platform
from ..definition.refusals import refuse
from ..definition.registration import NAMESPACE
from ..group_request import Answer, GroupRequest
from ..state import operations
from ..state.locations import cached_images, capabilities, provider_operations
from .actions import Actions
from .groups import Groups
from .logs import Logs, read_tail

_SUBSCRIPTION = "/subscriptions/{subscription}"
_PROVIDER = f"{_SUBSCRIPTION}/providers/{NAMESPACE}"
_LOCATION = f"{_PROVIDER}/locations/{{location}}"
_GROUPS = f"{_SUBSCRIPTION}/resourceGroups/{{group}}/providers/{NAMESPACE}/containerGroups"
_GROUP = f"{_GROUPS}/{{name}}"
_LINK = (
    f"{_SUBSCRIPTION}/resourceGroups/{{group}}/providers/Microsoft.Network/virtualNetworks/{{network}}/subnets/{{subnet}}"
    f"/providers/{NAMESPACE}/serviceAssociationLinks/default"
)
# Polling intervals in real seconds: a client should notice soon that an operation has ended.
_LONGEST_POLL = 0.5
_SHORTEST_POLL = 0.02


class Handlers:
    """The routes of container groups, and of the information that regions provide about them."""

    def __init__(self, platform: Platform, groups: Groups, network: Network) -> None:
        self._platform = platform
        self._network = network
        self._settings = platform.settings
        self._groups = groups
        self._actions = Actions(platform, groups)
        self._logs = Logs(groups)

    def routes(self) -> list[BaseRoute]:
        """All routes, with literals in the service's case."""
        return [
            Route(f"{_PROVIDER}/containerGroups", self.list_all, methods=["GET"]),
            Route(_GROUPS, self.list_of_group, methods=["GET"]),
            Route(_GROUP, self.put, methods=["PUT"]),
            Route(_GROUP, self.patch, methods=["PATCH"]),
            Route(_GROUP, self.delete, methods=["DELETE"]),
            Route(_GROUP, self.get, methods=["GET"]),
            Route(f"{_GROUP}/start", self.start, methods=["POST"]),
            Route(f"{_GROUP}/stop", self.stop, methods=["POST"]),
            Route(f"{_GROUP}/restart", self.restart, methods=["POST"]),
            Route(f"{_GROUP}/outboundNetworkDependenciesEndpoints", self.outbound, methods=["GET"]),
            Route(f"{_GROUP}/containers/{{container}}/logs", self.logs, methods=["GET"]),
            Route(f"{_LOCATION}/operations/{{operation}}", self.operation, methods=["GET"]),
            Route(f"{_LOCATION}/operationresults/{{operation}}", self.operation_result, methods=["GET"]),
            Route(f"{_LOCATION}/usages", self.usages, methods=["GET"]),
            Route(f"{_LOCATION}/capabilities", self.capabilities, methods=["GET"]),
            Route(f"{_LOCATION}/cachedImages", self.cached_images, methods=["GET"]),
            Route(_LINK, self.delete_link, methods=["DELETE"]),
            Route(f"/providers/{NAMESPACE}/operations", self.provider_operations, methods=["GET"]),
        ]

    # -- groups

    async def put(self, request: Request) -> Response:
        """Creates or updates a group."""
        return self._answer(request, self._groups.put(group_request_of(request), request.state.json))

    async def get(self, request: Request) -> Response:
        """Shows a group with its instance view."""
        return JsonResponse(self._groups.get(group_request_of(request)))

    async def patch(self, request: Request) -> Response:
        """Replaces the tags of a group."""
        return JsonResponse(self._groups.patch(group_request_of(request), request.state.json))

    async def delete(self, request: Request) -> Response:
        """Deletes a group."""
        return self._answer(request, self._groups.delete(group_request_of(request)))

    async def list_all(self, request: Request) -> Response:
        """Lists the groups of a subscription."""
        return self._list(request)

    async def list_of_group(self, request: Request) -> Response:
        """Lists the groups of a resource group."""
        return self._list(request)

    def _list(self, request: Request) -> Response:
        query = {name.lower(): value for name, value in request.query_params.items()}
        after = parse_skip_token(query.get("$skiptoken"))
        found, following = self._groups.page(group_request_of(request), after=after, limit=self._settings.page_size)
        answer: dict[str, Any] = {"value": found}
        if following:
            answer["nextLink"] = next_link(
                asked_url(request, self._settings), request.url.path, dict(request.query_params), following
            )
        return JsonResponse(answer)

    # -- actions

    async def start(self, request: Request) -> Response:
        """Starts a stopped or finished group."""
        return self._answer(request, self._actions.start(group_request_of(request)))

    async def stop(self, request: Request) -> Response:
        """Stops a group."""
        return self._answer(request, self._actions.stop(group_request_of(request)))

    async def restart(self, request: Request) -> Response:
        """Restarts all containers of a group."""
        return self._answer(request, self._actions.restart(group_request_of(request)))

    async def outbound(self, request: Request) -> Response:
        """Endpoints that a group in a virtual network must reach: always an empty list, as in the specification."""
        self._groups.require(group_request_of(request))
        return JsonResponse([])

    async def logs(self, request: Request) -> Response:
        """Returns the log of a container."""
        query = {name.lower(): value for name, value in request.query_params.items()}
        content = self._logs.read(
            group_request_of(request),
            request.path_params["container"],
            tail=read_tail(query.get("tail")),
            timestamps=query.get("timestamps", "").lower() == "true",
        )
        return JsonResponse(content)

    # -- operations and regions

    async def operation(self, request: Request) -> Response:
        """Shows an operation."""
        found = self._operation(request)
        headers = _identifier(request, found["region"]) | ({} if operations.ended(found) else self._poll_headers())
        return JsonResponse(operations.body(found), headers=headers)

    async def operation_result(self, request: Request) -> Response:
        """Reports on an operation that began with 202: 202 until it has ended, 204 afterwards."""
        found = self._operation(request)
        if operations.ended(found):
            return Response(status_code=204)
        headers = {"Location": asked_url(request, self._settings) + operations.path(found, "operationresults")}
        return Response(status_code=202, headers=headers | self._poll_headers())

    def _operation(self, request: Request) -> dict[str, Any]:
        name = request.path_params["operation"]
        found = self._groups.deployments.operations.get(name)
        if found is None or found["subscription"].lower() != request.path_params["subscription"].lower():
            raise refuse("no_operation", operation=name)
        return found

    async def usages(self, request: Request) -> Response:
        """Shows the usage of a region's quotas."""
        subscription = request.path_params["subscription"]
        return JsonResponse({"value": self._groups.deployments.usages(subscription, self._region(request))})

    async def capabilities(self, request: Request) -> Response:
        """Shows the group sizes that a region offers."""
        return JsonResponse({"value": capabilities(self._region(request))})

    async def cached_images(self, request: Request) -> Response:
        """Shows the images cached in a region."""
        self._region(request)
        return JsonResponse({"value": cached_images()})

    async def provider_operations(self, request: Request) -> Response:
        """Lists the operations of the resource provider."""
        return JsonResponse({"value": provider_operations()})

    async def delete_link(self, request: Request) -> Response:
        """Deletes the provider's link on a subnet: 200, or 204 if there is none."""
        parts = request.path_params
        subnet = (
            f"/subscriptions/{parts['subscription']}/resourceGroups/{parts['group']}/providers/Microsoft.Network"
            f"/virtualNetworks/{parts['network']}/subnets/{parts['subnet']}"
        )
        return Response(status_code=200 if self._network.unlink(subnet) else 204)

    def _region(self, request: Request) -> str:
        location = request.path_params["location"]
        region = self._settings.region(location)
        if region is None:
            raise refuse("no_location", location=location)
        return region

    # -- answers

    def _answer(self, request: Request, answer: Answer) -> Response:
        region = next(iter(self._settings.regions))
        if answer.operation is not None:
            region = answer.operation["region"]
        elif answer.body is not None:
            region = normalise_location(answer.body["location"])
        headers = answer.headers | _identifier(request, region)
        if answer.operation is not None:
            base = asked_url(request, self._settings)
            headers["Azure-AsyncOperation"] = base + operations.path(answer.operation)
            headers["Azure-AsyncNotification"] = "Enabled"  # recorded in July 2026
            if answer.status == 202:
                headers["Location"] = base + operations.path(answer.operation, "operationresults")
            headers |= self._poll_headers()
        if answer.body is None:
            return Response(status_code=answer.status, headers=headers)
        return JsonResponse(answer.body, status_code=answer.status, headers=headers)

    def _poll_headers(self) -> dict[str, str]:
        """When to poll again. Only the header in milliseconds: the service sends no Retry-After (recorded)."""
        wait = self._settings.provisioning_seconds / self._platform.clock.speed / 4
        return {"x-ms-retry-after-ms": str(round(1000 * min(_LONGEST_POLL, max(_SHORTEST_POLL, wait))))}


def _identifier(request: Request, region: str) -> dict[str, str]:
    """A header with the caller's identity, which responses to writes and operations have had since 2025."""
    principal = request.state.principal
    value = f"tenantId={principal.tenant_id},objectId={principal.object_id}/{region}/{uuid.uuid4()}"
    return {"x-ms-operation-identifier": value}


def group_request_of(request: Request) -> GroupRequest:
    """The part of a request that Groups needs."""
    return GroupRequest(
        subscription=request.path_params["subscription"],
        resource_group=request.path_params.get("group", ""),
        name=request.path_params.get("name", ""),
        version=request.state.api_version,
        activity=request.state.request_id,
        correlation=request.state.correlation_id,
    )
