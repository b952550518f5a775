# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for pytest, which finds them by itself once the package is installed.

``aci_emulator_server`` serves for a whole run. ``aci_emulator_intercepted`` is that server, emptied for each test, in
the place of Azure: variables lead programs that were written for Azure to it, and nobody reaches Azure.
``aci_emulator`` has instead the emulator's own addresses in variables, for clients that take them from there. Override
``aci_emulator_arguments`` to give ``aci-emulator serve`` other arguments, and ``aci_emulator_state`` to have each test
begin with what a file describes that ``aci-emulator save`` wrote.
"""

from __future__ import annotations

import os
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
    """The emulator with the resources of ``aci_emulator_state`` alone, and its own addresses in variables."""
    _begin(aci_emulator_server, aci_emulator_state)
    for name, value in aci_emulator_server.environment().items():
        monkeypatch.setenv(name, value)
    return aci_emulator_server


@pytest.fixture
def aci_emulator_intercepted(
    aci_emulator_server: RunningEmulator, aci_emulator_state: Path | None, monkeypatch: pytest.MonkeyPatch
) -> RunningEmulator:
    """The same, in the place of Azure: code that names no address, or Azure's own, asks the emulator."""
    from .cli.control_client import misleading_variables

    _begin(aci_emulator_server, aci_emulator_state)
    for name in misleading_variables(os.environ):
        monkeypatch.delenv(name)
    for name, value in aci_emulator_server.intercepted_environment().items():
        monkeypatch.setenv(name, value)
    return aci_emulator_server


def _begin(server: RunningEmulator, state: Path | None) -> None:
    server.reset()
    server.resume()
    server.set_policies([])
    if state is not None:
        server.load(state)
        server.clear_requests()  # a test asks for those of its own
