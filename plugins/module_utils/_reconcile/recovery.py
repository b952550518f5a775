# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The file that keeps a group's definition while the group is deleted and recreated.

It is written before the delete and removed after the create, so that nothing is lost if the run is killed in between:
the next run finds the file and continues from it. It contains placeholders instead of secrets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .._common.errors import AciError
from .._common.own_files import NotOurs, file_name, read_own, write_own
from .._group.wire import ArmJson

DEFAULT_DIRECTORY = "~/.azure/aci-recovery"


@dataclass(frozen=True)
class RecoveryFile:
    """The recovery file of one group, whether it exists or not."""

    path: Path
    resource_id: str

    def read(self) -> ArmJson | None:
        """The definition in the file (wire form, without secrets), or None if there is no file for this group.

        Raises AciError if there is a file that cannot be used. Its content will be run, so it is trusted only if nobody
        else can have written it.
        """
        try:
            content = json.loads(read_own(self.path))
        except FileNotFoundError:
            return None
        except NotADirectoryError:
            raise self._no_folder() from None
        except NotOurs as reason:
            raise AciError(
                f"The recovery file {self.path} is not trusted: {reason}. If it is yours, correct its owner or mode; "
                "else remove it to create the group from the task alone.",
                code="RecoveryFileRefused",
            ) from None
        except OSError as error:
            raise self._unreadable(str(error.strerror)) from None
        except (ValueError, RecursionError):
            raise self._unreadable("it is not valid JSON") from None
        if not isinstance(content, dict) or not isinstance(content.get("definition"), dict):
            raise self._unreadable("it contains no definition")
        if str(content.get("id", "")).lower() != self.resource_id.lower():
            return None
        from .._group.definition import without_placeholders

        return without_placeholders(content["definition"])

    def write(self, body: Mapping[str, Any], api_version: str, previous: Mapping[str, Any]) -> None:
        """Writes the definition atomically, with mode 0600. Raises AciError if that is impossible.

        ``previous`` is the group's old definition. It is only for people, and is never read.
        """
        from .._group.definition import exported

        name = self.resource_id.rsplit("/", 1)[-1]
        content = {
            "id": self.resource_id,
            "definition": exported({**body, "name": name}, api_version),
            "previous_definition": exported({**previous, "name": name}, api_version),
        }
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_own(self.path, json.dumps(content, indent=2).encode())
        except (FileExistsError, NotADirectoryError):
            raise self._no_folder() from None
        except (OSError, NotOurs) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise AciError(
                f"The recovery file {self.path} cannot be written: {reason}. Nothing was deleted; "
                "choose another folder with recovery_dir.",
                code="RecoveryFileUnwritable",
            ) from None

    def remove(self) -> None:
        """Removes the file, if it exists. Raises AciError if that is impossible."""
        try:
            self.path.unlink(missing_ok=True)
        except NotADirectoryError:
            raise self._no_folder() from None
        except OSError as error:
            raise AciError(
                f"The recovery file {self.path} cannot be removed: {error.strerror}. Remove it: once the group is "
                "gone, a task would continue from it.",
                code="RecoveryFileUnremovable",
            ) from None

    def _no_folder(self) -> AciError:
        return AciError(
            f"recovery_dir must be a folder, but {self.path.parent} is not one, or is below a file.",
            code="RecoveryFileUnwritable",
        )

    def _unreadable(self, reason: str) -> AciError:
        return AciError(
            f"The recovery file {self.path} of an interrupted recreation cannot be read: {reason}. "
            "Repair it, or remove it to create the group from the task alone.",
            code="RecoveryFileUnreadable",
        )


def recovery_file(directory: str | None, subscription_id: str, resource_group: str, name: str) -> RecoveryFile:
    """The recovery file of a group."""
    resource_id = (
        f"/subscriptions/{subscription_id}/resourceGroups/{resource_group}"
        f"/providers/Microsoft.ContainerInstance/containerGroups/{name}"
    )
    safe = file_name(f"{subscription_id}.{resource_group}.{name}".lower())
    return RecoveryFile(Path(directory or DEFAULT_DIRECTORY).expanduser() / f"{safe}.json", resource_id)
