# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for pytest, which finds them automatically once the package is installed.

``aci_emulator_server`` runs for the whole test session. ``aci_emulator_intercepted`` is that server, emptied for each
test, in place of Azure: its variables lead programs written for Azure to the emulator, and none of them reaches Azure.
``aci_emulator`` sets variables with the emulator's own addresses, for clients that read those. Override
``aci_emulator_arguments`` to pass other arguments to ``aci-emulator serve``, and ``aci_emulator_state`` to start each
test with the content of a file written by ``aci-emulator save``.
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
    """Arguments of ``aci-emulator serve``: a fast clock, so that tests do not have to wait."""
    return ["--speed", "50"]


@pytest.fixture(scope="session")
def aci_emulator_server(aci_emulator_arguments: list[str]) -> Iterator[RunningEmulator]:
    """An emulator that runs until the end of the session."""
    from .testing import running_emulator

    with running_emulator(*aci_emulator_arguments) as server:
        yield server


@pytest.fixture
def aci_emulator_state() -> Path | None:
    """The file with the emulator's state at the start of each test; None for an emulator without resources."""
    return None


@pytest.fixture
def aci_emulator(
    aci_emulator_server: RunningEmulator, aci_emulator_state: Path | None, monkeypatch: pytest.MonkeyPatch
) -> RunningEmulator:
    """The emulator with only the resources of ``aci_emulator_state``, and its own addresses in variables."""
    _begin(aci_emulator_server, aci_emulator_state)
    for name, value in aci_emulator_server.environment().items():
        monkeypatch.setenv(name, value)
    return aci_emulator_server


@pytest.fixture
def aci_emulator_intercepted(
    aci_emulator_server: RunningEmulator, aci_emulator_state: Path | None, monkeypatch: pytest.MonkeyPatch
) -> RunningEmulator:
    """The same in place of Azure: code that uses Azure's addresses, or none, reaches the emulator."""
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
        server.clear_requests()  # a test should only see its own
