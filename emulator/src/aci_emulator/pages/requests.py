# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The content of the requests page: a timeline, then the newest requests, filtered by age, method, path and outcome.
Times are real time, not the emulator's."""

from __future__ import annotations

import fnmatch
import json
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from ..container_instance.state.deployments import GROUPS
from ..serving.controls import Controls
from ..serving.request_log import LoggedRequest
from .redaction import redactor

MINUTES = (5, 15, 60, 0)  # 0: all in the log
OUTCOMES = ("", "answered", "refused", "failed")
METHODS = ("", "GET", "PUT", "PATCH", "POST", "DELETE", "HEAD")
ROWS = 200
_ABOUT = 20
_BUCKETS = 60
_HEIGHT = 100


def requests_page(
    controls: Controls, *, minutes: int, method: str, path: str, outcome: str, before: int
) -> dict[str, Any]:
    """Returns the context of the page.

    ``minutes`` are real minutes, 0 for all. ``path`` is a shell pattern or a part of the path. ``outcome`` is answered
    (below 400), refused (400 to 499), failed (500 or more, or no answer), or empty for any. If ``before`` is not 0,
    only requests with lower numbers are shown.
    """
    now, kept = time.monotonic(), controls.requests.newest()
    oldest = now - 60 * minutes if minutes else min((entry.moment for entry in kept), default=now)
    recent = [entry for entry in reversed(kept) if entry.moment >= oldest]
    chosen = [
        entry
        for entry in recent
        if method in ("", entry.method)
        and _fits(entry.path, path)
        and outcome in ("", _outcome(entry))
        and (not before or entry.number < before)
    ]
    return {
        "requests": _with_bars([_shown(controls, entry) for entry in chosen[:ROWS]], chosen[:ROWS]),
        "timeline": timeline(chosen, oldest, now),
        "chosen": len(chosen),
        "recent": len(recent),
        "kept": len(kept),
        "older": chosen[ROWS - 1].number if len(chosen) > ROWS else None,
        "choice": {"minutes": minutes, "method": method, "path": path, "outcome": outcome, "before": before},
        "all_minutes": MINUTES,
        "all_methods": METHODS,
        "all_outcomes": OUTCOMES,
    }


def timeline(entries: list[LoggedRequest], since: float, now: float) -> dict[str, Any]:
    """Returns the number of requests over time: ``bars``, each with ``x``, ``title`` and ``parts`` with ``tone``, ``y``
    and ``height`` in hundredths of the highest bar; ``counts`` by outcome; and the durations of all bars and of one."""
    width = max(now - since, 1.0) / _BUCKETS
    counted = [Counter[str]() for _ in range(_BUCKETS)]
    for entry in entries:
        counted[min(max(int((entry.moment - since) / width), 0), _BUCKETS - 1)][_outcome(entry) or "under way"] += 1
    highest = max(sum(each.values()) for each in counted) or 1
    bars = []
    for number, counts in enumerate(counted):
        if not counts:
            continue
        y, parts = float(_HEIGHT), []
        for outcome, tone in _TONES.items():
            height = _HEIGHT * counts[outcome] / highest
            y -= height
            if counts[outcome]:
                parts.append({"tone": tone, "y": round(y, 2), "height": round(height, 2)})
        what = ", ".join(f"{counts[outcome]} {outcome}" for outcome in _TONES if counts[outcome])
        bars.append({"x": number, "title": f"{_span((_BUCKETS - number) * width)} ago: {what}", "parts": parts})
    total = sum(counted, Counter[str]())
    return {
        "bars": bars,
        "counts": [(outcome, tone, total[outcome]) for outcome, tone in _TONES.items() if total[outcome]],
        "since": _span(width * _BUCKETS),
        "each": _span(width),
        "highest": highest,
    }


def _with_bars(shown: list[dict[str, Any]], entries: list[LoggedRequest]) -> list[dict[str, Any]]:
    """Adds the position of each request within the period shown: ``start`` and ``length`` in percent."""
    if not entries:
        return shown
    first = min(entry.moment for entry in entries)
    span = max(max(entry.moment + (entry.milliseconds or 0.0) / 1000 for entry in entries) - first, 0.001)
    for row, entry in zip(shown, entries, strict=True):
        length = min(max(100 * (entry.milliseconds or 0.0) / 1000 / span, 1.5), 100.0)
        row["start"] = round(min(100 * (entry.moment - first) / span, 100 - length), 2)
        row["length"] = round(length, 2)
    return shown


def _span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def newest(controls: Controls, number: int) -> list[dict[str, Any]]:
    """Returns the newest requests, without their bodies."""
    entries = controls.requests.newest()[-number:]
    return [_shown(controls, entry, body=False) for entry in reversed(entries)]


def about(controls: Controls, resource_id: str) -> list[dict[str, Any]]:
    """Returns the newest requests to a resource and its children."""
    wanted = resource_id.lower()
    found = [
        entry
        for entry in reversed(controls.requests.newest())
        if entry.path.lower() == wanted or entry.path.lower().startswith(wanted + "/")
    ]
    return [_shown(controls, entry) for entry in found[:_ABOUT]]


def _fits(path: str, pattern: str) -> bool:
    path, pattern = path.lower(), pattern.lower()
    if any(mark in pattern for mark in "*?["):
        return fnmatch.fnmatchcase(path, pattern)
    return pattern in path


_TONES = {"answered": "good", "refused": "busy", "failed": "bad", "under way": "idle"}


def _outcome(entry: LoggedRequest) -> str:
    if entry.status is None:
        # A request that is still being answered has no outcome yet.
        return "failed" if entry.milliseconds is not None else ""
    if entry.status >= 500:
        return "failed"
    return "refused" if entry.status >= 400 else "answered"


def _shown(controls: Controls, entry: LoggedRequest, *, body: bool = True) -> dict[str, Any]:
    # The body has been masked by name, but may contain the secrets of stored groups under other names.
    hide = redactor(controls, *_records(controls, entry.path))
    shown = {
        "number": entry.number,
        "time": entry.time,
        "method": entry.method,
        "path": hide.text(entry.path),
        "query": "&".join(f"{name}={hide.text(value)}" for name, value in entry.query.items()),
        "principal": entry.principal or "",
        "status": entry.status,
        "milliseconds": entry.milliseconds,
        "faults": entry.faults,
        "body": "",
    }
    if body and entry.body not in (None, {}):
        shown["body"] = json.dumps(hide.json(entry.body), indent=2, ensure_ascii=False)
    return shown


def _records(controls: Controls, path: str) -> list[Mapping[str, Any]]:
    segments = path.lower().strip("/").split("/")
    if len(segments) < 8 or segments[6] != "containergroups":
        return []
    record = controls.store.get(GROUPS, "/" + "/".join(segments[:8]))
    return [record] if record is not None else []
