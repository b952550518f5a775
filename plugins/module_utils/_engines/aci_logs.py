# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_logs module: reads the logs of containers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._common.errors import AciError, AzureError, InvalidArguments, TimedOut
from .._common.line_pattern import LinePattern
from .._common.polling import Poll, wait_until
from .._common.wait import Deadline
from .._group.problems import container_events, reasons
from .._group.shared_arguments import CONTAINER_GROUP
from .._group.state import containers, current_state, is_finished, restart_policy
from .._module import Context, ModuleSpec
from .._reconcile.run_log import LOG_SECONDS, RunLog, is_not_yet

Log = dict[str, Any]


@dataclass(frozen=True)
class _Source:
    """A container whose log is requested."""

    name: str
    init: bool


def run(context: Context) -> dict[str, Any]:
    """The logs of one container, or of all. Raises AciError."""
    params = context.params
    if params["tail"] is not None and params["tail"] < 1:
        raise InvalidArguments("tail must be a number of lines greater than 0.")
    if params["wait_for_line"] is not None:
        pattern = LinePattern("wait_for_line", params["wait_for_line"])
        return _LineWait(context, pattern).wait()
    deadline = Deadline(context, params["wait_timeout"])
    known: dict[str, Log] = {}

    def probe() -> Poll[list[Log]]:
        group = _group(context)
        logs = []
        for source in _sources(context, group):
            if source.name not in known:
                log = _log(context, group, source)
                if not log["available"]:
                    logs.append(log)
                    continue
                known[source.name] = log
            logs.append(known[source.name])
        return Poll(logs, not params["wait"] or all(log["available"] for log in logs))

    return {"changed": False, "logs": wait_until(deadline, probe, lambda logs: _too_slow(context, logs))}


class _LineWait:
    """Follows logs until a line matches."""

    def __init__(self, context: Context, pattern: LinePattern) -> None:
        self.context = context
        self.pattern = pattern
        self.deadline = Deadline(context, context.params["wait_timeout"])
        self.ended: Deadline | None = None
        """The deadline for the last lines of a group that has ended to become available."""
        self.logs: dict[_Source, RunLog] = {}
        self.found: dict[str, str] | None = None

    def wait(self) -> dict[str, Any]:
        """The result, once a line matches. Raises AciError if no line ever will, or none did in time."""
        group = wait_until(self.deadline, self._probe, self._too_late)
        if self.found is None:
            why = " ".join(reasons(group))
            raise AciError(
                f"No line of {self._where} matches {self.pattern.text!r} (wait_for_line), and none will, because it "
                f"has ended. {why}".rstrip(),
                code="LineNotFound",
                result={"logs": self._as_result(group), "line": None},
            )
        return {"changed": False, "logs": self._as_result(group), "line": self.found}

    def _probe(self) -> Poll[dict[str, Any]]:
        group = _group(self.context)
        sources = _sources(self.context, group)
        if self.ended is None and (is_finished(group) or all(_has_ended(group, source) for source in sources)):
            self.ended = Deadline(self.context, LOG_SECONDS)
        for source in sources:
            if self.found is None:
                self._follow(group, source)
        settled = all(log.settled for log in self.logs.values())
        is_over = self.ended is not None and (settled or self.ended.left <= 0)
        return Poll(group, self.found is not None or is_over)

    def _follow(self, group: dict[str, Any], source: _Source) -> None:
        """Reads a container's new lines, shows them, and searches them."""
        log = self.logs.setdefault(source, RunLog())
        params = self.context.params
        try:
            content = self.context.client.logs(
                params["resource_group"], params["name"], source.name, None, params["timestamps"]
            )
        except AzureError as error:
            if not is_not_yet(error):
                raise
            content = None
        state = current_state(_container(group, source))
        if content is not None:
            log.update(str(state.get("startTime") or ""), content)
        # A last line without a line break is complete once the container has terminated.
        at_end = state.get("state") == "Terminated" and log.settled
        lines = []
        for line, shown in log.fresh_shown(self.context.masker, at_end):
            lines.append(line)
            if params["stream"]:
                self.context.progress(f"{source.name} | {shown}")
        matching = self.pattern.first(lines)
        if matching is not None:
            self.found = {"container": source.name, "line": matching}

    @property
    def _where(self) -> str:
        container, name = self.context.params["container"], self.context.params["name"]
        return f"container {container} of container group {name}" if container else f"container group {name}"

    def _as_result(self, group: dict[str, Any]) -> list[Log]:
        """The logs as far as they were read, reduced to the last lines if the task has ``tail``."""
        tail = self.context.params["tail"]
        logs = []
        for source in _sources(self.context, group):
            log = self.logs.get(source, RunLog())
            lines = log.content.splitlines(keepends=True)
            content = "".join(lines if tail is None else lines[-tail:])
            logs.append(_entry(group, source, content if log.available else None))
        return logs

    def _too_late(self, group: dict[str, Any]) -> TimedOut:
        count = sum(len(log.content.splitlines()) for log in self.logs.values())
        noun = "line was" if count == 1 else "lines were"
        why = " ".join(reasons(group))
        return TimedOut(
            f"No line of {self._where} matched {self.pattern.text!r} (wait_for_line) within "
            f"{self.context.params['wait_timeout']} s (wait_timeout): {count} {noun} read. {why}".rstrip(),
            result={"logs": self._as_result(group), "line": None},
        )


