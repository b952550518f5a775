# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resource Manager itself: subscriptions, resource groups, providers, lists of resources."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import logging
import math
import re
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ..arm.errors import ArmError
from ..arm.listing import matches_tags, next_link, parse_filter, parse_skip_token, parse_top
from ..arm.providers import Providers
from ..arm.responses import JsonResponse
from ..arm.tags import check_tags
from ..core.clock import Clock
from ..core.settings import Settings
from ..core.statedir import StateError
from ..core.store import Store
from ..faults.outcome import Outcome
from ..identity.asked_url import asked_url
from ..identity.directory import Directory, Principal, Subscription

_log = logging.getLogger(__name__)

GROUPS = "resource_groups"
_JOBS = "jobs"
_GROUP_PATH = "/subscriptions/{subscription}/resourceGroups/{group}"
_NAME = re.compile(r"[-\w._()]+")
_RETRY_SECONDS = 5.0  # real time between attempts to write to the store
_EXPANDABLE = ("createdTime", "changedTime", "provisioningState")

Lister = Callable[[str, str | None], list[dict[str, Any]]]
Cascade = Callable[[str, str], Awaitable[None]]


class ResourceManager:
    """Subscriptions and resource groups, with the resources that the providers report in them."""

    def __init__(self, settings: Settings, store: Store, clock: Clock, directory: Directory) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._directory = directory
        self._cascades: list[Cascade] = []
        self._listers: list[Lister] = []
        self._farewells: list[Callable[[str], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._outcomes: dict[str, Outcome] = {}
        self._hanging: list[asyncio.Event] = []
        self.providers = Providers(settings, store, clock)

    # For resource providers

    def find_group(self, subscription: str, name: str) -> dict[str, Any] | None:
        """Returns a resource group like ``require_group``, or None."""
        return self._store.get(GROUPS, group_key(subscription, name))

    def require_group(self, subscription: str, name: str) -> dict[str, Any]:
        """Returns a resource group: ``id``, ``name``, ``location``, ``tags``, ``state``. Raises ArmError 404."""
        group = self.find_group(subscription, name)
        if group is None:
            raise ArmError(404, "ResourceGroupNotFound", f"Resource group '{name}' could not be found.", gateway=True)
        return group

    def require_living_group(self, subscription: str, name: str) -> dict[str, Any]:
        """Like ``require_group``, but raises ArmError 409 while the group is being deleted."""
        group = self.require_group(subscription, name)
        if group["state"] == "Deleting":
            raise ArmError(
                409,
                "ResourceGroupBeingDeleted",
                f"The resource group '{group['name']}' is in deprovisioning state and cannot perform this operation.",
                gateway=True,
            )
        return group

    def all_groups(self) -> list[dict[str, Any]]:
        """Returns all resource groups like ``require_group``, in the order of IDs."""
        return [group for _, group in self._store.list(GROUPS)]

    def on_group_delete(self, callback: Cascade) -> None:
        """Calls ``callback(subscription, group)`` to remove a provider's resources from a deleted resource group."""
        self._cascades.append(callback)

    def add_resource_lister(self, lister: Lister) -> None:
        """Adds ``lister(subscription, group or None)``, which returns resources: id, name, type, location, tags."""
        self._listers.append(lister)

    def resources(self, subscription: str, group: str | None) -> list[dict[str, Any]]:
        """Returns all generic resources of a subscription or resource group, in the order of IDs."""
        found = [resource for lister in self._listers for resource in lister(subscription, group)]
        return sorted(found, key=lambda each: str(each["id"]).lower())

    def on_group_gone(self, callback: Callable[[str], None]) -> None:
        """Calls ``callback(id)`` after a resource group has been deleted."""
        self._farewells.append(callback)

    def arm_deletion(self, subscription: str, name: str, outcome: Outcome) -> None:
        """Sets the outcome of the next deletion of a resource group."""
        self._outcomes[group_key(subscription, name)] = outcome

    def disarm_deletion(self, subscription: str, name: str) -> None:
        """Undoes ``arm_deletion``, unless a deletion has started since."""
        self._outcomes.pop(group_key(subscription, name), None)

    def forget_outcomes(self) -> None:
        """Lets all deletions end normally, including those that hang."""
        self._outcomes.clear()
        for each in self._hanging:
            each.set()

    def poll_headers(self, remaining: float) -> dict[str, str]:
        """Returns the headers that tell a client to poll again in ``remaining`` emulated seconds."""
        return poll_headers(remaining / self._clock.speed)

    # Lifecycle

    async def resume(self) -> None:
        """Continues unfinished operations after a restart."""
        self.providers.resume()
        for key, group in self._store.list(GROUPS):
            if group["state"] == "Deleting":
                self._begin(key, group)

    async def reset(self) -> None:
        """Removes all resource groups with their resources, immediately."""
        await self.close()
        for _, group in self._store.list(GROUPS):
            await self._cascade(group)
        self._store.clear()

    async def close(self) -> None:
        """Cancels the tasks of this object. ``resume`` continues their work."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # HTTP

    def routes(self) -> list[BaseRoute]:
        """Returns the routes of Resource Manager."""
        one = "/subscriptions/{subscription}"
        return [
            Route("/subscriptions", self.list_subscriptions),
            Route("/tenants", self.list_tenants),
            Route("/providers", self.list_tenant_providers),
            Route("/providers/{namespace}", self.get_tenant_provider),
            Route(one, self.get_subscription),
            Route(f"{one}/locations", self.list_locations),
            Route(f"{one}/providers", self.list_providers),
            Route(f"{one}/providers/{{namespace}}", self.get_provider),
            Route(f"{one}/providers/{{namespace}}/register", self.register_provider, methods=["POST"]),
            Route(f"{one}/providers/{{namespace}}/unregister", self.unregister_provider, methods=["POST"]),
            Route(f"{one}/resources", self.list_resources),
            Route(f"{one}/operationresults/{{token}}", self.get_operation_result),
            Route(f"{one}/resourceGroups", self.list_groups),
            Route(_GROUP_PATH, self.put_group, methods=["PUT"]),
            Route(_GROUP_PATH, self.patch_group, methods=["PATCH"]),
            Route(_GROUP_PATH, self.delete_group, methods=["DELETE"]),
            Route(_GROUP_PATH, self.get_group, methods=["GET", "HEAD"]),
            Route(f"{_GROUP_PATH}/resources", self.list_resources),
        ]

    async def list_subscriptions(self, request: Request) -> Response:
        """Lists the subscriptions that the caller may see."""
        principal: Principal = request.state.principal
        visible = [each for each in self._directory.subscriptions if each.id in principal.roles]
        return JsonResponse(
            {
                "value": [_show_subscription(each) for each in visible],
                "count": {"type": "Total", "value": len(visible)},
            }
        )

    async def get_subscription(self, request: Request) -> Response:
        """Shows one subscription. The gateway has checked that it exists."""
        return JsonResponse(_show_subscription(self._subscription(request)))

    async def list_tenants(self, request: Request) -> Response:
        """Lists the tenants that the caller may see, which is only its own."""
        tenant = self._directory.tenant(request.state.principal.tenant_id)
        value = [] if tenant is None else [
            {
                "id": f"/tenants/{tenant.id}",
                "tenantId": tenant.id,
                "countryCode": "US",
                "displayName": tenant.name.partition(".")[0].capitalize(),
                "domains": [tenant.name],
                "tenantCategory": "Home",
                "defaultDomain": tenant.name,
                "tenantType": "AAD",
            }
        ]  # fmt: skip
        return JsonResponse({"value": value})

    async def list_locations(self, request: Request) -> Response:
        """Lists the regions."""
        subscription = self._subscription(request)
        return JsonResponse(
            {
                "value": [
                    {
                        "id": f"/subscriptions/{subscription.id}/locations/{name}",
                        "name": name,
                        "type": "Region",
                        "displayName": display,
                        "regionalDisplayName": display,
                        "metadata": {"regionType": "Physical", "regionCategory": "Recommended"},
                    }
                    for name, display in self._settings.regions.items()
                ]
            }
        )

    async def list_tenant_providers(self, request: Request) -> Response:
        """Lists the resource providers, independent of a subscription."""
        return JsonResponse({"value": [self.providers.describe(None, each) for each in self.providers.namespaces()]})

    async def get_tenant_provider(self, request: Request) -> Response:
        """Shows a resource provider, independent of a subscription."""
        return JsonResponse(self.providers.describe(None, request.path_params["namespace"]))

    async def list_providers(self, request: Request) -> Response:
        """Lists the resource providers with their registration."""
        subscription = self._subscription(request).id
        return JsonResponse(
            {"value": [self.providers.describe(subscription, each) for each in self.providers.namespaces()]}
        )

    async def get_provider(self, request: Request) -> Response:
        """Shows a resource provider with its registration."""
        return JsonResponse(self.providers.describe(self._subscription(request).id, request.path_params["namespace"]))

    async def register_provider(self, request: Request) -> Response:
        """Registers a subscription for a provider; it is Registering for a moment."""
        subscription = self._subscription(request).id
        self.providers.register(subscription, request.path_params["namespace"])
        return JsonResponse(self.providers.describe(subscription, request.path_params["namespace"]))

    async def unregister_provider(self, request: Request) -> Response:
        """Ends a registration. Refused while the subscription has resources of the provider."""
        subscription = self._subscription(request).id
        namespace = self.providers.canonical(request.path_params["namespace"])
        if any(str(each["type"]).startswith(f"{namespace}/") for each in self.resources(subscription, None)):
            raise ArmError(
                409,
                "ResourceProviderUnregistrationFailed",
                f"The unregistration of resource provider '{namespace}' could not be completed because the "
                "subscription has resources of it.",
                gateway=True,
            )
        self.providers.unregister(subscription, namespace)
        return JsonResponse(self.providers.describe(subscription, namespace))

    async def list_groups(self, request: Request) -> Response:
        """Lists resource groups: ``$filter`` by tag, ``$top``, pages."""
        subscription = self._subscription(request)
        query = request.query_params
        terms = parse_filter(query.get("$filter"), {"tagname", "tagvalue"})
        top = parse_top(query.get("$top"))
        size = min(top or self._settings.page_size, self._settings.page_size)
        after = parse_skip_token(query.get("$skiptoken"))
        prefix = group_key(subscription.id, "")
        found: list[tuple[str, dict[str, Any]]] = []
        while len(found) <= size:
            batch = self._store.list(GROUPS, prefix, after=after, limit=size + 1)
            found += [(key, group) for key, group in batch if matches_tags(group["tags"], terms)]
            if len(batch) <= size:
                break
            after = batch[-1][0]
        answer: dict[str, Any] = {"value": [_show_group(group) for _, group in found[:size]]}
        if len(found) > size:
            link_query = {name: query[name] for name in query}
            answer["nextLink"] = next_link(
                asked_url(request, self._settings), request.scope["path"], link_query, found[size - 1][0]
            )
        return JsonResponse(answer)

    async def get_group(self, request: Request) -> Response:
        """Shows a resource group; HEAD answers 204 or 404 without a body."""
        subscription, name = self._subscription(request), request.path_params["group"]
        if request.method == "HEAD":
            return Response(status_code=204 if self.find_group(subscription.id, name) else 404)
        return JsonResponse(_show_group(self.require_group(subscription.id, name)))

    async def put_group(self, request: Request) -> Response:
        """Creates a resource group, or replaces its tags. Its location cannot change."""
        subscription, name = self._subscription(request), request.path_params["group"]
        _check_name(name)
        body = request.state.json
        location = body.get("location")
        if not isinstance(location, str) or not location.strip():
            raise ArmError(
                400, "LocationRequired", "The location property is required for this definition.", gateway=True
            )
        region = self._settings.region(location)
        if region is None:
            raise ArmError(
                400,
                "LocationNotAvailableForResourceGroup",
                f"The provided location '{location}' is not available for resource group. List of available regions "
                f"is '{','.join(self._settings.regions)}'.",
                gateway=True,
            )
        managed_by = body.get("managedBy")
        tags = check_tags(body.get("tags"))
        key = group_key(subscription.id, name)
        existing = self.find_group(subscription.id, name)
        if existing is None:
            group = {
                "id": f"/subscriptions/{subscription.id}/resourceGroups/{name}",
                "name": name,
                "location": region,
                "state": "Succeeded",
            }
        else:
            group = self.require_living_group(subscription.id, name)
            if group["location"] != region:
                raise ArmError(
                    409,
                    "InvalidResourceGroupLocation",
                    f"Invalid resource group location '{region}'. The Resource group already exists in location "
                    f"'{group['location']}'.",
                    gateway=True,
                )
        group["tags"] = tags
        if isinstance(managed_by, str):
            group["managedBy"] = managed_by
        self._store.put(GROUPS, key, group)
        return JsonResponse(_show_group(group), status_code=201 if existing is None else 200)

    async def patch_group(self, request: Request) -> Response:
        """Replaces the tags as a whole, and changes ``managedBy``."""
        subscription, name = self._subscription(request), request.path_params["group"]
        body = request.state.json
        group = self.require_living_group(subscription.id, name)
        if "tags" in body:
            group["tags"] = check_tags(body["tags"])
        if isinstance(body.get("managedBy"), str):
            group["managedBy"] = body["managedBy"]
        self._store.put(GROUPS, group_key(subscription.id, name), group)
        return JsonResponse(_show_group(group))

    async def delete_group(self, request: Request) -> Response:
        """Starts the deletion of a resource group with all its resources: 202 and the URL to poll."""
        subscription, name = self._subscription(request), request.path_params["group"]
        key = group_key(subscription.id, name)
        group = self.require_group(subscription.id, name)
        if group["state"] != "Deleting":
            group["state"] = "Deleting"
            with self._store.transaction():
                self._store.put(GROUPS, key, group)
                self._store.put(_JOBS, _job_key(group), {"done": False})
            self._begin(key, group)
        return self._job_accepted(request, subscription.id, _job_token(group))

    async def get_operation_result(self, request: Request) -> Response:
        """Shows the progress of the deletion of a resource group: 202 while it lasts, then 200, with empty bodies."""
        subscription, token = self._subscription(request), request.path_params["token"]
        job = self._store.get(_JOBS, f"/subscriptions/{subscription.id}/jobs/{_read_token(token)}".lower())
        if job is None:
            raise ArmError(404, "NotFound", "The operation result could not be found.", gateway=True)
        if not job["done"]:
            return self._job_accepted(request, subscription.id, token)
        if "error" in job:
            raise ArmError(409, job["error"]["code"], job["error"]["message"], gateway=True)
        return Response(status_code=200)

    async def list_resources(self, request: Request) -> Response:
        """Lists generic resources of a subscription or resource group: ``$filter``, ``$top``, ``$expand``, pages."""
        subscription = self._subscription(request)
        group = request.path_params.get("group")
        if group is not None:
            self.require_group(subscription.id, group)
        query = request.query_params
        known = {"resourcetype", "name", "location", "resourcegroup", "tagname", "tagvalue"}
        terms = parse_filter(query.get("$filter"), known)
        top = parse_top(query.get("$top"))
        size = min(top or self._settings.page_size, self._settings.page_size)
        after = parse_skip_token(query.get("$skiptoken"))
        expand = {each.strip().lower() for each in query.get("$expand", "").split(",")}
        hidden = {each for each in _EXPANDABLE if each.lower() not in expand}
        resources = self.resources(subscription.id, group)
        found = [
            {name: value for name, value in each.items() if name not in hidden}
            for each in resources
            if str(each["id"]).lower() > after and _matches(each, terms)
        ]
        answer: dict[str, Any] = {"value": found[:size]}
        if len(found) > size:
            link_query = {name: query[name] for name in query}
            last = str(found[size - 1]["id"]).lower()
            answer["nextLink"] = next_link(asked_url(request, self._settings), request.scope["path"], link_query, last)
        return JsonResponse(answer)

    # Deleting

    def _begin(self, key: str, group: dict[str, Any]) -> None:
        outcome = self._outcomes.pop(key, None)
        task = asyncio.get_running_loop().create_task(self._delete(key, group, outcome))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _delete(self, key: str, group: dict[str, Any], outcome: Outcome | None) -> None:
        if outcome is not None and outcome.code is not None:
            await self._clock.sleep(self._settings.group_delete_seconds)
            group["state"] = "Succeeded"
            error = {"code": outcome.code, "message": outcome.message}

            async def fail() -> None:
                with self._store.transaction():
                    self._store.put(GROUPS, key, group)
                    self._store.put(_JOBS, _job_key(group), {"done": True, "error": error})

            await self._keep(group, fail)
            return
        if outcome is not None:
            freed = asyncio.Event()
            self._hanging.append(freed)
            await freed.wait()
        started = self._clock.time()
        await self._keep(group, lambda: self._cascade(group))
        # Resources created during the cascade must not survive it: in state Deleting, writes are refused.
        await self._clock.sleep(max(0.0, self._settings.group_delete_seconds - (self._clock.time() - started)))

        async def end() -> None:
            with self._store.transaction():
                self._store.delete(GROUPS, key)
                self._store.put(_JOBS, _job_key(group), {"done": True})
                for callback in self._farewells:
                    callback(group["id"])

        await self._keep(group, end)

    async def _keep(self, group: dict[str, Any], write: Callable[[], Awaitable[None]]) -> None:
        """Performs a step of a deletion, and retries it as long as the store cannot be written."""
        while True:
            try:
                await write()
                return
            except StateError as error:
                _log.error("could not store the deletion of %s: %s", group["id"], error)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _cascade(self, group: dict[str, Any]) -> None:
        subscription = str(group["id"]).split("/")[2]
        for callback in self._cascades:
            try:
                await callback(subscription, group["name"])
            except StateError:
                raise  # otherwise, the resources would survive their resource group
            except Exception:  # noqa: BLE001 - an error of one provider must not prevent the others from removing theirs
                _log.exception("a resource of %s could not be removed", group["id"])

    def _job_accepted(self, request: Request, subscription: str, token: str) -> Response:
        location = f"{asked_url(request, self._settings)}/subscriptions/{subscription}/operationresults/{token}"
        headers = {"Location": f"{location}?api-version={request.state.api_version}"}
        headers |= self.poll_headers(self._settings.group_delete_seconds)
        return Response(status_code=202, headers=headers)

    def _subscription(self, request: Request) -> Subscription:
        found = self._directory.subscription(request.path_params["subscription"])
        if found is None:
            name = request.path_params["subscription"]
            raise ArmError(404, "SubscriptionNotFound", f"The subscription '{name}' could not be found.", gateway=True)
        return found


def poll_headers(seconds: float) -> dict[str, str]:
    """Returns the headers that tell a client to poll again in ``seconds`` of real time.

    Clients prefer ``Retry-After``, which has whole seconds, so below one second only the finer header is sent.
    """
    seconds = max(0.05, seconds)
    headers = {"x-ms-retry-after-ms": str(math.ceil(seconds * 1000))}
    if seconds >= 1:
        headers["Retry-After"] = str(math.ceil(seconds))
    return headers


def group_key(subscription: str, name: str) -> str:
    """Returns a resource group's key in the store; if the name is empty, the prefix of all keys in a subscription."""
    return f"/subscriptions/{subscription}/resourcegroups/{name}".lower()


def _check_name(name: str) -> None:
    bad = "".join(dict.fromkeys(_NAME.sub("", name)))
    if bad:
        raise ArmError(
            400,
            "InvalidResourceGroup",
            f"The provided resource group name '{name}' has these invalid characters: '{bad}'. The name can only be a "
            "letter, digit, '-', '.', '(', ')' or '_'.",
            gateway=True,
        )
    if len(name) > 90:
        raise ArmError(
            400,
            "InvalidResourceGroup",
            f"The provided resource group name '{name}' has a length of '{len(name)}' which exceeds the maximum "
            "length of '90'.",
            gateway=True,
        )
    if name.endswith("."):
        raise ArmError(
            400,
            "InvalidResourceGroup",
            f"The provided resource group name '{name}' is invalid. The name cannot end with a period.",
            gateway=True,
        )


def _show_group(group: dict[str, Any]) -> dict[str, Any]:
    shown = {
        "id": group["id"],
        "name": group["name"],
        "type": "Microsoft.Resources/resourceGroups",
        "location": group["location"],
    }
    if group.get("managedBy"):
        shown["managedBy"] = group["managedBy"]
    if group["tags"] is not None:
        shown["tags"] = group["tags"]
    shown["properties"] = {"provisioningState": group["state"]}
    return shown


def _show_subscription(subscription: Subscription) -> dict[str, Any]:
    return {
        "id": f"/subscriptions/{subscription.id}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": subscription.id,
        "tenantId": subscription.tenant_id,
        "displayName": subscription.name,
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }


def _matches(resource: dict[str, Any], terms: dict[str, str]) -> bool:
    group = str(resource["id"]).split("/")[4:5]
    location = str(resource.get("location", ""))
    facts = {
        "resourcetype": str(resource["type"]).lower(),
        "name": str(resource["name"]).lower(),
        "location": location.replace(" ", "").lower(),
        "resourcegroup": group[0].lower() if group else "",
    }
    for name, value in terms.items():
        wanted = value.replace(" ", "").lower() if name == "location" else value.lower()
        if name in facts and facts[name] != wanted:
            return False
    return matches_tags(resource.get("tags"), terms)


def _job_id(group: dict[str, Any]) -> str:
    name = "".join(c if c.isalnum() else f":{ord(c):02X}" for c in str(group["name"]).upper())
    return f"RESOURCEGROUPDELETIONJOB-{name}-{group['location'].upper()}"


def _job_key(group: dict[str, Any]) -> str:
    subscription = str(group["id"]).split("/")[2]
    return f"/subscriptions/{subscription}/jobs/{_job_id(group)}".lower()


def _job_token(group: dict[str, Any]) -> str:
    document = {"jobId": _job_id(group), "jobLocation": group["location"]}
    return base64.urlsafe_b64encode(json.dumps(document, separators=(",", ":")).encode()).decode().rstrip("=")


def _read_token(token: str) -> str:
    try:
        document = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return str(document["jobId"])
    except (binascii.Error, ValueError, KeyError, TypeError):
        return ""
