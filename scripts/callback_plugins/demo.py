# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `make demo` prints of a playbook: a line for each task, what the playbook itself says, and failures in full."""

from __future__ import annotations

DOCUMENTATION = """
name: demo
type: stdout
short_description: A line for each task and what the playbook says
description:
  - Prints a line for each task, the messages of M(ansible.builtin.debug), and failures with their message.
  - Writes the totals of the run and the messages to a file as JSON.
options:
  report_file:
    description: Where to write the totals and the messages.
    type: path
    env:
      - name: DEMO_REPORT_FILE
"""

import json
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase

MESSAGES = ("ansible.builtin.debug", "debug")
SILENT = ("ansible.builtin.assert", "assert")


class CallbackModule(CallbackBase):  # type: ignore[misc] # ansible-core has no types
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "demo"

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._said: list[str] = []

    def v2_runner_on_ok(self, result: Any) -> None:
        task, values = result._task, result._result
        if task.action in MESSAGES:
            if not task.loop:
                self._say(values.get("msg", ""))
        elif task.action not in SILENT:
            self._line("changed" if values.get("changed") else "ok", task)

    def v2_runner_item_on_ok(self, result: Any) -> None:
        if result._task.action in MESSAGES:
            self._say(result._result.get("msg", ""))

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._line("FAILED", result._task)
        values = result._result
        self._say([item["msg"] for item in values.get("results", []) if item.get("failed")] or values.get("msg", ""))

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._line("FAILED", result._task)
        self._say(result._result.get("msg", ""))

    def v2_playbook_on_stats(self, stats: Any) -> None:
        path = self.get_option("report_file")
        if path:
            report = {"totals": stats.summarize("localhost"), "said": self._said}
            Path(path).write_text(json.dumps(report), encoding="utf-8")

    def _line(self, verdict: str, task: Any) -> None:
        self._display.display(f"  {verdict:8}{task.get_name().rpartition(' : ')[2]}")

    def _say(self, message: Any) -> None:
        for line in message if isinstance(message, list) else [message]:
            self._said.append(str(line))
            self._display.display(f"            {line}")
