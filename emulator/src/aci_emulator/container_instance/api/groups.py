# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations on the definitions of container groups: create, update, tag, read, list, delete.

Everything here is synchronous: nothing else happens between reading and writing a group. HTTP is in `handlers`,
start, stop and restart are in `actions`, running containers in `deployments`.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from ...arm.errors import ArmError
from ...arm.tags import check_tags
from ...core import switches
from ...core.settings import normalise_location
from ...core.timestamps import long_time
from ...network.network import Network
from ...platform import Platform
from ..definition import models, updates
from ..definition.refusals import refuse
from ..definition.registration import NAMESPACE
from ..definition.schema import Reading, malformed
from ..definition.validation import ValidationContext, check_group, check_name
from ..group_request import Answer, GroupRequest, scope
from ..state import capacity, identities, operations, rates
from ..state.addresses import Addresses
from ..state.deployments import GROUPS, Deployments
from ..state.placement import Placement
from .profiles import Profiles, merge, only_config_maps, reused
from .rendering import generic, show, without_events

# The beginning is recorded; the rest follows the same pattern.
_ALLOW_ALL = """package policy

api_svn := "0.10.0"

mount_device := {"allowed": true}
mount_overlay := {"allowed": true}
create_container := {"allowed": true, "allow_stdio_access": true}
unmount_device := {"allowed": true}
unmount_overlay := {"allowed": true}
exec_in_container := {"allowed": true}
exec_external := {"allowed": true, "allow_stdio_access": true}
shutdown_container := {"allowed": true}
signal_container_process := {"allowed": true}
plan9_mount := {"allowed": true}
plan9_unmount := {"allowed": true}
get_properties := {"allowed": true}
dump_stacks := {"allowed": true}
runtime_logging := {"allowed": true}
load_fragment := {"allowed": true}
scratch_mount := {"allowed": true}
scratch_unmount := {"allowed": true}
"""


