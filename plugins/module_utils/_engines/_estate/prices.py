# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""What the groups of an estate cost before and after their changes, where the task asks for that."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ..._group import costs
from ..._group.names import place
from ..._group.wire import ArmJson
from ..._module import Context
from ..aci_cost_info import rate_source


class Prices:
    """The prices of one task, asked for once a region."""

    def __init__(self, context: Context) -> None:
        self._source = rate_source(context) if context.params["cost"] or context.params["prices"] else None
        self._rates: dict[str, dict[str, costs.Rate]] = {}

    def close(self) -> None:
        """Let go of what was opened."""
        if self._source is not None:
            self._source.close()

    def change(self, before: ArmJson | None, after: ArmJson | None) -> dict[str, Any] | None:
        """What a group costs an hour and a month, before and after, each None where it is not known.

        None where the task does not ask for costs.
        """
        if self._source is None:
            return None
        was, will = self.of(before), self.of(after)
        return {
            "hourly_before": was[0],
            "hourly": will[0],
            "monthly_before": was[1],
            "monthly": will[1],
        }

    def of(self, wire: ArmJson | None) -> tuple[str | None, str | None]:
        """What a group costs an hour and a month while it runs; nothing where there is no group."""
        if self._source is None:
            return None, None
        if wire is None:
            return "0", "0"
        region = place(wire.get("location"))
        try:
            costs.quantities(wire, costs.requested(wire).billed())  # without a meter, nobody has to be asked
            if region not in self._rates:
                self._rates[region] = self._source.rates(region)
            hourly, _names = costs.hourly_cost(wire, self._rates[region])
        except costs.Unpriced:
            return None, None
        monthly: Decimal | None = costs.monthly_cost(wire, hourly, None)
        return costs.decimal_text(hourly), None if monthly is None else costs.decimal_text(monthly)
