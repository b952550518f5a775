# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""State as a YAML file: resource groups with their networks, profiles and container groups, and faults.

The file has no secrets, because Resource Manager does not return any. ``SECRET`` replaces them, and is sent when the
file is loaded; edit the file if a real secret is required. Subscription IDs are written as ``{subscription}`` and
``{second_subscription}``, so that the file can be loaded into any state directory.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import yaml

from .arm_client import CONTAINERS, NETWORKS, RESOURCES, ArmClient
from .control_client import CommandError, call
from .lifecycle import load_yaml

SECRET = "not-saved"  # noqa: S105 - a placeholder
SECTIONS = ("resource_groups", "faults")
_SUBSCRIPTIONS = ("subscription", "second_subscription")
_MEMBERS = {
    "networks": ("Microsoft.Network/virtualNetworks", NETWORKS),
    "container_group_profiles": ("Microsoft.ContainerInstance/containerGroupProfiles", CONTAINERS),
    "container_groups": ("Microsoft.ContainerInstance/containerGroups", CONTAINERS),
}
_READ_ONLY = {
    "clientId",
    "etag",
    "fqdn",
    "id",
    "instanceView",
    "ipConfigurationProfiles",
    "isCreatedFromStandbyPool",
    "isCustomProvisioningTimeout",
    "principalId",
    "provisioningState",
    "provisioningTimeoutInSeconds",
    "registeredRevisions",
    "resourceGuid",
    "serviceAssociationLinks",
    "tenantId",
    "type",
}
_COUNTED = ("id", "seen", "hits")  # fields of faults that the emulator sets


def save(state_dir: Path, path: Path) -> int:
    """Writes the state to a file, and returns the number of container groups in it. Raises CommandError."""
    arm = ArmClient(state_dir)
    groups = [
        _resource_group(arm, name, subscription, each)
        for name, subscription in zip(_SUBSCRIPTIONS, arm.subscriptions)
        for each in arm.list(f"/subscriptions/{subscription}/resourcegroups", RESOURCES)
    ]
    faults = [
        {name: value for name, value in fault.items() if name not in _COUNTED and value not in (None, [], {}, "")}
        for fault in call(state_dir, "GET", "/emulator/faults")["value"]
    ]
    document = _replace({"resource_groups": groups, "faults": faults}, arm, to_names=True)
    text = yaml.safe_dump({name: value for name, value in document.items() if value}, sort_keys=False)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror}") from None
    return sum(len(group.get("container_groups", [])) for group in groups)


def load(state_dir: Path, path: Path) -> int:
    """Creates what a file describes, in addition to what exists. Returns the number of container groups created.

    Their deployments continue when this returns. Raises CommandError, which names the resource that was refused.
    """
    document = read_state(path)
    arm = ArmClient(state_dir)
    document = _replace(document, arm, to_names=False)
    count = 0
    for group in document.get("resource_groups") or ():
        subscription = dict(zip(_SUBSCRIPTIONS, arm.subscriptions))[group.get("subscription", "subscription")]
        scope = f"/subscriptions/{subscription}/resourcegroups/{group['name']}"
        given = {name: value for name, value in group.items() if name in ("location", "tags", "managedBy")}
        _put(arm, path, scope, RESOURCES, given)
        for section, (kind, version) in _MEMBERS.items():
            for member in group.get(section) or ():
                body = {"location": group["location"], **member}
                _put(arm, path, f"{scope}/providers/{kind}/{body.pop('name')}", version, body)
                count += section == "container_groups"
    for number, fault in enumerate(document.get("faults") or ()):
        try:
            call(state_dir, "POST", "/emulator/faults", fault)
        except CommandError as error:
            raise CommandError(f"{path}: faults[{number}]: {error}") from None
    return count


def read_state(path: Path) -> dict[str, Any]:
    """Returns the content of a file after checking its form. Raises CommandError."""
    document = load_yaml(path)
    if document is None:
        return {}
    if not isinstance(document, dict) or not set(document) <= set(SECTIONS):
        raise CommandError(f"{path} must contain a mapping with {' and '.join(SECTIONS)}")
    for name, section in document.items():
        _check_list(path, name, section, ("name", "location") if name == "resource_groups" else ("kind",))
    for group in document.get("resource_groups") or ():
        where = f"resource_groups[{group['name']}]"
        if group.get("subscription", "subscription") not in _SUBSCRIPTIONS:
            raise CommandError(f"{path}: {where}.subscription must be {' or '.join(_SUBSCRIPTIONS)}")
        known = {"name", "location", "subscription", "tags", "managedBy", *_MEMBERS}
        if unknown := sorted(set(map(str, group)) - known):
            raise CommandError(f"{path}: {where} has unknown keys: {', '.join(unknown)}")
        for section in _MEMBERS:
            _check_list(path, f"{where}.{section}", group.get(section), ("name",))
    return document


