# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_prune module: finds container groups that are no longer needed, and removes them."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .._azure.client import Client
from .._common.errors import AciError, AzureError, InvalidArguments
from .._common.lifetime import PROTECT_TAG, duration, expiry, has_expired, is_kept, moment
from .._common.masking import shown
from .._common.price_options import COST_ARGUMENTS
from .._common.wait import Deadline
from .._common.workers import Workers, checked_workers
from .._group import state as _state
from .._group.facts import orchestrator_of, resource_group_of
from .._group.quota import counted
from .._group.wire import get_path
from .._module import Context, ModuleSpec
from .._reconcile.saved_logs import LogSaver, read_log
from .aci_group_info import has_tags, wanted_tags, with_instance_views

if TYPE_CHECKING:  # a module is compiled for every task, and few tasks need this import
    from .._group.costs import Cost

MAX_LISTED = 5
"""The number of groups that could not be removed to name in the message; the result has all of them."""

GONE_PAUSE = 0.5
Group = dict[str, Any]


@dataclass(frozen=True)
class Criteria:
    """The criteria for removing a group. All that are given must hold."""

    expired: bool | None = None
    older_than: timedelta | None = None
    states: tuple[str, ...] = ()
    tags: Sequence[str | tuple[str, str]] = ()
    names: tuple[str, ...] = ()
    protect_tag: str = ""
    orchestrated: bool = False

    @property
    def needs_age(self) -> bool:
        """Whether the time of creation is needed."""
        return self.older_than is not None


@dataclass(eq=False)
class Found:
    """A group that was checked."""

    client: Client
    wire: Group
    now: datetime
    created: datetime | None = None
    reasons: list[str] = field(default_factory=list)
    failure: AciError | None = None
    saved_logs: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    saves: Cost | None = None
    """The cost that its removal saves, if ``show_cost`` asks for it."""


def run(context: Context) -> dict[str, Any]:
    """Reports or removes the groups that the options select. Raises AciError."""
    params = context.params
    criteria = _criteria(params)
    workers = Workers(checked_workers(params["workers"]), context.retries)
    deadline = Deadline(context, float(params["wait_timeout"]))
    if params["show_cost"]:
        from .._reconcile.pricing import check_cost_options

        check_cost_options(context)
    removing = params["state"] == "absent"
    selected: list[Found] = []
    protected: list[Found] = []
    for client in _clients(context):
        kept, guarded = _selected(context, client, criteria, workers)
        selected += kept
        protected += guarded
    if params["show_cost"]:
        _price(context, selected)
    removed: list[Found] = []
    if removing and not context.check_mode:
        context.progress(f"Removing {len(selected)} container groups")
        LogSaver(context).check_folder()
        done = workers.map(lambda each: _remove(context, each, criteria, workers, deadline), selected)
        removed = [each for each, gone in zip(selected, done, strict=True) if gone]
        selected = [each for each, gone in zip(selected, done, strict=True) if gone or each.failure is not None]
    elif removing:
        workers.map(lambda each: _predict_logs(context, each, workers), selected)
        removed = [each for each in selected if each.failure is None]
    for each in selected:
        for text in each.warnings:
            context.warn(text)
    result = _result(context, selected, protected, removed)
    _raise_failures(selected, result)
    return result


# -- selecting ---------------------------------------------------------------------------------------------------------


def _criteria(params: dict[str, Any]) -> Criteria:
    """The criteria in the options. Raises InvalidArguments if they would select everything, or are not valid."""
    for option in ("states", "tags", "names"):
        if params[option] is not None and not params[option]:
            # If the result of a template is an empty list, the task must not select more than with an entry in it.
            raise InvalidArguments(f"{option} is empty. Leave it out to select by other criteria alone.")
    criteria = Criteria(
        expired=params["expired"],
        older_than=None if params["older_than"] is None else duration(params["older_than"], "older_than"),
        states=tuple(params["states"] or ()),
        tags=wanted_tags(params["tags"]),
        names=tuple(params["names"] or ()),
        protect_tag=params["protect_tag"].strip(),
        orchestrated=params["orchestrated"],
    )
    if not criteria.protect_tag:
        raise InvalidArguments("protect_tag must be the name of a tag.")
    if not (criteria.expired or criteria.older_than or criteria.states or criteria.tags or criteria.names):
        raise InvalidArguments(
            "Without expired, older_than, states, tags or names every container group would be selected: "
            "give at least one of them."
        )
    return criteria