class Groups:
    """The container groups of an emulator."""

    def __init__(self, platform: Platform, network: Network, profiles: Profiles) -> None:
        self._platform = platform
        self._profiles = profiles
        self._settings = platform.settings
        self._store = platform.store
        self.addresses = Addresses(platform.store, platform.clock)
        self.placement = Placement(self.addresses, network, self.position)
        self.deployments = Deployments(platform, self.placement, self.position)
        self.rates = rates.RequestCounters(
            platform.clock, enforce=self.position("request-limits") == "enforce", limits=platform.settings.limits
        )

    def position(self, switch: str) -> str:
        """The value of a switch."""
        return switches.position(self._settings.switches, switch)

    # -- create and update

    def put(self, group_request: GroupRequest, body: Any) -> Answer:
        """Creates a group, updates it in place, redeploys one that is stopped or has finished, or takes one from a
        standby pool."""
        resource_group = self._platform.resource_manager.require_group(
            group_request.subscription, group_request.resource_group
        )
        headers = self.rates.count(group_request.subscription, rates.CREATION)
        try:
            return self._put(group_request, resource_group, body, headers)
        except ArmError as error:
            if "x-ms-failure-cause" not in error.headers:
                error.headers |= headers  # requests that the service itself refuses count (recorded in 2020 and 2024)
            raise

    def _put(
        self, group_request: GroupRequest, resource_group: Mapping[str, Any], body: Any, headers: dict[str, str]
    ) -> Answer:
        requested = self._read(group_request, body)
        location = requested.get("location")
        if not location:
            raise refuse("location_required")
        live = self.deployments.record(group_request.key)
        _carry_on(requested, live)
        self._check_location(group_request, location, live)
        anew = self._check(group_request, location, requested, live)
        region, properties = normalise_location(location), requested["properties"]
        room = self.deployments.check_room(group_request.key, group_request.subscription, region, properties)
        tenant = self._tenant(group_request.subscription)
        name = self.placement.dns_name(group_request, tenant, region, requested, live)
        self.deployments.check_images(group_request.name, properties)
        goes_on = not anew and live is not None and room and self._goes_on(live, requested)
        record = self._record(group_request, resource_group, requested, live, tenant=tenant, anew=anew)
        if not room:
            record["shortage"] = capacity.shortage(properties, region, self._platform.clock)
        with self._store.transaction():
            self.placement.move(group_request.key, live, record, name, anew=anew)
            operation = self.deployments.begin(record, record["provisioningState"])
            self._store.put(GROUPS, group_request.key, record)
        if goes_on:
            self.deployments.refresh(group_request.key, record)
        elif live is None and room and record.get("fromStandbyPool"):
            self.deployments.reuse(group_request.key, record)
        else:
            self.deployments.deploy(group_request.key, record, update=not anew)
        headers["x-ms-request-id"] = f"{region}:{operation['name']}"
        status = 201 if live is None else int(self.position("put-existing"))
        shown = self._shown(group_request.key, record)
        return Answer(status, without_events(shown) if goes_on else shown, headers, operation)

    def _goes_on(self, live: Mapping[str, Any], requested: Mapping[str, Any]) -> bool:
        """Whether the containers of a running group continue while it is updated: if only an existing identity
        (recorded in 2019) or configuration maps change."""
        before, after = _comparable(live), _comparable(requested)
        if live["provisioningState"] != operations.SUCCEEDED or before != after:
            return False
        identity = identities.assign(
            requested.get("identity"), live.get("identity"), self._tenant(live["subscription"])
        )
        if identity != live.get("identity") and not identities.has_any(live.get("identity")):
            return False
        maps = [_config_maps(each["properties"]) for each in (live, requested)]
        if maps[0] != maps[1]:
            return self.position("config-map-change") == "keep"
        return identity != live.get("identity")

    def _read(self, group_request: GroupRequest, body: Any) -> dict[str, Any]:
        unknown = self.position("unknown-properties")
        reading = Reading(group_request.version, unknown, group_request.name)  # type: ignore[arg-type]
        if not isinstance(body, Mapping):
            raise malformed("The request body must be a JSON object")
        check_tags({name.lower(): value for name, value in body.items()}.get("tags"))
        requested: dict[str, Any] = models.GROUP.read(body, "", reading)
        requested.setdefault("properties", models.PROPERTIES.read({}, "properties", reading))
        self._apply_profile(group_request, requested)
        _add_private_address(requested["properties"])
        _add_policy(requested["properties"])
        address = requested["properties"].get("ipAddress")
        if address and address.get("dnsNameLabel") is not None:
            address.setdefault("autoGeneratedDomainNameLabelScope", "Unsecure")
        elif address:
            # A scope without a label is not returned (recorded in 2023 and 2025).
            address.pop("autoGeneratedDomainNameLabelScope", None)
        return requested

    def _apply_profile(self, group_request: GroupRequest, requested: dict[str, Any]) -> None:
        properties = requested["properties"]
        reference = properties.get("containerGroupProfile")
        if not reference:
            return
        self._check_linked(group_request, str(reference.get("id", "")))
        profile = self._profiles.find(str(reference.get("id", "")), reference.get("revision"))
        if profile is None:
            raise refuse("profile_missing", profile=reference.get("id", ""), group=group_request.name)
        pool = properties.get("standbyPoolProfile")
        ready = pool is not None and self._reuses(group_request, properties, pool)
        if ready or (pool is not None and only_config_maps(properties)):
            requested["properties"] = reused(properties, profile)
        else:
            requested["properties"] = merge(properties, profile)
        requested["fromStandbyPool"] = (str((pool or {}).get("id", "")) or True) if ready else None

    def _reuses(self, group_request: GroupRequest, properties: Mapping[str, Any], pool: Mapping[str, Any]) -> bool:
        """Whether a definition gets a group from the pool; otherwise a new one is created."""
        live = self.deployments.record(group_request.key)
        if live is not None:
            return bool(live.get("fromStandbyPool")) and only_config_maps(properties)
        if self.position("standby-pool") == "empty":
            if pool.get("failContainerGroupCreateOnReuseFailure"):
                raise refuse("standby_pool", group=group_request.name, pool=pool.get("id", ""))
            return False
        if not only_config_maps(properties):
            raise refuse("standby_properties")
        return True

    def _check_linked(self, group_request: GroupRequest, profile: str) -> None:
        """Refuses a profile in a subscription of another tenant."""
        parts = profile.split("/")
        if (
            len(parts) < 3
            or parts[1].lower() != "subscriptions"
            or parts[2].lower() == group_request.subscription.lower()
        ):
            return
        tenant = self._tenant(group_request.subscription)
        if self._tenant(parts[2]) == tenant:
            return
        group = self._platform.resource_manager.require_group(group_request.subscription, group_request.resource_group)
        error = refuse(
            "linked_subscription",
            scope=group_request.resource_id(str(group["name"])),
            tenant=tenant,
            subscription=parts[2],
        )
        error.headers["x-ms-failure-cause"] = "gateway"
        raise error

    def _check_location(self, group_request: GroupRequest, location: str, live: Mapping[str, Any] | None) -> None:
        if live is not None and normalise_location(location) != normalise_location(live["location"]):
            raise refuse(
                "location_moved",
                group=live["name"],
                old=normalise_location(live["location"]),
                new=normalise_location(location),
                resource_group=group_request.resource_group,
            )
        if self._settings.region(location) is None:
            regions = ",".join(sorted(self._settings.regions))
            raise ArmError(
                400,
                "LocationNotAvailableForResourceType",
                f"The provided location '{location}' is not available for resource type '{NAMESPACE}/containerGroups'. "
                f"List of available regions for the resource type is '{regions}'.",
                gateway=True,
            )

    def _check(
        self, group_request: GroupRequest, location: str, requested: Mapping[str, Any], live: Mapping[str, Any] | None
    ) -> bool:
        """Refuses a definition that is wrong or cannot be applied. Returns whether the group must be redeployed."""
        context = ValidationContext(
            version=group_request.version,
            location=normalise_location(location),
            resource_group=group_request.resource_group,
            switches={switch.name: self.position(switch.name) for switch in switches.SWITCHES},
            activity=group_request.activity,
            correlation=group_request.correlation,
        )
        check_name(group_request.name, context)
        check_group(group_request.name, requested, context, placed_elsewhere=bool(requested.get("fromStandbyPool")))
        self.placement.check_subnet(group_request, location, requested["properties"])
        if live is None:
            return True
        self.deployments.require_settled(group_request.key, live)
        if self.deployments.inactive(group_request.key, live):
            return True
        changes = updates.refused(live, requested, strict=self.position("mutability") == "strict")
        if changes:
            raise updates.refusal(group_request.name, changes, self.position("refusal-wording"))
        return False

    def _record(
        self,
        group_request: GroupRequest,
        resource_group: Mapping[str, Any],
        requested: dict[str, Any],
        live: Mapping[str, Any] | None,
        *,
        tenant: str,
        anew: bool,
    ) -> dict[str, Any]:
        """The group as it is stored: the definition sent replaces the existing one, without merging."""
        tags = requested.get("tags")
        if live is not None and self.position("put-tags") == "keep":
            tags = live.get("tags")
        record: dict[str, Any] = {
            "id": live["id"] if live is not None else group_request.resource_id(str(resource_group["name"])),
            "name": live["name"] if live is not None else group_request.name,
            "subscription": group_request.subscription,
            "region": normalise_location(requested["location"]),
            "location": live["location"] if live is not None else requested["location"],
            "properties": requested["properties"],
            "provisioningState": operations.PENDING if anew else operations.CREATING,
            "created": (live or {}).get("created") or long_time(self._platform.clock.now()),
            "operation": (live or {}).get("operation"),
            "operations": list((live or {}).get("operations", [])),
        }
        optional = {
            "tags": tags,
            "zones": requested.get("zones"),
            "fromStandbyPool": requested.get("fromStandbyPool") or (live or {}).get("fromStandbyPool"),
            "profileSubnet": self.placement.profile_subnet(requested["properties"]),
            "orchestratorId": requested.get("orchestratorId"),
            "identity": identities.assign(requested.get("identity"), (live or {}).get("identity"), tenant),
        }
        record.update({name: value for name, value in optional.items() if value is not None})
        return record

    # -- reading

    def get(self, group_request: GroupRequest) -> dict[str, Any]:
        """The group with its instance view."""
        key, record = self.require(group_request)
        return self._shown(key, record)

    def page(self, group_request: GroupRequest, *, after: str, limit: int) -> tuple[list[dict[str, Any]], str]:
        """A page of the groups in a resource group or subscription, without instance views, and where the next is."""
        if group_request.resource_group:
            self._platform.resource_manager.require_group(group_request.subscription, group_request.resource_group)
        found = self._store.list(GROUPS, group_request.prefix, after=after, limit=limit + 1)
        following = found[limit - 1][0] if len(found) > limit else ""
        fill = self.position("address-port-protocol") == "fill"
        return [show(record, None, fill_protocol=fill) for _, record in found[:limit]], following

    def generic(self, subscription: str, resource_group: str | None) -> list[dict[str, Any]]:
        """All groups in the form in which Resource Manager lists resources."""
        return [generic(record) for _, record in self._store.list(GROUPS, scope(subscription, resource_group))]

    def require(self, group_request: GroupRequest) -> tuple[str, dict[str, Any]]:
        """The key and record of the group. Raises ArmError 404 (resource group or group)."""
        resource_group = self._platform.resource_manager.require_group(
            group_request.subscription, group_request.resource_group
        )
        record = self.deployments.record(group_request.key)
        if record is None:
            raise ArmError(
                404,
                "ResourceNotFound",
                f"The Resource '{NAMESPACE}/containerGroups/{group_request.name}' under resource group "
                f"'{resource_group['name']}' was not found. For more details please go to "
                "https://aka.ms/ARMResourceNotFoundFix",
                gateway=True,
            )
        return group_request.key, record

    def _shown(self, key: str, record: Mapping[str, Any]) -> dict[str, Any]:
        fill = self.position("address-port-protocol") == "fill"
        return show(record, self.deployments.view(key, record), fill_protocol=fill)

    # -- tags and deletion

    def patch(self, group_request: GroupRequest, body: Any) -> dict[str, Any]:
        """Replaces all tags (recorded in 2023); nothing else can be changed."""
        key, record = self.require(group_request)
        if not isinstance(body, Mapping):
            raise malformed("The request body must be a JSON object")
        others = [name for name in body if name.lower() not in ("tags", "location")]  # both recorded in 2019
        if others and self.position("patch-other") == "refuse":
            raise malformed(f"Could not find member '{others[0]}' on object of type 'Resource'")
        sent = {name.lower(): value for name, value in body.items()}
        if sent.get("tags") is not None:
            record["tags"] = check_tags(sent["tags"])
            self._store.put(GROUPS, key, record)
        return self._shown(key, record)

    def delete(self, group_request: GroupRequest) -> Answer:
        """Deletes a group: 200 with its last state (recorded from 2017 to 2026), 204 if it does not exist."""
        self._platform.resource_manager.require_group(group_request.subscription, group_request.resource_group)
        record = self.deployments.record(group_request.key)
        headers = self.rates.count(group_request.subscription, rates.DELETION)
        if record is None:
            return Answer(204, None, headers)
        repairing = record["provisioningState"] == operations.REPAIRING
        if self.position("operations-while-transitioning") == "refuse" and not repairing:
            self.deployments.require_settled(group_request.key, record)
        if self.position("delete-answer") == "202":
            return self._delete_later(group_request.key, record, headers)
        shown = self._shown(group_request.key, record)
        self.deployments.remove(group_request.key)
        return Answer(200, shown, headers)

    def _delete_later(self, key: str, record: dict[str, Any], headers: dict[str, str]) -> Answer:
        operation = self.deployments.begin(record, "Deleting")
        record["provisioningState"] = "Deleting"
        self._store.put(GROUPS, key, record)

        def finish() -> None:
            self.deployments.remove(key)
            self.deployments.operations.finish(operation["name"], operations.SUCCEEDED, [])

        self._platform.clock.call_later(self._settings.provisioning_seconds, finish)
        return Answer(202, None, headers, operation)

    async def remove_all(self, subscription: str, resource_group: str) -> None:
        """Removes the groups of a resource group that is being deleted."""
        for key, _ in self._store.list(GROUPS, scope(subscription, resource_group)):
            self.deployments.remove(key)

    def _tenant(self, subscription: str) -> str:
        """The tenant that a subscription trusts."""
        found = self._platform.directory.subscription(subscription)
        return found.tenant_id if found is not None else ""


