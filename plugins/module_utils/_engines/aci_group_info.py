# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_group_info module: tells of container groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .._client import Client
from .._errors import AzureError, InvalidArguments
from .._facts import group_facts, resource_group_of
from .._module import Context, ModuleSpec
from .._wire import raw_text

Group = dict[str, Any]


def run(context: Context) -> dict[str, Any]:
    """The container groups that the options select. Raises AciError."""
    params = context.params
    wanted = _wanted_tags(params["tags"])
    groups = [group for group in _read(context) if has_tags(group, wanted)]
    if params["instance_view"] and params["name"] is None:
        groups = with_instance_views(context.client, groups)
    return {"changed": False, "container_groups": [group_facts(group) for group in groups]}


def _read(context: Context) -> list[Group]:
    """One group, those of a resource group, or those of the subscription. What is missing is not an error."""
    resource_group, name = context.params["resource_group"], context.params["name"]
    try:
        if name is None:
            return context.client.list_groups(resource_group)
        group = context.client.get_group(resource_group, name)
    except AzureError as error:
        if error.code != "ResourceGroupNotFound":
            raise
        context.warn(f"Resource group {resource_group} does not exist, so it has no container groups.")
        return []
    return [] if group is None else [group]


def with_instance_views(client: Client, groups: Iterable[Group]) -> list[Group]:
    """The groups read one by one, since lists come without instance views. One that is gone by now is left out."""
    found = (_view(client, group) for group in groups)
    return [group for group in found if group is not None]


def _view(client: Client, group: Group) -> Group | None:
    resource_group = resource_group_of(str(group.get("id") or ""))
    try:
        return client.get_group(resource_group or "", str(group.get("name")))
    except AzureError as error:
        if error.status == 404:
            return None
        raise


def has_tags(group: Mapping[str, Any], wanted: Iterable[str | tuple[str, str]]) -> bool:
    """Whether a group has all tags that are wanted: a name, a name with its value, or such a pair as C(name:value).

    Names are compared without case, as the service does.
    """
    tags = {str(name).lower(): str(value) for name, value in (group.get("tags") or {}).items()}
    written = {f"{name}:{value}" for name, value in tags.items()}
    for tag in wanted:
        if isinstance(tag, tuple):
            if tags.get(tag[0].lower()) != tag[1]:
                return False
        elif tag.lower() not in tags and not any(_matches(tag, pair) for pair in written):
            return False
    return True


def _matches(text: str, pair: str) -> bool:
    """Whether a text means a tag that is written as name and value. A name may have colons of its own."""
    return len(text) == len(pair) and any(
        text[:at].lower() == pair[:at] and text[at:] == pair[at:] for at, char in enumerate(pair) if char == ":"
    )


def _wanted_tags(given: Any) -> list[str | tuple[str, str]]:
    if given is None:
        return []
    if isinstance(given, Mapping):
        return [
            str(name) if value is None else (str(name), raw_text(value, f"tags[{name}]"))
            for name, value in given.items()
        ]
    entries = [given] if isinstance(given, str) else given
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise InvalidArguments("tags must be a dictionary, or a list of texts like name or name:value.")
    return list(entries)


SPEC = ModuleSpec(
    name="aci_group_info",
    arguments={
        "resource_group": {"type": "str"},
        "name": {"type": "str"},
        "tags": {"type": "raw"},
        "instance_view": {"type": "bool", "default": False},
    },
    required_by={"name": ["resource_group"]},
    run=run,
)
