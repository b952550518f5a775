# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Masks logs that begin or end in the midst of a secret. Pure."""

from __future__ import annotations

from .masking import MASK, SHORT, Masker


def begun(masker: Masker, text: str) -> str:
    """A log without the secrets, of which the service may have forgotten the begin in the midst of a secret."""
    first = text.split("\n", 1)[0]
    for part in masker.parts:
        for begin in range(1, len(part) - SHORT + 1):
            if first.startswith(part[begin:]):
                return masker.text(MASK + text[len(part) - begin :])
    return masker.text(text)


def unfinished(masker: Masker, text: str) -> str:
    """A log without the secrets that is read while it grows, so that it may end in the midst of a secret."""
    last = text.rsplit("\n", 1)[-1]
    for part in masker.parts:
        for end in range(len(part) - 1, SHORT - 1, -1):
            if last.endswith(part[:end]):
                return masker.text(text[: len(text) - end] + MASK)
    return masker.text(text)
