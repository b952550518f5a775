# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it may change in any release.

from __future__ import annotations


class ModuleDocFragment:
    """The options of modules that wait for container groups."""

    DOCUMENTATION = r"""
options:
  allowed_exit_codes:
    description:
      - Exit codes that count as success when a container has ended.
    type: list
    elements: int
    default: [0]
  image_pull_timeout:
    description:
      - How many seconds pulling an image may keep failing before the task gives up. The service keeps trying for up to 30 minutes.
    type: int
    default: 120
  max_restarts:
    description:
      - How often the service may restart a crashing container before the task gives up.
    type: int
    default: 5
  failure_log_lines:
    description:
      - How many of the last log lines of a failed container to show in C(msg) and to return in RV(failure_logs). V(0) shows none.
      - Secrets of this task are masked in them. If a log may contain other secrets, use V(0) or C(no_log).
    type: int
    default: 20
    version_added: 1.1.0
"""
