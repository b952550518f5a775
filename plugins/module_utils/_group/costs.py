# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Computes the cost of a container group from its resource requests and prices. Pure; decimals only, never floats.

The service bills the requested resources by the second, from the first image pull until the group stops. Sizes are
rounded up for the group as a whole: vCPUs to a whole number, memory to a tenth of a GB (Microsoft's pricing example of
1.3 vCPU and 2.15 GB, charged as 2 and 2.2; a support case of 1.2 vCPU, charged as 2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

from .._common.errors import InvalidArguments
from .._common.lifetime import moment
from .._common.price_options import RATES
from .state import FINISHED_STATES, every_container, group_state, restart_policy
from .validation import lower, objects
from .wire import get_path

HOURS_PER_MONTH = Decimal(730)

ASSUMPTIONS: Final = (
    "Prices are list prices without tax, agreements or savings plans, unless they were given.",
    "Sizes are rounded up for the whole group, vCPUs to a whole number and memory to 0.1 GB, as Microsoft's pricing "
    "example does.",
)
NOT_INCLUDED: Final = ("NAT gateways", "Log Analytics", "storage", "bandwidth", "container registries")

_UNIT = re.compile(r"(?P<count>[1-9][0-9]{0,5}) (?:GB )?(?P<unit>Hour|Second)s?")
_SECONDS = {"Hour": 3600, "Second": 1}


@dataclass(frozen=True)
class Size:
    """vCPUs and GB of memory."""

    cpu: Decimal
    memory_in_gb: Decimal

    def billed(self) -> Size:
        """The size that is charged for."""
        tenths = (self.memory_in_gb * 10).to_integral_value(ROUND_CEILING)
        return Size(self.cpu.to_integral_value(ROUND_CEILING), tenths / 10)

    def as_result(self) -> dict[str, str]:
        """The size in the form of a task's result, as decimal strings."""
        return {"cpu": decimal_text(self.cpu), "memory_in_gb": decimal_text(self.memory_in_gb)}


@dataclass(frozen=True)
class Rate:
    """A price per hour and unit, with its row of the Retail Prices API if it comes from there."""

    amount: Decimal
    row: Mapping[str, Any] | None = None

    def as_result(self, name: str) -> dict[str, Any]:
        """The rate in the form of a task's result."""
        row = self.row or {}
        return {
            "name": name,
            "per_hour": decimal_text(self.amount),
            "meter_id": row.get("meterId"),
            "meter_name": row.get("meterName"),
            "retail_price": decimal_text(row["retailPrice"]) if row else None,
            "unit_of_measure": row.get("unitOfMeasure"),
            "effective_start_date": row.get("effectiveStartDate"),
        }


@dataclass(frozen=True)
class Run:
    """The period for which a group has been billed. ``basis`` says what the times are based on."""

    since: datetime
    until: datetime
    basis: str

    @property
    def seconds(self) -> Decimal:
        """The duration, never below zero."""
        return Decimal(max(0, int((self.until - self.since).total_seconds())))

    def as_result(self) -> dict[str, Any]:
        """The run in the form of a task's result."""
        return {
            "since": self.since.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "until": self.until.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "seconds": int(self.seconds),
            "basis": self.basis,
        }


def decimal_text(value: Decimal) -> str:
    """A decimal as a string, without an exponent or trailing zeros: ``0.0405``, ``2``."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def decimal_of(value: Any) -> Decimal | None:
    """A number or string as a decimal; None for anything else, and for values that are negative or not finite.

    A float is converted from its decimal notation, not from its exact binary value.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and found >= 0 else None


def given_rates(prices: Mapping[str, Any]) -> dict[str, Rate]:
    """The rates that a task sets. Raises InvalidArguments if one is not a decimal number."""
    rates = {}
    for name, value in prices.items():
        if value is None:
            continue
        amount = decimal_of(value)
        if amount is None:
            raise InvalidArguments(f"prices.{name}: {value!r} is not a price; give a decimal number such as 0.0405.")
        rates[name] = Rate(amount)
    return rates


def rates_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Rate]:
    """The rates in rows of the Retail Prices API, whose numbers are strings. Unknown rows are ignored.

    If there are several rows for one meter, the one with the latest effective date applies.
    """
    names = {meter: name for name, meter in RATES.items()}
    found: dict[str, Rate] = {}
    for row in rows:
        name = names.get((str(row.get("skuName")), str(row.get("meterName"))))
        amount = _per_hour(row)
        if name is None or amount is None or row.get("type", "Consumption") != "Consumption":
            continue
        older = found.get(name)
        if older is None or _effective(older.row or {}) <= _effective(row):
            found[name] = Rate(amount, {**row, "retailPrice": decimal_of(row["retailPrice"])})
    return found


