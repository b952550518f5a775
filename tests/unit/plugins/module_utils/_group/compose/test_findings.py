# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notes and refusals."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.errors import InvalidArguments
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.findings import Findings


def test_notes_are_kept_once_and_in_order() -> None:
    findings = Findings()
    for _number in range(2):
        findings.differs("b", "B.")
        findings.ignored("a", "A.")
    assert [note.as_result() for note in findings.notes] == [
        {"path": "b", "kind": "differs", "message": "B."},
        {"path": "a", "kind": "ignored", "message": "A."},
    ]
    findings.check()


def test_one_refusal_is_the_message_and_several_are_lines() -> None:
    findings = Findings()
    findings.refuse("services.a\x1b", "No.")
    with pytest.raises(InvalidArguments) as caught:
        findings.check()
    assert caught.value.msg.endswith("group. services.a\\x1b: No.")
    findings.refuse("services.b", "No.")
    findings.refuse("services.b", "No.")
    with pytest.raises(InvalidArguments) as caught:
        findings.check()
    failure = caught.value.as_failure()
    assert failure["msg"].splitlines()[1:] == ["services.a\\x1b: No.", "services.b: No."]
    assert "2 reasons" in failure["msg"]
    assert len(failure["refused"]) == 2
