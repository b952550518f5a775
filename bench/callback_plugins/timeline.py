# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write down when tasks start and items end, for the benchmarks."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import time
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: timeline
type: aggregate
short_description: Write down when tasks start and items end
description:
  - Appends a line of JSON to the file that E(BENCH_TIMELINE) names.
  - With E(BENCH_PROCESSOR), waits for a task's worker to end, and adds the processor time that the run has used so far.
"""


class CallbackModule(CallbackBase):  # type: ignore[misc]
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "timeline"

    def _write(self, event: str, name: str = "") -> None:
        used = [_processor()] if event != "item" and os.environ.get("BENCH_PROCESSOR") else []
        with open(os.environ["BENCH_TIMELINE"], "a", encoding="utf-8") as file:
            file.write(json.dumps([time.monotonic(), event, name, *used]) + "\n")

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._write("task", task.get_name())

    def v2_runner_item_on_ok(self, result: Any) -> None:
        self._write("item")

    def v2_playbook_on_stats(self, stats: Any) -> None:
        self._write("end")


def _processor() -> float:
    """Seconds of the processor that the run has used: this process, and the workers and modules, which have ended."""
    for worker in multiprocessing.active_children():
        worker.join()
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
