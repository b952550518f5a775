# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_group module: brings one container group into the desired state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .._common.errors import AciError, InvalidArguments
from .._common.price_options import COST_ARGUMENTS
from .._common.wait import Deadline
from .._group.environment import group_options
from .._group.plan import TagPolicy, Wanted, make_plan
from .._group.schema import group_arguments
from .._group.shared_arguments import DESIRED, WAITING
from .._group.wire import ArmJson
from .._module import Context, ModuleSpec
from .._reconcile.task import GroupTask, check_log_lines

if TYPE_CHECKING:
    from .._group.definition import Definition  # a module is compiled for each task, and few need this import


def arguments() -> dict[str, Any]:
    """The options of the module, without the connection options."""
    return {
        "resource_group": {"type": "str", "required": True},
        "name": {"type": "str"},
        "state": {
            "type": "str",
            "default": "present",
            "choices": ["present", "absent", "started", "stopped", "restarted"],
        },
        **DESIRED,
        **WAITING,
        "recreate": {"type": "str", "default": "never", "choices": ["never", "when_needed", "probed"]},
        "on_failed_recreate": {"type": "str", "choices": ["restore", "leave"]},
        "recreate_identity": {"type": "bool", "default": False},
        "recovery_dir": {"type": "path"},
        "save_logs": {"type": "path"},
        "wait": {"type": "bool", "default": True},
        "wait_for": {"type": "str", "default": "running", "choices": ["provisioned", "running", "completed"]},
        "wait_timeout": {"type": "int", "default": 2100},
        "definition": {"type": "dict", "no_log": True},
        "definition_file": {"type": "path"},
        "definition_variables": {"type": "dict", "no_log": True},
        "api_version": {"type": "str"},
        "update_secrets": {
            "type": "str",
            "default": "with_changes",
            "choices": ["with_changes", "always", "fingerprint"],
            "no_log": False,
        },
        "fingerprint_key": {"type": "str", "no_log": True},
        "repull": {"type": "bool", "default": False},
        "image_update": {"type": "str", "default": "ignore", "choices": ["ignore", "on_new_digest", "pin"]},
        "wait_for_subnet": {"type": "bool", "default": False},
        "remove_subnet_association": {"type": "bool", "default": False},
        "provisioning_attempts": {"type": "int", "default": 1},
        "ttl": {"type": "str"},
        **COST_ARGUMENTS,
        **group_arguments(),
    }


def take_definition(context: Context) -> Definition | None:
    """The task's definition, or None. Warns of parts that are not used, and sets the task's ``name``.

    Raises InvalidArguments if the definition is not valid.
    """
    params = context.params
    if params.get("definition") is None and params.get("definition_file") is None:
        if params["name"] is None:
            raise InvalidArguments(
                "name is required unless the definition has one, but null was given. Write name: web, for example."
            )
        return None
    from .._reconcile.definition import used_definition

    return used_definition(context)


def wanted_of(params: Mapping[str, Any], definition: Definition | None) -> Wanted:
    """The desired state: the options, on top of the definition."""
    if params.get("location") == "":
        raise InvalidArguments("location must not be empty; omit it to keep the current one.")
    if params["provisioning_attempts"] < 1:
        raise InvalidArguments(f"provisioning_attempts is {params['provisioning_attempts']}; use 1 or more.")
    check_log_lines(params)
    if params["update_secrets"] == "fingerprint" and not params.get("fingerprint_key"):
        raise InvalidArguments("update_secrets: fingerprint requires fingerprint_key.")
    ignored_tags = list(params["ignore_tags"])
    if params.get("ttl"):
        from .._common.lifetime import EXPIRES_AT

        # A group created with a ttl keeps the tag for its expiry, although the task does not list that tag.
        ignored_tags.append(EXPIRES_AT)
    if definition is not None:
        ignored_tags.extend(definition.own_tags)  # a group's own definition must not purge them
    return Wanted(
        options={**group_options(params), "tags": params.get("tags")},
        definition=None if definition is None else definition.wire,
        extra_properties=params.get("extra_properties"),
        tags=TagPolicy(bool(params["purge_tags"]), tuple(ignored_tags)),
        update_secrets=str(params["update_secrets"]),
        fingerprint_key=str(params.get("fingerprint_key") or ""),
    )


class Prepared(NamedTuple):
    """One task, checked as far as possible without requests. ``version`` is the result of ``version_of``."""

    task: GroupTask
    definition: Definition | None
    version: str | None


def _as_it_is(wanted: Wanted) -> Wanted:
    return wanted


def prepared(context: Context, adapt: Callable[[Wanted], Wanted] = _as_it_is) -> Prepared:
    """Checks the options. ``adapt`` may change the desired state: aci_groups adds its tag. Raises AciError."""
    params = context.params
    if params.get("ttl") is not None:
        from .._common.lifetime import duration

        duration(str(params["ttl"]), "ttl")
    if params.get("show_cost"):
        from .._reconcile.pricing import check_cost_options

        check_cost_options(context)
    definition = take_definition(context)
    wanted = adapt(wanted_of(params, definition))
    version = None
    if definition is not None:
        from .._reconcile.definition import version_of

        version = version_of(context, definition)
    task = GroupTask(
        context=context,
        wanted=wanted,
        deadline=Deadline(context, float(params["wait_timeout"])),
    )
    return Prepared(task, definition, version)


def run(context: Context) -> dict[str, Any]:
    """Brings one container group into the desired state.

    Returns ``changed``, ``action``, ``changes``, ``container_group``, ``secrets_not_compared``, and ``diff`` in diff
    mode. Raises AciError, whose ``result`` has what is known about the group.
    """
    ready = prepared(context)
    return carried_out(ready, ready.task.find())


def carried_out(ready: Prepared, live: ArmJson | None) -> dict[str, Any]:
    """Brings a group, which was just read, into the desired state: the rest of ``run``."""
    task, definition, context = ready.task._replace(found=live), ready.definition, ready.task.context
    if definition is not None and task.state != "absent":
        from .._reconcile.definition import warn_of_own_tags

        warn_of_own_tags(context, definition, live)
        if ready.version is None:
            from .._group.definition import check_network_profile

            check_network_profile(definition.wire, live)
    if context.params["image_update"] != "ignore" and task.state != "absent":
        from .._reconcile.image_update import with_digests

        task = with_digests(task, live)
    plan = transition = None
    if live is not None and task.state != "absent":
        if not context.check_mode:
            task.recovery_file().remove()  # left by a recreation that was interrupted after its create
        plan = make_plan(live, task.wanted)
        transition = task.transition(live, plan)
        if plan.action == "none" and transition is None and task.is_settled(live):
            return task.result("none", [], live, plan)

    # Imported here, because a module is compiled for every task, and most tasks have nothing to change.
    from .._reconcile.work import GroupReconciler

    reconciler = GroupReconciler(task)
    saved = reconciler.writes.logs
    try:
        if task.state == "absent":
            result = reconciler.absent(live)
        elif live is None or plan is None:
            result = reconciler.create()
        else:
            result = reconciler.update(live, plan, transition)
    except AciError as error:
        error.result = {**error.result, **saved.as_result()}
        raise
    return {**result, **saved.as_result()}


SPEC: Final = ModuleSpec(
    name="aci_group",
    arguments=arguments(),
    run=run,
    mutually_exclusive=[("definition", "definition_file")],
    required_one_of=[("name", "definition", "definition_file")],
    required_by={"definition_variables": ["definition_file"]},
)
