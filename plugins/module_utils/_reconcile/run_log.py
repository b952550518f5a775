# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The log of a container, which is read repeatedly while it grows. Pure.

The service returns the whole log each time, but does not keep all of it: only 4 MB for a running container, 16 KB or
1000 lines for one that has ended, and nothing from runs before the last restart. Here, everything read is kept.
"""

from __future__ import annotations

from .._common.cut_logs import begun
from .._common.errors import AzureError
from .._common.masking import Masker

LOG_SECONDS = 10.0
"""Maximum time until the log of a container that has ended becomes available."""

_TAIL = 200

_CUT_CHARACTERS, _CUT_LINES = 8_000, 1_000
"""A shorter log is complete: the service keeps 16 KB, and characters may have more than one byte."""


class RunLog:
    """What is known about one container's log."""

    def __init__(self) -> None:
        self.content = ""
        self.available = False
        self.settled = False
        """Whether the service returned the same twice, so that a last line without a line break is complete."""
        self._given = ""
        self._run: str | None = None
        self._begin = 0  # of the present run's output
        self._told = 0

    def update(self, run: str | None, content: str) -> None:
        """Adds what the service returns now. ``run`` identifies the container's run by its start time."""
        self.settled = self.available and content == self._given
        self._given = content
        self.available = True
        known = self.content[self._begin :]
        if run != self._run and known and not content.startswith(known):
            # A new run has a new log; the service no longer has the old one.
            if not self.content.endswith("\n"):
                self.content += "\n"
            self._begin, known = len(self.content), ""
        self.content += content[overlap(known, content) :]
        self._run = run

    def fresh_lines(self, at_end: bool = False) -> list[str]:
        """The complete lines that were not returned yet; with ``at_end`` also a last one without a line break."""
        end = len(self.content) if at_end else self.content.rfind("\n") + 1
        lines = self.content[self._told : max(end, self._told)].splitlines()
        self._told = max(end, self._told)
        return lines

    def fresh_shown(self, masker: Masker, at_end: bool = False) -> list[tuple[str, str]]:
        """The same lines, each with a version that may be shown, without secrets."""
        cut = may_be_cut(self.content)
        return [
            (line, begun(masker, line) if cut and self.content.startswith(line) else masker.text(line))
            for line in self.fresh_lines(at_end)
        ]


_NOT_YET = frozenset({"ContainerGroupTransitioning", "ContainerGroupDeploymentNotReady"})


def is_not_yet(error: AzureError) -> bool:
    """Whether a log could not be read because it does not exist, or not yet."""
    return error.status in (404, 409) or error.code in _NOT_YET


def may_be_cut(content: str) -> bool:
    """Whether a log is so long that its beginning may be cut off, perhaps in the middle of a line or a secret."""
    return len(content) >= _CUT_CHARACTERS or content.count("\n") >= _CUT_LINES


def overlap(old: str, new: str) -> int:
    """The length of the beginning of ``new`` that is also the end of ``old``. The service may have dropped the rest."""
    if new.startswith(old):
        return len(old)
    tail = old[-_TAIL:]
    position = new.rfind(tail)
    while position >= 0:
        length = position + len(tail)
        if old.endswith(new[:length]):
            return length
        position = new.rfind(tail, 0, length - 1)
    for length in range(min(len(tail), len(new)), 0, -1):
        if old.endswith(new[:length]):
            return length
    return 0
