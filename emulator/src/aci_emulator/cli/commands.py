# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands for a running emulator: faults, time, requests, roles, policies, state files and so on."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ..faults.faults import KINDS
from ..identity.directory import Directory, Role
from ..identity.sign_in_env import CREDENTIALS
from . import state_file
from .arm_client import CONTAINERS, ArmClient
from .control_client import CommandError, call, read_document, served


def add_commands(commands: Any, command: Any) -> None:
    """Adds the commands; ``command(commands, name, text, run)`` creates a parser with ``--state-dir``."""
    command(commands, "open", "Print a link to the pages; it works once, within 60 seconds.", _open)
    command(commands, "groups", "List the container groups of both subscriptions.", _list_groups)
    logs = command(commands, "logs", "Print the log of a container.", _show_log)
    logs.add_argument("resource_group", metavar="RESOURCE_GROUP", help="resource group of the container group")
    logs.add_argument("name", metavar="GROUP", help="name of the container group")
    logs.add_argument(
        "container", nargs="?", metavar="CONTAINER", help="name of the container (default: the group's first)"
    )
    logs.add_argument("--second-subscription", action="store_true", help="use the second subscription")
    requests = command(commands, "requests", "List the newest requests, secrets masked.", _list_requests)
    requests.add_argument("--method", default="", help="only requests of this method")
    requests.add_argument(
        "--path", default="*", metavar="PATTERN", help="only requests whose path matches this shell pattern"
    )
    requests.add_argument("--after", type=int, default=0, metavar="N", help="only requests after the one numbered N")
    requests.add_argument("--count", action="store_true", help="print only the number of requests")
    requests.add_argument("--clear", action="store_true", help="forget all requests")
    actions = command(commands, "actions", "List the actions that requests required, as named in roles.", _list_actions)
    actions.add_argument("--principal", metavar="NAME", help="only the actions required by this application")
    role = command(commands, "role", "Create an application with a role, and print its auth file.", _give_role)
    role.add_argument("name", help="the application; an existing one gets this role instead of its own")
    role.add_argument(
        "file", type=Path, help="definition of the role, in the form that az role definition create takes"
    )
    _add_fault(commands, command)
    _add_clock(commands, command)
    policy = command(commands, "policy", "List the policies in force, or replace them.", _policy)
    policy.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help="JSON list of the policies to put in force; [] removes all"
    )
    image = command(commands, "image", "Show the digest of a tag, or move the tag to another image.", _image)
    image.add_argument("reference", help="the image with its tag, as a container names it")
    image.add_argument("--move", action="store_true", help="move the tag to another image")
    save = command(commands, "save", "Save resource groups with their content, and faults, to a YAML file.", _save)
    save.add_argument("file", type=Path, metavar="FILE", help="file to write; secrets are left out")
    load = command(commands, "load", "Create what a YAML file describes, in addition to what exists.", _load)
    load.add_argument("file", type=Path, metavar="FILE", help="file in the format that save writes")


def _add_fault(commands: Any, command: Any) -> None:
    text = "Make matching requests fail, hang, lag or lose their connection."
    parser = commands.add_parser("fault", help=text, description=text)
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    add = command(actions, "add", "Set a fault, and print it.", _add)
    command(actions, "list", "List the faults that are set.", _list_faults)
    remove = command(actions, "remove", "Remove one fault.", _remove_fault)
    remove.add_argument("number", type=int, metavar="ID", help="id of the fault, as fault list prints it")
    command(actions, "clear", "Remove all faults.", _clear_faults)
    add.usage = "%(prog)s [OPTION ...] KIND"
    add.add_argument("kind", choices=KINDS, metavar="KIND", help=f"what happens: {', '.join(KINDS)}")
    which = add.add_argument_group("which requests")
    which.add_argument(
        "--method", dest="methods", action="append", metavar="METHOD", help="HTTP method (repeatable; default: all)"
    )
    which.add_argument(
        "--path", dest="paths", action="append", metavar="PATTERN", help="shell pattern (repeatable; default: all)"
    )
    which.add_argument("--after", type=int, metavar="N", help="let the first N matching requests pass")
    which.add_argument("--times", type=int, metavar="N", help="hit at most N requests (default: all)")
    which.add_argument("--probability", type=float, metavar="P", help="chance of a hit, 0 to 1 (default: 1)")
    which.add_argument("--seed", type=int, metavar="N", help="random seed; the same seed hits the same requests")
    what = add.add_argument_group("what happens")
    what.add_argument("--status", type=int, help="for answer: HTTP status")
    what.add_argument("--code", help="for answer and fail-operation: error code")
    what.add_argument("--message", help="for answer and fail-operation: error message")
    what.add_argument(
        "--header", dest="headers", action="append", metavar="NAME=VALUE", help="for answer: a header (repeatable)"
    )
    what.add_argument(
        "--seconds",
        type=float,
        metavar="SECONDS",
        help="for delay, real seconds; for stale-read, repair and quota-lag, seconds of the emulator's clock",
    )
    what.add_argument(
        "--when", choices=["before", "after"], help="for disconnect: cut before or after the request is carried out"
    )


