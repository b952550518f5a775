# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The changes of a plan, and how results and diff mode show them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .schema import Effect


class Change(NamedTuple):
    """One difference between the live and the desired state. Values are in option form, with secrets masked."""

    property: str
    before: Any
    after: Any
    effect: Effect
    default: Any = None
    """The service's value for a property that is not set."""

    def __str__(self) -> str:
        """The change as a phrase: ``restart_policy from 'Always' to 'Never'``."""
        return f"{self.property} from {self._said(self.before)} to {self._said(self.after)}"

    def _said(self, value: Any) -> str:
        value = self.default if value is None else value
        return "nothing" if value is None else repr(value)

    def as_result(self) -> dict[str, Any]:
        """The change in the form of a task's result."""
        return {
            "property": self.property,
            "before": self.before,
            "after": self.after,
            "effect": self.effect.value,
        }


def diff_of(header: str, changes: Sequence[Change]) -> dict[str, Any]:
    """The changes in the form of Ansible's diff mode."""
    return {
        "before_header": header,
        "after_header": header,
        "before": {change.property: change.before for change in changes if change.before is not None},
        "after": {change.property: change.after for change in changes if change.after is not None},
    }
