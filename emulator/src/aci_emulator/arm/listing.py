# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Resource Manager's lists have in common: filters, page sizes and page positions."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from .errors import ArmError

_TERM = re.compile(r"\s*(\w+)\s+(eq|ge|le)\s+'((?:[^']|'')*)'\s*", re.ASCII | re.IGNORECASE)
_AND = re.compile(r"\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)", re.IGNORECASE)


def parse_filter(text: str | None, known: set[str]) -> dict[str, str]:
    """Returns the terms of ``a eq 'x' and b eq 'y'``, names in lower case. Raises ArmError 400 for anything else."""
    if text is None or not text.strip():
        return {}
    try:
        terms = filter_terms(text)
    except ValueError:
        terms = None
    if terms is None or any(operator != "eq" or name not in known for name, operator, _value in terms):
        raise ArmError(
            400,
            "InvalidFilterInQueryString",
            f"Invalid $filter '{text}' specified in the query string.",
            gateway=True,
        )
    return {name: value for name, _operator, value in terms}


def filter_terms(text: str) -> list[tuple[str, str, str]]:
    """Returns name (in lower case), operator and value of each term of ``a eq 'x' and b ge 'y'``. Raises ValueError."""
    terms = []
    for part in _AND.split(text.strip()):
        match = _TERM.fullmatch(part)
        if match is None:
            raise ValueError(part)
        terms.append((match[1].lower(), match[2], match[3].replace("''", "'")))
    return terms


def parse_top(text: str | None) -> int | None:
    """Returns the maximum number of items that the caller wants. Raises ArmError 400 unless a whole number > 0."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) > 0):
        raise ArmError(
            400, "InvalidTopInQueryString", f"Invalid $top '{text}' specified in the query string.", gateway=True
        )
    return int(text)


def parse_skip_token(text: str | None) -> str:
    """Returns the key after which a page begins; "" for the first page. Raises ArmError 400."""
    if not text:
        return ""
    try:
        return base64.b64decode(text.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise ArmError(
            400, "InvalidSkipToken", f"The skip token '{text}' in the query string is invalid.", gateway=True
        ) from None


def next_link(base_url: str, path: str, query: Mapping[str, str], after: str) -> str:
    """Returns the URL of the page after the key ``after``, with all other parameters of the current one."""
    kept = {name: value for name, value in query.items() if name.lower() != "$skiptoken"}
    kept["$skiptoken"] = base64.urlsafe_b64encode(after.encode()).decode()
    return f"{base_url}{quote(path)}?{urlencode(kept)}"


def matches_tags(tags: Mapping[str, Any] | None, terms: Mapping[str, str]) -> bool:
    """Returns True if tags match ``tagname`` and ``tagvalue`` of a filter. The case of names is ignored."""
    if "tagname" not in terms:
        return "tagvalue" not in terms
    for name, value in (tags or {}).items():
        if name.lower() == terms["tagname"].lower():
            return "tagvalue" not in terms or value == terms["tagvalue"]
    return False
