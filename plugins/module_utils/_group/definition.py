# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""A group as a complete definition: ARM JSON, or the YAML that az container create --file takes. Pure.

It is the wire form with ``name``, ``apiVersion``, ``location``, ``tags``, ``identity``, ``zones`` and ``properties``.
_group/definition_kinds.py finds it in various kinds of documents; definition_forms.py normalises its form.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .._common.errors import InvalidArguments
from .._common.masking import may_have_credentials, shown, texts_of
from .._common.telling_names import is_free_map, says_secret
from .._common.url_credentials import credentials_in
from .definition_forms import (
    NETWORK_PROFILE,
    TOP_LEVEL,
    check_values,
    drop_unknown,
    misplaced_options,
    nested,
    respell,
    respelled,
    text_of,
    without_nulls,
)
from .definition_kinds import RESOURCE_TYPE, group_in
from .own_tags import split_tags
from .schema import GROUP, Kind, Property
from .wire import (
    PLACEHOLDER,
    ArmJson,
    copied,
    drop_path,
    element_key,
    element_label,
    get_path,
    is_placeholder,
    key_options,
    merged,
    secret_fields,
    set_path,
    unknown_paths,
    without_server_fields,
)

SUBNETS_VERSION = "2021-07-01"
"""The API version in which subnetIds replaced networkProfile."""


@dataclass(frozen=True)
class Definition:
    """A group as given by the user."""

    wire: ArmJson
    """The group in wire form, without its name and the properties that only the server writes."""
    name: str | None
    """The group's name, from the task or from the definition."""
    api_version: Any
    """``apiVersion`` as it was given."""
    own_tags: Mapping[str, str]
    """The collection's own tags, which describe another group or an earlier state. They are not in ``wire``."""
    unknown: tuple[str, ...]
    """A sentence for each name that no known API version has. These are not in ``wire``."""


def checked_definition(document: Any, name: str | None) -> Definition:
    """The container group in the user's definition, whatever its form.

    Raises InvalidArguments if the definition contains no group, or not the group ``name``.
    """
    group = group_in(document, name)
    spelled = respelled(copied(group)) if isinstance(group, Mapping) else {}
    options = misplaced_options(spelled)
    definition = nested(spelled)
    if not isinstance(definition.get("properties"), dict):
        raise InvalidArguments(
            "definition must be a dictionary with properties, in the form of ARM. "
            "Write definition: {location: westeurope, properties: {containers: [...]}}."
        )
    given_name = definition.get("name") or None
    if given_name is not None and name is not None and str(given_name) != name:
        raise InvalidArguments(f"definition.name must be that of the task, {name}.")
    kind = definition.get("type")
    if kind is not None and str(kind).lower() != RESOURCE_TYPE.lower():
        raise InvalidArguments(f"definition.type must be {RESOURCE_TYPE}.")
    if options:
        raise InvalidArguments(
            f"definition: {', '.join(options)} is not allowed there; use the names of ARM (camelCase), not the "
            "module's options."
        )
    respell(GROUP, definition)
    definition = without_nulls(GROUP, definition)
    unknown = drop_unknown(definition)
    result = without_server_fields({key: value for key, value in definition.items() if key in TOP_LEVEL}, keep_ip=True)
    check_values(GROUP, result, "definition")
    tags, own_tags = _tags(result)
    if "tags" in result:
        result["tags"] = tags
    found = name if given_name is None else str(given_name)
    return Definition(result, found, definition.get("apiVersion"), own_tags, tuple(unknown))


def _tags(definition: ArmJson) -> tuple[dict[str, str], dict[str, str]]:
    """The tags of a definition as strings: the user's, and the collection's own."""
    tags = definition.get("tags")
    if tags is None:
        return {}, {}
    if not isinstance(tags, dict):
        raise InvalidArguments("definition.tags must be a dictionary.")
    return split_tags({name: text_of(value, f"definition.tags[{name}]") for name, value in tags.items()})


def network_profile_version(definition: ArmJson, given: Any, api_version: str | None) -> str | None:
    """The old API version that a definition with a network profile was written for; None for all other definitions.

    ``given`` is ``apiVersion`` in the definition, ``api_version`` the task's option.
    """
    version = str(api_version or given or "")
    if network_profile_of(definition) is None or not version or version >= SUBNETS_VERSION:
        return None
    return version


