# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compose projects from strings, without files."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.convert import Options, converted
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.project import (
    Project,
    Request,
    load,
)

DIRECTORY = "/project"


def project(
    text: str = "", files: Mapping[str, str | bytes] | None = None, chosen: Sequence[str] = (), **request: Any
) -> Project:
    """A project with a compose file, and with other files by their paths in its directory."""
    given: dict[str, str | bytes] = {**({"compose.yaml": text} if text else {}), **(files or {})}
    contents = {
        name if name.startswith("/") else f"{DIRECTORY}/{name}": each
        if isinstance(each, bytes)
        else textwrap.dedent(each).encode()
        for name, each in given.items()
    }
    return load(Request(DIRECTORY, contents.get, chosen, **request))


def group(
    text: str,
    files: Mapping[str, str | bytes] | None = None,
    request: Mapping[str, Any] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """The properties of the group from a compose file. The restart policy defaults to Always."""
    options.setdefault("restart_policy", "Always")
    properties: dict[str, Any] = converted(project(text, files, **(request or {})), Options(**options))["properties"]
    return properties


def container(text: str, **options: Any) -> dict[str, Any]:
    """The properties of the first container."""
    properties: dict[str, Any] = group(text, **options)["containers"][0]["properties"]
    return properties


def notes(
    text: str, kind: str | None = None, files: Mapping[str, str | bytes] | None = None, **options: Any
) -> list[str]:
    """The paths of the notes on a project."""
    options.setdefault("restart_policy", "Always")
    found = project(text, files)
    converted(found, Options(**options))
    return [note.path for note in found.findings.notes if kind in (None, note.kind)]


def refusals(
    text: str, files: Mapping[str, str | bytes] | None = None, request: Mapping[str, Any] | None = None, **options: Any
) -> list[str]:
    """The paths for which a project is refused, or the message if the file cannot be read."""
    options.setdefault("restart_policy", "Always")
    try:
        converted(project(text, files, **(request or {})), Options(**options))
    except InvalidArguments as error:
        return [each["path"] for each in error.result.get("refused", ())] or [error.msg]
    return []
