# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Finds the name that a misspelt one probably means."""

from __future__ import annotations

from collections.abc import Iterable


def most_similar(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The most similar of the known names, None if none is similar by ``cutoff``, a ratio from 0 to 1."""
    import difflib  # only the few tasks with such a mistake should load it

    found = difflib.get_close_matches(name, list(known), 1, cutoff)
    return found[0] if found else None
