# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether groups have reached what a task waits for."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._group.verdicts import is_completed, is_running
from ansible_collections.azure_containers.aci.tests.unit.support.views import ended, group, looping, running


@pytest.mark.parametrize(
    ("wire", "done", "code"),
    [
        (group("Running", running(), running()), True, ""),
        (group("Running", running(), None), False, ""),
        (group("Pending", None), False, ""),
        (group("Running", running(), ended(0)), False, ""),
        (group("Running", running(), ended(0), policy="OnFailure"), True, ""),
        (group("Succeeded", ended(0), policy="Never"), True, ""),
        (group("Failed", ended(2), policy="Never"), False, "ContainerFailed"),
        (group("Running", running(), looping(4)), False, ""),
        (group("Running", running(), looping(5)), False, "CrashLoop"),
        (group("Running"), False, ""),
        ({"properties": {}}, False, ""),
        ({}, False, ""),
    ],
)
def test_running(wire: dict[str, Any], done: bool, code: str) -> None:
    verdict = is_running(wire, 5)
    assert (verdict.done, verdict.code, verdict.failed) == (done, code, bool(code))


@pytest.mark.parametrize(
    ("wire", "allowed", "done", "code"),
    [
        (group("Succeeded", ended(0), policy="Never"), [0], True, ""),
        (group("Failed", ended(2), policy="Never"), [0], False, "ContainerFailed"),
        (group("Failed", ended(2), policy="Never"), [0, 2], True, ""),
        (group("Failed", ended(2), ended(3), policy="Never"), [0, 2], False, "ContainerFailed"),
        (group("Failed", ended(None), policy="Never"), [0], False, "ContainerFailed"),
        (group("Stopped", ended(None), policy="Never"), [0], False, "ContainerGroupStopped"),
        (group("Running", running(), policy="Never"), [0], False, ""),
        (group("Running", looping(9), policy="OnFailure"), [0], False, "CrashLoop"),
    ],
)
def test_completed(wire: dict[str, Any], allowed: list[int], done: bool, code: str) -> None:
    verdict = is_completed(wire, 5, allowed)
    assert (verdict.done, verdict.code) == (done, code)