def check_network_profile(definition: ArmJson, live: ArmJson | None) -> None:
    """Raises InvalidArguments if an API version without network profiles would have to set one.

    The service would ignore it and create the group outside of its network.
    """
    wanted = network_profile_of(definition)
    if wanted is not None and wanted != network_profile_of(live):
        raise InvalidArguments(
            f"definition.properties.{NETWORK_PROFILE}: API versions since {SUBNETS_VERSION} have no network profiles, "
            "so the group would be created outside of its network. Give definition.properties.subnetIds with the "
            "subnet of the profile; or, as long as the service has them, api_version: '2021-03-01'."
        )


def network_profile_of(wire: ArmJson | None) -> str | None:
    """The ID of a group's network profile in lower case; empty if the profile has no ID; None without a profile."""
    profile = get_path(wire, f"properties.{NETWORK_PROFILE}")
    return None if profile is None else str(get_path(wire, f"properties.{NETWORK_PROFILE}.id") or "").lower()


def from_profile(live: ArmJson | None, definition: ArmJson) -> ArmJson:
    """A definition that refers to a profile, merged over the live group: the profile's part must not be a difference.

    A container without an image in the definition stands for one from the profile: the one of the same name, or the
    only one, whatever its name is.
    """
    if not live:
        return copy.deepcopy(definition)
    result: ArmJson = merged(live, {key: value for key, value in definition.items() if key != "tags"})
    pooled = bool(get_path(live, "properties.isCreatedFromStandbyPool"))
    if pooled and get_path(live, "properties.standbyPoolProfile") is None:
        drop_path(result, "properties.standbyPoolProfile")  # it is used once, and never returned
    theirs = get_path(live, "properties.containers")
    ours = get_path(definition, "properties.containers")
    if isinstance(theirs, list) and isinstance(ours, list):
        by_name = {str(item.get("name")).lower(): item for item in ours}
        # A group from a standby pool keeps the profile's names; what was sent under another name was not applied.
        if not pooled and len(ours) == len(theirs) == 1 and not get_path(ours[0], "properties.image"):
            by_name = {str(theirs[0].get("name")).lower(): {**ours[0], "name": theirs[0].get("name")}}
        known = {str(item.get("name")).lower() for item in theirs}
        result["properties"]["containers"] = [
            *(merged(item, by_name.get(str(item.get("name")).lower(), {})) for item in theirs),
            *(item for name, item in by_name.items() if name not in known and get_path(item, "properties.image")),
        ]
    return result


def completed(prop: Property, live: ArmJson | None, definition: ArmJson) -> ArmJson:
    """The definition, plus those properties of the live group that the table does not know.

    A property of the table that is missing in the definition will be removed. An unknown property is kept: another
    tool may have set it.
    """
    result = copy.deepcopy(definition)
    if not live:
        return result
    for path in unknown_paths(prop, live):
        if get_path(result, path) is None:
            set_path(result, path, copy.deepcopy(get_path(live, path)))
    for child in prop.children:
        theirs, ours = get_path(live, child.wire), get_path(result, child.wire)
        if child.kind is Kind.OBJECT and isinstance(theirs, dict) and isinstance(ours, dict):
            set_path(result, child.wire, completed(child, theirs, ours))
        elif child.kind is Kind.OBJECTS and isinstance(theirs, list) and isinstance(ours, list):
            found = {element_key(child, key_options(child, element)): element for element in theirs}
            set_path(
                result,
                child.wire,
                [
                    completed(child, found.get(element_key(child, key_options(child, element))), element)
                    for element in ours
                ],
            )
    return result


def exported(live: Mapping[str, Any], api_version: str) -> ArmJson:
    """A live group as a definition that can be applied again, with a named placeholder for each secret."""
    result = without_server_fields(live)
    drop_path(result, "properties.orchestratorId")  # a group created from the export belongs to no NGroup
    for path in [path for path, _prop, _value in secret_fields(GROUP, result)]:
        _fill(GROUP, result, path)
    _fill_credentials(GROUP, result)
    definition: ArmJson = {
        "name": live.get("name"),
        "apiVersion": api_version,
        "type": RESOURCE_TYPE,
        "location": result.pop("location", None),
    }
    for key in ("tags", "identity", "zones", "properties"):
        if result.get(key) is not None:
            definition[key] = result[key]
    return definition


