# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of files that come from outside."""

from __future__ import annotations

import pytest

from ansible_collections.azure_containers.aci.plugins.module_utils._common.file_names import file_name


@pytest.mark.parametrize(
    ("text", "name"),
    [("web", "web"), ("../up", "_._up"), (".hidden", "_hidden"), ("a/b\\c\n", "a_b_c_"), ("x" * 300, "x" * 240)],
)
def test_it_stays_in_its_folder(text: str, name: str) -> None:
    assert file_name(text) == name
