# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of checks says what is checked."""

from __future__ import annotations

from ansible_collections.azure_containers.aci.tests.unit.support.programs import ROOT, loaded


def test_the_page_is_up_to_date() -> None:
    checks_page = loaded(ROOT / "scripts/checks_page.py")
    assert checks_page.GUIDE.read_text(encoding="utf-8") == checks_page.page(), (
        "run scripts/checks_page.py: the checks have changed"
    )
