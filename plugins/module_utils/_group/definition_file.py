# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""A definition as a file: YAML that both aci_group and ``az container create --file`` accept. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .._common.display_text import display_line
from .._common.errors import InvalidArguments
from .own_tags import split_tags
from .wire import is_placeholder

WIDTH = 10_000
"""Wide enough to never fold a string, so that each changed value is one line in a diff."""


def file_text(definition: Any, resource_group: str, file: str) -> str:
    """The content of a definition file: the definition as aci_group_info returns it, below an explanatory header.

    The header lists missing secrets, and shows how to apply the file with ``resource_group`` and its path, ``file``.
    Tags that the collection writes for a single group are left out. Raises InvalidArguments if it is not a definition.
    """
    if not isinstance(definition, Mapping) or not isinstance(definition.get("properties"), Mapping):
        raise InvalidArguments(
            "definition_file: give the definition of a container group, as aci_group_info returns it."
        )
    kept = dict(definition)
    if isinstance(kept.get("tags"), Mapping):
        kept["tags"] = split_tags(kept["tags"])[0]
    return "".join(f"{line}\n" for line in _header(kept, resource_group, file)) + _yaml(kept)


def _header(definition: Mapping[str, Any], resource_group: str, file: str) -> Iterator[str]:
    name = display_line(str(definition.get("name")))
    where, path = display_line(resource_group), display_line(file)
    yield f"# Container group {name} of resource group {where}."
    yield "#"
    missing = list(dict.fromkeys(_placeholders(definition)))
    if missing:
        yield "# Azure never returns secrets, so these are missing:"
        yield from (f"#   {display_line(each)}" for each in missing)
        yield "# Replace each, including its quotes, with its value; or with ${NAME} without quotes, to keep the secret"
        yield "# out of this file. NAME is then given in definition_variables, and to az in the environment."
    else:
        yield "# It is complete."
    yield "#"
    yield "# To apply it:"
    yield f"#   - azure_containers.aci.aci_group: {{resource_group: {where}, definition_file: {path}}}"
    yield f"#   az container create --resource-group {where} --file {path}"


def _placeholders(value: Any) -> Iterator[str]:
    """The placeholders in a definition, in order. If one is part of a URL, this yields the whole URL."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if is_placeholder(key):
                yield key
            yield from _placeholders(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _placeholders(item)
    elif isinstance(value, str) and "<secret: " in value:
        yield value


def _yaml(definition: Mapping[str, Any]) -> str:
    """The definition as YAML. A string that contains ``${`` is quoted, because it is literal and not a variable."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Indents lists as people do, and writes repeated values out instead of using aliases."""

        def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
            del indentless
            super().increase_indent(flow, False)

        def ignore_aliases(self, data: Any) -> bool:
            del data
            return True

    def text(dumper: Any, value: str) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="'" if "${" in value else None)

    Dumper.add_representer(str, text)
    return str(
        yaml.dump(
            _plain(definition),
            Dumper=Dumper,
            default_flow_style=False,
            explicit_start=True,
            sort_keys=False,
            allow_unicode=True,
            width=WIDTH,
        )
    )


def _plain(value: Any) -> Any:
    """A copy with Python's own types of dictionaries, lists and strings instead of Ansible's subclasses."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value