def _check_list(path: Path, where: str, section: Any, needed: tuple[str, ...]) -> None:
    if section is None:
        return
    if not isinstance(section, list) or not all(isinstance(each, dict) for each in section):
        raise CommandError(f"{path}: {where} must be a list of mappings")
    for number, each in enumerate(section):
        if missing := [name for name in needed if not isinstance(each.get(name), str)]:
            raise CommandError(f"{path}: {where}[{number}].{missing[0]} is required and must be a string")


def _put(arm: ArmClient, path: Path, resource: str, version: str, body: dict[str, Any]) -> None:
    try:
        arm.put(resource, version, body)
    except CommandError as error:
        raise CommandError(f"{path}: {'/'.join(resource.split('/')[3:])}: {error}") from None


def _resource_group(arm: ArmClient, name: str, subscription: str, group: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": group["name"], "location": group["location"]}
    if name != _SUBSCRIPTIONS[0]:
        shown["subscription"] = name
    shown |= {key: group[key] for key in ("tags", "managedBy") if group.get(key)}
    for section, (kind, version) in _MEMBERS.items():
        path = f"/subscriptions/{subscription}/resourceGroups/{group['name']}/providers/{kind}"
        # Resources are read one by one, because lists may be less complete than what a PUT requires.
        members = [_writable(arm.get(f"{path}/{each['name']}", version)) for each in arm.list(path, version)]
        if members:
            for each in members:
                if each.get("location") == group["location"]:
                    each.pop("location")
            shown[section] = [{"name": each.pop("name"), **each} for each in members]
    return shown


def _writable(resource: dict[str, Any]) -> dict[str, Any]:
    """Returns a resource in the form of a PUT: without what the service adds, with placeholders for hidden secrets."""

    def walk(value: Any, key: str = "") -> Any:
        if isinstance(value, list):
            return [walk(each, key) for each in value]
        if not isinstance(value, dict):
            return value
        if key in _FREE:
            return value
        if key == "userAssignedIdentities":
            return {identity: {} for identity in value}
        kept = {name: walk(each, name) for name, each in value.items() if _is_given(name, key)}
        return {name: each for name, each in kept.items() if each not in (None, [], {}) or name in _EMPTY}

    shown: dict[str, Any] = walk(resource)
    _mark_secrets(shown.get("properties", {}))
    return shown


_REFERRING = {
    "subnetIds",
    "networkProfile",
    "containerGroupProfile",
    "standbyPoolProfile",
    "networkSecurityGroup",
    "subnet",
}
_TYPED = ("ipAddress", "identity")
_FREE = ("tags", "keyValuePairs", "metadata", "settings", "secretReference")  # maps with arbitrary keys
_EMPTY = ("emptyDir", "secret", "value")  # whose presence alone has a meaning


def _is_given(name: str, parent: str) -> bool:
    """Whether a member was given by the user, as opposed to added by the service."""
    if name == "id":
        return parent in _REFERRING
    if name == "type":
        return parent in _TYPED
    if name == "ip":
        return parent != "ipAddress"
    if name == "revision":
        return parent in ("containerGroupProfile", "gitRepo")
    return name not in _READ_ONLY


def _mark_secrets(properties: dict[str, Any]) -> None:
    """Inserts placeholders for hidden secrets: wherever there is neither a value nor a reference."""
    for container in (*properties.get("containers", ()), *properties.get("initContainers", ())):
        for variable in container.get("properties", {}).get("environmentVariables", ()):
            _mark(variable, "secureValue", "value", "secureValueReference")
    for volume in properties.get("volumes", ()):
        if "secret" in volume and "secretReference" not in volume:  # it must not be empty
            volume["secret"] = {SECRET: base64.b64encode(SECRET.encode()).decode()}
        if "azureFile" in volume:
            other = ("storageAccountKeyReference", "userAssignedIdentityClientId")
            _mark(volume["azureFile"], "storageAccountKey", *other)
    for registry in properties.get("imageRegistryCredentials", ()):
        _mark(registry, "password", "passwordReference", "identity", "identityUrl")
    if "logAnalytics" in properties.get("diagnostics", {}):
        _mark(properties["diagnostics"]["logAnalytics"], "workspaceKey")


def _mark(holder: dict[str, Any], secret: str, *others: str) -> None:
    if not any(name in holder for name in others):
        holder[secret] = SECRET


def _replace(document: dict[str, Any], arm: ArmClient, *, to_names: bool) -> dict[str, Any]:
    text = json.dumps(document)
    for name, identifier in zip(_SUBSCRIPTIONS, arm.subscriptions):
        mark = f"{{{name}}}"
        text = text.replace(identifier, mark) if to_names else text.replace(mark, identifier)
    replaced: dict[str, Any] = json.loads(text)
    return replaced
