# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the guide that lists what the modules check before they send a definition, each check with its evidence.

PYTHONPATH=.venv/src .venv/bin/python scripts/checks_page.py
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ansible_collections.azure_containers.aci.plugins.module_utils._group.doubts import DOUBTS, SUBNET_DOUBTS
from ansible_collections.azure_containers.aci.plugins.module_utils._group.rules import RULES
from ansible_collections.azure_containers.aci.plugins.module_utils._group.validation import Check

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs/docsite/rst/guide_checks.rst"

HEAD = """..
  Copyright (c) 2026, the azure_containers.aci contributors
  GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

.. Made by scripts/checks_page.py from the checks themselves.

.. _ansible_collections.azure_containers.aci.docsite.guide_checks:

What is checked before it is sent
=================================

The service decides what it accepts. The modules that write container groups and profiles refuse a definition
themselves only where it contradicts itself, or where the real service is on record as refusing it: these are the rules.
A limit that is only documented is a doubt. The ``validation`` option decides what happens to doubts:

* ``warn``, the default, sends the definition with a warning, returns ``doubts``, and names them as the likely reason
  when the service refuses.
* ``strict`` fails before anything is sent, with the error code ``Doubtful``.
* ``off`` says nothing about them.

Rules and doubts apply to what a task gives or changes, never to what the live group already has. With ``warn``, a
doubt fails the task in two cases, because the old containers would be gone before the service answers: before a group
is recreated, and, for the doubts marked *late*, before a running group is updated.
"""


def page() -> str:
    """The whole guide."""
    return "\n".join([HEAD, *_section("Rules", RULES), *_section("Doubts", (*DOUBTS, *SUBNET_DOUBTS))])


def _section(title: str, checks: Iterable[Check]) -> list[str]:
    lines = [title, "-" * len(title), ""]
    for check in checks:
        late = " (*late*)" if check.late else ""
        lines += [f"``{check.name}``{late}", f"  {check.says}", "", f"  *Evidence:* {check.evidence}", ""]
    return lines


if __name__ == "__main__":
    GUIDE.write_text(page(), encoding="utf-8")
