# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Turns text from outside into names of files. Pure."""

from __future__ import annotations

import re

_LONGEST_NAME = 240


def file_name(text: str) -> str:
    """Turns a text from an untrusted source into a file name that cannot point outside its folder.

    Two texts may give the same name. The name leaves room for a suffix of 15 characters.
    """
    return re.sub(r"^\.|[^A-Za-z0-9._-]", "_", text)[:_LONGEST_NAME]
