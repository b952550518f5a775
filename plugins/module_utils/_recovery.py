# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The file that keeps a group's definition while the group is deleted to be created anew.

It is written before the delete and removed after the create, so that a run that is killed in between loses nothing: the
next run finds it and goes on from it. Secrets are placeholders in it.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ._errors import AciError
from ._wire import Wire

DEFAULT_DIRECTORY = "~/.azure/aci-recovery"


@dataclass(frozen=True)
class RecoveryFile:
    """The recovery file of one group, whether it exists or not."""

    path: Path
    resource_id: str

    def read(self) -> Wire | None:
        """The definition in it (wire form, without its secrets), or None when there is no file of this group."""
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise AciError(
                f"The recovery file {self.path} of an interrupted recreation cannot be read ({type(error).__name__}). "
                "Mend it, or remove it to create the group from the task alone.",
                code="RecoveryFileUnreadable",
            ) from None
        if not isinstance(content, dict) or str(content.get("id", "")).lower() != self.resource_id.lower():
            return None
        from ._definition import without_placeholders

        definition = content.get("definition")
        return without_placeholders(definition) if isinstance(definition, dict) else None

    def write(self, body: t.Mapping[str, t.Any], api_version: str) -> None:
        """Writes the definition, mode 0600, at once and completely. Raises AciError when that is impossible."""
        from ._definition import exported

        name = self.resource_id.rsplit("/", 1)[-1]
        content = {"id": self.resource_id, "definition": exported({**body, "name": name}, api_version)}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, temporary = tempfile.mkstemp(dir=self.path.parent, prefix=".", suffix=".json")
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(content, stream, indent=2)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, self.path)
        except OSError as error:
            raise AciError(
                f"The recovery file {self.path} cannot be written: {error.strerror}. Nothing was deleted; "
                "choose another folder with recovery_dir.",
                code="RecoveryFileUnwritable",
            ) from None

    def remove(self) -> None:
        """Removes the file, if it is there."""
        self.path.unlink(missing_ok=True)


def recovery_file(directory: str | None, subscription_id: str, resource_group: str, name: str) -> RecoveryFile:
    """The recovery file of a group."""
    resource_id = (
        f"/subscriptions/{subscription_id}/resourceGroups/{resource_group}"
        f"/providers/Microsoft.ContainerInstance/containerGroups/{name}"
    )
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", f"{subscription_id}.{resource_group}.{name}".lower())
    return RecoveryFile(Path(directory or DEFAULT_DIRECTORY).expanduser() / f"{safe}.json", resource_id)
