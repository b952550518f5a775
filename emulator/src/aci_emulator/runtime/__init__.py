# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs containers: the supervisor and its runtimes."""

from __future__ import annotations

from .base import ImageRefused, Runtime
from .factory import make_runtime, remove_leftovers
from .supervisor import GroupView, Supervisor

__all__ = ["GroupView", "ImageRefused", "Runtime", "Supervisor", "make_runtime", "remove_leftovers"]
