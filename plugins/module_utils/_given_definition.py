# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The complete definition that a task gives, as an option or in a file."""

from __future__ import annotations

import datetime
import json
import typing as t

from ._definition import checked_definition, secret_texts
from ._errors import InvalidArguments
from ._wire import Wire


def given_definition(params: t.Mapping[str, t.Any]) -> Wire:
    """The wire form of what O(definition) or O(definition_file) has. Raises InvalidArguments when it is none."""
    return checked_definition(_read(params), str(params["name"]))


def definition_secrets(params: t.Mapping[str, t.Any]) -> set[str]:
    """The secrets in it, for both doors to mask. Raises InvalidArguments when it is no definition.

    Where a secret stands is known only of a definition in its proper shape.
    """
    definition = _read(params)
    checked_definition(definition, str(definition.get("name")) if isinstance(definition, dict) else "")
    return secret_texts(definition)


def extra_secrets(params: t.Mapping[str, t.Any]) -> set[str]:
    """The secrets in O(extra_properties), which holds none where it is used for what it is there for."""
    return secret_texts({"properties": params.get("extra_properties")})


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
            found = yaml.safe_load(stream)
    except OSError as error:
        raise InvalidArguments(f"definition_file: {path} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        raise InvalidArguments(f"definition_file: {path} is no YAML or JSON{where}.") from None
    try:
        # As an inline definition comes: in the types of JSON.
        return json.loads(json.dumps(found, default=_date, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        raise InvalidArguments(f"definition_file: {path} has a value that JSON cannot hold.") from None


def _date(value: t.Any) -> str:
    """A date of YAML as text. Raises TypeError for anything else."""
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    raise TypeError