def _clients(context: Context) -> list[Client]:
    """One client per subscription."""
    subscriptions = context.params["subscriptions"]
    if subscriptions is None:
        return [context.client]
    if not subscriptions:
        raise InvalidArguments("subscriptions is empty. Leave it out to use the subscription of the credentials.")
    return [context.client.for_subscription(str(each)) for each in dict.fromkeys(subscriptions)]


def _selected(
    context: Context, client: Client, criteria: Criteria, workers: Workers
) -> tuple[list[Found], list[Found]]:
    """The groups of a subscription to remove, and those that are protected only by a tag or their NGroup."""
    created = client.created_times() if criteria.needs_age else {}
    listed = _listed(context, client)
    now = client.now()
    candidates = [
        Found(client, group, now, moment(created.get(str(group.get("id")).lower())))
        for group in listed
        if _by_list(group, now, criteria)
    ]
    if criteria.states:
        candidates = _viewed(client, candidates, workers)
    for each in candidates:
        each.reasons = reasons(each, criteria) or []
    found = [each for each in candidates if each.reasons]
    guarded = [each for each in found if is_protected(each.wire, criteria)]
    found = [each for each in found if each not in guarded]
    if context.params["show_cost"] and not criteria.states:
        found = _viewed(client, found, workers)  # removing a stopped one saves nothing
    return found, guarded


def _viewed(client: Client, found: Sequence[Found], workers: Workers) -> list[Found]:
    """The groups with their instance views, which lists do not have. Omits groups that no longer exist."""
    views = {
        str(view.get("id")).lower(): view
        for view in with_instance_views(client, [each.wire for each in found], workers)
    }
    kept = [each for each in found if str(each.wire.get("id")).lower() in views]
    for each in kept:
        each.wire = views[str(each.wire.get("id")).lower()]
    return kept


def _price(context: Context, selected: Sequence[Found]) -> None:
    """Computes what the removal of each group saves, and warns if that is not known."""
    from .._group import costs
    from .._reconcile.pricing import pricing

    with pricing(context) as prices:
        for each in selected:
            billed = costs.is_billed(each.wire)
            each.saves = prices.cost_of(each.wire) if billed else costs.Cost(Decimal(0), Decimal(0))
    for reason in costs.total((each.wire, each.saves) for each in selected if each.saves is not None).reasons:
        context.warn(f"What a removal saves is not known for each container group. {reason}")


def _listed(context: Context, client: Client) -> list[Group]:
    resource_groups = context.params["resource_groups"]
    if resource_groups is None:
        return client.list_groups()
    groups: list[Group] = []
    for name in {str(name).lower(): str(name) for name in resource_groups}.values():
        try:
            groups += client.list_groups(name)
        except AzureError as error:
            if error.code != "ResourceGroupNotFound":
                raise
            context.warn(f"Resource group {name} does not exist, so there is nothing to remove in it.")
    return groups


def _by_list(group: Group, now: datetime, criteria: Criteria) -> bool:
    """Whether a group meets the criteria that can be checked with a list, without an extra request."""
    return (
        (not criteria.expired or has_expired(group.get("tags"), now))
        and has_tags(group, criteria.tags)
        and (not criteria.names or any(fnmatch.fnmatchcase(_name(group), each.lower()) for each in criteria.names))
    )


