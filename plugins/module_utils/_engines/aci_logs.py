# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_logs module: reads what containers wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._common.errors import AzureError, InvalidArguments, TimedOut
from .._common.wait import Deadline, Poll, wait_until
from .._group.state import container_events, containers, current_state
from .._module import Context, ModuleSpec

Log = dict[str, Any]


@dataclass(frozen=True)
class _Source:
    """A container whose log is wanted."""

    name: str
    init: bool


def run(context: Context) -> dict[str, Any]:
    """The logs of one container or of all. Raises AciError."""
    params = context.params
    if params["tail"] is not None and params["tail"] < 1:
        raise InvalidArguments("tail must be a number of lines greater than 0.")
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
    """The containers whose logs are wanted, init containers first, since they run first."""
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
    return {
        "container": source.name,
        "init": source.init,
        "available": content is not None,
        "reason": None if content is not None else _reason(group, source),
        "content": content or "",
        "lines": (content or "").splitlines(),
    }


def _reason(group: dict[str, Any], source: _Source) -> str:
    """Why there is no log: what the container does instead, and the last that happened to it."""
    container = next(item for item in containers(group, init=source.init) if item.get("name") == source.name)
    state = current_state(container)
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
        "resource_group": {"type": "str", "required": True},
        "name": {"type": "str", "required": True},
        "container": {"type": "str"},
        "init_containers": {"type": "bool", "default": False},
        "tail": {"type": "int"},
        "timestamps": {"type": "bool", "default": False},
        "wait": {"type": "bool", "default": False},
        "wait_timeout": {"type": "int", "default": 120},
    },
    run=run,
)