def _per_hour(row: Mapping[str, Any]) -> Decimal | None:
    price, unit = decimal_of(row.get("retailPrice")), _UNIT.fullmatch(str(row.get("unitOfMeasure")))
    if price is None or unit is None or decimal_of(row.get("tierMinimumUnits", 0)) != 0:
        return None
    return price * 3600 / (int(unit["count"]) * _SECONDS[unit["unit"]])


def _effective(row: Mapping[str, Any]) -> str:
    return str(row.get("effectiveStartDate") or "")


def requested(group: Mapping[str, Any]) -> Size:
    """The total resource requests of a group's containers (wire form). Init containers have none."""
    cpu = memory = Decimal(0)
    for container in objects(group, "properties.containers"):
        requests = get_path(container, "properties.resources.requests")
        cpu += decimal_of(get_path(requests, "cpu")) or 0
        memory += decimal_of(get_path(requests, "memoryInGB")) or 0
    return Size(cpu, memory)


def quantities(group: Mapping[str, Any], size: Size) -> dict[str, Decimal]:
    """The hourly quantity of each rate for a group of this billed size. Raises Unpriced if there is no meter."""
    sku = lower(get_path(group, "properties.sku"), "standard")
    if any(get_path(each, "properties.resources.requests.gpu") for each in objects(group, "properties.containers")):
        raise Unpriced("Groups with GPUs have no meter: GPU SKUs were retired on 2025-07-14.")
    if sku not in ("standard", "confidential"):
        raise Unpriced(f"No meter of sku {get_path(group, 'properties.sku')} is known.")
    if not size.cpu or not size.memory_in_gb:
        if get_path(group, "properties.containerGroupProfile") is not None:
            raise Unpriced("The sizes are in the container group profile. Ask aci_cost_info once the group exists.")
        raise Unpriced("The group does not specify what its containers request.")
    prefix = "confidential_" if sku == "confidential" else ""
    if lower(get_path(group, "properties.priority")) == "spot":
        prefix = "spot_"
    found = {f"{prefix}vcpu_hour": size.cpu, f"{prefix}gb_hour": size.memory_in_gb}
    if lower(get_path(group, "properties.osType")) == "windows":
        found["windows_vcpu_hour"] = size.cpu
    return found


class Unpriced(Exception):
    """The cost of a group is not known; the text says why."""


@dataclass(frozen=True)
class Cost:
    """The cost of a running group. Amounts are None if they are not known; ``reason`` says why."""

    hourly: Decimal | None = None
    monthly: Decimal | None = None
    rates: Mapping[str, Rate] = field(default_factory=dict)
    """The rates on which the amounts are based, by name."""
    reason: str | None = None

    def as_result(self) -> dict[str, Any]:
        """The amounts in the form of a task's result, unrounded."""
        return {"hourly": amount_text(self.hourly), "monthly": amount_text(self.monthly), "reason": self.reason}


def cost_of(group: Mapping[str, Any], rates: Mapping[str, Rate], hours: Decimal | None) -> Cost:
    """The cost of a group while it runs: ``hours`` a month, if given. Raises Unpriced."""
    hourly, names = hourly_cost(group, rates)
    return Cost(hourly, monthly_cost(group, hourly, hours), {name: rates[name] for name in names})


def hourly_cost(group: Mapping[str, Any], rates: Mapping[str, Rate]) -> tuple[Decimal, list[str]]:
    """The unrounded cost of a running group per hour, and the names of the rates on which it is based.

    Raises Unpriced.
    """
    wanted = quantities(group, requested(group).billed())
    missing = [name for name in wanted if name not in rates]
    if missing:
        raise Unpriced(f"There is no price for {', '.join(missing)} in {group.get('location') or 'its region'}.")
    return sum((rates[name].amount * quantity for name, quantity in wanted.items()), Decimal(0)), list(wanted)


