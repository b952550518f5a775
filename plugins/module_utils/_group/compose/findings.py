# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""What a conversion finds out on its way: notes for a person, and reasons why there is no group. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..._common.display_text import display_line
from ..._common.errors import InvalidArguments

IGNORED = "ignored"
"""The kind of note on a key that has no effect on Container Instances."""
DIFFERS = "differs"
"""The kind of note on what works in another way than it does with Docker."""


@dataclass(frozen=True)
class Note:
    """One thing to know. ``path`` is the place in the project, as ``services.web.labels``."""

    path: str
    kind: str
    message: str

    def as_result(self) -> dict[str, str]:
        """The note as a task's result has it."""
        return {"path": self.path, "kind": self.kind, "message": self.message}


@dataclass
class Findings:
    """Notes and refusals, in the order in which they were found, each once."""

    notes: list[Note] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)

    def ignored(self, path: str, message: str) -> None:
        """A key that has no effect."""
        self._add(Note(path, IGNORED, message))

    def differs(self, path: str, message: str) -> None:
        """Something that works in another way."""
        self._add(Note(path, DIFFERS, message))

    def _add(self, note: Note) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def refuse(self, path: str, reason: str) -> None:
        """Something without which there is no group. ``reason`` is a whole sentence or more."""
        if (path, reason) not in self.refusals:
            self.refusals.append((path, reason))

    def check(self) -> None:
        """Raises InvalidArguments with every refusal, if there is one. Its result has them as ``refused``."""
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
