# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The complete definition in a task, given as an option or in a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.errors import InvalidArguments
from .._common.masking import HIDDEN, shown
from .._common.telling_names import says_secret
from .definition import Definition, checked_definition, network_profile_version, secret_texts
from .definition_text import Document, NotADocument, parsed
from .wire import raw_text


def given_definition(params: Mapping[str, Any]) -> tuple[Definition, list[str]]:
    """The group in ``definition`` or ``definition_file``, and warnings. Raises InvalidArguments if there is none."""
    document = _read(params)
    if document.missing:
        names = ", ".join(f"${{{name}}}" for name in document.missing)
        raise InvalidArguments(
            f"definition_variables: no value for {names}, which {params['definition_file']} uses outside of quotes. "
            "Give each one there, or quote it in the file if it is meant literally."
        )
    warnings = [
        f"${{{name}}} stands in quotes, in a block or in JSON somewhere in {params['definition_file']}, and is sent "
        "unchanged there: definition_variables replaces only in unquoted YAML values of a single line."
        for name in document.literal
    ]
    name = params.get("name")
    definition = checked_definition(document.value, None if name is None else str(name))
    if definition.name is None:
        raise InvalidArguments("name is required: neither the task nor its definition has one.")
    return definition, [*warnings, *definition.unknown]


def definition_version(params: Mapping[str, Any], definition: Definition) -> str | None:
    """The API version with which to send a definition with a network profile; None if any will do, or none does.

    The ``apiVersion`` in a file only tells how old the file is, so for files only the task's ``api_version`` counts.
    """
    given = definition.api_version if params.get("definition_file") is None else None
    return network_profile_version(definition.wire, given, params.get("api_version"))


def given_secrets(params: Mapping[str, Any]) -> set[str]:
    """The secrets in the definition and in ``extra_properties``, for both entry points to mask.

    Values of ``definition_variables`` are secrets as well, and so are the strings in which they were inserted.
    """
    try:
        document = _read(params)
    except InvalidArguments:
        document = Document(None)  # the engine will report it
    found = set(document.landed)
    for value in (document.value, params.get("extra_properties")):
        found |= secret_texts(value)
    return found


def shown_definition(definition: Any) -> Any:
    """A definition as the result shows it. An invalid one is hidden, because it is not known where its secrets are."""
    try:
        checked_definition(definition, None)
    except InvalidArguments:
        return HIDDEN
    return shown(definition, says_secret)


def shown_extra(extra: Any) -> Any:
    """``extra_properties`` as the result shows them; hidden unless they are a dictionary."""
    return shown(extra, says_secret) if isinstance(extra, Mapping) else HIDDEN


def _read(params: Mapping[str, Any]) -> Document:
    """The definition as it was given. Raises InvalidArguments, which never quotes the file."""
    path = params.get("definition_file")
    if path is None:
        return Document(params.get("definition"))
    try:
        with open(str(path), "rb") as stream:
            return parsed(stream.read(), _variables(params))
    except OSError as error:
        raise InvalidArguments(f"definition_file: {path} cannot be read: {error.strerror}.") from None
    except NotADocument as error:
        raise InvalidArguments(f"definition_file: {path} {error}.") from None
    except ImportError:
        raise InvalidArguments(
            "definition_file needs the PyYAML library where the module runs; install it, or use definition."
        ) from None


def _variables(params: Mapping[str, Any]) -> dict[str, str]:
    """The values of ``definition_variables`` as strings."""
    given = params.get("definition_variables") or {}
    return {str(name): raw_text(value, f"definition_variables[{name}]") for name, value in given.items()}
