# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_compose module: turns a compose project into a container group."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from .._common.price_options import COST_ARGUMENTS
from .._group.compose.given import ARGUMENTS, given_group, given_project, given_secrets, group_name, warnings_of
from .._module import Context, ModuleSpec
from . import aci_group

SHARED = (
    "resource_group",
    "name",
    "state",
    "location",
    "tags",
    "purge_tags",
    "ignore_tags",
    "identity",
    "image_registry_credentials",
    "subnet_ids",
    "zones",
    "sku",
    "priority",
    "extra_properties",
    "api_version",
    "recreate",
    "on_failed_recreate",
    "recreate_identity",
    "recovery_dir",
    "save_logs",
    "validation",
    "wait",
    "wait_for",
    "wait_timeout",
    "allowed_exit_codes",
    "update_secrets",
    "fingerprint_key",
    "repull",
    "image_update",
    "wait_for_subnet",
    "remove_subnet_association",
    "image_pull_timeout",
    "max_restarts",
    "provisioning_attempts",
    "failure_log_lines",
    "ttl",
    *COST_ARGUMENTS,
)
"""The options of aci_group for what a compose file cannot express."""


def run(context: Context) -> dict[str, Any]:
    """Creates or updates the group according to the project.

    Returns what aci_group returns, and ``notes``. Raises AciError.
    """
    params = context.params
    inner = {name: option.get("default") for name, option in aci_group.SPEC.arguments.items()}
    inner |= {name: params[name] for name in (*SHARED, *(name for name in params if name not in SPEC.arguments))}
    notes = []
    if params["state"] == "absent":
        # Deleting a group requires no project if its name is given.
        inner["name"] = params["name"] or group_name(params, given_project(params))
    else:
        given = given_group(params)
        inner["name"], inner["definition"] = given.definition["name"], given.definition
        notes = [note.as_result() for note in given.notes]
        if params["notes"] == "warn":
            for warning in warnings_of(given.notes):
                context.warn(warning)
    return {**aci_group.run(replace(context, params=inner)), "notes": notes}


SPEC: Final = ModuleSpec(
    name="aci_compose",
    arguments={**{name: aci_group.SPEC.arguments[name] for name in SHARED}, **ARGUMENTS},
    run=run,
    file_secrets=given_secrets,
    hidden=("environment",),
    required_one_of=[("name", "project_src")],
    required_if=[("state", state, ("project_src",)) for state in ("present", "started", "stopped", "restarted")],
)