def reasons(found: Found, criteria: Criteria) -> list[str] | None:
    """The reasons for removing a group, one phrase per criterion; None if a criterion does not hold."""
    group, now = found.wire, found.now
    if not _by_list(group, now, criteria):
        return None
    phrases = []
    if criteria.expired:
        phrases.append(f"expired at {expiry(group.get('tags'))}")
    if criteria.older_than is not None:
        if found.created is None or now - found.created < criteria.older_than:
            return None
        phrases.append(f"created {_age(now - found.created)} ago")
    if criteria.states:
        state = _state.group_state(group)
        if state not in criteria.states:
            return None
        phrases.append(f"is {state}")
    if criteria.tags:
        phrases.append("has the tags")
    if criteria.names:
        phrases.append("has the name")
    return phrases


def is_protected(group: Group, criteria: Criteria) -> bool:
    """Whether a group has the protecting tag, whatever its value, or belongs to an NGroup."""
    owned = orchestrator_of(group) is not None and not criteria.orchestrated
    return owned or is_kept(group.get("tags"), criteria.protect_tag)


def _name(group: Group) -> str:
    return str(group.get("name")).lower()


def _age(span: timedelta) -> str:
    days, rest = span.days, span.seconds
    if days:
        return f"{days} days"
    return f"{rest // 3600} hours" if rest >= 3600 else f"{rest // 60} minutes"


# -- removing ----------------------------------------------------------------------------------------------------------


def _remove(context: Context, found: Found, criteria: Criteria, workers: Workers, deadline: Deadline) -> bool:
    """Remove one group and wait until it is gone. Returns False if that was not necessary, or failed.

    It is read again just before, because it may have a new tag, or may have been replaced with another group.
    """
    client = found.client.without_retries()
    resource_group, name = resource_group_of(str(found.wire.get("id"))) or "", str(found.wire.get("name"))
    sent = False
    try:
        now = workers.request(lambda: client.get_group(resource_group, name))
        if now is None or is_protected(now, criteria) or reasons(replace(found, wire=now), criteria) is None:
            return False
        _save_logs(context, found, now, workers)
        workers.request(lambda: client.delete_group(resource_group, name, deadline=deadline.at))
        sent = True
        while context.params["wait"] and workers.request(lambda: client.get_group(resource_group, name)) is not None:
            if deadline.left <= 0:
                text = f"It is still there after {deadline.seconds:g} s (wait_timeout)."
                raise AciError(text, code="TimedOut")
            context.sleep(GONE_PAUSE)
    except AzureError as error:
        if error.status == 404:
            return sent  # the group, or its whole resource group, is gone
        found.failure = error
        return False
    except AciError as error:
        found.failure = error
        return False
    return True


def _predict_logs(context: Context, found: Found, workers: Workers) -> None:
    """Check the logs that a removal would save, and note what would prevent the removal. Writes nothing."""
    if not context.params["save_logs"]:
        return
    client = found.client.without_retries()
    resource_group, name = resource_group_of(str(found.wire.get("id"))) or "", str(found.wire.get("name"))
    try:
        now = workers.request(lambda: client.get_group(resource_group, name))  # a list has no instance views
        if now is not None:
            _save_logs(context, found, now, workers)
    except AciError as error:
        found.failure = error


def _save_logs(context: Context, found: Found, now: Group, workers: Workers) -> None:
    """Save the logs of a group just before it is removed. Raises AciError if it must not be removed."""
    client = found.client.without_retries()
    resource_group, name = resource_group_of(str(found.wire.get("id"))) or "", str(found.wire.get("name"))
    saver = LogSaver(context, found.warnings.append)

    def read(container: str) -> str | None:
        return workers.request(lambda: read_log(client, resource_group, name, container))

    try:
        saver.save(resource_group, name, now, read)
    finally:
        found.saved_logs = saver.as_result().get("saved_logs", [])


