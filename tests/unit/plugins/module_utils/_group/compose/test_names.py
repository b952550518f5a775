# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names in a group."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.findings import Findings
from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.names import Names, own_name


def test_names_are_taken_once() -> None:
    findings = Findings()
    names = Names(findings)
    assert names.take("web", "services.web") == "web"
    assert findings.notes == []
    assert names.take("Big_Name", "services.Big_Name") == "big-name"
    assert [note.path for note in findings.notes] == ["services.Big_Name"]
    names.take("big.name", "services.big.name")
    assert findings.refusals == [
        ("services.big.name", "Its name becomes big-name, the same as that of services.Big_Name; rename one.")
    ]


def test_free_names() -> None:
    names = Names(Findings())
    assert [names.free("hosts") for _number in range(3)] == ["hosts", "hosts-2", "hosts-3"]
    long = [names.free("x" * 80) for _number in range(2)]
    assert [len(each) for each in long] == [63, 63]
    assert long[0] != long[1]


@given(st.text())
def test_a_name_is_one_that_the_service_takes_or_none(text: str) -> None:
    name = own_name(text)
    assert name == "" or re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", name)
    assert own_name(name) == name
