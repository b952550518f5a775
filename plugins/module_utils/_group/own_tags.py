# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The tags that the collection itself sets on groups. Pure.

They describe a single group: when it expires, to which run and estate it belongs, what its secrets were. A group
created from another group's definition must not inherit them: otherwise it would be removed when the other one expires
or leaves the list of its estate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.lifetime import EXPIRES_AT
from .names import FINGERPRINT_TAG

RUN_TAG = "run_id"
"""The tag that says which run of aci_run a group belongs to."""

ESTATE_TAG = "aci_estate"
"""The tag that says which estate of aci_groups a group belongs to."""

COLLECTION_TAGS = (EXPIRES_AT, RUN_TAG, FINGERPRINT_TAG, ESTATE_TAG)
"""All of them. Every tag that any part of the collection writes must be listed here."""

_LOWER = frozenset(name.lower() for name in COLLECTION_TAGS)


def split_tags(tags: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The user's tags, and the collection's own. As in Azure, the case of names does not matter."""
    own = {name: value for name, value in tags.items() if str(name).lower() in _LOWER}
    return {name: value for name, value in tags.items() if name not in own}, own
