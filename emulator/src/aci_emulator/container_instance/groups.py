# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is done to container groups: create, update, tag, read, list, delete.

Everything here is synchronous: between reading a group and writing it nothing else happens. HTTP is in `handlers`,
start, stop and restart are in `actions`.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .. import switches
from ..errors import ArmError
from ..network import is_delegated
from ..runtime.base import ImageRefused
from ..runtime.supervisor import FAILED as PHASE_FAILED
from ..runtime.supervisor import PROVISIONED, GroupView
from ..settings import normalise_location
from ..tags import check_tags
from . import identities, models, operations, rates, updates
from .addresses import Addresses, NameTaken, NoAddress, full_name
from .operations import Operations
from .quotas import Usage, needs
from .refusals import refuse
from .registration import NAMESPACE
from .rendering import generic, show
from .schema import Reading, malformed
from .validation import Rules, check_group, check_name

if TYPE_CHECKING:
    from ..emulator import Emulator
    from ..network import Network

GROUPS = "container_groups"
RUNS = "container_runs"
_INACTIVE = ("Stopped", "Succeeded", "Failed")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Caller:
    """Of a request what groups need: where it points to, its API version and its ids."""

    subscription: str
    resource_group: str = ""
    name: str = ""
    version: str = ""
    activity: str = field(default_factory=lambda: str(uuid.uuid4()))
    correlation: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True)
class Outcome:
    """What became of a request: status, body and headers of the answer; the operation that began."""

    status: int
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    operation: dict[str, Any] | None = None


