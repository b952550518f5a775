# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The short forms of a container's environment: ``env`` and ``secure_env``, dictionaries beside the list. Pure.

They are other ways to write the list: they are converted to it before anything is compared, so they are as idempotent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.errors import InvalidArguments
from .schema import GROUP, SHORT_FORMS, Property
from .wire import raw_text

LIST = "environment_variables"


def group_options(params: Mapping[str, Any], table: Property = GROUP) -> dict[str, Any]:
    """The options for a table's properties, with the short forms of environments converted to lists.

    Raises InvalidArguments if a variable is given twice, or a value is not a string.
    """
    options = {prop.option: params.get(prop.option) for prop in table.children}
    for name in ("containers", "init_containers"):
        containers: list[dict[str, Any]] = options[name] or []
        if containers:
            options[name] = [_complete(name, container) for container in containers]
    return options


def _complete(option: str, container: Mapping[str, Any]) -> dict[str, Any]:
    result = {name: value for name, value in container.items() if name not in SHORT_FORMS}
    if all(container.get(short) is None for short in SHORT_FORMS):
        return result
    path = f"{option}[{container.get('name')}]"
    variables = list(container.get(LIST) or [])
    places = {str(variable.get("name")): LIST for variable in variables}
    for short, form in SHORT_FORMS.items():
        for key, value in (container.get(short) or {}).items():
            name = str(key)
            if name in places:
                raise InvalidArguments(
                    f"{path}: {name} is given twice, in {places[name]} and in {short}; give it once."
                )
            places[name] = short
            variables.append({"name": name, form: raw_text(value, f"{path}.{short}[{name}]")})
    return {**result, LIST: variables}
