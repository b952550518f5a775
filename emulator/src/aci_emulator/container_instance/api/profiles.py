# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Container group profiles and their revisions.

Recorded in 2024: everything is synchronous, a create answers 201 with revision 1, `revisions/1` has the same body, and
a deletion answers 200 without one. Each PUT creates a revision. A container group may refer to a profile, which
supplies what the group omits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ...arm.errors import ArmError
from ...arm.listing import next_link, parse_skip_token
from ...arm.responses import JsonResponse
from ...arm.tags import check_tags
from ...core import switches
from ...core.settings import normalise_location
from ...identity.asked_url import asked_url
from ...platform import Platform
from ..definition import models
from ..definition.refusals import refuse
from ..definition.registration import NAMESPACE
from ..definition.schema import Reading
from ..definition.validation import ValidationContext, check_group, check_profile_name

TYPE = f"{NAMESPACE}/containerGroupProfiles"
_PROFILES = "container_profiles"
_REVISIONS = "container_profile_revisions"
_PATH = f"/subscriptions/{{subscription}}/resourceGroups/{{group}}/providers/{NAMESPACE}/containerGroupProfiles"
_ONE = f"{_PATH}/{{name}}"
# Properties that profiles have, but groups do not.
_OF_PROFILES_ONLY = (
    "revision",
    "registeredRevisions",
    "shutdownGracePeriod",
    "timeToLive",
    "useKrypton",
    "securityContext",
)


