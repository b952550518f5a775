# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML pages under /emulator/: groups, their containers, resources, requests and faults."""

from __future__ import annotations

from .routes import Pages

__all__ = ["Pages"]
