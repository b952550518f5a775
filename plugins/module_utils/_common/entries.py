# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Options whose values are themselves the options of tasks: the secrets in them, and how results show them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .masking import HIDDEN, texts_of


class Spec(Protocol):
    """What is asked of the description of the module whose options the entries are: a ModuleSpec."""

    def secrets(self, params: Mapping[str, Any]) -> set[str]:
        """The secrets in these options, whether or not they are valid."""

    def shown(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The options as the result shows them."""


@dataclass(frozen=True)
class Entries:
    """Options whose values are themselves the options of tasks, such as ``groups`` of aci_groups.

    ``spec`` describes each entry, ``options`` names the options that contain entries (a dictionary, or a list of
    dictionaries), and ``merged`` returns the complete entries for any input, even an invalid one.
    """

    spec: Spec
    options: tuple[str, ...]
    merged: Callable[[Mapping[str, Any]], Iterable[Mapping[str, Any]]]

    def secrets(self, params: Mapping[str, Any]) -> set[str]:
        """The secrets in all entries. If an entry is not a dictionary, all of it counts as secret."""
        found: set[str] = set()
        for name in self.options:
            value = params.get(name)
            for entry in value if isinstance(value, (list, tuple)) else [value]:
                if not isinstance(entry, Mapping):
                    found.update(texts_of(entry))
        for entry in self.merged(params):
            found |= self.spec.secrets(entry)
        return found

    def shown(self, value: Any) -> Any:
        """An option with entries, in the form that the result shows."""
        if isinstance(value, (list, tuple)):
            return [self.shown(entry) for entry in value]
        return self.spec.shown(value) if isinstance(value, Mapping) else HIDDEN
