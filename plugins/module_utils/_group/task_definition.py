# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The complete definition that a task gives, as an option or in a file."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

from .._common.errors import InvalidArguments
from .._common.masking import HIDDEN, says_secret, shown
from .definition import api_version_in, checked_definition, network_profile_version, secret_texts
from .wire import ArmJson


def given_definition(params: Mapping[str, Any]) -> ArmJson:
    """The wire form of what ``definition`` or ``definition_file`` has. Raises InvalidArguments when it is none."""
    return checked_definition(_read(params), str(params["name"]))


def definition_version(params: Mapping[str, Any], definition: ArmJson) -> str | None:
    """The API version that a definition with a network profile is sent with; None where any will do, or none does."""
    return network_profile_version(definition, api_version_in(_read(params)), params.get("api_version"))


def given_secrets(params: Mapping[str, Any]) -> set[str]:
    """The secrets in the definition and in ``extra_properties``, for both doors to mask."""
    found: set[str] = set()
    for value in (_read_or_none(params), params.get("extra_properties")):
        found |= secret_texts(value)
    return found


def shown_definition(definition: Any) -> Any:
    """A definition as the result shows it. One that is none is hidden: where a secret stands is not known there."""
    try:
        checked_definition(definition, str(definition.get("name")) if isinstance(definition, dict) else "")
    except InvalidArguments:
        return HIDDEN
    return shown(definition, says_secret)


def shown_extra(extra: Any) -> Any:
    """``extra_properties`` as the result shows them; hidden where they are no dictionary, as a text of broken JSON."""
    return shown(extra, says_secret) if isinstance(extra, Mapping) else HIDDEN


def _read_or_none(params: Mapping[str, Any]) -> Any:
    """The definition, or None where its file cannot be read: the engine will say so."""
    try:
        return _read(params)
    except InvalidArguments:
        return None


def _read(params: Mapping[str, Any]) -> Any:
    path = params.get("definition_file")
    return params.get("definition") if path is None else read_definition(str(path))


def read_definition(path: str) -> Any:
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


def _date(value: Any) -> str:
    """A date of YAML as text. Raises TypeError for anything else."""
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    raise TypeError