class Groups:
    """The container groups of an emulator."""

    def __init__(self, emulator: Emulator, network: Network) -> None:
        self._emulator = emulator
        self._network = network
        self._settings = emulator.settings
        self._store = emulator.store
        self.operations = Operations(emulator.store, emulator.clock)
        self.addresses = Addresses(emulator.store, emulator.clock)
        self.usage = Usage(emulator.settings.limits, self.position("quota-code"))
        self.rates = rates.RequestCounters(
            emulator.clock, enforce=self.position("request-limits") == "enforce", limits=emulator.settings.limits
        )

    def position(self, switch: str) -> str:
        """The position of a switch."""
        return switches.position(self._settings.switches, switch)

    # -- create and update

    def put(self, caller: Caller, body: Any) -> Outcome:
        """Creates a group, updates it in place, or deploys one anew that is stopped or has finished."""
        resource_group = self._emulator.resource_manager.require_group(caller.subscription, caller.resource_group)
        requested = self._read(caller, body)
        location = requested.get("location")
        if not location:
            raise refuse("location_required")
        key = self.key(caller)
        live = self._store.get(GROUPS, key)
        self._check_location(caller, location, live)
        headers = self.rates.count(caller.subscription, rates.CREATION)
        rules = self._rules(caller, location)
        check_name(caller.name, rules)
        check_group(caller.name, requested, rules)
        if live is not None:
            self.require_settled(key, live, caller.name)
        self._check_subnet(caller, location, requested["properties"])
        anew = live is None or self._inactive(key, live)
        if live is not None and not anew:
            changes = updates.refused(live, requested, strict=self.position("mutability") == "strict")
            if changes:
                raise updates.refusal(caller.name, changes, self.position("refusal-wording"))
        region = normalise_location(location)
        self.usage.check(key, caller.subscription, region, needs(requested["properties"]))
        name = self._dns_name(caller, key, region, requested, live)
        self.check_images(caller.name, requested["properties"])
        record = self._record(caller, key, resource_group, requested, live, anew=anew)
        with self._store.transaction():
            self._move_subnet(key, live, record)
            self._move_name(key, live, record, name)
            self._keep_address(record, live, anew=anew)
            operation = self.begin(record, operations.PENDING if anew else operations.UPDATING)
            self._store.put(GROUPS, key, record)
        self._emulator.supervisor.deploy(key, self.definition(record), on_event=self.on_event, keep_history=not anew)
        self._note_usage(key, record)
        self._save_run(key)
        status = 201 if live is None else int(self.position("put-existing"))
        headers["x-ms-request-id"] = f"{region}:{operation['name']}"
        return Outcome(status, self.shown(key, record), headers, operation)

    def _read(self, caller: Caller, body: Any) -> dict[str, Any]:
        unknown = self.position("unknown-properties")
        reading = Reading(caller.version, unknown, caller.name)  # type: ignore[arg-type]
        if not isinstance(body, Mapping):
            raise malformed("The request body must be a JSON object")
        check_tags({name.lower(): value for name, value in body.items()}.get("tags"))
        requested: dict[str, Any] = models.GROUP.read(body, "", reading)
        requested.setdefault("properties", models.PROPERTIES.read({}, "properties", reading))
        address = requested["properties"].get("ipAddress")
        if address and address.get("dnsNameLabel") is not None:
            address.setdefault("autoGeneratedDomainNameLabelScope", "Unsecure")
        return requested

    def _check_location(self, caller: Caller, location: str, live: Mapping[str, Any] | None) -> None:
        if live is not None and normalise_location(location) != normalise_location(live["location"]):
            raise refuse(
                "location_moved",
                group=live["name"],
                old=normalise_location(live["location"]),
                new=normalise_location(location),
                resource_group=caller.resource_group,
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

    def _rules(self, caller: Caller, location: str) -> Rules:
        return Rules(
            version=caller.version,
            location=normalise_location(location),
            resource_group=caller.resource_group,
            switches={switch.name: self.position(switch.name) for switch in switches.SWITCHES},
            activity=caller.activity,
            correlation=caller.correlation,
        )

    def _record(
        self,
        caller: Caller,
        key: str,
        resource_group: Mapping[str, Any],
        requested: dict[str, Any],
        live: Mapping[str, Any] | None,
        *,
        anew: bool,
    ) -> dict[str, Any]:
        """The group as it is stored: what was sent replaces what was there, nothing is merged."""
        tenant = self.tenant(caller.subscription)
        identity = identities.assign(requested.get("identity"), (live or {}).get("identity"), tenant)
        tags = requested.get("tags")
        if live is not None and self.position("put-tags") == "keep":
            tags = live.get("tags")
        record: dict[str, Any] = {
            "id": live["id"] if live is not None else self.resource_id(caller, str(resource_group["name"])),
            "name": live["name"] if live is not None else caller.name,
            "subscription": caller.subscription,
            "region": normalise_location(requested["location"]),
            "location": live["location"] if live is not None else requested["location"],
            "properties": requested["properties"],
            "provisioningState": operations.PENDING if anew else operations.UPDATING,
            "operations": list((live or {}).get("operations", [])),
        }
        optional = {"tags": tags, "zones": requested.get("zones"), "identity": identity}
        record.update({name: value for name, value in optional.items() if value is not None})
        return record

    # -- subnets, addresses and names

    def _check_subnet(self, caller: Caller, location: str, properties: Mapping[str, Any]) -> None:
        """Refuses a subnet that is not there, is not delegated to container groups, or is in another region."""
        for each in properties.get("subnetIds") or []:
            subnet = self._network.subnet(each["id"])
            if subnet is None:
                if self._network.has_network(each["id"]) or self.position("unknown-subnets") == "refuse":
                    raise refuse("subnet_missing", subnet=each["id"], group=caller.name)
                continue
            if not is_delegated(subnet):
                raise refuse("subnet_delegation", group=caller.name)
            if subnet["location"] != normalise_location(location):
                reason = f"The subnet is in location '{subnet['location']}'."
                raise refuse("subnets", group=caller.name, reason=reason)

    def _move_subnet(self, key: str, live: Mapping[str, Any] | None, record: Mapping[str, Any] | None) -> None:
        """Notes which subnet a group is in, for the network's sake."""
        before = _subnet_of(live)
        after = _subnet_of(record)
        if before is not None and before != after:
            self._network.leave(before, key, keep_link=self.position("subnet-link") == "keep")
        if after is not None:
            self._network.join(after, key)

    def _dns_name(
        self, caller: Caller, key: str, region: str, requested: Mapping[str, Any], live: Mapping[str, Any] | None
    ) -> str | None:
        """The DNS name that the definition asks for; one that the group has stays (Noreuse has a random part)."""
        address = requested["properties"].get("ipAddress") or {}
        label = address.get("dnsNameLabel")
        if label is None:
            return None
        scope = address["autoGeneratedDomainNameLabelScope"]
        before = ((live or {}).get("properties") or {}).get("ipAddress") or {}
        if (
            live is not None
            and live.get("fqdn")
            and (label, scope)
            == (
                before.get("dnsNameLabel"),
                before.get("autoGeneratedDomainNameLabelScope"),
            )
        ):
            return str(live["fqdn"])
        name = full_name(
            label,
            scope,
            region,
            tenant=self.tenant(caller.subscription),
            subscription=caller.subscription,
            resource_group=caller.resource_group,
        )
        try:
            self.addresses.check_name(key, name)
        except NameTaken:
            raise self._name_taken(caller, label) from None
        return name

    def _name_taken(self, caller: Caller, label: str) -> ArmError:
        status = int(self.position("dns-label-taken"))
        if status == 500:
            return refuse("internal", activity=caller.activity, correlation=caller.correlation)
        error = refuse("dns_label_taken", label=label, group=caller.name)
        error.status = status
        return error

    def _move_name(self, key: str, live: Mapping[str, Any] | None, record: dict[str, Any], name: str | None) -> None:
        before = (live or {}).get("fqdn")
        if before and before != name:
            self.addresses.release_name(before, late=self.position("dns-label-release") == "late")
        if name is not None:
            self.addresses.claim_name(key, name)
            record["fqdn"] = name

    def _keep_address(self, record: dict[str, Any], live: Mapping[str, Any] | None, *, anew: bool) -> None:
        """An update keeps the address; a new deployment, or another kind of address, gets another one."""
        if live is None or not live.get("ip"):
            return
        if not anew and self._place(live) == self._place(record):
            record["ip"] = live["ip"]
        else:
            self.addresses.release(live["ip"], self._place(live)[1])

    def _place(self, record: Mapping[str, Any]) -> tuple[str, str]:
        properties = record["properties"]
        kind = (properties.get("ipAddress") or {}).get("type", "")
        if kind != "Private":
            return kind, ""
        return kind, str(properties["subnetIds"][0]["id"]).lower()

    def drop_address(self, record: dict[str, Any]) -> None:
        """Gives the address back: the next deployment gets a new one."""
        if record.get("ip"):
            self.addresses.release(record.pop("ip"), self._place(record)[1])

    def _give_address(self, key: str, record: dict[str, Any]) -> None:
        kind, subnet = self._place(record)
        if not kind or record.get("ip"):
            return
        wanted = record["properties"]["ipAddress"].get("ip")
        if kind == "Public":
            record["ip"] = self.addresses.allocate_public(key)
        elif wanted and self.addresses.claim_private(key, subnet, wanted):
            record["ip"] = wanted
        else:
            try:
                known = self._network.subnet(subnet)
                prefix = known["properties"]["addressPrefix"] if known is not None else None
                record["ip"] = self.addresses.allocate_private(key, subnet, prefix)
            except NoAddress:
                _log.warning("subnet %s has no free address", subnet)

    # -- reading

    def get(self, caller: Caller) -> dict[str, Any]:
        """The group with its instance view."""
        key, record = self.require(caller)
        return self.shown(key, record)

    def page(self, caller: Caller, *, after: str, limit: int) -> tuple[list[dict[str, Any]], str]:
        """One page of groups, of a resource group or a subscription, without instance views; where the next begins."""
        prefix = f"/subscriptions/{caller.subscription}/".lower()
        if caller.resource_group:
            self._emulator.resource_manager.require_group(caller.subscription, caller.resource_group)
            prefix += f"resourcegroups/{caller.resource_group}/".lower()
        found = self._store.list(GROUPS, prefix, after=after, limit=limit + 1)
        following = found[limit - 1][0] if len(found) > limit else ""
        fill = self.position("address-port-protocol") == "fill"
        return [show(record, None, fill_protocol=fill) for _, record in found[:limit]], following

    def generic(self, subscription: str, resource_group: str | None) -> list[dict[str, Any]]:
        """All groups as Resource Manager lists them among other resources."""
        prefix = f"/subscriptions/{subscription}/".lower()
        if resource_group is not None:
            prefix += f"resourcegroups/{resource_group}/".lower()
        return [generic(record) for _, record in self._store.list(GROUPS, prefix)]

    def require(self, caller: Caller) -> tuple[str, dict[str, Any]]:
        """Key and record of the group. Raises ArmError 404 (resource group or group)."""
        resource_group = self._emulator.resource_manager.require_group(caller.subscription, caller.resource_group)
        key = self.key(caller)
        record = self._store.get(GROUPS, key)
        if record is None:
            raise ArmError(
                404,
                "ResourceNotFound",
                f"The Resource '{NAMESPACE}/containerGroups/{caller.name}' under resource group "
                f"'{resource_group['name']}' was not found. For more details please go to "
                "https://aka.ms/ARMResourceNotFoundFix",
                gateway=True,
            )
        return key, record

    def shown(self, key: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """The answer for one group."""
        fill = self.position("address-port-protocol") == "fill"
        return show(record, self._emulator.supervisor.view(key), fill_protocol=fill)

    # -- tags and deletion

    def patch(self, caller: Caller, body: Any) -> dict[str, Any]:
        """Replaces the whole map of tags (recorded in 2023); nothing else can be changed."""
        key, record = self.require(caller)
        if not isinstance(body, Mapping):
            raise malformed("The request body must be a JSON object")
        others = [name for name in body if name.lower() != "tags"]
        if others and self.position("patch-other") == "refuse":
            raise malformed(f"Could not find member '{others[0]}' on object of type 'Resource'")
        sent = {name.lower(): value for name, value in body.items()}
        if sent.get("tags") is not None:
            record["tags"] = check_tags(sent["tags"])
            self._store.put(GROUPS, key, record)
        return self.shown(key, record)

    def delete(self, caller: Caller) -> Outcome:
        """Deletes a group: 200 with its last state (recorded in 2021 and 2025), 204 if it is not there."""
        self._emulator.resource_manager.require_group(caller.subscription, caller.resource_group)
        key = self.key(caller)
        record = self._store.get(GROUPS, key)
        headers = self.rates.count(caller.subscription, rates.DELETION)
        if record is None:
            return Outcome(204, None, headers)
        if self.position("operations-while-transitioning") == "refuse":
            self.require_settled(key, record, caller.name)
        if self.position("delete-answer") == "202":
            return self._delete_later(key, record, headers)
        shown = self.shown(key, record)
        self.remove(key)
        return Outcome(200, shown, headers)

    def _delete_later(self, key: str, record: dict[str, Any], headers: dict[str, str]) -> Outcome:
        operation = self.begin(record, "Deleting")
        record["provisioningState"] = "Deleting"
        self._store.put(GROUPS, key, record)

        def finish() -> None:
            self.remove(key)
            self.operations.finish(operation["name"], operations.SUCCEEDED, [])

        self._emulator.clock.call_later(self._settings.provisioning_seconds, finish)
        return Outcome(202, None, headers, operation)

    def remove(self, key: str) -> None:
        """Removes a group with all that it has: containers, address, name, quota."""
        record = self._store.get(GROUPS, key)
        if record is None:
            return
        with self._store.transaction():
            self._move_subnet(key, record, None)
            self.drop_address(record)
            if record.get("fqdn"):
                self.addresses.release_name(record["fqdn"], late=self.position("dns-label-release") == "late")
            self._store.delete(GROUPS, key)
            self._store.delete(RUNS, key)
        self.usage.forget(key)
        self._emulator.supervisor.remove(key)

    # -- operations

    def begin(self, record: dict[str, Any], status: str) -> dict[str, Any]:
        """Begins an operation on a group and notes it in its record, which the caller stores."""
        previous = record.get("operation")
        if previous:
            self.operations.finish(previous, operations.SUCCEEDED, [])
        operation = self.operations.begin(record["subscription"], record["region"], record["id"], status)
        record["operation"] = operation["name"]
        record["operations"] = self.operations.forget([*record.get("operations", []), operation["name"]])
        return operation

    def require_settled(self, key: str, record: Mapping[str, Any], name: str) -> None:
        """Refuses what cannot be done while an operation runs: ContainerGroupTransitioning (409).

        A group whose containers wait, for an image that cannot be pulled or after a crash, can be changed and deleted.
        """
        if not record.get("operation"):
            return
        view = self._emulator.supervisor.view(key)
        views = [*view.containers.values(), *view.init_containers.values()]
        waiting = any(
            shown is not None
            and shown.get("currentState", {}).get("state") == "Waiting"
            and "Off" in shown["currentState"].get("detailStatus", "")
            for shown in views
        )
        if not waiting:
            raise refuse("transitioning", group=name)

    def on_event(self, key: str) -> None:
        """Called whenever the view of a group has changed: ends its operation, gives it its address."""
        record = self._store.get(GROUPS, key)
        if record is None:
            return
        view = self._emulator.supervisor.view(key)
        with self._store.transaction():
            if self._settle(key, record, view):
                self._store.put(GROUPS, key, record)
            self._save_run(key)
        self._note_usage(key, record)

    def _settle(self, key: str, record: dict[str, Any], view: GroupView) -> bool:
        """Brings a record up to what the containers have come to; whether anything changed."""
        if record["provisioningState"] == "Deleting":
            return False
        state = {PROVISIONED: operations.SUCCEEDED, PHASE_FAILED: operations.FAILED}.get(view.phase)
        if state is None or (record["provisioningState"] == state and not record.get("operation")):
            return False
        if state == operations.SUCCEEDED:
            self._give_address(key, record)
        record["provisioningState"] = state
        name = record.pop("operation", None)
        if name is not None:
            error = None
            if state == operations.FAILED and self.position("failed-operation") == "error":
                error = {"code": view.code, "message": view.message}
            self.operations.finish(name, state, _events(view), error)
        return True

    def _inactive(self, key: str, record: Mapping[str, Any]) -> bool:
        if record["provisioningState"] == operations.FAILED:
            return True
        return self._emulator.supervisor.view(key).state in _INACTIVE

    def _note_usage(self, key: str, record: Mapping[str, Any]) -> None:
        running = self._emulator.supervisor.view(key).state not in _INACTIVE
        self.usage.record(key, record["subscription"], record["region"], needs(record["properties"], running=running))

    def _save_run(self, key: str) -> None:
        self._store.put(RUNS, key, self._emulator.supervisor.snapshot(key))

    def check_images(self, name: str, properties: Mapping[str, Any]) -> None:
        """Refuses images as the registry would, before anything is stored; several refusals are one error."""
        credentials = properties.get("imageRegistryCredentials") or []
        errors: dict[str, ArmError] = {}
        for container in [*(properties.get("containers") or []), *(properties.get("initContainers") or [])]:
            image = container["properties"].get("image")
            if not image or image in errors:
                continue
            try:
                self._emulator.supervisor.check_image(image, credentials)
            except ImageRefused as refused:
                if refused.code == "RegistryErrorResponse":
                    errors[image] = refuse("registry_error", registry=refused.registry)
                else:
                    errors[image] = refuse("image_inaccessible", image=image, group=name)
        if len(errors) == 1:
            raise next(iter(errors.values()))
        if errors:
            raise several(list(errors.values()))

    # -- helpers

    def resume(self) -> None:
        """Takes up all groups again after the emulator was away."""
        for key, record in self._store.list(GROUPS):
            if record["provisioningState"] == "Deleting":
                self._emulator.supervisor.restore(key, self.definition(record), {"stopped": True}, self.on_event)
                self.remove(key)
                continue
            snapshot = self._store.get(RUNS, key) or {}
            self._emulator.supervisor.restore(key, self.definition(record), snapshot, self.on_event)
            self.on_event(key)

    async def remove_all(self, subscription: str, resource_group: str) -> None:
        """Removes the groups of a resource group that is being deleted."""
        prefix = f"/subscriptions/{subscription}/resourcegroups/{resource_group}/".lower()
        for key, _ in self._store.list(GROUPS, prefix):
            self.remove(key)

    def definition(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """What the supervisor runs: the wire form with its secrets."""
        return {"name": record["name"], "location": record["location"], "properties": record["properties"]}

    def store_record(self, key: str, record: Mapping[str, Any]) -> None:
        """Writes a group."""
        self._store.put(GROUPS, key, record)

    def state(self, key: str) -> str:
        """The state of the group as its instance view shows it."""
        return self._emulator.supervisor.view(key).state

    def tenant(self, subscription: str) -> str:
        """The tenant that a subscription trusts."""
        found = self._emulator.directory.subscription(subscription)
        return found.tenant_id if found is not None else ""

    def resource_id(self, caller: Caller, resource_group: str) -> str:
        """The group's id: `resourceGroups` with a capital whatever the request had (recorded)."""
        return (
            f"/subscriptions/{caller.subscription}/resourceGroups/{resource_group}/providers/{NAMESPACE}"
            f"/containerGroups/{caller.name}"
        )

    def key(self, caller: Caller) -> str:
        """Under what the group is stored: its id in lower case."""
        return self.resource_id(caller, caller.resource_group).lower()


def several(errors: list[ArmError]) -> ArmError:
    """MultipleErrorsOccurred, in the form quoted by users."""
    words = {400: "BadRequest", 404: "NotFound", 409: "Conflict"}
    texts = ";".join(f"'{words.get(error.status, error.status)}':'{error.code}':'{error.message}'" for error in errors)
    return refuse("several", errors=texts)


def _subnet_of(record: Mapping[str, Any] | None) -> str | None:
    subnets = record["properties"].get("subnetIds") if record is not None else None
    return subnets[0]["id"] if subnets else None


def _events(view: GroupView) -> list[dict[str, Any]]:
    events = list(view.events)
    for shown in [*view.init_containers.values(), *view.containers.values()]:
        events += (shown or {}).get("events", [])
    return events