def _add_clock(commands: Any, command: Any) -> None:
    parser = command(commands, "clock", "Print the emulator's time, or change it.", _clock)
    parser.usage = "%(prog)s [--state-dir DIR] [freeze | resume | advance SECONDS | set DATE]"
    parser.add_argument(
        "action",
        nargs="?",
        choices=["freeze", "resume", "advance", "set"],
        metavar="ACTION",
        help="freeze, resume, advance or set (default: print the time)",
    )
    parser.add_argument(
        "value", nargs="?", metavar="VALUE", help="seconds to advance, or the date and time to set (ISO 8601)"
    )


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


def _list_actions(options: argparse.Namespace) -> int:
    query = urlencode({} if options.principal is None else {"principal": options.principal})
    return _print(call(options.state_dir, "GET", f"/emulator/actions?{query}")["value"])


def _give_role(options: argparse.Namespace) -> int:
    if served(options.state_dir) is None:
        raise CommandError(f"no emulator serves {options.state_dir}")
    directory = Directory.load(options.state_dir)
    try:
        principal = directory.give_role(options.name, Role.of_definition(read_document(options.file)))
    except ValueError as error:
        raise CommandError(str(error)) from None
    directory.save()
    known = read_document(options.state_dir / CREDENTIALS)
    return _print({**known, "clientId": principal.client_id, "clientSecret": principal.secrets[0]})


def _list_groups(options: argparse.Namespace) -> int:
    arm = ArmClient(options.state_dir)
    rows = [("SUBSCRIPTION", "RESOURCE GROUP", "GROUP", "LOCATION", "STATE", "PROVISIONING")]
    for number, subscription in zip(("first", "second"), arm.subscriptions):
        kind = "providers/Microsoft.ContainerInstance/containerGroups"
        for each in arm.list(f"/subscriptions/{subscription}/{kind}", CONTAINERS):
            shown = arm.get(each["id"], CONTAINERS)  # lists have no states
            properties = shown["properties"]
            state = (properties.get("instanceView") or {}).get("state") or "-"
            resource_group = each["id"].split("/")[4]
            row = (number, resource_group, each["name"], each["location"], state, properties["provisioningState"])
            rows.append(row)
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths)).rstrip())
    return 0


def _show_log(options: argparse.Namespace) -> int:
    arm = ArmClient(options.state_dir)
    subscription = arm.subscriptions[options.second_subscription]
    scope = f"/subscriptions/{subscription}/resourceGroups/{options.resource_group}"
    path = f"{scope}/providers/Microsoft.ContainerInstance/containerGroups/{options.name}"
    container = options.container or arm.get(path, CONTAINERS)["properties"]["containers"][0]["name"]
    text = arm.get(f"{path}/containers/{container}/logs", CONTAINERS)["content"] or ""
    print("".join(map(_harmless, text)), end="")
    return 0


def _harmless(character: str) -> str:
    """Escapes control characters: a container's output must not control the terminal."""
    return character if character in "\n\t" or character.isprintable() else ascii(character)[1:-1]


def _save(options: argparse.Namespace) -> int:
    print(f"container groups saved: {state_file.save(options.state_dir, options.file)}")
    return 0


def _load(options: argparse.Namespace) -> int:
    print(f"container groups created: {state_file.load(options.state_dir, options.file)}")
    return 0


def _image(options: argparse.Namespace) -> int:
    if options.move:
        return _print(call(options.state_dir, "POST", "/emulator/images", {"reference": options.reference}))
    query = urlencode({"reference": options.reference})
    return _print(call(options.state_dir, "GET", f"/emulator/images?{query}"))


def _policy(options: argparse.Namespace) -> int:
    if options.file is None:
        return _print(call(options.state_dir, "GET", "/emulator/policies")["value"])
    policies = read_document(options.file)
    return _print(call(options.state_dir, "PUT", "/emulator/policies", {"value": policies})["value"])


def _print(document: Any) -> int:
    print(json.dumps(document, indent=2))
    return 0
