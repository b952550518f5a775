# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the resource_group_info module: returns resource groups."""

from __future__ import annotations

from typing import Any

from .._group.facts import resource_group_facts
from .._module import Context, ModuleSpec
from .aci_group_info import has_tags, wanted_tags


def run(context: Context) -> dict[str, Any]:
    """The resource groups that the options select. Raises AciError."""
    name = context.params["name"]
    wanted = wanted_tags(context.params["tags"])
    if name is None:
        groups = context.client.resource_groups.list_all()
    else:
        group = context.client.get_resource_group(str(name))
        groups = [] if group is None else [group]
    found = [resource_group_facts(group) for group in groups if has_tags(group, wanted)]
    return {"changed": False, "resource_groups": found}


SPEC = ModuleSpec(
    name="resource_group_info",
    arguments={"name": {"type": "str"}, "tags": {"type": "raw"}},
    run=run,
)
