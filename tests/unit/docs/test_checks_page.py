# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of checks says what is checked."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("checks_page", ROOT / "scripts/checks_page.py")
    assert spec is not None
    assert spec.loader is not None
    checks_page = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(checks_page)
    assert checks_page.GUIDE.read_text(encoding="utf-8") == checks_page.page(), (
        "run scripts/checks_page.py: the checks have changed"
    )
