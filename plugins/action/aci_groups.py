# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.parsing.convert_bool import boolean

from ..module_utils._engines.aci_groups import SPEC
from ..plugin_utils._in_process import InProcessAction


class ActionModule(InProcessAction):
    """Runs aci_groups in the controller's own process where that is possible."""

    SPEC = SPEC

    def _refused_here(self, variables: Mapping[str, Any]) -> str | None:
        """Refuses a purge if one run of the task has only a part of the list, because it would remove the rest."""
        if not boolean(self._task.args.get("purge") or False, strict=False):
            return None
        reason = None
        if self._task.loop is not None or self._task.loop_with:
            reason = "the task runs in a loop, each time with only a part of the list"
        elif len(variables.get("ansible_play_hosts_all") or ()) > 1 and not self._task.run_once:
            reason = "the task runs once per host of the play, each time with only that host's part of the list"
        elif variables.get("ansible_limit"):
            reason = "the play is limited (--limit), so a list built from its hosts is incomplete"
        if reason is None:
            return None
        return (
            f"purge: {reason}, and all other groups would be removed. Nothing was sent. Purge in one task with the "
            "whole list, on one host or with run_once: true, and without --limit."
        )
