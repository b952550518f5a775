# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs against stand-ins for Azure, and a look at what is in them."""

from __future__ import annotations

from pathlib import Path

import live_run
from aci_emulator.testing import RunningEmulator
from live_client import Arm
from live_plan import Registry

RUN = "0a1b2c3d"
ARMS: dict[str, Arm] = {}  # the owner's eyes on the stand-ins, by their addresses


def live(server: RunningEmulator, folder: Path, *arguments: str, registry: Registry | None = None) -> int:
    """Runs it in this process, the probes if nothing else is named; the exit code."""
    only = [] if "--only" in arguments else ["--only", "probes"]
    options = live_run.make_parser().parse_args(["--folder", str(folder), "--location", "westus2", *only, *arguments])
    with live_run.connect(server.subscription_id, sleep=server.advance) as arm:
        return live_run.Live(options, arm, RUN, registry).run()


def arm_of(server: RunningEmulator) -> Arm:
    """A client of the stand-in that may do everything."""
    return ARMS[server.url]


def resource_groups(server: RunningEmulator) -> list[str]:
    """The names of the resource groups that there are."""
    return [each["name"] for each in arm_of(server).listed("resourcegroups", version="2021-04-01")]


def report_in(folder: Path) -> str:
    """The report of the only run in a folder."""
    return next(folder.glob("*/report.md")).read_text()
