# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Local terminals with real shells, which replace WebSockets."""

from __future__ import annotations

from ansible_collections.azure_containers.aci.tests.unit.support.terminals import opened

__all__ = ["opened"]
