# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Removes Ansible's tags from values, and marks strings that Ansible must never treat as templates. Pure."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from typing import Any

from ansible import template
from ansible.utils.unsafe_proxy import AnsibleUnsafe, wrap_var

# Since 2.19, a string is a template only if it was marked as one. Before, every string was, unless marked as unsafe.
_TEMPLATES_ARE_MARKED = hasattr(template, "trust_as_template")

# Every template contains a brace, or a header that sets other delimiters: #jinja2:variable_start_string:'[['
_MAY_BE_TEMPLATE = re.compile(r"[{}#]")


def plain(value: Any) -> Any:
    """A copy with plain JSON types, as if the value had been passed to a module and back.

    Values from playbooks may be vaulted, tagged with their origin, or dates.
    """
    return json.loads(json.dumps(value, default=_plain_leaf))


def _plain_leaf(value: Any) -> Any:
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def untrusted(value: Any) -> Any:
    """A copy with plain JSON types, whose strings Ansible never treats as templates, even after use in expressions."""
    return plain(value) if _TEMPLATES_ARE_MARKED else wrap_var(plain(value))


def sparing(value: Any) -> Any:
    """A value that keeps the marks of ``untrusted`` only on strings that may be templates.

    Before ansible-core 2.19, `ansible-inventory --list` prints each marked string as a dictionary, which programs that
    read its output do not expect.
    """
    if _TEMPLATES_ARE_MARKED:
        return value
    if isinstance(value, dict):
        return {sparing(key): sparing(item) for key, item in value.items()}
    if isinstance(value, list):
        return [sparing(item) for item in value]
    if isinstance(value, str) and isinstance(value, AnsibleUnsafe) and not _MAY_BE_TEMPLATE.search(value):
        return str.__str__(value)
    return value
