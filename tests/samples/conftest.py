# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator for the sample programs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from emulator import RunningEmulator, emulator


@pytest.fixture(scope="module")
def azure() -> Iterator[RunningEmulator]:
    with emulator(runtime="process", speed=20) as running:
        yield running
