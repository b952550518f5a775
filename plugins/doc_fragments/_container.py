# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    """The options of modules for one existing container group."""

    DOCUMENTATION = r"""
options:
  resource_group:
    description:
      - The resource group of the container group.
    type: str
    required: true
  name:
    description:
      - The name of the container group.
    type: str
    required: true
"""

    SHELL = r"""
options:
  container:
    description:
      - The name of the container. Can be omitted if the group has only one.
    type: str
  shell:
    description:
      - A POSIX shell that the container has.
    type: str
    default: /bin/sh
  frame_size:
    description:
      - Maximum size, in bytes, of each WebSocket frame sent to the container.
      - Some users report that the service loses input in frames of more than about 50 bytes. With V(0), frames have 48 bytes, or more if
        there is much to send and a test frame has arrived complete.
    type: int
    default: 0
"""
