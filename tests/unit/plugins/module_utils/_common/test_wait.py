# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deadlines."""

from __future__ import annotations

from ansible_collections.azure_containers.aci.plugins.module_utils._common import wait
from ansible_collections.azure_containers.aci.tests.unit.support.fakes import FakeClock


def test_a_deadline() -> None:
    clock = FakeClock(100)
    deadline = wait.Deadline(clock, 5)
    assert (deadline.at, deadline.elapsed, deadline.left) == (105, 0, 5)
    clock.sleep(7)
    assert (deadline.elapsed, deadline.left) == (7, 0)
