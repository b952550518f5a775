# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page on compose keys tells what the table of the conversion says."""

from __future__ import annotations

from ansible_collections.azure_containers.aci.tests.unit.support.programs import ROOT, loaded


def test_the_page_has_the_table_of_the_conversion() -> None:
    compose_keys_page = loaded(ROOT / "scripts/compose_keys_page.py")

    assert compose_keys_page.PAGE.read_text(encoding="utf-8") == compose_keys_page.page(), (
        "run scripts/compose_keys_page.py: the table of keys has changed"
    )


def test_every_key_is_in_one_section() -> None:
    compose_keys_page = loaded(ROOT / "scripts/compose_keys_page.py")

    for key in compose_keys_page.KEYS:
        found = [title for title, belongs in compose_keys_page.SECTIONS if belongs(key.path)]
        assert len(found) == 1, key.path