class Profiles:
    """Profiles: the newest revision of each, and all revisions."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._settings = platform.settings
        self._store = platform.store
        platform.resource_manager.on_group_delete(self._remove_all)
        platform.resource_manager.add_resource_lister(self._generic)

    # -- for container groups

    def find(self, profile_id: str, revision: int | None) -> dict[str, Any] | None:
        """The stored profile with this ID, in a given or the newest revision; None if it does not exist."""
        if revision is None:
            return self._store.get(_PROFILES, profile_id.lower())
        return self._store.get(_REVISIONS, _revision_key(profile_id, revision))

    def all(self) -> list[dict[str, Any]]:
        """The newest revision of every profile, in the form of a response, in the order of IDs."""
        return [_shown(profile) for _, profile in self._store.list(_PROFILES)]

    # -- HTTP

    def routes(self) -> list[BaseRoute]:
        """The routes of profiles."""
        return [
            Route(f"/subscriptions/{{subscription}}/providers/{NAMESPACE}/containerGroupProfiles", self.list_profiles),
            Route(_PATH, self.list_profiles),
            Route(_ONE, self.put, methods=["PUT"]),
            Route(_ONE, self.patch, methods=["PATCH"]),
            Route(_ONE, self.delete, methods=["DELETE"]),
            Route(_ONE, self.get, methods=["GET"]),
            Route(f"{_ONE}/revisions", self.list_revisions),
            Route(f"{_ONE}/revisions/{{revision}}", self.get_revision),
        ]

    async def put(self, request: Request) -> Response:
        """Creates a profile, or its next revision."""
        name, body = request.path_params["name"], request.state.json
        check_tags({key.lower(): value for key, value in body.items()}.get("tags"))
        positions = {each.name: switches.position(self._settings.switches, each.name) for each in switches.SWITCHES}
        reading = Reading(request.state.api_version, positions["unknown-properties"], name)  # type: ignore[arg-type]
        sent: dict[str, Any] = models.PROFILE.read(body, "", reading)
        location = sent.get("location")
        if not location or self._settings.region(location) is None:
            raise refuse("location_required")
        key = self._key(request)
        live = self._store.get(_PROFILES, key)
        if live is not None and normalise_location(live["location"]) != normalise_location(location):
            raise refuse(
                "location_moved",
                group=live["name"],
                old=normalise_location(live["location"]),
                new=normalise_location(location),
                resource_group=request.path_params["group"],
            )
        context = ValidationContext(
            version=request.state.api_version,
            location=normalise_location(location),
            resource_group=request.path_params["group"],
            switches=positions,
            activity=request.state.request_id,
            correlation=request.state.correlation_id,
        )
        check_profile_name(name)
        properties = sent.setdefault("properties", {})
        whole = {**sent, "properties": {"initContainers": [], **properties}}
        check_group(name, whole, context, placed_elsewhere=True)
        revision = live["properties"]["revision"] + 1 if live is not None else 1
        profile = {
            "properties": {**properties, "revision": revision},
            "zones": sent.get("zones"),
            "id": live["id"] if live is not None else self._id(request),
            "name": live["name"] if live is not None else name,
            "type": TYPE,
            "location": sent["location"],
            "tags": sent.get("tags"),
        }
        with self._store.transaction():
            self._store.put(_PROFILES, key, profile)
            self._store.put(_REVISIONS, _revision_key(key, revision), profile)
        return JsonResponse(_shown(profile), status_code=200 if live is not None else 201)

    async def get(self, request: Request) -> Response:
        """Shows the newest revision."""
        return JsonResponse(_shown(self._require(request)))

    async def patch(self, request: Request) -> Response:
        """Replaces the tags, which does not create a revision."""
        profile, body = self._require(request), request.state.json
        tags = check_tags({key.lower(): value for key, value in body.items()}.get("tags"))
        if tags is not None:
            profile["tags"] = tags
            revision = profile["properties"]["revision"]
            with self._store.transaction():
                self._store.put(_PROFILES, self._key(request), profile)
                self._store.put(_REVISIONS, _revision_key(self._key(request), revision), profile)
        return JsonResponse(_shown(profile))

    async def delete(self, request: Request) -> Response:
        """Deletes a profile with its revisions: 200 without a body, 204 if it does not exist."""
        key = self._key(request)
        return Response(status_code=200 if self._remove(key) else 204)

    async def list_profiles(self, request: Request) -> Response:
        """Lists the profiles in a resource group or a subscription."""
        prefix = f"/subscriptions/{request.path_params['subscription']}/"
        if "group" in request.path_params:
            prefix += f"resourcegroups/{request.path_params['group']}/"
        query = {name.lower(): value for name, value in request.query_params.items()}
        size = self._settings.page_size
        found = self._store.list(
            _PROFILES, prefix.lower(), after=parse_skip_token(query.get("$skiptoken")), limit=size + 1
        )
        answer: dict[str, Any] = {"value": [_shown(each) for _, each in found[:size]]}
        if len(found) > size:
            answer["nextLink"] = next_link(
                asked_url(request, self._settings), request.url.path, dict(request.query_params), found[size - 1][0]
            )
        return JsonResponse(answer)

    async def list_revisions(self, request: Request) -> Response:
        """Lists all revisions of a profile, oldest first."""
        self._require(request)
        found = self._store.list(_REVISIONS, f"{self._key(request)}@")
        return JsonResponse({"value": [_shown(each) for _, each in found]})

    async def get_revision(self, request: Request) -> Response:
        """Shows one revision."""
        self._require(request)
        text = request.path_params["revision"]
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        found = self._store.get(_REVISIONS, _revision_key(self._key(request), number))
        if found is None:
            raise refuse("revision_missing", revision=text, profile=request.path_params["name"])
        return JsonResponse(_shown(found))

    # -- helpers

    def _require(self, request: Request) -> dict[str, Any]:
        found = self._store.get(_PROFILES, self._key(request))
        if found is None:
            raise ArmError(
                404,
                "ResourceNotFound",
                f"The Resource '{TYPE}/{request.path_params['name']}' under resource group "
                f"'{request.path_params['group']}' was not found. For more details please go to "
                "https://aka.ms/ARMResourceNotFoundFix",
                gateway=True,
            )
        return found

    def _id(self, request: Request) -> str:
        parts = request.path_params
        group = self._platform.resource_manager.require_group(parts["subscription"], parts["group"])["name"]
        base = f"/subscriptions/{parts['subscription']}/resourceGroups/{group}"
        return f"{base}/providers/{TYPE}/{parts['name']}"

    def _key(self, request: Request) -> str:
        return self._id(request).lower()

    def _remove(self, key: str) -> bool:
        for revision, _ in self._store.list(_REVISIONS, f"{key}@"):
            self._store.delete(_REVISIONS, revision)
        return self._store.delete(_PROFILES, key)

    async def _remove_all(self, subscription: str, group: str) -> None:
        for key, _ in self._store.list(_PROFILES, f"/subscriptions/{subscription}/resourcegroups/{group}/".lower()):
            self._remove(key)

    def _generic(self, subscription: str, group: str | None) -> list[dict[str, Any]]:
        prefix = f"/subscriptions/{subscription}/" + ("" if group is None else f"resourcegroups/{group}/")
        return [
            {name: each[name] for name in ("id", "name", "type", "location", "tags") if each.get(name) is not None}
            for _, each in self._store.list(_PROFILES, prefix.lower())
        ]


def merge(properties: Mapping[str, Any], profile: Mapping[str, Any]) -> dict[str, Any]:
    """A group's properties, completed with those of its profile. Containers are merged by name."""
    result = dict(properties)
    for name, value in profile["properties"].items():
        if name in _OF_PROFILES_ONLY or name == "containers":
            continue
        given = result.get(name)
        # Defaults that were filled in while reading the request do not count as given.
        if given is None or given == [] or (name == "sku" and given == "Standard"):
            result[name] = value
    own = {each.get("name"): each for each in result.get("containers") or []}
    base = profile["properties"].get("containers") or []
    merged = [_merge_container(each, own.pop(each["name"], None)) for each in base]
    result["containers"] = [*merged, *own.values()]
    return result


