# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_group module: makes one container group what the task says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from .._common.errors import InvalidArguments
from .._common.wait import Deadline
from .._group.plan import TagPolicy, Wanted, make_plan
from .._group.schema import GROUP, group_arguments
from .._module import Context, ModuleSpec
from .._reconcile.task import GroupTask


def arguments() -> dict[str, Any]:
    """The options of the module, without those of the connection."""
    return {
        "resource_group": {"type": "str", "required": True},
        "name": {"type": "str", "required": True},
        "state": {
            "type": "str",
            "default": "present",
            "choices": ["present", "absent", "started", "stopped", "restarted"],
        },
        "tags": {"type": "dict"},
        "purge_tags": {"type": "bool", "default": False},
        "ignore_tags": {"type": "list", "elements": "str", "default": ["hidden-*"]},
        "recreate": {"type": "str", "default": "never", "choices": ["never", "when_needed", "probed"]},
        "on_failed_recreate": {"type": "str", "choices": ["restore", "leave"]},
        "recreate_identity": {"type": "bool", "default": False},
        "recovery_dir": {"type": "path"},
        "validation": {"type": "str", "default": "warn", "choices": ["warn", "strict", "off"]},
        "wait": {"type": "bool", "default": True},
        "wait_for": {"type": "str", "default": "running", "choices": ["provisioned", "running", "completed"]},
        "wait_timeout": {"type": "int", "default": 2100},
        "allowed_exit_codes": {"type": "list", "elements": "int", "default": [0]},
        "definition": {"type": "dict", "no_log": True},
        "definition_file": {"type": "path"},
        "extra_properties": {"type": "dict"},
        "api_version": {"type": "str"},
        "update_secrets": {
            "type": "str",
            "default": "with_changes",
            "choices": ["with_changes", "always", "fingerprint"],
            "no_log": False,
        },
        "fingerprint_key": {"type": "str", "no_log": True},
        "repull": {"type": "bool", "default": False},
        "wait_for_subnet": {"type": "bool", "default": False},
        "remove_subnet_association": {"type": "bool", "default": False},
        "image_pull_timeout": {"type": "int", "default": 120},
        "max_restarts": {"type": "int", "default": 5},
        "ttl": {"type": "str"},
        **group_arguments(),
    }


def wanted_of(params: Mapping[str, Any]) -> Wanted:
    """What the options ask for. Raises InvalidArguments for a definition that is none."""
    if params.get("location") == "":
        raise InvalidArguments("location: a group cannot be nowhere; leave it out to keep it as it is.")
    if params["update_secrets"] == "fingerprint" and not params.get("fingerprint_key"):
        raise InvalidArguments("update_secrets: fingerprint needs fingerprint_key.")
    definition = None
    if _has_definition(params):
        from .._group.task_definition import given_definition

        definition = given_definition(params)
    ignored_tags = list(params["ignore_tags"])
    if params.get("ttl"):
        from .._common.lifetime import EXPIRES_AT

        # A group that was created with a ttl keeps the tag that this made, though the task does not list it.
        ignored_tags.append(EXPIRES_AT)
    options = [prop.option for prop in GROUP.children]
    return Wanted(
        options={option: params.get(option) for option in [*options, "tags"]},
        definition=definition,
        extra_properties=params.get("extra_properties"),
        tags=TagPolicy(bool(params["purge_tags"]), tuple(ignored_tags)),
        update_secrets=str(params["update_secrets"]),
        fingerprint_key=str(params.get("fingerprint_key") or ""),
    )


def _has_definition(params: Mapping[str, Any]) -> bool:
    return params.get("definition") is not None or params.get("definition_file") is not None


def run(context: Context) -> dict[str, Any]:
    """Makes one container group what the task says.

    Returns ``changed``, ``action``, ``changes``, ``container_group``, ``secrets_not_compared``, and ``diff`` in diff
    mode. Raises AciError and its kinds; what is known of the group is in their ``result``.
    """
    params = context.params
    if params.get("ttl") is not None:
        from .._common.lifetime import duration

        duration(str(params["ttl"]), "ttl")
    wanted = wanted_of(params)
    version = None
    if wanted.definition is not None:
        from .._group.definition import check_network_profile
        from .._group.task_definition import definition_version

        version = definition_version(params, wanted.definition)
        if version is not None:
            context.client = context.client.of_version(version)
    task = GroupTask(
        context=context,
        wanted=wanted,
        deadline=Deadline(context, float(params["wait_timeout"])),
    )
    live = task.find()
    if wanted.definition is not None and version is None and task.state != "absent":
        check_network_profile(wanted.definition, live)
    plan = transition = None
    if live is not None and task.state != "absent":
        if not context.check_mode:
            task.recovery_file().remove()  # of a recreation that was interrupted after its create
        plan = make_plan(live, task.wanted)
        transition = task.transition(live, plan)
        if plan.action == "none" and transition is None and task.is_settled(live):
            return task.result("none", [], live, plan)

    # Here, and not at the top: a module is compiled anew for every task, and most tasks have nothing to do.
    from .._reconcile.work import GroupReconciler

    reconciler = GroupReconciler(task)
    if task.state == "absent":
        return reconciler.absent(live)
    if live is None or plan is None:
        return reconciler.create()
    return reconciler.update(live, plan, transition)


SPEC: Final = ModuleSpec(
    name="aci_group",
    arguments=arguments(),
    run=run,
    mutually_exclusive=[("definition", "definition_file")],
)
