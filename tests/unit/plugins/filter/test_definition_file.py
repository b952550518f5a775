# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter, as Ansible loads it."""

from __future__ import annotations

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.azure_containers.aci.plugins.filter.definition_file import FilterModule

DEFINITION_FILE = FilterModule().filters()["definition_file"]


def test_a_definition_becomes_a_file() -> None:
    text = DEFINITION_FILE({"name": "web", "properties": {"osType": "Linux"}}, "shop", file="shop/web.yml")
    assert text.startswith("# Container group web of resource group shop.\n")
    assert text.endswith("---\nname: web\nproperties:\n  osType: Linux\n")


def test_what_is_no_definition_is_an_error_of_the_filter() -> None:
    with pytest.raises(AnsibleFilterError, match="as aci_group_info returns it") as caught:
        DEFINITION_FILE({"planted": 1}, "shop", "web.yml")
    assert "planted" not in str(caught.value)
