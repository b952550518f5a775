# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""Tags that the collection itself puts on groups. Pure.

They describe one group: when it expires, which run and which estate it belongs to, what its secrets were. A group that
is made from another one's definition must not inherit them, or it is removed when the other one expires, or leaves the
list of its estate.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._common.lifetime import EXPIRES_AT
from .fingerprint import TAG

RUN_TAG = "run_id"
"""The tag that says which run of aci_run a group belongs to."""

ESTATE_TAG = "aci_estate"
"""The tag that says which estate of aci_groups a group belongs to."""

COLLECTION_TAGS = (EXPIRES_AT, RUN_TAG, TAG, ESTATE_TAG)
"""All of them. A tag that another part of the collection writes belongs here too."""

_LOWER = frozenset(name.lower() for name in COLLECTION_TAGS)


def split_tags(tags: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The tags of users, and those of the collection. Names are compared without case, as Azure compares them."""
    own = {name: value for name, value in tags.items() if str(name).lower() in _LOWER}
    return {name: value for name, value in tags.items() if name not in own}, own
