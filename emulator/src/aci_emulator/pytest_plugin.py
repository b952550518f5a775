# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for pytest, which finds them by itself once the package is installed.

``aci_emulator_server`` serves for a whole run; ``aci_emulator`` is that server, emptied for each test, with its
environment variables set. Override ``aci_emulator_arguments`` to give ``aci-emulator serve`` other arguments, and
``aci_emulator_state`` to have each test begin with what a file describes that ``aci-emulator save`` wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .testing import RunningEmulator


@pytest.fixture(scope="session")
def aci_emulator_arguments() -> list[str]:
    """Arguments of ``aci-emulator serve``: a quick clock, since tests have better things to do than to wait."""
    return ["--speed", "50"]


@pytest.fixture(scope="session")
def aci_emulator_server(aci_emulator_arguments: list[str]) -> Iterator[RunningEmulator]:
    """An emulator that serves until the end of the run."""
    from .testing import running_emulator

    with running_emulator(*aci_emulator_arguments) as server:
        yield server


@pytest.fixture
def aci_emulator_state() -> Path | None:
    """The file that the emulator's state is loaded from before each test; None for an emulator without resources."""
    return None


@pytest.fixture
def aci_emulator(
    aci_emulator_server: RunningEmulator, aci_emulator_state: Path | None, monkeypatch: pytest.MonkeyPatch
) -> RunningEmulator:
    """The emulator with the resources of ``aci_emulator_state`` alone, and clients pointed at it by variables."""
    aci_emulator_server.reset()
    aci_emulator_server.resume()
    aci_emulator_server.set_policies([])
    if aci_emulator_state is not None:
        aci_emulator_server.load(aci_emulator_state)
        aci_emulator_server.clear_requests()  # a test asks for those of its own
    for name, value in aci_emulator_server.environment().items():
        monkeypatch.setenv(name, value)
    return aci_emulator_server
