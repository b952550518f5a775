# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Who changed a group last, and when: what the group itself says (``systemData``) and what the activity log says. Pure.

A change is a dictionary with ``by``, ``by_type``, ``at``, ``operation``, ``correlation_id`` and ``source``. Every text
in it comes from the service, or from whoever made the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from .._common.lifetime import moment
from .._common.masking import shown
from .wire import get_path

SYSTEM_DATA: Final = "system_data"
ACTIVITY_LOG: Final = "activity_log"

TOLERANCE: Final = timedelta(seconds=60)
"""How far apart the two sources may date the same change."""

_CHANGES = ("/containergroups/write", "/containergroups/delete")
_REFUSED = frozenset({"failed", "canceled", "cancelled"})
_TAKEN = frozenset({"accepted", "succeeded"})


def change_by_system_data(wire: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The last change as a group that was read says it; None where it does not."""
    found = (wire or {}).get("systemData")
    if not isinstance(found, Mapping) or not found.get("lastModifiedAt"):
        return None
    return {
        "by": shown(found.get("lastModifiedBy")),
        "by_type": shown(found.get("lastModifiedByType")),
        "at": shown(found.get("lastModifiedAt")),
        "operation": None,
        "correlation_id": None,
        "source": SYSTEM_DATA,
    }


def change_by_log(events: Iterable[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The last change among a group's events of the activity log, None where there is none.

    Starts, stops and restarts change no definition, and what was refused changed nothing. What was accepted and failed
    later has changed the group.
    """
    requests: dict[str, list[Mapping[str, Any]]] = {}
    for event in events:
        operation = str(get_path(event, "operationName.value") or "")
        if operation.lower().endswith(_CHANGES) and moment(_text(event.get("eventTimestamp"))) is not None:
            # Where an event names no operation it stands alone.
            key = _text(event.get("operationId")) or _text(event.get("correlationId")) or f"event {len(requests)}"
            requests.setdefault(key, []).append(event)
    begun = [min(found, key=_at) for found in requests.values() if _took_effect(found)]
    if not begun:
        return None
    last = max(begun, key=_at)
    return {
        "by": shown(last.get("caller")),
        "by_type": None,
        "at": shown(last.get("eventTimestamp")),
        "operation": shown(get_path(last, "operationName.value")),
        "correlation_id": shown(last.get("correlationId")),
        "source": ACTIVITY_LOG,
    }


def last_change(system: Mapping[str, Any] | None, logged: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The later of what both sources say. Of the same change the log knows more; but it is minutes late."""
    if system is None or logged is None:
        found = logged or system
        return None if found is None else dict(found)
    read, written = moment(_text(system["at"])), moment(_text(logged["at"]))
    if read is not None and written is not None and read > written + TOLERANCE:
        return dict(system)
    return {**logged, "by_type": system["by_type"] if system["by"] == logged["by"] else None}


def _took_effect(events: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a request changed something, or may have: only a refusal is known not to have."""
    statuses = {str(get_path(event, "status.value") or "").lower() for event in events}
    return not statuses & _REFUSED or bool(statuses & _TAKEN)


def _at(event: Mapping[str, Any]) -> Any:
    return moment(_text(event.get("eventTimestamp")))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
