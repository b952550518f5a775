# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Finds mistakes in the inventory's configuration file, which Ansible would misinterpret or ignore. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

from ..module_utils._azure.arguments import CONNECTION_ARGUMENTS
from ..module_utils._common.display_text import display_line
from ..module_utils._common.masking import Masker, no_log_texts
from ..module_utils._common.mistakes import search
from ..module_utils._group.remedies import near, refusal

_OF_SPECS = ("type", "elements", "choices")
_TEMPLATE = ("{{", "{%")


def spec_of(documentation: str) -> dict[str, Any]:
    """The argument spec of a plugin according to its documentation, including the connection options."""
    documented = yaml.safe_load(documentation)["options"]
    own = {name: {key: text[key] for key in _OF_SPECS if key in text} for name, text in documented.items()}
    return {**CONNECTION_ARGUMENTS, **own}


def check_options(config: Mapping[str, Any], documentation: str) -> None:
    """Raises InvalidArguments for options of the wrong type. Skips templates, whose results are not known here."""
    spec = spec_of(documentation)
    given = {name: value for name, value in config.items() if name in _names(spec) and not _is_left(spec, name, value)}
    mistakes = search(spec, given).mistakes
    if mistakes:
        raise refusal(mistakes, spec, Masker(no_log_texts(spec, config)).message)


def unknown_options(config: Mapping[str, Any], documentation: str, is_known: Callable[[str], bool]) -> Iterator[str]:
    """A sentence for each name that is not an option, which Ansible ignores; ``is_known`` tells Ansible's own options.

    Names that begin with a dot, an underscore or ``x-`` are skipped: people use them for YAML anchors.
    """
    names = _names(spec_of(documentation))
    for name in map(str, config):
        if name in names or is_known(name) or name.startswith((".", "_", "x-")):
            continue
        meant = near(name, names)
        advice = f" Did you mean {meant}?" if meant else ""
        yield display_line(f"{name} is not an option of this inventory plugin, so it has no effect.{advice}")


def _names(spec: Mapping[str, Any]) -> set[str]:
    return {each for name, option in spec.items() for each in (name, *option.get("aliases", ()))}


def _is_left(spec: Mapping[str, Any], name: str, value: Any) -> bool:
    """Whether not to check a value: it is missing, a template, or a single condition that stands for a list."""
    if value is None:
        return True
    if not isinstance(value, str):
        return False
    is_list = spec.get(name, {}).get("type") == "list"
    return any(sign in value for sign in _TEMPLATE) or (is_list and "," not in value)
