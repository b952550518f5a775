# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_group_info module: returns container groups, and waits for many of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .._azure.client import Client
from .._common.errors import AciError, AzureError, InvalidArguments, TimedOut
from .._common.mistakes import kind_of
from .._common.similar import most_similar
from .._common.wait import Deadline
from .._common.workers import Workers, checked_workers
from .._group.definition import exported
from .._group.facts import group_facts, resource_group_of
from .._group.names import FINGERPRINT_TAG
from .._group.schema import GROUP
from .._group.shared_arguments import WAITING
from .._group.wire import raw_text
from .._module import Context, ModuleSpec
from .._reconcile.failure_logs import add_logs, failure_logs, failures_of, reader
from .._reconcile.task import check_log_lines
from .._reconcile.wait_many import Goal, Groups, Together, Watched, by_id, not_ready

MAX_LISTED = 5
"""The number of failed groups that the message names; the result has all of them."""

MAX_READ = 50
"""The number of failed groups whose logs are read: hundreds may have failed for the same reason."""

FIELDS = tuple(
    dict.fromkeys(
        (
            *(
                "id",
                "name",
                "resource_group",
                "subscription_id",
                "type",
                "tags",
                "state",
                "provisioning_state",
                "events",
            ),
            *("ip", "fqdn", "orchestrator_id", "definition", "system_data", "provisioning_timeout_in_seconds"),
            *("is_custom_provisioning_timeout", "is_created_from_standby_pool"),
            *(prop.option for prop in GROUP.children),
        )
    )
)
"""The top-level keys of a group's facts: computed ones, those that only the service writes, and the properties."""

Group = dict[str, Any]


def run(context: Context) -> dict[str, Any]:
    """The container groups that the options select. Raises AciError."""
    params = context.params
    check_log_lines(params)
    names = _names(params["names"])
    workers = Workers(checked_workers(params["workers"]), context.retries)
    wanted = wanted_tags(params["tags"])
    fields = checked_fields(params["fields"])
    found = (group for group in _read(context, names) if has_tags(group, wanted))
    if params["wait_for"] is None and params["instance_view"] and params["name"] is None:
        return {"changed": False, "container_groups": _viewed_facts(context.client, found, workers, fields)}
    groups = list(found)
    if params["wait_for"] is not None:
        groups = _wait(context, workers, groups, names, wanted)
    return {"changed": False, "container_groups": [facts_of(group, context.client, fields) for group in groups]}


def checked_fields(given: Any) -> list[str] | None:
    """The fields to return for each group, None for all. Raises InvalidArguments."""
    if given is None:
        return None
    if not given:
        raise InvalidArguments(
            "fields is empty. Name at least one field, such as name, or leave it out for all fields."
        )
    for name in given:
        if name not in FIELDS:
            near = most_similar(str(name).lower(), FIELDS)
            meant = f"There are: {', '.join(FIELDS)}." if near is None else f"Did you mean {near}?"
            raise InvalidArguments(f"fields: {str(name)!r} is not a field of a container group. {meant}")
    return list(dict.fromkeys(given))


def facts_of(group: Group, client: Client, fields: Sequence[str] | None = None) -> dict[str, Any]:
    """A group's facts, and its definition in a form that can be applied again; with ``fields``, only these."""
    facts = group_facts(group, fields)
    if fields is not None and "definition" not in fields:
        return facts
    definition = exported(group, client.api_version)
    if FINGERPRINT_TAG in (definition.get("tags") or {}):
        definition["tags"] = {name: value for name, value in definition["tags"].items() if name != FINGERPRINT_TAG}
    return {**facts, "definition": definition}


# -- reading -----------------------------------------------------------------------------------------------------------


def _read(context: Context, names: Sequence[str] | None) -> Iterator[Group]:
    """One or some groups, all in a resource group, or all in the subscription. It is no error if they do not exist."""
    resource_group, name = context.params["resource_group"], context.params["name"]
    try:
        if name is None:
            for group in context.client.each_group(resource_group):
                if names is None or _name(group) in names:
                    yield group
            return
        found = context.client.get_group(resource_group, name)
    except AzureError as error:
        if error.code != "ResourceGroupNotFound":
            raise
        context.warn(f"Resource group {resource_group} does not exist, so it has no container groups.")
        return
    if found is not None:
        yield found


def with_instance_views(client: Client, groups: Iterable[Group], workers: Workers) -> list[Group]:
    """The groups, read one by one because lists have no instance views. Omits groups that no longer exist."""
    unretried = client.without_retries()
    found = workers.map(lambda group: _view(unretried, group, workers), groups)
    return [group for group in found if group is not None]


def _viewed_facts(
    client: Client, groups: Iterable[Group], workers: Workers, fields: Sequence[str] | None
) -> list[dict[str, Any]]:
    """The facts of groups that are read one by one, while other groups and further pages of the list are read."""
    unretried = client.without_retries()

    def facts(group: Group) -> dict[str, Any] | None:
        view = _view(unretried, group, workers)
        return None if view is None else facts_of(view, client, fields)

    return [found for found in workers.map(facts, groups) if found is not None]


def _view(client: Client, group: Group, workers: Workers) -> Group | None:
    resource_group = resource_group_of(str(group.get("id") or ""))
    try:
        return workers.request(lambda: client.get_group(resource_group or "", str(group.get("name"))))
    except AzureError as error:
        if error.status == 404:
            return None
        raise


def _names(given: Any) -> list[str] | None:
    """Names in the form that is compared: the service does not accept capital letters."""
    return None if given is None else [str(name).lower() for name in given]


def _name(group: Mapping[str, Any]) -> str:
    return str(group.get("name")).lower()


