# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations whose outcome a fault decides, independently of the containers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..core.timestamps import event_time
from ..faults.outcome import Outcome
from . import state as states
from .base import Handle
from .glance import Glance, Trouble
from .supervisor import FAILED, PENDING, UNSETTLED, GroupView, Supervisor

REPAIR_STATE = "Unknown"
REPAIR_DETAIL = "Infrastructure Error"
REPAIR_TEXT = "The platform repairs the group (Infrastructure Error)."
REFUSED_RESTARTS = 2


@dataclass
class Repair:
    """A group that the platform repairs, as recorded in 2021: its next restarts are refused, then one is accepted."""

    refusals: int = REFUSED_RESTARTS
    over: bool = False


class FaultySupervisor(Supervisor):
    """A supervisor whose operations can be made to fail or hang, and whose groups can be repaired by the platform.

    ``arm`` sets the outcome of the next operation on a group. The group's view shows it until another operation starts;
    the containers are not affected. The same holds for a repair, which ends by itself after ``seconds``, if given: then
    the containers are started again.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._armed: dict[str, Outcome] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._repairs: dict[str, Repair] = {}

    def arm(self, group_id: str, outcome: Outcome) -> None:
        """Sets the outcome of the next operation on a group."""
        self._armed[group_id] = outcome

    def disarm(self, group_id: str) -> None:
        """Undoes ``arm``, unless an operation has started since."""
        self._armed.pop(group_id, None)

    def forget_outcomes(self) -> None:
        """Lets all operations end normally, including those that hang."""
        decided = [*self._outcomes, *self._repairs]
        self._armed.clear()
        self._outcomes.clear()
        self._repairs.clear()
        for group_id in decided:
            group = self._groups.get(group_id)
            if group is not None:
                group.on_event(group_id)

    def evict_spot(self, group_id: str) -> None:
        """Evicts a group if it is a deployed spot group."""
        group = self._find(group_id)
        if group is not None and group.spec.priority == "Spot":
            self.evict(group_id)

    def repair(self, group_id: str, seconds: float) -> bool:
        """Lets the platform repair a group with running containers. Returns False if there is nothing to repair."""
        group = self._find(group_id)
        if group is None or group.inactive or group.unsettled or self.repairing(group_id):
            return False
        repair = self._repairs[group_id] = Repair()

        def end() -> None:
            if self._repairs.get(group_id) is repair:
                repair.over = True
                group.deploy(pull=False)

        if seconds:
            self.clock.call_later(seconds, end)
        return True

    def repairing(self, group_id: str) -> bool:
        """Whether the group is shown as being repaired."""
        repair = self._repairs.get(group_id)
        return repair is not None and not (repair.over and not self._groups[group_id].unsettled)

    def refuses_restart(self, group_id: str) -> bool:
        """Whether a restart that is requested now fails because of a repair. Counts as a request."""
        if not self.repairing(group_id) or not self._repairs[group_id].refusals:
            return False
        self._repairs[group_id].refusals -= 1
        return True

    def deploy(
        self,
        group_id: str,
        definition: Mapping[str, Any],
        *,
        on_event: Callable[[str], None],
        update: bool = False,
        ready: bool = False,
    ) -> None:
        """Like that of the Supervisor."""
        self._decide(group_id)
        super().deploy(group_id, definition, on_event=on_event, update=update, ready=ready)

    def refresh(self, group_id: str, definition: Mapping[str, Any]) -> None:
        """Like that of the Supervisor."""
        self._decide(group_id)
        super().refresh(group_id, definition)

    def start(self, group_id: str) -> None:
        """Like that of the Supervisor."""
        self._decide(group_id)
        super().start(group_id)

    def restart(self, group_id: str) -> None:
        """Like that of the Supervisor."""
        self._decide(group_id)
        super().restart(group_id)

    def stop(self, group_id: str) -> None:
        """Like that of the Supervisor."""
        self._repairs.pop(group_id, None)
        super().stop(group_id)

    def remove(self, group_id: str) -> None:
        """Like that of the Supervisor."""
        self._outcomes.pop(group_id, None)
        self._repairs.pop(group_id, None)
        super().remove(group_id)

    def view(self, group_id: str) -> GroupView:
        """Like that of the Supervisor, with the outcome that was decided."""
        view = super().view(group_id)
        if self.repairing(group_id):
            return replace(
                view,
                phase=PENDING,
                state=REPAIR_STATE,
                containers={name: _broken(shown) for name, shown in view.containers.items()},
            )
        outcome = self._outcomes.get(group_id)
        if outcome is None:
            return view
        if outcome.code is None:
            return replace(view, phase=PENDING)
        if view.phase in UNSETTLED:
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

    def glance(self, group_id: str) -> Glance:
        """Like that of the Supervisor, with the outcome that was decided."""
        glance = super().glance(group_id)
        if self.repairing(group_id):
            return replace(glance, state=REPAIR_STATE, running=0, trouble=Trouble("Repairing", REPAIR_TEXT))
        outcome = self._outcomes.get(group_id)
        failed = outcome is not None and outcome.code is not None and not self._groups[group_id].unsettled
        if outcome is None or not failed or glance.trouble is not None:
            return glance
        return replace(
            glance,
            trouble=Trouble(str(outcome.code), outcome.message),
            newest=max(glance.newest, outcome.stamp),
        )

    def handle(self, group_id: str, container: str) -> Handle | None:
        """Like that of the Supervisor, but None during a repair."""
        return None if self.repairing(group_id) else super().handle(group_id, container)

    def endpoint(self, group_id: str, port: int) -> tuple[str, int] | None:
        """Like that of the Supervisor, but None during a repair."""
        return None if self.repairing(group_id) else super().endpoint(group_id, port)

    def _decide(self, group_id: str) -> None:
        self._outcomes.pop(group_id, None)
        self._repairs.pop(group_id, None)
        outcome = self._armed.pop(group_id, None)
        if outcome is not None:
            self._outcomes[group_id] = replace(outcome, stamp=event_time(self.clock.now()))


def _broken(shown: dict[str, Any] | None) -> dict[str, Any] | None:
    """A container's instance view during a repair: terminated, without an exit code, finish time, events or previous
    state."""
    if shown is None:
        return None
    current = {"state": states.TERMINATED}
    if started := (shown.get("currentState") or {}).get("startTime"):
        current["startTime"] = started
    return {"restartCount": shown["restartCount"], "currentState": {**current, "detailStatus": REPAIR_DETAIL}}