def _carry_on(requested: dict[str, Any], live: Mapping[str, Any] | None) -> None:
    """Keeps the properties of a live group that a PUT does not remove by omitting them: its NGroup, and its network
    profile if the API version has subnets instead."""
    if live is None:
        return
    before, after = live["properties"], requested["properties"]
    if "orchestratorId" in live:
        requested.setdefault("orchestratorId", live["orchestratorId"])
    if "orchestratorId" in before:
        after.setdefault("orchestratorId", before["orchestratorId"])
    if "networkProfile" in before and not after.get("subnetIds"):
        after.setdefault("networkProfile", before["networkProfile"])


def _add_policy(properties: dict[str, Any]) -> None:
    """Gives a confidential group without a policy one that allows everything (recorded in 2023)."""
    if properties.get("sku") == "Confidential":
        policy = base64.b64encode(_ALLOW_ALL.encode()).decode()
        properties["confidentialComputeProperties"] = {
            "ccePolicy": policy,
            **properties.get("confidentialComputeProperties", {}),
        }


def _add_private_address(properties: dict[str, Any]) -> None:
    """Gives a group with a network profile but no address a private one, with the ports of its containers."""
    ports = [port for each in properties.get("containers") or [] for port in each["properties"].get("ports") or []]
    if properties.get("networkProfile") and ports:
        properties.setdefault("ipAddress", {"type": "Private", "ports": ports})


def _comparable(group: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a stored or requested group whose changes restart containers: everything except configuration maps,
    the identity, and what only repeats the state."""
    properties = {name: value for name, value in group["properties"].items() if name != "isCustomProvisioningTimeout"}
    if properties.get("ipAddress"):
        properties["ipAddress"] = {**properties["ipAddress"], "ip": None}
    properties["containers"] = [
        {**each, "properties": {**each["properties"], "configMap": None}} for each in properties["containers"]
    ]
    return {"properties": properties, "zones": group.get("zones")}


def _config_maps(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {each["name"]: each["properties"].get("configMap") for each in properties["containers"]}