def _raise_failures(selected: Sequence[Found], result: dict[str, Any]) -> None:
    failures = [each for each in selected if each.failure is not None]
    if not failures:
        return
    told = "; ".join(f"{each.wire.get('name')}: {each.failure}" for each in failures[:MAX_LISTED])
    more = f"; and {len(failures) - MAX_LISTED} more" if len(failures) > MAX_LISTED else ""
    first = failures[0].failure
    raise AciError(
        f"{len(failures)} of {len(selected)} container groups could not be removed. {told}{more}",
        code="NotRemoved",
        status=first.status if first is not None else None,
        request_id=first.request_id if first is not None else None,
        result=result,
    )


# -- the result --------------------------------------------------------------------------------------------------------


def _result(
    context: Context,
    selected: Sequence[Found],
    protected: Sequence[Found],
    removed: Sequence[Found],
) -> dict[str, Any]:
    report = [_reported(each, each in removed) for each in selected]
    result: dict[str, Any] = {
        "changed": bool(removed),
        "container_groups": report,
        "protected": [_reported(each, False) for each in protected],
        "totals": {
            "container_groups": len(report),
            "cpu": sum(each["cpu"] for each in report),
            "memory_in_gb": sum(each["memory_in_gb"] for each in report),
        },
    }
    if context.params["show_cost"]:
        from .._group import costs

        saved = costs.total((each.wire, each.saves) for each in selected if each.saves is not None)
        amounts = {"hourly": costs.amount_text(saved.hourly), "monthly": costs.amount_text(saved.monthly)}
        result["totals"]["saves"] = {"currency": context.params["currency"], **amounts}
    if context.diff_mode:
        names = sorted(str(each["id"]) for each in report)
        gone = {str(each["id"]) for each in report if each["removed"]}
        result["diff"] = {
            "before_header": "container groups",
            "after_header": "container groups",
            "before": {"container_groups": names},
            "after": {"container_groups": [name for name in names if name not in gone]},
        }
    return result


def _reported(found: Found, removed: bool) -> dict[str, Any]:
    resource_id = str(found.wire.get("id"))
    parts = resource_id.split("/")
    created = found.created
    return {
        "id": resource_id,
        "name": found.wire.get("name"),
        "resource_group": resource_group_of(resource_id),
        "subscription_id": parts[2] if len(parts) > 2 else None,
        "location": found.wire.get("location"),
        "tags": shown(found.wire.get("tags") or {}),
        "state": _state.group_state(found.wire),
        "created_at": None if created is None else created.isoformat(),
        "age": None if created is None else int((found.now - created).total_seconds()),
        "expires_at": expiry(found.wire.get("tags")),
        "orchestrator_id": orchestrator_of(found.wire),
        "cpu": sum(amount for name, amount in counted(found.wire).items() if name.endswith("Cores")),
        "memory_in_gb": _memory(found.wire),
        "reasons": found.reasons,
        "removed": removed,
        "error": None if found.failure is None else shown(str(found.failure)),
        "saved_logs": found.saved_logs,
        **({} if found.saves is None else {"saves": found.saves.as_result()}),
    }


def _memory(group: Group) -> float:
    wanted = [get_path(each, "properties.resources.requests.memoryInGB") for each in _state.containers(group)]
    return sum(float(each) for each in wanted if isinstance(each, (int, float)))


SPEC = ModuleSpec(
    name="aci_prune",
    arguments={
        "state": {"type": "str", "choices": ["report", "absent"], "default": "report"},
        "subscriptions": {"type": "list", "elements": "str"},
        "resource_groups": {"type": "list", "elements": "str"},
        "expired": {"type": "bool", "default": False},
        "older_than": {"type": "str"},
        "states": {
            "type": "list",
            "elements": "str",
            "choices": ["Pending", "Running", "Succeeded", "Failed", "Stopped", "Unhealthy", "Unknown"],
        },
        "tags": {"type": "raw"},
        "names": {"type": "list", "elements": "str"},
        "protect_tag": {"type": "str", "default": PROTECT_TAG},
        "orchestrated": {"type": "bool", "default": False},
        "save_logs": {"type": "path"},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 600},
        "workers": {"type": "int", "default": 8},
        **COST_ARGUMENTS,
    },
    run=run,
)
