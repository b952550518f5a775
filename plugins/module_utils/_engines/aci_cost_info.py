# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_cost_info module: reports what container groups cost, or would cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from .._common.errors import AzureError, InvalidArguments
from .._common.price_options import PRICE_ARGUMENTS
from .._common.workers import Workers, checked_workers
from .._group import costs
from .._group.facts import resource_group_of
from .._group.names import place
from .._group.state import group_state
from .._group.wire import get_path
from .._module import Context, ModuleSpec
from .._reconcile.pricing import Pricing, pricing
from .aci_group_info import has_tags, wanted_tags, with_instance_views

Group = dict[str, Any]


def run(context: Context) -> dict[str, Any]:
    """The cost of the selected groups, or of the definition. Raises AciError."""
    if context.params["name"] and not context.params["resource_group"] and context.params["definition"] is None:
        raise InvalidArguments("name: give resource_group as well; a group's name is unique only within it.")
    hours = _hours(context.params["hours"])
    with pricing(context, required=True) as prices:
        if context.params["definition"] is not None:
            found = [_estimate(context, prices, hours)]
        else:
            found = [_group(context, group, prices, hours) for group in _selected(context)]
    unpriced = [each for each in found if each["hourly"] is None]
    for each in unpriced:
        context.warn(f"What container group {each['name']} costs is not known. {each['reason']}")
    return {
        "changed": False,
        "currency": context.params["currency"],
        "container_groups": found,
        "totals": _totals(found),
        "assumptions": list(costs.ASSUMPTIONS),
        "not_included": list(costs.NOT_INCLUDED),
    }


def _selected(context: Context) -> list[Group]:
    """The groups that the options select, with their instance views. It is not an error if they do not exist."""
    params = context.params
    wanted = wanted_tags(params["tags"])
    try:
        if params["name"] is not None:
            group = context.client.get_group(params["resource_group"], params["name"])
            return [group] if group is not None and has_tags(group, wanted) else []
        listed = [group for group in context.client.each_group(params["resource_group"]) if has_tags(group, wanted)]
    except AzureError as error:
        if error.code != "ResourceGroupNotFound":
            raise
        context.warn(f"Resource group {params['resource_group']} does not exist, so it has no container groups.")
        return []
    workers = Workers(checked_workers(params["workers"]), context.retries)
    return with_instance_views(context.client, listed, workers)


def _estimate(context: Context, prices: Pricing, hours: Decimal | None) -> dict[str, Any]:
    """The cost of a definition, assuming that its group runs all the time."""
    from .._group.task_definition import given_definition

    params = context.params
    given = params["definition"]
    name = params["name"] or (given.get("name") if isinstance(given, Mapping) else None) or "definition"
    definition, warnings = given_definition({**params, "name": name})
    for warning in warnings:
        context.warn(warning)
    body = definition.wire
    body.setdefault("location", params["location"])
    if params["location"] is not None and place(params["location"]) != place(body["location"]):
        raise InvalidArguments(
            f"location: the definition says {body['location']}; give only one of them, or the same value."
        )
    if not body["location"] and params["prices"] is None:
        raise InvalidArguments("location: the definition names no region, and prices differ by region; give location.")
    return {
        "name": name,
        "resource_group": params["resource_group"],
        "id": None,
        "state": None,
        "is_billed": True,
        "run": None,
        "so_far": None,
        **_priced(body, prices, hours),
    }


def _group(context: Context, group: Group, prices: Pricing, hours: Decimal | None) -> dict[str, Any]:
    """The cost of a live group while it runs, and the cost of its current run so far."""
    priced = _priced(group, prices, hours)
    current = costs.current_run(group, context.client.now())
    hourly = priced["hourly"]
    so_far = None if hourly is None else costs.cost_so_far(Decimal(hourly), current)
    return {
        "name": group.get("name"),
        "resource_group": resource_group_of(str(group.get("id") or "")),
        "id": group.get("id"),
        "state": group_state(group),
        "is_billed": costs.is_billed(group),
        "run": None if current is None else current.as_result(),
        "so_far": costs.amount_text(so_far),
        **priced,
    }


def _priced(group: Mapping[str, Any], prices: Pricing, hours: Decimal | None) -> dict[str, Any]:
    """The cost of a group while it runs. Amounts are None if they are not known; ``reason`` says why."""
    size = costs.requested(group)
    cost = prices.cost_of(group, hours)
    return {
        "location": place(group.get("location")) or None,
        "os_type": get_path(group, "properties.osType") or "Linux",
        "requested": size.as_result(),
        "billed": size.billed().as_result(),
        **cost.as_result(),
        "prices": [rate.as_result(name) for name, rate in cost.rates.items()],
    }


def _totals(found: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The total cost of the groups that are billed now; ``complete`` is false if the cost of any is not known."""
    billed = [each for each in found if each["is_billed"]]
    by_resource_group: dict[str, Decimal] = {}
    for each in billed:
        key = str(each["resource_group"] or "").lower()
        by_resource_group[key] = by_resource_group.get(key, Decimal(0)) + Decimal(each["hourly"] or 0)
    monthly = [each["monthly"] for each in billed]
    return {
        "hourly": costs.decimal_text(sum(by_resource_group.values(), Decimal(0))),
        "monthly": None
        if None in monthly
        else costs.decimal_text(sum((Decimal(amount) for amount in monthly), Decimal(0))),
        "hourly_by_resource_group": {name: costs.decimal_text(amount) for name, amount in by_resource_group.items()},
        "complete": all(each["hourly"] is not None for each in billed),
    }


def _hours(given: Any) -> Decimal | None:
    """Parses the option hours. Raises InvalidArguments."""
    if given is None:
        return None
    found = costs.decimal_of(given)
    if found is None or found > 744:
        raise InvalidArguments(f"hours: {given!r} is not valid; use a number from 0 to 744, the hours of a month.")
    return found


SPEC = ModuleSpec(
    name="aci_cost_info",
    arguments={
        "resource_group": {"type": "str"},
        "name": {"type": "str"},
        "tags": {"type": "raw"},
        "definition": {"type": "dict", "no_log": True},
        "location": {"type": "str"},
        "hours": {"type": "str"},
        **PRICE_ARGUMENTS,
        "workers": {"type": "int", "default": 16},
    },
    mutually_exclusive=[("definition", "tags")],
    run=run,
)