def monthly_cost(group: Mapping[str, Any], hourly: Decimal, hours: Decimal | None) -> Decimal | None:
    """The monthly cost; None for a group that ends by itself if it is not known how long it runs."""
    if hours is not None:
        return hourly * hours
    return hourly * HOURS_PER_MONTH if restart_policy(group).lower() == "always" else None


def total(priced: Iterable[tuple[Mapping[str, Any], Cost]]) -> Total:
    """The total cost of groups while they run."""
    found = list(priced)
    sizes = [requested(group).billed() for group, _cost in found]
    return Total(
        Size(sum((size.cpu for size in sizes), Decimal(0)), sum((size.memory_in_gb for size in sizes), Decimal(0))),
        _sum(cost.hourly for _group, cost in found),
        _sum(cost.monthly for _group, cost in found),
        tuple(dict.fromkeys(cost.reason for _group, cost in found if cost.reason is not None)),
    )


@dataclass(frozen=True)
class Total:
    """The total cost of groups. An amount is None if that of any group is not known; ``reasons`` says why."""

    billed: Size
    hourly: Decimal | None
    monthly: Decimal | None
    reasons: tuple[str, ...] = ()

    def as_result(self) -> dict[str, Any]:
        """The total in the form of a task's result."""
        amounts = {"hourly": amount_text(self.hourly), "monthly": amount_text(self.monthly)}
        return {**amounts, "billed": self.billed.as_result()}

    def in_words(self, currency: str) -> str:
        """The total as readable text."""
        if self.hourly is None:
            return "unknown"
        text = f"{decimal_text(self.hourly)} {currency} an hour"
        return text if self.monthly is None else f"{text}, {decimal_text(self.monthly)} {currency} a month"


def change_cost(before: Total, after: Total, beside: Total, currency: str) -> dict[str, Any]:
    """The cost of a change, in the form of a task's result; ``beside`` runs only during the change."""
    return {
        "currency": currency,
        "before": before.as_result(),
        "after": after.as_result(),
        "difference": {
            "hourly": amount_text(_difference(after.hourly, before.hourly)),
            "monthly": amount_text(_difference(after.monthly, before.monthly)),
        },
        "overlap": {"hourly": amount_text(beside.hourly)},
        "reasons": list(dict.fromkeys((*before.reasons, *after.reasons, *beside.reasons))),
    }


def amount_text(value: Decimal | None) -> str | None:
    """An amount in the form of a task's result, None if it is not known."""
    return None if value is None else decimal_text(value)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total_amount = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        total_amount += amount
    return total_amount


def _difference(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one - other


def cost_so_far(hourly: Decimal, run: Run | None) -> Decimal | None:
    """The cost of the current run so far, rounded to six decimal places."""
    if run is None:
        return None
    return (hourly * run.seconds / 3600).quantize(Decimal("0.000001"), ROUND_HALF_UP)


def is_billed(group: Mapping[str, Any]) -> bool:
    """Whether a group (with its instance view) is being billed; one that has stopped or ended is not."""
    return group_state(group) not in FINISHED_STATES


def current_run(group: Mapping[str, Any], now: datetime) -> Run | None:
    """The period for which a group (with its instance view) has been billed, None if the view does not show it.

    The service keeps no history, so the period begins with the first pull that the view still shows, or with the start
    of the first container.
    """
    pulls, starts, ends = [], [], []
    for container, _init in every_container(group):
        events = objects(container, "properties.instanceView.events")
        pulls += [_moment(event.get("firstTimestamp")) for event in events if event.get("name") == "Pulling"]
        current = get_path(container, "properties.instanceView.currentState")
        starts.append(_moment(get_path(current, "startTime")))
        ends.append(_moment(get_path(current, "finishTime")))
    until = now if is_billed(group) else max((each for each in ends if each), default=None)
    for basis, times in (("first_pull", pulls), ("container_start", starts)):
        since = min((each for each in times if each), default=None)
        if since is not None and until is not None:
            return Run(since, until, basis)
    return None


def _moment(value: Any) -> datetime | None:
    """Parses a time from the service. None if it has not happened yet, for which the service writes year 1."""
    found = moment(value if isinstance(value, str) else None)
    return found if found is not None and found.year > 1 else None
