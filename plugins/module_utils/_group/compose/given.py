# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The compose project in the options of a task or a lookup, and the definition that it becomes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..._common.errors import AciError, InvalidArguments
from ..._common.url_credentials import credentials_in
from ..definition import exported, secret_texts
from ..wire import ArmJson, raw_text
from .convert import POLICIES, Options, converted
from .env_file import variables_of
from .findings import DIFFERS, Note
from .forms import below
from .names import own_name
from .project import Project, Request, load
from .secrecy import looks_secret

ARGUMENTS: dict[str, Any] = {
    "project_src": {"type": "path"},
    "files": {"type": "list", "elements": "str"},
    "profiles": {"type": "list", "elements": "str"},
    "environment": {"type": "dict", "no_log": True},
    "public": {"type": "bool"},
    "restart_policy": {"type": "str", "choices": list(POLICIES)},
    "ephemeral_volumes": {"type": "list", "elements": "str"},
    "plain_variables": {"type": "list", "elements": "str"},
    "secure_variables": {"type": "list", "elements": "str", "no_log": False},
    "storage_account_keys": {"type": "dict", "no_log": True},
    "resolve": {"type": "str", "default": "none", "choices": ["none", "hosts"]},
    "resolve_image": {"type": "str"},
    "notes": {"type": "str", "default": "warn", "choices": ["warn", "strict", "off"]},
}
"""The options that select a project and control its conversion."""


@dataclass(frozen=True)
class Given:
    """A converted project."""

    definition: ArmJson
    """The definition, with its name."""
    notes: list[Note]


def given_group(params: Mapping[str, Any]) -> Given:
    """The group that the options ask for. Raises InvalidArguments with every reason why there can be none."""
    project = given_project(params)
    definition = converted(project, _options(params))
    notes = project.findings.notes
    if notes and params.get("notes") == "strict":
        for note in notes:
            project.findings.refuse(note.path, note.message)
        project.findings.check()
    return Given({"name": group_name(params, project), **definition}, notes)


def given_project(params: Mapping[str, Any]) -> Project:
    """The project that the options ask for, not yet converted. Raises InvalidArguments."""
    try:
        return load(_request(params))
    except ImportError:
        raise InvalidArguments(
            "Compose files require the PyYAML library on the host that runs the module; install it."
        ) from None


def group_name(params: Mapping[str, Any], project: Project) -> str:
    """The group's name: the given one, or the project's name in a form that is valid for Container Instances."""
    name = str(params["name"]) if params.get("name") is not None else own_name(project.name)
    if not name:
        raise InvalidArguments("name: the project's name is not valid for a container group; set name.")
    return name


def warnings_of(notes: Iterable[Note]) -> Iterator[str]:
    """The notes as warnings: one per difference, and a single one for all keys without effect."""
    ignored = []
    for note in notes:
        if note.kind == DIFFERS:
            yield f"{note.path}: {note.message}"
        else:
            ignored.append(note.path)
    if ignored:
        yield f"No effect on Container Instances: {', '.join(ignored)}. See notes in the result for the reasons."


def with_placeholders(definition: ArmJson) -> ArmJson:
    """The definition with a named placeholder for each secret."""
    shown = exported(definition, "")
    return {name: shown[name] for name in ("name", "properties")}


def given_secrets(params: Mapping[str, Any]) -> set[str]:
    """The secrets in a project's files and environment, for masking, whether or not the project can be converted."""
    found: set[str] = set()
    with contextlib.suppress(AciError, ImportError, TypeError, ValueError, AttributeError):
        request = _request(params)
        variables = dict(request.environment)
        found |= _secrets_of(variables)
        if not params.get("project_src"):
            return found  # removing a group requires no project
        dotenv = request.read(below(request.directory, ".env"))
        if dotenv is not None:
            given = variables_of(dotenv, ".env", variables, lambda _name: None)
            found |= _secrets_of({name: value for name, value in given.items() if value is not None})
        project = load(request)
        for service in project.services.values():
            found |= _secrets_of(service["environment"])
        for element in project.elements["secrets"].values():
            found |= _texts(project, element)
        found |= secret_texts(converted(project, _options(params)))
    return found


def _texts(project: Project, element: Any) -> set[str]:
    """The content of a secret, if it has any."""
    if not isinstance(element, Mapping):
        return set()
    if isinstance(element.get("environment"), str):
        return {project.variables.get(element["environment"], "")}
    content = project.read(element["file"]) if isinstance(element.get("file"), str) else None
    return {content.decode(errors="replace")} if content else set()


def _secrets_of(variables: Mapping[str, str]) -> set[str]:
    """The values of variables that look secret, and the credentials in URLs."""
    found = {value for name, value in variables.items() if looks_secret(name, value)}
    return found | {secret for value in variables.values() for secret in credentials_in(value)}


def _request(params: Mapping[str, Any]) -> Request:
    environment = params.get("environment") or {}
    return Request(
        directory=str(params.get("project_src") or "."),
        read=_read,
        files=[str(path) for path in params.get("files") or ()],
        profiles=[str(profile) for profile in params.get("profiles") or ()],
        environment={str(name): raw_text(value, f"environment[{name}]") for name, value in environment.items()},
        name=None if params.get("name") is None else str(params["name"]),
    )


def _options(params: Mapping[str, Any]) -> Options:
    keys = params.get("storage_account_keys") or {}
    return Options(
        public=params.get("public"),
        in_subnet=bool(params.get("subnet_ids")),
        restart_policy=params.get("restart_policy"),
        ephemeral_volumes=tuple(params.get("ephemeral_volumes") or ()),
        plain_variables=tuple(params.get("plain_variables") or ()),
        secure_variables=tuple(params.get("secure_variables") or ()),
        storage_account_keys={str(name): str(value) for name, value in keys.items()},
        resolve=str(params.get("resolve") or "none"),
        resolve_image=params.get("resolve_image"),
    )


def _read(path: str) -> bytes | None:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "the path is not valid"
        raise InvalidArguments(f"{path} cannot be read: {reason}.") from None
