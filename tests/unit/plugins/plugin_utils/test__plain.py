# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No version of Ansible treats strings from the service as templates."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.azure_containers.aci.plugins.plugin_utils._plain import plain, sparing, untrusted

TEMPLATES = ("{{ 1 + 1 }}", "{% set a = 1 %}", "{# lost #}", "#jinja2:variable_start_string:'[['\n[[ 1 + 1 }}")


@pytest.mark.parametrize("text", TEMPLATES)
@pytest.mark.parametrize("mark", [untrusted, lambda value: sparing(untrusted(value))], ids=["all", "sparing"])
def test_a_text_is_no_template(text: str, mark: Any) -> None:
    templar = Templar(loader=DataLoader(), variables={})
    value = mark({"tags": {text: [text]}})
    assert templar.template(value) == {"tags": {text: [text]}}


def test_what_cannot_be_a_template_has_no_mark() -> None:
    value = sparing(untrusted({"state": "Running", "ports": [{"port": 80}], "zones": None}))
    assert value["state"].__class__ is str
    assert value == {"state": "Running", "ports": [{"port": 80}], "zones": None}


def test_the_copy_is_of_plain_types() -> None:
    class Marked(str):
        """As newer versions of ansible-core read from their caches."""

    found = plain([{"a": Marked("{{ 1 }}")}, ("b",)])
    assert found == [{"a": "{{ 1 }}"}, ["b"]]
    assert found[0]["a"].__class__ is str
