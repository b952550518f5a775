# Copyright (c) 2026, the azure_containers.aci contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the page on compose keys from the table that the conversion works by.

PYTHONPATH=.venv/src .venv/bin/python scripts/compose_keys_page.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ansible_collections.azure_containers.aci.plugins.module_utils._group.compose.keys import KEYS, Fate, Key

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/docsite/rst/guide_compose_keys.rst"

HEAD = """\
..
  Copyright (c) 2026, the azure_containers.aci contributors
  GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

.. _ansible_collections.azure_containers.aci.docsite.guide_compose_keys:

Keys of compose files
=====================

.. This page is made by scripts/compose_keys_page.py.

How :ansplugin:`azure_containers.aci.aci_compose#module` handles each key of the Compose Specification.

* *Read*: the key controls how the files are read, or which services are active.
* *Mapped*: the key becomes a property of the container group.
* *Noted*: the key has no effect, which the result lists in ``notes``.
* *Refused*: the containers would differ from what the file describes. The task fails with the reason, before it sends
  anything.

``*`` stands for a name of your own. A key that ends with ``.…`` includes all keys below it. A noted or refused key with
a value that has no effect anyway (``privileged: false``, ``replicas: 1``) is ignored silently. Keys that begin with
``x-`` are yours. The task refuses any other key, and suggests the most similar one.
"""
SECTIONS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    (
        "At the top",
        lambda path: "." not in path or (path.startswith(("include.", "services.*")) and path.count(".") == 1),
    ),
    ("Services", lambda path: path.startswith("services.*.") and not path.startswith("services.*.deploy.")),
    ("deploy", lambda path: path.startswith("services.*.deploy.")),
    ("Volumes, secrets and configs", lambda path: path.startswith(("volumes.", "secrets.", "configs."))),
)
WORDS = {Fate.READ: "read", Fate.MAPPED: "mapped", Fate.NOTED: "noted", Fate.REFUSED: "refused"}


def rows(keys: list[Key]) -> Iterator[str]:
    """A table of keys, line by line."""
    yield from (
        ".. list-table::",
        "   :header-rows: 1",
        "   :widths: 35 10 55",
        "",
        "   * - Key",
        "     - Outcome",
        "     - Details",
    )
    for key in keys:
        yield f"   * - ``{key.path}{'.…' if key.whole else ''}``"
        yield f"     - {WORDS[key.fate]}"
        yield f"     - {escaped(key.words)}"


def escaped(words: str) -> str:
    """Words as reStructuredText, in which an asterisk or a bar begins something."""
    return words.replace("\\", "\\\\").replace("*", "\\*").replace("|", "\\|").replace("_ ", "\\_ ")


def page() -> str:
    """The page as it has to be."""
    parts = [HEAD]
    for title, belongs in SECTIONS:
        keys = [key for key in KEYS if belongs(key.path)]
        parts += [f"\n{title}\n{'-' * len(title)}\n\n", "\n".join(line.rstrip() for line in rows(keys)), "\n"]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
