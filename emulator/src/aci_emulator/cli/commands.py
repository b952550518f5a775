# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands that talk to a running emulator: fault, clock, requests, policy, open."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ..faults.faults import KINDS
from .control_client import CommandError, call, read_document


def add_commands(commands: Any, command: Any) -> None:
    """Adds the commands; ``command(commands, name, text, run)`` makes a parser with ``--state-dir``."""
    _add_fault(commands, command)
    _add_clock(commands, command)
    requests = command(commands, "requests", "Print the newest requests, secrets masked.", _list_requests)
    requests.add_argument("--method", default="", help="only these")
    requests.add_argument("--path", default="*", metavar="PATTERN", help="only those whose path fits a shell pattern")
    requests.add_argument("--after", type=int, default=0, metavar="N", help="only those with greater numbers")
    requests.add_argument("--count", action="store_true", help="print only how many there are")
    requests.add_argument("--clear", action="store_true", help="forget all requests")
    command(commands, "open", "Print a link to the pages, good once and for 60 seconds.", _open)
    policy = command(commands, "policy", "Print the policies in force, or replace them.", _policy)
    policy.add_argument("file", type=Path, nargs="?", help="JSON list of policies; an empty list removes all")


def _add_fault(commands: Any, command: Any) -> None:
    text = "Make matching requests go wrong."
    parser = commands.add_parser("fault", help=text, description=text)
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    command(actions, "list", "Print the faults that are set.", _list_faults)
    command(actions, "clear", "Remove all faults.", _clear_faults)
    remove = command(actions, "remove", "Remove one fault.", _remove_fault)
    remove.add_argument("number", type=int)
    add = command(actions, "add", "Set a fault, and print it.", _add)
    add.add_argument("kind", choices=KINDS)
    add.add_argument("--method", dest="methods", action="append", help="method of the requests (repeat; default: all)")
    add.add_argument(
        "--path", dest="paths", action="append", metavar="PATTERN", help="shell pattern of their path (repeat)"
    )
    add.add_argument("--after", type=int, metavar="N", help="matching requests that pass first")
    add.add_argument("--times", type=int, metavar="N", help="requests to hit at most (default: all)")
    add.add_argument("--probability", type=float, metavar="P", help="of a hit, 0 to 1 (default: 1)")
    add.add_argument("--seed", type=int, metavar="N", help="the same one draws the same lots")
    add.add_argument("--status", type=int, help="HTTP status of answer")
    add.add_argument("--code", help="error code of answer and fail-operation")
    add.add_argument("--message", help="text of answer and fail-operation")
    add.add_argument(
        "--header", dest="headers", action="append", metavar="NAME=VALUE", help="header of answer (repeat)"
    )
    add.add_argument(
        "--seconds",
        type=float,
        metavar="S",
        help="real seconds of delay, emulated ones of stale-read, repair and quota-lag",
    )
    add.add_argument("--when", choices=["before", "after"], help="whether disconnect comes before or after acting")


def _add_clock(commands: Any, command: Any) -> None:
    parser = command(commands, "clock", "Print the emulator's time, or change it.", _clock)
    parser.add_argument("action", nargs="?", choices=["freeze", "resume", "advance", "set"])
    parser.add_argument("value", nargs="?", help="seconds to advance, or the date and time (ISO 8601) to set")


def _add(options: argparse.Namespace) -> int:
    given = {name: value for name, value in vars(options).items() if value is not None}
    description = {name: value for name, value in given.items() if name not in ("state_dir", "run", "headers")}
    if options.headers is not None:
        pairs = [each.partition("=") for each in options.headers]
        if not all(found for _, found, _ in pairs):
            raise CommandError("--header takes NAME=VALUE")
        description["headers"] = {name: value for name, _, value in pairs}
    return _print(call(options.state_dir, "POST", "/emulator/faults", description))


def _list_faults(options: argparse.Namespace) -> int:
    return _print(call(options.state_dir, "GET", "/emulator/faults")["value"])


def _clear_faults(options: argparse.Namespace) -> int:
    call(options.state_dir, "DELETE", "/emulator/faults")
    return 0


def _remove_fault(options: argparse.Namespace) -> int:
    call(options.state_dir, "DELETE", f"/emulator/faults/{options.number}")
    return 0


def _clock(options: argparse.Namespace) -> int:
    if options.action is None:
        return _print(call(options.state_dir, "GET", "/emulator/clock"))
    body: dict[str, Any] = {"action": options.action}
    if options.action in ("advance", "set") and options.value is None:
        raise CommandError(f"clock {options.action} needs a value")
    if options.action == "advance":
        try:
            body["seconds"] = float(options.value)
        except ValueError:
            raise CommandError("clock advance takes seconds") from None
    elif options.action == "set":
        body["now"] = options.value
    return _print(call(options.state_dir, "POST", "/emulator/clock", body))


def _list_requests(options: argparse.Namespace) -> int:
    if options.clear:
        call(options.state_dir, "DELETE", "/emulator/requests")
        return 0
    query = urlencode({"method": options.method, "path": options.path, "after": options.after})
    answer = call(options.state_dir, "GET", f"/emulator/requests?{query}")
    if options.count:
        print(answer["count"])
        return 0
    return _print(answer["value"])


def _open(options: argparse.Namespace) -> int:
    print(call(options.state_dir, "POST", "/emulator/links")["url"])
    return 0


def _policy(options: argparse.Namespace) -> int:
    if options.file is None:
        return _print(call(options.state_dir, "GET", "/emulator/policies")["value"])
    policies = read_document(options.file)
    return _print(call(options.state_dir, "PUT", "/emulator/policies", {"value": policies})["value"])


def _print(document: Any) -> int:
    print(json.dumps(document, indent=2))
    return 0
