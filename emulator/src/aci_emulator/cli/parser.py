# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command ``aci-emulator``."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import math
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from .. import __version__
from ..core.settings import PULL_POLICIES, RUNTIMES, Settings, default_state_dir
from ..core.statedir import StateDirInUse, StateError, lock, prepare
from ..core.switches import PROFILES, SWITCHES, profile
from ..identity.sign_in_env import INSTANCE_METADATA_WAYS, METADATA_WARNING, WAYS
from .commands import add_commands
from .control_client import (
    CommandError,
    call,
    environment,
    intercepted_environment,
    misleading_variables,
    read_document,
)
from .lifecycle import config_arguments, execute, serve_detached, stop
from .recordings import add_recording_commands

T = TypeVar("T", int, float)

_DIRECT_NOTE = (
    "NOTE: these variables suit the modules of azure_containers.aci, and programs that read the addresses in them. "
    "az, azure.azcollection and plain programs with the Azure SDK would contact Azure itself: run them with "
    "aci-emulator exec --intercept -- COMMAND."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = make_parser()
    options = parser.parse_args(given)
    try:
        if getattr(options, "config", None) is not None:
            # The command line comes last, so that it takes precedence.
            options = parser.parse_args(["serve", *config_arguments(options.parser, options.config), *given[1:]])
        if getattr(options, "detach", False):
            return serve_detached(options.state_dir, given[1:])
        code: int = options.run(options)
    except BrokenPipeError:
        return 1
    except (CommandError, StateError, OSError, ValueError) as error:
        print(f"aci-emulator: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def make_parser() -> argparse.ArgumentParser:
    """Returns the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="aci-emulator",
        description="An emulator of Azure Resource Manager with Azure Container Instances, on loopback.",
    )
    parser.add_argument("--version", action="version", version=f"aci-emulator {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands)
    _command(commands, "stop", "Stop the emulator.", stop)
    env = _command(commands, "env", "Print the environment variables that point clients at the emulator.", _run_env)
    _add_way(env)
    env.add_argument(
        "--format",
        choices=["export", "json"],
        default="export",
        help="export lines for a shell, or JSON (default: export)",
    )
    run = _command(commands, "exec", "Run one command with the variables of env set.", execute)
    run.usage = "%(prog)s [OPTION ...] -- COMMAND [ARGUMENT ...]"
    _add_way(run)
    run.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND", help="the command and its arguments")
    add_commands(commands, _command)
    add_recording_commands(commands, _command)
    _command(commands, "reset", "Remove everything that clients have created.", _run_reset)
    return parser


def _add_way(env: argparse.ArgumentParser) -> None:
    ways = env.add_mutually_exclusive_group()
    ways.add_argument(
        "--as",
        dest="way",
        choices=WAYS,
        default="client-secret",
        metavar="WAY",
        help=f"how to sign in: {', '.join(WAYS)} (default: %(default)s)",
    )
    ways.add_argument(
        "--auth-file", dest="way", action="store_const", const="auth-file", help="short for --as auth-file"
    )
    env.add_argument(
        "--intercept",
        action="store_true",
        help="for programs written for Azure: the emulator answers all their requests to Azure, and none reaches Azure",
    )
    env.add_argument(
        "--wait",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="how long to wait for an emulator that is starting (default: not at all)",
    )


def _command(commands: Any, name: str, text: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    parser.add_argument(
        "--state-dir",
        type=Path,
        default=default_state_dir(),
        metavar="DIR",
        help="directory of the emulator's state, keys and credentials (default: %(default)s)",
    )
    parser.set_defaults(run=run)
    return parser


def _add_serve(commands: Any) -> None:
    parser = _command(commands, "serve", "Start the emulator and serve until it is stopped.", _run_serve)
    parser.usage = "%(prog)s [OPTION ...]"  # there are too many to list
    parser.set_defaults(parser=parser)
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="YAML mapping of this command's options, without their leading hyphens; the command line takes precedence",
    )
    parser.add_argument(
        "--detach",
        action=argparse.BooleanOptionalAction,
        default=argparse.SUPPRESS,
        help="serve in the background, and return once the emulator is ready; stop it with aci-emulator stop",
    )
    where = parser.add_argument_group("addresses")
    where.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    where.add_argument(
        "--port", type=_port, default=0, help="port to listen on (default: the last one used if it is free, else any)"
    )
    where.add_argument(
        "--proxy-port",
        type=_port,
        default=0,
        metavar="PORT",
        help="port of the forward proxy to the containers (default: the last one used if it is free, else any)",
    )
    where.add_argument(
        "--pass",
        action="append",
        default=[],
        dest="passed_hosts",
        metavar="HOST",
        help="external host that intercepted programs may reach, such as a registry, or *.DOMAIN for all hosts below "
        "it; Azure's management hosts are never reached (repeatable; default: none)",
    )
    runs = parser.add_argument_group("containers")
    runs.add_argument(
        "--runtime",
        choices=RUNTIMES,
        default="auto",
        help="what runs containers; auto uses Podman or Docker if one responds, else process (default: %(default)s)",
    )
    runs.add_argument(
        "--image-pull",
        choices=PULL_POLICIES,
        default="missing",
        help="when Podman or Docker pulls an image from its registry (default: %(default)s)",
    )
    runs.add_argument(
        "--unreachable-registry",
        action="append",
        default=[],
        metavar="HOST",
        help="registry from which no image can be pulled (repeatable)",
    )
    runs.add_argument(
        "--storage-account",
        action="append",
        default=None,
        metavar="NAME[=KEY]",
        help="storage account that exists, with its key; mounting a share of any other account, or with another key, "
        "then fails (repeatable; default: every account exists; keep keys in --config, since other users can see "
        "the command line)",
    )
    runs.add_argument(
        "--exec-input-limit",
        type=_count,
        metavar="BYTES",
        help="bytes of each exec input frame that get through (default: all)",
    )
    times = parser.add_argument_group("time", "Seconds are those of the emulator's clock unless stated otherwise.")
    times.add_argument(
        "--speed",
        type=_speed,
        default=1.0,
        metavar="N",
        help="how many emulated seconds pass in a real second (default: 1)",
    )
    times.add_argument(
        "--provisioning-seconds",
        type=_seconds,
        default=2.0,
        metavar="SECONDS",
        help="time from an accepted PUT until containers start (default: 2)",
    )
    times.add_argument(
        "--pull-seconds",
        type=_seconds,
        default=1.0,
        metavar="SECONDS",
        help="how much of that time is spent pulling images (default: 1)",
    )
    times.add_argument(
        "--group-delete-seconds",
        type=_seconds,
        default=3.0,
        metavar="SECONDS",
        help="minimum time to delete a resource group (default: 3)",
    )
    times.add_argument(
        "--token-lifetime",
        type=_count,
        default=3599,
        metavar="SECONDS",
        help="how long an access token is valid, in real seconds (default: 3599)",
    )
    limits = parser.add_argument_group("limits and policies")
    limits.add_argument(
        "--limit",
        action="append",
        default=[],
        type=_limit,
        metavar="NAME=N",
        help="quota in every region, for example StandardCores=10 (repeatable)",
    )
    limits.add_argument("--limits-file", type=Path, metavar="FILE", help="JSON file with an object of such quotas")
    limits.add_argument(
        "--throttle",
        action="append",
        default=[],
        type=_throttle,
        metavar="KIND=SIZE:REFILL",
        help="size of Resource Manager's token bucket for reads or writes, and its refill per second (repeatable)",
    )
    limits.add_argument(
        "--policy-file", type=Path, metavar="FILE", help="JSON file with a list of policies in force from the start"
    )
    limits.add_argument(
        "--unregistered",
        action="append",
        default=[],
        metavar="NAMESPACE",
        help="resource provider that the subscriptions have not registered (repeatable)",
    )
    limits.add_argument(
        "--page-size", type=_count, default=100, metavar="N", help="resources on each page of a list (default: 100)"
    )
    sign_in = parser.add_argument_group("sign-in")
    sign_in.add_argument(
        "--instance-metadata",
        action="store_true",
        help="serve the metadata service of virtual machines, which issues tokens of a managed identity to every user "
        "of this machine (default: only after env --as managed-identity was used)",
    )
    switches = parser.add_argument_group("switches", "Behaviours of the service that are unknown or disputed.")
    switches.add_argument(
        "--profile", choices=PROFILES, help="preset for all switches; switches given here override it"
    )
    for switch in SWITCHES:
        switches.add_argument(
            f"--{switch.name}",
            choices=switch.values,
            help=f"{switch.help} (default: {switch.default})".replace("%", "%%"),
        )


def _run_serve(options: argparse.Namespace) -> int:
    from ..emulator import launch  # imported here, so that other commands start quickly
    from ..serving.server import serve

    switches = profile(options.profile) if options.profile else {}
    for switch in SWITCHES:
        value = getattr(options, switch.name.replace("-", "_"))
        if value is not None:
            switches[switch.name] = value
    return serve(
        Settings(
            state_dir=options.state_dir,
            host=options.host,
            port=options.port,
            proxy_port=options.proxy_port,
            passed_hosts=tuple(options.passed_hosts),
            speed=options.speed,
            runtime=options.runtime,
            image_pull=options.image_pull,
            switches=switches,
            limits={**_read_limits(options.limits_file), **dict(options.limit)},
            unreachable_registries=tuple(options.unreachable_registry),
            unregistered_providers=tuple(options.unregistered),
            provisioning_seconds=options.provisioning_seconds,
            pull_seconds=options.pull_seconds,
            throttle=dict(options.throttle),
            policies=_read_policies(options.policy_file),
            instance_metadata=options.instance_metadata,
            page_size=options.page_size,
            storage_accounts=_storage_accounts(options.storage_account),
            exec_input_limit=options.exec_input_limit,
            token_lifetime=options.token_lifetime,
            group_delete_seconds=options.group_delete_seconds,
        ),
        launch,
    )


def _storage_accounts(given: list[str] | None) -> dict[str, str] | None:
    """Returns the keys by account name; an empty key means that any will do."""
    if given is None:
        return None
    return {name: key for name, _, key in (each.partition("=") for each in given)}


def _run_env(options: argparse.Namespace) -> int:
    given = (prepare(options.state_dir), options.way, options.wait)
    variables = intercepted_environment(*given) if options.intercept else environment(*given)
    if options.way in INSTANCE_METADATA_WAYS:
        print(METADATA_WARNING, file=sys.stderr)
    if options.format == "json":
        print(json.dumps(variables, indent=2))
        return 0
    if options.intercept:
        for name in misleading_variables(os.environ):
            print(f"unset {name}")
    else:
        print(_DIRECT_NOTE, file=sys.stderr)
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")
    return 0


def _run_reset(options: argparse.Namespace) -> int:
    from ..core.store import Store
    from ..runtime import remove_leftovers

    state_dir = prepare(options.state_dir)
    try:
        with lock(state_dir):
            if (state_dir / "state.db").exists():
                store = Store(state_dir / "state.db")
                store.clear()
                store.close()
            asyncio.run(remove_leftovers(state_dir))
    except StateDirInUse:
        call(state_dir, "POST", "/emulator/reset")
    return 0


def _read_limits(path: Path | None) -> dict[str, int]:
    if path is None:
        return {}
    limits = read_document(path)
    if not isinstance(limits, dict) or not all(type(value) is int and value >= 0 for value in limits.values()):
        raise CommandError(f"{path} must contain a JSON object of names and whole numbers")
    return limits


def _read_policies(path: Path | None) -> list[Any]:
    if path is None:
        return []
    policies = read_document(path)
    if not isinstance(policies, list):
        raise CommandError(f"{path} must contain a JSON list of policies")
    return policies


def _number(kind: Callable[[str], T], allowed: Callable[[T], bool], what: str) -> Callable[[str], T]:
    """Returns a function that parses a number for argparse. ``what`` describes the allowed numbers."""

    def read(text: str) -> T:
        with contextlib.suppress(ValueError):
            number = kind(text)
            if allowed(number):
                return number
        raise argparse.ArgumentTypeError(f"must be {what}, not {text!r}")

    return read


_port = _number(int, lambda number: 0 <= number <= 65535, "a port from 0 to 65535")
_speed = _number(float, lambda number: 0 < number < math.inf, "a number greater than 0")
_seconds = _number(float, lambda number: 0 <= number < math.inf, "a number of seconds")
_count = _number(int, lambda number: number >= 1, "a whole number from 1")


def _limit(text: str) -> tuple[str, int]:
    name, _, number = text.partition("=")
    if name and number.isdecimal():
        return name, int(number)
    raise argparse.ArgumentTypeError(f"must be NAME=N, for example StandardCores=10, not {text!r}")


def _throttle(text: str) -> tuple[str, str]:
    from ..faults.throttle import DEFAULT_RATES, Rate

    kind, _, rate = text.partition("=")
    with contextlib.suppress(ValueError):
        if kind in DEFAULT_RATES:
            Rate.parse(rate)
            return kind, rate
    kinds = " or ".join(DEFAULT_RATES)
    raise argparse.ArgumentTypeError(f"must be KIND=SIZE:REFILL, KIND {kinds}, for example reads=250:25, not {text!r}")
