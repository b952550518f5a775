# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stand-ins for Azure, behind the interception, and runs against them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import live_run
from aci_emulator.testing import RunningEmulator, running_emulator
from stand_in import ARMS


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., RunningEmulator]]:
    """Returns what starts a stand-in for Azure, which this process then takes for Azure."""
    with contextlib.ExitStack() as stack:

        def start(*arguments: str, way: str = "client-secret", **positions: str) -> RunningEmulator:
            switches = [f"--{name.replace('_', '-')}={value}" for name, value in positions.items()]
            server = stack.enter_context(running_emulator("--runtime", "simulated", *arguments, *switches))
            server.freeze()
            for name, value in server.intercepted_environment(way).items():
                monkeypatch.setenv(name, value)
            ARMS[server.url] = stack.enter_context(live_run.connect(server.subscription_id, sleep=server.advance))
            return server

        yield start
