# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Which texts are taken out of a task's output. Pure.

Ansible masks every value of a C(no_log) option. For an option that holds a whole definition this would mask every name
and port in the output, so the door narrows it to the secrets in there.
"""

from __future__ import annotations

import typing as t
from collections.abc import Mapping


def texts_of(value: t.Any) -> t.Iterator[str]:
    """Every text, and every number as text, in a JSON value."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from texts_of(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, str) or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        yield str(value)


def narrowed(
    values: t.Collection[str],
    arguments: Mapping[str, t.Any],
    params: Mapping[str, t.Any],
    broad: t.Collection[str],
    secrets: t.Collection[str],
) -> set[str]:
    """The no_log values O(values) with those of the O(broad) options replaced by the O(secrets) found in them.

    What another no_log option holds stays masked, also when a broad option has the same text.
    """
    loose = {text for name in broad for text in texts_of(params.get(name))}
    others = {name: spec for name, spec in arguments.items() if name not in broad}
    return (set(values) - loose) | set(no_log_texts(others, params)) | set(secrets)


def no_log_texts(arguments: Mapping[str, t.Any], params: t.Any) -> t.Iterator[str]:
    """Every text in the C(no_log) options of an argument spec, suboptions included."""
    if not isinstance(params, Mapping):
        return
    for name, spec in arguments.items():
        value = params.get(name)
        if value is None:
            continue
        if spec.get("no_log"):
            yield from (text for text in texts_of(value) if text.strip())
        elif "options" in spec:
            for element in value if isinstance(value, list) else [value]:
                yield from no_log_texts(spec["options"], element)
