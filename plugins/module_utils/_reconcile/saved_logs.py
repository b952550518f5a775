# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Saves the logs of containers to files before they are lost (``save_logs``).

A log exists only as long as the run that wrote it, which ends with a PUT, restart, stop, start or delete. Files are
written as securely as recovery files, so that nobody else can put a link or a file in their place. Files of earlier
tasks are never overwritten.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from .._azure.client import Client
from .._common.cut_logs import begun
from .._common.display_text import display_text
from .._common.errors import AciError, AzureError
from .._common.file_names import file_name
from .._common.masking import without_credentials
from .._common.own_files import NotOurs, check_own_folder, write_own
from .._common.polling import Poll, wait_until
from .._common.wait import Deadline
from .._group import state as states
from .._group.runs import last_start
from .._group.wire import ArmJson
from .._module import Context
from .run_log import LOG_SECONDS, RunLog, is_not_yet, may_be_cut


def read_log(client: Client, resource_group: str, name: str, container: str) -> str | None:
    """The log of a container; None if the service does not have it, or not yet. Raises AciError."""
    try:
        return client.logs(resource_group, name, container)
    except AzureError as error:
        if not is_not_yet(error):
            raise
        return None


class _File:
    """The file for one container's log in one task."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = RunLog()


class LogSaver:
    """Saves the logs of container groups for one task; does nothing unless the task has ``save_logs``.

    Check mode reads and checks the same, but writes nothing.
    """

    def __init__(self, context: Context, warn: Callable[[str], None] | None = None) -> None:
        self._context = context
        self._warn = warn or context.warn
        folder = context.params.get("save_logs")
        self._folder = Path(folder) if folder else None
        self._files: dict[tuple[str, str], _File] = {}
        self._entries: dict[tuple[str, str], dict[str, Any]] = {}

    def as_result(self) -> dict[str, Any]:
        """``saved_logs`` for the task's result, an entry per container; empty if the task does not save logs."""
        return {} if self._folder is None else {"saved_logs": list(self._entries.values())}

    def check_folder(self) -> None:
        """Creates the folder with mode 0700 if it is missing. Raises AciError if no file can be written there."""
        if self._folder is None:
            return
        try:
            if self._folder.is_symlink():
                raise NotOurs("it is a symbolic link; give the folder itself")
            if not self._context.check_mode:
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            elif not self._folder.exists():
                return
            check_own_folder(self._folder)
            if not os.access(self._folder, os.W_OK | os.X_OK):
                raise NotOurs("this user cannot write to it")
        except (OSError, NotOurs) as error:
            raise self._unwritable(error) from None

    def save(
        self,
        resource_group: str,
        name: str,
        live: ArmJson,
        read: Callable[[str], str | None] | None = None,
        late: float = LOG_SECONDS,
    ) -> None:
        """Saves the log of every container of a live group. ``read`` returns one container's log, or None.

        ``late`` is the number of seconds to wait for the log of a container that has run. When called again in the same
        task, adds what is new. Raises AciError if a log that may exist cannot be read, or cannot be written: then the
        caller must not destroy it.
        """
        if self._folder is None:
            return
        self.check_folder()
        client = self._context.client

        def ask(container: str) -> str | None:
            return read_log(client, resource_group, name, container)

        for container, init in states.every_container(live):
            own_name = str(container.get("name"))
            key = (f"{resource_group}/{name}".lower(), own_name)
            started = last_start(container)
            entry = self._entries.setdefault(
                key,
                {"container_group": name, "container": own_name, "init": init, "path": None, "reason": None},
            )
            try:
                content = self._read(read or ask, own_name, late if started is not None else 0.0)
            except AciError as error:
                if not _says_that_there_is_none(error):
                    self._fail(error, entry)
                    raise
                self._note_missing(entry, f"The service has no log of the container: {error.msg}")
                continue
            if content is not None:
                entry["path"] = str(self._write(self._folder, key, [resource_group, name, own_name], started, content))
                entry["reason"] = None
            elif started is not None:
                self._note_missing(entry, "The service has no log of the container, though it has run.")
            elif entry["path"] is None:
                entry["reason"] = "The container has not started."

    def _read(self, read: Callable[[str], str | None], container: str, late: float) -> str | None:
        """Reads a log, which may become available some seconds later."""
        deadline = Deadline(self._context, late)

        def probe() -> Poll[str | None]:
            content = read(container)
            return Poll(content, content is not None or deadline.left <= 0)

        return wait_until(deadline, probe, lambda _content: AciError("The log is not available yet."))

    def _fail(self, error: AciError, entry: dict[str, Any]) -> None:
        """Adds to an error that a log could not be read, and what was not done for this reason."""
        error.msg = (
            f"The log of container {entry['container']} of container group {entry['container_group']} cannot be saved "
            f"(save_logs), so nothing was done that would destroy it. {error.msg} Run the task again, or leave "
            "save_logs out to go on without the log."
        )
        error.code = "LogsNotSaved"
        entry["reason"] = without_credentials(str(error))
        error.result = {**error.result, **self.as_result()}

    def _note_missing(self, entry: dict[str, Any], reason: str) -> None:
        """Records and warns that there is no log of a container, or nothing new since it was last saved."""
        entry["reason"] = without_credentials(display_text(reason))
        self._warn(
            f"No log of container {entry['container']} of container group {entry['container_group']} was saved. "
            f"{reason}"
        )

    def _write(self, folder: Path, key: tuple[str, str], parts: list[str], started: str | None, content: str) -> Path:
        """Writes a masked log and returns its path. Raises AciError."""
        masker = self._context.masker
        try:
            known = self._files.get(key)
            file = self._files[key] = known or _File(self._free_path(folder, parts, started))
            file.log.update(started, content)
            text = file.log.content
            text = without_credentials(begun(masker, text) if may_be_cut(text) else masker.text(text))
            if not self._context.check_mode:
                if known is None:
                    self._write_new(file, text)
                else:
                    write_own(file.path, _bytes(text))
        except (OSError, NotOurs) as error:
            failure = self._unwritable(error)
            failure.result = self.as_result()
            raise failure from None
        return file.path

    def _write_new(self, file: _File, text: str) -> None:
        """Writes a new file under a free name; another task may take that name at the same moment."""
        while True:
            try:
                write_own(file.path, _bytes(text), replace=False)
                return
            except FileExistsError:
                file.path = _next_free(file.path.parent, file.path.stem, {file.path})

    def _free_path(self, folder: Path, parts: list[str], started: str | None) -> Path:
        """A path in the folder that is not used by any file or by another log of this task."""
        moment = re.sub(r"[^0-9TZ]", "", re.sub(r"\.[0-9]+", "", started)) if started else ""
        stem = file_name(".".join([*parts, *([moment] if moment else [])]))
        return _next_free(folder, stem, {file.path for file in self._files.values()})

    def _unwritable(self, error: Exception) -> AciError:
        reason = error.strerror if isinstance(error, OSError) else error
        return AciError(
            f"Logs cannot be saved in {self._folder} (save_logs): {reason}. Nothing was done that would destroy them. "
            "Choose another folder, or omit save_logs to continue without the logs.",
            code="LogsUnwritable",
        )


def _next_free(folder: Path, stem: str, taken: set[Path]) -> Path:
    """The first of ``stem.log``, ``stem-2.log`` and so on that does not exist, not even as a broken link."""
    paths = (folder / f"{stem if number == 1 else f'{stem}-{number}'}.log" for number in count(1))
    return next(path for path in paths if path not in taken and not os.path.lexists(path))


def _says_that_there_is_none(error: AciError) -> bool:
    """Whether the service's refusal means that there is no log, such as for a group that was never deployed.

    That is not the case if it did not answer, or if only this identity is not allowed to read the log.
    """
    return error.status is not None and 400 <= error.status < 500 and error.status not in (401, 403, 408, 429)


def _bytes(text: str) -> bytes:
    """A log in UTF-8. JSON may contain lone surrogates, which UTF-8 cannot represent."""
    return text.encode("utf-8", "backslashreplace")
