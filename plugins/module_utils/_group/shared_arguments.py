# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

"""The options that several modules share; fragments in plugins/doc_fragments document them. Pure."""

from __future__ import annotations

from typing import Any, Final

CONTAINER_GROUP: Final[dict[str, Any]] = {
    "resource_group": {"type": "str", "required": True},
    "name": {"type": "str", "required": True},
}
"""An existing container group."""

SHELL: Final[dict[str, Any]] = {
    "container": {"type": "str"},
    "shell": {"type": "str", "default": "/bin/sh"},
    "frame_size": {"type": "int", "default": 0},
}
"""A shell in one of the group's containers."""

DESIRED: Final[dict[str, Any]] = {
    "tags": {"type": "dict"},
    "purge_tags": {"type": "bool", "default": False},
    "ignore_tags": {"type": "list", "elements": "str", "default": ["hidden-*"]},
    "extra_properties": {"type": "dict"},
    "validation": {"type": "str", "default": "warn", "choices": ["warn", "strict", "off"]},
}
"""The desired state of a group or profile, apart from its properties."""

WAITING: Final[dict[str, Any]] = {
    "allowed_exit_codes": {"type": "list", "elements": "int", "default": [0]},
    "image_pull_timeout": {"type": "int", "default": 120},
    "max_restarts": {"type": "int", "default": 5},
    "failure_log_lines": {"type": "int", "default": 20},
}
"""When waiting for a group fails, and what it shows in that case."""
