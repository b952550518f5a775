# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of Resource Manager for the tags of any resource."""

from __future__ import annotations

from typing import Any

from .errors import ArmError

_RESERVED = "<>%&\\?/"
_MOST = 50
_NAME_LENGTH = 512
_VALUE_LENGTH = 256


def check_tags(tags: Any) -> dict[str, str] | None:
    """Returns the tags in a request body, None if there are none. Raises ArmError 400."""
    if tags is None:
        return None
    if not isinstance(tags, dict) or not all(isinstance(value, str) for value in tags.values()):
        raise ArmError(
            400,
            "InvalidRequestContent",
            "The request content was invalid and could not be deserialized: 'The value of 'tags' must be an object "
            "of strings.'",
            gateway=True,
        )
    if len(tags) > _MOST:
        raise ArmError(
            400,
            "TooManyTags",
            f"The maximum number of tags on a resource is {_MOST}; there are {len(tags)}.",
            gateway=True,
        )
    bad = [name for name in tags if not name.strip() or any(c in _RESERVED or ord(c) < 32 for c in name)]
    if bad:
        raise ArmError(
            400,
            "InvalidTagNameCharacters",
            f"The tag names '{','.join(bad)}' have reserved characters '<,>,%,&,\\,?,/' or control characters.",
            gateway=True,
        )
    for name, value in tags.items():
        if len(name) > _NAME_LENGTH:
            raise ArmError(
                400,
                "InvalidTagNameLength",
                f"The tag name '{name}' is longer than {_NAME_LENGTH} characters.",
                gateway=True,
            )
        if len(value) > _VALUE_LENGTH:
            raise ArmError(
                400,
                "InvalidTagValueLength",
                f"The value of the tag '{name}' is longer than {_VALUE_LENGTH} characters.",
                gateway=True,
            )
    lowered = [name.lower() for name in tags]
    if len(set(lowered)) != len(lowered):
        raise ArmError(400, "DuplicateTagNames", "The tags have names that differ by case alone.", gateway=True)
    return tags
