# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs ``serve`` with options from a file or in the background, stops it, and runs commands with its variables."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

from ..core.statedir import in_use, is_served, prepare
from .control_client import (
    CommandError,
    call,
    environment,
    intercepted_environment,
    misleading_variables,
    served,
)

LOG = "serve.log"
_START_SECONDS = 120.0
_STOP_SECONDS = 30.0
_PATHS = ("state-dir", "limits-file", "policy-file")  # relative to the file that names them


def load_yaml(path: Path) -> Any:
    """Returns the YAML document in a file given by the user. Raises CommandError."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"cannot read {path}: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise CommandError(f"{path} is not valid YAML: {error}") from None


def config_arguments(parser: argparse.ArgumentParser, path: Path) -> list[str]:
    """Returns the arguments of ``serve`` in a file, which is a mapping of options without their leading hyphens.

    A repeatable option takes a list, or a mapping if its values are NAME=VALUE. Raises CommandError.
    """
    document = load_yaml(path)
    if not isinstance(document, dict):
        raise CommandError(f"{path} must contain a mapping of options of serve")
    known = {
        name.removeprefix("--"): action
        for action in parser._actions
        for name in action.option_strings
        if name.startswith("--") and name not in ("--help", "--config", "--no-detach")
    }
    arguments: list[str] = []
    for name, value in document.items():
        action = known.get(name)
        if action is None:
            raise CommandError(f"{path}: serve has no option {name!r}; aci-emulator serve --help lists them")
        if action.nargs == 0:
            if not isinstance(value, bool):
                raise CommandError(f"{path}: {name} must be true or false")
            arguments += [f"--{name}"] * value
            continue
        for each in _values(path, name, value, repeats=isinstance(action, argparse._AppendAction)):
            text = str((path.parent / each).absolute()) if name in _PATHS else each
            arguments.append(f"--{name}={text}")
    _check(parser, path, arguments)
    return arguments


def _check(parser: argparse.ArgumentParser, path: Path, arguments: list[str]) -> None:
    """Raises CommandError with the file's name; argparse itself would report an error in the command line."""
    parser.exit_on_error = False
    try:
        parser.parse_args(arguments)
    except argparse.ArgumentError as error:
        raise CommandError(f"{path}: {(error.argument_name or '').removeprefix('--')}: {error.message}") from None
    finally:
        parser.exit_on_error = True


def _values(path: Path, name: str, value: Any, *, repeats: bool) -> list[str]:
    if repeats and isinstance(value, dict):
        value = [f"{key}={each}" for key, each in value.items()]
    values = value if repeats and isinstance(value, list) else [value]
    if not all(isinstance(each, str | int | float) and not isinstance(each, bool) for each in values):
        kind = "a string, a number, or a list of them" if repeats else "a string or a number"
        raise CommandError(f"{path}: {name} must be {kind}; quote words such as yes and no")
    return [str(each) for each in values]


def serve_detached(state_dir: Path, arguments: list[str]) -> int:
    """Starts ``serve`` with the user's arguments in the background, and returns once it is ready. Raises CommandError.

    Its output goes to ``serve.log`` in the state directory, which only the owner can read.
    """
    state_dir = prepare(state_dir)
    if served(state_dir) is not None:
        raise CommandError(in_use(state_dir))
    log = state_dir / LOG
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            # --config is passed on as a file: its content, such as storage account keys, must not become arguments,
            # which other users can see.
            [sys.executable, "-m", "aci_emulator", "serve", *arguments, "--no-detach"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None:
        facts = served(state_dir)
        if facts is not None and facts["pid"] == process.pid:
            print(f"ready {facts['url']}")
            print(f"pages: aci-emulator open --state-dir {shlex.quote(str(state_dir))} prints a link")
            return 0
        if time.monotonic() >= deadline:
            process.kill()
            process.wait()
            raise CommandError(f"the emulator was not ready within {_START_SECONDS:.0f} s; see {log}")
        time.sleep(0.05)
    sys.stderr.write(log.read_text(encoding="utf-8", errors="replace"))
    return process.returncode or 1


def stop(options: argparse.Namespace) -> int:
    """Stops the emulator of a state directory, and returns once it has stopped. It is no error if none runs."""
    state_dir: Path = options.state_dir
    if served(state_dir) is None:
        print(f"no emulator serves {state_dir}", file=sys.stderr)
        return 0
    # By a request, not a signal: if it runs in a container, its process ID is different there.
    call(state_dir, "POST", "/emulator/stop")
    deadline = time.monotonic() + _STOP_SECONDS
    while is_served(state_dir):
        if time.monotonic() >= deadline:
            raise CommandError(f"the emulator that serves {state_dir} did not stop within {_STOP_SECONDS:.0f} s")
        time.sleep(0.05)
    return 0


def execute(options: argparse.Namespace) -> int:
    """Replaces this process with a command that has the variables of ``env`` in its environment."""
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        raise CommandError("exec: name the command to run, after --")
    inherited = dict(os.environ)
    if options.intercept:
        variables = intercepted_environment(prepare(options.state_dir), options.way, options.wait)
        for name in misleading_variables(inherited):
            del inherited[name]
    else:
        variables = environment(prepare(options.state_dir), options.way, options.wait)
    try:
        os.execvpe(command[0], command, {**inherited, **variables})  # noqa: S606 - what the user asks for
    except OSError as error:
        raise CommandError(f"cannot run {command[0]}: {error.strerror}") from None