def _fill(prop: Property, wire: ArmJson, wanted: str, path: str = "") -> None:
    """Inserts the placeholder for the secret at the option path ``wanted``."""
    for child in prop.children:
        child_path = f"{path}.{child.option}" if path else child.option
        value = get_path(wire, child.wire)
        if child.secret and child_path == wanted:
            if child.secret_optional and value is None and not get_path(wire, "properties.settings"):
                continue  # an extension without any settings (realtime-metrics) has none to protect
            text = PLACEHOLDER.format(wanted)
            set_path(wire, child.wire, text if child.kind in (Kind.TEXT, Kind.RAW_TEXT) else {text: text})
        elif child.kind is Kind.OBJECT and isinstance(value, dict):
            _fill(child, value, wanted, child_path)
        elif child.kind is Kind.OBJECTS:
            for element in value or []:
                _fill(child, element, wanted, f"{child_path}[{element_label(child, key_options(child, element))}]")


def _fill_credentials(prop: Property, wire: ArmJson, path: str = "") -> None:
    """Inserts placeholders for credentials in URLs, and for unknown properties whose names say that they are secret."""
    known = {child.wire: child for child in prop.children}
    for name in list(unknown_paths(prop, wire)):
        said = f"{path}.{name}" if path else name
        value = shown({name.rpartition(".")[2]: get_path(wire, name)}, says_secret, PLACEHOLDER.format(said))
        set_path(wire, name, value[name.rpartition(".")[2]])
    for name, child in known.items():
        value = get_path(wire, name)
        if value is None or child.secret or (isinstance(value, str) and not may_have_credentials(value)):
            continue
        child_path = f"{path}.{child.option}" if path else child.option
        if child.kind is Kind.OBJECT and isinstance(value, dict):
            _fill_credentials(child, value, child_path)
        elif child.kind is Kind.OBJECTS and isinstance(value, list):
            for element in value:
                if isinstance(element, dict):
                    _fill_credentials(
                        child, element, f"{child_path}[{element_label(child, key_options(child, element))}]"
                    )
        else:
            set_path(wire, name, shown(value, mask=PLACEHOLDER.format(child_path)))


def without_placeholders(definition: Mapping[str, Any]) -> ArmJson:
    """A copy without placeholders: the secrets that they stand for are then missing."""
    result = {key: copy.deepcopy(value) for key, value in definition.items() if key in TOP_LEVEL}
    _drop_placeholders(GROUP, result)
    return result


def _drop_placeholders(prop: Property, wire: Any) -> None:
    if not isinstance(wire, dict):
        return
    for child in prop.children:
        value = get_path(wire, child.wire)
        if child.secret and is_placeholder(value):
            if child.kind is Kind.MAP:
                set_path(wire, child.wire, {})
            else:
                drop_path(wire, child.wire)
        elif child.kind is Kind.OBJECT:
            _drop_placeholders(child, value)
        elif child.kind is Kind.OBJECTS:
            for element in value or []:
                _drop_placeholders(child, element)


def _secret_values(value: Any) -> Iterator[Any]:
    """What stands under a name that says that it is secret, at any depth."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            if says_secret(str(name)):
                yield item
            elif not is_free_map(str(name)):
                yield from _secret_values(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _secret_values(item)


def secret_texts(definition: Any) -> set[str]:
    """Every secret in a definition, including credentials in URLs, for both entry points to mask.

    A value is secret if its name says so, as the names of all secrets in the table do, wherever it is and however it is
    spelled: the service ignores or refuses a misspelt name, but its value is a secret nevertheless.
    """
    found = {text for value in _secret_values(definition) for text in texts_of(value)}
    found |= {secret for text in texts_of(definition) for secret in credentials_in(text)}
    return {text for text in found if text.strip() and not is_placeholder(text)}
