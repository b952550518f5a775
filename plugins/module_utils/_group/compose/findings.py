# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The findings of a conversion: notes for the user, and reasons why there can be no group. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..._common.display_text import display_line
from ..._common.errors import InvalidArguments

IGNORED = "ignored"
"""The kind of a note on a key that has no effect on Container Instances."""
DIFFERS = "differs"
"""The kind of a note on something that works differently than with Docker."""


@dataclass(frozen=True)
class Note:
    """Something that the user should know. ``path`` is its place in the project, such as ``services.web.labels``."""

    path: str
    kind: str
    message: str

    def as_result(self) -> dict[str, str]:
        """The note in the form of a task's result."""
        return {"path": self.path, "kind": self.kind, "message": self.message}


@dataclass
class Findings:
    """Notes and refusals without duplicates, in the order in which they were found."""

    notes: list[Note] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)

    def ignored(self, path: str, message: str) -> None:
        """Notes that a key has no effect."""
        self._add(Note(path, IGNORED, message))

    def differs(self, path: str, message: str) -> None:
        """Notes that something works differently."""
        self._add(Note(path, DIFFERS, message))

    def _add(self, note: Note) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def refuse(self, path: str, reason: str) -> None:
        """Records a reason why there can be no group, in one or more complete sentences."""
        if (path, reason) not in self.refusals:
            self.refusals.append((path, reason))

    def check(self) -> None:
        """Raises InvalidArguments with all refusals, if there are any. Its result lists them as ``refused``."""
        if not self.refusals:
            return
        lines = [f"{display_line(path)}: {reason}" for path, reason in self.refusals]
        if len(lines) == 1:
            error = InvalidArguments(f"The compose project cannot become a container group. {lines[0]}")
        else:
            error = InvalidArguments(f"The compose project cannot become a container group, for {len(lines)} reasons.")
            error.details = "\n".join(lines)
        error.result = {"refused": [{"path": path, "reason": reason} for path, reason in self.refusals]}
        raise error