def _group(context: Context) -> dict[str, Any]:
    resource_group, name = context.params["resource_group"], context.params["name"]
    group = context.client.get_group(resource_group, name)
    if group is None:
        raise AzureError(
            f"There is no container group {name} in resource group {resource_group}.",
            code="ResourceNotFound",
            status=404,
        )
    return group


def _sources(context: Context, group: dict[str, Any]) -> list[_Source]:
    """The containers whose logs are requested, init containers first, because they run first."""
    main = [_Source(str(item.get("name")), init=False) for item in containers(group)]
    init = [_Source(str(item.get("name")), init=True) for item in containers(group, init=True)]
    wanted = context.params["container"]
    if wanted is None:
        return [*init, *main] if context.params["init_containers"] else main
    chosen = [source for source in [*main, *init] if source.name == wanted]
    if not chosen:
        names = ", ".join(source.name for source in [*init, *main])
        raise InvalidArguments(
            f"Container group {context.params['name']} has no container {wanted}. It has: {names}.",
            code="ContainerNotFound",
        )
    return chosen


def _log(context: Context, group: dict[str, Any], source: _Source) -> Log:
    params = context.params
    content = context.client.logs(
        params["resource_group"], params["name"], source.name, params["tail"], params["timestamps"]
    )
    return _entry(group, source, content)


def _entry(group: dict[str, Any], source: _Source, content: str | None) -> Log:
    """A log as the module returns it; ``content`` is None if it is not available yet."""
    return {
        "container": source.name,
        "init": source.init,
        "available": content is not None,
        "reason": None if content is not None else _reason(group, source),
        "content": content or "",
        "lines": (content or "").splitlines(),
    }


def _container(group: dict[str, Any], source: _Source) -> dict[str, Any]:
    return next(item for item in containers(group, init=source.init) if item.get("name") == source.name)


def _has_ended(group: dict[str, Any], source: _Source) -> bool:
    """Whether a container has ended and will not be restarted."""
    state = current_state(_container(group, source))
    policy = restart_policy(group)
    stays = policy == "Never" or (state.get("exitCode") == 0 and (source.init or policy == "OnFailure"))
    return state.get("state") == "Terminated" and stays


def _reason(group: dict[str, Any], source: _Source) -> str:
    """Why there is no log: the container's state and its last event."""
    state = current_state(_container(group, source))
    text = " ".join(str(state.get(key)) for key in ("state", "detailStatus") if state.get(key))
    said = [str(event.get("message")) for name, event in container_events(group) if name == source.name]
    parts = [f"the container is {text}" if text else "the container has not started yet", *said[-1:]]
    return "The log is not available yet: " + "; ".join(parts).rstrip(".") + "."


def _too_slow(context: Context, logs: list[Log]) -> TimedOut:
    missing = [log for log in logs if not log["available"]]
    return TimedOut(
        f"No log of {', '.join(log['container'] for log in missing)} in container group {context.params['name']} "
        f"after {context.params['wait_timeout']} s. {missing[0]['reason']}",
        result={"logs": logs},
    )


SPEC = ModuleSpec(
    name="aci_logs",
    arguments={
        **CONTAINER_GROUP,
        "container": {"type": "str"},
        "init_containers": {"type": "bool", "default": False},
        "tail": {"type": "int"},
        "timestamps": {"type": "bool", "default": False},
        "wait": {"type": "bool", "default": False},
        "wait_for_line": {"type": "str"},
        "wait_timeout": {"type": "int", "default": 120},
        "stream": {"type": "bool", "default": True},
    },
    run=run,
)
