# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations that end as a fault wants it, on top of what containers really do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .runtime.supervisor import FAILED, PENDING, GroupView, Supervisor
from .runtime.timestamps import event_time


@dataclass(frozen=True)
class Outcome:
    """How an operation shall end: as Failed with a code and a text, or (``code`` None) never."""

    code: str | None = None
    message: str = ""
    stamp: str = ""


class FaultySupervisor(Supervisor):
    """A supervisor whose operations can be made to fail or to hang.

    ``arm`` says how the next operation on a group shall end. The view of the group then shows it until another
    operation begins; what the containers do is not touched.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._armed: dict[str, Outcome] = {}
        self._outcomes: dict[str, Outcome] = {}

    def arm(self, group_id: str, outcome: Outcome) -> None:
        """Decides about the next operation on a group."""
        self._armed[group_id] = outcome

    def disarm(self, group_id: str) -> None:
        """Takes back what ``arm`` said, if no operation has begun since."""
        self._armed.pop(group_id, None)

    def forget_outcomes(self) -> None:
        """Lets all operations end as they would, also those that hang."""
        decided = list(self._outcomes)
        self._armed.clear()
        self._outcomes.clear()
        for group_id in decided:
            group = self._groups.get(group_id)
            if group is not None:
                group.on_event(group_id)

    def evict_spot(self, group_id: str) -> None:
        """Evicts a group if it is a spot group that has been deployed."""
        group = self._groups.get(group_id)
        if group is not None and group.spec.priority == "Spot":
            self.evict(group_id)

    def deploy(
        self,
        group_id: str,
        definition: Mapping[str, Any],
        *,
        on_event: Callable[[str], None],
        keep_history: bool = False,
    ) -> None:
        """Like that of the Supervisor."""
        self._decide(group_id)
        super().deploy(group_id, definition, on_event=on_event, keep_history=keep_history)

    def start(self, group_id: str) -> None:
        """Like that of the Supervisor."""
        self._decide(group_id)
        super().start(group_id)

    def restart(self, group_id: str) -> None:
        """Like that of the Supervisor."""
        self._decide(group_id)
        super().restart(group_id)

    def remove(self, group_id: str) -> None:
        """Like that of the Supervisor."""
        self._outcomes.pop(group_id, None)
        super().remove(group_id)

    def view(self, group_id: str) -> GroupView:
        """Like that of the Supervisor, with the outcome that was decided."""
        view = super().view(group_id)
        outcome = self._outcomes.get(group_id)
        if outcome is None:
            return view
        if outcome.code is None:
            return replace(view, phase=PENDING)
        if view.phase == PENDING:
            return view
        event = {
            "count": 1,
            "firstTimestamp": outcome.stamp,
            "lastTimestamp": outcome.stamp,
            "name": outcome.code,
            "message": outcome.message,
            "type": "Warning",
        }
        events = [*view.events, event]
        return replace(view, phase=FAILED, code=outcome.code, message=outcome.message, events=events)

    def _decide(self, group_id: str) -> None:
        self._outcomes.pop(group_id, None)
        outcome = self._armed.pop(group_id, None)
        if outcome is not None:
            self._outcomes[group_id] = replace(outcome, stamp=event_time(self.clock.now()))
