# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Names of container groups and containers. Pure; apart from the other rules, since every run needs this one."""

from __future__ import annotations

import re

from ._errors import InvalidArguments

NAME = re.compile(r"(?!.*--)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def check_group_name(name: str) -> None:
    """Raises InvalidArguments for a name that the service does not take."""
    if not NAME.fullmatch(name):
        raise InvalidArguments(
            f"name: {name!r} is no name for a container group: 1 to 63 lower-case letters, digits and single hyphens, "
            "beginning and ending with a letter or a digit."
        )
