# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The cost of container groups, at the prices that a task gives or those that Azure publishes.

An engine with the options COST_ARGUMENTS (_common/price_options.py) imports this file for a task with ``show_cost``.
It calls ``check_cost_options(context)`` before it changes anything, and adds the cost of its change with one line::

    add_change_cost(context, result, before=[live], after=[desired])
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from .._azure.retail_prices import RetailPrices
from .._common.errors import AciError, InvalidArguments
from .._common.price_options import RATES
from .._group import costs
from .._group.changes import Change
from .._group.names import place
from .._group.plan import Plan
from .._group.state import is_finished
from .._group.wire import ArmJson
from .._module import Context

ASKING_SECONDS = 30.0
"""For how long a task whose purpose is not the cost retries to read prices. Then it continues with a warning."""


class Pricing:
    """The prices for one task. They are requested when a group needs them, once per run."""

    def __init__(self, context: Context, *, required: bool) -> None:
        """``required``: whether the task makes no sense without prices. Raises InvalidArguments."""
        params = context.params
        self.currency = str(params["currency"])
        self._required = required
        self._given: dict[str, costs.Rate] = {}
        self._retail: RetailPrices | None = None
        self._failed = ""
        if params["prices"] is None:
            retries = context.retries if required else context.retries.within(ASKING_SECONDS)
            self._retail = RetailPrices(params, params["prices_endpoint"], self.currency, retries, context.cache)
            return
        self._given = costs.given_rates(params["prices"])
        if not self._given:
            raise InvalidArguments(f"prices: give at least one of {', '.join(RATES)}.")

    def cost_of(self, group: Mapping[str, Any], hours: Decimal | None = None) -> costs.Cost:
        """The cost of a group (wire form) while it runs. Amounts are None if they are not known.

        Raises AciError if prices are required, but cannot be read.
        """
        try:
            costs.quantities(group, costs.requested(group).billed())  # without a meter, no request is necessary
            return costs.cost_of(group, self._rates(place(group.get("location"))), hours)
        except costs.Unpriced as unknown:
            return costs.Cost(reason=str(unknown))

    def total_of(self, groups: Iterable[ArmJson | None]) -> costs.Total:
        """The total cost of groups (wire form) while they run. Skips None. Raises the same as ``cost_of``."""
        return costs.total((group, self.cost_of(group)) for group in groups if group is not None)

    def _rates(self, region: str) -> dict[str, costs.Rate]:
        """The rates of a region, by name."""
        if self._retail is None:
            return self._given
        if self._failed:
            raise costs.Unpriced(self._failed)
        try:
            return costs.rates_of(self._retail.rows(region))
        except AciError as error:
            if self._required:
                raise
            self._failed = error.msg  # do not try again for each group
            raise costs.Unpriced(error.msg) from None

    def close(self) -> None:
        """Close the connections."""
        if self._retail is not None:
            self._retail.close()


@contextmanager
def pricing(context: Context, *, required: bool = False) -> Iterator[Pricing]:
    """The prices for one task, as a context manager. Raises InvalidArguments."""
    found = Pricing(context, required=required)
    try:
        yield found
    finally:
        found.close()


def check_cost_options(context: Context) -> None:
    """Must be called before a task with ``show_cost`` changes anything. Raises InvalidArguments."""
    Pricing(context, required=False).close()


def add_change_cost(
    context: Context,
    result: dict[str, Any],
    before: Iterable[ArmJson | None],
    after: Iterable[ArmJson | None],
    beside: Iterable[ArmJson | None] = (),
) -> None:
    """Adds ``cost`` to the result of a task with ``show_cost``, and to its ``diff``.

    ``before`` are the live groups with their instance views; those that have stopped or ended cost nothing. ``after``
    are the definitions (wire form) of the groups that run after the task, without those that it deletes or stops.
    ``beside`` are groups that run only during a rollout. None stands for no group. Warns of costs that are not known.
    Raises InvalidArguments.
    """
    with pricing(context) as prices:
        was, will_be, meanwhile = (prices.total_of(groups) for groups in (_billed(before), after, beside))
    result["cost"] = costs.change_cost(was, will_be, meanwhile, prices.currency)
    for reason in result["cost"]["reasons"]:
        context.warn(f"What this change costs is not known. {reason}")
    words = {"before": was.in_words(prices.currency), "after": will_be.in_words(prices.currency)}
    if "diff" in result and words["before"] != words["after"]:
        for side, text in words.items():
            result["diff"][side] = {**result["diff"][side], "cost": text}


def _billed(groups: Iterable[ArmJson | None]) -> list[ArmJson]:
    return [group for group in groups if group is not None and costs.is_billed(group)]


def billed_afterwards(found: ArmJson | None, changes: Sequence[Change], plan: Plan) -> ArmJson | None:
    """Of a group that is neither deleted nor stopped, what is billed after the task, None if nothing is.

    It is derived from the plan, so that check mode reports the same; for a job, this is its cost while it runs.
    ``found`` is the group as it was.
    """
    started = any(change.property == "state" and change.after == "Running" for change in changes)
    was_billed = found is not None and not is_finished(found)
    return plan.desired if found is None or plan.runs_anew or started or was_billed else None
