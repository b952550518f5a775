# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""What the groups of an estate cost before and after their changes, where the task asks for that."""

from __future__ import annotations

from typing import Any

from ..._group import costs
from ..._group.wire import ArmJson
from ..._module import Context
from ..._reconcile.pricing import Pricing


class Prices:
    """The prices of one task with ``show_cost``; without it, nothing is requested and nothing is known."""

    def __init__(self, context: Context) -> None:
        """Raises InvalidArguments."""
        self._pricing = Pricing(context, required=False) if context.params["show_cost"] else None

    def close(self) -> None:
        """Close the connections."""
        if self._pricing is not None:
            self._pricing.close()

    def change(self, before: ArmJson | None, after: ArmJson | None) -> dict[str, Any] | None:
        """What a group costs before and after its change, as aci_group returns it. None without ``show_cost``.

        Each is the group as it is billed then, None where it costs nothing.
        """
        if self._pricing is None:
            return None
        was, will, meanwhile = (self._pricing.total_of(groups) for groups in ([before], [after], []))
        return costs.change_cost(was, will, meanwhile, self._pricing.currency)

    def of(self, wire: ArmJson) -> tuple[str | None, str | None]:
        """What a group costs an hour and a month while it runs, each None where that is not known."""
        if self._pricing is None:
            return None, None
        cost = self._pricing.cost_of(wire)
        return costs.amount_text(cost.hourly), costs.amount_text(cost.monthly)
