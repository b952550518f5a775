# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The logs of containers, as `{"content": "..."}`."""

from __future__ import annotations

from typing import Any

from ..definition.refusals import refuse
from ..group_request import GroupRequest
from .groups import Groups


class Logs:
    """Reads the logs of the containers' current runs."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups

    def read(
        self, group_request: GroupRequest, container: str, *, tail: int | None, timestamps: bool
    ) -> dict[str, Any]:
        """The log, or its last `tail` lines. Raises ArmError 404 if the container or its log does not exist."""
        key, record = self._groups.require(group_request)
        properties = record["properties"]
        containers = [*(properties.get("containers") or []), *(properties.get("initContainers") or [])]
        if container not in [each["name"] for each in containers]:
            raise refuse("container_missing", container=container, group=group_request.name)
        if self._groups.position("logs-while-transitioning") == "refuse":
            self._groups.deployments.require_settled(key, record)
        text = self._groups.deployments.logs(key, record, container, timestamps=timestamps)
        if text is None:
            raise refuse("no_log", container=container, group=group_request.name)
        if tail is not None:
            text = last_lines(text, tail)
        if not text and self._groups.position("empty-log") == "null":
            return {"content": None}
        return {"content": text}


def last_lines(text: str, count: int) -> str:
    """The last lines of a text, with their line breaks."""
    lines = text.split("\n")
    # After a trailing line break, split returns an empty piece, which does not count as a line.
    pieces = count + 1 if lines[-1] == "" else count
    return "\n".join(lines[-pieces:])


def read_tail(value: str | None) -> int | None:
    """The number of lines in a query. Raises ArmError 400."""
    if value is None or value == "":
        return None
    try:
        count = int(value)
    except ValueError:
        count = 0
    if count <= 0:
        raise refuse("tail", tail=value)
    return count