# -- waiting -----------------------------------------------------------------------------------------------------------


def _wait(
    context: Context,
    workers: Workers,
    groups: list[Group],
    names: Sequence[str] | None,
    wanted: Sequence[str | tuple[str, str]],
) -> list[Group]:
    """The groups once all of them have reached ``wait_for``. Raises an error that lists those that did not."""
    params = context.params
    if params["name"] is not None:
        names = _names([params["name"]])
    deadline = Deadline(context, float(params["wait_timeout"]))

    def listing() -> Groups:
        return by_id(group for group in _read(context, names) if has_tags(group, wanted))

    def views(some: Sequence[Group]) -> Groups:
        return by_id(with_instance_views(context.client, some, workers))

    goal = Goal(
        params["wait_for"],
        float(params["image_pull_timeout"]),
        params["max_restarts"],
        params["allowed_exit_codes"],
    )
    together = Together(deadline, goal, listing, views, context.progress)
    watched = together.wait(by_id(groups))
    failures = not_ready(watched) + _missing(params["resource_group"], names, groups)
    found = [each.wire for each in watched if each.verdict.code != "ContainerGroupNotFound"]
    if failures:
        _fail(context, workers, failures, found, watched)
    if not groups:
        context.warn("There is no container group to wait for.")
    elif params["instance_view"] and goal.wait_for == "provisioned":
        return with_instance_views(context.client, found, workers)
    return found


def _missing(resource_group: str | None, names: Sequence[str] | None, groups: Iterable[Group]) -> list[dict[str, Any]]:
    """An entry for each name without a group."""
    known = {_name(group) for group in groups}
    return [
        {
            "name": name,
            "resource_group": resource_group,
            "id": None,
            "state": None,
            "provisioning_state": None,
            "code": "ContainerGroupNotFound",
            "reason": "No such container group exists, or it does not have these tags.",
            "exit_codes": {},
        }
        for name in names or ()
        if name not in known
    ]


def _fail(
    context: Context,
    workers: Workers,
    failures: list[dict[str, Any]],
    found: list[Group],
    watched: Sequence[Watched],
) -> None:
    total = len(watched) + sum(failure["id"] is None for failure in failures)
    told = " ".join(f"{failure['name']}: {failure['reason']}" for failure in failures[:MAX_LISTED])
    more = f" There are {len(failures) - MAX_LISTED} more." if len(failures) > MAX_LISTED else ""
    msg = f"{len(failures)} of {total} container groups are not {context.params['wait_for']}. {told}{more}"
    result = {
        "container_groups": [facts_of(group, context.client) for group in found],
        "not_ready": failures,
    }
    error: AciError = AciError(msg, code="ContainerGroupsNotReady", result=result)
    if all(failure["code"] == "TimedOut" for failure in failures):
        error = TimedOut(msg, result=result)
    if context.params["failure_log_lines"]:
        add_logs(error, _logs(context, workers, watched), with_group=True)
    raise error


def _logs(context: Context, workers: Workers, watched: Sequence[Watched]) -> list[dict[str, Any]]:
    """The last lines of the failed containers in the failed groups."""
    lines, wait_for = context.params["failure_log_lines"], context.params["wait_for"]

    def of_group(each: Watched) -> list[dict[str, Any]]:
        failed = failures_of(each.wire, context.params, each.verdict.code, wait_for=wait_for)
        name = str(each.wire.get("name"))
        read = reader(context, resource_group_of(str(each.wire.get("id"))) or "", name, lines)
        return failure_logs(context, name, failed, lines, read)

    failing = [each for each in watched if each.verdict.failed and each.verdict.code != "ContainerGroupNotFound"]
    return [entry for entries in workers.map(of_group, failing[:MAX_READ]) for entry in entries]


# -- tags --------------------------------------------------------------------------------------------------------------


def has_tags(group: Mapping[str, Any], wanted: Iterable[str | tuple[str, str]]) -> bool:
    """Whether a group has all wanted tags: each a name, a (name, value) pair, or such a pair written ``name:value``.

    As in the service, the case of names does not matter.
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
    """Whether a string denotes the tag ``pair``, also written ``name:value``. A name may itself contain colons."""
    return len(text) == len(pair) and any(
        text[:at].lower() == pair[:at] and text[at:] == pair[at:] for at, char in enumerate(pair) if char == ":"
    )


def wanted_tags(given: Any) -> list[str | tuple[str, str]]:
    """Parses the option tags: a dictionary, or a list of strings. Raises InvalidArguments."""
    if given is None:
        return []
    if isinstance(given, Mapping):
        return [
            str(name) if value is None else (str(name), raw_text(value, f"tags[{name}]"))
            for name, value in given.items()
        ]
    entries = [given] if isinstance(given, str) else given
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise InvalidArguments(
            f"tags must be a dictionary, or a list of strings like name or name:value, but {kind_of(given)} was given."
        )
    return list(entries)


SPEC = ModuleSpec(
    name="aci_group_info",
    arguments={
        "resource_group": {"type": "str"},
        "name": {"type": "str"},
        "names": {"type": "list", "elements": "str"},
        "tags": {"type": "raw"},
        "fields": {"type": "list", "elements": "str"},
        "instance_view": {"type": "bool", "default": False},
        "workers": {"type": "int", "default": 16},
        "wait_for": {"type": "str", "choices": ["provisioned", "running", "completed"]},
        "wait_timeout": {"type": "int", "default": 2100},
        **WAITING,
    },
    required_by={"name": ["resource_group"], "names": ["resource_group"]},
    mutually_exclusive=[("name", "names")],
    run=run,
)
