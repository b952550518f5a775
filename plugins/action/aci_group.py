# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from ..module_utils._engines.aci_group import SPEC

# Tasks with tags need it. Here it is loaded once per run; where it is used, each worker would compile it again.
from ..module_utils._group import tags  # noqa: F401 # pylint: disable=unused-import
from ..plugin_utils._in_process import InProcessAction


class ActionModule(InProcessAction):
    """Runs aci_group in the controller's own process where that is possible."""

    SPEC = SPEC
