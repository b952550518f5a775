# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..module_utils._engines.resource_group_info import SPEC
from ..plugin_utils._in_process import InProcessAction


class ActionModule(InProcessAction):
    """Runs resource_group_info in the controller's own process where that is possible."""

    SPEC = SPEC
