# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The last log lines of failed containers, which explain a failure better than anything the service reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from .._common.cut_logs import begun, unfinished
from .._common.display_text import display_line
from .._common.errors import AciError, AzureError
from .._common.polling import Poll, wait_until
from .._common.wait import Deadline
from .._group.facts import snake_cased
from .._group.failures import FailedContainer, failed_containers, last_exit_codes
from .._group.wire import ArmJson
from .._module import Context
from .run_log import LOG_SECONDS, is_not_yet

E = TypeVar("E", bound=AciError)

MAX_TOLD = 5
"""Maximum number of containers whose last lines are in the message; the result has all of them."""

_LONGEST_LINE = 500
_LAST_EVENTS = 5

Read = Callable[[str], "str | None"]
"""Returns the log of the container with this name, None if it is not available yet. Raises AciError."""


def explained(context: Context, error: E, live: ArmJson) -> E:
    """Adds exit codes and the last lines of failed containers to the error of a task on one group.

    They are read immediately, because the containers may be removed after a failure. This itself never fails.
    """
    params = context.params
    name, wait_for = str(params["name"]), params["wait_for"]
    error.result = {**error.result, "exit_codes": last_exit_codes(live)}
    lines = int(params["failure_log_lines"])
    if lines:
        failed = failures_of(live, params, error.code, wait_for=wait_for)
        read = reader(context, str(params["resource_group"]), name, lines)
        add_logs(error, failure_logs(context, name, failed, lines, read))
    return error


def reader(context: Context, resource_group: str, name: str, lines: int) -> Read:
    """Reads the last lines of a container's log without retries, so that an outage does not delay the failure."""
    client = context.client.without_retries()

    def read(container: str) -> str | None:
        try:
            return client.logs(resource_group, name, container, lines)
        except AzureError as error:
            if is_not_yet(error):
                return None
            raise

    return read


def failures_of(
    live: ArmJson, params: Mapping[str, Any], error_code: str, *, wait_for: str | None
) -> list[FailedContainer]:
    """The containers that caused an error with this code."""
    return failed_containers(
        live,
        params["allowed_exit_codes"] if wait_for == "completed" else (0,),
        overdue=error_code == "TimedOut",
        to_the_end=wait_for == "completed",
    )


def failure_logs(
    context: Context,
    group: str,
    failed: Sequence[FailedContainer],
    lines: int,
    read: Read,
    patience: float = LOG_SECONDS,
) -> list[dict[str, Any]]:
    """The last lines of a group's failed containers, one entry each, without secrets and control characters.

    Waits up to ``patience`` seconds for logs that are not available yet. Never raises AciError: the entry of a log that
    cannot be read says so.
    """
    contents: dict[str, str | None] = {}
    reasons: dict[str, str] = {}

    def probe() -> Poll[None]:
        for each in failed:
            if contents.get(each.name) is not None or each.name in reasons:
                continue
            try:
                contents[each.name] = read(each.name)
            except AciError as error:
                reasons[each.name] = display_line(context.masker.message(error.msg))
        late = [each for each in failed if each.has_ended and contents.get(each.name) is None]
        return Poll(None, all(each.name in reasons for each in late) or deadline.left <= 0)

    deadline = Deadline(context, patience)
    wait_until(deadline, probe, lambda _none: AciError("Too late."))
    return [_entry(context, group, each, contents.get(each.name), reasons.get(each.name), lines) for each in failed]


def _entry(
    context: Context, group: str, failed: FailedContainer, content: str | None, reason: str | None, lines: int
) -> dict[str, Any]:
    # The service may have dropped the beginning of the log, and the container may still be writing its last line:
    # either may leave half a secret.
    masker = context.masker
    masked = masker.message(begun(masker, unfinished(masker, content or "")))
    last = [display_line(line) for line in masked.splitlines()[-lines:]]
    if content is None and reason is None:
        reason = "The log is not available."
    return {
        "container_group": group,
        "container": failed.name,
        "init": failed.init,
        "exit_code": failed.exit_code,
        "available": content is not None,
        "reason": reason,
        "lines": last,
        "events": snake_cased(failed.events[-_LAST_EVENTS:]),
        "hint": failed.hint(last),
    }


def told(entries: Sequence[Mapping[str, Any]], *, with_group: bool = False) -> str:
    """The entries as lines to add below a message: a hint, then the log, each line prefixed with its container."""
    text: list[str] = []
    for entry in entries[:MAX_TOLD]:
        name = display_line(str(entry["container"]))
        where = f"{display_line(str(entry['container_group']))}/{name}" if with_group else name
        if entry["hint"]:
            text.append(f"Container {where}: {entry['hint']}")
        if not entry["available"]:
            text.append(f"The log of container {where} could not be read: {entry['reason']}")
        elif not entry["lines"]:
            text.append(f"Container {where} wrote nothing.")
        else:
            text.append(f"The last lines of container {where}:")
            text += [f"{where} | {_shortened(line)}" for line in entry["lines"]]
    if len(entries) > MAX_TOLD:
        text.append(f"The result has the logs of {len(entries) - MAX_TOLD} more in failure_logs.")
    return "\n".join(text)


def _shortened(line: str) -> str:
    cut = len(line) - _LONGEST_LINE
    return line if cut <= 0 else f"{line[:_LONGEST_LINE]}... ({cut} more characters)"


def add_logs(error: AciError, entries: Sequence[Mapping[str, Any]], *, with_group: bool = False) -> None:
    """Adds the last lines of failed containers to an error, both below its message and in its result."""
    error.details = told(entries, with_group=with_group)
    error.result = {**error.result, "failure_logs": list(entries)}
