# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The content of a recovery file: the group's definition, with placeholders instead of secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .._common.errors import AciError
from .._common.own_files import NotOurs, read_own, write_own
from .._group.wire import ArmJson
from .recovery import RecoveryFile


def read_recovery(file: RecoveryFile) -> ArmJson | None:
    """The definition in the file (wire form, without secrets), or None if there is no file for this group.

    Raises AciError if there is a file that cannot be used. Its content will be run, so it is trusted only if nobody
    else can have written it.
    """
    try:
        content = json.loads(read_own(file.path))
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        raise file.no_folder() from None
    except NotOurs as reason:
        raise AciError(
            f"The recovery file {file.path} is not trusted: {reason}. If it is yours, correct its owner or mode; "
            "else remove it to create the group from the task alone.",
            code="RecoveryFileRefused",
        ) from None
    except OSError as error:
        raise _unreadable(file, str(error.strerror)) from None
    except (ValueError, RecursionError):
        raise _unreadable(file, "it is not valid JSON") from None
    if not isinstance(content, dict) or not isinstance(content.get("definition"), dict):
        raise _unreadable(file, "it contains no definition")
    if str(content.get("id", "")).lower() != file.resource_id.lower():
        return None
    from .._group.definition import without_placeholders  # few tasks find such a file

    return without_placeholders(content["definition"])


def write_recovery(file: RecoveryFile, body: Mapping[str, Any], api_version: str, previous: Mapping[str, Any]) -> None:
    """Writes the definition atomically, with mode 0600. Raises AciError if that is impossible.

    ``previous`` is the group's old definition. It is only for people, and is never read.
    """
    from .._group.definition import exported

    name = file.resource_id.rsplit("/", 1)[-1]
    content = {
        "id": file.resource_id,
        "definition": exported({**body, "name": name}, api_version),
        "previous_definition": exported({**previous, "name": name}, api_version),
    }
    try:
        file.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_own(file.path, json.dumps(content, indent=2).encode())
    except (FileExistsError, NotADirectoryError):
        raise file.no_folder() from None
    except (OSError, NotOurs) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise AciError(
            f"The recovery file {file.path} cannot be written: {reason}. Nothing was deleted; "
            "choose another folder with recovery_dir.",
            code="RecoveryFileUnwritable",
        ) from None


def _unreadable(file: RecoveryFile, reason: str) -> AciError:
    return AciError(
        f"The recovery file {file.path} of an interrupted recreation cannot be read: {reason}. "
        "Repair it, or remove it to create the group from the task alone.",
        code="RecoveryFileUnreadable",
    )
