# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Converts names of services and volumes to names that Container Instances accepts. Pure."""

from __future__ import annotations

import re

from .findings import Findings

MAX_LENGTH = 63


class Names:
    """The names of one kind of objects in a group, which must be unique."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._taken: dict[str, str] = {}

    def take(self, name: str, path: str) -> str:
        """The name that ``name`` becomes: lower case, with hyphens. Refuses duplicates and invalid names."""
        result = own_name(name)
        if not result or len(result) > MAX_LENGTH:
            self._findings.refuse(
                path, f"The name must consist of 1 to {MAX_LENGTH} letters, digits and hyphens; choose another."
            )
        elif result in self._taken:
            self._findings.refuse(
                path, f"Its name becomes {result}, the same as that of {self._taken[result]}; rename one."
            )
        elif result != name:
            self._findings.differs(path, f"Its name in the group is {result}.")
        self._taken.setdefault(result, path)
        return result

    def free(self, name: str) -> str:
        """The name, or if it is taken, an unused one that begins with it."""
        result, number = name[:MAX_LENGTH].rstrip("-"), 1
        while result in self._taken:
            number += 1
            ending = f"-{number}"
            result = f"{name[: MAX_LENGTH - len(ending)].rstrip('-')}{ending}"
        self._taken[result] = result
        return result


def own_name(name: str) -> str:
    """A name in lower case, with hyphens in place of everything that is not a letter or a digit."""
    return re.sub(r"[^a-z0-9-]", "-", name.lower()).strip("-")
