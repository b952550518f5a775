# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An emulator of Azure Resource Manager with Azure Container Instances, on loopback."""

from __future__ import annotations

__version__ = "1.1.0"