def reused(properties: Mapping[str, Any], profile: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a group from a standby pool: those of the profile, including its container names (recorded in
    2024). Configuration maps apply to containers of the same name; other containers get none."""
    shown = {name: value for name, value in profile["properties"].items() if name not in _OF_PROFILES_ONLY}
    given = {each.get("name"): each["properties"].get("configMap") for each in properties.get("containers") or []}
    shown["containers"] = [
        {
            **each,
            "properties": {
                **each["properties"],
                "configMap": given.get(each["name"]) or each["properties"].get("configMap") or {"keyValuePairs": {}},
            },
        }
        for each in shown.get("containers") or []
    ]
    shown.setdefault("sku", properties["sku"])
    shown.setdefault("initContainers", [])
    if properties.get("subnetIds"):
        shown["subnetIds"] = properties["subnetIds"]
    shown["containerGroupProfile"] = properties["containerGroupProfile"]
    return shown


def only_config_maps(properties: Mapping[str, Any]) -> bool:
    """Whether a definition sets nothing but configuration maps. Empty lists, defaults, and properties that say where
    the group comes from or is placed do not count."""
    where = ("containers", "containerGroupProfile", "standbyPoolProfile", "subnetIds", "isCustomProvisioningTimeout")
    for name, value in properties.items():
        if name in where:
            continue
        if value != [] and (name, value) != ("sku", "Standard"):
            return False
    return all(
        name == "configMap" or value == []
        for container in properties.get("containers") or []
        for name, value in container["properties"].items()
    )


def _merge_container(base: Mapping[str, Any], given: Mapping[str, Any] | None) -> dict[str, Any]:
    properties = dict(base["properties"])
    own = (given or {"properties": {}})["properties"]
    properties.update({name: value for name, value in own.items() if value not in ([], {"keyValuePairs": {}})})
    return {"name": base["name"], "properties": properties}


def _shown(profile: Mapping[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = models.PROFILE.write({key: value for key, value in profile.items() if value is not None})
    return shown


def _revision_key(profile_id: str, revision: int) -> str:
    return f"{profile_id.lower()}@{revision:010d}"
