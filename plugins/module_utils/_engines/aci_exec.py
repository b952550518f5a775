# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The engine of the aci_exec module: runs a command in a running container."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .._common.errors import AciError, InvalidArguments, TimedOut
from .._exec.protocol import check_argv, finding, in_directory, with_environment
from .._exec.session import Finished, Shell, Target, open_shell, resolve_target, texts
from .._group.shared_arguments import CONTAINER_GROUP, SHELL
from .._module import Context, ModuleSpec

Opener = Callable[..., Shell]


@dataclass(frozen=True)
class Command:
    """The task's command, in the form that is sent to the container."""

    argv: list[bytes]
    shell: str
    chdir: bytes | None
    environment: dict[bytes, bytes]
    stdin: bytes | None
    shown: str | list[str]

    @property
    def complete(self) -> list[bytes]:
        """The command with its environment and directory."""
        return self.located(with_environment(self.argv, self.shell, self.environment))

    def located(self, argv: list[bytes]) -> list[bytes]:
        """A command that runs in the task's directory."""
        return argv if self.chdir is None else in_directory(argv, self.shell, self.chdir)


def command_of(params: dict[str, Any]) -> Command:
    """The command that the options ask for. Raises InvalidArguments."""
    shell = str(params["shell"])
    given = params["argv"]
    argv = texts([shell, "-c", params["cmd"]]) if given is None else texts(given)
    if given is None and not params["cmd"].strip():
        raise InvalidArguments("cmd is empty; give a command line, as in cmd: ls -l /tmp.")
    environment: dict[bytes, bytes] = {}
    for name, value in (params["env"] or {}).items():
        if value is None or isinstance(value, (dict, list, bool, float)):
            raise InvalidArguments(f"env: the value of {name} must be a string or a whole number; quote it.")
        key, content = texts([name, value])
        environment[key] = content
    command = Command(
        argv=argv,
        shell=shell,
        chdir=None if params["chdir"] is None else texts([params["chdir"]])[0],
        environment=environment,
        stdin=None if params["stdin"] is None else texts([params["stdin"]])[0],
        shown=params["cmd"] if given is None else list(given),
    )
    check_argv(command.argv)
    check_argv(command.complete)
    for name in ("creates", "removes"):
        if "\0" in (params[name] or ""):
            raise InvalidArguments(f"{name} cannot hold a NUL character.")
    return command


def run(context: Context, opener: Opener = open_shell) -> dict[str, Any]:
    """Runs the command.

    Returns ``rc``, ``stdout``, ``stdout_lines``, ``start``, ``end``, ``delta``. Raises AciError.
    """
    params = context.params
    command = command_of(params)
    conditions = [params[name] for name in ("creates", "removes") if params[name] is not None]
    result: dict[str, Any] = {"changed": True, "cmd": command.shown}
    if params["frame_size"] < 0:
        raise InvalidArguments("frame_size must be a number of bytes, or 0.")
    if context.check_mode and not conditions:
        return {**result, "skipped": True, "msg": "The command would have run if not in check mode."}
    target = resolve_target(context.client, Target(params["resource_group"], params["name"], params["container"]))
    result["container"] = target.container
    shell = opener(context.client, target, command.shell, frame_size=params["frame_size"] or None)
    try:
        if command.chdir is not None:
            _check_directory(shell, command)
        reason = _met(shell, command, params)
        if reason is not None:
            return {**result, "changed": False, "rc": 0, "stdout": "", "stdout_lines": [], "msg": reason}
        if context.check_mode:
            return {**result, "msg": "The command would have run if not in check mode."}
        return {**result, **_run(shell, command, params, result)}
    finally:
        shell.close()


def _check_directory(shell: Shell, command: Command) -> None:
    finished = shell.run(command.located([b"true"]), timeout=60)
    if finished.status != 0:
        raise AciError(
            f"chdir: unable to change directory before execution: {_text(finished.output).strip()}",
            code="DirectoryNotFound",
        )


def _met(shell: Shell, command: Command, params: dict[str, Any]) -> str | None:
    """Why nothing needs to be done: what the command creates exists, or what it removes does not."""
    for name, there in (("creates", True), ("removes", False)):
        pattern = params[name]
        if pattern is None:
            continue
        exists = shell.run(command.located(finding(texts([pattern])[0], command.shell)), timeout=60).status == 0
        if exists == there:
            return f"Did not run the command since {pattern} {'exists' if exists else 'does not exist'}."
    return None


def _run(shell: Shell, command: Command, params: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    start = datetime.datetime.now()
    timeout = params["exec_timeout"] or None
    try:
        finished = shell.run(command.complete, stdin=command.stdin, timeout=timeout)
    except AciError as error:
        output = error.result.pop("output", b"")
        error.result = {**known, **error.result, **_output(output, params), **_times(start)}
        if isinstance(error, TimedOut):
            shell.interrupt()
            said = f"The command did not end within {timeout} s (exec_timeout); its terminal was closed."
            raise TimedOut(said, result=error.result) from None
        raise
    result = {"rc": finished.status, **_output(finished.output, params), **_times(start)}
    if finished.status != 0:
        raise AciError(_failure(finished), code="NonZeroReturnCode", result={**known, **result})
    return result


def _failure(finished: Finished) -> str:
    if finished.status == 127:
        return "non-zero return code: the command was not found in the container"
    return "non-zero return code"


def _output(data: bytes, params: dict[str, Any]) -> dict[str, Any]:
    text = _text(data)
    if params["strip_empty_ends"]:
        text = text.rstrip("\r\n")
    return {"stdout": text, "stdout_lines": text.splitlines()}


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _times(start: datetime.datetime) -> dict[str, str]:
    end = datetime.datetime.now()
    return {"start": str(start), "end": str(end), "delta": str(end - start)}


SPEC = ModuleSpec(
    name="aci_exec",
    arguments={
        **CONTAINER_GROUP,
        **SHELL,
        "argv": {"type": "list", "elements": "str"},
        "cmd": {"type": "str"},
        "stdin": {"type": "str", "no_log": True},
        "chdir": {"type": "str"},
        "env": {"type": "dict", "no_log": True},
        "creates": {"type": "str"},
        "removes": {"type": "str"},
        "exec_timeout": {"type": "int", "default": 600},
        "strip_empty_ends": {"type": "bool", "default": True},
    },
    run=run,
    mutually_exclusive=[("argv", "cmd")],
    required_one_of=[("argv", "cmd")],
    # Masking these in the output would do harm: input is often "y" or an ordinary name, and output is the user's own.
    hidden=("stdin", "env"),
)
