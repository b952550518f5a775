# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The file that keeps a group's definition while the group is deleted and recreated.

It is written before the delete and removed after the create, so that nothing is lost if the run is killed in between:
the next run finds the file and continues from it. _reconcile/recovery_content.py reads and writes it.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from .._common.errors import AciError
from .._common.file_names import file_name

DEFAULT_DIRECTORY = "~/.azure/aci-recovery"


class RecoveryFile(NamedTuple):
    """The recovery file of one group, whether it exists or not."""

    path: Path
    resource_id: str

    def remove(self) -> None:
        """Removes the file, if it exists. Raises AciError if that is impossible."""
        try:
            self.path.unlink(missing_ok=True)
        except NotADirectoryError:
            raise self.no_folder() from None
        except OSError as error:
            raise AciError(
                f"The recovery file {self.path} cannot be removed: {error.strerror}. Remove it: once the group is "
                "gone, a task would continue from it.",
                code="RecoveryFileUnremovable",
            ) from None

    def no_folder(self) -> AciError:
        """The error for a ``recovery_dir`` that is not a folder."""
        return AciError(
            f"recovery_dir must be a folder, but {self.path.parent} is not one, or is below a file.",
            code="RecoveryFileUnwritable",
        )


def recovery_file(directory: str | None, subscription_id: str, resource_group: str, name: str) -> RecoveryFile:
    """The recovery file of a group."""
    resource_id = (
        f"/subscriptions/{subscription_id}/resourceGroups/{resource_group}"
        f"/providers/Microsoft.ContainerInstance/containerGroups/{name}"
    )
    safe = file_name(f"{subscription_id}.{resource_group}.{name}".lower())
    return RecoveryFile(Path(directory or DEFAULT_DIRECTORY).expanduser() / f"{safe}.json", resource_id)
