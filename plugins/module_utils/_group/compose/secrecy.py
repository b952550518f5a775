# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Decides which variables of a project are secrets. Pure."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Collection, Iterable

from ..._common.masking import SHORT
from ..._common.telling_names import says_secret
from ..._common.url_credentials import credentials_in

_SHORT_FORMS = re.compile(r"(?:.*[_.-])?(?:pass|auth|salt)", re.IGNORECASE)
"""Names of secrets that are common in compose files, in addition to those recognised everywhere."""


def looks_secret(name: str, value: str) -> bool:
    """Whether a variable looks like a secret: by its name, or by credentials in a URL. Short values may be flags."""
    if says_secret(name) or any(True for _each in credentials_in(value)):
        return True
    return len(value) >= SHORT and _SHORT_FORMS.fullmatch(name) is not None and value.lower() not in ("true", "false")


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name matches any of the patterns, which may contain ``*`` and ``?``."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def holds(text: str, secrets: Collection[str]) -> bool:
    """Whether a string contains one of the secrets, or credentials in a URL."""
    return any(secret in text for secret in secrets) or any(True for _each in credentials_in(text))
