# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The complete definition that a task gives, as an option or in a file."""

from __future__ import annotations

import typing as t

from ._definition import checked_definition, secret_texts
from ._errors import InvalidArguments
from ._wire import Wire


def given_definition(params: t.Mapping[str, t.Any]) -> Wire:
    """The wire form of what O(definition) or O(definition_file) has. Raises InvalidArguments when it is none."""
    return checked_definition(_read(params), str(params["name"]))


def definition_secrets(params: t.Mapping[str, t.Any]) -> set[str]:
    """The secrets in it, for both doors to mask; none where it cannot be read, which the engine tells."""
    try:
        return secret_texts(_read(params))
    except InvalidArguments:
        return set()


def _read(params: t.Mapping[str, t.Any]) -> t.Any:
    path = params.get("definition_file")
    return params.get("definition") if path is None else read_definition(str(path))


def read_definition(path: str) -> t.Any:
    """The definition in a YAML or JSON file. Raises InvalidArguments, which never quotes the file."""
    try:
        import yaml
    except ImportError:
        raise InvalidArguments(
            "definition_file needs the PyYAML library where the module runs; install it, or use definition."
        ) from None
    try:
        with open(path, encoding="utf-8") as stream:
            return yaml.safe_load(stream)
    except OSError as error:
        raise InvalidArguments(f"definition_file: {path} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        raise InvalidArguments(f"definition_file: {path} is no YAML or JSON{where}.") from None
