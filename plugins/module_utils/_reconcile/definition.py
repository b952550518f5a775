# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The complete definition in a task: read from its options, sent with its API version, and its own tags left out."""

from __future__ import annotations

from .._group.definition import Definition
from .._group.names import check_names
from .._group.task_definition import definition_version, given_definition
from .._group.wire import ArmJson
from .._module import Context


def used_definition(context: Context) -> Definition:
    """The task's definition. Warns of parts that are not used, and sets the task's ``name``.

    Raises InvalidArguments if the definition is not valid.
    """
    params = context.params
    definition, warnings = given_definition(params)
    for warning in warnings:
        context.warn(warning)
    params["name"] = definition.name
    check_names(params)
    return definition


def version_of(context: Context, definition: Definition) -> str | None:
    """Switches to the old API version that a definition with a network profile requires; None for all others."""
    version = definition_version(context.params, definition)
    if version is not None:
        context.client = context.client.of_version(version)
    return version


def warn_of_own_tags(context: Context, definition: Definition, live: ArmJson | None) -> None:
    """Warns which of the collection's own tags were left out of a definition, unless the group has them already."""
    has = {name.lower(): value for name, value in ((live or {}).get("tags") or {}).items()}
    left = sorted(name for name, value in definition.own_tags.items() if has.get(name.lower()) != value)
    if left:
        context.warn(
            f"definition.tags: {', '.join(left)} not taken from the definition: the collection writes it for one group "
            "only. Give tags, or ttl for a time to expire, where this group is meant to have it."
        )
